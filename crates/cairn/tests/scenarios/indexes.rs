//! Indexes in their whole life.

use cairn_testkit::app::each_engine;
use serde_json::json;

use crate::databases::Words;

/// Indexes of every kind are built on what is there, and go with all that they kept.
#[test]
fn indexes_of_every_kind_come_and_go() {
    const KINDS: [(&str, &str); 4] =
        [("key", "title"), ("unique", "title"), ("fulltext", "title"), ("spatial", "at")];
    each_engine(async |app| {
        for words in Words::all(&app.project().await.server()) {
            let title = json!([{ "key": "title", "type": "string", "size": 20 }]);
            words.make(title, json!([])).await;
            let point = json!({ "key": "at", "required": false });
            words.post(&words.at("attributes/point"), point).await.expect(202);
            app.settle().await;
            words.document("one", json!({ "title": "Emma", "at": [1, 2] })).await.expect(201);
            for _ in ["built", "built again: nothing was left lying"] {
                for (kind, on) in KINDS {
                    let index = json!({ "key": kind, "type": kind, "attributes": [on] });
                    words.post(&words.at("indexes"), index).await.expect(202);
                }
                app.settle().await;
                for (kind, _) in KINDS {
                    let index = words.client.get(&words.at(&format!("indexes/{kind}"))).await.expect(200);
                    assert_eq!(index.json["status"], "available", "{kind}: {}", index.json["error"]);
                    words.client.delete(&words.at(&format!("indexes/{kind}"))).await.expect(204);
                }
                app.settle().await;
                let left = words.client.get(&words.at("indexes")).await.expect(200);
                assert_eq!(left.json["total"], 0, "{}", left.json);
            }
        }
    });
}
