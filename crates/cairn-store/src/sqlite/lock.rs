//! One process per data directory, by a lock that the kernel releases when the process ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::{StoreError, StoreErrorKind};

pub(super) struct DataLock {
    _file: File,
}

impl DataLock {
    pub(super) fn acquire(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join("lock");
        let io = |error: std::io::Error| StoreError::caused(StoreErrorKind::Io, error);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::new(StoreErrorKind::InUse)),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }
}
