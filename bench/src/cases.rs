//! The cases and the run: every server is driven in turn, slice by slice, so that a drift of the machine hits all alike.

use crate::endpoint::{Endpoint, Kind};
use crate::load::{Lane, Measured, Source, Tally, drive};
use crate::minimal::Reads;
use crate::process::Usage;
use crate::record::Dice;
use crate::report::{Outcome, print_group, print_head};
use crate::servers::{Ground, Site};
use crate::sign_ins;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::rc::Rc;
use std::time::Duration;

const PROJECTS: usize = 8;
/// Connections that sign in while the others read: few, since each sign-in costs a password hash.
const SIGN_IN_LANES: usize = 2;
/// Of a hundred requests in the mixed case, so many read and the others create.
const MIXED_READS: u64 = 80;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    /// Read a record by its id
    Read,
    /// The first 50 of a category by falling rank, with the total
    List,
    /// Change two fields, one of them indexed
    Update,
    /// 80 reads to 20 creations
    Mixed,
    /// Create a record of 200 bytes
    Create,
    /// Cairn alone: the same load on one project and on eight
    Projects,
    /// Reads while others sign in
    SignIn,
    /// Cairn alone: reads with and without a storm of sign-ins over 250 accounts
    Storm,
    /// Cairn alone: times of refused sign-ins, for addresses with and without an account
    EqualWork,
    /// Idle memory, cold start, shared libraries
    Size,
}

/// How the cases are run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Plan {
    pub(crate) cases: Vec<Case>,
    pub(crate) servers: Vec<Kind>,
    pub(crate) connections: Vec<usize>,
    /// Measured time per case, server and number of connections.
    pub(crate) duration_s: f64,
    /// Slices that this time is divided into.
    pub(crate) rounds: u32,
    /// Records stored before the first case.
    pub(crate) rows: usize,
    /// Where the minimal server's reads run.
    pub(crate) minimal_reads: Reads,
}

impl Plan {
    pub(crate) fn slice(&self) -> Duration {
        Duration::from_secs_f64(self.duration_s / f64::from(self.rounds))
    }

    pub(crate) fn warm_up(&self) -> Duration {
        (self.slice() / 10).clamp(Duration::from_millis(200), Duration::from_secs(1))
    }

    pub(crate) fn connections_max(&self) -> usize {
        self.connections.iter().copied().max().unwrap_or(1)
    }
}

/// Run the speed cases of a plan; the outcomes are printed as they come.
pub(crate) async fn run(ground: &Ground, plan: &Plan) -> Result<Vec<Outcome>> {
    let mut sites = Vec::new();
    for kind in &plan.servers {
        println!("preparing {} with {} records", kind.name(), plan.rows);
        sites.push(Site::open(ground, *kind, kind.name(), 1, plan.rows).await?);
    }
    print_head();
    let mut outcomes = Vec::new();
    for case in plan.cases.iter().filter(|case| is_plain(**case)) {
        for connections in &plan.connections {
            let group = interleave(plan, *case, *connections, &sites.iter().collect::<Vec<_>>()).await?;
            print_group(&group);
            outcomes.extend(group);
        }
    }
    if plan.cases.contains(&Case::SignIn) {
        outcomes.extend(sign_in(plan, &sites).await?);
    }
    if plan.cases.contains(&Case::Projects)
        && let Some(one) = sites.iter().find(|site| site.kind == Kind::Cairn)
    {
        outcomes.extend(projects(ground, plan, one).await?);
    }
    if let Some(one) = sites.iter().find(|site| site.kind == Kind::Cairn) {
        if plan.cases.contains(&Case::Storm) {
            outcomes.extend(sign_ins::storm(plan, one).await?);
        }
        if plan.cases.contains(&Case::EqualWork) {
            outcomes.extend(sign_ins::equal_work(plan, one).await?);
        }
    }
    for site in sites {
        site.server.stop()?;
    }
    Ok(outcomes)
}

fn is_plain(case: Case) -> bool {
    !matches!(case, Case::Projects | Case::SignIn | Case::Storm | Case::EqualWork | Case::Size)
}

/// One case with one number of connections on several sites.
async fn interleave(plan: &Plan, case: Case, connections: usize, sites: &[&Site]) -> Result<Vec<Outcome>> {
    let mut sums: Vec<Sum> = sites.iter().map(|_| Sum::new(1)).collect();
    for round in 0..plan.rounds {
        for (site, sum) in sites.iter().zip(&mut sums) {
            let lanes = (0..connections).map(|lane| Lane {
                group: 0,
                source: source(
                    case,
                    Rc::clone(&site.endpoints[lane % site.endpoints.len()]),
                    u64::from(round) * 1000 + lane as u64,
                ),
            });
            let measured =
                drive(&site.server, lanes.collect(), plan.warm_up(), plan.slice()).await.with_context(
                    || format!("{case:?} on {} with {connections} connections", site.kind.name()),
                )?;
            sum.add(&measured);
        }
    }
    let name = serde_json::to_value(case)?.as_str().unwrap_or_default().to_owned();
    sites.iter().zip(sums).map(|(site, sum)| sum.outcome(&name, connections, site)).collect()
}

