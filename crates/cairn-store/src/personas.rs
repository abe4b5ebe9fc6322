//! Public faces of users, and sign-ups that wait for one.

use cairn_model::ids::UserId;
use cairn_model::personas::Persona;
use cairn_model::signups::Signup;
use cairn_std::Timestamp;

use crate::compile::Sql;
use crate::sql::{Dialect, Param, Row, params};
use crate::{StoreError, Tx};

/// One persona per handle in a project.
pub const PERSONAS_HANDLE_KEY: &str = "project,handle";

const COLUMNS: &str =
    "user_id, handle, last_name, bio, profile_image, banner_image, deleted, created, updated";
const SIGNUP_COLUMNS: &str = "email, id, handle, name, password_hash, expires, created";
/// Words of a search that count.
const SEARCH_WORDS_MAX: usize = 8;

fn persona(row: &Row<'_>) -> Result<Persona, StoreError> {
    Ok(Persona {
        user_id: UserId(row.text(0)?),
        handle: row.text(1)?,
        last_name: row.text(2)?,
        bio: row.text_opt(3)?,
        profile_image: row.text_opt(4)?,
        banner_image: row.text_opt(5)?,
        deleted: row.time_opt(6)?,
        created: row.time(7)?,
        updated: row.time(8)?,
    })
}

fn signup(row: &Row<'_>) -> Result<Signup, StoreError> {
    Ok(Signup {
        email: row.text(0)?,
        id: row.text(1)?,
        handle: row.text(2)?,
        name: row.text(3)?,
        password_hash: row.text(4)?,
        expires: row.time(5)?,
        created: row.time(6)?,
    })
}

/// What a search looks through; empty once the account is gone.
fn search_text(persona: &Persona) -> String {
    if persona.deleted.is_some() {
        return String::new();
    }
    let bio = persona.bio.as_deref().unwrap_or_default();
    format!("{} {} {bio}", persona.handle, persona.last_name).to_lowercase()
}

impl Tx {
    /// Add a persona. Conflicts on [`PERSONAS_HANDLE_KEY`].
    pub async fn persona_insert(&self, persona: &Persona) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_personas (project, user_id, handle, last_name, bio, profile_image, banner_image, \
             deleted, search, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                self.scope(),
                persona.user_id.as_str(),
                &persona.handle,
                &persona.last_name,
                &persona.bio,
                &persona.profile_image,
                &persona.banner_image,
                persona.deleted,
                search_text(persona),
                persona.created,
                persona.updated,
            ],
        )
        .await
    }

    /// The persona of a user.
    pub async fn persona_by_user(&self, user_id: &UserId) -> Result<Option<Persona>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_personas WHERE project = ?1 AND user_id = ?2");
        self.row(&sql, params![self.scope(), user_id.as_str()], persona).await
    }

    /// The persona with this handle, to the letter.
    pub async fn persona_by_handle(&self, handle: &str) -> Result<Option<Persona>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_personas WHERE project = ?1 AND handle = ?2");
        self.row(&sql, params![self.scope(), handle], persona).await
    }

    /// Personas of accounts that exist and in whose handle, name or biography all words occur, oldest first; and how many
    /// there are in all, counting no further than `count_max`.
    pub async fn persona_search(
        &self,
        words: &str,
        offset: i64,
        limit: i64,
        count_max: i64,
    ) -> Result<(Vec<Persona>, i64), StoreError> {
        let matching = |head: String| {
            let mut sql = Sql::new(self.dialect(), head);
            sql.bind(self.scope()).push(" AND deleted IS NULL");
            let place_of = if self.dialect() == Dialect::Sqlite { "instr" } else { "strpos" };
            for word in words.split_whitespace().take(SEARCH_WORDS_MAX) {
                sql.push(" AND ").push(place_of).push("(search, ").bind(word.to_lowercase()).push(") > 0");
            }
            sql
        };
        let mut page = matching(format!("SELECT {COLUMNS} FROM cairn_personas WHERE project = "));
        page.push(" ORDER BY created, user_id LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let found = self.rows(&page.text, &page.params, persona).await?;
        let mut count =
            matching("SELECT count(*) FROM (SELECT 1 FROM cairn_personas WHERE project = ".to_owned());
        count.push(" LIMIT ").bind(count_max).push(") AS counted");
        let total = self.row(&count.text, &count.params, |row| row.int(0)).await?.unwrap_or(0);
        Ok((found, total))
    }

    /// Write back a persona that was read in this transaction. Conflicts on [`PERSONAS_HANDLE_KEY`].
    pub async fn persona_update(&self, persona: &Persona) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_personas SET handle = ?3, last_name = ?4, bio = ?5, profile_image = ?6, banner_image = ?7, \
             deleted = ?8, search = ?9, updated = ?10 WHERE project = ?1 AND user_id = ?2",
            params![
                self.scope(),
                persona.user_id.as_str(),
                &persona.handle,
                &persona.last_name,
                &persona.bio,
                &persona.profile_image,
                &persona.banner_image,
                persona.deleted,
                search_text(persona),
                persona.updated,
            ],
        )
        .await
    }

    /// Add a sign-up. Conflicts where the address or the handle waits already.
    pub async fn signup_insert(&self, signup: &Signup) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_signups (project, email, id, handle, name, password_hash, expires, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.scope(),
                &signup.email,
                &signup.id,
                &signup.handle,
                &signup.name,
                &signup.password_hash,
                signup.expires,
                signup.created,
            ],
        )
        .await
    }

    /// The sign-up that waits for this address, which is in lower case.
    pub async fn signup_by_email(&self, email: &str) -> Result<Option<Signup>, StoreError> {
        let sql = format!("SELECT {SIGNUP_COLUMNS} FROM cairn_signups WHERE project = ?1 AND email = ?2");
        self.row(&sql, params![self.scope(), email], signup).await
    }

    /// The sign-up that keeps this handle.
    pub async fn signup_by_handle(&self, handle: &str) -> Result<Option<Signup>, StoreError> {
        let sql = format!("SELECT {SIGNUP_COLUMNS} FROM cairn_signups WHERE project = ?1 AND handle = ?2");
        self.row(&sql, params![self.scope(), handle], signup).await
    }

    /// Remove a sign-up; whether it was there.
    pub async fn signup_delete(&self, email: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_signups WHERE project = ?1 AND email = ?2";
        Ok(self.run(sql, params![self.scope(), email]).await? == 1)
    }

    /// Remove the sign-ups that ended before `at`.
    pub async fn signup_delete_expired(&self, at: Timestamp) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_signups WHERE project = ?1 AND expires <= ?2";
        self.run(sql, &[Param::Int(self.scope()), Param::from(at)]).await.map(drop)
    }
}
