//! Who is in which team.

use cairn_faults::Error;
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::teams::Membership;
use cairn_query::{FieldType, NounField, NounFields};

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

/// One membership of a user in a team.
pub const MEMBERSHIPS_USER_KEY: &str = "project,user_id,team_id";

const COLUMNS: &str =
    "id, seq, team_id, user_id, roles, invited, joined, is_confirmed, secret_hash, created, updated";

/// Fields by which memberships can be listed.
pub const MEMBERSHIP_FIELDS: NounFields = NounFields(&[
    NounField::one("userId", FieldType::Text),
    NounField::one("teamId", FieldType::Text),
    NounField::one("invited", FieldType::Datetime),
    NounField::one("joined", FieldType::Datetime),
    NounField::one("confirm", FieldType::Bool),
    NounField::list("roles", FieldType::Text),
]);

/// In the order of [`MEMBERSHIP_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_memberships",
    columns: COLUMNS,
    seq: "seq",
    fields: &["user_id", "team_id", "invited", "joined", "is_confirmed", "roles"],
    search: "search",
};

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
    /// Add a membership. Conflicts on [`MEMBERSHIPS_USER_KEY`].
    pub async fn membership_insert(&self, membership: &Membership) -> Result<(), StoreError> {
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
                format!("{} {}", membership.id, membership.user_id).to_lowercase(),
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

    /// The membership with this id, of whatever team.
    pub async fn membership_by_id(&self, id: &MembershipId) -> Result<Option<Membership>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_memberships WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], membership).await
    }

    /// A user's membership of a team.
    pub async fn membership_of_user(
        &self,
        team_id: &TeamId,
        user_id: &UserId,
    ) -> Result<Option<Membership>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_memberships WHERE project = ?1 AND user_id = ?2 AND team_id = ?3"
        );
        self.row(&sql, params![self.scope(), user_id.as_str(), team_id.as_str()], membership).await
    }

    /// A page of a team's memberships.
    pub async fn membership_list_in_team(
        &self,
        team_id: &TeamId,
        listing: &Listing,
    ) -> Result<Page<Membership>, Error> {
        self.list(&SOURCE, &[("team_id = {}", team_id.as_str().into())], listing, membership).await
    }

    /// A page of a user's memberships.
    pub async fn membership_page_of_user(
        &self,
        user_id: &UserId,
        listing: &Listing,
    ) -> Result<Page<Membership>, Error> {
        self.list(&SOURCE, &[("user_id = {}", user_id.as_str().into())], listing, membership).await
    }

    /// How many memberships of a team have the role, confirmed or not, counting no further than `max`.
    pub async fn membership_count_with_role(
        &self,
        team_id: &TeamId,
        role: &str,
        max: usize,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT roles FROM cairn_memberships WHERE project = ?1 AND team_id = ?2 ORDER BY seq";
        let all: Vec<Vec<String>> =
            self.rows(sql, params![self.scope(), team_id.as_str()], |row| row.json(0, "memberships")).await?;
        Ok(all.iter().filter(|roles| roles.iter().any(|held| held == role)).take(max).count())
    }

    /// End all memberships of a team.
    pub async fn membership_delete_all_of_team(&self, team_id: &TeamId) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_memberships WHERE project = ?1 AND team_id = ?2 RETURNING user_id";
        let users = self.rows(sql, params![self.scope(), team_id.as_str()], |row| row.text(0)).await?;
        for user in users {
            self.touch(Noun::User, &user);
        }
        Ok(())
    }

    /// Write back a membership that was read in this transaction.
    pub async fn membership_update(&self, membership: &Membership) -> Result<(), StoreError> {
        self.touch(Noun::User, membership.user_id.as_str());
        self.run_one(
            "UPDATE cairn_memberships SET roles = ?4, invited = ?5, joined = ?6, is_confirmed = ?7, secret_hash = ?8, \
             updated = ?9 \
             WHERE project = ?1 AND team_id = ?2 AND id = ?3",
            params![
                self.scope(),
                membership.team_id.as_str(),
                membership.id.as_str(),
                to_json(&membership.roles),
                membership.invited,
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
