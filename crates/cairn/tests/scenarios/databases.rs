//! Databases, collections and documents: every refusal in both vocabularies and both contracts, and a walk through all.

use cairn_core::schemas::Place;
use cairn_model::schema::{Attribute, Status};
use cairn_store::Tx;
use cairn_testkit::app::{Answer, Client, TestApp};
use serde_json::{Value, json};

use crate::scenarios;

/// One way of speaking of the same things.
#[derive(Clone)]
pub(crate) struct Words<'a> {
    pub(crate) client: Client<'a>,
    /// Names the database, so that several can be made in one project.
    pub(crate) database: &'static str,
    /// Whether tables are meant.
    pub(crate) are_tables: bool,
    /// Whether the 1.9 contract is asked for.
    pub(crate) is_new: bool,
}

impl<'a> Words<'a> {
    /// The old contract, the new one, and the new one in the words of tables.
    pub(crate) fn all(client: &Client<'a>) -> [Self; 3] {
        let new = client.with("x-appwrite-response-format", "1.9.0");
        [
            ("old", client.clone(), false, false),
            ("new", new.clone(), false, true),
            ("tables", new, true, true),
        ]
        .map(|(database, client, are_tables, is_new)| Self { client, database, are_tables, is_new })
    }

    pub(crate) fn pick<'t>(&self, documents: &'t str, tables: &'t str) -> &'t str {
        if self.are_tables { tables } else { documents }
    }

    pub(crate) fn databases(&self) -> &'static str {
        if self.are_tables { "/v1/tablesdb" } else { "/v1/databases" }
    }

    /// Whether tables are meant.
    pub(crate) fn are_tables(&self) -> bool {
        self.are_tables
    }

    pub(crate) fn collections(&self) -> String {
        format!("{}/{}/{}", self.databases(), self.database, self.pick("collections", "tables"))
    }

    /// A path below the collection `c`; `rest` begins with `attributes`, `documents` or `indexes`.
    pub(crate) fn at(&self, rest: &str) -> String {
        let rest = if self.are_tables {
            rest.replacen("attributes", "columns", 1).replacen("documents", "rows", 1)
        } else {
            rest.to_owned()
        };
        format!("{}/c/{rest}", self.collections())
    }

    /// A body with the names of parameters in these words.
    fn body(&self, mut body: Value) -> Value {
        const NAMES: [(&str, &str); 5] = [
            ("collectionId", "tableId"),
            ("documentId", "rowId"),
            ("documentSecurity", "rowSecurity"),
            ("attributes", "columns"),
            ("attribute", "column"),
        ];
        if let (true, Some(members)) = (self.are_tables, body.as_object_mut()) {
            for (document, table) in NAMES {
                if let Some(value) = members.remove(document) {
                    members.insert(table.to_owned(), value);
                }
            }
        }
        body
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.client.post(path, self.body(body)).await
    }

    /// A database with the collection `c`, which has these attributes and indexes.
    pub(crate) async fn make(&self, attributes: Value, indexes: Value) -> &Self {
        let database = json!({ "databaseId": self.database, "name": "A database" });
        self.post(self.databases(), database).await.expect(201);
        let collection = json!({
            "collectionId": "c", "name": "A collection", "attributes": attributes, "indexes": indexes,
        });
        self.post(&self.collections(), collection).await.expect(201);
        self
    }

    pub(crate) async fn document(&self, id: &str, data: Value) -> Answer {
        self.post(&self.at("documents"), json!({ "documentId": id, "data": data })).await
    }
}

/// Set the status of an attribute, as if its background work stood still.
pub(crate) async fn set_status(app: &TestApp, words: &Words<'_>, key: &'static str, status: Status) {
    let cx = app.cx("shop").await;
    let place = Place { database: words.database.into(), collection: "c".into() };
    let write = move |tx: Tx| async move {
        let database = tx.database_by_id(&place.database).await?.expect("the database");
        let collection = tx.collection_by_id(&database, &place.collection).await?.expect("the collection");
        let (_, attribute) = collection.attribute(key).expect("the attribute");
        tx.attribute_update(&collection, &Attribute { status, ..attribute.clone() }).await
    };
    let done: Result<(), cairn_store::StoreError> = cx.store().write(cx.project_ref(), write).await;
    done.expect("the attribute is there");
}

