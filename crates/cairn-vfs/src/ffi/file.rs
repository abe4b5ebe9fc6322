//! The file half of the shim: what SQLite calls with a `sqlite3_file`.
//!
//! INVARIANT: a [`File`] is the head of one allocation that SQLite makes, `szOsFile` bytes long, with the unix VFS's own file right
//! behind it. `pMethods` of the head is set only while both are open.

use std::ffi::{c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;

use libsqlite3_sys as sqlite;
use libsqlite3_sys::{sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

use crate::record::{Inode, Log};
use crate::shared::Shared;
use crate::{Failure, FileClass, Op};

/// An open file, as SQLite sees it.
#[repr(C, align(8))]
pub(super) struct File {
    base: sqlite3_file,
    shared: &'static Shared,
    opened: Box<Opened>,
}

/// What only the slow paths need of an open file.
pub(super) struct Opened {
    shared: &'static Shared,
    class: FileClass,
    path: PathBuf,
    inode: Option<Inode>,
    /// The directory that the first successful sync syncs too, as the unix VFS does for a new journal or WAL.
    dir_to_sync: Option<PathBuf>,
}

impl Opened {
    /// `flags` are those that SQLite asked for: leave to create is what makes the unix VFS sync the directory.
    pub(super) fn new(
        shared: &'static Shared,
        class: FileClass,
        path: &Path,
        flags: c_int,
        inode: Option<Inode>,
    ) -> Self {
        let is_new_journal = flags & sqlite::SQLITE_OPEN_CREATE != 0
            && matches!(class, FileClass::Wal | FileClass::Journal)
            && inode.is_some();
        let relative = || shared.recording()?.relative(path)?.parent().map(Path::to_path_buf);
        let dir_to_sync = if is_new_journal { relative() } else { None };
        Self { shared, class, path: path.to_path_buf(), inode, dir_to_sync }
    }

    fn admit(&self, op: Op, bytes: usize) -> Result<(), Failure> {
        self.shared.admit(op, self.class, self.path.as_os_str().as_bytes(), bytes)
    }

    fn record(&self, enter: impl FnOnce(&mut Log, Inode)) {
        if let (Some(inode), Some(recording)) = (self.inode, self.shared.recording()) {
            enter(&mut recording.lock(), inode);
        }
    }

    fn position(&self) -> usize {
        self.shared.recording().map_or(0, |recording| recording.lock().position())
    }
}

impl File {
    /// `szOsFile` of a VFS around another.
    pub(super) fn size_around(unix: &sqlite3_vfs) -> c_int {
        c_int::try_from(size_of::<Self>()).expect("a few words") + unix.szOsFile
    }

    /// The file of the unix VFS behind the head.
    ///
    /// # Safety
    /// `file` is the start of `szOsFile` bytes as of [`File::size_around`].
    #[inline]
    unsafe fn unix(file: *mut sqlite3_file) -> *mut sqlite3_file {
        // SAFETY: by the caller the allocation goes on behind the head; its size is a multiple of 8, so the rest is aligned.
        unsafe { file.cast::<Self>().add(1).cast() }
    }

    /// The unix file with its methods.
    ///
    /// # Safety
    /// The unix file is open.
    #[inline]
    unsafe fn open_unix_file<'a>(file: *mut sqlite3_file) -> (*mut sqlite3_file, &'a sqlite3_io_methods) {
        // SAFETY: an open file's `pMethods` points to a static table.
        unsafe {
            let unix = Self::unix(file);
            (unix, &*(*unix).pMethods)
        }
    }

    /// Opens the unix file; on failure nothing is left to close.
    ///
    /// # Safety
    /// The arguments are those of `xOpen`, with the unix VFS.
    pub(super) unsafe fn open_unix(
        vfs: *mut sqlite3_vfs,
        name: *const c_char,
        file: *mut sqlite3_file,
        flags: c_int,
        out_flags: *mut c_int,
    ) -> Result<(), c_int> {
        // SAFETY: by the caller; the memory behind the head is the unix VFS's to fill.
        unsafe {
            let unix = Self::unix(file);
            (*unix).pMethods = ptr::null();
            let open = (*vfs).xOpen.expect("the unix VFS has xOpen");
            match open(vfs, name, unix, flags, out_flags) {
                sqlite::SQLITE_OK => Ok(()),
                code => {
                    // SQLite's rule: a file whose methods are set is closed even if opening it failed.
                    if !(*unix).pMethods.is_null() {
                        Self::close_unix(file);
                    }
                    Err(code)
                }
            }
        }
    }

    /// Closes the unix file.
    ///
    /// # Safety
    /// The unix file is open, and is not used afterwards.
    pub(super) unsafe fn close_unix(file: *mut sqlite3_file) -> c_int {
        // SAFETY: by the caller.
        unsafe {
            let (unix, methods) = Self::open_unix_file(file);
            methods.xClose.expect(METHOD)(unix)
        }
    }

    /// Reads the whole unix file.
    ///
    /// # Safety
    /// The unix file is open.
    pub(super) unsafe fn read_unix(file: *mut sqlite3_file) -> Result<Vec<u8>, c_int> {
        const STEP: usize = 1 << 20;
        let mut size: sqlite3_int64 = 0;
        // SAFETY: by the caller; the out parameter lives through the call.
        let (unix, methods, code) = unsafe {
            let (unix, methods) = Self::open_unix_file(file);
            (unix, methods, methods.xFileSize.expect(METHOD)(unix, &raw mut size))
        };
        if code != sqlite::SQLITE_OK {
            return Err(code);
        }
        let mut content = vec![0; offset(size)];
        let mut at: sqlite3_int64 = 0;
        for part in content.chunks_mut(STEP) {
            let amount = c_int::try_from(part.len()).expect("at most STEP");
            // SAFETY: by the caller; the buffer has `amount` bytes.
            let code = unsafe { methods.xRead.expect(METHOD)(unix, part.as_mut_ptr().cast(), amount, at) };
            if code != sqlite::SQLITE_OK {
                return Err(code);
            }
            at += sqlite3_int64::from(amount);
        }
        Ok(content)
    }

    /// Hands the opened file over to SQLite.
    ///
    /// # Safety
    /// The unix file behind `file` is open and the head not yet initialized.
    pub(super) unsafe fn finish_open(file: *mut sqlite3_file, opened: Opened) {
        // SAFETY: by the caller there is room for the head; `write` drops nothing of the uninitialized memory. The unix VFS leaves
        // the shared memory methods out where a database cannot have any (URI parameter `nolock`).
        unsafe {
            let (_, unix) = Self::open_unix_file(file);
            let has_shm = unix.iVersion >= 2 && unix.xShmMap.is_some();
            let base = sqlite3_file {
                pMethods: if has_shm { &raw const METHODS } else { &raw const METHODS_PLAIN },
            };
            file.cast::<Self>().write(Self { base, shared: opened.shared, opened: Box::new(opened) });
        }
    }
}

/// Why a method of the unix file is there.
const METHOD: &str = "the unix VFS fills in every method of the version it claims";

/// Version 2: no `xFetch`, so that SQLite never maps the file.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    ..METHODS_PLAIN
};

