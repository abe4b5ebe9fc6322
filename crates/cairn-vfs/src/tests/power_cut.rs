//! Recorded runs, cut at every sync point: what was acknowledged is there, and nothing is half there.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{open, pragma};
use crate::{Failure, FileClass, Loss, Op, Options, PowerCut, Rule, Vfs, settle};

const COMMITS: i64 = 40;

/// A run: commit `i` inserts the rows (i, 0) and (i, 1), and is acknowledged at sync point `acknowledged[i]`.
#[derive(Default)]
struct Run {
    acknowledged: Vec<Option<usize>>,
}

impl Run {
    fn commit(&mut self, db: &Connection, vfs: Vfs) -> rusqlite::Result<()> {
        let id = self.acknowledged.len();
        let done = db.execute_batch(&format!(
            "BEGIN IMMEDIATE; INSERT INTO t VALUES ({id}, 0, randomblob({size})), ({id}, 1, randomblob(300)); COMMIT",
            size = 200 + 37 * id % 3000,
        ));
        self.acknowledged.push(done.is_ok().then(|| vfs.recording().unwrap().sync_points()));
        done
    }
}

/// What a reopened database lacks.
#[derive(Default, PartialEq, Eq, Debug)]
struct Findings {
    lost_commits: usize,
    half_commits: usize,
    corrupt: Vec<String>,
}

fn prepare(db: &Connection, journal_mode: &str, synchronous: &str) {
    pragma(db, "page_size=1024");
    pragma(db, &format!("journal_mode={journal_mode}"));
    pragma(db, "wal_autocheckpoint=20");
    pragma(db, &format!("synchronous={synchronous}"));
}

const SCHEMA: &str = "CREATE TABLE t (id, part, v); CREATE UNIQUE INDEX by_id ON t (id, part)";

/// Creates the schema durably, then runs all commits with `synchronous`.
fn record(dir: &Path, vfs: Vfs, journal_mode: &str, synchronous: &str) -> Run {
    let db = open(dir, vfs);
    prepare(&db, journal_mode, "EXTRA");
    db.execute_batch(SCHEMA).unwrap();
    pragma(&db, &format!("synchronous={synchronous}"));
    let mut run = Run::default();
    for _ in 0..COMMITS {
        run.commit(&db, vfs).unwrap();
    }
    run
}

/// Cuts a run at every sync point, with every kind of loss, and looks at what is left.
fn check(cut: &PowerCut, run: &Run) -> Findings {
    let mut findings = Findings::default();
    for point in 0..=cut.sync_points() {
        let torn = [(1, 512), (2, 512), (3, 4096), (4, 4096)]
            .map(|(seed, sector_bytes)| Loss::Torn { seed: seed + 1000 * point as u64, sector_bytes });
        for loss in [Loss::Unsynced].into_iter().chain(torn) {
            let dir = tempfile::tempdir().unwrap();
            cut.replay(point, dir.path(), loss).unwrap();
            if let Err(err) = examine(dir.path(), point, run, &mut findings) {
                findings.corrupt.push(format!("point {point}, {loss:?}: {err}"));
            }
        }
    }
    findings
}

fn examine(dir: &Path, point: usize, run: &Run, findings: &mut Findings) -> rusqlite::Result<()> {
    let db = Connection::open(dir.join("x.db"))?;
    let has_schema: bool = db.query_row("SELECT count(*) = 2 FROM sqlite_schema", [], |row| row.get(0))?;
    db.pragma_update(None, "synchronous", "OFF")?;
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        findings.corrupt.push(verdict);
    }
    let mut parts = vec![0; run.acknowledged.len()];
    if has_schema {
        let mut statement = db.prepare("SELECT id FROM t")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            parts[usize::try_from(row.get::<_, i64>(0)?).unwrap()] += 1;
        }
    }
    for (acknowledged, parts) in run.acknowledged.iter().zip(parts) {
        let must_be_there = acknowledged.is_some_and(|acknowledged| acknowledged <= point);
        findings.lost_commits += usize::from(must_be_there && parts == 0);
        findings.half_commits += usize::from(parts == 1);
    }
    Ok(())
}

