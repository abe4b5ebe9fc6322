//! Making and removing project files, so that a crash at any point leaves a whole project or none.
//!
//! A file is built under a temporary name, synced, renamed and its directory synced before the platform's
//! registry row is committed. What a crash leaves behind is found by [`SqliteStore::tidy_files`] at start-up.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::Share;
use super::{SqliteStore, conn};
use crate::{ProjectRef, StoreError, StoreErrorKind, migrations};

pub(super) const DIRECTORY: &str = "projects";
const TEMPORARY_PREFIX: &str = ".new-";
const ORPHAN_PREFIX: &str = ".orphan-";

/// Where a project's file is. An id that cannot be a file's name belongs to no project.
pub(super) fn path_of(dir: &Path, project: &str) -> Result<PathBuf, StoreError> {
    if project == ProjectRef::CONSOLE_ID {
        return Ok(dir.join("platform.db"));
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if project.is_empty() || project.starts_with('.') || !project.bytes().all(is_name) {
        return Err(StoreError::new(StoreErrorKind::NoProject));
    }
    Ok(dir.join(DIRECTORY).join(format!("{project}.db")))
}

impl SqliteStore {
    /// Build the file of a new project; its registry row comes afterwards.
    pub(crate) fn create_file(&self, project: &str) -> Result<(), StoreError> {
        let path = self.path_of(project)?;
        let (_reservation, open) = self.shared.files.take(&project.into());
        if open.is_some() || path.exists() {
            return Err(StoreError::new(StoreErrorKind::Conflict("project,id".into())));
        }
        let temporary = self.projects_dir().join(format!("{TEMPORARY_PREFIX}{project}.db"));
        remove_database(&temporary)?;
        let mut conn = conn::open(&temporary, conn::Role::Writer, &self.shared.options, &Share::passing())?;
        migrations::migrate_sqlite(&mut conn)?;
        conn.close().map_err(|(_, error)| StoreError::from(error))?;
        if with_suffix(&temporary, "-wal").exists() {
            return Err(StoreError::caused(StoreErrorKind::Io, "the new file could not be checkpointed"));
        }
        File::open(&temporary).and_then(|file| file.sync_all()).map_err(io)?;
        std::fs::rename(&temporary, &path).map_err(io)?;
        sync_dir(&self.projects_dir()).map_err(io)
    }

    /// Close and remove the file of a project whose registry row is marked as going.
    ///
    /// Whoever still uses the file works on an unlinked one, and SQLite leaves alone the names of a file that
    /// has moved away under it. Nobody can find the file again meanwhile.
    pub(crate) fn remove_file(&self, project: &ProjectRef) -> Result<(), StoreError> {
        let path = self.path_of(&project.id)?;
        let (_reservation, open) = self.shared.files.take(&project.id);
        remove_database(&path)?;
        drop(open);
        sync_dir(&self.projects_dir()).map_err(io)
    }

    /// Undo half-made projects: temporary files go; a file without a registry row is set aside, never destroyed.
    pub(crate) fn tidy_files(&self, registered: &HashSet<Arc<str>>) -> Result<(), StoreError> {
        let dir = self.projects_dir();
        for entry in std::fs::read_dir(&dir).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.starts_with(TEMPORARY_PREFIX) {
                remove(&dir.join(name))?;
            } else if let Some(project) = name.strip_suffix(".db")
                && !project.starts_with(ORPHAN_PREFIX)
                && !registered.contains(project)
            {
                tracing::warn!(project, "a project file has no registry row: set aside as an orphan");
                set_aside(&dir, project)?;
            }
        }
        for project in registered {
            if !self.path_of(project).is_ok_and(|path| path.exists()) {
                tracing::error!(%project, "a registered project has no file");
            }
        }
        sync_dir(&dir).map_err(io)
    }

    fn projects_dir(&self) -> PathBuf {
        self.dir().join(DIRECTORY)
    }
}

/// Rename to a name that nothing has yet; the WAL first, so that a crash in between is mended by the next start.
fn set_aside(dir: &Path, project: &str) -> Result<(), StoreError> {
    let mut to = dir.join(format!("{ORPHAN_PREFIX}{project}.db"));
    let mut number = 1;
    while to.exists() {
        number += 1;
        to = dir.join(format!("{ORPHAN_PREFIX}{project}-{number}.db"));
    }
    let from = dir.join(format!("{project}.db"));
    for suffix in ["-wal", ""] {
        let from = with_suffix(&from, suffix);
        if from.exists() {
            std::fs::rename(from, with_suffix(&to, suffix)).map_err(io)?;
        }
    }
    remove(&with_suffix(&from, "-shm"))
}

fn remove_database(path: &Path) -> Result<(), StoreError> {
    ["-shm", "-wal", ""].iter().try_for_each(|suffix| remove(&with_suffix(path, suffix)))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io(error)),
        _ => Ok(()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn io(error: std::io::Error) -> StoreError {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull => StoreErrorKind::Full,
        _ => StoreErrorKind::Io,
    };
    StoreError::caused(kind, error)
}

fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}
