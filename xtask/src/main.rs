//! `cargo xtask`: the project's own commands, as ordinary code.
//!
//! What continuous integration runs is [`suite`], the same command that a contributor runs.

mod generate;
mod needs;
mod sdk;
mod shell;
mod suite;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands for working on Cairn. `cargo xtask test` is the one to know: what it passes, everyone accepts.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what the tests need and run all of them.
    ///
    /// On Debian and as root, missing packages (PostgreSQL, Chromium, Node) are installed through apt; otherwise
    /// the command says what to install. Then it runs formatting, lints, documentation, project rules, generated
    /// files, dependency rules, every test of the workspace, the release build and the SDK suites. It stops at the
    /// first step that fails; the last line counts the tests: `N passed, N failed`.
    Test(suite::TestArgs),
    /// Check the project rules that no compiler knows: layers, file sizes, drivers, clocks in SQL, links.
    ///
    /// Each finding names file, line, and rule; the rules are functions in xtask/src/tidy/.
    Tidy,
    /// Write the files that are made from code: the error pages, the settings table, the route lists.
    ///
    /// They are committed, so that a change of code shows its effect in review.
    Generate {
        /// Write nothing; fail where a file on disk differs from what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Measure Cairn beside a minimal server and peers, on this machine.
    ///
    /// Builds in release mode. Arguments after `--` go to the load generator; `cargo xtask bench -- --help` lists them.
    Bench {
        /// Arguments of the load generator.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Run the suites of the official SDKs against a freshly started server.
    ///
    /// Builds the server in release mode, starts it on a free port with an empty data directory, and runs
    /// tests/sdk/suites/*.test.mjs under Node.
    SdkTest(sdk::SdkArgs),
}

fn main() -> ExitCode {
    let root = root();
    let done = match Cli::parse().command {
        Command::Test(args) => suite::run(&root, &args),
        Command::Tidy => tidy::run(&root).map(success),
        Command::Generate { check: true } => generate::check(&root).map(success),
        Command::Generate { check: false } => generate::write(&root).map(success),
        Command::Bench { args } => bench(&root, &args).map(success),
        Command::SdkTest(args) => sdk::run(&root, &args).map(|counts| {
            println!("{counts}");
            ExitCode::SUCCESS
        }),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn success((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

fn bench(root: &Path, args: &[String]) -> anyhow::Result<()> {
    shell::Run::new(root, "cargo", ["build", "--release", "--locked"]).check()?;
    let run = shell::Run::new(root, "cargo", ["run", "--release", "--locked", "-p", "cairn-bench", "--"]);
    run.args(args).check()
}

/// The workspace's directory: the parent of this crate's.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("xtask lies in the workspace").to_path_buf()
}
