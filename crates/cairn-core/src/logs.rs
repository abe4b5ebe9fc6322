//! The log of what people did in a project: [`note`] is the one way in.
//!
//! Entries wait in memory and are written a group at a time, by the clock and before anybody reads the log, so that no
//! request waits for its entry. A crash loses the entries of the last seconds and no more; an entry never exists for
//! what did not happen, because it is noted after the commit. Entries go when they are older than the server keeps
//! them, a bounded number with every group.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cairn_faults::Error;
use cairn_model::ids::{TeamId, UserId};
use cairn_model::logs::{LOG_USER_AGENT_CHARS_MAX, Log, LogActor};
use cairn_model::transactions::Work;
use cairn_query::{NounFields, Query, build};
use cairn_std::tasks::Stop;
use cairn_store::{
    Counting, LogPage, LogScope, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, Page, ProjectRef, StoreError, Table,
};

use crate::collections;
use crate::listing::{ListRequest, query_error};
use crate::schemas::Place;
use crate::{Actor, App, Cx, accounts, databases, documents, teams, users};

#[cfg(test)]
mod tests;

/// Entries that wait to be written at most; more are dropped and counted.
const WAITING_MAX: usize = 20_000;
/// How often they are written.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// Entries that one transaction writes at most: others wait for it.
const GROUP_MAX: usize = 200;
/// Entries of what applications do all the time that wait at most in one project: more of a burst are left out, so
/// that a busy project has a log for people and writes no second copy of its traffic.
const FREQUENT_MAX: usize = 100;
/// Entries that go with one group at most; more than come, so that the log shrinks to its bound.
const DELETED_PER_GROUP_MAX: i64 = 400;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The event: `user.update`, `document.create`.
    pub event: String,
    /// What it happened to: `user/ID`, `database/ID/collection/ID`.
    pub resource: String,
    /// The user whom it is about; empty for nobody.
    pub subject: String,
    /// Whether applications do it all the time: of a burst a part is kept.
    pub is_frequent: bool,
}

/// Entries that wait to be written.
#[derive(Default)]
pub(crate) struct Logs {
    waiting: Mutex<Waiting>,
    /// Held while entries are written: who reads the log waits for those that somebody else took.
    writing: tokio::sync::Mutex<()>,
}

/// Entries by project, and how many there are.
#[derive(Default)]
struct Waiting {
    count: usize,
    by_project: HashMap<ProjectRef, Noted>,
}

/// The entries of a project, and how many of them are of what applications do all the time.
#[derive(Default)]
struct Noted {
    logs: Vec<Log>,
    frequent: usize,
}

impl Logs {
    /// How many entries wait to be written.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    fn add(&self, project: &ProjectRef, log: Log, is_frequent: bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.count >= WAITING_MAX {
            tracing::warn!(project = %project.id, event = %log.event, "an entry of the log is dropped: too many wait");
            return;
        }
        waiting.count += 1;
        let noted = waiting.by_project.entry(project.clone()).or_default();
        noted.frequent += usize::from(is_frequent);
        noted.logs.push(log);
    }

    fn has_room(&self, project: &ProjectRef) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.by_project.get(project).is_none_or(|noted| noted.frequent < FREQUENT_MAX)
    }

    fn take(&self, only: Option<&ProjectRef>) -> HashMap<ProjectRef, Noted> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = match only {
            None => std::mem::take(&mut waiting.by_project),
            Some(project) => waiting.by_project.remove_entry(project).into_iter().collect(),
        };
        waiting.count = waiting.count.saturating_sub(taken.values().map(|noted| noted.logs.len()).sum());
        taken
    }
}

/// Note that the caller of `cx` did something.
pub fn note(cx: &Cx, entry: Entry) {
    let is_frequent = entry.is_frequent;
    if is_frequent && !has_room(cx) {
        return;
    }
    cx.app.logs.add(cx.project_ref(), log(cx, entry), is_frequent);
}

/// Whether there is room for an entry of what applications do all the time.
pub fn has_room(cx: &Cx) -> bool {
    cx.app.logs.has_room(cx.project_ref())
}

fn log(cx: &Cx, entry: Entry) -> Log {
    let (actor, mode) = match &cx.actor {
        Actor::User(_) => (LogActor::User, "default"),
        Actor::Admin(_) => (LogActor::Admin, "admin"),
        Actor::Key(_) => (LogActor::Key, "default"),
        Actor::Guest => (LogActor::Guest, "default"),
    };
    // Whoever acts as another answers for it.
    let identity = cx.identity().map(|identity| identity.impersonator.as_ref().unwrap_or(identity));
    let user = identity.map(|identity| &identity.user);
    let actor_name = match (&cx.actor, user) {
        (_, Some(user)) => user.name.clone(),
        (Actor::Key(key), None) => key.name.clone(),
        _ => "Guest".to_owned(),
    };
    Log {
        seq: cx.next_seq(),
        event: entry.event,
        resource: entry.resource,
        subject_id: UserId::from(entry.subject),
        actor_id: user.map_or_else(|| UserId::from(""), |user| user.id.clone()),
        actor,
        actor_email: user.and_then(|user| user.email.clone()).unwrap_or_default(),
        actor_name,
        mode: mode.to_owned(),
        ip: cx.request.ip.to_string(),
        country: cx.app.options.geo.country(cx.request.ip).unwrap_or_default(),
        user_agent: cx.request.user_agent.chars().take(LOG_USER_AGENT_CHARS_MAX).collect(),
        created: cx.now(),
    }
}

/// A page of the entries about the caller, the newest first.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Log>, Error> {
    let id = accounts::own(cx)?.id.clone();
    read(cx, LogScope::User(id), request).await
}

