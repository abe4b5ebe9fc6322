//! The account API, `/v0`: sign-up by mail, sign-in, profiles and a community's administration.

pub(crate) mod community;
pub(crate) mod connections;
pub(crate) mod entrance;
pub(crate) mod factors;
pub(crate) mod natives;
pub(crate) mod recovery;
pub(crate) mod sheet;

use cairn_core::mail::{MailOptions, MailServer};
use cairn_testkit::app::{Client, Project, TestApp, TestOptions};
use cairn_testkit::smtp::{Mail, Sink};
use serde_json::json;

/// A password as long as this surface wants it.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server whose mail comes to a sink.
pub(crate) struct Post {
    pub(crate) app: TestApp,
    pub(crate) sink: Sink,
}

impl Post {
    pub(crate) async fn open(app: &TestApp) -> Self {
        Self::open_with(app, |options| options).await
    }

    pub(crate) async fn open_with(app: &TestApp, change: impl FnOnce(TestOptions) -> TestOptions) -> Self {
        let sink = Sink::start();
        let server = MailServer { host: "127.0.0.1".to_owned(), port: sink.port(), ..MailServer::default() };
        let mail = MailOptions { server: Some(server), ..MailOptions::default() };
        let options = change(TestOptions { mail, ..TestOptions::default() });
        Self { app: TestApp::start_with(app.engine(), options).await, sink }
    }

    /// The token of the newest link that was mailed to this address.
    pub(crate) fn token(&self, address: &str, nth: usize) -> String {
        let mails = self.sink.wait_for(address, nth);
        token_of(&mails[nth - 1])
    }
}

/// The token of the link in a mail.
pub(crate) fn token_of(mail: &Mail) -> String {
    mail.link_param("token")
}

/// Somebody who came by this surface, signed in with a token.
pub(crate) struct Person<'a> {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) device: String,
    pub(crate) client: Client<'a>,
}

/// Sign up as this handle, follow the link, and be signed in.
pub(crate) async fn arrive<'a>(post: &'a Post, project: &Project<'a>, handle: &str) -> Person<'a> {
    let email = format!("{handle}@example.com");
    let guest = post.app.guest(&project.id);
    let new = json!({ "email": &email, "handle": handle, "display_name": handle, "password": PASSWORD });
    guest.post("/v0/auth/signup", new).await.expect(202);
    let token = post.token(&email, 1);
    let tokens = guest.post("/v0/app/auth/verify-email", json!({ "token": token })).await.expect(200);
    let (token, device) = (tokens.text_of("token").to_owned(), tokens.text_of("device_token").to_owned());
    let client = guest.with("authorization", &format!("Bearer {token}"));
    let id = client.get("/v0/user/me").await.expect(200).text_of("id").to_owned();
    Person { id, email, device, client }
}

/// The same, as an administrator: the project's owner gave the label.
pub(crate) async fn arrive_as_admin<'a>(post: &'a Post, project: &Project<'a>, handle: &str) -> Person<'a> {
    let person = arrive(post, project, handle).await;
    let labels = json!({ "labels": ["admin"] });
    project.server().put(&format!("/v1/users/{}/labels", person.id), labels).await.expect(200);
    person
}

/// Sign in from the person's own device; the token.
pub(crate) async fn sign_in(
    post: &Post,
    project: &Project<'_>,
    person: &Person<'_>,
    password: &str,
) -> String {
    let app = post.app.guest(&project.id).with("x-device-token", &person.device);
    let answer = app.post("/v0/app/auth/login", json!({ "email": person.email, "password": password })).await;
    answer.expect(200).text_of("token").to_owned()
}

/// A client with this token.
pub(crate) fn holder<'a>(post: &'a Post, project: &Project<'_>, token: &str) -> Client<'a> {
    post.app.guest(&project.id).with("authorization", &format!("Bearer {token}"))
}
