//! `cairn init`: from an empty store to the lines that an SDK wants.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cairn_server::admin::{self, Command, Reply};
use cairn_server::setup::{Made, Wanted};
use tokio::runtime::Builder;

use crate::command::InitArgs;
use crate::output;

pub(crate) fn run(args: InitArgs) -> Result<ExitCode> {
    let config = args.settings.read()?;
    let command = Command::Init(Wanted {
        email: args.email,
        password: args.password,
        name: args.name,
        organization: args.organization,
        project: args.project,
        project_name: args.project_name,
    });
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.context("The threads of the command cannot be started")?;
    match runtime.block_on(admin::run(&config, &command))? {
        Reply::Made(made) if args.json => {
            output::print(&format!("{}\n", serde_json::to_string_pretty(&made)?))?;
        }
        Reply::Made(made) => output::print(&lines(&made))?,
        Reply::Refused { why, fault } => {
            eprintln!("Nothing was made: {why}\n`cairn explain {fault}` says more.");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// For people: what to note down, and what to paste.
fn lines(made: &Made) -> String {
    let password = made
        .password
        .as_ref()
        .map_or_else(String::new, |password| format!("Password:       {password} (shown once)\n"));
    format!(
        "Administrator:  {}\n{password}Organization:   {}\nProject:        {}\n\n\
         Connect an SDK with these lines; the key is shown once and may do anything in the project:\n\n  \
         .setEndpoint('{}')\n  .setProject('{}')\n  .setKey('{}')\n",
        made.email, made.organization, made.project, made.endpoint, made.project, made.key
    )
}
