//! Cairn: prepared as its users prepare it, over the REST API, from the console's sign-up to a user's session.
//!
//! Rate limits are off (the reference allows 120 creations a minute), everything else is at its default.

use crate::endpoint::{Endpoint, Kind};
use crate::http::Caller;
use crate::servers::{Prepared, post};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tokio::time::sleep;

/// Answered 200 once it serves.
pub(crate) const HEALTH: &str = "/v1/health/version";

const FORMAT: &str = "X-Appwrite-Response-Format: 1.9.5\r\n";
const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "correct horse battery";
const COLLECTION: &str = "/v1/databases/bench/collections/records";
const SCOPES: &[&str] = &[
    "databases.read",
    "databases.write",
    "collections.read",
    "collections.write",
    "attributes.read",
    "attributes.write",
    "indexes.read",
    "indexes.write",
    "documents.read",
    "documents.write",
    "users.read",
    "users.write",
    "sessions.write",
];
/// Accounts that sign in.
const ACCOUNTS: usize = 250;
/// An empty collection's attributes and index are ready at once; the bound only ends a broken run.
const POLLS_MAX: usize = 500;
const POLL: Duration = Duration::from_millis(20);

/// The command that starts it.
pub(crate) fn command(binary: &Path, data: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(binary);
    command.arg("serve").current_dir(data);
    command.env("CAIRN_LISTEN", address.to_string()).env("CAIRN_DATA", data.join("cairn-data"));
    command.env("_APP_OPTIONS_ABUSE", "disabled").env("_APP_CONSOLE_WHITELIST_ROOT", "disabled");
    command
}

/// The console's first user with an organization, able to create projects.
pub(crate) struct Console {
    caller: Caller,
    team: String,
}

impl Console {
    /// Sign up, sign in and create the organization.
    pub(crate) async fn sign_up(address: SocketAddr) -> Result<Self> {
        let headers = project_headers("console");
        let mut caller = Caller::open(address, &headers).await?;
        let account = json!({ "userId": "unique()", "email": EMAIL, "password": PASSWORD, "name": "Bench" });
        caller.call("POST", "/v1/account", &account).await.context("signing up")?;
        let credentials = json!({ "email": EMAIL, "password": PASSWORD });
        let (head, _) = caller.call_with_head("POST", "/v1/account/sessions/email", &credentials).await?;
        let cookie = cookie(&head, "a_session_console").context("no session cookie in the answer")?;
        caller.headers = format!("{headers}Cookie: {cookie}\r\n");
        let team =
            caller.call("POST", "/v1/teams", &json!({ "teamId": "unique()", "name": "Bench" })).await?;
        Ok(Self { caller, team: id(&team)? })
    }

    /// The request that creates a project, to be sent by anyone.
    pub(crate) fn project_request(&self, project: &str) -> Vec<u8> {
        post("/v1/projects", &self.caller.headers, &self.project(project))
    }

    fn project(&self, project: &str) -> Value {
        json!({ "projectId": project, "name": project, "teamId": self.team, "region": "default" })
    }

    /// Create a project and return a secret of a key in it.
    async fn create_project(&mut self, project: &str) -> Result<String> {
        self.caller.call("POST", "/v1/projects", &self.project(project)).await?;
        let path = format!("/v1/projects/{project}/keys");
        let key = json!({ "keyId": "unique()", "name": "Bench", "scopes": SCOPES });
        let key = self.caller.call("POST", &path, &key).await?;
        Ok(key["secret"].as_str().context("the key has no secret")?.to_owned())
    }
}

/// Create `projects` projects, each with the collection, and a signed-in user in each; in the first one all accounts.
pub(crate) async fn prepare(address: SocketAddr, projects: usize) -> Result<Prepared> {
    let mut console = Console::sign_up(address).await.context("preparing the console")?;
    let mut endpoints = Vec::with_capacity(projects);
    let (mut sign_ins, mut refused) = (Vec::new(), Default::default());
    for place in 0..projects {
        let project = format!("bench-{place}");
        let key = console.create_project(&project).await.with_context(|| format!("creating {project}"))?;
        let headers = format!("{}X-Appwrite-Key: {key}\r\n", project_headers(&project));
        let mut server_side = Caller::open(address, &headers).await?;
        create_collection(&mut server_side).await.context("creating the collection")?;
        let (session, hash) = sign_user_in(&mut server_side).await.context("signing a user in")?;
        let headers = project_headers(&project);
        if place == 0 {
            sign_ins = import_users(&mut server_side, &hash, &headers).await.context("importing users")?;
            refused = [EMAIL, "nobody@example.com"].map(|email| {
                let wrong = json!({ "email": email, "password": "wrong horse battery" });
                post("/v0/auth/login", &headers, &wrong)
            });
        }
        endpoints.push(Endpoint {
            kind: Kind::Cairn,
            path: format!("{COLLECTION}/documents"),
            headers: format!("{headers}X-Appwrite-Session: {session}\r\n"),
            ids: Vec::new(),
        });
    }
    Ok(Prepared { endpoints, sign_ins, refused })
}

