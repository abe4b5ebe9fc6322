//! A server process that can be killed, and a workshop of one project in it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use cairn_testkit::postgres::Postgres;
use serde_json::{Value, json};

/// Which engine the server keeps its data in.
pub(crate) enum Engine {
    Sqlite,
    /// The address of a database.
    Postgres(String),
}

impl Engine {
    /// A new database of this PostgreSQL.
    pub(crate) fn on(postgres: &Postgres, name: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        Self::Postgres(runtime.block_on(postgres.create_database(name)).expect("a database"))
    }
}

/// A data directory that outlives the servers in it.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

/// A running server; killed with SIGKILL when dropped.
pub(crate) struct Server {
    process: Child,
    endpoint: String,
}

impl Server {
    pub(crate) fn start(place: &Place, engine: &Engine) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command
            .arg("serve")
            .env_clear()
            .env("CAIRN_LISTEN", "127.0.0.1:0")
            .env("CAIRN_DATA", place.path())
            .env("_APP_OPTIONS_ABUSE", "disabled")
            .env("_APP_CONSOLE_WHITELIST_ROOT", "disabled")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Engine::Postgres(dsn) = engine {
            command.env("CAIRN_DATABASE", dsn);
        }
        let mut process = command.spawn().expect("cairn starts");
        let output = BufReader::new(process.stdout.take().expect("its output is piped"));
        let endpoint = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("listening on ")?.1.trim().to_owned()))
            .expect("cairn says where it listens");
        Self { process, endpoint }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A refusal: its status and body; 0 when the server did not answer.
pub(crate) type Refusal = (u16, Value);

/// A project with one collection, and the key to write to it.
pub(crate) struct Workshop {
    agent: ureq::Agent,
    endpoint: String,
    project: String,
    key: String,
}

const DOCUMENTS: &str = "/v1/databases/main/collections/notes/documents";

impl Workshop {
    /// Sign up, make a project, a key and a collection.
    pub(crate) fn open(server: &Server) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let mut shop = Self {
            agent: config.into(),
            endpoint: server.endpoint.clone(),
            project: String::new(),
            key: String::new(),
        };
        let account =
            json!({"userId": "unique()", "email": "ada@example.org", "password": "a-long-password"});
        shop.console("/v1/account", &account, None);
        let sign_in = json!({"email": "ada@example.org", "password": "a-long-password"});
        let cookie = shop.console("/v1/account/sessions/email", &sign_in, None).1;
        let session = Some(cookie.as_str());
        shop.console("/v1/teams", &json!({"teamId": "makers", "name": "Makers"}), session);
        let project = json!({"projectId": "crash", "name": "Crash", "teamId": "makers", "region": "default"});
        shop.console("/v1/projects", &project, session);
        let scopes = ["databases.write", "collections.write", "documents.read", "documents.write"];
        let key = json!({"keyId": "unique()", "name": "Key", "scopes": scopes});
        shop.key = text(&shop.console("/v1/projects/crash/keys", &key, session).0["secret"]);
        shop.project.push_str("crash");
        let made = |answer: Result<Value, Refusal>| answer.expect("the workshop is set up");
        made(shop.post("/v1/databases", &json!({"databaseId": "main", "name": "Main"})));
        let title = json!({"key": "title", "type": "string", "size": 100, "required": true});
        let notes = json!({"collectionId": "notes", "name": "Notes", "attributes": [title]});
        made(shop.post("/v1/databases/main/collections", &notes));
        shop
    }

    /// The same workshop after its server was started again.
    pub(crate) fn moved_to(&mut self, server: &Server) {
        self.endpoint.clone_from(&server.endpoint);
    }

    pub(crate) fn create_document(&self, id: &str) -> Result<Value, Refusal> {
        self.post(DOCUMENTS, &json!({"documentId": id, "data": {"title": id}}))
    }

    /// The ids of all documents, page by page.
    pub(crate) fn document_ids(&self) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        let mut last: Option<String> = None;
        loop {
            let mut queries = vec![json!({"method": "limit", "values": [100]})];
            queries.extend(last.iter().map(|id| json!({"method": "cursorAfter", "values": [id]})));
            let mut request = self.agent.get(format!("{}{DOCUMENTS}", self.endpoint));
            for query in &queries {
                request = request.query("queries[]", query.to_string());
            }
            let request =
                request.header("x-appwrite-project", &self.project).header("x-appwrite-key", &self.key);
            let page = answer(request.call()).expect("documents are listed");
            let documents = page["documents"].as_array().expect("a list").clone();
            ids.extend(documents.iter().map(|document| text(&document["$id"])));
            match documents.last() {
                Some(document) => last = Some(text(&document["$id"])),
                None => return ids,
            }
        }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let request = self.agent.post(format!("{}{path}", self.endpoint));
        let request = request.header("x-appwrite-project", &self.project).header("x-appwrite-key", &self.key);
        answer(request.send_json(body))
    }

    /// A request to the console: its body and the session cookie that it set.
    fn console(&self, path: &str, body: &Value, session: Option<&str>) -> (Value, String) {
        let mut request = self.agent.post(format!("{}{path}", self.endpoint));
        request = request.header("x-appwrite-project", "console");
        if let Some(session) = session {
            request = request.header("cookie", session);
        }
        let response = request.send_json(body).expect("the console answers");
        let cookies = response.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
        let cookie = cookies
            .filter_map(|line| line.split(';').next())
            .find(|pair| pair.starts_with("a_session_console="))
            .unwrap_or_default()
            .to_owned();
        (answer(Ok(response)).expect("the console agrees"), cookie)
    }
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refusal> {
    let mut response = result.map_err(|error| (0, json!(error.to_string())))?;
    let status = response.status().as_u16();
    let body = response.body_mut().read_json().unwrap_or(Value::Null);
    if (200..300).contains(&status) { Ok(body) } else { Err((status, body)) }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
