//! The journal of changes that a recording VFS keeps.
//!
//! INVARIANT: an operation is entered after the unix VFS has done it, and a sync covers what was entered before it began. A change
//! that ran beside a sync is therefore counted as not covered, the stricter of the two readings.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::PowerCut;

/// A file's content, apart from its names: a file that is removed and made again is another inode.
pub(crate) type Inode = usize;

/// A change to the disk, with paths relative to the recorded root.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A file that existed before the recording saw it; durable as it is.
    Adopt { inode: Inode, path: PathBuf, content: Arc<[u8]> },
    /// A new, empty file.
    Create { inode: Inode, path: PathBuf },
    /// A range of a file was written.
    Write { inode: Inode, offset: usize, data: Arc<[u8]> },
    /// A file was set to a length.
    Truncate { inode: Inode, size: usize },
    /// A file was synced, and its directory if named; covers the events before `upto`.
    Sync { inode: Inode, upto: usize, dir: Option<PathBuf> },
    /// A file's sync failed; the events it should have covered are not made up for by a later sync.
    SyncFailed { inode: Inode, upto: usize },
    /// A file's name was removed, and the directory synced afterwards or not.
    Delete { path: PathBuf, is_dir_synced: bool },
}

impl Event {
    /// Whether something became durable here.
    pub(crate) fn is_sync_point(&self) -> bool {
        matches!(self, Self::Sync { .. } | Self::Delete { is_dir_synced: true, .. })
    }
}

/// The changes below one directory since the VFS was registered.
pub struct Recording {
    root: PathBuf,
    bytes_max: usize,
    log: Mutex<Log>,
}

impl Recording {
    /// Starts a recording of what happens below `root`, which must exist.
    ///
    /// The root is resolved, because SQLite resolves symbolic links before it opens a file.
    pub(crate) fn new(root: &Path, bytes_max: usize) -> io::Result<Self> {
        Ok(Self {
            root: root.canonicalize()?,
            bytes_max,
            log: Mutex::new(Log { bytes_left: bytes_max, ..Log::default() }),
        })
    }

    /// How many syncs have succeeded so far.
    ///
    /// Read when a commit is acknowledged, it is the first sync point at which that commit must be on disk.
    pub fn sync_points(&self) -> usize {
        self.lock().sync_points
    }

    /// Freezes what is recorded so far, to be replayed. Fails once the recording has outgrown its limit.
    pub fn power_cut(&self) -> io::Result<PowerCut> {
        let log = self.lock();
        if log.is_overflowed {
            let text = format!("the recording outgrew its limit of {} bytes", self.bytes_max);
            return Err(io::Error::new(io::ErrorKind::StorageFull, text));
        }
        Ok(PowerCut::new(log.events.clone(), log.sync_points))
    }

    /// The path below the root, `None` for a file that is not recorded.
    pub(crate) fn relative(&self, path: &Path) -> Option<PathBuf> {
        path.strip_prefix(&self.root).ok().map(Path::to_path_buf)
    }

    /// The journal, for one entry or for a step that must not be interleaved.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The journal and the names as they are now.
#[derive(Default)]
pub(crate) struct Log {
    events: Vec<Event>,
    sync_points: usize,
    names: HashMap<PathBuf, Inode>,
    inodes: usize,
    bytes_left: usize,
    is_overflowed: bool,
}

impl Log {
    /// How many events there are: what a sync that begins now will cover.
    pub(crate) fn position(&self) -> usize {
        self.events.len()
    }

    /// The inode behind a name, if the recording knows it.
    pub(crate) fn inode(&self, path: &Path) -> Option<Inode> {
        self.names.get(path).copied()
    }

    /// Enters a file that was there before.
    pub(crate) fn adopt(&mut self, path: &Path, content: &[u8]) -> Inode {
        let inode = self.name_new(path);
        if self.afford(content.len()) {
            self.push(Event::Adopt { inode, path: path.to_path_buf(), content: content.into() });
        }
        inode
    }

    /// Enters a file that was just made.
    pub(crate) fn create(&mut self, path: &Path) -> Inode {
        let inode = self.name_new(path);
        self.push(Event::Create { inode, path: path.to_path_buf() });
        inode
    }

    /// Enters a write.
    pub(crate) fn write(&mut self, inode: Inode, offset: usize, data: &[u8]) {
        if self.afford(data.len()) {
            self.push(Event::Write { inode, offset, data: data.into() });
        }
    }

    /// Enters a change of length.
    pub(crate) fn truncate(&mut self, inode: Inode, size: usize) {
        self.push(Event::Truncate { inode, size });
    }

    /// Enters a sync that succeeded.
    pub(crate) fn sync(&mut self, inode: Inode, upto: usize, dir: Option<PathBuf>) {
        self.push(Event::Sync { inode, upto, dir });
    }

    /// Enters a sync that failed.
    pub(crate) fn sync_failed(&mut self, inode: Inode, upto: usize) {
        self.push(Event::SyncFailed { inode, upto });
    }

    /// Enters the removal of a name.
    pub(crate) fn delete(&mut self, path: &Path, is_dir_synced: bool) {
        self.names.remove(path);
        self.push(Event::Delete { path: path.to_path_buf(), is_dir_synced });
    }

    fn name_new(&mut self, path: &Path) -> Inode {
        let inode = self.inodes;
        self.inodes += 1;
        self.names.insert(path.to_path_buf(), inode);
        inode
    }

    fn push(&mut self, event: Event) {
        self.sync_points += usize::from(event.is_sync_point());
        self.events.push(event);
    }

    fn afford(&mut self, bytes: usize) -> bool {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) if !self.is_overflowed => self.bytes_left = left,
            _ => self.is_overflowed = true,
        }
        !self.is_overflowed
    }
}
