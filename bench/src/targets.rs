//! The rates and sizes that the project wants to reach, as data, and the comparison of a run with them.
//!
//! Ratios within one run mean something on any machine, absolute rates do not; a busy machine spoils both, so CI does
//! not run this.

use crate::endpoint::Kind;
use crate::report::{Outcome, Ratio, Report};
use crate::size::{Figure, Size};

/// Which targets to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Goal {
    /// What the first release must reach
    First,
    /// What the complete databases must reach
    Complete,
}

/// Cairn's least rate, as a multiple of another server's.
struct Share {
    case: &'static str,
    connections: usize,
    against: Kind,
    first: Option<f64>,
    complete: f64,
}

const fn share(
    case: &'static str,
    connections: usize,
    against: Kind,
    first: Option<f64>,
    complete: f64,
) -> Share {
    Share { case, connections, against, first, complete }
}

const SHARES: &[Share] = &[
    share("create", 64, Kind::Minimal, Some(0.45), 0.62),
    share("read", 64, Kind::Minimal, Some(0.45), 0.55),
    share("update", 64, Kind::Minimal, None, 0.62),
    share("list", 16, Kind::Minimal, None, 0.60),
    share("create", 1, Kind::Minimal, None, 0.60),
    share("create", 64, Kind::Pocketbase, Some(3.0), 3.9),
    share("read", 64, Kind::Pocketbase, Some(4.0), 6.0),
    share("list", 16, Kind::Pocketbase, None, 3.3),
    share("mixed", 64, Kind::Pocketbase, None, 4.0),
];
/// `(figure, most for both goals)` of Cairn's sizes.
const SIZES: &[(Figure, f64)] = &[
    (Figure::IdleMib, 30.0),
    (Figure::ColdStartMs, 20.0),
    (Figure::ColdStartManyProjectsMs, 50.0),
    (Figure::SharedLibrariesBesideLibc, 0.0),
];
const PROJECTS_SHARE_MIN: f64 = 0.8;
/// Reads in a storm of sign-ins may take so many times as long as in calm.
const STORM_TIMES_MAX: f64 = 2.0;
/// How far apart the median times of refused sign-ins for known and unknown addresses may be.
const REFUSED_APART_MAX: f64 = 0.05;
const LOADED_MIB_MAX: f64 = 120.0;

/// One target and what the run found; `None` where it was not measured.
pub(crate) struct Verdict {
    /// The target in words, with the figure found.
    pub(crate) text: String,
    /// Whether it is reached.
    pub(crate) is_reached: Option<bool>,
}

impl Verdict {
    fn at_least(text: String, found: Option<f64>, least: f64) -> Self {
        Self::new(text, found, format!(">= {least}"), found.map(|found| found >= least))
    }

    fn at_most(text: String, found: Option<f64>, most: f64) -> Self {
        Self::new(text, found, format!("<= {most:.2}"), found.map(|found| found <= most))
    }

    fn new(text: String, found: Option<f64>, wanted: String, is_reached: Option<bool>) -> Self {
        let found = found.map_or("not measured".to_owned(), |found| format!("{found:.2}"));
        Self { text: format!("{text}: {found}, wanted {wanted}"), is_reached }
    }
}

/// Compare a run with a goal.
pub(crate) fn verdicts(report: &Report, goal: Goal) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for share in SHARES {
        let least = if goal == Goal::First { share.first } else { Some(share.complete) };
        let Some(least) = least else { continue };
        let is_it = |ratio: &&Ratio| {
            ratio.case == share.case
                && ratio.connections == share.connections
                && ratio.against == share.against
        };
        let found = report.ratios.iter().find(is_it).map(|ratio| ratio.value);
        let text = format!("{} at {}, cairn / {}", share.case, share.connections, share.against.name());
        verdicts.push(Verdict::at_least(text, found, least));
    }
    for (figure, most) in SIZES {
        let is_it = |size: &&Size| size.server == Kind::Cairn && size.figure == *figure;
        let found = report.sizes.iter().find(is_it).map(|size| size.value);
        verdicts.push(Verdict::at_most(figure.text().to_owned(), found, *most));
    }
    if goal == Goal::Complete {
        verdicts.extend(complete(&report.outcomes));
    }
    verdicts
}

fn complete(outcomes: &[Outcome]) -> Vec<Verdict> {
    let find = |case: &str, server| {
        outcomes
            .iter()
            .filter(|one| one.case == case && one.server == server)
            .max_by_key(|one| one.connections)
    };
    let rate = |case: &str| find(case, Kind::Cairn).map(|one| one.per_second);
    let share = |of: &str| Some(rate(&format!("{of}-8-projects"))? / rate(&format!("{of}-1-projects"))?);
    let loaded =
        outcomes.iter().filter(|one| one.server == Kind::Cairn).map(|one| one.rss_mib).max_by(f64::total_cmp);
    let peer_median = find("create", Kind::Pocketbase).map_or(f64::NAN, |one| one.p50_ms);
    let tail = find("create", Kind::Cairn).filter(|_| peer_median.is_finite()).map(|one| one.p99_ms);
    let times = |of: fn(&Outcome) -> f64| {
        Some(of(find("read-in-storm", Kind::Cairn)?) / of(find("read-in-calm", Kind::Cairn)?))
    };
    let apart = || {
        let median = |case| find(case, Kind::Cairn).map(|one| one.p50_ms);
        Some((median("refused-known")? / median("refused-unknown")? - 1.0).abs())
    };
    vec![
        Verdict::at_most(
            "p50 of reads in a storm of sign-ins / in calm".to_owned(),
            times(|one| one.p50_ms),
            STORM_TIMES_MAX,
        ),
        Verdict::at_most(
            "p99 of reads in a storm of sign-ins / in calm".to_owned(),
            times(|one| one.p99_ms),
            STORM_TIMES_MAX,
        ),
        Verdict::at_most(
            "medians of refused sign-ins, known and unknown, apart by".to_owned(),
            apart(),
            REFUSED_APART_MAX,
        ),
        Verdict::at_least(
            "create in eight projects / in one".to_owned(),
            share("create"),
            PROJECTS_SHARE_MIN,
        ),
        Verdict::at_least("read in eight projects / in one".to_owned(), share("read"), PROJECTS_SHARE_MIN),
        Verdict::at_most("memory after load in MiB".to_owned(), loaded, LOADED_MIB_MAX),
        Verdict::at_most("p99 of create in ms, against PocketBase's median".to_owned(), tail, peer_median),
    ]
}
