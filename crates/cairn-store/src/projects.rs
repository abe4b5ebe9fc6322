//! The registry of projects, in the platform's scope, and what a project leaves behind when it goes.

use crate::{StoreError, Tx};

/// Every table with rows of a project.
const PROJECT_TABLES: [&str; 8] = [
    "cairn_counters",
    "cairn_settings",
    "cairn_users",
    "cairn_sessions",
    "cairn_targets",
    "cairn_teams",
    "cairn_memberships",
    "cairn_keys",
];

impl Tx {
    /// Delete every row of this transaction's project.
    pub(crate) async fn project_rows_delete(&self) -> Result<(), StoreError> {
        for table in PROJECT_TABLES {
            self.run(&format!("DELETE FROM {table} WHERE project = ?1"), &[self.scope().into()]).await?;
        }
        Ok(())
    }
}
