//! What `cairn init` asks for and gets, as it crosses the socket.

use std::sync::Arc;

use cairn_core::App;
use cairn_core::setup::NewSetup;
use cairn_faults::Error;
use serde::{Deserialize, Serialize};

/// Bytes of a password that was not chosen.
const PASSWORD_BYTES: usize = 9;

/// What is to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// The administrator's address.
    pub email: String,
    /// The administrator's password; one is made where it is missing.
    pub password: Option<String>,
    /// The administrator's name.
    pub name: String,
    /// The organization's name.
    pub organization: String,
    /// The project's id; one is made where it is missing.
    pub project: Option<String>,
    /// The project's name.
    pub project_name: String,
}

/// What was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Made {
    /// Where the API is, as SDKs take it.
    pub endpoint: String,
    /// The administrator's address.
    pub email: String,
    /// The administrator's password, where it was made here.
    pub password: Option<String>,
    /// The organization's id.
    pub organization: String,
    /// The project's id.
    pub project: String,
    /// The key's secret.
    pub key: String,
}

/// Make what is wanted.
pub(crate) async fn make(app: &Arc<App>, wanted: Wanted, endpoint: &str) -> Result<Made, Error> {
    let password = wanted.password.clone().unwrap_or_else(|| app.ids.secret_hex(PASSWORD_BYTES));
    let new = NewSetup {
        email: wanted.email,
        password: password.clone(),
        name: wanted.name,
        organization: wanted.organization,
        project_id: wanted.project.unwrap_or_else(|| "unique()".to_owned()),
        project_name: wanted.project_name,
    };
    let made = cairn_core::setup::init(app, new).await?;
    Ok(Made {
        endpoint: endpoint.to_owned(),
        email: made.admin.email.unwrap_or_default(),
        password: (wanted.password.is_none() && !made.had_admin).then_some(password),
        organization: made.organization.to_string(),
        project: made.project.to_string(),
        key: made.key,
    })
}
