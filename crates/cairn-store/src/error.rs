//! What can go wrong in the store, before a service decides what it means to a caller.

use std::fmt;

use libsqlite3_sys as ffi;

/// A failure of the store.
///
/// A conflict is turned into a fault where it can happen ([`crate::OnConflict::on_conflict`]); everything else is
/// nobody's request's doing and becomes one of the catalogue's database faults in one place, `crate::faults`.
#[derive(Debug)]
pub struct StoreError {
    pub(crate) kind: StoreErrorKind,
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The conditions that callers of the store tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// A unique constraint refused the row; the name is the constraint's or index's.
    Conflict(String),
    /// There is no space left for the write.
    Full,
    /// Reading, writing or syncing failed.
    Io,
    /// The queue of waiting transactions is full.
    Busy,
    /// The deadline passed while the transaction waited for its turn; nothing of it was run.
    Deadline,
    /// A statement ran longer than it may; nothing was written.
    Timeout,
    /// A value that neither engine keeps: U+0000 in a text, a float that is not finite.
    Unstorable(&'static str),
    /// The commit failed in a way that leaves open whether it happened.
    OutcomeUnknown,
    /// The engine cannot be reached or refused the transaction.
    Unavailable,
    /// Another process has the data directory.
    InUse,
    /// What names a PostgreSQL cannot be read.
    UnreadableDsn,
    /// PostgreSQL does not let us in, has no such database, or lets us make nothing in it.
    Refused,
    /// The database is not fit for us; the text says why.
    Unfit(String),
    /// PostgreSQL asks for the transaction to be run again.
    Retry,
    /// The project's file was written by a newer version of Cairn.
    NewerFile,
    /// There is no such project.
    NoProject,
    /// No database is configured for the project's region.
    NoRegion,
    /// A condition cannot be narrowed by an index or another condition, and there are too many rows to try.
    TooBroad,
    /// A stored row does not have the shape that the code expects: a defect, never a caller's doing.
    Inconsistent(String),
}

impl StoreError {
    /// An error of this kind without a cause.
    pub fn new(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error of this kind with its cause.
    pub fn caused(kind: StoreErrorKind, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// The same failure, whose cause says where it happened.
    pub(crate) fn within(self, place: impl fmt::Display) -> Self {
        let (kind, cause) = (self.kind.clone(), self.into_cause());
        let mut text = format!("{place}: {cause}");
        let mut next = cause.source();
        while let Some(deeper) = next {
            text = format!("{text}: {deeper}");
            next = deeper.source();
        }
        Self::caused(kind, text)
    }

    /// What it comes from, or the failure itself where nothing else says more.
    pub fn into_cause(self) -> Box<dyn std::error::Error + Send + Sync> {
        match self {
            Self { source: Some(source), .. } => source,
            error => error.into(),
        }
    }

    /// A stored value that cannot be what the code wrote: names the table, the column and the row.
    pub fn inconsistent(table: &str, column: &str, row: impl fmt::Display) -> Self {
        Self::new(StoreErrorKind::Inconsistent(format!("{table}.{column} of row {row}")))
    }

    /// The kind of failure.
    pub fn kind(&self) -> &StoreErrorKind {
        &self.kind
    }

    /// Whether the constraint named `name` refused the row.
    pub fn is_conflict_on(&self, name: &str) -> bool {
        matches!(&self.kind, StoreErrorKind::Conflict(constraint) if constraint == name)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StoreErrorKind::Conflict(name) => write!(f, "the constraint {name} refused the row"),
            StoreErrorKind::Full => f.write_str("no space is left for the write"),
            StoreErrorKind::Io => f.write_str("the storage failed"),
            StoreErrorKind::Busy => f.write_str("too many transactions are waiting"),
            StoreErrorKind::Deadline => f.write_str("the deadline passed before its turn came"),
            StoreErrorKind::Timeout => f.write_str("a statement ran longer than it may"),
            StoreErrorKind::Unstorable(what) => write!(f, "{what} cannot be stored"),
            StoreErrorKind::OutcomeUnknown => f.write_str("the commit failed and its outcome is unknown"),
            StoreErrorKind::Unavailable => f.write_str("the database engine is unavailable"),
            StoreErrorKind::InUse => f.write_str("another process has the data directory"),
            StoreErrorKind::UnreadableDsn => f.write_str("what names the database cannot be read"),
            StoreErrorKind::Refused => f.write_str("the database refused us"),
            StoreErrorKind::Unfit(why) => f.write_str(why),
            StoreErrorKind::Retry => f.write_str("the engine asks for the transaction to be run again"),
            StoreErrorKind::NewerFile => f.write_str("the file was written by a newer version"),
            StoreErrorKind::NoProject => f.write_str("there is no such project"),
            StoreErrorKind::NoRegion => f.write_str("no database is configured for the region"),
            StoreErrorKind::TooBroad => f.write_str("too many rows would have to be looked at"),
            StoreErrorKind::Inconsistent(what) => write!(f, "inconsistent row: {what}"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::caused(sqlite_kind(&error), error)
    }
}

/// The extended codes of a row that is there already; other constraints are the code's own business.
const UNIQUENESS: [i32; 3] =
    [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID];

fn sqlite_kind(error: &rusqlite::Error) -> StoreErrorKind {
    use rusqlite::ErrorCode;
    let rusqlite::Error::SqliteFailure(code, message) = error else {
        return StoreErrorKind::Inconsistent(error.to_string());
    };
    match code.code {
        ErrorCode::ConstraintViolation if UNIQUENESS.contains(&code.extended_code) => {
            StoreErrorKind::Conflict(constraint_of(message.as_deref().unwrap_or_default()))
        }
        ErrorCode::DiskFull => StoreErrorKind::Full,
        ErrorCode::OperationInterrupted => StoreErrorKind::Timeout,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreErrorKind::Unavailable,
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::OutOfMemory
        | ErrorCode::ReadOnly
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase => StoreErrorKind::Io,
        _ => StoreErrorKind::Inconsistent(error.to_string()),
    }
}

/// The constraint that SQLite's message speaks of.
///
/// SQLite names the columns (`UNIQUE constraint failed: t.a, t.b`) or the index (`index 'x'`), never the
/// constraint: the columns without their table are the name here, `a,b`, as [`crate::postgres`] also gives them.
fn constraint_of(message: &str) -> String {
    let Some((_, rest)) = message.split_once("failed: ") else { return message.to_owned() };
    if let Some(index) = rest.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    rest.split(", ")
        .map(|column| column.rsplit_once('.').map_or(column, |(_, name)| name))
        .collect::<Vec<_>>()
        .join(",")
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::caused(postgres_kind(&error), error)
    }
}

/// Why there is no connection: whatever is not the engine's refusal of us passes.
pub(crate) fn unconnected(error: tokio_postgres::Error) -> StoreError {
    match postgres_kind(&error) {
        StoreErrorKind::Refused => StoreError::caused(StoreErrorKind::Refused, error),
        _ => StoreError::caused(StoreErrorKind::Unavailable, error),
    }
}

fn postgres_kind(error: &tokio_postgres::Error) -> StoreErrorKind {
    use tokio_postgres::error::SqlState;
    let source = std::error::Error::source(error);
    if source.is_some_and(<dyn std::error::Error>::is::<tokio_postgres::types::WrongType>) {
        // A statement of ours and its values do not fit: to try again cannot help.
        return StoreErrorKind::Inconsistent(error.to_string());
    }
    let Some(refusal) = error.as_db_error() else { return StoreErrorKind::Unavailable };
    let state = refusal.code();
    if *state == SqlState::INSUFFICIENT_PRIVILEGE {
        return StoreErrorKind::Refused;
    }
    if *state == SqlState::UNIQUE_VIOLATION {
        return StoreErrorKind::Conflict(postgres_columns(refusal.detail().unwrap_or_default()));
    }
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(state) {
        return StoreErrorKind::Retry;
    }
    match state.code().get(..2) {
        Some("53") if *state == SqlState::TOO_MANY_CONNECTIONS => StoreErrorKind::Busy,
        Some("53") if *state == SqlState::OUT_OF_MEMORY => StoreErrorKind::Unavailable,
        Some("53") => StoreErrorKind::Full,
        Some("57") if *state == SqlState::QUERY_CANCELED => StoreErrorKind::Timeout,
        // Who it is and which database: told when a connection begins.
        Some("28" | "3D") => StoreErrorKind::Refused,
        Some("57" | "08") => StoreErrorKind::Unavailable,
        // The engine has ended the connection, as with the classes before.
        _ if *state == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreErrorKind::Unavailable,
        Some("58") => StoreErrorKind::Io,
        _ => StoreErrorKind::Inconsistent(refusal.to_string()),
    }
}

/// The columns of a refused key, `a,b`, out of PostgreSQL's detail `Key (a, b)=(1, x) already exists.`
fn postgres_columns(detail: &str) -> String {
    let columns =
        detail.strip_prefix("Key (").and_then(|rest| rest.split_once(")=(")).map(|(names, _)| names);
    columns.unwrap_or(detail).replace(", ", ",").replace('"', "")
}
