//! SQLite for the minimal server: one writer thread with group commit, every thread that reads on a connection of its own.
//!
//! INVARIANT: a writer's caller is answered after the COMMIT that holds its change, at `synchronous=FULL`.

use crate::clock::epoch_s;
use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

const GROUP_MAX: usize = 256;
const QUEUE_MAX: usize = 4096;
const INSERT: &str = "INSERT INTO records (id, created, updated, category, rank, title, body) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)";
const UPDATE: &str = "UPDATE records SET updated = ?2, rank = ?3, title = ?4 WHERE id = ?1";
const BY_ID: &str = "SELECT id, created, updated, category, rank, title, body FROM records WHERE id = ?1";
const PAGE: &str = "SELECT id, created, updated, category, rank, title, body FROM records
    WHERE category = ?1 ORDER BY rank DESC LIMIT ?2";
const TOTAL: &str = "SELECT COUNT(*) FROM records WHERE category = ?1";
const SCHEMA: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
        updated INTEGER NOT NULL, category TEXT NOT NULL, rank INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS records_by_category_rank ON records (category, rank);";

thread_local! {
    /// A connection per thread that reads.
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// The fields of a record, as a client sends them.
#[derive(Deserialize)]
pub(super) struct Fields {
    category: String,
    rank: i64,
    title: String,
    body: String,
}

/// What a client sends to update one.
#[derive(Deserialize)]
pub(super) struct Changes {
    rank: i64,
    title: String,
}

/// What a client is answered.
#[derive(Serialize)]
pub(super) struct Record {
    id: String,
    created: i64,
    updated: i64,
    category: String,
    rank: i64,
    title: String,
    body: String,
}

enum Change {
    Create(String, Fields),
    Update(String, Changes),
}

struct Waiting {
    change: Change,
    answer: oneshot::Sender<Result<Option<Record>>>,
}

/// The database's file and the queue to its writer.
pub(super) struct Store {
    file: PathBuf,
    queue: SyncSender<Waiting>,
    /// Random keys, drawn at start, turn a counter into ids without an order.
    ids: RandomState,
    turn: AtomicU64,
}

impl Store {
    /// Open or create the database and start its writer, which ends with the store.
    pub(super) fn open(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        let file = dir.join("records.db");
        let writer = Connection::open(&file)?;
        writer.execute_batch(SCHEMA)?;
        writer.execute_batch("PRAGMA synchronous = FULL")?;
        let (queue, waiting) = sync_channel(QUEUE_MAX);
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || run_writer(&writer, &waiting))?;
        Ok(Self { file, queue, ids: RandomState::new(), turn: AtomicU64::new(0) })
    }

    /// Insert a record under a random id.
    pub(super) async fn create(&self, fields: Fields) -> Result<Record> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (self.ids.hash_one(turn), self.ids.hash_one((turn, turn)) & 0xFFFF);
        let id = format!("{high:016x}{low:04x}");
        self.submit(Change::Create(id, fields)).await?.context("a created record is there")
    }

    /// Update a record; `None` when there is none.
    pub(super) async fn update(&self, id: String, changes: Changes) -> Result<Option<Record>> {
        self.submit(Change::Update(id, changes)).await
    }

    async fn submit(&self, change: Change) -> Result<Option<Record>> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Waiting { change, answer }).ok().context("the queue is full")?;
        answered.await.context("the writer has ended")?
    }

    /// One record.
    pub(super) fn by_id(&self, id: &str) -> Result<Option<Record>> {
        self.read(|db| Ok(db.prepare_cached(BY_ID)?.query_row([id], record).optional()?))
    }

    /// A category's records by falling rank, and how many there are.
    pub(super) fn page(&self, category: &str, limit: usize) -> Result<(i64, Vec<Record>)> {
        self.read(|db| {
            let total = db.prepare_cached(TOTAL)?.query_row([category], |row| row.get(0))?;
            let mut statement = db.prepare_cached(PAGE)?;
            let rows = statement.query_map((category, i64::try_from(limit)?), record)?;
            Ok((total, rows.collect::<Result<_, _>>()?))
        })
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        READER.with_borrow_mut(|slot| {
            if slot.is_none() {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                *slot = Some(Connection::open_with_flags(&self.file, flags)?);
            }
            query(slot.as_ref().context("the reader was opened above")?)
        })
    }
}

fn run_writer(db: &Connection, waiting: &Receiver<Waiting>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while let Ok(first) = waiting.recv() {
        group.push(first);
        group.extend(waiting.try_iter().take(GROUP_MAX - 1));
        match commit(db, &group) {
            Ok(records) => {
                for (member, record) in group.drain(..).zip(records) {
                    // A client that has gone away needs no answer.
                    let _ = member.answer.send(Ok(record));
                }
            }
            Err(err) => {
                // The group's outcome is one: nobody is told of success.
                let _ = db.execute_batch("ROLLBACK");
                for member in group.drain(..) {
                    let _ = member.answer.send(Err(anyhow::anyhow!("the group failed: {err:#}")));
                }
            }
        }
    }
}

fn commit(db: &Connection, group: &[Waiting]) -> Result<Vec<Option<Record>>> {
    db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let records = group.iter().map(|member| apply(db, &member.change)).collect::<Result<_>>()?;
    db.prepare_cached("COMMIT")?.execute([])?;
    Ok(records)
}

fn apply(db: &Connection, change: &Change) -> Result<Option<Record>> {
    let now = i64::try_from(epoch_s())? * 1000;
    match change {
        Change::Create(id, new) => {
            db.prepare_cached(INSERT)?.execute((id, now, &new.category, new.rank, &new.title, &new.body))?;
            Ok(Some(Record {
                id: id.clone(),
                created: now,
                updated: now,
                category: new.category.clone(),
                rank: new.rank,
                title: new.title.clone(),
                body: new.body.clone(),
            }))
        }
        Change::Update(id, new) => {
            db.prepare_cached(UPDATE)?.execute((id, now, new.rank, &new.title))?;
            Ok(db.prepare_cached(BY_ID)?.query_row([id], record).optional()?)
        }
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get(0)?,
        created: row.get(1)?,
        updated: row.get(2)?,
        category: row.get(3)?,
        rank: row.get(4)?,
        title: row.get(5)?,
        body: row.get(6)?,
    })
}