pub(crate) fn source(case: Case, endpoint: Rc<Endpoint>, seed: u64) -> Source {
    let mut dice = Dice::new(seed);
    match case {
        Case::Create => Box::new(move |out| endpoint.create(out, &mut dice)),
        Case::List => Box::new(move |out| endpoint.list(out, &mut dice)),
        Case::Update => Box::new(move |out| endpoint.update(out, &mut dice)),
        Case::Mixed => Box::new(move |out| match dice.below(100) {
            choice if choice < MIXED_READS => endpoint.read(out, &mut dice),
            _ => endpoint.create(out, &mut dice),
        }),
        Case::Read | Case::Projects | Case::SignIn | Case::Storm | Case::EqualWork | Case::Size => {
            Box::new(move |out| endpoint.read(out, &mut dice))
        }
    }
}

/// Reads on all connections while a few others sign in.
async fn sign_in(plan: &Plan, sites: &[Site]) -> Result<Vec<Outcome>> {
    let connections = plan.connections_max();
    let mut group = Vec::new();
    for site in sites {
        let Some(request) = site.sign_ins.first() else { continue };
        let mut sum = Sum::new(2);
        for round in 0..plan.rounds {
            let reads = (0..connections).map(|lane| Lane {
                group: 0,
                source: source(
                    Case::Read,
                    Rc::clone(&site.endpoints[0]),
                    u64::from(round) * 1000 + lane as u64,
                ),
            });
            let sign_ins = (0..SIGN_IN_LANES).map(|_| {
                let request = request.clone();
                Lane { group: 1, source: Box::new(move |out: &mut Vec<u8>| out.extend_from_slice(&request)) }
            });
            let lanes = reads.chain(sign_ins).collect();
            let measured = drive(&site.server, lanes, plan.warm_up(), plan.slice())
                .await
                .with_context(|| format!("sign-in on {}", site.kind.name()))?;
            sum.add(&measured);
        }
        let signed_in = sum.take_group(1);
        group.push(sum.outcome("read-beside-sign-in", connections, site)?.without_costs());
        group.push(signed_in.outcome("sign-in", SIGN_IN_LANES, site)?.without_costs());
    }
    group.sort_by_key(|outcome| outcome.case != "read-beside-sign-in");
    let (reads, sign_ins) =
        group.split_at(group.iter().take_while(|outcome| outcome.case != "sign-in").count());
    print_group(reads);
    print_group(sign_ins);
    Ok(group)
}

/// The same load on one project and across eight.
async fn projects(ground: &Ground, plan: &Plan, one: &Site) -> Result<Vec<Outcome>> {
    let connections = plan.connections_max();
    println!("preparing {PROJECTS} projects in another cairn with {} records", plan.rows);
    let eight = Site::open(ground, Kind::Cairn, "cairn-projects", PROJECTS, plan.rows).await?;
    let mut outcomes = Vec::new();
    for case in [Case::Read, Case::Create] {
        let mut group = interleave(plan, case, connections, &[one, &eight]).await?;
        for (outcome, projects) in group.iter_mut().zip([1, PROJECTS]) {
            outcome.case = format!("{}-{projects}-projects", outcome.case);
        }
        print_group(&group);
        outcomes.extend(group);
    }
    eight.server.stop()?;
    Ok(outcomes)
}

/// The slices of one case on one server, added up.
pub(crate) struct Sum {
    groups: Vec<Tally>,
    seconds: f64,
    usage: Usage,
}

impl Sum {
    pub(crate) fn new(groups: usize) -> Self {
        Self { groups: vec![Tally::new(); groups], seconds: 0.0, usage: Usage::default() }
    }

    pub(crate) fn add(&mut self, measured: &Measured) {
        for (mine, theirs) in self.groups.iter_mut().zip(&measured.groups) {
            mine.merge(theirs);
        }
        self.seconds += measured.seconds;
        self.usage.add(&measured.usage);
    }

    /// Split off one group with the same time.
    pub(crate) fn take_group(&mut self, group: usize) -> Self {
        Self { groups: vec![self.groups.remove(group)], seconds: self.seconds, usage: self.usage }
    }

    pub(crate) fn outcome(self, case: &str, connections: usize, site: &Site) -> Result<Outcome> {
        let tally = self.groups.into_iter().next().context("a case has a group")?;
        Ok(Outcome::new(
            case,
            connections,
            site.kind,
            &tally,
            self.seconds,
            self.usage,
            site.server.rss_bytes()?,
        ))
    }
}