static METHODS_PLAIN: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_file_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_check_reserved_lock),
    xFileControl: Some(x_file_control),
    xSectorSize: Some(x_sector_size),
    xDeviceCharacteristics: Some(x_device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// A size or offset within a file, which SQLite never makes negative.
fn offset(value: sqlite3_int64) -> usize {
    usize::try_from(value).expect("SQLite passes no negative offset")
}

unsafe extern "C" fn x_close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite passes an open file and does not use it again. The head is dropped in place, since the memory is SQLite's.
    unsafe {
        let code = File::close_unix(file);
        ptr::drop_in_place(file.cast::<File>());
        (*file).pMethods = ptr::null();
        code
    }
}

unsafe extern "C" fn x_read(
    file: *mut sqlite3_file,
    out: *mut c_void,
    len: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes an open file and a buffer of `len` bytes.
    unsafe {
        let head = &*file.cast::<File>();
        if !head.shared.is_plain()
            && let Err(failure) = head.opened.admit(Op::Read, usize::try_from(len).unwrap_or(0))
        {
            return failure.code(Op::Read);
        }
        let (unix, methods) = File::open_unix_file(file);
        methods.xRead.expect(METHOD)(unix, out, len, at)
    }
}

unsafe extern "C" fn x_write(
    file: *mut sqlite3_file,
    from: *const c_void,
    len: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes an open file and a buffer of `len` bytes.
    unsafe {
        let head = &*file.cast::<File>();
        let (unix, methods) = File::open_unix_file(file);
        let write = |len| methods.xWrite.expect(METHOD)(unix, from, len, at);
        if head.shared.is_plain() {
            return write(len);
        }
        let opened = &head.opened;
        let enter = |len: c_int| {
            let len = usize::try_from(len).unwrap_or(0);
            let data = slice::from_raw_parts(from.cast::<u8>(), len);
            opened.record(|log, inode| log.write(inode, offset(at), data));
        };
        let (len, verdict) = match opened.admit(Op::Write, usize::try_from(len).unwrap_or(0)) {
            Ok(()) => (len, sqlite::SQLITE_OK),
            Err(Failure::NoSpace) => (len / 2, Failure::NoSpace.code(Op::Write)),
            Err(failure) => return failure.code(Op::Write),
        };
        match write(len) {
            sqlite::SQLITE_OK => {
                enter(len);
                verdict
            }
            code => code,
        }
    }
}

