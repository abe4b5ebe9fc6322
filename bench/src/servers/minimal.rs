//! Starting the minimal server: this program again, as a process of its own.

use crate::endpoint::{Endpoint, Kind};
use crate::minimal::Reads;
use crate::servers::Prepared;
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// Answered 200 once it serves.
pub(crate) const HEALTH: &str = "/health";

/// The command that starts it.
pub(crate) fn command(data: &Path, address: SocketAddr, reads: Reads) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.arg("minimal").arg("--listen").arg(address.to_string()).arg("--data").arg(data);
    let reads = reads.to_possible_value().context("the mode has a name")?;
    command.arg("--reads").arg(reads.get_name());
    Ok(command)
}

/// It has one collection and no users.
pub(crate) fn prepare(projects: usize) -> Result<Prepared> {
    ensure!(projects == 1, "the minimal server has no projects");
    let endpoint = Endpoint {
        kind: Kind::Minimal,
        path: "/records".to_owned(),
        headers: String::new(),
        ids: Vec::new(),
    };
    Ok(Prepared { endpoints: vec![endpoint], sign_ins: Vec::new(), refused: Default::default() })
}
