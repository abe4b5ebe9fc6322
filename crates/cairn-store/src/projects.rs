//! The registry of projects, in the platform's scope, and what a project leaves behind when it goes.

use cairn_model::ids::{ProjectId, TeamId};
use cairn_model::projects::{About, Project};
use serde::{Deserialize, Serialize};

use crate::sql::{Row, params, to_json};
use crate::{Noun, ProjectRef, StoreError, Tx};

/// One project per id.
pub const PROJECTS_ID_KEY: &str = "project,id";

/// Every table with rows of a project.
pub(crate) const PROJECT_TABLES: &[&str] = &[
    "cairn_counters",
    "cairn_settings",
    "cairn_users",
    "cairn_sessions",
    "cairn_targets",
    "cairn_authenticators",
    "cairn_recovery_codes",
    "cairn_challenges",
    "cairn_logs",
    "cairn_teams",
    "cairn_memberships",
    "cairn_api_keys",
    "cairn_platforms",
    "cairn_webhooks",
    "cairn_variables",
    "cairn_databases",
    "cairn_collections",
    "cairn_attributes",
    "cairn_indexes",
    "cairn_roles",
    "cairn_jobs",
    "cairn_transactions",
    "cairn_operations",
    "cairn_idempotency",
    "cairn_usage",
    "cairn_personas",
    "cairn_signups",
    "cairn_bearers",
    "cairn_vouchers",
    "cairn_devices",
    "cairn_grants",
    "cairn_bans",
    "cairn_groups",
    "cairn_group_members",
    "cairn_group_permissions",
    "cairn_notices",
    "cairn_notice_preferences",
    "cairn_deeds",
    "cairn_pictures",
    "cairn_mail_templates",
    "cairn_one_time_tokens",
    "cairn_identities",
    "cairn_oauth_states",
    "cairn_apps",
    "cairn_app_secrets",
    "cairn_installations",
    "cairn_oauth2_grants",
    "cairn_oauth2_consents",
    "cairn_oauth2_families",
    "cairn_oauth2_tokens",
];

const COLUMNS: &str = "id, number, seq, team_id, name, region, labels, about, is_going, pinged_at, accessed_at, created, updated";

