//! Brings a WAL to the disk as it reads now, before the first connection recovers it.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::record::Inode;
use crate::shared::Shared;
use crate::{FileClass, Op};

const STEP_BYTES: usize = 1 << 20;

/// Make durable what a file reads as now; a file that does not exist is fine.
///
/// After a failed sync, pages are in the page cache that the disk never got, and the kernel holds them for clean: another
/// sync does not write them. So every byte is written over itself first. What was durable before stays durable throughout,
/// because no byte changes. Nobody may write to the file meanwhile.
///
/// `vfs` is the name that the file's connections are opened with.
pub fn settle(vfs: Option<&str>, path: &Path) -> io::Result<()> {
    let file = match File::options().read(true).write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let size = file.metadata()?.len();
    if size == 0 {
        return Ok(());
    }
    let shared = vfs.and_then(Shared::named);
    let inode = shared.and_then(|shared| enter(shared, path));
    let mut buffer = vec![0; STEP_BYTES];
    let mut offset = 0;
    while offset < size {
        let read = file.read_at(&mut buffer, offset)?;
        if read == 0 {
            break;
        }
        admit(shared, Op::Write, path, read)?;
        file.write_all_at(&buffer[..read], offset)?;
        if let Some((shared, inode)) = inode {
            let at = usize::try_from(offset).map_err(io::Error::other)?;
            record(shared, |log| log.write(inode, at, &buffer[..read]));
        }
        offset += read as u64;
    }
    sync(&file, shared, inode, path)
}

fn sync(
    file: &File,
    shared: Option<&'static Shared>,
    inode: Option<(&'static Shared, Inode)>,
    path: &Path,
) -> io::Result<()> {
    let upto = shared.and_then(Shared::recording).map_or(0, |recording| recording.lock().position());
    let synced = admit(shared, Op::Sync, path, 0).and_then(|()| file.sync_data());
    if let Some((shared, inode)) = inode {
        record(shared, |log| match &synced {
            Ok(()) => log.sync(inode, upto, None),
            Err(_) => log.sync_failed(inode, upto),
        });
    }
    synced
}

/// The file in the recording, if there is one that has met it.
fn enter(shared: &'static Shared, path: &Path) -> Option<(&'static Shared, Inode)> {
    let recording = shared.recording()?;
    let at = recording.relative(path)?;
    let inode = recording.lock().inode(&at)?;
    Some((shared, inode))
}

fn record(shared: &Shared, enter: impl FnOnce(&mut crate::record::Log)) {
    if let Some(recording) = shared.recording() {
        enter(&mut recording.lock());
    }
}

fn admit(shared: Option<&'static Shared>, op: Op, path: &Path, bytes: usize) -> io::Result<()> {
    let Some(shared) = shared.filter(|shared| !shared.is_plain()) else { return Ok(()) };
    shared.admit(op, FileClass::Wal, path.as_os_str().as_bytes(), bytes).map_err(|failure| {
        let kind = if failure == crate::Failure::NoSpace {
            io::ErrorKind::StorageFull
        } else {
            io::ErrorKind::Other
        };
        io::Error::new(kind, format!("{failure:?} was injected"))
    })
}
