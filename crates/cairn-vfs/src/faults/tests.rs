//! Rules on their own, and what SQLite makes of them.

use std::path::Path;

use libsqlite3_sys as sqlite;
use rusqlite::Connection;

use super::{Failure, Faults, Rule};
use crate::tests::{open, pragma};
use crate::{FileClass, Op, Options, Vfs};

fn code(result: rusqlite::Result<impl Sized>) -> i32 {
    match result {
        Ok(_) => sqlite::SQLITE_OK,
        Err(err) => err.sqlite_error().map_or(-1, |err| err.extended_code),
    }
}

fn wal_database(dir: &Path, name: &str) -> (Vfs, Connection) {
    let vfs = Vfs::register(name, Options::new()).unwrap();
    let db = open(dir, vfs);
    pragma(&db, "journal_mode=WAL");
    pragma(&db, "synchronous=FULL");
    db.execute_batch("CREATE TABLE t (v)").unwrap();
    (vfs, db)
}

fn insert(db: &Connection) -> rusqlite::Result<usize> {
    db.execute("INSERT INTO t VALUES (randomblob(5000))", [])
}

fn count(db: &Connection) -> i64 {
    assert_eq!(pragma(db, "integrity_check").as_deref(), Some("ok"));
    db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
}

#[test]
fn rules_choose_by_operation_class_path_and_turn() {
    let cases = [
        (Rule::new(Op::Write, Failure::Io), [true, true, true, true]),
        (Rule::new(Op::Sync, Failure::Io), [false; 4]),
        (Rule::new(Op::Write, Failure::Io).class(FileClass::Db), [true; 4]),
        (Rule::new(Op::Write, Failure::Io).class(FileClass::Wal), [false; 4]),
        (Rule::new(Op::Write, Failure::Io).path_suffix("x.db"), [true; 4]),
        (Rule::new(Op::Write, Failure::Io).path_suffix("y.db"), [false; 4]),
        (Rule::new(Op::Write, Failure::Io).nth(2), [false, true, false, false]),
        (Rule::new(Op::Write, Failure::Io).from_nth(3), [false, false, true, true]),
    ];
    for (rule, expected) in cases {
        let faults = Faults::default();
        assert!(!faults.is_armed());
        let id = faults.inject(rule.clone());
        assert!(faults.is_armed());
        let got = [(); 4].map(|()| faults.decide(Op::Write, FileClass::Db, b"/data/x.db").is_some());
        assert_eq!(got, expected, "{rule:?}");
        let failed = expected.iter().filter(|hit| **hit).count() as u64;
        assert_eq!((faults.failed(id), faults.lift(id), faults.lift(id)), (failed, failed, 0), "{rule:?}");
        assert!(!faults.is_armed());
    }
}

#[test]
fn the_oldest_of_several_rules_decides() {
    let faults = Faults::default();
    faults.inject(Rule::new(Op::Write, Failure::NoSpace).nth(1));
    faults.inject(Rule::new(Op::Write, Failure::Io));
    let decide = || faults.decide(Op::Write, FileClass::Wal, b"x-wal");
    assert_eq!([decide(), decide()], [Some(Failure::NoSpace), Some(Failure::Io)]);
    faults.clear();
    assert_eq!(decide(), None);
}

#[test]
fn a_disk_that_is_full_while_the_wal_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (vfs, db) = wal_database(dir.path(), "full-wal");
    insert(&db).unwrap();
    for nth in 1..=4 {
        let id =
            vfs.faults().inject(Rule::new(Op::Write, Failure::NoSpace).path_suffix("x.db-wal").from_nth(nth));
        assert_eq!(code(insert(&db)), sqlite::SQLITE_FULL, "write {nth}");
        assert_eq!(code(insert(&db)), sqlite::SQLITE_FULL, "still full after write {nth}");
        assert_eq!(count(&db), nth.cast_signed(), "reads go on");
        assert!(vfs.faults().lift(id) >= 2);
        insert(&db).unwrap();
    }
    drop(db);
    assert_eq!(count(&open(dir.path(), vfs)), 5);
}

#[test]
fn a_sync_that_fails_fails_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let (vfs, db) = wal_database(dir.path(), "failing-sync");
    insert(&db).unwrap();
    for failure in [Failure::Io, Failure::NoSpace] {
        vfs.faults().inject(Rule::new(Op::Sync, failure).class(FileClass::Wal));
        assert_eq!(code(insert(&db)), sqlite::SQLITE_IOERR_FSYNC);
        assert!(db.is_autocommit());
        vfs.faults().clear();
    }
    insert(&db).unwrap();
    assert_eq!(count(&db), 2);
}

#[test]
fn other_operations_fail_with_the_codes_of_the_unix_vfs() {
    let dir = tempfile::tempdir().unwrap();
    let (vfs, db) = wal_database(dir.path(), "codes");
    insert(&db).unwrap();
    let with = |rule: Rule, act: &dyn Fn() -> i32| {
        let id = vfs.faults().inject(rule);
        let code = act();
        assert!(vfs.faults().lift(id) > 0);
        code
    };
    let io = |op| Rule::new(op, Failure::Io);
    let flags = rusqlite::OpenFlags::default();
    let reopen = || code(Connection::open_with_flags_and_vfs(dir.path().join("x.db"), flags, vfs.name()));
    let cold = open(dir.path(), vfs);
    let read = || code(cold.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)));
    let checkpoint = || code(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));

    assert_eq!(with(io(Op::Write).class(FileClass::Wal), &|| code(insert(&db))), sqlite::SQLITE_IOERR_WRITE);
    assert_eq!(with(io(Op::Write).class(FileClass::Db), &checkpoint), sqlite::SQLITE_IOERR_WRITE);
    let full = Rule::new(Op::Write, Failure::NoSpace).class(FileClass::Db);
    assert_eq!(with(full, &checkpoint), sqlite::SQLITE_FULL);
    assert_eq!(with(io(Op::Sync).class(FileClass::Db), &checkpoint), sqlite::SQLITE_IOERR_FSYNC);
    assert_eq!(with(io(Op::Truncate).class(FileClass::Wal), &checkpoint), sqlite::SQLITE_IOERR_TRUNCATE);
    assert_eq!(with(io(Op::Read), &read), sqlite::SQLITE_IOERR_READ);
    for failure in [Failure::CantOpen, Failure::NoSpace, Failure::Io] {
        assert_eq!(with(Rule::new(Op::Open, failure).class(FileClass::Db), &reopen), sqlite::SQLITE_CANTOPEN);
    }
    assert_eq!(checkpoint(), sqlite::SQLITE_OK);
    assert_eq!(count(&db), 1);
}

#[test]
fn a_journal_that_cannot_be_removed_fails_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("undeletable", Options::new()).unwrap();
    let db = open(dir.path(), vfs);
    db.execute_batch("CREATE TABLE t (v)").unwrap();
    vfs.faults().inject(Rule::new(Op::Delete, Failure::Io).class(FileClass::Journal));
    assert_eq!(code(insert(&db)), sqlite::SQLITE_IOERR_DELETE);
    vfs.faults().clear();
    insert(&db).unwrap();
    assert_eq!(count(&db), 1);
}

#[test]
fn faults_of_one_vfs_leave_another_alone() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (broken, _db) = wal_database(dirs[0].path(), "broken");
    let (_, sound) = wal_database(dirs[1].path(), "sound");
    broken.faults().inject(Rule::new(Op::Write, Failure::NoSpace));
    insert(&sound).unwrap();
}
