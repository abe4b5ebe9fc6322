//! `cargo xtask test`: every check there is, in the order in which a failure is found soonest.
//!
//! INVARIANT: all steps use one target directory and the same compiler flags, or each would compile the
//! dependencies anew and the whole would not fit its time budget (45 minutes on two cores).

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::shell::{Counts, Run, timed};
use crate::{generate, needs, sdk, tidy};

/// What a contributor may leave out while working; continuous integration leaves out nothing.
#[derive(Args)]
pub(crate) struct TestArgs {
    /// Run only the steps whose name contains this text, for example `--only clippy`.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// List the steps and stop.
    #[arg(long)]
    list: bool,
    /// Run the tests of random input alone, each for so many seconds on each engine, on other input than last time.
    ///
    /// A failure names its seed; `CAIRN_TEST_SEED` repeats that one.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "600")]
    long: Option<u64>,
}

/// The tests of random input, which take their seeds from `cairn_testkit::seeds`.
const RANDOM: &[&str] = &[
    "lists_answer_as_the_evaluator_says_on_both_engines",
    "hidden_documents_tell_nothing",
    "interleaved_transactions_do_what_a_map_does",
    "random_graphs_are_as_the_model_has_them",
];

/// One step: a name to select it by, and its work, which adds to the counted tests.
struct Step {
    name: &'static str,
    work: fn(&Path, &mut Counts) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "system packages", work: |_, _| needs::system_packages() },
    Step { name: "npm packages", work: |root, _| needs::npm_packages(root) },
    Step { name: "formatting", work: |root, _| cargo(root, &["fmt", "--all", "--check"]) },
    Step { name: "tidy", work: |root, _| tidy::run(root) },
    Step { name: "generated files", work: |root, _| generate::check(root) },
    Step { name: "dependency rules", work: |root, _| dependency_rules(root) },
    Step { name: "clippy", work: |root, _| clippy(root) },
    Step { name: "documentation", work: |root, _| documentation(root) },
    Step { name: "workspace tests", work: workspace_tests },
    Step { name: "release build", work: |root, _| cargo(root, &["build", "--release", "--locked"]) },
    Step { name: "sdk suites", work: sdk_suites },
];

/// Run the steps, print how long each took, and end with the counted tests alone on a line.
///
/// A step that fails without a failed test (a lint, a build) counts as one failure, so that no failed run ends
/// with `0 failed`.
pub(crate) fn run(root: &Path, args: &TestArgs) -> Result<ExitCode> {
    if let Some(seconds) = args.long {
        return run_long(root, seconds);
    }
    let is_chosen = |step: &&Step| args.only.as_ref().is_none_or(|text| step.name.contains(text.as_str()));
    let steps: Vec<&Step> = STEPS.iter().filter(is_chosen).collect();
    if steps.is_empty() {
        bail!("no step is named like that; `cargo xtask test --list` names them");
    }
    if args.list {
        for step in steps {
            println!("{}", step.name);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut counts = Counts::default();
    let mut times = Vec::new();
    let (done, total) = timed(|| run_steps(root, &steps, &mut counts, &mut times));
    println!();
    for (name, time) in &times {
        println!("{:>7.1} s  {name}", time.as_secs_f64());
    }
    println!("{:>7.1} s  in all", total.as_secs_f64());
    if let Err(error) = &done {
        println!("FAILED: {error:#}");
        counts.failed = counts.failed.max(1);
    }
    println!("{counts}");
    Ok(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_long(root: &Path, seconds: u64) -> Result<ExitCode> {
    needs::system_packages()?;
    let packages =
        ["test", "-p", "cairn-store", "-p", "cairn-core", "--locked", "--no-fail-fast", "--tests", "--"];
    let run = Run::new(root, "cargo", packages).args(RANDOM).env("CAIRN_TEST_SECONDS", seconds.to_string());
    let mut counts = Counts::default();
    let done = judge(run, &mut counts);
    println!("{counts}");
    done.map(|()| ExitCode::SUCCESS)
}

fn run_steps(
    root: &Path,
    steps: &[&Step],
    counts: &mut Counts,
    times: &mut Vec<(&'static str, Duration)>,
) -> Result<()> {
    for (index, step) in steps.iter().enumerate() {
        println!("\n[{}/{}] {}", index + 1, steps.len(), step.name);
        let (done, time) = timed(|| (step.work)(root, counts));
        times.push((step.name, time));
        done.with_context(|| format!("step `{}`", step.name))?;
    }
    Ok(())
}

fn cargo(root: &Path, args: &[&str]) -> Result<()> {
    Run::new(root, "cargo", args).check()
}

fn clippy(root: &Path) -> Result<()> {
    cargo(root, &["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"])
}

fn documentation(root: &Path) -> Result<()> {
    let run = Run::new(root, "cargo", ["doc", "--no-deps", "--workspace", "--locked", "--quiet"]);
    run.env("RUSTDOCFLAGS", "-D warnings").check()
}

/// Licences, sources and who may name which crate (deny.toml). Advisories need a download and are left out.
fn dependency_rules(root: &Path) -> Result<()> {
    let deny = needs::cargo_deny(root)?;
    let deny = deny.to_str().context("the workspace's path is not UTF-8")?;
    Run::new(root, deny, ["--locked", "check", "licenses", "bans", "sources"]).check()
}

fn workspace_tests(root: &Path, counts: &mut Counts) -> Result<()> {
    let run = Run::new(root, "cargo", ["test", "--workspace", "--locked", "--no-fail-fast"]);
    judge(run, counts)
}

fn sdk_suites(root: &Path, counts: &mut Counts) -> Result<()> {
    *counts = *counts + sdk::run(root, &sdk::SdkArgs::default())?;
    Ok(())
}

fn judge(run: Run, counts: &mut Counts) -> Result<()> {
    let (found, is_success) = run.count()?;
    *counts = *counts + found;
    if !is_success {
        bail!("{} tests failed (a count of 0 means that they did not build)", found.failed);
    }
    Ok(())
}
