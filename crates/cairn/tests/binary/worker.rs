//! The mail worker as a process of its own, beside a server: the real binary, twice.

use std::path::Path;
use std::process::Command;

use cairn_testkit::provider::Provider as Fake;
use cairn_testkit::smtp::Sink;
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Server, cairn, dir, init, stderr};

const SECRET: &str = "what both sides know";
const PASSWORD: &str = "correct horse battery";

/// A worker whose mail server is the sink.
fn worker(dir: &Path, sink: &Sink, secret: &str) -> Server {
    let mut command = cairn(dir);
    command.arg("worker").env_remove("CAIRN_LISTEN").env("CAIRN_WORKER_LISTEN", "127.0.0.1:0");
    command.env("CAIRN_SMTP_HOST", "127.0.0.1").env("CAIRN_SMTP_PORT", sink.port().to_string());
    Server::start(command.env("CAIRN_WORKER_SECRET", secret))
}

/// A server with a project, whose mails go to a worker at this address. It has no mail server of its own.
struct Place {
    server: Server,
    agent: ureq::Agent,
    _dir: TempDir,
}

impl Place {
    fn open(worker: &str) -> Self {
        let dir = dir();
        init(dir.path(), &["--project", "library"]);
        let mut command: Command = cairn(dir.path());
        let server =
            Server::start(command.env("CAIRN_WORKER_URL", worker).env("CAIRN_WORKER_SECRET", SECRET));
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self { server, agent: config.into(), _dir: dir }
    }

    /// Status and body of the answer.
    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("http://{}{path}", self.server.address);
        let request = self.agent.post(url).header("x-appwrite-project", "library");
        let mut answer = request.send_json(body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null))
    }

    fn sign_up(&self, handle: &str) -> (u16, Value) {
        let email = format!("{handle}@example.com");
        let new = json!({ "email": email, "handle": handle, "display_name": handle, "password": PASSWORD });
        self.post("/v0/auth/signup", &new)
    }
}

#[track_caller]
fn refused(answer: (u16, Value), status: u16, code: &str) {
    assert_eq!(
        (answer.0, answer.1["code"].as_str()),
        (status, Some(code)),
        "expected {code}, came {}",
        answer.1
    );
}

#[test]
fn mails_of_a_server_go_out_through_its_worker() {
    let (sink, home) = (Sink::start(), dir());
    let worker = worker(home.path(), &sink, SECRET);
    assert!(worker.get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(!home.path().join("cairn-data").exists(), "a worker has no store");
    let place = Place::open(&format!("http://{}", worker.address));

    assert_eq!(place.sign_up("emma").0, 202);
    let token = sink.last_to("emma@example.com").link_param("token");
    let (status, tokens) = place.post("/v0/app/auth/verify-email", &json!({ "token": token }));
    assert_eq!(status, 200, "{tokens}");
    let forgot = || place.post("/v0/auth/forgot-password", &json!({ "email": "emma@example.com" }));
    assert_eq!(forgot().0, 204);
    sink.wait_for("emma@example.com", 2);

    // The worker is there and says that its mail server does not take the mail, for good or for now.
    for (handle, code) in [("maria", 550), ("marie", 451)] {
        sink.answer(&format!("{handle}@example.com"), code);
        refused(place.sign_up(handle), 502, "worker:verification_email_send_failed");
    }
    sink.answer("emma@example.com", 550);
    refused(forgot(), 502, "worker:password_reset_email_send_failed");

    // Mails of the other surface wait in the server's queue, and come again where the worker could not send them.
    sink.answer("ada@example.com", 451);
    let link = json!({ "userId": "unique()", "email": "ada@example.com" });
    assert_eq!(place.post("/v1/account/tokens/magic-url", &link).0, 201);
    sink.answer("ada@example.com", 250);
    assert!(sink.last_to("ada@example.com").text().contains("secret="), "the link arrives");

    assert_eq!(worker.stop(Signal::TERM).0, Some(0));
    refused(place.sign_up("clara"), 503, "worker:connection_failed");
    assert_eq!(place.server.stop(Signal::TERM).0, Some(0));
}

#[test]
fn an_answer_that_no_worker_of_ours_gave_is_none() {
    // Something else answers there, also with what a worker would say.
    let fake = Fake::start();
    for (status, body) in [(200, "{\"is_done\":true}"), (200, "hello"), (404, "")] {
        fake.answer("/mails", status, body);
        let place = Place::open(&fake.origin());
        refused(place.sign_up("emma"), 502, "worker:response_invalid");
    }
    let asked = fake.asked();
    assert!(asked.iter().all(|asked| !format!("{asked:?}").contains(SECRET)), "the secret never travels");

    // A worker of somebody else's.
    let (sink, home) = (Sink::start(), dir());
    let worker = worker(home.path(), &sink, "another secret");
    let place = Place::open(&format!("http://{}", worker.address));
    refused(place.sign_up("emma"), 502, "worker:response_invalid");
    let (_, mails) = (worker.stop(Signal::TERM), sink.mails());
    assert!(mails.is_empty(), "nobody without the secret has mail sent");
}

#[test]
fn a_worker_and_its_server_say_what_they_lack() {
    for (arguments, variables, sentence) in [
        (&["worker"][..], &[("CAIRN_SMTP_HOST", "localhost")][..], "`worker_secret`"),
        (&["worker"], &[("CAIRN_WORKER_SECRET", "s")], "`smtp_host` is not set"),
        (&["serve"], &[("CAIRN_WORKER_URL", "http://127.0.0.1:1")], "`worker_secret`, which is not set"),
        (
            &["serve"],
            &[("CAIRN_WORKER_URL", "127.0.0.1:1"), ("CAIRN_WORKER_SECRET", "s")],
            "CAIRN_WORKER_URL",
        ),
    ] {
        let dir = dir();
        let output = cairn(dir.path()).args(arguments).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
    }
    let dir = dir();
    let help = cairn(dir.path()).args(["worker", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for part in ["CAIRN_WORKER_SECRET", "--worker-listen", "--smtp-host", "/healthz"] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
    assert!(!help.contains("--data"), "what means nothing to a worker is no flag of it:\n{help}");
}
