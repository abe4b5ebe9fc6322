//! What is to be told of the engine behind the store.

use cairn_std::Timestamp;

use crate::sql::Dialect;
use crate::{StoreError, Tx};

/// Connections to an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Those that are in use.
    pub current: usize,
    /// As many as there may be.
    pub max: usize,
}

impl Tx {
    /// The engine's version, and since when its server runs; an embedded one has none.
    pub async fn engine_state(&self) -> Result<(String, Option<Timestamp>), StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "SELECT sqlite_version(), NULL",
            Dialect::Postgres => {
                "SELECT current_setting('server_version'), \
                 (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint"
            }
        };
        let found = self.row(sql, &[], |row| Ok((row.text(0)?, row.time_opt(1)?))).await?;
        found.ok_or_else(|| StoreError::inconsistent("the engine", "version", "itself"))
    }
}
