//! Group commit: one COMMIT, and so one sync, for all transactions that wait for a project.
//!
//! Each member runs in a savepoint and its own failure undoes only that. Answers, cache generations and fresh
//! snapshots come after COMMIT. Some failures (no space, I/O, no memory, an interrupt) make SQLite roll the whole
//! transaction back: the others then run again once without the culprit. A failed COMMIT leaves the outcome
//! open: every member is told so, and the connection is replaced before the next group.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use rusqlite::Connection;

use super::Shared;
use super::file::ProjectFile;
use super::job::{Job, Verdict};
use crate::{StoreError, StoreErrorKind, Tx};

/// Members of one group at most.
const GROUP_TX_MAX: usize = 256;
/// A group stops taking members after this long.
const GROUP_RUN_MS_MAX: i64 = 20;

struct Member {
    job: Box<dyn Job>,
    tx: Tx,
}

/// Why a group could not go on.
struct Broken {
    culprit: Option<Box<dyn Job>>,
    kind: StoreErrorKind,
}

/// Run one group of the file's waiting transactions.
pub(super) fn run_group(file: &ProjectFile, shared: &Shared) {
    let mut slot = file.writer.lock().unwrap_or_else(PoisonError::into_inner);
    let conn = match usable(slot.take(), file, shared) {
        Ok(conn) => conn,
        Err(error) => return fail_waiting(file, error.kind()),
    };
    *slot = Group { file, shared, conn: Some(conn), members: Vec::new(), undone: Vec::new() }.run();
}

/// The writer's connection, replaced when it is suspect.
///
/// The replacement is opened before the old one is closed: a lone new connection would recover frames from the WAL
/// that a failed sync never brought to disk, and go on from them; while another connection is open the WAL index
/// stands, and the next commit overwrites those frames.
fn usable(
    current: Option<Box<Connection>>,
    file: &ProjectFile,
    shared: &Shared,
) -> Result<Box<Connection>, StoreError> {
    if let Some(conn) = current {
        if !file.is_suspect.load(Ordering::SeqCst) {
            return Ok(conn);
        }
        let _ = conn.execute_batch("ROLLBACK");
        let fresh = file.open_writer(&shared.options)?;
        file.is_suspect.store(false, Ordering::SeqCst);
        drop(conn);
        return Ok(fresh);
    }
    let fresh = file.open_writer(&shared.options)?;
    file.is_suspect.store(false, Ordering::SeqCst);
    Ok(fresh)
}

fn fail_waiting(file: &ProjectFile, kind: &StoreErrorKind) {
    for _ in 0..GROUP_TX_MAX {
        let Some(job) = file.next_job() else { return };
        job.fail(kind.clone());
    }
}

struct Group<'a> {
    file: &'a ProjectFile,
    shared: &'a Shared,
    conn: Option<Box<Connection>>,
    /// Ran and wait for COMMIT.
    members: Vec<Member>,
    /// Refused by their own closure; answered with the others.
    undone: Vec<Box<dyn Job>>,
}

