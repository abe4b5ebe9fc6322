//! Idempotency keys over the wire: the same answer again, and the write once.

use cairn_http::route::Verb;
use cairn_testkit::app::{Answer, Client, Engine, Trouble};
use serde_json::{Value, json};

use crate::databases::Words;
use crate::scenarios;

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotent-replayed";

/// Ask twice under one key: the first answer is new, the second one the same again.
async fn twice(key: &str, words: &Words<'_>, ask: impl AsyncFn(&Client<'_>) -> Answer) -> Answer {
    let client = words.client.with(KEY, &format!("{} {key}", words.database));
    let (first, second) = (ask(&client).await, ask(&client).await);
    assert!(first.status < 300, "{}: {}", first.what, first.text());
    assert_eq!((first.status, first.text()), (second.status, second.text()), "{}", first.what);
    assert_eq!((first.header(REPLAYED), second.header(REPLAYED)), ("", "true"), "{}", first.what);
    first
}

#[test]
fn every_write_of_documents_heeds_keys() {
    let routes = cairn_server::SURFACES.iter().flat_map(|surface| surface.routes.iter().copied().flatten());
    let is_of_documents =
        |path: &str| ["/documents", "/rows", "/transactions"].iter().any(|part| path.contains(part));
    let mut count = 0;
    for route in routes.filter(|route| is_of_documents(route.path)) {
        count += 1;
        assert_eq!(route.is_idempotent, route.verb != Verb::Get, "{}", route.name);
    }
    assert!(count >= 34, "{count} routes");
}

scenarios! {
    /// A repeated write is answered and not carried out, whatever it was.
    repeated_writes proves [] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([{ "key": "stars", "type": "integer" }]), json!([])).await;
            let (documents, id) = (words.at("documents"), words.pick("documentId", "rowId"));
            let new = |key: &str| {
                let mut body = json!({ "data": { "stars": 1 } });
                body[id] = json!(key);
                body
            };
            let made = twice("k1", &words, async |client| client.post(&documents, new("unique()")).await).await;
            assert_eq!(made.status, 201);
            let path = format!("{documents}/{}", made.text_of("$id"));
            let more = json!({ "data": { "stars": r#"{"method":"increment","values":[1]}"# } });
            twice("k2", &words, async |client| client.patch(&path, more.clone()).await).await;
            let step = format!("{path}/stars/increment");
            twice("k3", &words, async |client| client.patch(&step, json!({})).await).await;
            twice("k4", &words, async |client| client.put(&path, more.clone()).await).await;
            assert_eq!(words.client.get(&path).await.json["stars"], 4);
            let many = |list: Value| if words.are_tables { json!({ "rows": list }) } else { json!({ "documents": list }) };
            let two = many(json!([{ "stars": 1 }, { "stars": 1 }]));
            let made = twice("k5", &words, async |client| client.post(&documents, two.clone()).await).await;
            assert_eq!((made.status, &made.json["total"]), (201, &json!(2)));
            let one = many(json!([{ "$id": "z", "stars": 1 }]));
            twice("k6", &words, async |client| client.put(&documents, one.clone()).await).await;
            twice("k7", &words, async |client| client.patch(&documents, more.clone()).await).await;
            assert_eq!(words.client.get(&format!("{documents}/z")).await.json["stars"], 2);
            twice("k8", &words, async |client| client.delete(&path).await).await.expect(204);
            let begun = twice("k9", &words, async |client| client.post(&format!("{}/transactions", words.databases()), json!({})).await).await;
            let transaction = format!("{}/transactions/{}", words.databases(), begun.text_of("$id"));
            let mut staged = new("y");
            staged["transactionId"] = begun.json["$id"].clone();
            twice("k10", &words, async |client| client.post(&documents, staged.clone()).await).await;
            twice("k11", &words, async |client| client.patch(&transaction, json!({ "commit": true })).await).await;
            twice("k12", &words, async |client| client.delete(&transaction).await).await;
            assert_eq!(words.client.get(&format!("{documents}/y")).await.json["stars"], 1);
            let gone = twice("k13", &words, async |client| client.delete(&documents).await).await;
            assert_eq!(gone.json["total"], 4);
            // The key of another request, and one that is none.
            let other = words.client.with(KEY, &format!("{} k1", words.database)).post(&documents, new("x")).await;
            assert_eq!(other.status, 409, "{}", other.text());
            assert_eq!(other.json["message"], "The idempotency key was used for another request.");
            assert_eq!(words.client.with(KEY, "").post(&documents, new("x")).await.status, 400);
            assert_eq!(words.client.get(&documents).await.json["total"], 0);
        }
    }

    /// What is asked without a key is carried out each time.
    writes_without_keys proves [] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([{ "key": "stars", "type": "integer" }]), json!([])).await;
            words.document("a", json!({ "stars": 1 })).await.expect(201);
            let refused = words.document("a", json!({ "stars": 1 })).await;
            assert_eq!((refused.status, refused.header(REPLAYED)), (409, ""));
        }
    }

    /// The disk fails while a write with a key is committed: the repetition finds what was kept, or does it now.
    ///
    /// On the embedded engine, whose disk a test can break.
    repeated_after_a_failure proves [] (app) {
        if app.engine() == Engine::Sqlite {
            for words in Words::all(&app.project().await.server()) {
                words.make(json!([{ "key": "stars", "type": "integer" }]), json!([])).await;
                let (documents, id) = (words.at("documents"), words.pick("documentId", "rowId"));
                for (number, trouble) in [Trouble::SyncFails, Trouble::DiskFull, Trouble::Unreachable].into_iter().enumerate() {
                    let mut body = json!({ "data": { "stars": 1 } });
                    body[id] = json!("unique()");
                    let client = words.client.with(KEY, &format!("{} failing {number}", words.database));
                    app.break_store(trouble).await;
                    let refused = client.post(&documents, body.clone()).await;
                    assert!(refused.status >= 500, "{}", refused.text());
                    app.heal_store().await;
                    client.post(&documents, body).await.expect(201);
                    assert_eq!(words.client.get(&documents).await.json["total"], number + 1);
                }
            }
        }
    }
}
