//! The schema of the system nouns, one text for both engines, and its upgrades.
//!
//! A step is never edited once released; a change is a new step. SQLite keeps the number of the last step in
//! `user_version` of each file, PostgreSQL in one row of `cairn.migrations`.

use rusqlite::Connection;

use crate::sql::for_postgres;
use crate::{StoreError, StoreErrorKind};

/// Every step, in its order.
pub(crate) const STEPS: &[&str] = &[
    include_str!("migrations/0001_system.sql"),
    include_str!("migrations/0003_key_owners.sql"),
    include_str!("migrations/0007_mail.sql"),
    include_str!("migrations/0009_oauth.sql"),
    include_str!("migrations/0006_transactions.sql"),
    include_str!("migrations/0008_identity.sql"),
    include_str!("migrations/0010_account_api.sql"),
    include_str!("migrations/0005_relationships.sql"),
    include_str!("migrations/0013_usage.sql"),
    include_str!("migrations/0014_push_targets.sql"),
    include_str!("migrations/0011_one_time_tokens.sql"),
    include_str!("migrations/0015_apps.sql"),
];

/// The number of the newest step.
pub(crate) fn newest() -> i64 {
    i64::try_from(STEPS.len()).expect("few steps")
}

/// Bring a project's file up to date; a newer one is refused.
pub(crate) fn migrate_sqlite(conn: &mut Connection) -> Result<(), StoreError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > newest() {
        return Err(StoreError::new(StoreErrorKind::NewerFile));
    }
    let done = usize::try_from(found).map_err(|_| StoreError::new(StoreErrorKind::NewerFile))?;
    for (index, step) in STEPS.iter().enumerate().skip(done) {
        let tx = conn.transaction()?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i64::try_from(index + 1).expect("few steps"))?;
        tx.commit()?;
    }
    Ok(())
}

/// The steps after the first `done` ones, as PostgreSQL takes them.
pub(crate) fn postgres_steps(done: usize) -> impl Iterator<Item = (i64, String)> {
    STEPS.iter().enumerate().skip(done).map(|(index, step)| {
        // An index lies in the schema of its table, which its name must not repeat.
        let text = step.replace("INDEX cairn_", "INDEX ");
        let text = for_postgres(&text).replace(" TEXT", " TEXT COLLATE \"C\"").replace(" WITHOUT ROWID", "");
        (i64::try_from(index + 1).expect("few steps"), text)
    })
}
