//! What a project is told of itself: how much it is used, what was done in it, how its databases are.

use cairn_testkit::app::{Answer, Client, each_engine};
use serde_json::{Value, json};

use crate::databases::Words;
use crate::scenarios;

scenarios! {
    /// A database has no machine of its own, and so no replicas of one.
    general_feature_unsupported proves ["appwrite-types-1.9.csv,general_feature_unsupported"] (app) {
        let server = app.project().await.server().with("x-appwrite-response-format", "1.9.5");
        let refused = |answer: Answer| answer.expect_fault(400, "general_feature_unsupported");
        for (specification, replicas) in [("s-2vcpu-2gb", 0), ("serverless", 1)] {
            let new = json!({ "databaseId": "own", "name": "x", "specification": specification, "replicas": replicas });
            refused(server.post("/v1/tablesdb", new).await);
        }
        let shared = json!({ "databaseId": "main", "name": "x", "specification": "serverless", "replicas": 0 });
        server.post("/v1/tablesdb", shared).await.expect(201);
        refused(server.get("/v1/tablesdb/main/replicas").await);
        refused(server.post("/v1/tablesdb/main/failovers", json!({ "targetReplicaId": "r" })).await);
        for path in ["replicas", "status"] {
            let path = format!("/v1/tablesdb/none/{path}");
            server.get(&path).await.expect_fault(404, "database_not_found");
        }
        server.post("/v1/tablesdb/none/failovers", json!({})).await.expect_fault(404, "database_not_found");
    }
}

/// The state of the engine is what it says itself; of machines there are none.
#[test]
fn a_database_tells_its_state() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();
        server.post("/v1/tablesdb", json!({ "databaseId": "main", "name": "x" })).await.expect(201);
        app.clock.advance_ms(5_000);
        let status = server.get("/v1/tablesdb/main/status").await.expect(200);
        let engine = status.text_of("engine").to_owned();
        assert!(["sqlite", "postgresql"].contains(&engine.as_str()), "{engine}");
        assert!(status.text_of("version").starts_with(|first: char| first.is_ascii_digit()));
        assert!(status.json["connections"]["max"].as_i64() >= status.json["connections"]["current"].as_i64());
        if engine == "sqlite" {
            assert_eq!(status.json["uptime"], 5);
        }
        let offered = server.get("/v1/tablesdb/specifications").await.expect(200);
        assert_eq!((&offered.json["total"], &offered.json["specifications"]), (&json!(0), &json!([])));
        for path in ["/v1/tablesdb/main/status", "/v1/tablesdb/specifications"] {
            project.guest().get(path).await.expect_fault(401, "general_unauthorized_scope");
        }
    });
}

/// Figures are told in both vocabularies, to keys and admins alone, of whatever was done before the question.
#[test]
fn databases_tell_how_much_they_are_used() {
    each_engine(async |app| {
        let project = app.project().await;
        let (server, ada) = (project.server(), project.user("ada").await.client);
        let [_, documents, tables] = Words::all(&server);
        documents.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
        for id in ["one", "two"] {
            documents.document(id, json!({ "title": "x" })).await.expect(201);
        }
        server.get(&documents.at("documents/one")).await.expect(200);
        let console = project.console();
        let all = console.get("/v1/databases/usage?range=24h").await.expect(200);
        assert_eq!(all.text_of("range"), "24h");
        for (name, count) in [
            ("databases", 1),
            ("collections", 1),
            ("tables", 1),
            ("documents", 2),
            ("rows", 2),
            ("databasesReads", 1),
            ("databasesWrites", 2),
        ] {
            figure(&all, name, count, 24);
        }
        assert_eq!(console.get("/v1/tablesdb/usage?range=24h").await.expect(200).json, all.json);
        let of_one = server.get("/v1/databases/new/usage").await.expect(200);
        for (name, count) in [("rows", 2), ("tables", 1), ("databaseReads", 1), ("databaseWrites", 2)] {
            figure(&of_one, name, count, 30);
        }
        assert_eq!(server.get("/v1/tablesdb/new/usage?range=30d").await.expect(200).json, of_one.json);
        let collection = server.get("/v1/databases/new/collections/c/usage?range=90d").await.expect(200);
        figure(&collection, "documents", 2, 90);
        figure(&server.get("/v1/tablesdb/new/tables/c/usage").await.expect(200), "rows", 2, 30);
        for (path, missing) in [
            ("/v1/databases/none/usage", "database_not_found"),
            ("/v1/databases/new/collections/none/usage", "collection_not_found"),
            ("/v1/tablesdb/new/tables/none/usage", "table_not_found"),
        ] {
            tables.client.get(path).await.expect_fault(404, missing);
        }
        server.get("/v1/databases/usage?range=1y").await.expect_fault(400, "general_argument_invalid");
        for path in ["/v1/databases/usage", "/v1/tablesdb/new/usage", "/v1/databases/new/collections/c/usage"]
        {
            for other in [&ada, &project.guest()] {
                other.get(path).await.expect_fault(401, "general_unauthorized_scope");
            }
        }
    });
}

