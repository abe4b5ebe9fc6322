//! The command line as data.

use clap::{Args, Parser, Subcommand};

use crate::flags::Settings;

/// A complete application backend in one process: accounts, teams and databases behind the Appwrite REST API.
///
/// Without a command it serves: on http://127.0.0.1:8080, with its data in ./cairn-data, and nothing to configure.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve until told to stop (the default command)
    ///
    /// Prints the address that it listens on, and as long as nobody has signed up to the console, the one-time code
    /// that the first sign-up takes. On SIGINT or SIGTERM it answers what it accepted, closes the store and ends
    /// with 0.
    ///
    /// Settings come from defaults, then cairn.toml, then the environment (CAIRN_*, and the _APP_* names that
    /// Appwrite documents), then these flags; the later wins.
    Serve(ServeArgs),
    /// Print the settings that a start would use
    ///
    /// One line per setting, as cairn.toml would have it; secrets are not shown. Ends with 2 when a start would
    /// refuse the settings.
    Config(ServeArgs),
    /// Say what an error code means, in any of the contracts
    ///
    /// Takes a code as a client sees it: `user_blocked`, `user:banned`, `603`. Where a number means different things
    /// in different contracts, `everlive:603` or `discord:50035` asks one of them.
    Explain(ExplainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code
    pub(crate) code: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
