//! `cairn worker`: a process that delivers mails which servers hand to it.

use std::process::ExitCode;

use anyhow::Result;
use cairn_server::WorkerServer;
use cairn_std::Clock;

use crate::command::WorkerArgs;
use crate::{output, serve};

pub(crate) fn run(args: &WorkerArgs) -> Result<ExitCode> {
    let config = args.settings.0.read()?;
    WorkerServer::check(&config)?;
    cairn_server::logging::start(&config);
    serve::runtime(&config)?.block_on(async {
        let stop = serve::told_to_stop()?;
        let worker = WorkerServer::start(&config, Clock::system()).await?;
        // Nobody may be reading.
        let version = env!("CARGO_PKG_VERSION");
        let _ = output::print(&format!(
            "Cairn {version}, mail worker, listening on http://{}\n",
            worker.address()
        ));
        worker.run(stop).await;
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(ExitCode::SUCCESS)
}
