//! Who asks: guests, users, applications with a key, console admins; and the project they ask about.
//!
//! Accounts and sessions are made through the API, as people do it; projects as `cairn init` does.

use cairn_core::keys::{self, NewKey};
use cairn_core::setup::{self, NewSetup};
use cairn_model::keys::KeyRing;
use http::Method;
use serde_json::{Value, json};

use super::{Answer, RequestBuilder, TestApp};

/// The password of everybody in tests.
const PASSWORD: &str = "correct horse battery";

/// One actor in one project: what it sends carries its headers.
#[derive(Clone)]
pub struct Client<'a> {
    app: &'a TestApp,
    headers: Vec<(&'static str, String)>,
}

impl<'a> Client<'a> {
    fn new(app: &'a TestApp, headers: Vec<(&'static str, String)>) -> Self {
        Self { app, headers }
    }

    /// The same actor with one more header.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.to_owned()));
        client
    }

    /// A request of this actor, to be filled in.
    pub fn request(&self) -> RequestBuilder<'a> {
        self.headers.iter().fold(self.app.request(), |request, (name, value)| request.header(name, value))
    }

    /// GET this path.
    pub async fn get(&self, path: &str) -> Answer {
        self.request().get(path).send().await
    }

    /// GET this path with `queries[]`.
    pub async fn list(&self, path: &str, queries: &[&str]) -> Answer {
        let pairs: Vec<(&str, &str)> = queries.iter().map(|query| ("queries[]", *query)).collect();
        self.request().get(path).query(&pairs).send().await
    }

    /// POST JSON to this path.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request().post(path).json(&body).send().await
    }

    /// PUT JSON to this path.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.request().put(path).json(&body).send().await
    }

    /// PATCH this path with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request().patch(path).json(&body).send().await
    }

    /// DELETE this path.
    pub async fn delete(&self, path: &str) -> Answer {
        self.request().to(Method::DELETE, path).send().await
    }
}

/// A console user with an organization.
pub struct Admin<'a> {
    /// Speaks to the console project.
    pub console: Client<'a>,
    /// The organization's id.
    pub organization: String,
    app: &'a TestApp,
    email: String,
    session: String,
}

/// A project with an application's key.
pub struct Project<'a> {
    /// Its id.
    pub id: String,
    /// Who made it.
    pub admin: Admin<'a>,
    app: &'a TestApp,
    key: String,
}

/// A signed-in user of a project.
pub struct User<'a> {
    /// The account's id.
    pub id: String,
    /// The account's address.
    pub email: String,
    /// The secret of its session.
    pub secret: String,
    /// Speaks to the project as this user.
    pub client: Client<'a>,
}

impl TestApp {
    /// Somebody whom nobody knows.
    pub fn guest<'a>(&'a self, project: &str) -> Client<'a> {
        Client::new(self, vec![("x-appwrite-project", project.to_owned())])
    }

    /// A new console user with an organization. Needs a console that is open for sign-up.
    pub async fn admin(&self, name: &str) -> Admin<'_> {
        let console = self.guest("console");
        let user = sign_up(self, &console, name).await;
        let team = json!({ "teamId": format!("{name}-org"), "name": name });
        let organization = user.client.post("/v1/teams", team).await.expect(201).text_of("$id").to_owned();
        Admin { console: user.client, organization, app: self, email: user.email, session: user.secret }
    }

    /// A new project of a new admin, with a key that has every scope.
    pub async fn project(&self) -> Project<'_> {
        let admin = self.admin("admin").await;
        admin.project("shop").await
    }
}

impl<'a> Admin<'a> {
    /// A new project in the organization, with a key that has every scope.
    ///
    /// # Panics
    /// When there is such a project already.
    pub async fn project(self, id: &str) -> Project<'a> {
        let new = NewSetup {
            email: self.email.clone(),
            password: String::new(),
            name: String::new(),
            organization: String::new(),
            project_id: id.to_owned(),
            project_name: id.to_owned(),
        };
        let made = setup::init(&self.app.app, new).await.expect("a project can be made");
        assert_eq!(made.organization.as_str(), self.organization, "the admin's own organization");
        Project { id: id.to_owned(), app: self.app, admin: self, key: made.key }
    }
}

impl<'a> Project<'a> {
    /// Somebody whom nobody knows.
    pub fn guest(&self) -> Client<'a> {
        self.app.guest(&self.id)
    }

    /// An application with every scope.
    pub fn server(&self) -> Client<'a> {
        self.guest().with("x-appwrite-key", &self.key)
    }

    /// An application with these scopes alone.
    ///
    /// # Panics
    /// When the project is gone.
    pub async fn server_with(&self, scopes: &[&str]) -> Client<'a> {
        let new = NewKey {
            id: "unique()".to_owned(),
            name: "Few".to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expires: None,
        };
        let key = keys::create(&self.app.cx(&self.id).await, KeyRing::Standard, new)
            .await
            .expect("a key can be made");
        self.guest().with("x-appwrite-key", &key.secret)
    }

    /// The admin, in the project as the console is.
    pub fn console(&self) -> Client<'a> {
        self.guest().with("x-appwrite-mode", "admin").with("x-appwrite-session", &self.admin.session)
    }

    /// A new user, signed in by e-mail and password; `name` makes the id and the address.
    pub async fn user(&self, name: &str) -> User<'a> {
        sign_up(self.app, &self.guest(), name).await
    }
}

async fn sign_up<'a>(app: &'a TestApp, guest: &Client<'a>, name: &str) -> User<'a> {
    let email = format!("{name}@example.com");
    let account = json!({ "userId": name, "email": email, "password": PASSWORD, "name": name });
    let id = guest.post("/v1/account", account).await.expect(201).text_of("$id").to_owned();
    let credentials = json!({ "email": email, "password": PASSWORD });
    let session = guest.post("/v1/account/sessions/email", credentials).await.expect(201);
    let project = guest.headers.iter().find(|(name, _)| *name == "x-appwrite-project");
    let project = project.map(|(_, id)| id.clone()).unwrap_or_default();
    // Guests do not see the secret in the body, but their browser gets it.
    let secret =
        session.cookie(&format!("a_session_{project}")).expect("the answer sets the session's cookie");
    let secret = secret.to_owned();
    let client = app.guest(&project).with("x-appwrite-session", &secret);
    User { id, email, secret, client }
}
