//! What fails below the server: disks, databases, keys; told in every format, and over when the cause is.

use std::sync::{Arc, Mutex, mpsc};

use cairn_core::passwords::HashCost;
use cairn_core::secrets::{SecretKey, Secrets};
use cairn_faults::Error;
use cairn_model::ids::KeyId;
use cairn_model::keys::KeyRing;
use cairn_model::value::Value as Stored;
use cairn_std::Rng;
use cairn_store::{StoreFigures, Tx};
use cairn_testkit::app::{Answer, Client, Engine, TestApp, TestOptions, Trouble, each_engine, on_engine};
use serde_json::{Value, json};

use crate::ask::refused;
use crate::databases::Words;
use crate::formats::{expect_chat, expect_everlive, expect_reason, in_format};
use crate::scenarios;

/// A new user, as an application makes one.
fn user(id: &str) -> Value {
    json!({ "userId": id, "name": id })
}

/// Make every key of the project unreadable, as when the server's secret key was exchanged.
async fn exchange_secret_key(app: &TestApp) {
    let other = Secrets::new(&SecretKey::new(*b"another secret key"), Rng::seeded(1));
    let sealed = other.seal("key", "what it was");
    let cx = app.cx("shop").await;
    let exchange = move |tx: cairn_store::Tx| async move {
        let key = tx.key_by_id(&KeyRing::Standard, &KeyId::from("one")).await?.expect("the key");
        tx.key_delete(&key).await?;
        tx.key_insert(&cairn_model::keys::Key { sealed_secret: sealed, ..key }).await?;
        Ok::<_, Error>(())
    };
    cx.store().write(cx.project_ref(), exchange).await.expect("the key can be written");
}

/// The admin of a project whose key `one` cannot be read any more.
pub(crate) async fn with_unreadable_key(app: &TestApp) -> Client<'_> {
    let console = app.project().await.console().with("x-appwrite-response-format", "2.0.0");
    let new = json!({ "keyId": "one", "name": "One", "scopes": ["users.read"] });
    console.post("/v1/project/keys", new).await.expect(201);
    exchange_secret_key(app).await;
    console
}

/// Make the list `tags` of the document `one` something that is none.
async fn damage(app: &TestApp, words: &Words<'_>) {
    let cx = app.cx("shop").await;
    let database = words.database;
    let write = move |tx: Tx| async move {
        let table = tx.table_by_id(&database.into(), &"c".into()).await?.expect("the collection");
        let document = tx.document_by_id(&table, "one").await?.expect("the document");
        let values = vec![Stored::Text("no list".to_owned())];
        let damaged = cairn_model::schema::Document { values, ..document.clone() };
        tx.document_update(&table, &document, &damaged).await
    };
    let written: Result<(), cairn_store::StoreError> = cx.store().write(cx.project_ref(), write).await;
    written.expect("the document is there");
}

/// More milliseconds than a transaction may wait for its turn.
const TOO_LONG_MS: i64 = 15_001;

/// Whether a transaction waits for its turn.
fn has_waiting(app: &TestApp) -> bool {
    matches!(app.app.store.figures(), StoreFigures::Embedded(figures) if figures.waiting > 0)
}

/// Make a user while another transaction holds the project's only writer for longer than one may wait.
async fn too_late(app: &TestApp, client: &Client<'_>, id: &str) -> Answer {
    let (entered, is_held) = tokio::sync::oneshot::channel();
    let (release, is_released) = mpsc::channel::<()>();
    let once = Arc::new(Mutex::new(Some((entered, is_released))));
    let cx = app.cx("shop").await;
    let hold = move |_: Tx| async move {
        if let Some((entered, is_released)) = once.lock().expect("nobody panics").take() {
            let _ = entered.send(());
            let _ = is_released.recv();
        }
        Ok::<_, Error>(())
    };
    let held = cx.store().write(cx.project_ref(), hold);
    let late = async {
        is_held.await.expect("the writer is inside");
        let pass = async {
            while !has_waiting(app) {
                tokio::task::yield_now().await;
            }
            app.clock.advance_ms(TOO_LONG_MS);
            release.send(()).expect("the writer waits");
        };
        tokio::join!(client.post("/v1/users", user(id)), pass).0
    };
    tokio::join!(held, late).1
}

