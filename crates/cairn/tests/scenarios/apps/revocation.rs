//! Another password: what applications hold ends with the sessions, and what the user allowed stays.

use cairn_testkit::app::{Client, each_engine};
use serde_json::{Value, json};

use super::{Planner, program, refused_by, serve};

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "another long password";

/// What the application holds for one user: an access token, a refresh token, and a code that nobody has spent.
struct Held<'a> {
    bearer: Client<'a>,
    refresh: String,
    code: String,
}

impl<'a> Held<'a> {
    async fn of(planner: &Planner<'a>, user: &Client<'_>) -> Self {
        let (tokens, bearer) = planner.tokens(user, "openid").await;
        // Asked once, so that every cache knows the token.
        bearer.get("/v1/oauth2/shop/userinfo").await.expect(200);
        let code = planner.code(user, "openid", json!({})).await;
        Self { bearer, refresh: tokens.text_of("refresh_token").to_owned(), code }
    }

    async fn expect_ended(&self, planner: &Planner<'_>) {
        let told = self.bearer.get("/v1/oauth2/shop/userinfo").await;
        refused_by(&told, 401, "invalid_token", "oauth2_invalid_token");
        for spent in [planner.refresh(&self.refresh).await, planner.spend(&self.code).await] {
            refused_by(&spent, 400, "invalid_grant", "oauth2_invalid_grant");
        }
    }

    async fn expect_kept(&self, planner: &Planner<'_>) {
        self.bearer.get("/v1/oauth2/shop/userinfo").await.expect(200);
        planner.refresh(&self.refresh).await.expect(200);
        planner.spend(&self.code).await.expect(200);
    }
}

async fn consents(user: &Client<'_>) -> Value {
    program(user).get("/v1/account/consents").await.expect(200).json["total"].clone()
}

/// The next request of every token knows: the clock stands still throughout.
#[test]
fn another_password_ends_what_applications_hold_at_once() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let (emma, bob) = (project.user("emma").await.client, project.user("bob").await.client);
        let of_bob = Held::of(&planner, &bob).await;

        let changed = Held::of(&planner, &emma).await;
        let body = json!({ "password": OTHER, "oldPassword": PASSWORD });
        emma.patch("/v1/account/password", body).await.expect(200);
        changed.expect_ended(&planner).await;
        assert_eq!(consents(&emma).await, 1, "what was allowed stays");

        // Nobody is asked again, and the next tokens are as good as the first.
        let set = Held::of(&planner, &emma).await;
        let body = json!({ "password": PASSWORD });
        project.server().patch("/v1/users/emma/password", body.clone()).await.expect(200);
        set.expect_ended(&planner).await;
        of_bob.expect_kept(&planner).await;

        let policy = json!({ "enabled": false });
        project.server().patch("/v1/project/policies/session-invalidation", policy).await.expect(200);
        let kept = Held::of(&planner, &bob).await;
        project.server().patch("/v1/users/bob/password", body).await.expect(200);
        kept.expect_kept(&planner).await;
    });
}