/// The total and the newest point of a figure that began today.
fn figure(answer: &Answer, name: &str, count: i64, steps: usize) {
    let points = answer.json[name].as_array().unwrap_or_else(|| panic!("{name}: {}", answer.text()));
    let newest = points.last().map(|point| point["value"].clone());
    let told = (&answer.json[format!("{name}Total")], points.len(), newest);
    assert_eq!(told, (&json!(count), steps, Some(json!(count))), "{name}");
}

/// A project's figures hold its requests and their bytes, and what its databases and users come to.
#[test]
fn a_project_tells_how_much_it_is_used() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();
        let [_, documents, _] = Words::all(&server);
        documents.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
        documents.document("one", json!({ "title": "four" })).await.expect(201);
        project.user("ada").await;
        let now = app.cx("shop").await.now();
        let path = |period: &str| {
            let (from, until) = (now.plus_seconds(-86_400).to_wire(), now.to_wire());
            let [from, until] = [from, until].map(|at| at.replace('+', "%2B"));
            format!("/v1/project/usage?startDate={from}&endDate={until}&period={period}")
        };
        let usage = project.console().get(&path("1h")).await.expect(200);
        let sum = |name: &str| -> i64 {
            let points = usage.json[name].as_array().expect("points");
            points.iter().filter_map(|point| point["value"].as_i64()).sum()
        };
        assert_eq!((sum("users"), sum("databasesWrites"), sum("databasesReads")), (1, 1, 0));
        // A database, a collection, a document, a user, a session: each of them a request.
        assert!(sum("requests") >= 5, "{}", sum("requests"));
        assert!(sum("network") > 500, "{}", sum("network"));
        assert_eq!(usage.json["networkTotal"], sum("network"));
        assert_eq!((&usage.json["documentsTotal"], &usage.json["rowsTotal"]), (&json!(1), &json!(1)));
        let part = &usage.json["databasesStorageBreakdown"][0];
        assert_eq!(
            (&part["resourceId"], &part["value"]),
            (&json!("new"), &usage.json["databasesStorageTotal"])
        );
        assert_eq!(usage.json["executionsTotal"], 0);
        let days = server.get(&path("1d")).await.expect(200);
        assert_eq!(days.json["requests"].as_array().map(Vec::len), Some(2));
        for (from, until) in [("2026-01-02", "2026-01-01"), ("1990-01-01", "2026-01-01")] {
            let path = format!("/v1/project/usage?startDate={from}&endDate={until}");
            server.get(&path).await.expect_fault(400, "general_argument_invalid");
        }
        project.guest().get(&path("1d")).await.expect_fault(401, "general_unauthorized_scope");
    });
}

async fn events(client: &Client<'_>, path: &str) -> Vec<String> {
    let logs = client.get(path).await.expect(200);
    let all = logs.json["logs"].as_array().expect("entries");
    assert_eq!(logs.json["total"], all.len());
    all.iter().map(|log| log["event"].as_str().unwrap_or_default().to_owned()).collect()
}

