//! Cairn is killed, or its database is, in the middle of writing; every write that it acknowledged is there afterwards.
//!
//! The real binary, real requests, real kills: what a power cut does to the file itself is the store's own suite.

mod server;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use cairn_testkit::postgres::Postgres;
use serde_json::json;
use server::{Engine, Place, Server, Workshop};

/// How often the server is killed.
const ROUNDS: usize = 3;
/// Connections that write at once.
const WRITERS: usize = 8;
/// The kill comes after this many acknowledged writes of a round.
const WRITES_PER_ROUND: usize = 150;

/// Write documents from all writers until `kill`, told how many are acknowledged, says that it has struck.
fn write_until(shop: &Workshop, round: usize, mut kill: impl FnMut(usize) -> bool) -> BTreeSet<String> {
    let (report, reports) = channel();
    let is_over = AtomicBool::new(false);
    let mut acknowledged = BTreeSet::new();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (report, is_over) = (report.clone(), &is_over);
            scope.spawn(move || {
                for number in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        return;
                    }
                    let id = format!("r{round}w{writer}n{number}");
                    if shop.create_document(&id).is_ok() {
                        report.send(id).expect("the test listens");
                    }
                }
            });
        }
        drop(report);
        for id in reports {
            acknowledged.insert(id);
            if !is_over.load(Ordering::SeqCst) && kill(acknowledged.len()) {
                is_over.store(true, Ordering::SeqCst);
            }
        }
    });
    acknowledged
}

fn killed_under_load(engine: &Engine) {
    let place = Place::new();
    let mut server = Server::start(&place, engine);
    let mut shop = Workshop::open(&server);
    let mut all = BTreeSet::new();
    for round in 0..ROUNDS {
        let mut running = Some(server);
        all.extend(write_until(&shop, round, |written| {
            if written < WRITES_PER_ROUND {
                return false;
            }
            // Dropping a server kills it with SIGKILL.
            drop(running.take());
            true
        }));
        server = Server::start(&place, engine);
        shop.moved_to(&server);
        let found = shop.document_ids();
        let lost: Vec<_> = all.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}: {} acknowledged writes are lost: {lost:?}", lost.len());
    }
    assert!(all.len() >= ROUNDS * WRITES_PER_ROUND);
}

#[test]
fn sqlite_keeps_every_acknowledged_write_when_cairn_is_killed() {
    killed_under_load(&Engine::Sqlite);
}

#[test]
fn postgres_keeps_every_acknowledged_write_when_cairn_is_killed() {
    killed_under_load(&Engine::on(Postgres::shared(), "killed"));
}

#[test]
fn cairn_goes_on_when_postgres_comes_back_and_nothing_acknowledged_is_lost() {
    let postgres = Postgres::start(cairn_testkit::postgres::Options::default()).expect("PostgreSQL starts");
    let engine = Engine::on(&postgres, "stopped");
    let place = Place::new();
    let server = Server::start(&place, &engine);
    let shop = Workshop::open(&server);
    let mut is_stopped = false;
    let acknowledged = write_until(&shop, 0, |written| {
        if written >= WRITES_PER_ROUND && !is_stopped {
            postgres.stop_immediate().expect("stops");
            is_stopped = true;
        }
        is_stopped
    });
    let refused = shop.create_document("while-away").expect_err("there is no database");
    assert_eq!(refused.0, 500, "{refused:?}");
    assert_eq!(refused.1["type"], json!("general_server_error"), "{refused:?}");
    postgres.restart().expect("starts again");
    shop.create_document("after").expect("the same process serves again");
    let found = shop.document_ids();
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "{} acknowledged writes are lost: {lost:?}", lost.len());
}
