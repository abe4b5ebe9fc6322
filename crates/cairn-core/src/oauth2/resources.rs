//! What a token's authorization details name: teams and the project, with `*` for all that its user can see.

use cairn_faults::{Error, Fault};
use cairn_model::ids::TeamId;
use cairn_model::oauth2::TokenFamily;
use cairn_store::{Page, Tx};
use serde_json::Value;

use super::{requests, server};
use crate::Cx;
use crate::cx::{ActingApp, ActingBy};

/// The type of entries about teams.
const ORGANIZATION: &str = "organization";
/// The type of entries about projects.
const PROJECT: &str = "project";
/// The member of an entry that lists ids.
const IDENTIFIERS: &str = "identifiers";
/// Stands for everything that the user can see.
const ALL: &str = "*";

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Part {
    /// How many at most.
    pub limit: usize,
    /// How many are passed over.
    pub offset: usize,
    /// What the id or the name has in it; empty for anything.
    pub search: String,
}

/// The ids of the teams that the token of this request names.
///
/// # Errors
/// `oauth2_invalid_token` for callers without a token.
pub async fn organizations(cx: &Cx, part: &Part) -> Result<Page<TeamId>, Error> {
    let family = acting(cx)?;
    let named = named(family, ORGANIZATION)?;
    let own: Vec<TeamId> = match cx.identity() {
        Some(identity) => {
            let confirmed = identity.memberships.iter().filter(|membership| membership.is_confirmed);
            confirmed.map(|membership| membership.team_id.clone()).collect()
        }
        None => installed(cx, family).await?,
    };
    let is_named = |id: &TeamId| named.iter().any(|name| name == ALL || name == id.as_str());
    let wanted: Vec<TeamId> = own.into_iter().filter(is_named).collect();
    let found = cx.store().read(cx.project_ref(), |tx| async move { names(&tx, wanted).await }).await?;
    Ok(page(found, part))
}

/// The ids of the projects that the token of this request names: this one or none.
///
/// # Errors
/// `oauth2_invalid_token` for callers without a token.
pub fn projects(cx: &Cx, part: &Part) -> Result<Page<String>, Error> {
    let named = named(acting(cx)?, PROJECT)?;
    let name = cx.project.registry.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let own = [(cx.project.id().to_owned(), name)];
    let is_named = |id: &str| named.iter().any(|name| name == ALL || name == id);
    Ok(page(own.into_iter().filter(|(id, _)| is_named(id)).collect(), part))
}

fn acting(cx: &Cx) -> Result<&TokenFamily, Error> {
    server(cx)?;
    match cx.application.as_deref() {
        Some(ActingApp { by: ActingBy::Token(family), .. }) => Ok(family),
        _ => Err(Fault::Oauth2InvalidToken.with("reason", "the request has none")),
    }
}

/// The ids that the entries of a type name.
fn named(family: &TokenFamily, kind: &str) -> Result<Vec<String>, Error> {
    let details = requests::checked_details(&family.details)?;
    let of_kind = details.iter().filter(|entry| entry["type"] == kind);
    let ids = of_kind.flat_map(|entry| entry[IDENTIFIERS].as_array().into_iter().flatten());
    Ok(ids.filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The team of an installation.
async fn installed(cx: &Cx, family: &TokenFamily) -> Result<Vec<TeamId>, Error> {
    let Some(id) = family.installation_id.clone() else { return Ok(Vec::new()) };
    let found: Result<_, Error> =
        cx.store().read(cx.project_ref(), |tx| async move { Ok(tx.installation_by_id(&id).await?) }).await;
    Ok(found?.into_iter().map(|installation| installation.team_id).collect())
}

async fn names(tx: &Tx, ids: Vec<TeamId>) -> Result<Vec<(TeamId, String)>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(team) = tx.team_by_id(&id).await? {
            found.push((id, team.name));
        }
    }
    Ok(found)
}

fn page<T: AsRef<str>>(all: Vec<(T, String)>, part: &Part) -> Page<T> {
    let wanted = part.search.to_lowercase();
    let has = |id: &T, name: &str| format!("{} {name}", id.as_ref()).to_lowercase().contains(&wanted);
    let matching: Vec<T> = all.into_iter().filter(|(id, name)| has(id, name)).map(|(id, _)| id).collect();
    let total = i64::try_from(matching.len()).unwrap_or(i64::MAX);
    Page { items: matching.into_iter().skip(part.offset).take(part.limit).collect(), total }
}
