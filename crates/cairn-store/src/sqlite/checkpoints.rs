//! Checkpoints: who makes one, when, and what a failed one means.
//!
//! Who checkpoints decides how long writers wait: an idle writer does it in line, so that the WAL is overwritten
//! instead of growing; a busy one hands over to the checkpointer and goes on. A WAL starts anew only when every frame
//! is in the database, which a checkpointer beside a busy writer never reaches: from [`FINISH_FACTOR`] on the writer
//! does the short rest itself, and from [`HARD_FACTOR`] on it also waits for readers to end their snapshots.
//!
//! INVARIANT: after a sync of the database failed, no checkpoint goes on from where the last one got to. SQLite syncs
//! the database only with the checkpoint that reaches the WAL's end; an earlier one that readers or a busy writer
//! stopped half-way has written pages that nothing has synced, and SQLite counts them as done. When the sync then
//! fails, the kernel drops these pages with the others and calls them clean. The next checkpoint would write the
//! frames after them only, sync with success and let the WAL start anew, over the last copy of what was dropped.
//! So a file whose sync failed is closed without a checkpoint and opened again, with which SQLite recovers the
//! WAL and counts from its first frame.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::cache::Share;
use super::file::{Backfill, ProjectFile};
use super::{Shared, conn};
use crate::{StoreError, StoreErrorKind};

/// A WAL of this many times `checkpoint_frames` makes a busy writer finish what the checkpointer has begun.
const FINISH_FACTOR: u32 = 8;
/// A WAL of this many times `checkpoint_frames` makes the writer wait for readers to end their snapshots.
const HARD_FACTOR: u32 = 32;

/// Checkpoint, or have it done, when the WAL has grown enough since the last one.
pub(super) fn checkpoint_if_due(file: &Arc<ProjectFile>, shared: &Shared) {
    let frames = file.wal_frames.load(Ordering::Relaxed);
    let checkpointed = file.checkpointed_frames.load(Ordering::Relaxed);
    // Fewer frames than at the last checkpoint: the WAL has started anew.
    let grown = frames.checked_sub(checkpointed).unwrap_or(frames);
    let worth = shared.options.checkpoint_frames;
    if grown < worth {
        return;
    }
    let is_checkpointing = file.is_checkpointing.load(Ordering::SeqCst);
    if frames / worth.max(1) >= HARD_FACTOR {
        file.awaiting_readers(|| checkpoint_in_line(file, shared, "PRAGMA wal_checkpoint(RESTART)"));
    } else if !is_checkpointing && (file.is_idle() || frames / worth.max(1) >= FINISH_FACTOR) {
        file.release_snapshots();
        checkpoint_in_line(file, shared, "PRAGMA wal_checkpoint(PASSIVE)");
    } else if !file.is_checkpointing.swap(true, Ordering::SeqCst) {
        let _ = shared.to_checkpoint.push(Arc::clone(file));
    } else {
        return;
    }
    file.checkpointed_frames.store(frames, Ordering::Relaxed);
}

fn checkpoint_in_line(file: &ProjectFile, shared: &Shared, sql: &str) {
    let mut writer = file.writer.lock().unwrap_or_else(PoisonError::into_inner);
    let mut backfill = file.backfill();
    if *backfill == Backfill::Dropped {
        if let Err(error) = file.begin_anew(&mut writer, &shared.options) {
            return report(file, &error);
        }
        *backfill = Backfill::Sound;
        tracing::info!(project = %file.project.id, "checkpoints begin anew from the WAL's first frame");
    }
    if let Some(conn) = writer.as_deref() {
        *backfill = checkpoint(file, conn, sql);
    }
}

/// Checkpoint from a connection of its own, while the writer goes on.
pub(super) fn checkpoint_beside(file: &ProjectFile, shared: &Shared) {
    file.release_snapshots();
    // To begin anew is the writer's work.
    let mut backfill = file.backfill();
    if *backfill == Backfill::Sound {
        match conn::open(file.path(), conn::Role::Checkpointer, &shared.options, &Share::passing()) {
            Ok(conn) => *backfill = checkpoint(file, &conn, "PRAGMA wal_checkpoint(PASSIVE)"),
            Err(error) => report(file, &error),
        }
    }
    drop(backfill);
    file.is_checkpointing.store(false, Ordering::SeqCst);
}

/// A checkpoint that readers stop half-way is no failure: the next one goes on from there.
fn checkpoint(file: &ProjectFile, conn: &rusqlite::Connection, sql: &str) -> Backfill {
    let Err(error) = conn.query_row(sql, [], |_| Ok(())) else { return Backfill::Sound };
    let error = StoreError::from(error);
    report(file, &error);
    // Without space nothing was dropped: a write failed, before any sync.
    if *error.kind() == StoreErrorKind::Full { Backfill::Sound } else { Backfill::Dropped }
}

/// A failed checkpoint loses nothing: the WAL keeps the changes.
fn report(file: &ProjectFile, error: &StoreError) {
    tracing::warn!(project = %file.project.id, %error, source = ?error.source, "a checkpoint failed");
}
