//! The command line as data.

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::flags::{Settings, WorkerSettings};

/// A complete application backend in one process: accounts, teams and databases behind the Appwrite REST API.
///
/// Without a command it serves: on http://127.0.0.1:8080, with its data in ./cairn-data, and nothing to configure. The
/// flags of `cairn serve` may be given without it.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

/// The command line of this process; ends the process with its help or with what is wrong.
pub(crate) fn parse() -> Cli {
    // Every command's help lists its own flags; the first page lists the commands.
    let mut command = Cli::command().mut_args(|flag| match flag.get_id().as_str() {
        "help" | "version" => flag,
        _ => flag.hide(true),
    });
    let matches = command.get_matches_mut();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
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
    /// Deliver mails that servers hand over, in a process of its own
    ///
    /// A server with `worker_url` sends no mail itself: it hands each one to the worker over HTTP and waits for what became
    /// of it. The worker sends by its own mail server (`smtp_*`), or by the one of the project that the mail comes with;
    /// the password of the former then need not be where requests from everywhere are answered.
    ///
    /// Server and worker know each other by one secret, the same in both: CAIRN_WORKER_SECRET, or `worker_secret` in
    /// cairn.toml. It never travels. What does travel are mails with links that work: leave the worker on loopback, or
    /// put something that speaks https in front of it.
    ///
    /// Prints the address that it listens on. `GET /healthz` answers 200 while it does. On SIGINT or SIGTERM it finishes
    /// the mails that it took and ends with 0.
    ///
    ///     CAIRN_WORKER_SECRET=... CAIRN_SMTP_HOST=mail.example.com cairn worker
    ///     CAIRN_WORKER_SECRET=... CAIRN_WORKER_URL=http://127.0.0.1:8025 cairn
    #[command(verbatim_doc_comment)]
    Worker(WorkerArgs),
    /// Make an administrator, an organization, a project and a key for it, in one step
    ///
    /// Prints the lines that connect an SDK to the project. Works beside a running server, and without one. The key
    /// has every scope and no end: it is for servers, and is shown once.
    Init(InitArgs),
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
pub(crate) struct WorkerArgs {
    #[command(flatten)]
    pub(crate) settings: WorkerSettings,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// E-mail address of the administrator
    #[arg(long, default_value = "admin@example.com")]
    pub(crate) email: String,
    /// Password of the administrator; one is made and printed where it is not given
    ///
    /// A command line is visible to the whole machine: where others use it, change the password afterwards.
    #[arg(long)]
    pub(crate) password: Option<String>,
    /// Name of the administrator
    #[arg(long, default_value = "Administrator")]
    pub(crate) name: String,
    /// Name of the organization
    #[arg(long, default_value = "My organization")]
    pub(crate) organization: String,
    /// Id of the project; one is made where it is not given
    #[arg(long, value_name = "ID")]
    pub(crate) project: Option<String>,
    /// Name of the project
    #[arg(long, default_value = "My project")]
    pub(crate) project_name: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
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
