//! What an operator does beside the API, also while the server runs: one JSON line in, one out, over a socket in the
//! data directory that only its owner can open.
//!
//! Whoever can write to that directory owns the data anyway, so that nobody is asked who they are.

use std::io::{self, BufRead as _, BufReader as StdBufReader, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cairn_core::App;
use cairn_std::tasks::Stop;
use cairn_std::{Clock, Rng};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::StartError;
use crate::config::Config;
use crate::setup;
use crate::start;

/// The socket's name in the data directory.
const SOCKET: &str = "admin.sock";
/// Bytes of a command at most.
const COMMAND_BYTES_MAX: u64 = 64 * 1024;
/// A command that is not sent within this time is none.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);

/// What an operator wants.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    /// Make an administrator, an organization, a project and a key.
    Init(setup::Wanted),
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Reply {
    /// What `Init` made.
    Made(setup::Made),
    /// Why nothing was done, as a sentence.
    Refused {
        /// The sentence.
        why: String,
        /// The fault's id, for `cairn explain`.
        fault: String,
    },
}

/// Send the command to the server that runs on this data directory, or do it here when none does.
///
/// # Errors
/// When neither is possible.
pub async fn run(config: &Config, command: &Command) -> Result<Reply, StartError> {
    let path = config.data.join(SOCKET);
    if let Ok(stream) = StdUnixStream::connect(&path) {
        let what = "The running server does not answer";
        return ask(stream, command).map_err(|error| StartError::caused(what, error));
    }
    let app = start::open(config, Clock::system(), Rng::system()).await?;
    let reply = answer(&app, command.clone(), &endpoint(config.listen)).await;
    app.tasks.shutdown().await;
    Ok(reply)
}

/// How an SDK on this machine reaches a server that listens on `address`.
pub(crate) fn endpoint(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        return format!("http://localhost:{}/v1", address.port());
    }
    format!("http://{address}/v1")
}

fn ask(mut stream: StdUnixStream, command: &Command) -> io::Result<Reply> {
    let mut line = serde_json::to_string(command)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    StdBufReader::new(stream).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

async fn answer(app: &Arc<App>, command: Command, endpoint: &str) -> Reply {
    let outcome = match command {
        Command::Init(wanted) => setup::make(app, wanted, endpoint).await.map(Reply::Made),
    };
    outcome.unwrap_or_else(|error| {
        tracing::info!(fault = error.fault().id(), cause = error.private_text(), "a command was refused");
        Reply::Refused { why: error.to_string(), fault: error.fault().id().to_owned() }
    })
}

/// A running server's socket; its file goes with it.
pub(crate) struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Make the socket in the data directory. One that cannot be made costs the commands, not the server.
    pub(crate) fn bind(dir: &Path) -> Option<Self> {
        let path = dir.join(SOCKET);
        match bind(&path) {
            Ok(listener) => Some(Self { listener, path }),
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "commands beside the running server are not possible");
                None
            }
        }
    }

    /// Answer commands, one after the other, until the server stops.
    pub(crate) async fn serve(self, app: Arc<App>, endpoint: String, stop: Stop) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = stop.requested() => return,
            };
            let Ok((stream, _)) = accepted else { continue };
            if let Err(error) = converse(stream, &app, &endpoint).await {
                tracing::info!(%error, "a command was not understood");
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Bound under another name, closed to others, and renamed: at no moment can anybody else connect.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let unfinished = path.with_extension("new");
    let _ = std::fs::remove_file(&unfinished);
    let listener = UnixListener::bind(&unfinished)?;
    std::fs::set_permissions(&unfinished, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&unfinished, path)?;
    Ok(listener)
}

async fn converse(mut stream: UnixStream, app: &Arc<App>, endpoint: &str) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(COMMAND_BYTES_MAX));
    tokio::time::timeout(COMMAND_TIMEOUT, reader.read_line(&mut line)).await??;
    let command: Command = serde_json::from_str(&line)?;
    let mut reply = serde_json::to_string(&answer(app, command, endpoint).await)?;
    reply.push('\n');
    writer.write_all(reply.as_bytes()).await
}