async fn create_collection(caller: &mut Caller) -> Result<()> {
    caller.call("POST", "/v1/databases", &json!({ "databaseId": "bench", "name": "Bench" })).await?;
    let permissions = ["create", "read", "update", "delete"].map(|action| format!("{action}(\"users\")"));
    let collection = json!({
        "collectionId": "records", "name": "Records", "permissions": permissions, "documentSecurity": false,
    });
    caller.call("POST", "/v1/databases/bench/collections", &collection).await?;
    for (key, size) in [("category", 32), ("title", 128), ("body", 1024)] {
        let attribute = json!({ "key": key, "size": size, "required": true });
        caller.call("POST", &format!("{COLLECTION}/attributes/string"), &attribute).await?;
    }
    let rank = json!({ "key": "rank", "required": true });
    caller.call("POST", &format!("{COLLECTION}/attributes/integer"), &rank).await?;
    wait_available(caller, "attributes", 4).await?;
    let index = json!({
        "key": "by_category_rank", "type": "key", "attributes": ["category", "rank"], "orders": ["ASC", "DESC"],
    });
    caller.call("POST", &format!("{COLLECTION}/indexes"), &index).await?;
    wait_available(caller, "indexes", 1).await
}

async fn wait_available(caller: &mut Caller, what: &str, count: usize) -> Result<()> {
    for _ in 0..POLLS_MAX {
        let list = caller.call("GET", &format!("{COLLECTION}/{what}"), &Value::Null).await?;
        let members = list[what].as_array().with_context(|| format!("no {what} in {list}"))?;
        ensure!(
            members.iter().all(|member| member["status"] != "failed"),
            "one of the {what} failed: {list}"
        );
        if members.len() == count && members.iter().all(|member| member["status"] == "available") {
            return Ok(());
        }
        sleep(POLL).await;
    }
    anyhow::bail!("the {what} did not become available")
}

/// The secret of the user's session, and the hash of the password.
async fn sign_user_in(caller: &mut Caller) -> Result<(String, String)> {
    let user = json!({ "userId": "bench-user", "email": EMAIL, "password": PASSWORD, "name": "Bench" });
    let user = caller.call("POST", "/v1/users", &user).await?;
    let session = caller.call("POST", "/v1/users/bench-user/sessions", &json!({})).await?;
    let text = |value: &Value, name: &str| {
        Ok::<_, anyhow::Error>(
            value[name].as_str().with_context(|| format!("there is no {name}"))?.to_owned(),
        )
    };
    Ok((text(&session, "secret")?, text(&user, "password")?))
}

/// The accounts come with the first one's hash, so that nobody waits for theirs; the requests that sign in to each.
///
/// The first one is none of them: of a user's sessions the oldest ends when there is one too many, and the load's is that.
async fn import_users(caller: &mut Caller, hash: &str, headers: &str) -> Result<Vec<Vec<u8>>> {
    let sign_in = |email: &str| {
        post("/v1/account/sessions/email", headers, &json!({ "email": email, "password": PASSWORD }))
    };
    let mut sign_ins = Vec::with_capacity(ACCOUNTS);
    for number in 1..=ACCOUNTS {
        let email = format!("bench-{number}@example.com");
        let user = json!({ "userId": "unique()", "email": email, "password": hash, "name": "Bench" });
        caller.call("POST", "/v1/users/argon2", &user).await?;
        sign_ins.push(sign_in(&email));
    }
    Ok(sign_ins)
}

fn project_headers(project: &str) -> String {
    format!("{FORMAT}X-Appwrite-Project: {project}\r\n")
}

fn id(value: &Value) -> Result<String> {
    Ok(value["$id"].as_str().with_context(|| format!("no $id in {value}"))?.to_owned())
}

fn cookie(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (header, value) = line.split_once(':')?;
        let pair = value.split(';').next()?.trim();
        let is_wanted = header.eq_ignore_ascii_case("set-cookie") && pair.split('=').next() == Some(name);
        is_wanted.then(|| pair.to_owned())
    })
}
