//! Pictures of personas. They are kept as they came, as base64 in the project's own store, until there is a store of files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cairn_model::ids::UserId;
use cairn_std::Timestamp;

use crate::sql::params;
use crate::{StoreError, StoreErrorKind, Tx};

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The name of its file.
    pub name: String,
    /// Whose it is.
    pub user_id: UserId,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it came.
    pub created: Timestamp,
}

impl Tx {
    /// Add a picture.
    pub async fn picture_insert(&self, picture: &Picture) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_pictures (project, name, user_id, media_type, bytes, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                self.scope(),
                &picture.name,
                picture.user_id.as_str(),
                &picture.media_type,
                STANDARD.encode(&picture.bytes),
                picture.created,
            ],
        )
        .await
    }

    /// The picture with this name.
    pub async fn picture_by_name(&self, name: &str) -> Result<Option<Picture>, StoreError> {
        let sql = "SELECT name, user_id, media_type, bytes, created FROM cairn_pictures \
             WHERE project = ?1 AND name = ?2";
        self.row(sql, params![self.scope(), name], |row| {
            let broken = |_| {
                StoreError::new(StoreErrorKind::Inconsistent("cairn_pictures: bytes are not base64".into()))
            };
            Ok(Picture {
                name: row.text(0)?,
                user_id: UserId(row.text(1)?),
                media_type: row.text(2)?,
                bytes: STANDARD.decode(row.str(3)?).map_err(broken)?,
                created: row.time(4)?,
            })
        })
        .await
    }

    /// Remove a picture; whether it was there.
    pub async fn picture_delete(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_pictures WHERE project = ?1 AND name = ?2";
        Ok(self.run(sql, params![self.scope(), name]).await? == 1)
    }
}