/// A page of the entries about a user, as an administrator sees them.
pub async fn list_of_user(cx: &Cx, id: &UserId, request: &ListRequest) -> Result<Page<Log>, Error> {
    users::get(cx, id).await?;
    users::admit(cx)?;
    read(cx, LogScope::User(id.clone()), request).await
}

/// A page of the entries about a team, for its owners, keys and admins: they tell addresses of others.
pub async fn list_of_team(cx: &Cx, id: &TeamId, request: &ListRequest) -> Result<Page<Log>, Error> {
    teams::get(cx, id).await?;
    teams::require_owner(cx, id)?;
    read(cx, LogScope::Resource(format!("team/{id}")), request).await
}

/// A page of the entries about a database itself, for keys and admins.
pub async fn list_of_database(cx: &Cx, id: &str, request: &ListRequest) -> Result<Page<Log>, Error> {
    users::admit(cx)?;
    let database = databases::get(cx, id).await?;
    read(cx, LogScope::Resource(format!("database/{}", database.id)), request).await
}

/// A page of the entries about a collection, its schema and the making of its documents, for keys and admins.
pub async fn list_of_collection(cx: &Cx, place: &Place, request: &ListRequest) -> Result<Page<Log>, Error> {
    users::admit(cx)?;
    collections::get(cx, place.clone()).await?;
    read(cx, LogScope::Resource(resource(place)), request).await
}

/// A page of the entries about a document, for keys and admins: they tell addresses of others.
pub async fn list_of_document(
    cx: &Cx,
    place: &Place,
    id: &str,
    request: &ListRequest,
) -> Result<Page<Log>, Error> {
    users::admit(cx)?;
    documents::get(cx, place, id).await?;
    read(cx, LogScope::Resource(format!("{}/document/{id}", resource(place))), request).await
}

/// What the log says of a change of documents that a commit carried out; requests that change them at once are told of by
/// their routes, in the same words.
pub(crate) fn of_commit(cx: &Cx, table: &Table, work: &Work) -> Entry {
    let (event, document) = match work {
        Work::Create(_) | Work::CreateMany(_) => ("document.create", None),
        Work::Update(new) => ("document.update", Some(&new.id)),
        Work::Upsert(new) => ("document.upsert", Some(&new.id)),
        Work::Step(id, _) => ("document.update", Some(id)),
        Work::Delete(id) => ("document.delete", Some(id)),
        Work::UpsertMany(_) => ("documents.upsert", None),
        Work::UpdateMany { .. } => ("documents.update", None),
        Work::DeleteMany { .. } => ("documents.delete", None),
    };
    let place = Place { database: table.database_id.clone(), collection: table.id.clone() };
    let collection = resource(&place);
    Entry {
        event: event.to_owned(),
        resource: document.map_or_else(|| collection.clone(), |id| format!("{collection}/document/{id}")),
        subject: cx.user_id().map(ToString::to_string).unwrap_or_default(),
        is_frequent: true,
    }
}

/// What the log calls a collection, in whichever words it was changed.
fn resource(place: &Place) -> String {
    format!("database/{}/collection/{}", place.database, place.collection)
}

/// A page of what the scope holds, those entries included that still wait.
///
/// # Errors
/// `general_argument_invalid` for queries other than of limit and offset.
pub async fn read(cx: &Cx, scope: LogScope, request: &ListRequest) -> Result<Page<Log>, Error> {
    let page = page(request)?;
    write_waiting(&cx.app, Some(cx.project_ref())).await;
    cx.store().read_long(cx.project_ref(), |tx| async move { Ok(tx.log_list(&scope, page).await?) }).await
}

fn page(request: &ListRequest) -> Result<LogPage, Error> {
    let query = build(&request.queries, &NounFields(&[]), request.limits).map_err(query_error)?;
    if query != (Query { limit: query.limit, offset: query.offset, ..Query::default() }) {
        return Err(Error::invalid_param("queries", "only limit and offset are allowed here"));
    }
    let clamp = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    Ok(LogPage {
        limit: clamp(query.limit.unwrap_or(PAGE_ROWS_DEFAULT).min(PAGE_ROWS_MAX)),
        offset: clamp(query.offset),
        counting: if request.counts_total { Counting::Total } else { Counting::Skipped },
    })
}

/// Write what was noted, every few seconds until the server stops; what comes after that is for [`write()`].
pub async fn write_regularly(app: Arc<App>, stop: Stop) {
    let app = &app;
    stop.regularly(WRITE_EVERY, || write(app)).await;
}

/// Write what was noted until now.
pub async fn write(app: &App) {
    write_waiting(app, None).await;
}

async fn write_waiting(app: &App, only: Option<&ProjectRef>) {
    let _turn = app.logs.writing.lock().await;
    for (project, noted) in app.logs.take(only) {
        write_all(app, &project, noted.logs).await;
    }
}

async fn write_all(app: &App, project: &ProjectRef, logs: Vec<Log>) {
    let options = &app.options.logs;
    let seconds = if project.is_console() { options.console_seconds } else { options.seconds };
    let until = app.clock.now().plus_seconds(-seconds);
    for group in logs.chunks(GROUP_MAX) {
        let group: Arc<[Log]> = group.into();
        let written: Result<(), StoreError> = app
            .store
            .write(project, move |tx| async move {
                for log in group.iter() {
                    tx.log_insert(log).await?;
                }
                tx.log_delete_before(until, DELETED_PER_GROUP_MAX).await?;
                Ok(())
            })
            .await;
        if let Err(error) = written {
            tracing::warn!(project = %project.id, %error, "entries of the log could not be written and are lost");
        }
    }
}
