//! What keeps a request from its route: scopes, credentials that contradict each other, limits, plain http.

use cairn_core::Cx;
use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_testkit::app::{Client, TestApp, TestOptions};
use serde_json::json;

use crate::ask::{NEW, refused};
use crate::databases::Words;
use crate::scenarios;

/// Sign-ups that one address may try in an hour.
const SIGN_UPS: u32 = 10;

/// Try to sign up more often than one may, in vain each time; the client that is refused next.
pub(crate) async fn too_many(app: &TestApp) -> Client<'_> {
    let guest = app.guest("console");
    for _ in 0..SIGN_UPS {
        guest.post("/v1/account", json!({})).await.expect(400);
    }
    guest
}

/// A server that counts requests.
pub(crate) async fn with_limits(app: &TestApp) -> TestApp {
    TestApp::start_with(app.engine(), TestOptions { has_rate_limits: true, ..TestOptions::default() }).await
}

/// Change an account as no route does yet.
async fn change_user(cx: &Cx, id: &str, change: impl FnOnce(&mut User) + Clone + Send + 'static) {
    let id = UserId::from(id);
    let write = move |tx: cairn_store::Tx| async move {
        let mut user = tx.user_by_id(&id).await?.expect("there is such a user");
        change(&mut user);
        tx.user_update(&user).await
    };
    let written: Result<(), cairn_store::StoreError> = cx.store().write(cx.project_ref(), write).await;
    written.expect("the user can be changed");
}

scenarios! {
    /// A key without the scope.
    scopes_of_keys proves [
        "appwrite-types.csv,general_unauthorized_scope", "appwrite-types-1.9.csv,general_unauthorized_scope",
    ] (app) {
        let project = app.project().await;
        let few = project.server_with(&["teams.read"]).await;
        few.get("/v1/teams").await.expect(200);
        refused(&few, 401, "general_unauthorized_scope", async |c| c.get("/v1/users").await).await;
    }

    /// The path is there, but not for this method; the answer says for which it is.
    general_not_implemented proves ["appwrite-types-1.9.csv,general_not_implemented"] (app) {
        let guest = app.guest("console");
        refused(&guest, 405, "general_not_implemented",
            async |c| c.post("/v1/health/version", json!({})).await).await;
        let answer = guest.post("/v1/health/version", json!({})).await;
        assert!(answer.header("allow").contains("GET, HEAD"), "{:?}", answer.headers);
    }

    /// The organization has no such project.
    project_not_found_of_organization proves ["appwrite-types.csv,project_not_found"] (app) {
        let admin = app.admin("admin").await;
        let console = admin.console.with("x-appwrite-organization", &admin.organization);
        refused(&console, 404, "project_not_found", async |c| c.get("/v1/organization/projects/none").await).await;
    }

    /// A key of a project comes without the project's header.
    project_id_missing proves ["appwrite-types-1.9.csv,project_id_missing"] (app) {
        let request = app.request().get("/v1/ping?project=shop").key("standard_0123456789abcdef").speaking(NEW);
        app.project().await;
        request.send().await.expect_fault(403, "project_id_missing");
    }

    /// Whose key it is would be unclear. Without that word a key wins over a session.
    user_api_key_and_session_set proves ["appwrite-types-1.9.csv,user_api_key_and_session_set"] (app) {
        let project = app.project().await;
        let user = project.user("emma").await;
        let both = project.server().with("x-appwrite-session", &user.secret).with("x-appwrite-response-format", NEW);
        both.get("/v1/users").await.expect(200);
        let unclear = both.with("x-appwrite-user", &user.id);
        unclear.get("/v1/users").await.expect_fault(403, "user_api_key_and_session_set");
    }

    /// The session knows one factor, the account asks for two.
    user_more_factors_required proves ["appwrite-types-1.9.csv,user_more_factors_required"] (app) {
        let project = app.project().await;
        let user = project.user("emma").await;
        change_user(&app.cx("shop").await, "emma", |user| {
            user.has_mfa = true;
            user.is_email_verified = true;
        }).await;
        refused(&user.client, 401, "user_more_factors_required",
            async |c| c.get("/v1/account/prefs").await).await;
    }

    /// The request names a transaction, and there is none.
    transaction_not_found proves ["appwrite-types-1.9.csv,transaction_not_found"] (app) {
        let server = app.project().await.server();
        let words = &Words::all(&server)[1];
        words.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
        let staged = json!({ "documentId": "a", "data": { "title": "x" }, "transactionId": "none" });
        words.post(&words.at("documents"), staged).await.expect_fault(404, "transaction_not_found");
        words.client.get(&words.at("documents/a")).await.expect_fault(404, "document_not_found");
    }

    /// A make-believe sign-in provider sends the browser on. In development only.
    moved_permanently proves ["appwrite-http.csv,301"] (app) {
        let options = TestOptions { is_development: true, ..TestOptions::default() };
        let app = TestApp::start_with(app.engine(), options).await;
        let answer = app.guest("console")
            .get("/v1/mock/tests/general/oauth2?client_id=1&scope=email&state=s&redirect_uri=http://localhost/").await;
        assert_eq!(answer.expect(301).header("location"), "http://localhost/?code=abcdef&state=s");
    }
}
