//! Group commit: one COMMIT, and so one sync, for all transactions that wait for a project.
//!
//! Each member runs in a savepoint and its own failure undoes only that. Answers, cache generations and fresh
//! snapshots come after COMMIT. Some failures (no space, I/O, no memory, an interrupt) make SQLite roll the whole
//! transaction back: the others then run again once without the culprit. A failed COMMIT leaves the outcome
//! open: every member is told so, and the connection is replaced before the next group.
//!
//! A long transaction is a group of its own: nobody shares its commit, so that interrupting it undoes nobody else.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use rusqlite::Connection;

use super::Shared;
use super::file::{ProjectFile, STEPS_PER_LOOK};
use super::job::{Job, Length, Verdict};
use crate::tx::Until;
use crate::{StoreError, StoreErrorKind, Tx};

/// Members of one group at most.
const GROUP_TX_MAX: usize = 256;
/// A group stops taking members after this long.
const GROUP_RUN_MS_MAX: i64 = 20;

/// A transaction that ran; it waits for COMMIT whatever its verdict, because what it saw is not there before.
struct Member {
    job: Box<dyn Job>,
    tx: Tx,
    verdict: Verdict,
}

/// Why a group could not go on.
struct Broken {
    culprit: Option<Box<dyn Job>>,
    kind: StoreErrorKind,
}

/// Run one group of the file's waiting transactions of this length.
pub(super) fn run_group(file: &ProjectFile, shared: &Shared, length: Length) {
    let mut slot = file.writer.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = make_usable(&mut slot, file, shared) {
        tracing::error!(project = %file.project.id, %error, source = ?error.source, "no connection to write with");
        return fail_waiting(file, length, error.kind());
    }
    let conn = slot.take();
    *slot = Group { file, shared, length, conn, members: Vec::new() }.run();
}

/// Replace the writer's connection when it is suspect.
///
/// The replacement is opened before the old one is closed, and where it cannot be opened the old one stays: a lone new
/// connection would recover frames from the WAL that a failed sync never brought to disk, and go on from them; while
/// another connection is open the WAL's index stands, and the next commit overwrites those frames.
fn make_usable(
    slot: &mut Option<Box<Connection>>,
    file: &ProjectFile,
    shared: &Shared,
) -> Result<(), StoreError> {
    let fresh = match slot {
        Some(_) if !file.is_suspect.load(Ordering::SeqCst) => return Ok(()),
        Some(conn) => {
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
            file.open_writer(&shared.options)?
        }
        None => file.open_first_writer(&shared.options)?,
    };
    *slot = Some(fresh);
    file.is_suspect.store(false, Ordering::SeqCst);
    Ok(())
}

/// Fail who waits, and nobody who comes later: whoever is answered may have mended the disk and write again, before
/// the next of them is answered.
fn fail_waiting(file: &ProjectFile, length: Length, kind: &StoreErrorKind) {
    let waiting: Vec<_> = (0..members_max(length)).map_while(|_| file.next_job(length)).collect();
    for job in waiting {
        job.fail(kind.clone());
    }
}

fn members_max(length: Length) -> usize {
    match length {
        Length::Short => GROUP_TX_MAX,
        Length::Long => 1,
    }
}

struct Group<'a> {
    file: &'a ProjectFile,
    shared: &'a Shared,
    length: Length,
    conn: Option<Box<Connection>>,
    members: Vec<Member>,
}

