//! Transactions and bulk requests, in both vocabularies: each refusal, and a walk through both.

use cairn_testkit::app::{Answer, Engine, TestApp, Trouble};
use serde_json::{Value, json};

use crate::databases::Words;
use crate::scenarios;

fn attributes() -> Value {
    json!([
        { "key": "title", "type": "string", "size": 20 },
        { "key": "stars", "type": "integer" },
    ])
}

impl Words<'_> {
    fn transactions(&self) -> String {
        format!("{}/transactions", self.databases())
    }

    async fn begin(&self) -> String {
        let answer = self.post(&self.transactions(), json!({ "ttl": 60 })).await;
        answer.expect(201).text_of("$id").to_owned()
    }

    async fn stage(&self, transaction: &str, id: &str, stars: i64) -> Answer {
        let data = json!({ "title": id, "stars": stars });
        let body = json!({ "documentId": id, "data": data, "transactionId": transaction });
        self.post(&self.at("documents"), body).await
    }

    async fn end(&self, transaction: &str, how: Value) -> Answer {
        self.client.patch(&format!("{}/{transaction}", self.transactions()), how).await
    }

    async fn operations(&self, transaction: &str, operations: Value) -> Answer {
        let path = format!("{}/{transaction}/operations", self.transactions());
        self.client.post(&path, json!({ "operations": operations })).await
    }

    /// An operation in these words.
    fn operation(&self, action: &str, id: Option<&str>, data: Value) -> Value {
        let (collection, document) =
            if self.are_tables { ("tableId", "rowId") } else { ("collectionId", "documentId") };
        let mut operation = json!({ "action": action, "databaseId": self.database, "data": data });
        operation[collection] = json!("c");
        if let Some(id) = id {
            operation[document] = json!(id);
        }
        operation
    }
}

async fn words(app: &TestApp) -> [Words<'_>; 2] {
    let [_, new, tables] = Words::all(&app.project().await.server());
    for words in [&new, &tables] {
        words.make(attributes(), json!([])).await;
    }
    [new, tables]
}