scenarios! {
    /// The database is gone. It comes back, and nothing of the refused request is there.
    general_server_error proves [
        "appwrite-types.csv,general_server_error", "appwrite-types-1.9.csv,general_server_error",
        "appwrite-http.csv,500", "reason-codes.csv,system:database_error", "chat-http.csv,5xx",
    ] (app) {
        let server = app.project().await.server();
        server.post("/v1/users", user("before")).await.expect(201);
        app.break_store(Trouble::Unreachable).await;
        refused(&server, 500, "general_server_error",
            async |c| c.post("/v1/users", user("lost")).await).await;
        let failed = in_format(&server, "reason").post("/v1/users", user("lost")).await;
        expect_reason(&failed, 500, "system:database_error");
        expect_chat(&in_format(&server, "discord").post("/v1/users", user("lost")).await, 500, 0);
        app.heal_store().await;
        server.get("/v1/users/before").await.expect(200);
        server.get("/v1/users/lost").await.expect_fault(404, "user_not_found");
        server.post("/v1/users", user("after")).await.expect(201);
    }

    /// What is stored is not what the server wrote. Whoever asks for something else does not notice.
    general_unknown proves [
        "appwrite-types.csv,general_unknown", "appwrite-types-1.9.csv,general_unknown",
    ] (app) {
        let server = app.project().await.server();
        let words = &Words::all(&server)[0];
        let tags = json!([{ "key": "tags", "type": "string", "size": 20, "array": true }]);
        words.make(tags, json!([])).await;
        for id in ["one", "two"] {
            words.document(id, json!({ "tags": ["a"] })).await.expect(201);
        }
        damage(&app, words).await;
        refused(&server, 500, "general_unknown", async |c| c.get(&words.at("documents/one")).await).await;
        server.get(&words.at("documents/two")).await.expect(200);
        server.patch(&words.at("documents/two"), json!({ "data": { "tags": [] } })).await.expect(200);
    }

    /// A write waits for its turn until its time is over; nothing of it is carried out, then or later.
    ///
    /// On the embedded engine, whose queue a test can hold up.
    request_timeout proves ["appwrite-http.csv,504", "everlive-codes.csv,650"] (app) {
        if app.engine() == Engine::Sqlite {
            let server = app.project().await.server();
            too_late(&app, &server, "lost").await.expect_fault(504, "general_server_error");
            let answer = too_late(&app, &in_format(&server, "everlive"), "lost").await;
            expect_everlive(&answer, 408, 650, "The request timed out.");
            expect_chat(&too_late(&app, &in_format(&server, "discord"), "lost").await, 504, 0);
            server.get("/v1/users/lost").await.expect_fault(404, "user_not_found");
            server.post("/v1/users", user("lost")).await.expect(201);
        }
    }

    /// Secrets were encrypted with another secret key than the server has.
    system_internal_error proves ["reason-codes.csv,system:internal_error"] (app) {
        let console = with_unreadable_key(&app).await;
        expect_reason(&in_format(&console, "reason").get("/v1/project/keys/one").await, 400, "system:internal_error");
        console.get("/v1/project/keys/one").await.expect_fault(500, "general_server_error");
    }

    /// The configured cost of a hash is one that the algorithm cannot work with.
    system_hashing_error proves ["reason-codes.csv,system:hashing_error"] (app) {
        let hash_cost = HashCost { memory_kib: 0, ..HashCost::LEAST };
        let app = TestApp::start_with(app.engine(), TestOptions { hash_cost, ..TestOptions::default() }).await;
        let account = json!({ "userId": "ada", "email": "ada@example.com", "password": "correct horse battery" });
        let answer = in_format(&app.guest("console"), "reason").post("/v1/account", account).await;
        expect_reason(&answer, 500, "system:hashing_error");
    }

    /// The disk gives an error when the commit is synced: whether it is kept is not known.
    ///
    /// On the embedded engine, whose disk a test can break.
    system_transaction_error proves ["reason-codes.csv,system:transaction_error"] (app) {
        if app.engine() == Engine::Sqlite {
            let server = app.project().await.server();
            app.break_store(Trouble::SyncFails).await;
            let answer = in_format(&server, "reason").post("/v1/users", user("perhaps")).await;
            expect_reason(&answer, 500, "system:transaction_error");
            server.post("/v1/users", user("perhaps")).await.expect_fault(500, "general_server_error");
            app.heal_store().await;
            server.post("/v1/users", user("after")).await.expect(201);
        }
    }

    /// The disk is full: reads go on, writes are refused until there is room.
    ///
    /// On the embedded engine, whose disk a test can fill.
    service_unavailable proves ["chat-http.csv,503"] (app) {
        if app.engine() == Engine::Sqlite {
            let server = app.project().await.server();
            app.break_store(Trouble::DiskFull).await;
            expect_chat(&in_format(&server, "discord").post("/v1/users", user("lost")).await, 503, 130_000);
            assert_eq!(server.get("/v1/users").await.expect(200).json["total"], 0);
            app.heal_store().await;
            server.post("/v1/users", user("lost")).await.expect(201);
        }
    }
}

/// Whatever the caller's format: nothing of the cause is told.
#[test]
fn failures_tell_nothing_of_their_cause() {
    each_engine(async |app| {
        let console = with_unreadable_key(&app).await;
        for format in ["appwrite", "reason", "everlive", "discord", "problem"] {
            let answer = in_format(&console, format).get("/v1/project/keys/one").await;
            let text = answer.text().to_lowercase();
            for secret in ["decrypt", "secret key", ".rs", "sqlite", "postgres"] {
                assert!(!text.contains(secret), "{format}: {text}");
            }
        }
    });
}

/// A full disk is a 503 of every contract that has one.
#[test]
fn a_full_disk_is_told_in_every_format() {
    on_engine(Engine::Sqlite, async || {
        let app = TestApp::start(Engine::Sqlite).await;
        let server = app.project().await.server();
        app.break_store(Trouble::DiskFull).await;
        for (format, member) in [
            ("appwrite", "type"),
            ("reason", "code"),
            ("everlive", "errorCode"),
            ("discord", "code"),
            ("problem", "type"),
        ] {
            let answer = in_format(&server, format).post("/v1/users", user("lost")).await;
            assert!(answer.status == 503 && !answer.json[member].is_null(), "{format}: {}", answer.text());
        }
    });
}
