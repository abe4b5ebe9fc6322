//! Groups of users.

use cairn_faults::Error;
use cairn_model::ids::{TeamId, UserId};
use cairn_model::teams::Team;
use cairn_query::{FieldType, NounField, NounFields};
use cairn_std::Timestamp;

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params};
use crate::{StoreError, Tx};

/// One team per id in a project.
pub const TEAMS_ID_KEY: &str = "project,id";

const COLUMNS: &str = "id, seq, name, total, prefs, created, updated";

/// Fields by which teams can be listed.
pub const TEAM_FIELDS: NounFields = NounFields(&[
    NounField::one("name", FieldType::Text),
    NounField::one("total", FieldType::Int),
    NounField::one("billingPlan", FieldType::Text),
]);

/// In the order of [`TEAM_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_teams",
    columns: COLUMNS,
    seq: "seq",
    fields: &["name", "total", "CAST(NULL AS TEXT)"],
    search: "search",
};

fn team(row: &Row<'_>) -> Result<Team, StoreError> {
    Ok(Team {
        id: TeamId(row.text(0)?),
        seq: row.int(1)?,
        name: row.text(2)?,
        total: row.int(3)?,
        prefs: row.text(4)?,
        created: row.time(5)?,
        updated: row.time(6)?,
    })
}

/// What a search over teams looks through.
fn search_text(team: &Team) -> String {
    format!("{} {}", team.id, team.name).to_lowercase()
}

impl Tx {
    /// Add a team. Conflicts on [`TEAMS_ID_KEY`].
    pub async fn team_insert(&self, team: &Team) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_teams (project, id, seq, name, total, prefs, search, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                team.id.as_str(),
                team.seq,
                &team.name,
                team.total,
                &team.prefs,
                search_text(team),
                team.created,
                team.updated,
            ],
        )
        .await
    }

    /// The team with this id.
    pub async fn team_by_id(&self, id: &TeamId) -> Result<Option<Team>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_teams WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], team).await
    }

    /// A page of all teams.
    pub async fn team_list(&self, listing: &Listing) -> Result<Page<Team>, Error> {
        self.list(&SOURCE, &[], listing, team).await
    }

    /// A page of the teams that a user is a confirmed member of.
    pub async fn team_list_of_user(&self, user_id: &UserId, listing: &Listing) -> Result<Page<Team>, Error> {
        let within = "id IN (SELECT team_id FROM cairn_memberships WHERE project = ?1 AND user_id = {} AND is_confirmed)";
        self.list(&SOURCE, &[(within, user_id.as_str().into())], listing, team).await
    }

    /// Write back a team that was read in this transaction; its number of members is counted elsewhere.
    pub async fn team_update(&self, team: &Team) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_teams SET name = ?3, prefs = ?4, search = ?5, updated = ?6 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                team.id.as_str(),
                &team.name,
                &team.prefs,
                search_text(team),
                team.updated,
            ],
        )
        .await
    }

    /// Count one confirmed member more, or less where `change` is negative.
    pub async fn team_count_members(
        &self,
        id: &TeamId,
        change: i64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_teams SET total = total + ?3, updated = ?4 WHERE project = ?1 AND id = ?2",
            params![self.scope(), id.as_str(), change, at],
        )
        .await
    }

    /// Remove a team; whether it was there. Memberships are the caller's to end.
    pub async fn team_delete(&self, id: &TeamId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_teams WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
