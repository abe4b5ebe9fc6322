//! The project of a request, with what its owners have chosen.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ProjectId, is_project_id};
use cairn_model::platforms::Platform;
use cairn_model::projects::{Project, Settings};
use cairn_store::{Noun, ProjectRef, StoreError};

use crate::App;
use crate::cache::{Cache, CacheFigures};
use crate::cx::ProjectContext;

/// Projects whose settings are kept at once.
const PROJECTS_KEPT_MAX: u64 = 10_000;

/// Projects that requests have named.
pub(crate) struct Projects(Cache<Option<Arc<ProjectContext>>>);

impl Projects {
    /// What the cache tells about itself.
    pub(crate) fn figures(&self) -> CacheFigures {
        self.0.figures()
    }
}

impl Default for Projects {
    fn default() -> Self {
        Self(Cache::new(Noun::Project, PROJECTS_KEPT_MAX))
    }
}

/// The project called `id`.
///
/// # Errors
/// `project_unknown` when there is none, or its removal has begun.
pub async fn project(app: &App, id: &str) -> Result<Arc<ProjectContext>, Error> {
    // Clients make these names up; what can be nobody's is not worth a place in memory.
    let found = if is_project_id(id) {
        // Kept under the project's own name, where its settings and its registry row are counted.
        app.projects.0.get_named(&app.store, id, "", || load(app, id)).await?
    } else {
        None
    };
    found.ok_or_else(|| Fault::ProjectUnknown.with("project", id))
}

/// The organization that owns the project called `id`; `None` when there is no such project.
pub async fn owner_of(app: &App, id: &str) -> Result<Option<String>, Error> {
    match project(app, id).await {
        Ok(project) => Ok(project.registry.as_ref().map(|row| row.team_id.as_str().to_owned())),
        Err(error) if [Fault::ProjectNotFound, Fault::ProjectUnknown].contains(&error.fault()) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn load(app: &App, id: &str) -> Result<Option<Arc<ProjectContext>>, Error> {
    let console = ProjectRef::console();
    let (place, registry) = if id == ProjectRef::CONSOLE_ID {
        (console, None)
    } else {
        let wanted = ProjectId::from(id);
        let row: Option<Project> = app
            .store
            .read(&console, |tx| async move { tx.project_by_id(&wanted).await })
            .await
            .map_err(error)?;
        let Some(row) = row.filter(|row| !row.is_going) else { return Ok(None) };
        (ProjectRef::from(&row), Some(row))
    };
    let parts: Result<(Settings, Vec<Platform>), StoreError> = app
        .store
        .read(&place, |tx| async move { Ok((tx.settings().await?, tx.platform_list().await?)) })
        .await;
    let (settings, platforms) = parts.map_err(error)?;
    Ok(Some(Arc::new(ProjectContext { place, registry, settings, platforms })))
}

fn error(error: StoreError) -> Error {
    error.into()
}
