//! Builds the disk as a power cut would leave it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::record::{Event, Inode};

#[cfg(test)]
mod tests;

/// What becomes of changes that no sync has covered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// All of them are lost.
    Unsynced,
    /// Each of them survives or not, by a random choice that `seed` repeats; writes are torn at multiples of `sector_bytes`.
    ///
    /// Bytes of a sector outside the range that was written stay as they were: SQLite's unix VFS relies on that too (powersafe
    /// overwrite).
    Torn {
        /// Which of the possible images.
        seed: u64,
        /// The size of what the disk writes as a whole, 512 or 4096 as a rule.
        sector_bytes: usize,
    },
}

/// A recorded run, to be cut at any of its sync points.
#[derive(Clone, Debug)]
pub struct PowerCut {
    events: Vec<Event>,
    sync_points: usize,
}

impl PowerCut {
    pub(crate) fn new(events: Vec<Event>, sync_points: usize) -> Self {
        Self { events, sync_points }
    }

    /// How many syncs the run had; `0..=sync_points()` are the moments at which it can be cut.
    pub fn sync_points(&self) -> usize {
        self.sync_points
    }

    /// Writes the files into `destination` as they would be had power failed after sync point `point` (0: before the first) and
    /// before the next.
    ///
    /// What happened between the two syncs is subject to `loss`, as is everything older that no sync covered. `destination` is
    /// created if missing and should be empty.
    pub fn replay(&self, point: usize, destination: &Path, loss: Loss) -> io::Result<()> {
        if point > self.sync_points {
            let text = format!("sync point {point} of a run that has {}", self.sync_points);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let mut disk = Disk::new(loss);
        let mut seen = 0;
        for (at, event) in self.events.iter().enumerate() {
            seen += usize::from(event.is_sync_point());
            if seen > point {
                break;
            }
            disk.apply(at, event);
        }
        disk.cut();
        fs::create_dir_all(destination)?;
        for (path, inode) in &disk.names {
            let path = destination.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, &disk.files[*inode].durable)?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    /// Changes that no sync covered, with their place in the journal.
    pending: Vec<(usize, Change)>,
}

enum Change {
    Write { offset: usize, data: std::sync::Arc<[u8]> },
    Truncate { size: usize },
}

enum Naming {
    Link(PathBuf, Inode),
    Unlink(PathBuf),
}

impl Naming {
    fn path(&self) -> &Path {
        match self {
            Self::Link(path, _) | Self::Unlink(path) => path,
        }
    }
}

/// The disk during a replay: what is durable, and what waits for a sync.
struct Disk {
    files: Vec<File>,
    names: BTreeMap<PathBuf, Inode>,
    pending_names: Vec<(usize, Naming)>,
    chance: Option<Chance>,
}

impl Disk {
    fn new(loss: Loss) -> Self {
        let chance = match loss {
            Loss::Unsynced => None,
            Loss::Torn { seed, sector_bytes } => Some(Chance::new(seed, sector_bytes)),
        };
        Self { files: Vec::new(), names: BTreeMap::new(), pending_names: Vec::new(), chance }
    }

    fn file(&mut self, inode: Inode) -> &mut File {
        if self.files.len() <= inode {
            self.files.resize_with(inode + 1, File::default);
        }
        &mut self.files[inode]
    }

    fn apply(&mut self, at: usize, event: &Event) {
        match event {
            Event::Adopt { inode, path, content } => {
                self.file(*inode).durable = content.to_vec();
                self.names.insert(path.clone(), *inode);
            }
            Event::Create { inode, path } => {
                self.file(*inode);
                self.pending_names.push((at, Naming::Link(path.clone(), *inode)));
            }
            Event::Write { inode, offset, data } => {
                self.file(*inode).pending.push((at, Change::Write { offset: *offset, data: data.clone() }));
            }
            Event::Truncate { inode, size } => {
                self.file(*inode).pending.push((at, Change::Truncate { size: *size }));
            }
            Event::Sync { inode, upto, dir } => {
                let file = self.file(*inode);
                for change in take_before(&mut file.pending, *upto) {
                    change.persist(&mut file.durable);
                }
                if let Some(dir) = dir {
                    self.sync_dir(dir, *upto);
                }
            }
            Event::SyncFailed { inode, upto } => {
                let lost = take_before(&mut self.file(*inode).pending, *upto);
                self.persist_by_chance(*inode, lost);
            }
            Event::Delete { path, is_dir_synced } => {
                self.pending_names.push((at, Naming::Unlink(path.clone())));
                if *is_dir_synced {
                    self.sync_dir(path.parent().unwrap_or(Path::new("")), at + 1);
                }
            }
        }
    }

    fn sync_dir(&mut self, dir: &Path, upto: usize) {
        let is_covered =
            |(at, naming): &mut (usize, Naming)| *at < upto && naming.path().parent() == Some(dir);
        let covered: Vec<_> = self.pending_names.extract_if(.., is_covered).collect();
        for (_, naming) in covered {
            self.rename(naming);
        }
    }

    fn rename(&mut self, naming: Naming) {
        match naming {
            Naming::Link(path, inode) => self.names.insert(path, inode),
            Naming::Unlink(path) => self.names.remove(&path),
        };
    }

    /// The power fails: chance decides over everything that still waits.
    fn cut(&mut self) {
        for inode in 0..self.files.len() {
            let waiting = take_before(&mut self.files[inode].pending, usize::MAX);
            self.persist_by_chance(inode, waiting);
        }
        for (_, naming) in std::mem::take(&mut self.pending_names) {
            if self.chance.as_mut().is_some_and(Chance::survives) {
                self.rename(naming);
            }
        }
    }

    fn persist_by_chance(&mut self, inode: Inode, changes: Vec<Change>) {
        let Some(chance) = &mut self.chance else { return };
        let durable = &mut self.files[inode].durable;
        for change in changes {
            match change {
                Change::Write { offset, data } => {
                    for (offset, piece) in sectors(offset, &data, chance.sector_bytes) {
                        if chance.survives() {
                            write_at(durable, offset, piece);
                        }
                    }
                }
                Change::Truncate { .. } if chance.survives() => change.persist(durable),
                Change::Truncate { .. } => {}
            }
        }
    }
}

impl Change {
    fn persist(&self, durable: &mut Vec<u8>) {
        match self {
            Self::Write { offset, data } => write_at(durable, *offset, data),
            Self::Truncate { size } => durable.resize(*size, 0),
        }
    }
}

/// Takes the changes that stand before `upto` in the journal, oldest first.
fn take_before(pending: &mut Vec<(usize, Change)>, upto: usize) -> Vec<Change> {
    let covered = pending.partition_point(|(at, _)| *at < upto);
    pending.drain(..covered).map(|(_, change)| change).collect()
}

/// Writes a range; a gap before it reads as zeros, as in a sparse file.
fn write_at(durable: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if durable.len() < end {
        durable.resize(end, 0);
    }
    durable[offset..end].copy_from_slice(data);
}

/// Cuts a range at the multiples of the sector size.
fn sectors(offset: usize, data: &[u8], sector_bytes: usize) -> Vec<(usize, &[u8])> {
    let mut pieces = Vec::new();
    let (mut offset, mut rest) = (offset, data);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.len().min(sector_bytes - offset % sector_bytes));
        pieces.push((offset, piece));
        offset += piece.len();
        rest = after;
    }
    pieces
}

/// SplitMix64: repeatable from a seed, and good enough to choose which sectors live.
struct Chance {
    state: u64,
    sector_bytes: usize,
    /// How many eighths survive; part of the choice, so that both nearly full and nearly empty images come up.
    eighths: u64,
}

impl Chance {
    fn new(seed: u64, sector_bytes: usize) -> Self {
        let mut chance = Self { state: seed, sector_bytes: sector_bytes.max(1), eighths: 0 };
        chance.eighths = 1 + chance.next() % 7;
        chance
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn survives(&mut self) -> bool {
        self.next() % 8 < self.eighths
    }
}
