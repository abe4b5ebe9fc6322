//! Documents that relate to others, in both vocabularies: refusals, and a walk through what is shown in which version.

use cairn_testkit::app::{Answer, TestApp, each_engine};
use serde_json::{Value, json};

use crate::databases::Words;
use crate::scenarios;

/// Relate `c` to a second collection, `d`, whose documents have a title: the members of the relationship beside its keys.
async fn relate(app: &TestApp, words: &Words<'_>, more: Value) -> Answer {
    let text = json!([{ "key": "title", "type": "string", "size": 20 }]);
    words.make(text.clone(), json!([])).await;
    let second = json!({ "collectionId": "d", "name": "Second", "attributes": text });
    words.post(&words.collections(), second).await.expect(201);
    let mut body = json!({ "key": "other", "twoWayKey": "back" });
    let related = if words.are_tables() { "relatedTableId" } else { "relatedCollectionId" };
    body[related] = "d".into();
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let made = words.post(&words.at("attributes/relationship"), body).await;
    app.settle().await;
    made
}

fn in_second(path: &str) -> String {
    path.replace("/c/", "/d/")
}

scenarios! {
    /// What stands for a related document is neither a document nor an id.
    relationship_values proves ["appwrite-types-1.9.csv,relationship_value_invalid"] (app) {
        for words in &Words::all(&app.project().await.server())[1..] {
            let made = relate(&app, words, json!({ "type": "manyToOne", "twoWay": true })).await;
            made.expect(202);
            for other in [json!(1), json!(["x"]), json!("no good"), json!({ "$id": 5 }), json!({ "$id": "-" })] {
                let refused = words.document("one", json!({ "title": "a", "other": other })).await;
                refused.expect_fault(400, "relationship_value_invalid");
            }
            words.document("one", json!({ "title": "a", "other": "nobody" })).await.expect(201);
            let one = words.client.get(&words.at("documents/one")).await.expect(200);
            assert_eq!(one.json["other"], Value::Null);
        }
    }

    /// A rule keeps a document from going while others are related.
    deletion_is_restricted proves [
        "appwrite-types-1.9.csv,document_delete_restricted",
        "appwrite-types-1.9.csv,row_delete_restricted",
    ] (app) {
        for words in &Words::all(&app.project().await.server())[1..] {
            relate(&app, words, json!({ "type": "oneToMany" })).await.expect(202);
            let data = json!({ "title": "a", "other": [{ "$id": "two", "title": "b" }] });
            words.document("one", data).await.expect(201);
            let refused = words.client.delete(&words.at("documents/one")).await;
            let fault = if words.are_tables() { "row_delete_restricted" } else { "document_delete_restricted" };
            refused.expect_fault(403, fault);
            let two = in_second(&words.at("documents/two"));
            words.client.get(&two).await.expect(200);
            words.client.delete(&two).await.expect(204);
            words.client.delete(&words.at("documents/one")).await.expect(204);
        }
    }

    /// The attribute tells what it relates to, from each side, and follows a change on the other one.
    relationship_attributes proves [] (app) {
        for words in Words::all(&app.project().await.server()) {
            let made = relate(&app, &words, json!({ "type": "oneToMany", "twoWay": true, "onDelete": "cascade" })).await;
            let made = made.expect(202);
            let related = if words.are_tables() { "relatedTable" } else { "relatedCollection" };
            let members = ["key", "type", "status", "required", "array", related, "relationType", "twoWay", "twoWayKey", "onDelete", "side"];
            let shown: Vec<Value> = members.iter().map(|name| made.json[*name].clone()).collect();
            assert_eq!(
                json!(shown),
                json!(["other", "relationship", "processing", false, false, "d", "oneToMany", true, "back", "cascade", "parent"])
            );
            let back = in_second(&words.at("attributes/back"));
            let child = words.client.get(&back).await.expect(200);
            assert_eq!((&child.json[related], &child.json["side"], &child.json["status"]), (&json!("c"), &json!("child"), &json!("available")));
            for (path, body) in [
                ("attributes/relationship/back", json!({ "onDelete": "setNull" })),
                ("attributes/back/relationship", json!({ "newKey": "parent" })),
            ] {
                words.client.patch(&in_second(&words.at(path)), body).await.expect(200);
            }
            let other = words.client.get(&words.at("attributes/other")).await.expect(200);
            assert_eq!((&other.json["onDelete"], &other.json["twoWayKey"]), (&json!("setNull"), &json!("parent")));
            let again = words.post(&words.at("attributes/relationship"), json!({ "key": "OTHER", "twoWayKey": "x", "type": "oneToOne",
                if words.are_tables() { "relatedTableId" } else { "relatedCollectionId" }: "d" })).await;
            assert_eq!(again.status, 409);
            words.client.delete(&words.at("attributes/other")).await.expect(204);
            app.settle().await;
            assert_eq!(words.client.get(&in_second(&words.at("attributes/parent"))).await.status, 404);
        }
    }

    /// Related documents come when they are selected; before 1.8.0 they always came.
    related_documents_in_wire_versions proves [] (app) {
        let server = app.project().await.server();
        let words = Words::all(&server)[1].clone();
        relate(&app, &words, json!({ "type": "manyToOne", "twoWay": true })).await.expect(202);
        let data = json!({ "title": "a", "other": { "$id": "two", "title": "b" } });
        words.document("one", data).await.expect(201);
        for version in ["1.8.0", "1.9.5", "2.0.0"] {
            let client = server.with("x-appwrite-response-format", version);
            let one = client.get(&words.at("documents/one")).await.expect(200);
            assert_eq!(one.json["other"], "two", "{version}");
            let query = json!({ "method": "select", "values": ["*", "other.title"] }).to_string();
            let request = client.request().get(&words.at("documents")).query(&[("queries[]", &query)]);
            let listed = request.send().await.expect(200);
            let other = &listed.json["documents"][0]["other"];
            assert_eq!((&other["$id"], &other["title"], &other["$collectionId"]), (&json!("two"), &json!("b"), &json!("d")), "{version}");
            assert_eq!(other["$sequence"].is_string(), version != "1.8.0", "{version}");
            assert_eq!(other.get("back"), None, "{version}");
        }
        let old = server.with("x-appwrite-response-format", "1.7.0");
        assert_eq!(old.get(&words.at("documents/one")).await.expect(200).json["other"]["title"], "b");
        let two = old.get(&in_second(&words.at("documents"))).await.expect(200);
        assert_eq!(two.json["documents"][0]["back"][0]["$id"], "one");
    }
}

