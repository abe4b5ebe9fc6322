//! Applications of others, what they prove themselves with, and where they are installed.

use cairn_faults::Error;
use cairn_model::apps::{AppAbout, AppSecret, Application, ClientKind, Installation, SecretKind};
use cairn_model::ids::{AppId, AppSecretId, InstallationId, TeamId, UserId};
use cairn_query::{FieldType, NounField, NounFields};
use cairn_std::Timestamp;
use serde::{Deserialize, Serialize};

use crate::listing::{Listing, Page, Source};
use crate::sql::{Param, Row, params, to_json};
use crate::{StoreError, Tx};

/// One application per id in a project.
pub const APPS_ID_KEY: &str = "project,id";
/// One installation of an application in a team.
pub const INSTALLATIONS_PLACE_KEY: &str = "project,team_id,app_id";

const APP_COLUMNS: &str = "id, seq, name, kind, is_enabled, has_device_flow, team_id, user_id, labels, \
    redirect_uris, about, created, updated";
const SECRET_COLUMNS: &str =
    "id, seq, app_id, kind, lookup, hint, creator_id, creator_name, accessed_at, created, updated";
const INSTALLATION_COLUMNS: &str =
    "id, seq, app_id, team_id, scopes, details, creator_id, creator_name, accessed_at, created, updated";

/// Fields by which applications can be listed.
pub const APP_FIELDS: NounFields = NounFields(&[
    NounField::one("name", FieldType::Text),
    NounField::one("type", FieldType::Text),
    NounField::one("enabled", FieldType::Bool),
    NounField::one("deviceFlow", FieldType::Bool),
    NounField::one("teamId", FieldType::Text),
    NounField::one("userId", FieldType::Text),
    NounField::list("labels", FieldType::Text),
    NounField::list("redirectUris", FieldType::Text),
]);

/// Fields by which secrets and keys of an application can be listed.
pub const APP_SECRET_FIELDS: NounFields = NounFields(&[
    NounField::one("hint", FieldType::Text),
    NounField::one("createdById", FieldType::Text),
    NounField::one("createdByName", FieldType::Text),
    NounField::one("lastAccessedAt", FieldType::Datetime),
]);

/// Fields by which installations can be listed.
pub const INSTALLATION_FIELDS: NounFields = NounFields(&[
    NounField::one("appId", FieldType::Text),
    NounField::one("teamId", FieldType::Text),
    NounField::list("scopes", FieldType::Text),
    NounField::one("createdById", FieldType::Text),
    NounField::one("lastAccessedAt", FieldType::Datetime),
]);

/// In the order of [`APP_FIELDS`].
const APPS: Source = Source {
    table: "cairn_apps",
    columns: APP_COLUMNS,
    seq: "seq",
    fields: &[
        "name",
        "kind",
        "is_enabled",
        "has_device_flow",
        "team_id",
        "user_id",
        "labels",
        "redirect_uris",
    ],
    search: "",
};

/// In the order of [`APP_SECRET_FIELDS`].
const SECRETS: Source = Source {
    table: "cairn_app_secrets",
    columns: SECRET_COLUMNS,
    seq: "seq",
    fields: &["hint", "creator_id", "creator_name", "accessed_at"],
    search: "",
};

/// In the order of [`INSTALLATION_FIELDS`].
const INSTALLATIONS: Source = Source {
    table: "cairn_installations",
    columns: INSTALLATION_COLUMNS,
    seq: "seq",
    fields: &["app_id", "team_id", "scopes", "creator_id", "accessed_at"],
    search: "",
};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct AboutRow {
    description: String,
    tagline: String,
    client_uri: String,
    logo_uri: String,
    privacy_policy_url: String,
    terms_url: String,
    support_url: String,
    data_deletion_url: String,
    contacts: Vec<String>,
    tags: Vec<String>,
    images: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    installation_scopes: Vec<String>,
    installation_redirect_url: String,
}

impl From<AboutRow> for AppAbout {
    fn from(row: AboutRow) -> Self {
        Self {
            description: row.description,
            tagline: row.tagline,
            client_uri: row.client_uri,
            logo_uri: row.logo_uri,
            privacy_policy_url: row.privacy_policy_url,
            terms_url: row.terms_url,
            support_url: row.support_url,
            data_deletion_url: row.data_deletion_url,
            contacts: row.contacts,
            tags: row.tags,
            images: row.images,
            post_logout_redirect_uris: row.post_logout_redirect_uris,
            installation_scopes: row.installation_scopes,
            installation_redirect_url: row.installation_redirect_url,
        }
    }
}