#[test]
fn acknowledged_commits_survive_a_power_cut_at_every_sync_point() {
    for (name, journal_mode, synchronous) in
        [("cut-wal", "WAL", "FULL"), ("cut-delete", "DELETE", "EXTRA"), ("cut-persist", "PERSIST", "FULL")]
    {
        let dir = tempfile::tempdir().unwrap();
        let vfs = Vfs::register(name, Options::new().record_below(dir.path())).unwrap();
        let run = record(dir.path(), vfs, journal_mode, synchronous);
        let cut = vfs.recording().unwrap().power_cut().unwrap();
        assert!(cut.sync_points() >= run.acknowledged.len(), "{name}: one sync a commit at least");
        assert!(vfs.counters().count(Op::Sync, FileClass::Db) > 1, "{name}: the run checkpoints");
        assert_eq!(check(&cut, &run), Findings::default(), "{name}");
    }
}

#[test]
fn the_checker_finds_what_weaker_settings_lose() {
    for (name, synchronous) in [("control-off", "OFF"), ("control-normal", "NORMAL")] {
        let dir = tempfile::tempdir().unwrap();
        let vfs = Vfs::register(name, Options::new().record_below(dir.path())).unwrap();
        let run = record(dir.path(), vfs, "WAL", synchronous);
        let findings = check(&vfs.recording().unwrap().power_cut().unwrap(), &run);
        assert!(findings.lost_commits > 0, "{name}: {findings:?}");
    }
}

#[test]
fn acknowledged_commits_survive_beside_a_checkpointing_thread() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("cut-beside-checkpoints", Options::new().record_below(dir.path())).unwrap();
    let writer = open(dir.path(), vfs);
    prepare(&writer, "WAL", "FULL");
    pragma(&writer, "wal_autocheckpoint=0");
    writer.execute_batch(SCHEMA).unwrap();
    let checkpointer = open(dir.path(), vfs);
    pragma(&checkpointer, "synchronous=FULL");
    let (committed, commits) = std::sync::mpsc::sync_channel(1);
    let mut run = Run::default();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Ok(()) = commits.recv() {
                pragma(&checkpointer, "wal_checkpoint(PASSIVE)");
            }
        });
        for _ in 0..COMMITS {
            run.commit(&writer, vfs).unwrap();
            // Not waited for: the next commit runs beside the checkpoint.
            let _ = committed.try_send(());
        }
        drop(committed);
    });
    assert!(vfs.counters().count(Op::Sync, FileClass::Db) > 1);
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &run), Findings::default());
}

/// How a writer gets a new connection after a commit failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reopening {
    /// The old one is closed when the new one is open: the WAL index lives on.
    Overlapping,
    /// No connection is left in between, so that the new one recovers the WAL from what it reads.
    AfterTheLast,
}

/// Runs all commits while one fault after another strikes, each for one commit.
fn record_with_faults(dir: &Path, vfs: Vfs, reopening: Reopening) -> Run {
    let connect = || {
        let db = open(dir, vfs);
        prepare(&db, "WAL", "FULL");
        Some(db)
    };
    let mut db = connect();
    db.as_ref().unwrap().execute_batch(SCHEMA).unwrap();
    let rules = [
        Rule::new(Op::Sync, Failure::Io).class(FileClass::Wal),
        Rule::new(Op::Write, Failure::NoSpace).class(FileClass::Wal).from_nth(2),
        Rule::new(Op::Sync, Failure::Io).class(FileClass::Db),
        Rule::new(Op::Write, Failure::NoSpace).class(FileClass::Db),
        Rule::new(Op::Write, Failure::Io).class(FileClass::Wal).nth(3),
    ];
    let mut run = Run::default();
    for rule in rules.iter().cycle().take(usize::try_from(COMMITS).unwrap() / 4) {
        for _ in 0..3 {
            run.commit(db.as_ref().unwrap(), vfs).unwrap();
        }
        vfs.faults().inject(rule.clone());
        let done = run.commit(db.as_ref().unwrap(), vfs);
        if done.is_err() && reopening == Reopening::AfterTheLast {
            db = None;
        }
        vfs.faults().clear();
        if done.is_err() {
            db = connect();
        }
    }
    run
}

#[test]
fn acknowledged_commits_survive_failed_syncs_and_a_full_disk_before_the_cut() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("cut-after-faults", Options::new().record_below(dir.path())).unwrap();
    let run = record_with_faults(dir.path(), vfs, Reopening::Overlapping);
    let failed = run.acknowledged.iter().filter(|acknowledged| acknowledged.is_none()).count();
    assert!(failed >= 4, "{failed} commits failed");
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &run), Findings::default());
}

