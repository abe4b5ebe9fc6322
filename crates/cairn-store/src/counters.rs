//! Numbers that never go back.

use crate::sql::params;
use crate::{StoreError, Tx};

impl Tx {
    /// The next number of this name: 1, 2, 3, ... A number is not given out again, even if what it named goes.
    pub async fn counter_next(&self, name: &str) -> Result<i64, StoreError> {
        let sql = "INSERT INTO cairn_counters (project, name, value) VALUES (?1, ?2, 1) \
                   ON CONFLICT (project, name) DO UPDATE SET value = cairn_counters.value + 1 RETURNING value";
        let next = self.row(sql, params![self.scope(), name], |row| row.int(0)).await?;
        next.ok_or_else(|| StoreError::inconsistent("counters", "value", name))
    }
}
