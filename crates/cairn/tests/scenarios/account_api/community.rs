//! Profiles, pictures, bans, roles, groups, notices and logs.

use serde_json::json;

use super::{Post, arrive, arrive_as_admin};
use crate::formats::expect_reason;
use crate::scenarios;

/// The smallest bytes that are a PNG to whoever looks at the beginning.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest of a picture";

/// A multipart body with one file.
pub(super) fn upload(bytes: &[u8]) -> Vec<u8> {
    let mut body =
        b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

pub(super) const MULTIPART: &str = "multipart/form-data; boundary=edge";

scenarios! {
    /// A profile is changed by its owner and found by others.
    profiles_are_changed_and_found proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let (emma, maria) = (arrive(&post, &project, "emma").await, arrive(&post, &project, "maria").await);
        let patch = json!({ "handle": "Emma_W", "display_name": "Emma Woodhouse", "bio": "Reads novels" });
        let changed = emma.client.patch("/v0/user/me", patch).await.expect(200);
        assert_eq!((changed.text_of("handle"), changed.text_of("bio")), ("Emma_W", "Reads novels"));
        let taken = maria.client.patch("/v0/user/me", json!({ "handle": "Emma_W" })).await;
        expect_reason(&taken, 409, "user:handle_already_exists");
        for unfit in [json!({ "handle": "x" }), json!({ "display_name": "<b>" }), json!({ "bio": " " })] {
            expect_reason(&emma.client.patch("/v0/user/me", unfit).await, 400, "general:validation_error");
        }
        let cleared = emma.client.patch("/v0/user/me", json!({ "bio": null })).await.expect(200);
        assert_eq!(cleared.json.get("bio"), None);
        let guest = project.guest();
        let found = guest.get("/v0/search/users?query=woodhouse&page=1&page_size=10").await.expect(200);
        assert_eq!((&found.json["total_hits"], &found.json["users"][0]["handle"]), (&json!(1), &json!("Emma_W")));
        let by_id = guest.get(&format!("/v0/users/profile/id?user_id={}", emma.id)).await.expect(200);
        assert_eq!(by_id.text_of("display_name"), "Emma Woodhouse");
        expect_reason(&guest.get("/v0/users/profile/id?user_id=nobody").await, 404, "user:not_found");
        expect_reason(&guest.get("/v0/search/users?page=1").await, 400, "general:validation_error");
    }

    /// Pictures are checked by their content.
    pictures proves [
        "reason-codes.csv,file:upload_error", "reason-codes.csv,file:not_found", "reason-codes.csv,file:read_error",
        "reason-codes-more.csv,file:unsupported_type",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let path = "/v0/user/me/profile-image";
        let send = async |body: Vec<u8>| emma.client.request().post(path).body(MULTIPART, body).send().await;
        let set = send(upload(PNG)).await.expect(201);
        let url = set.text_of("image_url").to_owned();
        let picture = project.guest().get(&url).await.expect(200);
        assert_eq!((picture.body.as_slice(), picture.header("content-type")), (PNG, "image/png"));
        assert_eq!(emma.client.get("/v0/user/me").await.expect(200).text_of("profile_image"), url);
        expect_reason(&send(upload(b"<svg onload=evil>")).await, 415, "file:unsupported_type");
        expect_reason(&send(upload(b"")).await, 400, "general:bad_request");
        expect_reason(&send(b"--edge\r\ncontent-disposition: form".to_vec()).await, 400, "file:read_error");
        let field = b"--edge\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\ntext\r\n--edge--\r\n";
        expect_reason(&send(field.to_vec()).await, 400, "file:upload_error");
        emma.client.delete(path).await.expect(204);
        expect_reason(&emma.client.delete(path).await, 404, "system:not_found");
        expect_reason(&project.guest().get(&url).await, 400, "file:not_found");
    }

    /// Administrators ban and give roles; the gate is the same for all of it.
    bans_and_roles proves [
        "reason-codes.csv,user:not_verified",
        "reason-codes-more.csv,user:already_banned", "reason-codes-more.csv,user:not_banned",
        "reason-codes-more.csv,user:already_has_role", "reason-codes-more.csv,user:does_not_have_role",
        "reason-codes-more.csv,user:cannot_manage_self", "reason-codes-more.csv,user:cannot_manage_higher_or_equal_role",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let ada = arrive_as_admin(&post, &project, "adalove").await;
        let (emma, other) = (arrive(&post, &project, "emma").await, arrive_as_admin(&post, &project, "other").await);
        let ban = async |id: &str| ada.client.post("/v0/users/ban", json!({ "user_id": id, "reason": "spam" })).await;
        let unban = async || ada.client.post("/v0/users/unban", json!({ "user_id": emma.id, "reason": "sorry" })).await;
        let by_emma = emma.client.post("/v0/users/ban", json!({ "user_id": ada.id, "reason": "x" })).await;
        expect_reason(&by_emma, 403, "user:permission_insufficient");
        expect_reason(&ban(&ada.id).await, 403, "user:cannot_manage_self");
        expect_reason(&ban("nobody").await, 404, "user:not_found");
        expect_reason(&ban(&other.id).await, 403, "user:cannot_manage_higher_or_equal_role");
        expect_reason(&unban().await, 400, "user:not_banned");
        ban(&emma.id).await.expect(200);
        expect_reason(&ban(&emma.id).await, 409, "user:already_banned");
        let seen = project.guest().get("/v0/users/profile?handle=emma").await.expect(200);
        assert_eq!((&seen.json["is_banned"], seen.text_of("ban_reason")), (&json!(true), "spam"));
        emma.client.get("/v0/user/me").await.expect(200);
        expect_reason(&emma.client.get("/v0/groups").await, 403, "user:banned");
        unban().await.expect(200);
        let ahead = json!({ "user_id": emma.id, "reason": "a day", "expires_at": "2020-01-01T00:00:00Z" });
        expect_reason(&ada.client.post("/v0/users/ban", ahead).await, 400, "general:validation_error");
        let role = json!({ "user_id": emma.id, "role": "mod", "reason": "helps" });
        ada.client.post("/v0/users/roles/grant", role.clone()).await.expect(200);
        let twice = ada.client.post("/v0/users/roles/grant", role.clone()).await;
        expect_reason(&twice, 409, "user:already_has_role");
        emma.client.get("/v0/groups").await.expect(200);
        let held = emma.client.get("/v0/user/me/permissions").await.expect(200);
        assert_eq!(held.json["permissions"].as_array().map(Vec::len), Some(3));
        ada.client.post("/v0/users/roles/revoke", role.clone()).await.expect(200);
        let twice = ada.client.post("/v0/users/roles/revoke", role).await;
        expect_reason(&twice, 400, "user:does_not_have_role");
        expect_reason(&emma.client.get("/v0/groups").await, 403, "user:permission_insufficient");
        // A moderator whose address is not proved does nothing as one.
        let verified = json!({ "emailVerification": false });
        project.server().patch(&format!("/v1/users/{}/verification", ada.id), verified).await.expect(200);
        expect_reason(&ada.client.get("/v0/groups").await, 401, "user:not_verified");
    }

    /// What ends by itself counts for nothing afterwards.
    a_ban_ends_by_itself proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let ada = arrive_as_admin(&post, &project, "adalove").await;
        let emma = arrive(&post, &project, "emma").await;
        let until = post.app.clock.now().plus_seconds(3_600).to_wire();
        let ban = json!({ "user_id": emma.id, "reason": "an hour", "expires_at": until });
        let banned = ada.client.post("/v0/users/ban", ban).await.expect(200);
        assert_eq!(banned.text_of("expires_at"), until);
        post.app.clock.advance_ms(1_000 * 3_601);
        let own = emma.client.get("/v0/user/me").await.expect(200);
        assert_eq!(own.json["is_banned"], false);
    }

    /// Groups have members and permissions.
    groups proves [
        "reason-codes-more.csv,group:not_found", "reason-codes-more.csv,group:already_exists",
        "reason-codes-more.csv,group:member_not_found", "reason-codes-more.csv,group:member_already_exists",
        "reason-codes-more.csv,permission:invalid",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let ada = arrive_as_admin(&post, &project, "adalove").await;
        let emma = arrive(&post, &project, "emma").await;
        let new = json!({ "name": "Helpers", "reason": "to help" });
        let group = ada.client.post("/v0/groups", new.clone()).await.expect(200).text_of("id").to_owned();
        expect_reason(&ada.client.post("/v0/groups", new).await, 409, "group:already_exists");
        let replace = async |id: &str, names: &[&str]| {
            let body = json!({ "group_id": id, "permissions": names, "reason": "so" });
            ada.client.post("/v0/groups/permissions/replace", body).await
        };
        expect_reason(&replace(&group, &["board:fly"]).await, 400, "permission:invalid");
        expect_reason(&replace("nothing", &["board:manage"]).await, 404, "group:not_found");
        replace(&group, &["board:manage", "board:manage"]).await.expect(200);
        let member = json!({ "group_id": group, "user_id": emma.id });
        let added = ada.client.post("/v0/groups/members", member.clone()).await.expect(200);
        expect_reason(&ada.client.post("/v0/groups/members", member).await, 409, "group:member_already_exists");
        let held = emma.client.get("/v0/user/me/permissions").await.expect(200);
        assert_eq!(held.json["permissions"], json!(["board:manage"]));
        let listed = ada.client.get(&format!("/v0/groups/members?group_id={group}&limit=10")).await.expect(200);
        assert_eq!((listed.json["data"].as_array().map(Vec::len), &listed.json["has_more"]), (Some(1), &json!(false)));
        let remove = json!({ "member_id": added.text_of("id"), "reason": "done" });
        ada.client.post("/v0/groups/members/remove", remove.clone()).await.expect(200);
        let twice = ada.client.post("/v0/groups/members/remove", remove).await;
        expect_reason(&twice, 404, "group:member_not_found");
        let delete = json!({ "group_id": group, "reason": "no need" });
        ada.client.post("/v0/groups/delete", delete.clone()).await.expect(200);
        expect_reason(&ada.client.post("/v0/groups/delete", delete).await, 404, "group:not_found");
        expect_reason(&emma.client.get("/v0/permissions").await, 403, "user:permission_insufficient");
        assert_eq!(ada.client.get("/v0/permissions").await.expect(200).json["permissions"].as_array().map(Vec::len), Some(4));
    }

    /// Whoever is banned is told, and what moderators do is written down.
    notices_and_logs proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let ada = arrive_as_admin(&post, &project, "adalove").await;
        let emma = arrive(&post, &project, "emma").await;
        for reason in ["one", "two", "three"] {
            let body = json!({ "user_id": emma.id, "reason": reason });
            ada.client.post("/v0/users/ban", body.clone()).await.expect(200);
            ada.client.post("/v0/users/unban", body).await.expect(200);
        }
        let count = async || emma.client.get("/v0/notifications/unread/count").await.expect(200).json["count"].clone();
        assert_eq!(count().await, 6);
        let page = emma.client.get("/v0/notifications/list?limit=2").await.expect(200);
        assert_eq!((&page.json["has_newer"], &page.json["has_older"]), (&json!(false), &json!(true)));
        let (newest, second) = (page.json["data"][0]["id"].clone(), page.json["data"][1]["id"].clone());
        let next = format!("/v0/notifications/list?limit=9&cursor_notification_id={}", second.as_str().unwrap_or_default());
        let older = emma.client.get(&next).await.expect(200);
        assert_eq!(older.json["data"].as_array().map(Vec::len), Some(4));
        let newer = emma.client.get(&format!("{next}&cursor_direction=Newer")).await.expect(200);
        assert_eq!(newer.json["data"][0]["id"], newest);
        let one = json!({ "notification_id": newest });
        emma.client.post("/v0/notifications/mark-as-read", one.clone()).await.expect(204);
        expect_reason(&emma.client.post("/v0/notifications/mark-as-read", one.clone()).await, 404, "system:not_found");
        expect_reason(&ada.client.post("/v0/notifications/delete", one.clone()).await, 404, "system:not_found");
        emma.client.post("/v0/notifications/delete", one).await.expect(204);
        emma.client.post("/v0/notifications/mark-all-as-read", json!({})).await.expect(204);
        assert_eq!(count().await, 0);
        let off = json!({ "updates": [{ "action": "system_announcement", "enabled": false }] });
        emma.client.post("/v0/notifications/preferences/actions/update", off).await.expect(200);
        let by_mail = json!({ "email_enabled": true });
        let changed = emma.client.post("/v0/notifications/preferences/update", by_mail).await.expect(200);
        assert_eq!((&changed.json["email_enabled"], &changed.json["push_enabled"]), (&json!(true), &json!(false)));
        ada.client.post("/v0/users/ban", json!({ "user_id": emma.id, "reason": "four" })).await.expect(200);
        assert_eq!(count().await, 0, "who does not want to hear is not told");
        let logs = ada.client.get("/v0/moderation/logs?limit=3").await.expect(200);
        assert_eq!((&logs.json["data"][0]["action"], &logs.json["data"][0]["summary"]), (&json!("user:ban"), &json!("four")));
        expect_reason(&project.guest().get("/v0/moderation/logs?limit=3").await, 401, "user:unauthorized");
        expect_reason(&emma.client.get("/v0/moderation/logs?limit=3").await, 403, "user:banned");
        project.guest().get("/v0/action-logs?limit=3").await.expect(200);
    }
}
