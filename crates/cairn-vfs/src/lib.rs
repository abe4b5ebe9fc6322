//! The SQLite I/O seam: a VFS that wraps SQLite's own unix VFS and can make it fail.
//!
//! Every byte the embedded store reads or writes passes here, in production as in tests, so that what the crash tests exercise
//! is what runs. The wrapper has three modes:
//!
//! - **Pass-through** ([`Vfs::register_passthrough`]): one relaxed load of an atomic in front of each call to the unix VFS
//!   (`cargo run --release -p cairn-vfs --example overhead` measures it. On a file system in memory, with no sync to hide it,
//!   20,000 commits took 139 ms without and 134 ms with it, 100,000 reads 275 ms and 271 ms: it is lost in the noise).
//! - **Faults** ([`Vfs::faults`]): chosen operations fail with the codes that the unix VFS gives for a full or a broken disk, and
//!   are made to work again at run time. Operations are counted ([`Vfs::counters`]).
//! - **Recording** ([`Options::record_below`]): every change below a directory is kept in memory, and [`PowerCut::replay`] builds
//!   the directory as a power cut between any two syncs would leave it.
//!
//! ```no_run
//! use cairn_vfs::{Failure, Op, Options, Rule, Vfs};
//! # fn main() -> Result<(), cairn_vfs::RegisterError> {
//! let vfs = Vfs::register("disk-of-this-test", Options::new())?;
//! // .. rusqlite: Connection::open_with_flags_and_vfs(path, flags, vfs.name()) ..
//! let full = vfs.faults().inject(Rule::new(Op::Write, Failure::NoSpace).path_suffix("-wal"));
//! // .. every write to a WAL now gives SQLITE_FULL ..
//! vfs.faults().lift(full); // space returns
//! # Ok(())
//! # }
//! ```
//!
//! # What a power cut loses
//! - Writes and truncations of a file are durable once a later `xSync` of that file succeeded. Those that a *failed* `xSync` should
//!   have covered do not become durable by a later one: the kernel drops dirty pages it could not write.
//! - A directory entry (a file's creation or removal) is durable once its directory is synced. SQLite does that at the first
//!   `xSync` of a handle on a journal or WAL that it opened with leave to create it, and at an `xDelete` with `syncDir`. Such a
//!   sync covers every entry of that directory, among them the database file's own, which SQLite syncs in no other way.
//! - [`Loss::Unsynced`] drops all the rest; [`Loss::Torn`] lets a random part of it survive, sector by sector and out of order.
//!
//! # What users of SQLite must know
//! After an `xSync` of the WAL failed, the frames of the failed commit are in the page cache but not on disk. A connection that is
//! opened when no other is left recovers the WAL, takes these frames for good and appends to them; what it then acknowledges is
//! lost in a power cut, because recovery stops at the first broken frame. So open the new connection before the old one is closed:
//! the WAL index lives on, and the next commit writes over the failed frames. A test here shows both. A process that ends before
//! that leaves the hole to the next one: call [`settle`] before the first connection to a file.
//!
//! After an `xSync` of the *database* failed, no checkpoint may go on from where the last one got to. SQLite syncs the database only
//! with the checkpoint that reaches the end of the WAL; pages that an earlier one wrote, which readers or a busy writer stopped
//! half-way, are counted as done without a sync. The failed one drops them too, the next one writes only what comes after them,
//! succeeds, and lets the WAL start anew: the last copy is gone, and the database is corrupt after a power cut. So close every
//! connection without a checkpoint (`SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`), [`settle`] the WAL and open anew: recovery counts from the
//! WAL's first frame. Two tests here show that as well.
//!
//! Syncs are done for real while recording, so that concurrent connections keep their timing.
//!
//! # Not here
//! - The `-shm` file: it is no part of the persistent state and does not pass `xOpen`; its calls go straight to the unix VFS.
//! - Memory-mapped reads and writes: `PRAGMA mmap_size` has no effect, otherwise pages would reach the disk unseen.
//! - Files that are made, renamed or removed beside SQLite, and directories. A file that is already there when SQLite first opens
//!   it counts as durable as it is; a rename is not seen, so a recorded run must not contain one.
//!
//! INVARIANT: this is the only crate with `unsafe`, and inside it only `ffi`.

#![warn(clippy::undocumented_unsafe_blocks)]

mod counters;
mod faults;
mod ffi;
mod record;
mod replay;
mod settle;
mod shared;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub use counters::Counters;
pub use faults::{Failure, Faults, Rule, RuleId};
pub use record::Recording;
pub use replay::{Loss, PowerCut};
pub use settle::settle;

use shared::Shared;

/// The name of the VFS that [`Vfs::register_passthrough`] registers.
pub const PASSTHROUGH_NAME: &str = "cairn";

