//! What a schema may be at most, what keeps it as it is, and how long a query may take.

use std::fmt::Write as _;

use cairn_testkit::app::{Answer, Client, TestApp, TestOptions};
use serde_json::{Value, json};

use crate::databases::Words;
use crate::formats::{expect_chat, in_format};
use crate::scenarios;

/// Real milliseconds that a query of these scenarios may take.
const QUERY_MS_MAX: u32 = 1_000;
/// Documents and conditions that take far longer: each document is searched for each of the texts.
const DOCUMENTS: usize = 100;
const CONDITIONS: usize = 15;
const TEXTS: usize = 30;

/// A server whose queries have a second, with documents whose texts are slow to search.
async fn with_slow_documents(app: &TestApp) -> TestApp {
    let options = TestOptions { query_ms_max: Some(QUERY_MS_MAX), ..TestOptions::default() };
    TestApp::start_with(app.engine(), options).await
}

async fn fill(words: &Words<'_>) {
    words.make(json!([{ "key": "text", "type": "string", "size": 4000 }]), json!([])).await;
    let text = "a".repeat(4_000);
    let documents: Vec<_> =
        (0..DOCUMENTS).map(|number| json!({ "$id": format!("d{number}"), "text": text })).collect();
    let body = json!({ words.pick("documents", "rows"): documents });
    words.client.post(&words.at("documents"), body).await.expect(201);
}

/// The list of documents that have none of many texts, almost all of which they have.
async fn search(words: &Words<'_>, client: &Client<'_>) -> Answer {
    let wanted: Vec<_> = (0..TEXTS).map(|number| format!("{}{number}", "a".repeat(100))).collect();
    let query = json!({ "method": "notContains", "attribute": "text", "values": wanted });
    let queries: Vec<String> = (0..CONDITIONS).map(|_| query.to_string()).collect();
    let text: Vec<String> = queries.iter().map(|query| format!("queries[]={}", escaped(query))).collect();
    let text = text.join("&");
    client.get(&format!("{}?{text}", words.at("documents"))).await
}

/// As it stands in a query string.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

scenarios! {
    /// A query reads more than it can in its time. It is stopped, and its connection serves the next one.
    database_timeout proves ["appwrite-types-1.9.csv,database_timeout", "chat-http.csv,504"] (app) {
        let app = with_slow_documents(&app).await;
        let server = app.project().await.server();
        let words = &Words::all(&server)[1];
        fill(words).await;
        // More often than there are connections.
        for _ in 0..5 {
            search(words, &words.client).await.expect_fault(408, "database_timeout");
        }
        expect_chat(&search(words, &in_format(&words.client, "discord")).await, 504, 0);
        words.client.get(&words.at("documents/d7")).await.expect(200);
        words.document("after", json!({ "text": "b" })).await.expect(201);
    }

    /// The attributes that a collection is to have from the start do not fit into a row.
    collection_limit_exceeded proves [
        "appwrite-types.csv,collection_limit_exceeded",
        "appwrite-types-1.9.csv,collection_limit_exceeded",
        "appwrite-types-1.9.csv,table_limit_exceeded",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([]), json!([])).await;
            let wide: Vec<Value> = (0..5)
                .map(|number| json!({ "key": format!("t{number}"), "type": "string", "size": 4000 }))
                .collect();
            let new = json!({ "collectionId": "wide", "name": "Wide", "attributes": wide });
            let refused = words.post(&words.collections(), new).await;
            refused.expect_fault(400, &format!("{}_limit_exceeded", words.pick("collection", "table")));
            let path = format!("{}/wide", words.collections());
            words.client.get(&path).await.expect(404);
        }
    }

    /// A unique index promises something of this attribute and others together.
    index_dependency proves [
        "appwrite-types-1.9.csv,index_dependency",
        "appwrite-types-1.9.csv,column_index_dependency",
    ] (app) {
        for words in Words::all(&app.project().await.server()) {
            let attributes = json!([{ "key": "a", "type": "integer" }, { "key": "b", "type": "integer" }]);
            let indexes = json!([
                { "key": "both", "type": "unique", "attributes": ["a", "b"] },
                { "key": "alone", "type": "key", "attributes": ["b"] },
            ]);
            words.make(attributes, indexes).await;
            if words.is_new {
                let kind = words.pick("index_dependency", "column_index_dependency");
                words.client.delete(&words.at("attributes/b")).await.expect_fault(409, kind);
            }
            words.client.delete(&words.at("indexes/both")).await.expect(204);
            words.client.delete(&words.at("attributes/b")).await.expect(204);
        }
    }
}
