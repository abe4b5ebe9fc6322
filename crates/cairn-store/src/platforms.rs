//! Applications that a project's clients run in.

use cairn_model::ids::PlatformId;
use cairn_model::platforms::{Platform, PlatformKind};

use crate::sql::{Row, params};
use crate::{Noun, StoreError, Tx};

/// One platform per id in a project.
pub const PLATFORMS_ID_KEY: &str = "project,id";

const COLUMNS: &str = "id, seq, kind, name, key, hostname, created, updated";

fn platform(row: &Row<'_>) -> Result<Platform, StoreError> {
    Ok(Platform {
        id: PlatformId(row.text(0)?),
        seq: row.int(1)?,
        kind: PlatformKind::by_name(row.str(2)?)
            .ok_or_else(|| StoreError::inconsistent("platforms", "kind", row.text(0).unwrap_or_default()))?,
        name: row.text(3)?,
        key: row.text(4)?,
        hostname: row.text(5)?,
        created: row.time(6)?,
        updated: row.time(7)?,
    })
}

impl Tx {
    /// Add a platform. Conflicts on [`PLATFORMS_ID_KEY`].
    pub async fn platform_insert(&self, platform: &Platform) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        self.run_one(
            "INSERT INTO cairn_platforms (project, id, seq, kind, name, key, hostname, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                platform.id.as_str(),
                platform.seq,
                platform.kind.name(),
                &platform.name,
                &platform.key,
                &platform.hostname,
                platform.created,
                platform.updated,
            ],
        )
        .await
    }

    /// The platform with this id.
    pub async fn platform_by_id(&self, id: &PlatformId) -> Result<Option<Platform>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_platforms WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], platform).await
    }

    /// All platforms, in the order of their making.
    pub async fn platform_list(&self) -> Result<Vec<Platform>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_platforms WHERE project = ?1 ORDER BY seq");
        self.rows(&sql, params![self.scope()], platform).await
    }

    /// Write back a platform that was read in this transaction.
    pub async fn platform_update(&self, platform: &Platform) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        self.run_one(
            "UPDATE cairn_platforms SET name = ?3, key = ?4, hostname = ?5, updated = ?6 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                platform.id.as_str(),
                &platform.name,
                &platform.key,
                &platform.hostname,
                platform.updated,
            ],
        )
        .await
    }

    /// Remove a platform; whether it was there.
    pub async fn platform_delete(&self, id: &PlatformId) -> Result<bool, StoreError> {
        self.touch(Noun::Project, "");
        let sql = "DELETE FROM cairn_platforms WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