impl From<&AppAbout> for AboutRow {
    fn from(about: &AppAbout) -> Self {
        let about = about.clone();
        Self {
            description: about.description,
            tagline: about.tagline,
            client_uri: about.client_uri,
            logo_uri: about.logo_uri,
            privacy_policy_url: about.privacy_policy_url,
            terms_url: about.terms_url,
            support_url: about.support_url,
            data_deletion_url: about.data_deletion_url,
            contacts: about.contacts,
            tags: about.tags,
            images: about.images,
            post_logout_redirect_uris: about.post_logout_redirect_uris,
            installation_scopes: about.installation_scopes,
            installation_redirect_url: about.installation_redirect_url,
        }
    }
}

fn app(row: &Row<'_>) -> Result<Application, StoreError> {
    Ok(Application {
        id: AppId(row.text(0)?),
        seq: row.int(1)?,
        name: row.text(2)?,
        kind: ClientKind::of_name(row.str(3)?)
            .ok_or_else(|| StoreError::inconsistent("apps", "kind", row.text(0).unwrap_or_default()))?,
        is_enabled: row.bool(4)?,
        has_device_flow: row.bool(5)?,
        team_id: row.text_opt(6)?.map(TeamId),
        user_id: row.text_opt(7)?.map(UserId),
        labels: row.json(8, "apps")?,
        redirect_uris: row.json(9, "apps")?,
        about: row.json::<AboutRow>(10, "apps")?.into(),
        created: row.time(11)?,
        updated: row.time(12)?,
    })
}

fn secret(row: &Row<'_>) -> Result<AppSecret, StoreError> {
    Ok(AppSecret {
        id: AppSecretId(row.text(0)?),
        seq: row.int(1)?,
        app_id: AppId(row.text(2)?),
        kind: SecretKind::of_name(row.str(3)?).ok_or_else(|| {
            StoreError::inconsistent("app_secrets", "kind", row.text(0).unwrap_or_default())
        })?,
        lookup: row.text(4)?,
        hint: row.text(5)?,
        creator_id: row.text(6)?,
        creator_name: row.text(7)?,
        accessed_at: row.time_opt(8)?,
        created: row.time(9)?,
        updated: row.time(10)?,
    })
}

fn installation(row: &Row<'_>) -> Result<Installation, StoreError> {
    Ok(Installation {
        id: InstallationId(row.text(0)?),
        seq: row.int(1)?,
        app_id: AppId(row.text(2)?),
        team_id: TeamId(row.text(3)?),
        scopes: row.json(4, "installations")?,
        details: row.text(5)?,
        creator_id: row.text(6)?,
        creator_name: row.text(7)?,
        accessed_at: row.time_opt(8)?,
        created: row.time(9)?,
        updated: row.time(10)?,
    })
}