unsafe extern "C" fn x_truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: SQLite passes an open file.
    unsafe {
        let head = &*file.cast::<File>();
        let (unix, methods) = File::open_unix_file(file);
        let truncate = || methods.xTruncate.expect(METHOD)(unix, size);
        if head.shared.is_plain() {
            return truncate();
        }
        if let Err(failure) = head.opened.admit(Op::Truncate, 0) {
            return failure.code(Op::Truncate);
        }
        let code = truncate();
        if code == sqlite::SQLITE_OK {
            head.opened.record(|log, inode| log.truncate(inode, offset(size)));
        }
        code
    }
}

unsafe extern "C" fn x_sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite passes an open file, and uses one file from one thread at a time, so that the head may be borrowed mutably.
    unsafe {
        let (unix, methods) = File::open_unix_file(file);
        let sync = || methods.xSync.expect(METHOD)(unix, flags);
        let head = &mut *file.cast::<File>();
        if head.shared.is_plain() {
            return sync();
        }
        let opened = &mut head.opened;
        let upto = opened.position();
        let code = match opened.admit(Op::Sync, 0) {
            Ok(()) => sync(),
            Err(failure) => failure.code(Op::Sync),
        };
        if code == sqlite::SQLITE_OK {
            let dir = opened.dir_to_sync.take();
            opened.record(|log, inode| log.sync(inode, upto, dir));
        } else {
            opened.record(|log, inode| log.sync_failed(inode, upto));
        }
        code
    }
}

unsafe extern "C" fn x_file_control(file: *mut sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    // SAFETY: SQLite passes an open file and the argument that `op` asks for.
    unsafe {
        let head = &*file.cast::<File>();
        match op {
            // There is no mapping here; this answer makes the pragma return nothing.
            sqlite::SQLITE_FCNTL_MMAP_SIZE => return sqlite::SQLITE_NOTFOUND,
            // Would let the unix VFS grow the file unseen.
            sqlite::SQLITE_FCNTL_CHUNK_SIZE if head.shared.recording().is_some() => return sqlite::SQLITE_OK,
            _ => {}
        }
        let (unix, methods) = File::open_unix_file(file);
        methods.xFileControl.expect(METHOD)(unix, op, arg)
    }
}

/// A function that does nothing but call its namesake of the unix file.
macro_rules! hand_over {
    ($name:ident => $field:ident ($($arg:ident: $ty:ty),*) $(-> $ret:ty)?) => {
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($arg: $ty),*) $(-> $ret)? {
            // SAFETY: SQLite passes an open file; the arguments are what the unix VFS expects of SQLite.
            unsafe {
                let (unix, methods) = File::open_unix_file(file);
                methods.$field.expect(METHOD)(unix, $($arg),*)
            }
        }
    };
}

hand_over!(x_file_size => xFileSize(out: *mut sqlite3_int64) -> c_int);
hand_over!(x_lock => xLock(level: c_int) -> c_int);
hand_over!(x_unlock => xUnlock(level: c_int) -> c_int);
hand_over!(x_check_reserved_lock => xCheckReservedLock(out: *mut c_int) -> c_int);
hand_over!(x_sector_size => xSectorSize() -> c_int);
hand_over!(x_device_characteristics => xDeviceCharacteristics() -> c_int);
hand_over!(x_shm_map => xShmMap(page: c_int, len: c_int, extend: c_int, out: *mut *mut c_void) -> c_int);
hand_over!(x_shm_lock => xShmLock(first: c_int, n: c_int, flags: c_int) -> c_int);
hand_over!(x_shm_barrier => xShmBarrier());
hand_over!(x_shm_unmap => xShmUnmap(delete: c_int) -> c_int);