fn title() -> Value {
    json!([{ "key": "title", "type": "string", "size": 20 }])
}

scenarios! {
    /// The id is nobody's, or somebody's already.
    databases_by_id proves [
        "appwrite-types-1.9.csv,database_not_found",
        "appwrite-types-1.9.csv,database_already_exists",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            let path = words.databases();
            words.client.get(&format!("{path}/none")).await.expect_fault(404, "database_not_found");
            let new = json!({ "databaseId": words.database, "name": "x" });
            words.post(path, new.clone()).await.expect(201);
            if words.is_new {
                words.post(path, new).await.expect_fault(409, "database_already_exists");
            }
        }
    }

    /// The id is nobody's, or somebody's already.
    collections_by_id proves [
        "appwrite-types.csv,collection_not_found",
        "appwrite-types.csv,collection_already_exists",
        "appwrite-types-1.9.csv,collection_not_found",
        "appwrite-types-1.9.csv,collection_already_exists",
        "appwrite-types-1.9.csv,table_not_found",
        "appwrite-types-1.9.csv,table_already_exists",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([]), json!([])).await;
            let path = words.collections();
            let missing = words.client.get(&format!("{path}/none")).await;
            missing.expect_fault(404, words.pick("collection_not_found", "table_not_found"));
            let again = words.post(&path, json!({ "collectionId": "c", "name": "x" })).await;
            again.expect_fault(409, words.pick("collection_already_exists", "table_already_exists"));
        }
    }

    /// The id is nobody's, somebody's already, or somebody's whom the caller may not see.
    documents_by_id proves [
        "appwrite-types.csv,document_not_found",
        "appwrite-types.csv,document_already_exists",
        "appwrite-types-1.9.csv,document_not_found",
        "appwrite-types-1.9.csv,document_already_exists",
        "appwrite-types-1.9.csv,row_not_found",
        "appwrite-types-1.9.csv,row_already_exists",
    ] (app) {
        let project = app.project().await;
        let guest = project.guest();
        for (words, hidden) in Words::all(&project.server()).iter().zip(Words::all(&guest)) {
            words.make(title(), json!([])).await;
            words.document("one", json!({ "title": "a" })).await.expect(201);
            let (missing, taken) =
                (words.pick("document_not_found", "row_not_found"), words.pick("document_already_exists", "row_already_exists"));
            words.client.get(&words.at("documents/none")).await.expect_fault(404, missing);
            hidden.client.get(&words.at("documents/one")).await.expect_fault(404, missing);
            words.document("one", json!({ "title": "b" })).await.expect_fault(409, taken);
            words.client.delete(&words.at("documents/one")).await.expect(204);
            words.client.delete(&words.at("documents/one")).await.expect_fault(404, missing);
        }
    }

    /// What is sent does not fit the collection, or is nothing.
    documents_that_do_not_fit proves [
        "appwrite-types.csv,document_invalid_structure",
        "appwrite-types.csv,document_missing_payload",
        "appwrite-types-1.9.csv,document_invalid_structure",
        "appwrite-types-1.9.csv,document_missing_payload",
        "appwrite-types-1.9.csv,document_missing_data",
        "appwrite-types-1.9.csv,row_invalid_structure",
        "appwrite-types-1.9.csv,row_missing_payload",
        "appwrite-types-1.9.csv,row_missing_data",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(title(), json!([])).await;
            let invalid = words.pick("document_invalid_structure", "row_invalid_structure");
            for data in [json!({ "none": 1 }), json!({ "title": 1 }), json!({ "title": "x".repeat(21) }), json!({ "title": { "a": [] } })] {
                words.document("unique()", data).await.expect_fault(400, invalid);
            }
            if words.is_new {
                let empty = words.pick("document_missing_data", "row_missing_data");
                words.document("unique()", json!({})).await.expect_fault(400, empty);
            }
            words.document("one", json!({ "title": "a" })).await.expect(201);
            let nothing = words.client.patch(&words.at("documents/one"), json!({})).await;
            nothing.expect_fault(400, words.pick("document_missing_payload", "row_missing_payload"));
        }
    }

    /// Another document has the value of a unique index; the document is newer than the caller's copy.
    documents_in_each_others_way proves [
        "appwrite-types-1.9.csv,document_unique_constraint_violation",
        "appwrite-types-1.9.csv,document_update_conflict",
        "appwrite-types-1.9.csv,row_unique_constraint_violation",
        "appwrite-types-1.9.csv,row_update_conflict",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            let unique = json!([{ "key": "titles", "type": "unique", "attributes": ["title"] }]);
            words.make(title(), unique).await;
            words.document("one", json!({ "title": "a" })).await.expect(201);
            let other = words.document("two", json!({ "title": "a" })).await.expect(409);
            let stale = words.client.with("x-appwrite-timestamp", "2000-01-01T00:00:00.000+00:00");
            let late = stale.patch(&words.at("documents/one"), json!({ "data": { "title": "b" } })).await.expect(409);
            if words.is_new {
                other.expect_fault(409, words.pick("document_unique_constraint_violation", "row_unique_constraint_violation"));
                late.expect_fault(409, words.pick("document_update_conflict", "row_update_conflict"));
            }
        }
    }

    /// Queries that do not fit, cursors that lead nowhere, too many values.
    lists_of_documents proves [
        "appwrite-types.csv,general_query_invalid",
        "appwrite-types.csv,general_cursor_not_found",
        "appwrite-types.csv,general_query_limit_exceeded",
        "appwrite-types-1.9.csv,general_query_invalid",
        "appwrite-types-1.9.csv,general_cursor_not_found",
        "appwrite-types-1.9.csv,general_attribute_query_limit_exceeded",
        "appwrite-types-1.9.csv,general_column_query_limit_exceeded",
        "appwrite-types-1.9.csv,database_query_order_null",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            let attributes = json!([
                { "key": "title", "type": "string", "size": 20 }, { "key": "n", "type": "integer" },
            ]);
            words.make(attributes, json!([])).await;
            words.document("one", json!({ "title": "a" })).await.expect(201);
            let list = async |queries: &[&str]| words.client.list(&words.at("documents"), queries).await;
            list(&[r#"{"method":"equal","attribute":"none","values":[1]}"#]).await.expect_fault(400, "general_query_invalid");
            list(&["nonsense"]).await.expect_fault(400, "general_query_invalid");
            list(&[r#"{"method":"cursorAfter","values":["none"]}"#]).await.expect_fault(400, "general_cursor_not_found");
            let many = vec!["1"; if words.is_new { 501 } else { 101 }].join(",");
            let many = format!(r#"{{"method":"equal","attribute":"n","values":[{many}]}}"#);
            let refusal = match (words.is_new, words.are_tables) {
                (false, _) => "general_query_limit_exceeded",
                (true, false) => "general_attribute_query_limit_exceeded",
                (true, true) => "general_column_query_limit_exceeded",
            };
            list(&[&many]).await.expect_fault(400, refusal);
            let null = list(&[r#"{"method":"orderAsc","attribute":"n"}"#, r#"{"method":"cursorAfter","values":["one"]}"#]).await;
            if words.is_new {
                null.expect_fault(400, "database_query_order_null");
            }
        }
    }

    /// Attributes that are not there, are there already, or cannot be made so.
    attributes_refused proves [
        "appwrite-types.csv,attribute_not_found",
        "appwrite-types.csv,attribute_already_exists",
        "appwrite-types.csv,attribute_default_unsupported",
        "appwrite-types.csv,attribute_value_invalid",
        "appwrite-types.csv,attribute_limit_exceeded",
        "appwrite-types.csv,attribute_format_unsupported",
        "appwrite-types-1.9.csv,attribute_not_found",
        "appwrite-types-1.9.csv,attribute_already_exists",
        "appwrite-types-1.9.csv,attribute_default_unsupported",
        "appwrite-types-1.9.csv,attribute_value_invalid",
        "appwrite-types-1.9.csv,attribute_limit_exceeded",
        "appwrite-types-1.9.csv,attribute_format_unsupported",
        "appwrite-types-1.9.csv,attribute_type_invalid",
        "appwrite-types-1.9.csv,attribute_type_not_supported",
        "appwrite-types-1.9.csv,attribute_invalid_resize",
        "appwrite-types-1.9.csv,column_not_found",
        "appwrite-types-1.9.csv,column_already_exists",
        "appwrite-types-1.9.csv,column_default_unsupported",
        "appwrite-types-1.9.csv,column_value_invalid",
        "appwrite-types-1.9.csv,column_limit_exceeded",
        "appwrite-types-1.9.csv,column_format_unsupported",
        "appwrite-types-1.9.csv,column_type_invalid",
        "appwrite-types-1.9.csv,column_type_not_supported",
        "appwrite-types-1.9.csv,column_invalid_resize",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(title(), json!([])).await;
            let named = |what: &str| format!("{}_{what}", words.pick("attribute", "column"));
            words.client.get(&words.at("attributes/none")).await.expect_fault(404, &named("not_found"));
            let cases = [
                ("string", json!({ "key": "Title", "size": 1, "required": false }), 409, "already_exists"),
                ("boolean", json!({ "key": "b", "required": true, "default": true }), 400, "default_unsupported"),
                ("boolean", json!({ "key": "b", "required": false, "array": true, "default": true }), 400, "default_unsupported"),
                ("integer", json!({ "key": "i", "required": false, "min": 2, "max": 1 }), 400, "value_invalid"),
                ("enum", json!({ "key": "e", "required": false, "elements": ["a"], "default": "b" }), 400, "value_invalid"),
                ("string", json!({ "key": "s", "required": false, "size": 16381 }), 400, "limit_exceeded"),
            ];
            for (kind, body, status, what) in cases {
                let refused = words.post(&words.at(&format!("attributes/{kind}")), body).await;
                refused.expect_fault(status, &named(what));
            }
            let odd = json!({
                "collectionId": "odd", "name": "x", "attributes": [{ "key": "a", "type": "integer", "format": "email" }],
            });
            words.post(&words.collections(), odd).await.expect_fault(400, &named("format_unsupported"));
            if words.is_new {
                let vector = json!({
                    "collectionId": "odd", "name": "x", "attributes": [{ "key": "a", "type": "vector" }],
                });
                let refused = words.post(&words.collections(), vector).await;
                refused.expect_fault(400, &named("type_not_supported"));
                words.document("one", json!({ "title": "long enough" })).await.expect(201);
                let change = json!({ "required": false, "default": null, "size": 3 });
                let shorter = words.client.patch(&words.at("attributes/string/title"), change.clone()).await;
                shorter.expect_fault(400, &named("invalid_resize"));
                let other = words.client.patch(&words.at("attributes/boolean/title"), change).await;
                other.expect_fault(400, &named("type_invalid"));
            }
        }
    }

    /// Indexes that are not there, are there already, or cannot be made so.
    indexes_refused proves [
        "appwrite-types.csv,index_not_found",
        "appwrite-types.csv,index_already_exists",
        "appwrite-types.csv,index_limit_exceeded",
        "appwrite-types.csv,attribute_unknown",
        "appwrite-types.csv,attribute_not_available",
        "appwrite-types-1.9.csv,index_not_found",
        "appwrite-types-1.9.csv,index_already_exists",
        "appwrite-types-1.9.csv,index_limit_exceeded",
        "appwrite-types-1.9.csv,index_invalid",
        "appwrite-types-1.9.csv,attribute_unknown",
        "appwrite-types-1.9.csv,attribute_not_available",
        "appwrite-types-1.9.csv,column_index_not_found",
        "appwrite-types-1.9.csv,column_index_already_exists",
        "appwrite-types-1.9.csv,column_index_limit_exceeded",
        "appwrite-types-1.9.csv,column_index_invalid",
        "appwrite-types-1.9.csv,column_unknown",
        "appwrite-types-1.9.csv,column_not_available",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            let many: Vec<_> = (0..58).map(|n| format!("n{n}")).collect();
            let mut attributes: Vec<_> = many.iter().map(|key| json!({ "key": key, "type": "integer" })).collect();
            attributes.push(json!({ "key": "late", "type": "integer" }));
            attributes.push(json!({ "key": "list", "type": "integer", "array": true }));
            let indexes: Vec<_> = many[1..].iter().map(|key| json!({ "key": key, "type": "key", "attributes": [key] })).collect();
            words.make(json!(attributes), json!(indexes)).await;
            let named = |what: &str| format!("{}_{what}", words.pick("index", "column_index"));
            let of_attribute = |what: &str| format!("{}_{what}", words.pick("attribute", "column"));
            words.client.get(&words.at("indexes/none")).await.expect_fault(404, &named("not_found"));
            let create = async |key: &str, on: &str| {
                words.post(&words.at("indexes"), json!({ "key": key, "type": "key", "attributes": [on] })).await
            };
            create("n1", "n0").await.expect_fault(409, &named("already_exists"));
            create("i", "none").await.expect_fault(400, &of_attribute("unknown"));
            set_status(&app, &words, "late", Status::Processing).await;
            create("i", "late").await.expect_fault(400, &of_attribute("not_available"));
            if words.is_new {
                create("i", "list").await.expect_fault(400, &named("invalid"));
            }
            create("n0", "n0").await.expect(202);
            create("i", "n0").await.expect_fault(400, &named("limit_exceeded"));
        }
    }
}

/// From nothing to queried documents and back, as the SDKs do it, in every way of speaking.
#[test]
fn a_walk_through_all() {
    cairn_testkit::app::each_engine(async |app| {
        let project = app.project().await;
        let user = project.user("emma").await;
        for (words, mine) in Words::all(&project.server()).iter().zip(Words::all(&user.client)) {
            let database = json!({ "databaseId": words.database, "name": "A database" });
            words.post(words.databases(), database).await.expect(201);
            let collection = json!({
                "collectionId": "c", "name": "A collection", "documentSecurity": true,
                "permissions": [r#"create("users")"#],
            });
            words.post(&words.collections(), collection).await.expect(201);
            for (kind, more) in
                [("string", json!({ "size": 20 })), ("float", json!({})), ("datetime", json!({}))]
            {
                let mut body = json!({ "key": kind, "required": false });
                body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                let made = words.post(&words.at(&format!("attributes/{kind}")), body).await.expect(202);
                assert_eq!(made.json["status"], "processing");
            }
            for kind in ["string", "float", "datetime"] {
                available(words, &format!("attributes/{kind}")).await;
            }
            let index = json!({ "key": "by_string", "type": "key", "attributes": ["string"] });
            words.post(&words.at("indexes"), index).await.expect(202);
            available(words, "indexes/by_string").await;
            let data = json!({ "string": "ä\"b", "float": 1, "datetime": "2026-01-02T03:04:05.678Z" });
            let made = mine.document("one", data).await.expect(201);
            assert_eq!(
                made.json["$permissions"],
                json!([r#"read("user:emma")"#, r#"update("user:emma")"#, r#"delete("user:emma")"#])
            );
            assert_eq!(made.json["datetime"], "2026-01-02T03:04:05.678+00:00");
            assert_eq!(made.json[words.pick("$collectionId", "$tableId")], "c");
            let native = mine.client.with("x-appwrite-response-format", "2.0.0");
            assert_eq!(native.get(&words.at("documents/one")).await.expect(200).json["$sequence"], "1");
            let older = mine.client.with("x-appwrite-response-format", "1.8.0");
            assert_eq!(older.get(&words.at("documents/one")).await.expect(200).json["$sequence"], 1);
            let list = mine
                .client
                .list(
                    &words.at("documents"),
                    &[
                        r#"{"method":"contains","attribute":"string","values":["B"]}"#,
                        r#"{"method":"select","values":["float"]}"#,
                    ],
                )
                .await
                .expect(200);
            assert_eq!(list.json["total"], 1);
            let row = &list.json[words.pick("documents", "rows")][0];
            assert_eq!((row["float"].clone(), row.get("string")), (json!(1.0), None));
            let step =
                mine.client.patch(&words.at("documents/one/float/increment"), json!({ "value": 2 })).await;
            assert_eq!(step.expect(200).json["float"], 3.0);
            let put = json!({ "data": { "string": "x" } });
            assert_eq!(mine.client.put(&words.at("documents/one"), put).await.expect(200).json["float"], 3.0);
            project.guest().list(&words.at("documents"), &[]).await.expect(200);
            words.client.delete(&words.at("indexes/by_string")).await.expect(204);
            gone(words, "indexes/by_string").await;
            words.client.delete(&words.at("attributes/float")).await.expect(204);
            gone(words, "attributes/float").await;
            let left = mine.client.get(&words.at("documents/one")).await.expect(200);
            assert_eq!((left.json["string"].clone(), left.json.get("float")), (json!("x"), None));
            words.client.delete(&format!("{}/c", words.collections())).await.expect(204);
            words.client.delete(&format!("{}/{}", words.databases(), words.database)).await.expect(204);
        }
    });
}

/// Ask until the background work is done.
async fn available(words: &Words<'_>, path: &str) {
    loop {
        let found = words.client.get(&words.at(path)).await.expect(200);
        match found.text_of("status") {
            "processing" => tokio::task::yield_now().await,
            status => return assert_eq!(status, "available", "{}", found.text()),
        }
    }
}

/// Ask until the background work has removed it.
async fn gone(words: &Words<'_>, path: &str) {
    while words.client.get(&words.at(path)).await.status == 200 {
        tokio::task::yield_now().await;
    }
}

/// Values that no parameter expects, or that engines choke on.
fn odd_values() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..60 {
        deep = json!([{ "and": deep }]);
    }
    let query = |method: &str, attribute: &str, values: Value| {
        json!({ "method": method, "attribute": attribute, "values": values }).to_string()
    };
    let many: Vec<_> =
        (0..99).map(|n| query("contains", "title", json!([n.to_string(), "%", "_", "\\"]))).collect();
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(-1e308),
        json!(""),
        json!("x".repeat(70_000)),
        json!("a\u{0}b"),
        json!("'; DROP TABLE d1; --"),
        json!("../../etc"),
        json!("title"),
        json!([]),
        json!([null, [], {}, 1]),
        json!(["title", "title"]),
        json!(vec!["x"; 501]),
        json!({}),
        json!({ "title": ["a"], "$id": 1, "$createdAt": "x", "$permissions": "x", "": 1 }),
        json!({ "title": "a", "n": u64::MAX, "f": "1e999" }),
        json!({ "title": "\u{1f600}".repeat(20), "n": -0.0, "f": 1e308 }),
        json!([{ "key": "a", "type": "string" }, { "key": 1 }, { "type": "enum", "key": "e", "elements": [null] }]),
        json!([{ "key": "i", "type": "unique", "attributes": ["none"], "lengths": [-1], "orders": ["UP"] }]),
        json!([r#"read("user:")"#, r#"write("any")"#, "role:all"]),
        json!([query("orderAsc", "$permissions", json!([])), query("limit", "", json!([i64::MAX]))]),
        json!([query("offset", "", json!([i64::MAX])), query("limit", "", json!([i64::MAX]))]),
        json!([query("between", "f", json!([-1e308, 1e308])), query("orderRandom", "", json!([]))]),
        json!([query("equal", "$id", json!(vec!["x"; 500])), query("orderDesc", "title", json!([]))]),
        json!([query("cursorBefore", "", json!(["one"])), query("orderAsc", "$createdAt", json!([]))]),
        json!([query("cursorAfter", "", json!([{ "$id": "one" }]))]),
        json!([query("select", "", json!(["*", "$id", "title", "x.y"]))]),
        json!(many),
        deep,
    ]
}

/// A body in which every parameter has a value that most routes take.
fn plain_body(number: usize) -> Value {
    json!({
        "name": "x", "key": format!("k{number}"), "required": false, "size": 10, "elements": ["a"], "default": null,
        "type": "key", "attributes": ["title"], "columns": ["title"], "data": { "title": "a" }, "value": 1,
        "documentId": "unique()", "rowId": "unique()", "databaseId": "unique()", "collectionId": "unique()",
        "tableId": "unique()",
    })
}

/// No parameter of any route, whatever it is, brings an internal error about.
#[test]
fn odd_input_is_refused() {
    cairn_testkit::app::each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();
        let routes =
            cairn_server::SURFACES.iter().flat_map(|surface| surface.routes.iter().copied()).flatten();
        let mut number = 0;
        // The routes of tables are the same handlers: those of rows stand for all.
        let is_asked = |route: &&cairn_http::Route| {
            route.service() == "databases" || route.service() == "tablesDB" && route.path.contains("/rows")
        };
        for route in routes.filter(is_asked) {
            let words = Words { client: server.clone(), database: "db", are_tables: false, is_new: true };
            let database = json!({ "databaseId": "db", "name": "x" });
            words.post("/v1/databases", database).await;
            let attributes = json!([
                { "key": "title", "type": "string", "size": 20, "array": false },
                { "key": "n", "type": "integer" },
                { "key": "f", "type": "float" },
            ]);
            words
                .post(
                    &words.collections(),
                    json!({ "collectionId": "c", "name": "x", "attributes": attributes }),
                )
                .await;
            words.document("one", json!({ "title": "a" })).await;
            for spec in (route.handler.specs)() {
                for value in odd_values() {
                    number += 1;
                    let answer = send_odd(&server, route, spec.name, &value, number).await;
                    assert!(
                        answer.status < 500,
                        "{}: {} = {value}: {}",
                        answer.what,
                        spec.name,
                        answer.text()
                    );
                }
            }
        }
    });
}

async fn send_odd(
    client: &Client<'_>,
    route: &cairn_http::Route,
    name: &str,
    value: &Value,
    number: usize,
) -> Answer {
    let mut path = route.path.to_owned();
    let in_path = path.contains(&format!("{{{name}}}"));
    let odd: String = value
        .as_str()
        .unwrap_or("none")
        .bytes()
        .take(60)
        .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    for (param, usual) in [
        ("{databaseId}", "db"),
        ("{collectionId}", "c"),
        ("{tableId}", "c"),
        ("{documentId}", "one"),
        ("{rowId}", "one"),
        ("{attribute}", "n"),
        ("{column}", "n"),
        ("{key}", "title"),
    ] {
        path = path.replace(param, if param == format!("{{{name}}}") { &odd } else { usual });
    }
    if route.verb == cairn_http::route::Verb::Get {
        let mut texts: Vec<String> = match value {
            Value::Array(items) => items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect(),
            other => vec![other.to_string()],
        };
        // A target has an end.
        let mut bytes = 0;
        texts.retain(|text| {
            bytes += text.len();
            bytes < 15_000
        });
        let name = format!("{name}[]");
        let pairs: Vec<_> = texts.iter().map(|text| (name.as_str(), text.as_str())).collect();
        return client.request().get(&path).query(&pairs).send().await;
    }
    let mut body = plain_body(number);
    if !in_path {
        body[name] = value.clone();
    }
    let method: http::Method = route.verb.name().parse().expect("a verb is a method");
    client.request().to(method, &path).json(&body).send().await
}
