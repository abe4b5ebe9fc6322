//! The VFS half of the shim: what SQLite calls with a `sqlite3_vfs`.
//!
//! Every function hands over to the unix VFS with that VFS's own pointer. Panics cannot cross into C: an `extern "C"` function
//! that panics aborts the process.

#![expect(unsafe_code, reason = "SQLite's VFS interface is C")]

mod file;

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::{Mutex, PoisonError};

use libsqlite3_sys as sqlite;
use libsqlite3_sys::{sqlite3_file, sqlite3_int64, sqlite3_vfs};

use crate::record::{Inode, Log, Recording};
use crate::shared::Shared;
use crate::{FileClass, Op, RegisterError};
use file::{File, Opened};

/// What `pAppData` of a VFS points to.
struct AppData {
    shared: &'static Shared,
    unix: *mut sqlite3_vfs,
}

/// Registers a VFS that wraps the unix VFS; never unregistered, so everything SQLite points to is leaked.
pub(crate) fn register(shared: &'static Shared) -> Result<(), RegisterError> {
    // SQLite replaces a VFS of the same name without a word: look and register in one step.
    static REGISTERING: Mutex<()> = Mutex::new(());
    let _registering = REGISTERING.lock().unwrap_or_else(PoisonError::into_inner);

    let name = || shared.name().to_owned();
    let c_name = CString::new(shared.name()).map_err(|_| RegisterError::NameInvalid(name()))?;
    if c_name.is_empty() {
        return Err(RegisterError::NameInvalid(name()));
    }
    // SAFETY: both names are NUL-terminated; the call initializes SQLite if need be.
    let (taken, unix) =
        unsafe { (sqlite::sqlite3_vfs_find(c_name.as_ptr()), sqlite::sqlite3_vfs_find(c"unix".as_ptr())) };
    if !taken.is_null() {
        return Err(RegisterError::NameTaken(name()));
    }
    // SAFETY: a VFS that SQLite has found stays valid; the unix VFS is static and never unregistered.
    let Some(unix_ref) = (unsafe { unix.as_ref() }) else { return Err(RegisterError::NoUnixVfs) };
    let vfs = Box::into_raw(Box::new(vfs_around(unix_ref, c_name, AppData { shared, unix })));
    // SAFETY: `vfs` and what it points to are leaked, hence valid for as long as SQLite may use them.
    match unsafe { sqlite::sqlite3_vfs_register(vfs, 0) } {
        sqlite::SQLITE_OK => Ok(()),
        code => Err(RegisterError::Refused(code)),
    }
}

