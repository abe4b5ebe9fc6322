//! What `cairn init` asks for and gets, as it crosses the socket.

use std::sync::Arc;

use cairn_core::App;
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
    /// Where the API is.
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

/// Make all of it, or nothing.
pub(crate) async fn make(app: &Arc<App>, wanted: Wanted, endpoint: &str) -> Result<Made, Error> {
    let made_password = wanted.password.is_none().then(|| app.ids.secret_hex(PASSWORD_BYTES));
    let _ = (wanted, endpoint, made_password);
    Err(cairn_faults::Fault::GeneralNotImplemented.error())
}
