//! Why a server could not start, for the one who starts it: what is the matter, and what to do next.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use cairn_store::{StoreError, StoreErrorKind};

#[cfg(test)]
mod tests;

/// The way out where the data directory cannot be used.
const ANOTHER_DIRECTORY: &str = "choose another directory with CAIRN_DATA or --data";
/// The way out where PostgreSQL cannot be used.
const NO_DATABASE: &str = "Without that setting Cairn keeps everything in its data directory";

/// Why the server could not start.
#[derive(Debug)]
pub struct StartError {
    what: String,
    next: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StartError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None, source: None }
    }

    pub(crate) fn caused(what: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::new(what) }
    }

    /// The same, with what to do about it.
    fn then(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }

    /// What to do about it, in sentences, where that is known.
    pub fn next_step(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The data directory cannot be made.
    pub(crate) fn of_directory(dir: &Path, error: io::Error) -> Self {
        let (what, next) = directory(dir, error.kind());
        Self::caused(what, error).then(next)
    }

    /// The store in the data directory cannot be opened.
    pub(crate) fn of_embedded(dir: &Path, error: StoreError) -> Self {
        let shown = whole(dir);
        match error.kind() {
            StoreErrorKind::InUse => {
                let next = format!("Stop that one, or {ANOTHER_DIRECTORY} for this one.");
                Self::new(format!("Another Cairn is running on the data directory {shown}")).then(next)
            }
            StoreErrorKind::NewerFile => {
                let what = format!("The data in {shown} was written by a newer Cairn than this one");
                Self::new(what).then(format!("Start that version, or {ANOTHER_DIRECTORY}."))
            }
            _ => {
                let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
                let (what, next) = directory(dir, io.map_or(io::ErrorKind::Other, io::Error::kind));
                Self::caused(what, error.into_cause()).then(next)
            }
        }
    }

    /// The databases that the settings name cannot be used.
    pub(crate) fn of_postgres(error: StoreError) -> Self {
        let named = "The PostgreSQL that the setting `database` names";
        match error.kind() {
            StoreErrorKind::UnreadableDsn => {
                let what = "The setting `database` is no address of a PostgreSQL";
                let form = "postgres://USER:PASSWORD@HOST:PORT/DATABASE";
                Self::caused(what, error.into_cause()).then(format!(
                    "It looks like {form}, with %-signs for what is special in a password (`@` is %40). {NO_DATABASE}."
                ))
            }
            StoreErrorKind::Refused => Self::caused(format!("{named} refuses Cairn"), error.into_cause()).then(
                "Check the user, the password and the database in CAIRN_DATABASE. The database must exist (`createdb NAME`) and belong to \
                 the user, or let the user create schemas (`GRANT CREATE ON DATABASE NAME TO USER`).",
            ),
            StoreErrorKind::Unavailable => Self::caused(format!("{named} cannot be reached"), error.into_cause())
                .then(format!("Start it, or correct host and port in CAIRN_DATABASE. {NO_DATABASE}.")),
            StoreErrorKind::Deadline => Self::new(format!("{named} does not answer"))
                .then(format!("Check host, port and firewall of CAIRN_DATABASE. {NO_DATABASE}.")),
            StoreErrorKind::NewerFile => Self::new(format!("{named} was written by a newer Cairn than this one"))
                .then("Start that version, or name another database with CAIRN_DATABASE."),
            _ => Self::caused(format!("{named} cannot be used"), error.into_cause()),
        }
    }

    /// The address cannot be listened on; `variable` names another.
    pub(crate) fn of_address(wanted: SocketAddr, variable: &str, error: io::Error) -> Self {
        let port = wanted.port();
        let another = SocketAddr::new(wanted.ip(), port.checked_add(1).unwrap_or(port - 1));
        let (what, next) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                format!("The address {wanted} is in use by another program"),
                format!("Stop that program, or choose another address: {variable}={another}"),
            ),
            io::ErrorKind::PermissionDenied => (
                format!("This user may not listen on {wanted}"),
                format!(
                    "Ports below 1024 take a right of their own. Choose a higher one: {variable}={}:8080",
                    wanted.ip()
                ),
            ),
            io::ErrorKind::AddrNotAvailable => (
                format!("This machine has no address {}", wanted.ip()),
                format!("Choose one that it has, or all of them: {variable}=0.0.0.0:{port}"),
            ),
            _ => (
                format!("The address {wanted} cannot be listened on"),
                format!("Choose another: {variable}=127.0.0.1:8080"),
            ),
        };
        Self::caused(what, error).then(next)
    }
}

/// What is the matter with the data directory, and what to do.
fn directory(dir: &Path, kind: io::ErrorKind) -> (String, String) {
    use io::ErrorKind::{AlreadyExists, NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let shown = whole(dir);
    match kind {
        PermissionDenied => (
            format!("This user may not read and write the data directory {shown}"),
            format!("Start Cairn as the user to whom it belongs, or {ANOTHER_DIRECTORY}."),
        ),
        ReadOnlyFilesystem => (
            format!("The data directory {shown} is on a disk that cannot be written to"),
            format!("Mount it for writing, or {ANOTHER_DIRECTORY}."),
        ),
        AlreadyExists | NotADirectory => (
            format!("The data directory {shown} is a file, or lies in one"),
            format!("Move the file away, or {ANOTHER_DIRECTORY}."),
        ),
        StorageFull => (
            format!("There is no space left for the data directory {shown}"),
            format!("Free some, or {ANOTHER_DIRECTORY}."),
        ),
        _ => (
            format!("The data directory {shown} cannot be used"),
            format!("Cairn needs one that it may read and write: mend it, or {ANOTHER_DIRECTORY}."),
        ),
    }
}

/// The path from the root on: a relative one says little to whoever does not know where the server was started.
fn whole(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