impl Tx {
    /// Add an application. Conflicts on [`APPS_ID_KEY`].
    pub async fn app_insert(&self, app: &Application) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_apps (project, id, seq, name, kind, is_enabled, has_device_flow, team_id, user_id, \
             labels, redirect_uris, about, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                self.scope(),
                app.id.as_str(),
                app.seq,
                &app.name,
                app.kind.name(),
                app.is_enabled,
                app.has_device_flow,
                app.team_id.as_ref().map(TeamId::as_str),
                app.user_id.as_ref().map(UserId::as_str),
                to_json(&app.labels),
                to_json(&app.redirect_uris),
                to_json(&AboutRow::from(&app.about)),
                app.created,
                app.updated,
            ],
        )
        .await
    }

    /// The application with this id.
    pub async fn app_by_id(&self, id: &AppId) -> Result<Option<Application>, StoreError> {
        let sql = format!("SELECT {APP_COLUMNS} FROM cairn_apps WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], app).await
    }

    /// A page of all applications.
    pub async fn app_list(&self, listing: &Listing) -> Result<Page<Application>, Error> {
        self.list(&APPS, &[], listing, app).await
    }

    /// A page of the applications that a user, or a team that the user is a confirmed member of, owns.
    pub async fn app_list_of_user(
        &self,
        user_id: &UserId,
        listing: &Listing,
    ) -> Result<Page<Application>, Error> {
        let within = "EXISTS (SELECT 1 FROM cairn_users u WHERE u.project = ?1 AND u.id = {} \
             AND (cairn_apps.user_id = u.id OR EXISTS (SELECT 1 FROM cairn_memberships m WHERE m.project = ?1 \
             AND m.team_id = cairn_apps.team_id AND m.user_id = u.id AND m.is_confirmed)))";
        self.list(&APPS, &[(within, user_id.as_str().into())], listing, app).await
    }

    /// How many applications a user, or a team, owns.
    pub async fn app_count_of_owner(
        &self,
        team_id: Option<&TeamId>,
        user_id: Option<&UserId>,
    ) -> Result<i64, StoreError> {
        let (column, id) = owner(team_id, user_id);
        let sql = format!("SELECT count(*) FROM cairn_apps WHERE project = ?1 AND {column} = ?2");
        Ok(self.row(&sql, params![self.scope(), id], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Remove the applications of an owner who goes, with everything that hangs on them.
    pub async fn app_delete_all_of_owner(
        &self,
        team_id: Option<&TeamId>,
        user_id: Option<&UserId>,
    ) -> Result<(), StoreError> {
        let (column, id) = owner(team_id, user_id);
        let sql = format!("SELECT id FROM cairn_apps WHERE project = ?1 AND {column} = ?2");
        for id in self.rows(&sql, params![self.scope(), id], |row| row.text(0).map(AppId)).await? {
            self.app_delete(&id).await?;
        }
        Ok(())
    }

    /// Write back an application that was read in this transaction.
    pub async fn app_update(&self, app: &Application) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_apps SET name = ?3, kind = ?4, is_enabled = ?5, has_device_flow = ?6, team_id = ?7, \
             user_id = ?8, labels = ?9, redirect_uris = ?10, about = ?11, updated = ?12 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                app.id.as_str(),
                &app.name,
                app.kind.name(),
                app.is_enabled,
                app.has_device_flow,
                app.team_id.as_ref().map(TeamId::as_str),
                app.user_id.as_ref().map(UserId::as_str),
                to_json(&app.labels),
                to_json(&app.redirect_uris),
                to_json(&AboutRow::from(&app.about)),
                app.updated,
            ],
        )
        .await
    }

    /// Remove an application with its secrets, keys, installations, grants, consents and tokens; whether it was there.
    pub async fn app_delete(&self, id: &AppId) -> Result<bool, StoreError> {
        self.token_delete_all_of_app(id).await?;
        for table in
            ["cairn_oauth2_grants", "cairn_oauth2_consents", "cairn_installations", "cairn_app_secrets"]
        {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND app_id = ?2");
            self.run(&sql, params![self.scope(), id.as_str()]).await?;
        }
        let sql = "DELETE FROM cairn_apps WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }

    /// Add a secret or a key.
    pub async fn app_secret_insert(&self, secret: &AppSecret) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_app_secrets (project, id, seq, app_id, kind, lookup, hint, creator_id, creator_name, \
             accessed_at, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                self.scope(),
                secret.id.as_str(),
                secret.seq,
                secret.app_id.as_str(),
                secret.kind.name(),
                &secret.lookup,
                &secret.hint,
                &secret.creator_id,
                &secret.creator_name,
                secret.accessed_at,
                secret.created,
                secret.updated,
            ],
        )
        .await
    }

    /// The secret or key with this keyed hash.
    pub async fn app_secret_by_lookup(
        &self,
        kind: SecretKind,
        lookup: &str,
    ) -> Result<Option<AppSecret>, StoreError> {
        let sql = format!(
            "SELECT {SECRET_COLUMNS} FROM cairn_app_secrets WHERE project = ?1 AND lookup = ?2 AND kind = ?3"
        );
        self.row(&sql, params![self.scope(), lookup, kind.name()], secret).await
    }

    /// All secrets, or keys, of an application, in the order of their making.
    pub async fn app_secret_list_all(
        &self,
        app_id: &AppId,
        kind: SecretKind,
    ) -> Result<Vec<AppSecret>, StoreError> {
        let sql = format!(
            "SELECT {SECRET_COLUMNS} FROM cairn_app_secrets WHERE project = ?1 AND app_id = ?2 AND kind = ?3 \
             ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), app_id.as_str(), kind.name()], secret).await
    }

    /// All secrets, or keys, of these applications, in the order of their making.
    pub async fn app_secret_list_of(
        &self,
        app_ids: &[&AppId],
        kind: SecretKind,
    ) -> Result<Vec<AppSecret>, StoreError> {
        let mut values = vec![Param::from(self.scope()), Param::from(kind.name())];
        values.extend(app_ids.iter().map(|id| Param::from(id.as_str())));
        let places: Vec<String> = (3..=values.len()).map(|place| format!("?{place}")).collect();
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {SECRET_COLUMNS} FROM cairn_app_secrets WHERE project = ?1 AND kind = ?2 AND app_id IN ({}) \
             ORDER BY seq",
            places.join(", ")
        );
        self.rows(&sql, &values, secret).await
    }

    /// A page of the secrets, or keys, of an application.
    pub async fn app_secret_list(
        &self,
        app_id: &AppId,
        kind: SecretKind,
        listing: &Listing,
    ) -> Result<Page<AppSecret>, Error> {
        let within = [("app_id = {}", app_id.as_str().into()), ("kind = {}", kind.name().into())];
        self.list(&SECRETS, &within, listing, secret).await
    }

    /// Say that a secret or key was used.
    pub async fn app_secret_accessed(&self, lookup: &str, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_app_secrets SET accessed_at = ?3 WHERE project = ?1 AND lookup = ?2";
        self.run(sql, params![self.scope(), lookup, at]).await.map(drop)
    }

    /// Remove a secret or key that was read in this transaction.
    pub async fn app_secret_delete(&self, secret: &AppSecret) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_app_secrets WHERE project = ?1 AND lookup = ?2";
        self.run_one(sql, params![self.scope(), &secret.lookup]).await
    }

    /// Add an installation. Conflicts on [`INSTALLATIONS_PLACE_KEY`].
    pub async fn installation_insert(&self, made: &Installation) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_installations (project, id, seq, app_id, team_id, scopes, details, creator_id, \
             creator_name, accessed_at, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                self.scope(),
                made.id.as_str(),
                made.seq,
                made.app_id.as_str(),
                made.team_id.as_str(),
                to_json(&made.scopes),
                &made.details,
                &made.creator_id,
                &made.creator_name,
                made.accessed_at,
                made.created,
                made.updated,
            ],
        )
        .await
    }

    /// The installation with this id.
    pub async fn installation_by_id(&self, id: &InstallationId) -> Result<Option<Installation>, StoreError> {
        let sql =
            format!("SELECT {INSTALLATION_COLUMNS} FROM cairn_installations WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], installation).await
    }

    /// A page of the installations in a team.
    pub async fn installation_list_of_team(
        &self,
        team_id: &TeamId,
        listing: &Listing,
    ) -> Result<Page<Installation>, Error> {
        let within = [("team_id = {}", team_id.as_str().into())];
        self.list(&INSTALLATIONS, &within, listing, installation).await
    }

    /// A page of the installations of an application.
    pub async fn installation_list_of_app(
        &self,
        app_id: &AppId,
        listing: &Listing,
    ) -> Result<Page<Installation>, Error> {
        let within = [("app_id = {}", app_id.as_str().into())];
        self.list(&INSTALLATIONS, &within, listing, installation).await
    }

    /// Write back an installation that was read in this transaction.
    pub async fn installation_update(&self, changed: &Installation) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_installations SET scopes = ?3, details = ?4, accessed_at = ?5, updated = ?6 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                changed.id.as_str(),
                to_json(&changed.scopes),
                &changed.details,
                changed.accessed_at,
                changed.updated,
            ],
        )
        .await
    }

    /// Remove an installation with its tokens; whether it was there.
    pub async fn installation_delete(&self, id: &InstallationId) -> Result<bool, StoreError> {
        self.token_delete_all_of_installation(id).await?;
        let sql = "DELETE FROM cairn_installations WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }

    /// Remove all installations in a team with their tokens.
    pub async fn installation_delete_all_of_team(&self, team_id: &TeamId) -> Result<(), StoreError> {
        let sql = "SELECT id FROM cairn_installations WHERE project = ?1 AND team_id = ?2";
        let ids = self.rows(sql, params![self.scope(), team_id.as_str()], |row| row.text(0)).await?;
        for id in ids {
            self.installation_delete(&InstallationId(id)).await?;
        }
        Ok(())
    }
}

fn owner<'a>(team_id: Option<&'a TeamId>, user_id: Option<&'a UserId>) -> (&'static str, &'a str) {
    match (team_id, user_id) {
        (Some(team), _) => ("team_id", team.as_str()),
        (None, Some(user)) => ("user_id", user.as_str()),
        (None, None) => ("id", ""),
    }
}
