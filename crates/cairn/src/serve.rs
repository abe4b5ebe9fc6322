//! `cairn serve`: from settings to a server, and from a signal to its end.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cairn_server::Server;
use cairn_server::config::{Auto, Config};
use cairn_std::{Clock, Rng};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::command::ServeArgs;
use crate::output;

pub(crate) fn run(args: &ServeArgs) -> Result<ExitCode> {
    let config = args.settings.read()?;
    cairn_server::logging::start(&config);
    runtime(&config)?.block_on(async {
        // Taken before anything is opened: a signal that comes early stops the server in order, too.
        let stop = told_to_stop()?;
        let server = Server::start(config, Clock::system(), Rng::system()).await?;
        announce(&server);
        server.run(stop).await;
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The threads that the settings ask for.
pub(crate) fn runtime(config: &Config) -> Result<Runtime> {
    let mut runtime = Builder::new_multi_thread();
    if let Auto::Set(threads) = config.worker_threads {
        runtime.worker_threads(threads.0);
    }
    runtime.enable_all().build().context("The threads of the server cannot be started")
}

/// Resolves with the first signal that tells this process to stop; signals count from the call on.
pub(crate) fn told_to_stop() -> Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("The system's signals cannot be listened for");
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// For people and for programs that wait for the address. On standard output and in no log: the code is a secret.
fn announce(server: &Server) {
    let mut lines = format!("Cairn {} listening on http://{}\n", env!("CARGO_PKG_VERSION"), server.address());
    if let Some(code) = server.setup_code() {
        lines.push_str(
            "There is no administrator yet. Make one with `cairn init`, or sign up to the console\n",
        );
        let _ = writeln!(lines, "with this one-time code (X-Cairn-Setup-Code): {code}");
    }
    // Nobody may be reading.
    let _ = output::print(&lines);
}
