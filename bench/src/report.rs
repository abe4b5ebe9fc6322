//! What a run found: the table, the ratios, the file, and the comparison with the targets.

use crate::endpoint::Kind;
use crate::load::Tally;
use crate::machine::Machine;
use crate::process::Usage;
use crate::size::Size;
use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const MIB: f64 = 1024.0 * 1024.0;

/// One case on one server.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    pub(crate) case: String,
    pub(crate) connections: usize,
    pub(crate) server: Kind,
    pub(crate) requests: u64,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    /// CPU seconds of the server per 10,000 requests.
    pub(crate) cpu_s_per_10k: Option<f64>,
    /// Bytes written to storage per request.
    pub(crate) written_bytes: Option<f64>,
    /// Resident memory of the server after the case.
    pub(crate) rss_mib: f64,
    /// Answers that were no success, by status.
    pub(crate) failures: BTreeMap<u16, u64>,
    pub(crate) failure_sample: Option<String>,
}

impl Outcome {
    /// Figures per second and per request.
    pub(crate) fn new(
        case: &str,
        connections: usize,
        server: Kind,
        tally: &Tally,
        seconds: f64,
        usage: Usage,
        rss_bytes: u64,
    ) -> Self {
        let requests = tally.latencies.count();
        let per_request = |sum: f64| if requests == 0 { None } else { Some(sum / requests as f64) };
        Self {
            case: case.to_owned(),
            connections,
            server,
            requests,
            per_second: requests as f64 / seconds,
            p50_ms: tally.latencies.quantile_ms(500),
            p95_ms: tally.latencies.quantile_ms(950),
            p99_ms: tally.latencies.quantile_ms(990),
            cpu_s_per_10k: per_request(usage.cpu_s * 10_000.0),
            written_bytes: per_request(usage.written_bytes as f64),
            rss_mib: rss_bytes as f64 / MIB,
            failures: tally.failures.clone(),
            failure_sample: tally.failure_sample.clone(),
        }
    }

    /// Where two kinds of requests shared the server, its costs belong to neither.
    pub(crate) fn without_costs(mut self) -> Self {
        self.cpu_s_per_10k = None;
        self.written_bytes = None;
        self
    }

    /// Whether every request succeeded, and there was one.
    pub(crate) fn is_sound(&self) -> bool {
        self.failures.is_empty() && self.requests > 0
    }
}

/// Print the head of the table.
pub(crate) fn print_head() {
    println!(
        "\n{:<20} {:>5}  {:<10} {:>9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>9}",
        "case", "conns", "server", "req/s", "p50 ms", "p95 ms", "p99 ms", "cpu s/10k", "RSS MiB", "B written"
    );
}

/// Print the outcomes of one case, and Cairn's share of each other server's rate.
pub(crate) fn print_group(group: &[Outcome]) {
    for outcome in group {
        let figure = |value: Option<f64>, digits| value.map_or("-".to_owned(), |v| format!("{v:.digits$}"));
        println!(
            "{:<20} {:>5}  {:<10} {:>9.0} {:>8.2} {:>8.2} {:>8.2} {:>9} {:>8.1} {:>9}",
            outcome.case,
            outcome.connections,
            outcome.server.name(),
            outcome.per_second,
            outcome.p50_ms,
            outcome.p95_ms,
            outcome.p99_ms,
            figure(outcome.cpu_s_per_10k, 2),
            outcome.rss_mib,
            figure(outcome.written_bytes, 0),
        );
        if !outcome.is_sound() {
            let sample = outcome.failure_sample.as_deref().unwrap_or("no answer at all");
            println!("  FAILED: answers by status {:?}, for one: {sample}", outcome.failures);
        }
    }
    let shares: Vec<String> = ratios(group)
        .iter()
        .map(|ratio| format!("cairn / {} = {:.2}", ratio.against.name(), ratio.value))
        .collect();
    if !shares.is_empty() {
        println!("  {}", shares.join("   "));
    }
}

/// Cairn's rate as a multiple of another server's, same case, connections and run.
#[derive(Debug, Serialize)]
pub(crate) struct Ratio {
    pub(crate) case: String,
    pub(crate) connections: usize,
    pub(crate) against: Kind,
    pub(crate) value: f64,
}

/// Every ratio that the outcomes allow.
pub(crate) fn ratios(outcomes: &[Outcome]) -> Vec<Ratio> {
    let is_same = |a: &Outcome, b: &Outcome| a.case == b.case && a.connections == b.connections;
    let mut ratios = Vec::new();
    for ours in outcomes.iter().filter(|outcome| outcome.server == Kind::Cairn) {
        for other in outcomes.iter().filter(|other| other.server != Kind::Cairn && is_same(ours, other)) {
            ratios.push(Ratio {
                case: ours.case.clone(),
                connections: ours.connections,
                against: other.server,
                value: ours.per_second / other.per_second,
            });
        }
    }
    ratios
}

/// All that one run found.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) plan: Value,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) ratios: Vec<Ratio>,
    pub(crate) sizes: Vec<Size>,
}

impl Report {
    /// Write the report as JSON below `dir` and return the file's path.
    pub(crate) fn save(&self, dir: &Path) -> Result<PathBuf> {
        let path = dir.join(format!("bench-{}.json", self.machine.measured_at_s));
        fs::write(&path, serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}
