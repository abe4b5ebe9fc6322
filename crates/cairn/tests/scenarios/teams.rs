//! Teams and who is in them.

use serde_json::json;

use crate::ask::{refused, refused_as};
use crate::scenarios;

scenarios! {
    /// There is a team with this id, and none with that one.
    team_already_exists proves [
        "appwrite-types-1.9.csv,team_already_exists",
        "appwrite-types.csv,team_not_found", "appwrite-types-1.9.csv,team_not_found",
    ] (app) {
        let server = app.project().await.server();
        let team = json!({ "teamId": "climbers", "name": "Climbers" });
        server.post("/v1/teams", team.clone()).await.expect(201);
        refused(&server, 409, "team_already_exists", async |c| c.post("/v1/teams", team.clone()).await).await;
        refused(&server, 404, "team_not_found", async |c| c.get("/v1/teams/none").await).await;
    }

    /// A member who is no owner changes nothing; who is no member sees nothing.
    user_unauthorized proves [
        "appwrite-types.csv,user_unauthorized", "appwrite-types-1.9.csv,user_unauthorized",
        "appwrite-types.csv,general_smtp_disabled", "appwrite-types-1.9.csv,general_smtp_disabled",
        "appwrite-http.csv,503",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await;
        let bob = project.user("bob").await;
        emma.client.post("/v1/teams", json!({ "teamId": "climbers", "name": "Climbers" })).await.expect(201);
        refused(&bob.client, 404, "team_not_found", async |c| c.get("/v1/teams/climbers").await).await;
        let member = json!({ "userId": "bob", "roles": [] });
        project.server().post("/v1/teams/climbers/memberships", member).await.expect(201);
        assert_eq!(bob.client.get("/v1/teams/climbers").await.expect(200).json["total"], 2);
        refused(&bob.client, 401, "user_unauthorized",
            async |c| c.put("/v1/teams/climbers", json!({ "name": "Bob's" })).await).await;
        let invitation = json!({ "email": "new@example.com", "roles": [], "url": "https://localhost/join" });
        refused(&emma.client, 503, "general_smtp_disabled",
            async |c| c.post("/v1/teams/climbers/memberships", invitation.clone()).await).await;
    }

    /// Memberships that are there already, are not there, or are another team's.
    membership_not_found proves [
        "appwrite-types.csv,membership_not_found", "appwrite-types-1.9.csv,membership_not_found",
        "appwrite-types.csv,team_invite_not_found", "appwrite-types-1.9.csv,team_invite_not_found",
        "appwrite-types.csv,team_invite_already_exists", "appwrite-types-1.9.csv,membership_already_confirmed",
        "appwrite-types.csv,team_membership_mismatch", "appwrite-types-1.9.csv,team_membership_mismatch",
    ] (app) {
        let server = app.project().await.server();
        for id in ["climbers", "divers"] {
            server.post("/v1/teams", json!({ "teamId": id, "name": id })).await.expect(201);
        }
        let member = json!({ "email": "bob@example.com", "roles": ["guide"], "name": "Bob" });
        let made = server.post("/v1/teams/climbers/memberships", member.clone()).await.expect(201);
        assert_eq!((made.text_of("userName"), &made.json["confirm"]), ("Bob", &json!(true)));
        refused_as(&server, (409, "team_invite_already_exists"), (409, "membership_already_confirmed"),
            async |c| c.post("/v1/teams/climbers/memberships", member.clone()).await).await;
        refused(&server, 404, "membership_not_found",
            async |c| c.get("/v1/teams/climbers/memberships/none").await).await;
        refused(&server, 404, "team_invite_not_found",
            async |c| c.delete("/v1/teams/climbers/memberships/none").await).await;
        let elsewhere = format!("/v1/teams/divers/memberships/{}", made.text_of("$id"));
        refused(&server, 404, "team_membership_mismatch", async |c| c.get(&elsewhere).await).await;
        let found = server.list("/v1/teams/climbers/memberships",
            &[r#"{"method":"contains","attribute":"roles","values":["guide"]}"#]).await.expect(200);
        assert_eq!((&found.json["total"], &found.json["memberships"][0]["userEmail"]), (&json!(1), &json!("bob@example.com")));
    }

    /// An organization keeps an owner.
    membership_deletion_prohibited proves [
        "appwrite-types-1.9.csv,membership_deletion_prohibited",
        "appwrite-types-1.9.csv,membership_downgrade_prohibited",
    ] (app) {
        let admin = app.admin("ada").await;
        let path = format!("/v1/teams/{}/memberships", admin.organization);
        let own = admin.console.get(&path).await.expect(200);
        let own = format!("{path}/{}", own.json["memberships"][0]["$id"].as_str().expect("a membership"));
        refused(&admin.console, 400, "membership_deletion_prohibited", async |c| c.delete(&own).await).await;
        refused(&admin.console, 400, "membership_downgrade_prohibited",
            async |c| c.patch(&own, json!({ "roles": ["developer"] })).await).await;
    }
}
