//! The real binary: what it prints, how it ends, and what it refuses.

#![expect(clippy::unwrap_used, reason = "what fails to start fails the test")]

mod countries;
mod refusals;
mod worker;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The binary with an empty environment, in a directory of its own.
fn cairn(dir: &Path) -> Command {
    run(Path::new(env!("CARGO_BIN_EXE_cairn")), dir)
}

/// The same of another file.
fn run(binary: &Path, dir: &Path) -> Command {
    let mut command = Command::new(binary);
    command.env_clear().current_dir(dir).stdin(Stdio::null());
    command.env("CAIRN_LISTEN", "127.0.0.1:0");
    command
}

/// A server that runs; ended when dropped.
struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    /// What it printed up to its address, which is the end of the last line.
    address: String,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once("listening on http://").unwrap_or_else(|| panic!("{line}"));
        Self { address: address.to_owned(), process, stdout }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Send the signal and wait; gives back the exit code and the rest of what was printed.
    fn stop(mut self, signal: Signal) -> (Option<i32>, String) {
        // It may be ending already.
        let _ = kill_process(Pid::from_child(&self.process), signal);
        let code = self.process.wait().unwrap().code();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (code, rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn dir() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn it_serves_without_a_command_and_ends_in_order() {
    let dir = dir();
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::start(&mut cairn(dir.path()));
        let answer = server.get("/healthz");
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("{\"status\":\"ok\"}"),
            "{answer}"
        );
        let answer = server.get("/readyz");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("sqlite"), "{answer}");
        let answer = server.get("/v1/health/version");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("1.9.6"), "{answer}");
        let (code, rest) = server.stop(signal);
        assert_eq!(code, Some(0));
        assert!(rest.contains("X-Cairn-Setup-Code"), "nobody has signed up yet: {rest}");
    }
}

#[test]
fn the_data_is_for_its_owner_alone() {
    let dir = dir();
    let server = Server::start(cairn(dir.path()).arg("serve"));
    let mode = |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("cairn-data"), 0o700);
    assert_eq!(mode("cairn-data/secret.key"), 0o600);
    let key = std::fs::read_to_string(dir.path().join("cairn-data/secret.key")).unwrap();
    assert_eq!(server.stop(Signal::TERM).0, Some(0));
    let server = Server::start(cairn(dir.path()).arg("serve"));
    assert_eq!(std::fs::read_to_string(dir.path().join("cairn-data/secret.key")).unwrap(), key, "made once");
    drop(server);
}

#[test]
fn an_open_console_needs_no_code() {
    let dir = dir();
    let server = Server::start(cairn(dir.path()).env("_APP_CONSOLE_WHITELIST_ROOT", "disabled"));
    let (_, rest) = server.stop(Signal::TERM);
    assert_eq!(rest, "");
}

#[test]
fn what_is_unknown_stops_the_start() {
    for (name, value, arguments, sentence) in [
        (
            "CAIRN_LISTNE",
            "x",
            &[][..],
            "There is no environment variable `CAIRN_LISTNE`. Did you mean `CAIRN_LISTEN`?",
        ),
        (
            "CAIRN_DURABILITY",
            "lax",
            &[],
            "CAIRN_DURABILITY: `lax` cannot be used: one of these is needed: strict, relaxed.",
        ),
        ("_APP_REDIS_HOST", "redis", &["--lisen", "x"], "unexpected argument '--lisen' found"),
        ("_APP_REDIS_HOST", "redis", &["serve", "--listen", "x"], "--listen: `x` cannot be used"),
    ] {
        let dir = dir();
        let output = cairn(dir.path()).env(name, value).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
        assert!(!dir.path().join("cairn-data").exists(), "nothing is made before the settings are good");
    }
}

#[test]
fn settings_are_printed_without_secrets() {
    let dir = dir();
    let output = cairn(dir.path())
        .args(["config", "--hash-threads", "3"])
        .env("CAIRN_SECRET_KEY", "geheim")
        .env("_APP_DOMAIN", "api.example.com")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for line in ["hash_threads = \"3\"  # not the default", "domain = \"api.example.com\"  # not the default"]
    {
        assert!(printed.lines().any(|printed| printed == line), "{printed}");
    }
    assert!(!printed.contains("geheim"), "{printed}");
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let dir = dir();
    for arguments in [
        &["config"][..],
        &["explain", "user_blocked"],
        &["explain", "--json", "603"],
        &["--help"],
        &["serve", "--help"],
    ] {
        // The other end is closed before the first byte, as `| head -0` does.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output =
            cairn(dir.path()).args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn codes_are_explained() {
    let dir = dir();
    let known = cairn(dir.path()).args(["explain", "user_blocked"]).output().unwrap();
    assert!(known.status.success());
    assert!(String::from_utf8_lossy(&known.stdout).contains("The account is blocked."));
    let mistyped = cairn(dir.path()).args(["explain", "user_bloked"]).output().unwrap();
    assert_eq!(mistyped.status.code(), Some(1));
    assert!(stderr(&mistyped).contains("user_blocked"), "{}", stderr(&mistyped));
}

/// The members of a JSON object of texts.
fn init(dir: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = cairn(dir).args(["init", "--json"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn init_works_without_a_server_and_beside_one() {
    let dir = dir();
    let first = init(dir.path(), &["--project", "library"]);
    assert_eq!(
        (first["project"].as_str(), first["email"].as_str()),
        (Some("library"), Some("admin@example.com"))
    );
    assert!(first["password"].as_str().is_some_and(|password| password.len() >= 16), "{first}");

    let server = Server::start(&mut cairn(dir.path()));
    let socket = std::fs::metadata(dir.path().join("cairn-data/admin.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
    let second = init(dir.path(), &[]);
    assert_eq!(second["endpoint"], format!("http://{}/v1", server.address));
    assert_eq!(
        (&second["organization"], &second["password"]),
        (&first["organization"], &serde_json::Value::Null)
    );
    let taken = cairn(dir.path()).args(["init", "--project", "library"]).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
    assert!(stderr(&taken).contains("`cairn explain project_already_exists`"), "{}", stderr(&taken));
    let (code, rest) = server.stop(Signal::TERM);
    assert_eq!((code, rest.as_str()), (Some(0), ""), "with an administrator no code is printed");
    assert!(!dir.path().join("cairn-data/admin.sock").exists(), "the socket goes with its server");
}

#[test]
fn init_prints_lines_to_paste() {
    let dir = dir();
    let output = cairn(dir.path()).arg("init").env("CAIRN_LISTEN", "0.0.0.0:8765").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    for part in [".setEndpoint('http://localhost:8765/v1')", ".setProject('", ".setKey('standard_"] {
        assert!(
            printed.lines().any(|line| line.trim_start().starts_with(part)),
            "{part} is not in\n{printed}"
        );
    }
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let dir = dir();
    let server = Server::start(&mut cairn(dir.path()));
    let mut stream = TcpStream::connect(&server.address).unwrap();
    // The head says that a body comes: the server has the request, and waits for the rest of it.
    let head = "POST /v1/account HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "HTTP/1.1 100 Continue", "the request is under way");
    kill_process(Pid::from_child(&server.process), Signal::TERM).unwrap();
    // Once it stops, it accepts nobody else; then the rest of the request is sent.
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(b"{}").unwrap();
    let mut rest = String::new();
    answer.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 4"), "{rest}");
    assert_eq!(server.stop(Signal::TERM).0, Some(0));
}
