//! What whoever starts the server reads when it cannot: first what is the matter, then what to do.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use cairn_testkit::postgres::{Options, Postgres};

use super::{Server, cairn, dir, run, stderr};

/// Somebody without rights; only root can start a process for them.
const NOBODY: u32 = 65_534;

/// The two lines that a start ends with.
#[track_caller]
fn refusal(command: &mut Command) -> (String, String) {
    let output = command.output().unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let mut lines = told.lines().map(str::to_owned);
    let refusal = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    assert_eq!(lines.next(), None, "{told}");
    refusal
}

#[track_caller]
fn expect(command: &mut Command, matter: &str, next: &str) {
    let (first, second) = refusal(command);
    assert!(first.starts_with(matter), "{first}");
    assert!(second.contains(next), "{second}");
}

#[test]
fn a_second_server_on_the_same_data_is_told_of_the_first() {
    let dir = dir();
    let _first = Server::start(&mut cairn(dir.path()));
    let data = dir.path().join("cairn-data");
    let (matter, next) = refusal(&mut cairn(dir.path()));
    assert_eq!(matter, format!("Another Cairn is running on the data directory {}.", data.display()));
    assert_eq!(next, "Stop that one, or choose another directory with CAIRN_DATA or --data for this one.");
    // As the second line says.
    drop(Server::start(cairn(dir.path()).env("CAIRN_DATA", "another")));
}

#[test]
fn an_address_that_cannot_be_listened_on() {
    let dir = dir();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut second = cairn(dir.path());
    let matter = format!("The address {address} is in use by another program: ");
    expect(second.env("CAIRN_LISTEN", &address), &matter, "choose another address: CAIRN_LISTEN=127.0.0.1:");
    let mut elsewhere = cairn(dir.path());
    // An address for documentation, which no machine has.
    elsewhere.env("CAIRN_LISTEN", "192.0.2.1:8080");
    expect(&mut elsewhere, "This machine has no address 192.0.2.1: ", "CAIRN_LISTEN=0.0.0.0:8080");
}

#[test]
fn a_data_directory_that_cannot_be_used() {
    let dir = dir();
    std::fs::write(dir.path().join("file"), "").unwrap();
    for data in ["file", "file/below"] {
        let matter =
            format!("The data directory {} is a file, or lies in one: ", dir.path().join(data).display());
        expect(cairn(dir.path()).env("CAIRN_DATA", data), &matter, "CAIRN_DATA or --data");
    }
    let closed = dir.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    let mode = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    mode(&closed, 0o555);
    mode(dir.path(), 0o755);
    for data in ["closed", "closed/below"] {
        let matter = format!(
            "This user may not read and write the data directory {}",
            dir.path().join(data).display()
        );
        expect(as_nobody(dir.path()).env("CAIRN_DATA", data), &matter, "as the user to whom it belongs");
    }
}

/// The binary without root's rights, which no permission of a file stands against.
fn as_nobody(dir: &Path) -> Command {
    let mut command = cairn(dir);
    if rustix::process::getuid().is_root() {
        // The one that was built may lie where only root can go.
        let copy = dir.join("cairn");
        if !copy.exists() {
            std::fs::copy(command.get_program(), &copy).unwrap();
        }
        command = run(&copy, dir);
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

#[test]
fn a_postgres_that_cannot_be_used() {
    let dir = dir();
    // Bound and not listened on any more: nobody answers there.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let unsafe_one = Postgres::start(Options { fsync: false, ..Options::default() }).unwrap();
    let named = "The PostgreSQL that the setting `database` names";
    for (dsn, matter, next) in [
        (
            "mysql://cairn:geheim@localhost/cairn".to_owned(),
            "The setting `database` is no address of a PostgreSQL: ".to_owned(),
            "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            format!("postgres://cairn:geheim@{gone}/cairn"),
            format!("{named} cannot be reached: error connecting to server: Connection refused"),
            "Start it, or correct host and port in CAIRN_DATABASE. Without that setting",
        ),
        (
            Postgres::shared().dsn("nowhere"),
            format!("{named} refuses Cairn: "),
            "The database must exist (`createdb NAME`)",
        ),
        (unsafe_one.dsn("postgres"), format!("{named} cannot be used: PostgreSQL runs with fsync = off"), ""),
    ] {
        let (first, second) = refusal(cairn(dir.path()).env("CAIRN_DATABASE", &dsn));
        let told = format!("{first}\n{second}");
        assert!(first.starts_with(&matter) && second.contains(next), "{told}");
        assert!(!told.contains("geheim"), "{told}");
        assert!(!told.contains("unavailable") && !told.contains("inconsistent"), "{told}");
    }
}
