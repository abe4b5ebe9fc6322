//! Opening a SQLite connection the one right way.

use std::path::Path;

use cairn_query::pattern;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::cache::Share;
use super::{SqliteOptions, Synchronous};
use crate::StoreError;

/// Statements kept prepared on each connection.
const STATEMENTS_MAX: usize = 256;
/// A checkpoint that must pass all readers waits this long for the last of them; nothing else ever waits for a lock.
const BUSY_MS: u64 = 1_000;
/// A WAL that has grown beyond this is cut back when it starts anew.
const WAL_BYTES_KEPT: i64 = 32 << 20;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
    /// Checkpoints beside a writer.
    Checkpointer,
}

pub(super) fn open(
    path: &Path,
    role: Role,
    options: &SqliteOptions,
    cache: &Share,
) -> Result<Box<Connection>, StoreError> {
    let access = match role {
        Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        // A reader of a WAL file maintains the shared index, so it opens the file for writing too.
        Role::Reader | Role::Checkpointer => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = match &options.vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str())?,
        None => Connection::open_with_flags(path, flags)?,
    };
    conn.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // A plan depends on the statement's text alone. Otherwise each new value of a parameter that the planner looked at,
    // such as a LIMIT's, has the statement parsed and planned again.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Off => "OFF",
    };
    // SQLite counts a negative size in KiB.
    let cache_kib = cache.kib();
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = 0;
         PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;
         PRAGMA journal_size_limit = {WAL_BYTES_KEPT};"
    ))?;
    functions(&conn)?;
    if role != Role::Writer {
        // The last connection to a file checkpoints when it is closed: only the writer knows whether it may.
        keep_wal_on_close(&conn)?;
    }
    if role == Role::Reader {
        conn.execute_batch("PRAGMA query_only = ON")?;
    }
    Ok(Box::new(conn))
}

/// Have the connection leave the WAL as it is when it is closed.
pub(super) fn keep_wal_on_close(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// What SQL of this crate asks of values that SQLite itself cannot answer.
fn functions(conn: &Connection) -> Result<(), StoreError> {
    // Not for schemas: a file must stay readable without this program.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("cairn_matches", 2, flags, |call| {
        let (plain, text) = (call.get_raw(0), call.get_raw(1));
        Ok(match (plain, text) {
            (ValueRef::Text(_), ValueRef::Text(_)) => Some(pattern::matches(plain.as_str()?, text.as_str()?)),
            _ => None,
        })
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::super::cache::Budget;
    use super::{Role, SqliteOptions, open};

    #[test]
    fn statements_are_planned_once() {
        let dir = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(dir.path());
        let conn =
            open(&dir.path().join("db"), Role::Writer, &options, &Budget::new(1 << 20).share()).unwrap();
        conn.execute_batch(
            "CREATE TABLE t (seq INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, c1 TEXT, c2 INTEGER);
             CREATE INDEX i ON t (c1 ASC, c2 DESC);
             INSERT INTO t (uid, c1, c2) VALUES ('a', 'x', 1), ('b', 'y', 2), ('c', 'y', 3);",
        )
        .unwrap();
        let texts = [
            "SELECT uid FROM t AS d WHERE TRUE AND c1 = ?1 ORDER BY c2 DESC NULLS LAST, seq ASC LIMIT ?2 OFFSET ?3",
            "SELECT count(*) FROM (SELECT 1 FROM t AS d WHERE TRUE AND c1 = ?1 LIMIT ?2 + ?3) AS counted",
        ];
        for text in texts {
            let mut statement = conn.prepare(text).unwrap();
            for (value, limit) in [("x", 1), ("y", 2), ("z", 3), ("y", 50)] {
                let mut rows = statement.query((value, limit, 0)).unwrap();
                while rows.next().unwrap().is_some() {}
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{text}");
        }
    }
}
