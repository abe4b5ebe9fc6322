//! Who is in which team.

use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::teams::Membership;

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

/// One membership of a user in a team.
pub const MEMBERSHIPS_USER_KEY: &str = "project,user_id,team_id";

const COLUMNS: &str =
    "id, seq, team_id, user_id, roles, invited, joined, is_confirmed, secret_hash, created, updated";

fn membership(row: &Row<'_>) -> Result<Membership, StoreError> {
    Ok(Membership {
        id: MembershipId(row.text(0)?),
        seq: row.int(1)?,
        team_id: TeamId(row.text(2)?),
        user_id: UserId(row.text(3)?),
        roles: row.json(4, "memberships")?,
        invited: row.time(5)?,
        joined: row.time_opt(6)?,
        is_confirmed: row.bool(7)?,
        secret_hash: row.text(8)?,
        created: row.time(9)?,
        updated: row.time(10)?,
    })
}

impl Tx {
    /// Add a membership; `search` is what a search over members looks through. Conflicts on [`MEMBERSHIPS_USER_KEY`].
    pub async fn membership_insert(&self, membership: &Membership, search: &str) -> Result<(), StoreError> {
        self.touch(Noun::User, membership.user_id.as_str());
        self.run_one(
            "INSERT INTO cairn_memberships (project, team_id, id, seq, user_id, roles, invited, joined, is_confirmed, \
             secret_hash, search, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.scope(),
                membership.team_id.as_str(),
                membership.id.as_str(),
                membership.seq,
                membership.user_id.as_str(),
                to_json(&membership.roles),
                membership.invited,
                membership.joined,
                membership.is_confirmed,
                &membership.secret_hash,
                search,
                membership.created,
                membership.updated,
            ],
        )
        .await
    }

    /// All memberships of a user, in the order of their making.
    pub async fn membership_list_of_user(&self, user_id: &UserId) -> Result<Vec<Membership>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_memberships WHERE project = ?1 AND user_id = ?2 ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), user_id.as_str()], membership).await
    }

    /// A membership of a team.
    pub async fn membership_by_id(
        &self,
        team_id: &TeamId,
        id: &MembershipId,
    ) -> Result<Option<Membership>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_memberships WHERE project = ?1 AND team_id = ?2 AND id = ?3"
        );
        self.row(&sql, params![self.scope(), team_id.as_str(), id.as_str()], membership).await
    }

    /// Write back a membership that was read in this transaction.
    pub async fn membership_update(&self, membership: &Membership) -> Result<(), StoreError> {
        self.touch(Noun::User, membership.user_id.as_str());
        self.run_one(
            "UPDATE cairn_memberships SET roles = ?4, joined = ?5, is_confirmed = ?6, secret_hash = ?7, updated = ?8 \
             WHERE project = ?1 AND team_id = ?2 AND id = ?3",
            params![
                self.scope(),
                membership.team_id.as_str(),
                membership.id.as_str(),
                to_json(&membership.roles),
                membership.joined,
                membership.is_confirmed,
                &membership.secret_hash,
                membership.updated,
            ],
        )
        .await
    }

    /// Remove a membership that was read in this transaction.
    pub async fn membership_delete(&self, membership: &Membership) -> Result<(), StoreError> {
        self.touch(Noun::User, membership.user_id.as_str());
        self.run_one(
            "DELETE FROM cairn_memberships WHERE project = ?1 AND team_id = ?2 AND id = ?3",
            params![self.scope(), membership.team_id.as_str(), membership.id.as_str()],
        )
        .await
    }
}