impl Group<'_> {
    /// Run the group to its answers; the connection, which may have become suspect.
    fn run(mut self) -> Option<Box<Connection>> {
        if let Err(error) = self.statement("BEGIN IMMEDIATE") {
            fail_waiting(self.file, self.length, error.kind());
            return self.suspect();
        }
        let outcome = match self.take_members() {
            Err(broken) => self.run_again(broken),
            Ok(()) => Ok(()),
        };
        match outcome {
            Err(broken) => self.fail_all(broken),
            Ok(()) => self.commit(),
        }
    }

    fn take_members(&mut self) -> Result<(), Broken> {
        let began_ms = self.shared.clock.monotonic_ms();
        let mut now_ms = began_ms;
        while self.members.len() < members_max(self.length) && now_ms - began_ms <= GROUP_RUN_MS_MAX {
            let Some(job) = self.file.next_job(self.length) else { return Ok(()) };
            if job.deadline_ms() < now_ms {
                job.fail(StoreErrorKind::Deadline);
            } else {
                self.run_member(job)?;
            }
            now_ms = self.shared.clock.monotonic_ms();
        }
        Ok(())
    }

    fn run_member(&mut self, mut job: Box<dyn Job>) -> Result<(), Broken> {
        if let Err(error) = self.statement("SAVEPOINT member") {
            return Err(Broken { kind: error.kind().clone(), culprit: Some(job) });
        }
        let until = job.run_ms_max().map(|ms| Until::new(&self.shared.clock, ms));
        if let Some(until) = until.clone() {
            self.interrupt_when(Some(move || until.is_over()));
        }
        let Some(conn) = self.conn.take() else {
            return Err(Broken { kind: StoreErrorKind::Io, culprit: Some(job) });
        };
        let tx = Tx::sqlite(self.file.project.clone(), conn, self.shared.generations.clone(), until);
        let verdict = job.run(&tx);
        self.conn = tx.reclaim();
        if self.length == Length::Long {
            self.interrupt_when(None::<fn() -> bool>);
        }
        let is_over = self.conn.as_ref().is_none_or(|conn| conn.is_autocommit());
        let ended = match verdict {
            _ if is_over => Err(StoreError::new(tx.failure().cloned().unwrap_or(StoreErrorKind::Io))),
            Verdict::Keep => self.statement("RELEASE member"),
            Verdict::Undo => {
                self.statement("ROLLBACK TO member").and_then(|()| self.statement("RELEASE member"))
            }
        };
        if let Err(error) = ended {
            return Err(Broken { kind: error.kind().clone(), culprit: Some(job) });
        }
        self.members.push(Member { job, tx, verdict });
        Ok(())
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
        let mut again = again.into_iter();
        if let Err(error) = self.statement("BEGIN IMMEDIATE") {
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
        if self.members.iter().all(|member| member.verdict == Verdict::Undo) {
            let is_over = self.statement("ROLLBACK").is_ok();
            self.members.drain(..).for_each(|member| member.job.answer());
            return if is_over { self.conn } else { self.suspect() };
        }
        let began_us = self.shared.clock.monotonic_us();
        if let Err(error) = self.statement("COMMIT") {
            return self.commit_failed(&error);
        }
        let took_us = self.shared.clock.monotonic_us() - began_us;
        self.shared.counts.commit_us.note(u64::try_from(took_us).unwrap_or_default());
        self.shared.counts.group_transactions.note(self.members.len() as u64);
        self.file.advance_commits();
        for member in self.members.iter().filter(|member| member.verdict == Verdict::Keep) {
            member.tx.publish();
        }
        self.members.into_iter().for_each(|member| member.job.answer());
        self.conn
    }

    /// Nothing is there if the WAL was too small for the frames; otherwise nobody can say.
    fn commit_failed(mut self, error: &StoreError) -> Option<Box<Connection>> {
        tracing::error!(project = %self.file.project.id, %error, source = ?error.source, "a group's COMMIT failed");
        let kind = match error.kind() {
            StoreErrorKind::Full => StoreErrorKind::Full,
            _ => StoreErrorKind::OutcomeUnknown,
        };
        // A reader's next snapshot and every cache must ask again: the group may be there after all.
        self.file.advance_commits();
        for member in self.members.drain(..) {
            match member.verdict {
                Verdict::Keep => {
                    member.tx.publish();
                    member.job.fail(kind.clone());
                }
                // It wrote nothing, but what it was refused for may be gone with the others.
                Verdict::Undo => member.job.fail(StoreErrorKind::Io),
            }
        }
        self.suspect()
    }

    fn fail_all(mut self, broken: Broken) -> Option<Box<Connection>> {
        if let Some(culprit) = broken.culprit {
            culprit.refuse(broken.kind.clone());
        }
        for member in self.members.drain(..) {
            member.job.fail(broken.kind.clone());
        }
        self.suspect()
    }

    /// Stop whatever statement runs when `is_over` says so.
    fn interrupt_when<F: FnMut() -> bool + Send + 'static>(&mut self, is_over: Option<F>) {
        if let Some(conn) = &mut self.conn {
            // Refused only for connections that SQLite itself lends.
            let _ = conn.progress_handler(STEPS_PER_LOOK, is_over);
        }
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
