//! The cluster as its users see it: databases, crashes, and the end of the process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Options, Postgres};
use tokio_postgres::SimpleQueryMessage;

/// First column of the first row.
fn value(messages: &[SimpleQueryMessage]) -> Option<&str> {
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    })
}

/// The database's name in a DSN that this module made.
fn name(dsn: &str) -> &str {
    dsn.rsplit('/').next().expect("a DSN has a path")
}

#[tokio::test]
async fn databases_are_separate_and_copied_from_templates() {
    let cluster = Postgres::shared();
    let first = cluster.create_database("first").await.unwrap();
    cluster.run(name(&first), "CREATE TABLE t (v int); INSERT INTO t VALUES (7)").await.unwrap();
    let copy = cluster.create_database_from(name(&first), "copy").await.unwrap();
    let rows = cluster.run(name(&copy), "SELECT v FROM t").await.unwrap();
    assert_eq!(value(&rows), Some("7"));
    let second = cluster.create_database("first").await.unwrap();
    assert_ne!(first, second, "a name is made unique");
    assert!(cluster.run(name(&second), "SELECT v FROM t").await.is_err(), "an empty database has no table");
}

#[tokio::test]
async fn durability_is_full_and_the_collation_linguistic_by_default() {
    let cluster = Postgres::shared();
    let dsn = cluster.create_database("defaults").await.unwrap();
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let rows = cluster.run(name(&dsn), &format!("SHOW {setting}")).await.unwrap();
        assert_eq!(value(&rows), Some("on"), "{setting}");
    }
    let rows = cluster.run(name(&dsn), "SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\"").await.unwrap();
    assert_eq!(value(&rows), Some("t"), "bytes would put the capital first");
}

#[tokio::test]
async fn a_crashed_cluster_recovers_at_the_same_address() {
    let options =
        Options { fsync: false, settings: vec![("work_mem".into(), "5MB".into())], ..Default::default() };
    let cluster = Postgres::start(options).unwrap();
    let dsn = cluster.create_database("crash").await.unwrap();
    cluster.run(name(&dsn), "CREATE TABLE t (v int); INSERT INTO t VALUES (1)").await.unwrap();
    cluster.stop_immediate().unwrap();
    assert!(cluster.run(name(&dsn), "SELECT v FROM t").await.is_err(), "a stopped server refuses");
    cluster.restart().unwrap();
    let rows = cluster.run(name(&dsn), "SELECT v FROM t").await.unwrap();
    assert_eq!(value(&rows), Some("1"));
    assert_eq!(value(&cluster.run(name(&dsn), "SHOW work_mem").await.unwrap()), Some("5MB"));
    let dir = cluster.dir.clone();
    drop(cluster);
    assert!(!dir.exists(), "dropping a cluster removes its files");
}

/// Not a test of its own: the child of `a_killed_process_takes_its_cluster_along`, told by its stdin.
#[test]
#[ignore = "run by a_killed_process_takes_its_cluster_along"]
fn child_with_a_cluster() {
    println!("\ncluster={}", Postgres::shared().dir.display());
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn a_killed_process_takes_its_cluster_along() {
    let own = std::env::current_exe().unwrap();
    let mut child = Command::new(own)
        .args(["--ignored", "--exact", "--nocapture", "postgres::tests::child_with_a_cluster"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let dir = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("cluster=").map(str::to_owned));
    let dir = dir.expect("the child names its directory");
    let pid = std::fs::read_to_string(Path::new(&dir).join("data/postmaster.pid")).unwrap();
    let pid = pid.lines().next().unwrap().to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    // `tail --pid` returns when the server is gone; a minute is far beyond what that takes.
    let gone =
        Command::new("timeout").args(["60", "tail", "-f", "/dev/null", "--pid", &pid]).status().unwrap();
    assert!(gone.success(), "the server outlived the process that started it");
}