/// What happened to a database, a collection and a document, in the words of whoever reads it.
#[test]
fn databases_tell_what_was_done_with_them() {
    each_engine(async |app| {
        let project = app.project().await;
        let (server, ada) = (project.server(), project.user("ada").await.client);
        let [_, documents, tables] = Words::all(&server);
        let [documents, tables] = [documents, tables].map(|words| Words { database: "new", ..words });
        documents.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
        documents.document("one", json!({ "title": "x" })).await.expect(201);
        server.patch(&tables.at("documents/one"), json!({ "data": { "title": "y" } })).await.expect(200);
        server.put(&documents.at("documents/one"), json!({ "data": { "title": "z" } })).await.expect(200);
        documents.document("one", json!({ "title": "x" })).await.expect(409);
        let column = json!({ "key": "pages", "required": false });
        server.post(&tables.at("attributes/integer"), column).await.expect(202);
        app.settle().await;
        server.delete(&documents.at("attributes/pages")).await.expect(204);
        server.put("/v1/databases/new", json!({ "name": "Renamed" })).await.expect(200);

        assert_eq!(events(&server, "/v1/databases/new/logs").await, ["database.update", "database.create"]);
        let of_collection = events(&server, "/v1/databases/new/collections/c/logs").await;
        let expected = ["attribute.delete", "attribute.create", "document.create", "collection.create"];
        assert_eq!(of_collection, expected);
        let of_table = events(&server, "/v1/tablesdb/new/tables/c/logs").await;
        assert_eq!(of_table, ["column.delete", "column.create", "row.create", "table.create"]);
        let path = "/v1/databases/new/collections/c/documents/one/logs";
        assert_eq!(events(&project.console(), path).await, ["document.upsert", "document.update"]);
        let path = "/v1/tablesdb/new/tables/c/rows/one/logs";
        assert_eq!(events(&server, path).await, ["row.upsert", "row.update"]);
        let paged = server.list(path, &[r#"{"method":"limit","values":[1]}"#]).await.expect(200);
        assert_eq!(paged.json["logs"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            (&paged.json["logs"][0]["userType"], &paged.json["total"]),
            (&json!("keyProject"), &json!(2))
        );
        let refused = server.list(path, &[r#"{"method":"orderAsc","attribute":"$id"}"#]).await;
        refused.expect_fault(400, "general_argument_invalid");
        ada.get(path).await.expect_fault(401, "user_unauthorized");
        for (path, missing) in [
            ("/v1/databases/none/logs", "database_not_found"),
            ("/v1/tablesdb/new/tables/none/logs", "table_not_found"),
            ("/v1/tablesdb/new/tables/c/rows/none/logs", "row_not_found"),
        ] {
            tables.client.get(path).await.expect_fault(404, missing);
        }
        let own: Value = ada.get("/v1/account/logs").await.expect(200).json;
        assert!(own["logs"].as_array().is_some());
    });
}

/// What is staged did not happen; the commit tells what did.
#[test]
fn commits_tell_what_was_done() {
    each_engine(async |app| {
        let server = app.project().await.server();
        let [_, documents, tables] = Words::all(&server);
        let tables = Words { database: "new", ..tables };
        documents.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
        documents.document("one", json!({ "title": "x" })).await.expect(201);
        let path = "/v1/databases/new/collections/c/documents/one/logs";
        for (end, expected) in [("rollback", 0), ("commit", 1)] {
            let begun = server.post("/v1/databases/transactions", json!({})).await.expect(201);
            let id = begun.text_of("$id");
            let change = json!({ "data": { "title": "y" }, "transactionId": id });
            server.patch(&tables.at("documents/one"), change).await.expect(200);
            let gone = json!({ "action": "bulkDelete", "databaseId": "new", "collectionId": "c", "data": { "queries": [] } });
            let operations = json!({ "operations": [gone] });
            if end == "rollback" {
                server
                    .post(&format!("/v1/databases/transactions/{id}/operations"), operations)
                    .await
                    .expect(201);
            }
            assert_eq!(events(&server, path).await.len(), 0, "what is staged");
            server.patch(&format!("/v1/databases/transactions/{id}"), json!({ end: true })).await.expect(200);
            assert_eq!(events(&server, path).await, vec!["document.update"; expected], "{end}");
        }
        assert_eq!(
            events(&server, "/v1/databases/new/collections/c/logs").await,
            ["document.create", "collection.create"]
        );
    });
}
