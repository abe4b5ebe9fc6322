//! Secrets as canaries: the real server logs everything it can, and none of them is in it.

#![expect(clippy::unwrap_used, reason = "what fails to start fails the test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use cairn_testkit::smtp::Sink;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// A server that logs at its most talkative; ended when dropped.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(dir: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.env_clear().current_dir(dir).stdin(Stdio::null()).env("CAIRN_LISTEN", "127.0.0.1:0");
    command
}

/// The status and the whole answer, head and body.
fn ask(address: &str, method: &str, path: &str, headers: &str, body: &Value) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let body = body.to_string();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Appwrite-Project: shop\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer[9..12].parse().unwrap(), answer)
}

#[test]
fn no_secret_is_in_any_log() {
    let dir = tempfile::tempdir().unwrap();
    let sink = Sink::start();
    sink.answer("refused@example.com", 550);
    let made = command(dir.path()).args(["init", "--json", "--project", "shop"]).output().unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let log_path = dir.path().join("log");
    let mut process = command(dir.path())
        .env("CAIRN_LOG_LEVEL", "trace")
        .env("CAIRN_SMTP_HOST", "127.0.0.1")
        .env("CAIRN_SMTP_PORT", sink.port().to_string())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log_path).unwrap())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line.trim().split_once("listening on http://").unwrap().1.to_owned();
    let mut server = Server { process, address };
    let post = |path: &str, headers: &str, body: Value| ask(&server.address, "POST", path, headers, &body);

    let key = format!("X-Appwrite-Key: {}\r\n", made["key"].as_str().unwrap());
    let ada = json!({ "userId": "ada", "email": "ada@example.com", "password": "canary password" });
    assert_eq!(post("/v1/account", "", ada).0, 201);
    let (page, to) = ("http://localhost/go", json!({ "userId": "unique()", "email": "ada@example.com" }));
    assert_eq!(post("/v1/account/tokens/magic-url", "", to).0, 201);
    let magic = sink.last_to("ada@example.com").link_param("secret");
    assert_eq!(post("/v1/account/recovery", "", json!({ "email": "ada@example.com", "url": page })).0, 201);
    let recovery = sink.wait_for("ada@example.com", 2).pop().unwrap().link_param("secret");
    let (status, custom) = post("/v1/users/ada/tokens", &key, json!({ "length": 40 }));
    assert_eq!(status, 201);
    let custom = custom.split_once("\"secret\":\"").unwrap().1[..40].to_owned();
    let used = json!({ "userId": "ada", "secret": magic });
    let (status, session) = ask(&server.address, "PUT", "/v1/account/sessions/magic-url", "", &used);
    assert_eq!(status, 201);
    let session = session.split_once("a_session_shop=").unwrap().1.split(';').next().unwrap().to_owned();
    // Refused ones are told more about: a used secret, a wrong one, a mail that nobody takes.
    assert_eq!(ask(&server.address, "PUT", "/v1/account/sessions/magic-url", "", &used).0, 401);
    let in_query = format!("/v1/account/verification?userId=ada&secret={recovery}");
    assert_eq!(ask(&server.address, "PUT", &in_query, "", &json!({})).0, 400);
    let refused = json!({ "userId": "unique()", "email": "refused@example.com" });
    assert_eq!(post("/v1/account/tokens/magic-url", "", refused).0, 201);

    kill_process(Pid::from_child(&server.process), Signal::TERM).unwrap();
    assert!(server.process.wait().unwrap().success());
    let log = std::fs::read_to_string(&log_path).unwrap();
    assert!(log.contains("a mail was given up"), "the log is the one of these requests");
    let secrets = [
        magic,
        recovery,
        custom,
        session,
        "canary password".to_owned(),
        made["key"].as_str().unwrap().to_owned(),
    ];
    for secret in secrets {
        assert!(!secret.is_empty() && !log.contains(&secret), "the log holds {secret}");
    }
}
