//! What the console is told that documents can do, beside documents that do it.

use serde_json::json;

/// The console is told what documents can do, and they can.
#[test]
fn what_documents_can_do() {
    cairn_testkit::app::each_engine(async |app| {
        let project = app.project().await;
        let told = project.admin.console.get("/v1/console/variables").await.expect(200).json;
        let server = project.server().with("x-appwrite-response-format", "2.0.0");
        server.post("/v1/tablesdb", json!({ "databaseId": "d", "name": "D" })).await.expect(201);
        let texts = ["title", "body"].map(|key| json!({ "key": key, "type": "string", "size": 700 }));
        let indexes =
            ["title", "body"].map(|key| json!({ "key": key, "type": "fulltext", "attributes": [key] }));
        for table in ["t", "u"] {
            let new = json!({ "tableId": table, "name": "T", "columns": texts, "indexes": indexes });
            server.post("/v1/tablesdb/d/tables", new).await.expect(201);
        }
        assert_eq!(told["supportForMultipleFulltextIndexes"], true);
        let table = "/v1/tablesdb/d/tables/t";
        let relation = json!({ "relatedTableId": "u", "type": "oneToOne", "key": "other" });
        server.post(&format!("{table}/columns/relationship"), relation).await.expect(202);
        assert_eq!(told["supportForRelationships"], true);
        server
            .post(&format!("{table}/columns/point"), json!({ "key": "at", "required": false }))
            .await
            .expect(202);
        app.settle().await;
        let index = |key: &str, kind: &str| json!({ "key": key, "type": kind, "columns": [key] });
        server.post(&format!("{table}/indexes"), index("at", "spatial")).await.expect(202);
        assert_eq!(
            (&told["supportForSpatials"], &told["supportForSpatialIndexNull"]),
            (&json!(true), &json!(true))
        );
        let size = json!({ "required": false, "default": null, "size": 768 });
        server.patch(&format!("{table}/columns/string/title"), size).await.expect(200);
        assert_eq!(told["supportForAttributeResizing"], true);
        app.settle().await;
        server
            .post(&format!("{table}/indexes"), json!({ "key": "k", "type": "key", "columns": ["title"] }))
            .await
            .expect(202);
        let longer = json!({ "key": "l", "type": "key", "columns": ["title", "body"] });
        server.post(&format!("{table}/indexes"), longer).await.expect_fault(400, "column_index_invalid");
        assert_eq!(told["maxIndexLength"], 768);
        let row = json!({ "rowId": "one", "data": { "title": "Persuasion" } });
        server.post(&format!("{table}/rows"), row).await.expect(201);
        let query = r#"{"method":"search","attribute":"title","values":["persua*"]}"#;
        assert_eq!(server.list(&format!("{table}/rows"), &[query]).await.expect(200).json["total"], 1);
        assert_eq!(told["supportForFulltextWildcard"], true);
        let appended = r#"{"method":"stringConcat","attribute":"title","values":["!"]}"#;
        let changed = server
            .patch(&format!("{table}/rows/one"), json!({ "data": { "title": appended } }))
            .await
            .expect(200);
        assert_eq!(
            (&changed.json["title"], &told["supportForOperators"]),
            (&json!("Persuasion!"), &json!(true))
        );
    });
}