impl Group<'_> {
    /// Run the group to its answers; the connection, which may have become suspect.
    fn run(mut self) -> Option<Box<Connection>> {
        if let Err(error) = self.statement("BEGIN IMMEDIATE") {
            fail_waiting(self.file, error.kind());
            return self.suspect();
        }
        let mut broken = self.take_members().err();
        if let Some(first) = broken.take() {
            broken = self.run_again(first).err();
        }
        match broken {
            Some(broken) => self.fail_all(broken),
            None => self.commit(),
        }
    }

    fn take_members(&mut self) -> Result<(), Broken> {
        let began_ms = self.shared.clock.monotonic_ms();
        while self.members.len() < GROUP_TX_MAX {
            let Some(job) = self.file.next_job() else { return Ok(()) };
            let now_ms = self.shared.clock.monotonic_ms();
            if job.deadline_ms() < now_ms {
                job.fail(StoreErrorKind::Deadline);
                continue;
            }
            self.run_member(job)?;
            if now_ms - began_ms > GROUP_RUN_MS_MAX {
                break;
            }
        }
        Ok(())
    }

    fn run_member(&mut self, mut job: Box<dyn Job>) -> Result<(), Broken> {
        if let Err(error) = self.statement("SAVEPOINT member") {
            return Err(Broken { kind: error.kind().clone(), culprit: Some(job) });
        }
        let Some(conn) = self.conn.take() else {
            return Err(Broken { kind: StoreErrorKind::Io, culprit: Some(job) });
        };
        let tx = Tx::sqlite(self.file.project.clone(), conn, self.shared.generations.clone());
        let verdict = job.run(&tx);
        self.conn = tx.reclaim();
        if self.conn.as_ref().is_none_or(|conn| conn.is_autocommit()) {
            return Err(Broken { kind: StoreErrorKind::Io, culprit: Some(job) });
        }
        let ended = match verdict {
            Verdict::Keep => self.statement("RELEASE member"),
            Verdict::Undo => {
                self.statement("ROLLBACK TO member").and_then(|()| self.statement("RELEASE member"))
            }
        };
        match (ended, verdict) {
            (Err(error), _) => Err(Broken { kind: error.kind().clone(), culprit: Some(job) }),
            (Ok(()), Verdict::Keep) => {
                self.members.push(Member { job, tx });
                Ok(())
            }
            (Ok(()), Verdict::Undo) => {
                self.undone.push(job);
                Ok(())
            }
        }
    }

    /// The whole transaction is gone: answer the culprit and run the others once more.
    fn run_again(&mut self, broken: Broken) -> Result<(), Broken> {
        if let Some(culprit) = broken.culprit {
            culprit.refuse(broken.kind);
        }
        let again: Vec<Box<dyn Job>> = self.members.drain(..).map(|member| member.job).collect();
        if self.conn.as_ref().is_some_and(|conn| !conn.is_autocommit()) {
            let _ = self.statement("ROLLBACK");
        }
        let began = self.statement("BEGIN IMMEDIATE");
        let mut again = again.into_iter();
        if let Err(error) = began {
            again.for_each(|job| job.fail(error.kind().clone()));
            return Err(Broken { culprit: None, kind: error.kind().clone() });
        }
        while let Some(job) = again.next() {
            if let Err(broken) = self.run_member(job) {
                again.for_each(|job| job.fail(broken.kind.clone()));
                return Err(broken);
            }
        }
        Ok(())
    }

    fn commit(mut self) -> Option<Box<Connection>> {
        if self.members.is_empty() {
            if self.statement("ROLLBACK").is_err() {
                self.file.is_suspect.store(true, Ordering::SeqCst);
            }
            self.undone.into_iter().for_each(|job| job.answer());
            return self.conn;
        }
        if let Err(error) = self.statement("COMMIT") {
            tracing::error!(project = %self.file.project.id, %error, source = ?error.source, "a group's COMMIT failed");
            // A reader's next snapshot and every cache must ask again: the group may be there after all.
            self.file.advance_commits();
            for member in std::mem::take(&mut self.members) {
                member.tx.publish_touched();
                member.job.fail(StoreErrorKind::OutcomeUnknown);
            }
            std::mem::take(&mut self.undone).into_iter().for_each(|job| job.answer());
            return self.suspect();
        }
        self.file.advance_commits();
        for member in &self.members {
            member.tx.publish_touched();
        }
        self.shared.groups.fetch_add(1, Ordering::Relaxed);
        self.members.into_iter().for_each(|member| member.job.answer());
        self.undone.into_iter().for_each(|job| job.answer());
        self.conn
    }

    fn fail_all(mut self, broken: Broken) -> Option<Box<Connection>> {
        if let Some(culprit) = broken.culprit {
            culprit.refuse(broken.kind.clone());
        }
        for member in std::mem::take(&mut self.members) {
            member.job.fail(broken.kind.clone());
        }
        std::mem::take(&mut self.undone).into_iter().for_each(|job| job.answer());
        self.suspect()
    }

    /// The connection, to be replaced before it is used again.
    fn suspect(self) -> Option<Box<Connection>> {
        self.file.is_suspect.store(true, Ordering::SeqCst);
        self.conn
    }

    fn statement(&self, sql: &str) -> Result<(), StoreError> {
        let conn = self.conn.as_ref().ok_or_else(|| StoreError::new(StoreErrorKind::Io))?;
        conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
