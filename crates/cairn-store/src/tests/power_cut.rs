//! A run of the store over several projects, cut at every sync point: every acknowledged write is there.

use std::path::Path;
use std::sync::{Arc, Mutex};

use cairn_vfs::{Failure, FileClass, Loss, Op, PowerCut, Rule, Vfs};
use rusqlite::Connection;
use tokio::task::JoinSet;

use super::harness::{add, disk, embedded, project, user};
use crate::{Store, StoreError, Synchronous, Tx};

/// Who was acknowledged: project, user, and how many syncs had succeeded by then.
type Acknowledged = Vec<(i64, String, usize)>;

const PROJECTS: i64 = 3;

/// Make the projects and write to all of them at once.
async fn run(store: &Store, vfs: Vfs, name: &str, rounds: i64) -> Acknowledged {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for writer in 0..PROJECTS * 2 {
        let (store, acknowledged, name) = (store.clone(), Arc::clone(&acknowledged), name.to_owned());
        tasks.spawn(async move {
            let number = 1 + writer % PROJECTS;
            for round in 0..rounds {
                let mut user = user(&format!("{name}-{writer}-{round}"));
                user.prefs = format!("\"{}\"", "x".repeat(200 + 900 * usize::try_from(round % 7).unwrap()));
                let id = user.id.0.clone();
                if add(&store, &project(number), user).await.is_ok() {
                    let synced = vfs.recording().unwrap().sync_points();
                    acknowledged.lock().unwrap().push((number, id, synced));
                }
            }
        });
    }
    tasks.join_all().await;
    std::mem::take(&mut acknowledged.lock().unwrap())
}

/// A disk under `dir` that records from now on. Making a project renames its file, which a recording cannot follow: the
/// projects are there before it begins.
async fn recorded(dir: &Path) -> Vfs {
    let store = embedded(dir, |_| ());
    for number in 1..=PROJECTS {
        store.project_prepare(&project(number).id).await.unwrap();
    }
    drop(store);
    disk(Some(dir))
}

fn often_checkpointed(dir: &Path, vfs: Vfs) -> Store {
    embedded(dir, |options| {
        options.vfs = Some(vfs.name().into());
        options.checkpoint_frames = 10;
    })
}

#[derive(Default, PartialEq, Eq, Debug)]
struct Findings {
    lost: usize,
    corrupt: Vec<String>,
}

/// Cut the run at its sync points from `first` on and look at what is left.
fn check(cut: &PowerCut, acknowledged: &Acknowledged, first: usize) -> Findings {
    let mut findings = Findings::default();
    for point in first..=cut.sync_points() {
        let seed = point as u64;
        for loss in [Loss::Unsynced, Loss::Torn { seed, sector_bytes: 512 }] {
            let image = tempfile::tempdir().unwrap();
            cut.replay(point, image.path(), loss).unwrap();
            for number in 1..=PROJECTS {
                let due = acknowledged.iter().filter(|(of, _, synced)| *of == number && *synced <= point);
                let due: Vec<&str> = due.map(|(_, id, _)| id.as_str()).collect();
                if let Err(error) = examine(image.path(), number, &due, &mut findings) {
                    findings.corrupt.push(format!("point {point}, {loss:?}: {error}"));
                }
            }
        }
    }
    findings
}

fn examine(image: &Path, number: i64, due: &[&str], findings: &mut Findings) -> rusqlite::Result<()> {
    let conn = Connection::open(image.join("projects").join(format!("project-{number}.db")))?;
    conn.execute_batch("PRAGMA synchronous = OFF")?;
    let verdict: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        findings.corrupt.push(verdict);
    }
    if due.is_empty() {
        return Ok(());
    }
    let mut statement = conn.prepare("SELECT id FROM cairn_users")?;
    let there: std::collections::HashSet<String> =
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    findings.lost += due.iter().filter(|id| !there.contains(**id)).count();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_power_cut_at_every_sync_point() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = recorded(dir.path()).await;
    let store = often_checkpointed(dir.path(), vfs);
    let acknowledged = run(&store, vfs, "run", 30).await;
    assert_eq!(acknowledged.len(), 180);
    drop(store);
    assert!(vfs.counters().count(Op::Sync, FileClass::Db) > 6, "the run checkpoints");
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &acknowledged, 0), Findings::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checker_finds_what_a_store_without_syncs_loses() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = recorded(dir.path()).await;
    let store = embedded(dir.path(), |options| {
        options.vfs = Some(vfs.name().into());
        options.synchronous = Synchronous::Off;
    });
    let acknowledged = run(&store, vfs, "run", 5).await;
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert!(check(&cut, &acknowledged, 0).lost > 0);
}

