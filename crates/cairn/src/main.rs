//! The binary: `cairn serve` and what an operator does beside it.
//!
//! Exit codes: 0 done, 1 failed, 2 the command line or the settings cannot be used.

// `println!` panics when nobody reads on; `output` does not.
#![deny(clippy::print_stdout)]

mod allocator;
mod command;
mod config;
mod explain;
mod flags;
mod init;
mod output;
mod serve;
mod worker;

use std::process::ExitCode;

use cairn_server::StartError;
use command::Command;

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

/// The command line or the settings cannot be used.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let cli = command::parse();
    let outcome = match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => serve::run(&args),
        Command::Worker(args) => worker::run(&args),
        Command::Init(args) => init::run(args),
        Command::Config(args) => config::run(&args),
        Command::Explain(args) => explain::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) if output::is_nobody_reading(&error) => ExitCode::SUCCESS,
        Err(error) if error.is::<cairn_server::config::ConfigError>() => {
            eprintln!("{error}");
            ExitCode::from(UNUSABLE)
        }
        Err(error) => {
            eprintln!("{error:#}.");
            if let Some(next) = error.downcast_ref::<StartError>().and_then(StartError::next_step) {
                eprintln!("{next}");
            }
            ExitCode::FAILURE
        }
    }
}
