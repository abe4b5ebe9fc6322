//! What is checked and made before the engine is used.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Durability, PgConn};
use crate::{ProjectRef, StoreError, StoreErrorKind, migrations, names};

/// Names the lock that keeps two starting processes from migrating at once.
const MIGRATION_LOCK: i64 = 0x0063_6169_726e;
/// The oldest major version whose behaviour the tests cover.
const SERVER_VERSION_MIN: i64 = 150_000;

pub(super) fn tls() -> MakeRustlsConnect {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}

/// Refuse an unsafe engine and the database of another region, then bring the schema up to date.
pub(super) async fn prepare(conn: &PgConn, region: &str, durability: Durability) -> Result<(), StoreError> {
    check_settings(conn, durability).await?;
    conn.batch("BEGIN").await?;
    conn.rows("SELECT pg_advisory_xact_lock(?1)", &[MIGRATION_LOCK.into()]).await?;
    conn.batch(
        "CREATE SCHEMA IF NOT EXISTS cairn;
         CREATE TABLE IF NOT EXISTS cairn_migrations (step BIGINT PRIMARY KEY);
         CREATE TABLE IF NOT EXISTS cairn_region (name TEXT NOT NULL)",
    )
    .await?;
    claim(conn, region).await?;
    for number in 0..names::SCHEMAS {
        conn.batch(&format!("CREATE SCHEMA IF NOT EXISTS {}", names::schema(number))).await?;
    }
    let done = count(conn, "SELECT count(*) FROM cairn_migrations").await?;
    if done > migrations::newest() {
        return Err(StoreError::new(StoreErrorKind::NewerFile));
    }
    for (number, text) in migrations::postgres_steps(usize::try_from(done).unwrap_or(0)) {
        conn.batch(&text).await?;
        conn.run("INSERT INTO cairn_migrations (step) VALUES (?1)", &[number.into()]).await?;
    }
    conn.commit().await
}

/// Write the region's name into its database, or find it there.
///
/// A database under another region's name has the rows of other projects, which the numbers of this one's would meet.
async fn claim(conn: &PgConn, region: &str) -> Result<(), StoreError> {
    let rows = conn.rows("SELECT name FROM cairn_region", &[]).await?;
    match rows.first().map(|row| row.get::<_, String>(0)) {
        Some(known) if known == region => Ok(()),
        Some(known) => {
            let what = format!("this database keeps region {known}, not region {region}");
            Err(StoreError::new(StoreErrorKind::Unfit(what)))
        }
        // Before there were regions, the only database was that of the first.
        None if region != ProjectRef::REGION_DEFAULT
            && count(conn, "SELECT count(*) FROM cairn_migrations").await? > 0 =>
        {
            let what =
                format!("this database keeps region {}, not region {region}", ProjectRef::REGION_DEFAULT);
            Err(StoreError::new(StoreErrorKind::Unfit(what)))
        }
        None => conn.run("INSERT INTO cairn_region (name) VALUES (?1)", &[region.into()]).await.map(drop),
    }
}

async fn check_settings(conn: &PgConn, durability: Durability) -> Result<(), StoreError> {
    let version = count(conn, "SELECT current_setting('server_version_num')::int8").await?;
    if version < SERVER_VERSION_MIN {
        let what = format!("PostgreSQL 15 or newer is needed, this is {}", version / 10_000);
        return Err(StoreError::new(StoreErrorKind::Unfit(what)));
    }
    if durability == Durability::Relaxed {
        return Ok(());
    }
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let rows = conn.rows("SELECT current_setting(?1)", &[setting.into()]).await?;
        let value = rows.first().map_or(String::new(), |row| row.get::<_, String>(0));
        if ["off", "local"].contains(&value.as_str()) {
            let what = format!(
                "PostgreSQL runs with {setting} = {value} and may lose acknowledged writes; \
                 turn it on, or set durability = \"relaxed\" to accept that"
            );
            return Err(StoreError::new(StoreErrorKind::Unfit(what)));
        }
    }
    Ok(())
}

async fn count(conn: &PgConn, sql: &str) -> Result<i64, StoreError> {
    let rows = conn.rows(sql, &[]).await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}
