//! Cairn alone: what sign-ins do to others, and what they tell by the time that they take.

use crate::cases::{Case, Plan, Sum, source};
use crate::clock::now;
use crate::http::Connection;
use crate::load::{Lane, Tally, drive};
use crate::report::{Outcome, print_group};
use crate::servers::Site;
use anyhow::{Context as _, Result, ensure};
use std::rc::Rc;
use std::time::Duration;

/// Connections that sign in at once in the storm, more than any machine has hash threads; each takes one account after
/// another.
const STORM_LANES: usize = 16;
/// Status of a sign-in that is refused.
const REFUSED: u16 = 401;

/// Reads on all connections, alone and while sign-ins pour in over all accounts.
pub(crate) async fn storm(plan: &Plan, site: &Site) -> Result<Vec<Outcome>> {
    let connections = plan.connections_max();
    let (mut calm, mut stormy) = (Sum::new(1), Sum::new(2));
    for round in 0..plan.rounds {
        let reads = |seed: u64| -> Vec<Lane> {
            let lane = |lane| Lane {
                group: 0,
                source: source(Case::Read, Rc::clone(&site.endpoints[0]), seed + lane as u64),
            };
            (0..connections).map(lane).collect()
        };
        let seed = u64::from(round) * 1000;
        let measured = drive(&site.server, reads(seed), plan.warm_up(), plan.slice()).await;
        calm.add(&measured.context("reads before the storm")?);
        let mut lanes = reads(seed);
        lanes.extend((0..STORM_LANES).map(|first| sign_ins(site, first)));
        let measured = drive(&site.server, lanes, plan.warm_up(), plan.slice()).await;
        stormy.add(&measured.context("reads in the storm")?);
    }
    let signed_in = stormy.take_group(1);
    let group = vec![
        calm.outcome("read-in-calm", connections, site)?,
        stormy.outcome("read-in-storm", connections, site)?.without_costs(),
        signed_in.outcome("storm", STORM_LANES, site)?.without_costs(),
    ];
    print_group(&group);
    let times = |of: fn(&Outcome) -> f64| of(&group[1]) / of(&group[0]);
    println!(
        "  latency of reads in the storm / in calm: p50 {:.2}, p95 {:.2}, p99 {:.2}",
        times(|outcome| outcome.p50_ms),
        times(|outcome| outcome.p95_ms),
        times(|outcome| outcome.p99_ms),
    );
    Ok(group)
}

/// A connection that signs in to every account in turn, beginning with its own.
fn sign_ins(site: &Site, first: usize) -> Lane {
    let requests = Rc::clone(&site.sign_ins);
    let mut next = first * requests.len() / STORM_LANES;
    let source = move |out: &mut Vec<u8>| {
        out.extend_from_slice(&requests[next % requests.len()]);
        next += 1;
    };
    Lane { group: 1, source: Box::new(source) }
}

/// Refused sign-ins of the account API, for addresses with and without an account, one after the other on one
/// connection: their times must not tell which is which.
pub(crate) async fn equal_work(plan: &Plan, site: &Site) -> Result<Vec<Outcome>> {
    let mut tallies = [Tally::new(), Tally::new()];
    let mut connection = Connection::open(site.server.address).await?;
    let (started, before) = (now(), site.server.usage()?);
    let mut turn = 0;
    while started.elapsed() < Duration::from_secs_f64(plan.duration_s) || turn < 20 {
        // Which one comes first changes, so that nothing that comes in pairs belongs to one of them.
        for place in [turn % 2, (turn + 1) % 2] {
            let sent = now();
            let frame = connection.exchange_bounded(&site.refused[place]).await?;
            let latency = sent.elapsed();
            ensure!(frame.status == REFUSED, "a wrong password was answered {}", frame.status);
            tallies[place].latencies.record(latency);
        }
        turn += 1;
    }
    let (seconds, usage) = (started.elapsed().as_secs_f64(), site.server.usage()?.since(&before));
    let rss = site.server.rss_bytes()?;
    let outcome = |case, tally| Outcome::new(case, 1, site.kind, tally, seconds, usage, rss).without_costs();
    let group = vec![outcome("refused-known", &tallies[0]), outcome("refused-unknown", &tallies[1])];
    print_group(&group);
    println!("  times of refused sign-ins in ms, by the share of requests that took no longer:");
    for per_mille in [10, 100, 250, 500, 750, 900, 990] {
        let [known, unknown] = [&tallies[0], &tallies[1]].map(|tally| tally.latencies.quantile_ms(per_mille));
        println!("  {:>5.1} %   known {known:>8.2}   unknown {unknown:>8.2}", per_mille as f64 / 10.0);
    }
    Ok(group)
}
