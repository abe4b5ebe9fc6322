//! Making and removing project files, so that a crash at any point leaves a whole project or none.
//!
//! A file is built under a temporary name, synced, renamed and its directory synced before the platform's
//! registry row is committed. What a crash leaves behind is found by [`SqliteStore::tidy_files`] at start-up.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{SqliteStore, conn};
use crate::{ProjectRef, StoreError, StoreErrorKind, migrations};

pub(super) const DIRECTORY: &str = "projects";
const TEMPORARY_PREFIX: &str = ".new-";
const ORPHAN_PREFIX: &str = ".orphan-";

pub(super) fn path_of(dir: &Path, project: &str) -> PathBuf {
    if project == ProjectRef::CONSOLE_ID {
        return dir.join("platform.db");
    }
    dir.join(DIRECTORY).join(format!("{project}.db"))
}

impl SqliteStore {
    /// Build the file of a new project; its registry row comes afterwards.
    pub(crate) fn create_file(&self, project: &str) -> Result<(), StoreError> {
        let path = self.path_of(project);
        if path.exists() {
            return Err(StoreError::new(StoreErrorKind::Conflict("project,id".into())));
        }
        let temporary = self.projects_dir().join(format!("{TEMPORARY_PREFIX}{project}.db"));
        remove_database(&temporary)?;
        let mut conn = conn::open(&temporary, conn::Role::Writer, &self.shared.options)?;
        migrations::migrate_sqlite(&mut conn)?;
        conn.close().map_err(|(_, error)| StoreError::from(error))?;
        let io = |error| StoreError::caused(StoreErrorKind::Io, error);
        File::open(&temporary).and_then(|file| file.sync_all()).map_err(io)?;
        std::fs::rename(&temporary, &path).map_err(io)?;
        sync_dir(&self.projects_dir()).map_err(io)
    }

    /// Close and remove the file of a project whose registry row is marked as going.
    pub(crate) fn remove_file(&self, project: &str) -> Result<(), StoreError> {
        let closed = self.open_files().remove(project);
        if let Some(file) = closed {
            // Whoever still holds the file works on an unlinked one; nobody can find it again.
            drop(file);
        }
        remove_database(&self.path_of(project))?;
        sync_dir(&self.projects_dir()).map_err(|error| StoreError::caused(StoreErrorKind::Io, error))
    }

    /// Undo half-made projects: temporary files go; a file without a registry row is set aside, never destroyed.
    pub(crate) fn tidy_files(&self, registered: &HashSet<Arc<str>>) -> Result<(), StoreError> {
        let io = |error| StoreError::caused(StoreErrorKind::Io, error);
        let dir = self.projects_dir();
        for entry in std::fs::read_dir(&dir).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            let Some(project) = name.to_str().and_then(|name| name.strip_suffix(".db")) else { continue };
            if project.starts_with(TEMPORARY_PREFIX) {
                remove_database(&dir.join(&name))?;
            } else if !project.starts_with(ORPHAN_PREFIX) && !registered.contains(project) {
                tracing::warn!(project, "a project file has no registry row: set aside as an orphan");
                for suffix in ["", "-wal"] {
                    let from = dir.join(format!("{project}.db{suffix}"));
                    let to = dir.join(format!("{ORPHAN_PREFIX}{project}.db{suffix}"));
                    if from.exists() {
                        std::fs::rename(from, to).map_err(io)?;
                    }
                }
            }
        }
        sync_dir(&dir).map_err(io)
    }

    fn projects_dir(&self) -> PathBuf {
        self.dir().join(DIRECTORY)
    }
}

fn remove_database(path: &Path) -> Result<(), StoreError> {
    for suffix in ["-shm", "-wal", ""] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::caused(StoreErrorKind::Io, error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}