/// Relationships come with a new collection, in the form in which they are shown, and lead somewhere at once.
#[test]
fn relationships_of_a_new_collection() {
    each_engine(async |app| {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([{ "key": "name", "type": "string", "size": 20 }]), json!([])).await;
            let (related, id) =
                (words.pick("relatedCollection", "relatedTable"), words.pick("collectionId", "tableId"));
            let attributes = words.pick("attributes", "columns");
            let all: Vec<Value> = ["oneToOne", "oneToMany", "manyToOne", "manyToMany"]
                .into_iter()
                .map(|kind| {
                    json!({
                        "key": kind, "type": "relationship", related: "c", "relationType": kind, "twoWay": true,
                        "twoWayKey": format!("back_{kind}"), "onDelete": "setNull",
                    })
                })
                .chain([json!({ "key": "title", "type": "string", "size": 20 })])
                .chain([json!({ "key": "next", "type": "relationship", related: "books", "relationType": "oneToOne" })])
                .collect();
            let new = json!({ id: "books", "name": "Books", attributes: all });
            let made = words.client.post(&words.collections(), new).await.expect(201);
            let shown = made.json[attributes].as_array().expect("attributes");
            assert!(shown.iter().all(|attribute| attribute["status"] == "available"), "{}", made.text());
            assert_eq!(shown.len(), 6);
            assert_eq!(
                (&shown[0]["key"], &shown[1]["relationType"], &shown[1]["side"]),
                (&json!("title"), &json!("oneToOne"), &json!("parent"))
            );
            let back = words.client.get(&words.at("attributes/back_oneToMany")).await.expect(200);
            assert_eq!(
                (&back.json[related], &back.json["side"], &back.json["status"]),
                (&json!("books"), &json!("child"), &json!("available"))
            );

            let documents = format!("{}/books/{}", words.collections(), words.pick("documents", "rows"));
            let document = json!({
                words.pick("documentId", "rowId"): "one",
                "data": { "title": "x", "manyToOne": { "$id": "ada", "name": "Ada" }, "manyToMany": [{ "name": "Bob" }], "next": { "title": "y" } },
            });
            let made = words.client.post(&documents, document).await.expect(201);
            assert_eq!(
                (&made.json["manyToOne"]["$id"], &made.json["next"]["title"]),
                (&json!("ada"), &json!("y"))
            );

            // A schema can be given back as it was read.
            let read = words.client.get(&format!("{}/books", words.collections())).await.expect(200);
            let again: Vec<Value> = read.json[attributes]
                .as_array()
                .into_iter()
                .flatten()
                .cloned()
                .map(|mut attribute| {
                    attribute["twoWay"] = json!(false);
                    attribute
                })
                .collect();
            let copy = words
                .client
                .post(&words.collections(), json!({ id: "copy", "name": "Copy", attributes: again }))
                .await
                .expect(201);
            assert_eq!(copy.json[attributes].as_array().map(Vec::len), Some(6));
        }
    });
}

/// A collection whose relationships cannot be made is not made.
#[test]
fn relationships_that_a_new_collection_cannot_have() {
    each_engine(async |app| {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([{ "key": "name", "type": "string", "size": 20 }]), json!([])).await;
            let (related, id) =
                (words.pick("relatedCollection", "relatedTable"), words.pick("collectionId", "tableId"));
            let attributes = words.pick("attributes", "columns");
            let missing =
                json!([{ "key": "to", "type": "relationship", related: "none", "relationType": "oneToOne" }]);
            let refused = words
                .client
                .post(&words.collections(), json!({ id: "bad", "name": "Bad", attributes: missing }))
                .await;
            refused.expect_fault(404, words.pick("collection_not_found", "table_not_found"));
            let wrong =
                json!([{ "key": "to", "type": "relationship", related: "c", "relationType": "some" }]);
            let refused = words
                .client
                .post(&words.collections(), json!({ id: "bad", "name": "Bad", attributes: wrong }))
                .await;
            refused.expect_fault(400, "general_argument_invalid");
            words.client.get(&format!("{}/bad", words.collections())).await.expect(404);
        }
    });
}