fn project(row: &Row<'_>) -> Result<Project, StoreError> {
    Ok(Project {
        id: ProjectId(row.text(0)?),
        number: row.int(1)?,
        seq: row.int(2)?,
        team_id: TeamId(row.text(3)?),
        name: row.text(4)?,
        region: row.text(5)?,
        labels: row.json(6, "projects")?,
        about: row.json::<AboutRow>(7, "projects")?.into(),
        is_going: row.bool(8)?,
        pinged_at: row.time_opt(9)?,
        accessed_at: row.time_opt(10)?,
        created: row.time(11)?,
        updated: row.time(12)?,
    })
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct AboutRow {
    description: String,
    logo: String,
    url: String,
    legal_name: String,
    legal_country: String,
    legal_state: String,
    legal_city: String,
    legal_address: String,
    legal_tax_id: String,
}

impl From<AboutRow> for About {
    fn from(row: AboutRow) -> Self {
        Self {
            description: row.description,
            logo: row.logo,
            url: row.url,
            legal_name: row.legal_name,
            legal_country: row.legal_country,
            legal_state: row.legal_state,
            legal_city: row.legal_city,
            legal_address: row.legal_address,
            legal_tax_id: row.legal_tax_id,
        }
    }
}

impl From<&About> for AboutRow {
    fn from(about: &About) -> Self {
        let about = about.clone();
        Self {
            description: about.description,
            logo: about.logo,
            url: about.url,
            legal_name: about.legal_name,
            legal_country: about.legal_country,
            legal_state: about.legal_state,
            legal_city: about.legal_city,
            legal_address: about.legal_address,
            legal_tax_id: about.legal_tax_id,
        }
    }
}

impl Tx {
    /// Add a registry row. Conflicts on [`PROJECTS_ID_KEY`].
    pub async fn project_insert(&self, project: &Project) -> Result<(), StoreError> {
        self.touch_in(project.id.as_str(), Noun::Project, "");
        self.run_one(
            "INSERT INTO cairn_projects (project, id, number, seq, team_id, name, region, labels, about, \
             is_going, pinged_at, accessed_at, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                self.scope(),
                project.id.as_str(),
                project.number,
                project.seq,
                project.team_id.as_str(),
                &project.name,
                &project.region,
                to_json(&project.labels),
                to_json(&AboutRow::from(&project.about)),
                project.is_going,
                project.pinged_at,
                project.accessed_at,
                project.created,
                project.updated,
            ],
        )
        .await
    }

    /// The registry row of a project.
    pub async fn project_by_id(&self, id: &ProjectId) -> Result<Option<Project>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_projects WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], project).await
    }

    /// All projects that are not going, or those of one organization, in the order of their making.
    pub async fn project_list(&self, team: Option<&TeamId>) -> Result<Vec<Project>, StoreError> {
        let select = format!("SELECT {COLUMNS} FROM cairn_projects WHERE project = ?1 AND NOT is_going");
        match team {
            Some(team) => {
                let sql = format!("{select} AND team_id = ?2 ORDER BY seq");
                self.rows(&sql, params![self.scope(), team.as_str()], project).await
            }
            None => self.rows(&format!("{select} ORDER BY seq"), params![self.scope()], project).await,
        }
    }

    /// Whether there is an organization with this id.
    pub async fn team_is_there(&self, team: &TeamId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM cairn_teams WHERE project = ?1 AND id = ?2";
        Ok(self.row(sql, params![self.scope(), team.as_str()], |_| Ok(())).await?.is_some())
    }

    /// How many projects each region has; one without any is missing.
    pub async fn project_regions(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT region, count(*) FROM cairn_projects WHERE project = ?1 GROUP BY region";
        self.rows(sql, params![self.scope()], |row| Ok((row.text(0)?, row.int(1)?))).await
    }

    /// The ids of all projects, going ones too.
    pub async fn project_ids(&self) -> Result<Vec<String>, StoreError> {
        self.rows("SELECT id FROM cairn_projects WHERE project = ?1", params![self.scope()], |row| {
            row.text(0)
        })
        .await
    }

    /// The registry rows whose removal has begun.
    pub async fn project_list_going(&self) -> Result<Vec<Project>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_projects WHERE project = ?1 AND is_going");
        self.rows(&sql, params![self.scope()], project).await
    }

    /// Write back a registry row that was read in this transaction.
    pub async fn project_update(&self, project: &Project) -> Result<(), StoreError> {
        self.touch_in(project.id.as_str(), Noun::Project, "");
        self.run_one(
            "UPDATE cairn_projects SET team_id = ?3, name = ?4, region = ?5, labels = ?6, about = ?7, \
             is_going = ?8, pinged_at = ?9, accessed_at = ?10, updated = ?11 WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                project.id.as_str(),
                project.team_id.as_str(),
                &project.name,
                &project.region,
                to_json(&project.labels),
                to_json(&AboutRow::from(&project.about)),
                project.is_going,
                project.pinged_at,
                project.accessed_at,
                project.updated,
            ],
        )
        .await
    }

    /// Remove a registry row.
    pub async fn project_delete(&self, id: &ProjectId) -> Result<(), StoreError> {
        self.touch_in(id.as_str(), Noun::Project, "");
        let sql = "DELETE FROM cairn_projects WHERE project = ?1 AND id = ?2";
        self.run_one(sql, params![self.scope(), id.as_str()]).await
    }

    /// Delete every row of this transaction's project, and the tables of its documents.
    pub(crate) async fn project_rows_delete(&self) -> Result<(), StoreError> {
        for number in self.collection_numbers(None).await? {
            self.table_drop(number).await?;
        }
        for number in self.pairs_list(None).await? {
            self.pairs_drop(number).await?;
        }
        for table in PROJECT_TABLES {
            self.run(&format!("DELETE FROM {table} WHERE project = ?1"), params![self.scope()]).await?;
        }
        Ok(())
    }
}

impl From<&Project> for ProjectRef {
    fn from(project: &Project) -> Self {
        Self::new(project.id.as_str(), project.number).in_region(&project.region)
    }
}