/// After a WAL sync failed, its frames are in the page cache and not on disk. Whoever recovers the WAL from there takes them for
/// good and appends to them; a power cut then breaks the chain of checksums before all that follows.
#[test]
fn the_checker_finds_a_writer_that_reopens_alone_after_a_failed_sync() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("control-reopening", Options::new().record_below(dir.path())).unwrap();
    let run = record_with_faults(dir.path(), vfs, Reopening::AfterTheLast);
    let findings = check(&vfs.recording().unwrap().power_cut().unwrap(), &run);
    assert!(findings.lost_commits > 0, "{findings:?}");
}

/// What a program does after a checkpoint whose sync failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checkpointing {
    /// The next one goes on where the last one got to.
    GoesOn,
    /// All connections are closed without one, so that it begins with the WAL's first frame.
    BeginsAnew,
}

/// Each round: a checkpoint that a reader stops half-way, one whose sync fails, one that succeeds.
fn record_with_failed_checkpoints(dir: &Path, vfs: Vfs, after: Checkpointing) -> Run {
    let connect = || {
        let db = open(dir, vfs);
        prepare(&db, "WAL", "FULL");
        pragma(&db, "wal_autocheckpoint=0");
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
        db
    };
    let (mut db, mut reader) = (connect(), connect());
    db.execute_batch(SCHEMA).unwrap();
    let mut run = Run::default();
    for _ in 0..COMMITS / 4 {
        (0..2).for_each(|_| run.commit(&db, vfs).unwrap());
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        (0..2).for_each(|_| run.commit(&db, vfs).unwrap());
        pragma(&db, "wal_checkpoint(PASSIVE)");
        reader.execute_batch("COMMIT").unwrap();
        vfs.faults().inject(Rule::new(Op::Sync, Failure::Io).class(FileClass::Db));
        db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap_err();
        vfs.faults().clear();
        if after == Checkpointing::BeginsAnew {
            drop((db, reader));
            settle(Some(vfs.name()), &dir.join("x.db-wal")).unwrap();
            (db, reader) = (connect(), connect());
        }
        pragma(&db, "wal_checkpoint(PASSIVE)");
    }
    run
}

#[test]
fn the_checker_finds_a_checkpoint_that_goes_on_after_a_failed_sync() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("control-checkpoint", Options::new().record_below(dir.path())).unwrap();
    let run = record_with_failed_checkpoints(dir.path(), vfs, Checkpointing::GoesOn);
    let findings = check(&vfs.recording().unwrap().power_cut().unwrap(), &run);
    assert!(!findings.corrupt.is_empty(), "{findings:?}");
}

#[test]
fn acknowledged_commits_survive_checkpoints_that_begin_anew_after_a_failed_sync() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("checkpoints-anew", Options::new().record_below(dir.path())).unwrap();
    let run = record_with_failed_checkpoints(dir.path(), vfs, Checkpointing::BeginsAnew);
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &run), Findings::default());
}

#[test]
fn a_database_from_before_the_recording_is_in_the_image() {
    let dir = tempfile::tempdir().unwrap();
    let outside = Connection::open(dir.path().join("x.db")).unwrap();
    outside.execute_batch("CREATE TABLE before (v); INSERT INTO before VALUES (7)").unwrap();
    drop(outside);
    let vfs = Vfs::register("adopting", Options::new().record_below(dir.path())).unwrap();
    let db = open(dir.path(), vfs);
    assert_eq!(db.query_row("SELECT v FROM before", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
    let image = tempfile::tempdir().unwrap();
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    cut.replay(0, &image.path().join("new"), Loss::Unsynced).unwrap();
    assert_eq!(
        std::fs::read(image.path().join("new/x.db")).unwrap(),
        std::fs::read(dir.path().join("x.db")).unwrap()
    );
}

#[test]
fn several_databases_in_a_tree_are_one_image() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = Vfs::register("tree", Options::new().record_below(dir.path())).unwrap();
    let names = ["projects/a", "projects/b"];
    let opened = names.map(|name| {
        std::fs::create_dir_all(dir.path().join(name)).unwrap();
        let db = open(&dir.path().join(name), vfs);
        prepare(&db, "WAL", "FULL");
        db.execute_batch(SCHEMA).unwrap();
        db
    });
    let image = tempfile::tempdir().unwrap();
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    cut.replay(cut.sync_points(), image.path(), Loss::Unsynced).unwrap();
    drop(opened);
    for name in names {
        let mut findings = Findings::default();
        examine(&image.path().join(name), 0, &Run::default(), &mut findings).unwrap();
        assert_eq!(findings, Findings::default());
    }
}
