//! The whole seam under a real SQLite: connections, recorded runs, power cuts.

mod power_cut;

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::{FileClass, Op, Options, PASSTHROUGH_NAME, RegisterError, Vfs};

/// Opens `{dir}/x.db` through a VFS.
pub(crate) fn open(dir: &Path, vfs: Vfs) -> Connection {
    let db = Connection::open_with_flags_and_vfs(dir.join("x.db"), OpenFlags::default(), vfs.name()).unwrap();
    db.busy_timeout(std::time::Duration::ZERO).unwrap();
    db
}

/// Runs a pragma that answers with a row, or with none.
pub(crate) fn pragma(db: &Connection, text: &str) -> Option<String> {
    let mut statement = db.prepare(&format!("PRAGMA {text}")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let value = rows.next().unwrap().map(|row| row.get::<_, rusqlite::types::Value>(0).unwrap());
    value.map(|value| match value {
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    })
}

fn count(db: &Connection) -> i64 {
    db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_wal_database_serves_two_connections() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("two-connections", Options::new()).unwrap();
    let writer = open(dir.path(), vfs);
    assert_eq!(pragma(&writer, "journal_mode=WAL").as_deref(), Some("wal"));
    writer.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1)").unwrap();
    let reader = open(dir.path(), vfs);
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(count(&reader), 1);
    writer.execute("INSERT INTO t VALUES (2)", []).unwrap();
    assert_eq!((count(&reader), count(&writer)), (1, 2), "the reader keeps its snapshot");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(count(&reader), 2);

    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = reader.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
    writer.execute_batch("ROLLBACK").unwrap();

    let seen = vfs.counters();
    assert!(
        seen.count(Op::Sync, FileClass::Wal) >= 2 && seen.written_bytes(FileClass::Wal) > 4096,
        "{seen:?}"
    );
    assert_eq!(seen.count(Op::Open, FileClass::Db), 2);
    drop((writer, reader));
    assert_eq!(vfs.counters().count(Op::Delete, FileClass::Wal), 1, "the last one to leave removes the WAL");
}

#[test]
fn the_passthrough_is_registered_once_and_counts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register_passthrough().unwrap();
    assert_eq!(Vfs::register_passthrough().unwrap().name(), PASSTHROUGH_NAME);
    let db = open(dir.path(), vfs);
    db.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(count(&db), 1);
    assert_eq!(vfs.counters(), crate::Counters::default());
    assert!(vfs.recording().is_none());
}

#[test]
fn names_are_checked() {
    Vfs::register("once", Options::new()).unwrap();
    assert!(matches!(Vfs::register("once", Options::new()), Err(RegisterError::NameTaken(_))));
    assert!(matches!(Vfs::register("unix", Options::new()), Err(RegisterError::NameTaken(_))));
    for name in ["", "a\0b"] {
        assert!(matches!(Vfs::register(name, Options::new()), Err(RegisterError::NameInvalid(_))));
    }
    let absent = Options::new().record_below("/nonexistent/directory");
    assert!(matches!(Vfs::register("rootless", absent), Err(RegisterError::Root(_))));
}

#[test]
fn files_are_never_mapped() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("unmapped", Options::new()).unwrap();
    let db = open(dir.path(), vfs);
    db.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(pragma(&db, "mmap_size=1000000"), None);
    let before = vfs.counters().count(Op::Read, FileClass::Db);
    assert_eq!(count(&open(dir.path(), vfs)), 1);
    assert!(vfs.counters().count(Op::Read, FileClass::Db) > before);
}

#[test]
fn a_database_without_shared_memory_opens() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("nolock", Options::new()).unwrap();
    let uri = format!("file:{}?nolock=1&vfs={}", dir.path().join("x.db").display(), vfs.name());
    let db = Connection::open(uri).unwrap();
    assert_eq!(pragma(&db, "journal_mode=WAL").as_deref(), Some("delete"), "no WAL without shared memory");
    db.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(count(&db), 1);
}

#[test]
fn temporary_files_pass_unrecorded() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("temporary", Options::new().record_below(dir.path())).unwrap();
    let db = open(dir.path(), vfs);
    db.execute_batch(
        "PRAGMA temp_store=FILE; PRAGMA cache_size=5; PRAGMA temp.cache_size=5; CREATE TEMP TABLE t AS
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i, randomblob(500) AS v FROM n;
         CREATE INDEX temp.by_v ON t (v)",
    )
    .unwrap();
    assert_eq!(count(&db), 2000);
    assert!(vfs.counters().count(Op::Write, FileClass::Temp) > 0, "{:?}", vfs.counters());
    assert_eq!(vfs.recording().unwrap().sync_points(), 0);
}

#[test]
fn a_recording_that_outgrows_its_limit_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("outgrown", Options::new().record_below_with_limit(dir.path(), 10_000)).unwrap();
    let db = open(dir.path(), vfs);
    db.execute_batch("CREATE TABLE t (v)").unwrap();
    vfs.recording().unwrap().power_cut().unwrap();
    db.execute_batch("INSERT INTO t VALUES (zeroblob(20000))").unwrap();
    let refused = vfs.recording().unwrap().power_cut().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull);
}
