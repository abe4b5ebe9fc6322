//! Making and removing projects, so that a crash at any point leaves a whole project or none.

use std::collections::HashSet;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ProjectId, TeamId, is_project_id};
use cairn_model::projects::{About, Project};
use cairn_store::{OnConflict as _, PROJECTS_ID_KEY, ProjectRef, StoreError, StoreErrorKind, Tx};

use super::{Detail, Overview, check_console, check_team, overview, registry};
use crate::{App, Cx};

/// A project to make.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Its id, or `unique()`.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// The organization that owns it.
    pub team_id: TeamId,
    /// The region whose database keeps it; empty for the one with the fewest projects.
    pub region: String,
}

/// Make a project.
///
/// # Errors
/// `team_not_found`, `project_region_unsupported`, `project_reserved_project`, `project_already_exists`.
pub async fn create(cx: &Cx, new: NewProject, detail: Detail) -> Result<Overview, Error> {
    check_console(cx)?;
    check_team(cx, &new.team_id).await?;
    if !new.region.is_empty() && !cx.store().regions().contains(&new.region) {
        return Err(Fault::ProjectRegionUnsupported.with("region", &new.region));
    }
    let id = ProjectId(cx.id_or_new(&new.id));
    if id.as_str() == ProjectRef::CONSOLE_ID {
        return Err(Fault::ProjectReservedProject.with("project", &id));
    }
    if !is_project_id(id.as_str()) {
        return Err(Error::invalid_param("/projectId", "It is no id of a project"));
    }
    // One at a time: two requests for the same id must not build the same storage.
    let _alone = cx.app.project_making.lock().await;
    let existing = row(&cx.app, &id).await?;
    if existing.is_some() {
        return Err(Fault::ProjectAlreadyExists.with("project", &id));
    }
    cx.store()
        .project_prepare(id.as_str())
        .await
        .on_conflict(PROJECTS_ID_KEY, Fault::ProjectAlreadyExists)?;
    let project = register(cx, &id, new).await;
    if project.is_err() && matches!(row(&cx.app, &id).await, Ok(None)) {
        // Nothing refers to the storage; when even this fails, the next start sets it aside.
        let _ = cx.store().project_discard(&ProjectRef::new(id.as_str(), 0)).await;
    }
    overview(&cx.app, project?, detail).await
}

async fn register(cx: &Cx, id: &ProjectId, new: NewProject) -> Result<Project, Error> {
    let now = cx.now();
    let regions = cx.store().regions();
    let project = Project {
        id: id.clone(),
        number: 0,
        seq: cx.next_seq(),
        team_id: new.team_id,
        name: new.name,
        region: new.region,
        labels: Vec::new(),
        is_going: false,
        about: About::default(),
        pinged_at: None,
        accessed_at: Some(now),
        created: now,
        updated: now,
    };
    cx.store()
        .write(&ProjectRef::console(), move |tx| async move {
            // The organization may have gone since it was looked for.
            if !tx.team_is_there(&project.team_id).await? {
                return Err(Fault::TeamNotFound.with("team", &project.team_id));
            }
            let region = match project.region.as_str() {
                "" => emptiest(&tx, regions).await?,
                chosen => chosen.to_owned(),
            };
            let project = Project { number: tx.counter_next("projects").await?, region, ..project };
            tx.project_insert(&project).await.on_conflict(PROJECTS_ID_KEY, Fault::ProjectAlreadyExists)?;
            Ok(project)
        })
        .await
}

/// The region with the fewest projects, the first of several.
async fn emptiest(tx: &Tx, regions: Vec<String>) -> Result<String, StoreError> {
    let counts = tx.project_regions().await?;
    let count = |region: &String| {
        counts.iter().find(|(counted, _)| counted == region).map_or(0, |(_, projects)| *projects)
    };
    let found = regions.into_iter().min_by_key(count);
    found.ok_or_else(|| StoreError::new(StoreErrorKind::NoRegion))
}

async fn row(app: &App, id: &ProjectId) -> Result<Option<Project>, Error> {
    let wanted = id.clone();
    let found: Result<_, StoreError> =
        app.store.read(&ProjectRef::console(), |tx| async move { tx.project_by_id(&wanted).await }).await;
    Ok(found?)
}

/// Remove the request's project with all that it holds.
pub async fn delete(cx: &Cx) -> Result<(), Error> {
    let (id, now) = (registry(cx)?.id.clone(), cx.now());
    let project: Project = cx
        .store()
        .write(&ProjectRef::console(), move |tx| async move {
            let found = tx.project_by_id(&id).await?.filter(|found| !found.is_going);
            let mut project = found.ok_or_else(|| Fault::ProjectNotFound.with("project", &id))?;
            project.is_going = true;
            project.updated = now;
            tx.project_update(&project).await?;
            Ok::<_, Error>(project)
        })
        .await?;
    let _alone = cx.app.project_making.lock().await;
    finish(&cx.app, &project).await
}

/// Remove projects that are marked as going, as when their organization goes.
pub(crate) async fn finish_all(cx: &Cx, going: &[Project]) -> Result<(), Error> {
    let _alone = cx.app.project_making.lock().await;
    for project in going {
        finish(&cx.app, project).await?;
    }
    Ok(())
}

/// Remove a project that is marked as going, unless somebody else did meanwhile.
async fn finish(app: &App, project: &Project) -> Result<(), Error> {
    if row(app, &project.id).await?.is_none_or(|row| row.number != project.number) {
        return Ok(());
    }
    app.store.project_discard(&ProjectRef::from(project)).await?;
    let id = project.id.clone();
    let removed: Result<(), StoreError> =
        app.store.write(&ProjectRef::console(), move |tx| async move { tx.project_delete(&id).await }).await;
    Ok(removed?)
}

/// Finish removals and undo half-made projects that a crash left behind; at start-up, before anything is served.
pub async fn tidy(app: &App) -> Result<(), Error> {
    let console = ProjectRef::console();
    let going: Result<Vec<Project>, StoreError> =
        app.store.read(&console, |tx| async move { tx.project_list_going().await }).await;
    for project in going? {
        match finish(app, &project).await {
            // Its region comes back, or it never does: the others are served either way.
            Err(error) if error.fault() == Fault::ProjectUnavailable => {
                tracing::error!(project = %project.id, region = project.region, "a removal waits for its region");
            }
            outcome => outcome?,
        }
    }
    let regions = app.store.regions();
    let counts: Result<_, StoreError> =
        app.store.read(&console, |tx| async move { tx.project_regions().await }).await;
    for (region, projects) in counts?.into_iter().filter(|(region, _)| !regions.contains(region)) {
        tracing::error!(region, projects, "projects are in a region that no database is configured for");
    }
    let ids: Result<Vec<String>, StoreError> =
        app.store.read(&console, |tx| async move { tx.project_ids().await }).await;
    let registered: HashSet<Arc<str>> = ids?.into_iter().map(Arc::from).collect();
    Ok(app.store.projects_tidy(&registered)?)
}
