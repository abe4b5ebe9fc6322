//! Who made a document and who changed it, over the wire.

use serde_json::json;

use crate::databases::Words;
use crate::scenarios;

scenarios! {
    /// A collection says whether its documents keep who made them; the server sets it, and queries know it.
    authors_of_documents proves [] (app) {
        for words in Words::all(&app.project().await.server()) {
            words.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
            let (name, path) = (words.pick("documentAuthors", "rowAuthors"), format!("{}/c", words.collections()));
            assert_eq!(words.client.get(&path).await.json.get(name), None, "off by default");
            let on = json!({ "name": "A collection", name: true });
            let changed = words.client.put(&path, on).await.expect(200);
            assert_eq!((&changed.json[name], &changed.json["indexes"]), (&json!(true), &json!([])));
            let made = words.document("one", json!({ "title": "a", "$createdBy": "me" })).await.expect(201);
            assert_eq!((&made.json["$createdBy"], &made.json["$updatedBy"]), (&json!(null), &json!(null)));
            let by = r#"{"method":"isNull","attribute":"$createdBy"}"#;
            assert_eq!(words.client.list(&words.at("documents"), &[by]).await.json["total"], 1);
            let index = json!({ "key": "by", "type": "key", "attributes": ["$createdBy", "title"] });
            words.post(&words.at("indexes"), index).await.expect(202);
            let off = json!({ "name": "A collection", name: false });
            let refused = words.client.put(&path, off).await;
            assert_eq!(refused.status, 409, "{}", refused.text());
            let hidden = words.client.get(&words.at("attributes/$createdBy")).await;
            assert_eq!(hidden.status, 400, "{}", hidden.text());
        }
    }
}