/// An operation that can be counted and made to fail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Opening a file, which may create it.
    Open,
    /// Reading a range.
    Read,
    /// Writing a range.
    Write,
    /// Cutting or growing a file to a length.
    Truncate,
    /// Making what was written durable.
    Sync,
    /// Removing a file.
    Delete,
}

/// What a file is to SQLite.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileClass {
    /// A database.
    Db,
    /// A write-ahead log.
    Wal,
    /// A rollback journal or super-journal.
    Journal,
    /// A temporary file: sorters, statement journals, temporary databases. Never recorded.
    Temp,
}

/// How a VFS is registered.
#[derive(Clone, Debug, Default)]
pub struct Options {
    is_uncounted: bool,
    record: Option<(PathBuf, usize)>,
}

impl Options {
    /// A VFS that counts operations, injects no fault yet and records nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts nothing, as the pass-through does.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.is_uncounted = true;
        self
    }

    /// Records every change to files below `root`, an existing directory.
    ///
    /// At most [`Options::RECORD_BYTES_MAX_DEFAULT`] of data are kept; a longer run makes [`Recording::power_cut`] fail.
    #[must_use]
    pub fn record_below(self, root: impl Into<PathBuf>) -> Self {
        self.record_below_with_limit(root, Self::RECORD_BYTES_MAX_DEFAULT)
    }

    /// As [`Options::record_below`], with a limit of the caller's for the data kept in memory.
    #[must_use]
    pub fn record_below_with_limit(mut self, root: impl Into<PathBuf>, record_bytes_max: usize) -> Self {
        self.record = Some((root.into(), record_bytes_max));
        self
    }

    /// How much written data a recording keeps unless told otherwise.
    pub const RECORD_BYTES_MAX_DEFAULT: usize = 512 << 20;
}

/// A registered VFS, known to SQLite by [`Vfs::name`]; a cheap handle.
///
/// It stays registered until the process ends and its memory is leaked on purpose: SQLite keeps raw pointers to it in every open
/// connection, and no Rust lifetime can tell when the last one is closed.
#[derive(Clone, Copy)]
pub struct Vfs {
    shared: &'static Shared,
}

impl fmt::Debug for Vfs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vfs").field("name", &self.name()).finish_non_exhaustive()
    }
}

impl Vfs {
    /// Registers the VFS of production under [`PASSTHROUGH_NAME`], or returns it when that has happened before.
    pub fn register_passthrough() -> Result<Self, RegisterError> {
        static REGISTERED: Mutex<Option<Vfs>> = Mutex::new(None);
        let mut registered = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vfs) = *registered {
            return Ok(vfs);
        }
        let vfs = Self::register(PASSTHROUGH_NAME, Options::new().uncounted())?;
        *registered = Some(vfs);
        Ok(vfs)
    }

    /// Registers a VFS of its own under `name`, which no other may have: faults, counters and recording belong to it alone.
    pub fn register(name: &str, options: Options) -> Result<Self, RegisterError> {
        let recording = match options.record {
            Some((root, bytes_max)) => Some(Recording::new(&root, bytes_max).map_err(RegisterError::Root)?),
            None => None,
        };
        let shared = Shared::leak(name, !options.is_uncounted, recording);
        ffi::register(shared)?;
        shared.list();
        Ok(Self { shared })
    }

    /// The name under which SQLite knows this VFS.
    pub fn name(&self) -> &'static str {
        self.shared.name()
    }

    /// The faults of this VFS.
    pub fn faults(&self) -> &'static Faults {
        self.shared.faults()
    }

    /// How many operations this VFS has seen.
    pub fn counters(&self) -> Counters {
        self.shared.counters().snapshot()
    }

    /// The recording, when the VFS was registered with one.
    pub fn recording(&self) -> Option<&'static Recording> {
        self.shared.recording()
    }
}

/// Why a VFS could not be registered.
#[derive(Debug)]
#[non_exhaustive]
pub enum RegisterError {
    /// Another VFS of the process has this name.
    NameTaken(String),
    /// The name is empty or holds a NUL.
    NameInvalid(String),
    /// This SQLite has no unix VFS to wrap.
    NoUnixVfs,
    /// The directory to be recorded cannot be resolved.
    Root(std::io::Error),
    /// SQLite refused, with its result code.
    Refused(i32),
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken(name) => write!(f, "a VFS named {name:?} is registered already"),
            Self::NameInvalid(name) => write!(f, "{name:?} cannot be the name of a VFS"),
            Self::NoUnixVfs => f.write_str("this build of SQLite has no unix VFS"),
            Self::Root(_) => f.write_str("the directory to record cannot be resolved"),
            Self::Refused(code) => write!(f, "SQLite refused to register the VFS (code {code})"),
        }
    }
}

impl std::error::Error for RegisterError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Root(err) => Some(err),
            _ => None,
        }
    }
}