/// Faults, each for a while, in between a sound disk: what a cut finds afterwards.
async fn run_with_faults(store: &Store, vfs: Vfs) -> Acknowledged {
    let rules = [
        Rule::new(Op::Sync, Failure::Io).class(FileClass::Wal),
        Rule::new(Op::Write, Failure::NoSpace).class(FileClass::Wal).from_nth(5),
        Rule::new(Op::Sync, Failure::Io).class(FileClass::Db),
        // The replacement of the writer's connection cannot be opened either.
        Rule::new(Op::Open, Failure::CantOpen),
    ];
    let mut acknowledged = Vec::new();
    for (number, rule) in rules.into_iter().enumerate() {
        vfs.faults().inject(Rule::new(Op::Sync, Failure::Io).class(FileClass::Wal).nth(2));
        vfs.faults().inject(rule);
        acknowledged.extend(run(store, vfs, &format!("fault-{number}"), 2).await);
        vfs.faults().clear();
        acknowledged.extend(run(store, vfs, &format!("sound-{number}"), 3).await);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_failed_syncs_before_the_cut() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = recorded(dir.path()).await;
    let store = often_checkpointed(dir.path(), vfs);
    let acknowledged = run_with_faults(&store, vfs).await;
    assert!(acknowledged.len() > 70, "{} acknowledged", acknowledged.len());
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &acknowledged, 0), Findings::default());
}

/// A process that ends after a failed sync leaves frames to the next that are in the page cache alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_failed_sync_a_restart_and_then_the_cut() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = recorded(dir.path()).await;
    let open = || embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    let store = open();
    let mut acknowledged = run(&store, vfs, "before", 3).await;
    // Syncs fail from here, and no checkpoint on closing takes the WAL away: as if the process had been killed.
    vfs.faults().inject(Rule::new(Op::Sync, Failure::Io));
    vfs.faults().inject(Rule::new(Op::Write, Failure::Io).class(FileClass::Db));
    assert!(run(&store, vfs, "failing", 1).await.is_empty());
    drop(store);
    vfs.faults().clear();
    let store = open();
    acknowledged.extend(run(&store, vfs, "after", 3).await);
    assert_eq!(acknowledged.len(), 36);
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &acknowledged, 0), Findings::default());
}

/// SQLite syncs the database with the checkpoint that reaches the WAL's end, and what earlier ones wrote with it. When that
/// sync fails, all of it is dropped, and a checkpoint that went on behind it would be the loss of the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_failed_sync_of_what_earlier_checkpoints_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let vfs = recorded(dir.path()).await;
    let store = often_checkpointed(dir.path(), vfs);
    let mut acknowledged = run(&store, vfs, "before", 2).await;
    let first = vfs.recording().unwrap().sync_points();
    // While this read lasts, checkpoints of its project end half-way.
    let body = async |tx: Tx| {
        tx.user_count(1).await?;
        Ok(std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(run(&store, vfs, "during", 4))
            });
            writing.join().unwrap()
        }))
    };
    let during: Result<_, StoreError> = store.read_long(&project(1), body).await;
    acknowledged.extend(during.unwrap());
    let failing = vfs.faults().inject(Rule::new(Op::Sync, Failure::Io).class(FileClass::Db));
    acknowledged.extend(run(&store, vfs, "failing", 3).await);
    assert!(vfs.faults().lift(failing) > 0, "a checkpoint met the failing disk");
    acknowledged.extend(run(&store, vfs, "sound", 8).await);
    assert_eq!(acknowledged.len(), 6 * (2 + 4 + 3 + 8), "writes go to the WAL, whose syncs succeed");
    let cut = vfs.recording().unwrap().power_cut().unwrap();
    assert_eq!(check(&cut, &acknowledged, first), Findings::default());
}