/// Version 2: without the system call table of version 3, which belongs to the unix VFS.
fn vfs_around(unix: &sqlite3_vfs, name: CString, data: AppData) -> sqlite3_vfs {
    sqlite3_vfs {
        iVersion: 2,
        szOsFile: File::size_around(unix),
        mxPathname: unix.mxPathname,
        pNext: ptr::null_mut(),
        zName: name.into_raw(),
        pAppData: Box::into_raw(Box::new(data)).cast(),
        xOpen: Some(x_open),
        xDelete: Some(x_delete),
        xAccess: Some(x_access),
        xFullPathname: Some(x_full_pathname),
        xDlOpen: Some(x_dl_open),
        xDlError: Some(x_dl_error),
        xDlSym: Some(x_dl_sym),
        xDlClose: Some(x_dl_close),
        xRandomness: Some(x_randomness),
        xSleep: Some(x_sleep),
        xCurrentTime: Some(x_current_time),
        xGetLastError: Some(x_get_last_error),
        xCurrentTimeInt64: Some(x_current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

/// # Safety
/// `vfs` is one that [`register`] made.
unsafe fn data<'a>(vfs: *mut sqlite3_vfs) -> &'a AppData {
    // SAFETY: by the caller; `pAppData` was set from a leaked box and never changes.
    unsafe { &*(*vfs).pAppData.cast::<AppData>() }
}

/// # Safety
/// `name` is NUL-terminated and outlives `'a`.
unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    // SAFETY: by the caller.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

fn class_of_flags(flags: c_int) -> FileClass {
    if flags & sqlite::SQLITE_OPEN_MAIN_DB != 0 {
        FileClass::Db
    } else if flags & sqlite::SQLITE_OPEN_WAL != 0 {
        FileClass::Wal
    } else if flags & (sqlite::SQLITE_OPEN_MAIN_JOURNAL | sqlite::SQLITE_OPEN_SUPER_JOURNAL) != 0 {
        FileClass::Journal
    } else {
        FileClass::Temp
    }
}

/// `xDelete` is told no class: SQLite's fixed endings tell it.
fn class_of_path(path: &Path) -> FileClass {
    let bytes = path.as_os_str().as_bytes();
    if bytes.ends_with(b"-wal") {
        FileClass::Wal
    } else if bytes.ends_with(b"-journal") || bytes.windows(3).any(|part| part == b"-mj") {
        FileClass::Journal
    } else {
        FileClass::Db
    }
}

unsafe extern "C" fn x_open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes the VFS it found by name, `szOsFile` bytes for the file, and a name that is NULL (a temporary file) or
    // NUL-terminated and valid until `xClose`. `pMethods` is NULL until the file is open, so that a failure needs no `xClose`.
    unsafe {
        let data = data(vfs);
        (*file).pMethods = ptr::null();
        let class = class_of_flags(flags);
        let path = if name.is_null() { Path::new("") } else { path(name) };
        if !data.shared.is_plain()
            && let Err(failure) = data.shared.admit(Op::Open, class, path.as_os_str().as_bytes(), 0)
        {
            return failure.code(Op::Open);
        }
        let open_unix = || File::open_unix(data.unix, name, file, flags, out_flags);
        let recorded = match data.shared.recording() {
            Some(recording) if class != FileClass::Temp => recording.relative(path).map(|at| (recording, at)),
            _ => None,
        };
        let inode = match recorded {
            None => open_unix().map(|()| None),
            Some((recording, at)) => open_recorded(recording, file, path, &at, open_unix).map(Some),
        };
        match inode {
            Err(code) => code,
            Ok(inode) => {
                File::finish_open(file, Opened::new(data.shared, class, path, flags, inode));
                sqlite::SQLITE_OK
            }
        }
    }
}

/// Opens a file and enters it in the recording, as one step: two handles must not both take a file for new.
///
/// # Safety
/// `file` is what `open_unix` opens.
unsafe fn open_recorded(
    recording: &Recording,
    file: *mut sqlite3_file,
    path: &Path,
    at: &Path,
    open_unix: impl FnOnce() -> Result<(), c_int>,
) -> Result<Inode, c_int> {
    let mut log = recording.lock();
    let was_there = path.exists();
    open_unix()?;
    match log.inode(at) {
        Some(inode) if was_there => Ok(inode),
        None if was_there => {
            // Read through SQLite's handle: closing another descriptor of the file would drop this process's POSIX locks on it.
            // SAFETY: by the caller, and `open_unix` has succeeded.
            match unsafe { File::read_unix(file) } {
                Ok(content) => Ok(log.adopt(at, &content)),
                Err(code) => {
                    // SAFETY: open, and SQLite will not close it because it is told that opening failed.
                    unsafe { File::close_unix(file) };
                    Err(code)
                }
            }
        }
        _ => Ok(log.create(at)),
    }
}

unsafe extern "C" fn x_delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    // SAFETY: SQLite passes the VFS it found by name and a NUL-terminated name.
    unsafe {
        let data = data(vfs);
        let delete_unix = || {
            let delete = (*data.unix).xDelete.expect("the unix VFS has xDelete");
            delete(data.unix, name, sync_dir)
        };
        if data.shared.is_plain() {
            return delete_unix();
        }
        let path = path(name);
        if let Err(failure) =
            data.shared.admit(Op::Delete, class_of_path(path), path.as_os_str().as_bytes(), 0)
        {
            return failure.code(Op::Delete);
        }
        match data.shared.recording().and_then(|recording| Some((recording, recording.relative(path)?))) {
            None => delete_unix(),
            Some((recording, at)) => {
                delete_recorded(&mut recording.lock(), path, &at, sync_dir & 1 != 0, delete_unix)
            }
        }
    }
}

/// A file that the recording has not met was there before it, and may be there again after a power cut.
fn delete_recorded(
    log: &mut Log,
    path: &Path,
    at: &Path,
    is_dir_synced: bool,
    delete_unix: impl FnOnce() -> c_int,
) -> c_int {
    let unmet = if log.inode(at).is_none() { std::fs::read(path).ok() } else { None };
    let code = delete_unix();
    if matches!(code, sqlite::SQLITE_OK | sqlite::SQLITE_IOERR_DIR_FSYNC) {
        if let Some(content) = unmet {
            log.adopt(at, &content);
        }
        log.delete(at, is_dir_synced && code == sqlite::SQLITE_OK);
    }
    code
}

/// A function that does nothing but call its namesake in the unix VFS.
macro_rules! hand_over {
    ($name:ident => $field:ident ($($arg:ident: $ty:ty),*) $(-> $ret:ty)?) => {
        unsafe extern "C" fn $name(vfs: *mut sqlite3_vfs, $($arg: $ty),*) $(-> $ret)? {
            // SAFETY: SQLite passes the VFS it found by name; the arguments are what the unix VFS expects of SQLite.
            unsafe {
                let unix = data(vfs).unix;
                ((*unix).$field.expect("the unix VFS has every method of version 2"))(unix, $($arg),*)
            }
        }
    };
}

/// What `xDlSym` finds.
type Symbol = Option<unsafe extern "C" fn(*mut sqlite3_vfs, *mut c_void, *const c_char)>;

hand_over!(x_access => xAccess(name: *const c_char, flags: c_int, out: *mut c_int) -> c_int);
hand_over!(x_full_pathname => xFullPathname(name: *const c_char, len: c_int, out: *mut c_char) -> c_int);
hand_over!(x_dl_open => xDlOpen(name: *const c_char) -> *mut c_void);
hand_over!(x_dl_error => xDlError(len: c_int, out: *mut c_char));
hand_over!(x_dl_sym => xDlSym(library: *mut c_void, name: *const c_char) -> Symbol);
hand_over!(x_dl_close => xDlClose(library: *mut c_void));
hand_over!(x_randomness => xRandomness(len: c_int, out: *mut c_char) -> c_int);
hand_over!(x_sleep => xSleep(microseconds: c_int) -> c_int);
hand_over!(x_current_time => xCurrentTime(out: *mut f64) -> c_int);
hand_over!(x_get_last_error => xGetLastError(len: c_int, out: *mut c_char) -> c_int);
hand_over!(x_current_time_int64 => xCurrentTimeInt64(out: *mut sqlite3_int64) -> c_int);