scenarios! {
    /// The id is nobody's, or somebody's already.
    transactions_by_id proves [
        "appwrite-types-1.9.csv,transaction_not_found",
        "appwrite-types-1.9.csv,transaction_already_exists",
    ] (app) {
        for words in words(&app).await {
            let path = words.transactions();
            words.client.get(&format!("{path}/none")).await.expect_fault(404, "transaction_not_found");
            words.client.delete(&format!("{path}/none")).await.expect_fault(404, "transaction_not_found");
            words.stage("none", "a", 1).await.expect_fault(404, "transaction_not_found");
            words.operations("none", json!([words.operation("delete", Some("a"), json!({}))])).await
                .expect_fault(404, "transaction_not_found");
            let listed = words.client.get(&format!("{}?transactionId=none", words.at("documents"))).await;
            listed.expect_fault(404, "transaction_not_found");
            let body = json!({ "transactionId": words.database });
            words.post(&path, body.clone()).await.expect(201);
            words.post(&path, body).await.expect_fault(409, "transaction_already_exists");
        }
    }

    /// It has ended.
    transactions_that_ended proves [
        "appwrite-types-1.9.csv,transaction_not_ready",
        "appwrite-types-1.9.csv,transaction_invalid",
    ] (app) {
        for words in words(&app).await {
            for how in [json!({ "commit": true }), json!({ "rollback": true })] {
                let id = words.begin().await;
                words.end(&id, how.clone()).await.expect(200);
                words.end(&id, how).await.expect_fault(400, "transaction_not_ready");
                words.stage(&id, "a", 1).await.expect_fault(400, "transaction_not_ready");
                let operation = words.operation("create", Some("a"), json!({ "stars": 1 }));
                words.operations(&id, json!([operation])).await.expect_fault(400, "transaction_invalid");
            }
            let id = words.begin().await;
            for how in [json!({}), json!({ "commit": true, "rollback": true })] {
                words.end(&id, how).await.expect_fault(400, "general_bad_request");
            }
        }
    }

    /// Its time is over.
    transactions_expire proves ["appwrite-types-1.9.csv,transaction_expired"] (app) {
        for words in words(&app).await {
            let id = words.begin().await;
            words.stage(&id, "a", 1).await.expect(201);
            app.clock.advance_ms(60_001);
            words.end(&id, json!({ "commit": true })).await.expect_fault(410, "transaction_expired");
            words.stage(&id, "b", 1).await.expect_fault(410, "transaction_expired");
        }
    }

    /// A document is no longer what it was.
    transactions_conflict proves ["appwrite-types-1.9.csv,transaction_conflict"] (app) {
        for words in words(&app).await {
            let id = words.begin().await;
            words.stage(&id, "a", 1).await.expect(201);
            words.document("a", json!({ "stars": 2 })).await.expect(201);
            words.end(&id, json!({ "commit": true })).await.expect_fault(409, "transaction_conflict");
            let ended = words.client.get(&format!("{}/{id}", words.transactions())).await;
            assert_eq!(ended.json["status"], "failed");
        }
    }

    /// What it changes is gone altogether.
    transactions_fail proves ["appwrite-types-1.9.csv,transaction_failed"] (app) {
        for words in words(&app).await {
            let id = words.begin().await;
            words.stage(&id, "a", 1).await.expect(201);
            let collection = words.at("").trim_end_matches('/').to_owned();
            words.client.delete(&collection).await.expect(204);
            words.end(&id, json!({ "commit": true })).await.expect_fault(400, "transaction_failed");
        }
    }

    /// It has as many operations as it may.
    transactions_have_a_limit proves ["appwrite-types-1.9.csv,transaction_limit_exceeded"] (app) {
        for words in words(&app).await {
            let id = words.begin().await;
            let hundred: Vec<Value> = (0..101)
                .map(|n| words.operation("create", Some(&format!("n{n}")), json!({ "stars": n })))
                .collect();
            words.operations(&id, json!(hundred)).await.expect_fault(400, "transaction_limit_exceeded");
            words.operations(&id, json!(hundred[1..])).await.expect(201);
            words.stage(&id, "x", 1).await.expect_fault(400, "transaction_limit_exceeded");
            words.end(&id, json!({ "commit": true })).await.expect(200);
            let listed = words.client.get(&words.at("documents")).await;
            assert_eq!(listed.json["total"], 100);
        }
    }

    /// Every action, over several requests, and what is read inside and outside meanwhile.
    transactions_carry_out_every_action proves [] (app) {
        for words in words(&app).await {
            words.document("a", json!({ "title": "a", "stars": 1 })).await.expect(201);
            let id = words.begin().await;
            let key = if words.are_tables { "column" } else { "attribute" };
            let mut up = json!({ "value": 5 });
            up[key] = json!("stars");
            let answer = words.operations(&id, json!([
                words.operation("create", Some("b"), json!({ "title": "b", "stars": 2 })),
                words.operation("update", Some("b"), json!({ "title": "B" })),
                words.operation("upsert", Some("c"), json!({ "title": "c", "stars": 3 })),
                words.operation("increment", Some("a"), up.clone()),
                words.operation("decrement", Some("b"), up),
                words.operation("bulkCreate", None, json!([{ "$id": "d", "stars": 9 }, { "$id": "e", "stars": 9 }])),
                words.operation("bulkUpsert", None, json!([{ "$id": "e", "stars": 7 }])),
                words.operation("bulkUpdate", None, json!({
                    "queries": [r#"{"method":"equal","attribute":"stars","values":[9]}"#],
                    "data": { "title": "nine" },
                })),
                words.operation("bulkDelete", None, json!({
                    "queries": [r#"{"method":"equal","attribute":"$id","values":["e"]}"#],
                })),
                words.operation("delete", Some("c"), json!({})),
            ])).await;
            let staged = answer.expect(201);
            assert_eq!(staged.json["operations"], 10);
            let inside = format!("{}?transactionId={id}", words.at("documents"));
            let of = words.pick("documents", "rows");
            let titles = |body: &Value| -> Vec<String> {
                let rows = body[of].as_array().expect("a list").iter();
                rows.map(|row| format!("{} {} {}", row["$id"], row["title"], row["stars"])).collect()
            };
            let expected = [r#""a" "a" 6"#, r#""b" "B" -3"#, r#""d" "nine" 9"#];
            assert_eq!(titles(&words.client.get(&inside).await.json), expected);
            let outside = words.client.get(&words.at("documents")).await.json;
            assert_eq!(titles(&outside), [r#""a" "a" 1"#]);
            words.end(&id, json!({ "commit": true })).await.expect(200);
            assert_eq!(titles(&words.client.get(&words.at("documents")).await.json), expected);
        }
    }

    /// Operations that cannot be read are refused, each for what is wrong with it.
    operations_that_cannot_be_read proves [] (app) {
        for words in words(&app).await {
            let id = words.begin().await;
            let good = words.operation("create", Some("a"), json!({ "stars": 1 }));
            let without = |member: &str| {
                let mut operation = good.clone();
                operation.as_object_mut().expect("an object").shift_remove(member);
                operation
            };
            let with = |member: &str, value: Value| {
                let mut operation = good.clone();
                operation[member] = value;
                operation
            };
            let (collection, document) = (words.pick("collectionId", "tableId"), words.pick("documentId", "rowId"));
            for broken in [
                without("action"), without("databaseId"), without(collection), without(document), without("data"),
                with("action", json!("sing")), with("action", json!(7)), with("databaseId", json!("")),
                with("databaseId", json!("-x")), with(document, json!([])), with("data", json!("x")),
                with("data", json!({ "$permissions": ["fly(\"any\")"] })),
                words.operation("increment", Some("a"), json!({})),
                words.operation("decrement", Some("a"), json!({ "attribute": "stars", "column": "stars", "value": "x" })),
                words.operation("bulkUpdate", None, json!({ "data": {} })),
                words.operation("bulkUpdate", None, json!({ "queries": [] })),
                words.operation("bulkDelete", None, json!({})),
                words.operation("bulkCreate", None, json!([7])),
                words.operation("bulkCreate", None, json!(vec![json!({}); 101])),
            ] {
                let answer = words.operations(&id, json!([good.clone(), broken.clone()])).await;
                assert_eq!(answer.status, 400, "{broken}: {}", answer.text());
            }
            words.operations(&id, json!([])).await.expect_fault(400, "general_bad_request");
            let left = words.client.get(&format!("{}/{id}", words.transactions())).await;
            assert_eq!(left.json["operations"], 0);
        }
    }

    /// Several documents in one request: what they carry, and what cannot stand beside them.
    bulk_requests_are_checked proves [] (app) {
        for words in words(&app).await {
            let of = words.pick("documents", "rows");
            let send = async |mut body: Value| {
                if words.are_tables {
                    body["rows"] = body["documents"].take();
                    body.as_object_mut().expect("an object").shift_remove("documents");
                }
                words.post(&words.at("documents"), body).await
            };
            let made = send(json!({ "documents": [{ "$id": "a", "title": "a", "$permissions": ["read(\"any\")"] }, { "title": "b" }] })).await;
            let body = made.expect(201).json;
            assert_eq!(body["total"], 2);
            assert_eq!(body[of][0]["$permissions"], json!(["read(\"any\")"]));
            assert_eq!(body[of][1]["$id"].as_str().map(str::len), Some(20));
            let a = json!({ "$id": "z", "title": "z" });
            for wrong in [
                json!({ "documents": [a], "data": { "title": "x" } }),
                json!({ "documents": [a], "documentId": "x" }),
                json!({ "documents": [a], "permissions": ["read(\"any\")"] }),
                json!({ "documents": [{ "$id": "-" }] }),
                json!({ "documents": [{ "$id": "y", "$permissions": ["fly(\"any\")"] }] }),
            ] {
                send(wrong.clone()).await.expect_fault(400, "general_bad_request");
            }
            assert_eq!(send(json!({ "documents": vec![a.clone(); 101] })).await.status, 400);
            assert_eq!(send(json!({ "documents": ["x"] })).await.status, 400);
            words.client.patch(&words.at("documents"), json!({})).await
                .expect_fault(400, if words.are_tables { "row_missing_payload" } else { "document_missing_payload" });
            let listed = words.client.get(&words.at("documents")).await;
            assert_eq!(listed.json["total"], 2);
        }
    }

    /// The disk fills up or fails while a transaction is committed: all of it is there afterwards, or nothing.
    ///
    /// On the embedded engine, whose disk a test can break.
    commits_are_whole proves [] (app) {
        if app.engine() == Engine::Sqlite {
            for words in words(&app).await {
                for (trouble, prefix) in [(Trouble::DiskFull, "d"), (Trouble::SyncFails, "s"), (Trouble::Unreachable, "u")] {
                    let id = words.begin().await;
                    let made: Vec<Value> = (0..60)
                        .map(|n| words.operation("create", Some(&format!("{prefix}{n}")), json!({ "stars": n })))
                        .collect();
                    words.operations(&id, json!(made)).await.expect(201);
                    let before = words.client.get(&words.at("documents")).await.json["total"].clone();
                    app.break_store(trouble).await;
                    let refused = words.end(&id, json!({ "commit": true })).await;
                    assert!(refused.status >= 500, "{}: {}", refused.what, refused.text());
                    app.heal_store().await;
                    let status = words.client.get(&format!("{}/{id}", words.transactions())).await.json["status"].clone();
                    let after = words.client.get(&words.at("documents")).await.json["total"].clone();
                    if status == "committed" {
                        assert_eq!(after, before.as_i64().unwrap_or(0) + 60, "{prefix}");
                    } else {
                        assert_eq!((&status, &after), (&json!("pending"), &before), "{prefix}");
                        words.end(&id, json!({ "commit": true })).await.expect(200);
                        let after = words.client.get(&words.at("documents")).await.json["total"].clone();
                        assert_eq!(after, before.as_i64().unwrap_or(0) + 60, "{prefix}");
                    }
                }
            }
        }
    }
}
