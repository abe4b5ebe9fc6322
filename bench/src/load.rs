//! The load generator: lanes of keep-alive requests on one thread, measured between two moments.
//!
//! Every lane owns a connection and sends its next request when the last answer is complete (closed loop). Answers
//! that arrive during the warm-up or after the end are not counted; any status but 2xx is.

use crate::clock::now;
use crate::histogram::Histogram;
use crate::http::Connection;
use crate::process::{Server, Usage};
use anyhow::{Context as _, Result, ensure};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

/// How long lanes may take to finish after the end of a measurement.
const FINISH_S_MAX: u64 = 30;
/// How long the records of a preparation may take in all.
const SEND_S_MAX: u64 = 900;
const FAILURE_BYTES_MAX: usize = 400;

/// Writes the next request of a lane.
pub(crate) type Source = Box<dyn FnMut(&mut Vec<u8>)>;

/// Writes the request with a number.
pub(crate) type Numbered = Rc<dyn Fn(&mut Vec<u8>, usize)>;
/// Takes the body of an answer.
pub(crate) type Keep = Rc<dyn Fn(&[u8]) -> Result<()>>;

/// One connection's work; lanes of one group are counted together.
pub(crate) struct Lane {
    /// Which of the results counts this lane.
    pub(crate) group: usize,
    /// What it sends.
    pub(crate) source: Source,
}

/// What one group of lanes saw.
#[derive(Clone)]
pub(crate) struct Tally {
    /// Latencies of successful requests.
    pub(crate) latencies: Histogram,
    /// Other answers by status.
    pub(crate) failures: BTreeMap<u16, u64>,
    /// The first such answer, for people.
    pub(crate) failure_sample: Option<String>,
}

impl Tally {
    /// Nothing seen yet.
    pub(crate) fn new() -> Self {
        Self { latencies: Histogram::new(), failures: BTreeMap::new(), failure_sample: None }
    }

    /// Add another slice of the same case.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.latencies.merge(&other.latencies);
        for (status, count) in &other.failures {
            *self.failures.entry(*status).or_default() += count;
        }
        if self.failure_sample.is_none() {
            self.failure_sample.clone_from(&other.failure_sample);
        }
    }
}

/// One measured slice of a case.
pub(crate) struct Measured {
    /// One per group.
    pub(crate) groups: Vec<Tally>,
    /// Length of the measured time.
    pub(crate) seconds: f64,
    /// What the server spent in that time.
    pub(crate) usage: Usage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    WarmUp,
    Measure,
    Over,
}

/// Drive a server with `lanes` for a warm-up and a measured time.
pub(crate) async fn drive(
    server: &Server,
    lanes: Vec<Lane>,
    warm_up: Duration,
    measure: Duration,
) -> Result<Measured> {
    let groups = lanes.iter().map(|lane| lane.group + 1).max().context("a case has at least one lane")?;
    let tallies: Rc<Vec<RefCell<Tally>>> = Rc::new((0..groups).map(|_| RefCell::new(Tally::new())).collect());
    let phase = Rc::new(Cell::new(Phase::WarmUp));
    let local = LocalSet::new();
    let running: Vec<_> = lanes
        .into_iter()
        .map(|lane| local.spawn_local(run_lane(server.address, lane, Rc::clone(&tallies), Rc::clone(&phase))))
        .collect();
    let (seconds, usage) = local
        .run_until(async {
            sleep(warm_up).await;
            let (started, before) = (now(), server.usage()?);
            phase.set(Phase::Measure);
            sleep(measure).await;
            phase.set(Phase::Over);
            let spent = server.usage()?.since(&before);
            let seconds = started.elapsed().as_secs_f64();
            for lane in running {
                timeout(Duration::from_secs(FINISH_S_MAX), lane).await.context("a request hangs")???;
            }
            anyhow::Ok((seconds, spent))
        })
        .await?;
    let groups = tallies.iter().map(|tally| tally.borrow().clone()).collect();
    Ok(Measured { groups, seconds, usage })
}

async fn run_lane(
    address: SocketAddr,
    mut lane: Lane,
    tallies: Rc<Vec<RefCell<Tally>>>,
    phase: Rc<Cell<Phase>>,
) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    let mut request = Vec::with_capacity(1024);
    while phase.get() != Phase::Over {
        request.clear();
        (lane.source)(&mut request);
        let sent = now();
        let frame = connection.exchange(&request).await?;
        let latency = sent.elapsed();
        let is_success = (200..300).contains(&frame.status);
        if is_success && phase.get() != Phase::Measure {
            continue;
        }
        let mut tally = tallies[lane.group].borrow_mut();
        if is_success {
            tally.latencies.record(latency);
        } else {
            *tally.failures.entry(frame.status).or_default() += 1;
            if tally.failure_sample.is_none() {
                tally.failure_sample = Some(sample(&request, &connection.body(frame)?));
            }
        }
    }
    Ok(())
}

fn sample(request: &[u8], answer: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let answer = &answer[..answer.len().min(FAILURE_BYTES_MAX)];
    format!("{} -> {}", String::from_utf8_lossy(line), String::from_utf8_lossy(answer))
}

/// Send `count` requests over `lanes` connections and hand each answer's body to `keep`.
pub(crate) async fn send_all(
    address: SocketAddr,
    lanes: usize,
    count: usize,
    write: Numbered,
    keep: Keep,
) -> Result<()> {
    let next = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    let running: Vec<_> = (0..lanes)
        .map(|_| {
            let (next, write, keep) = (Rc::clone(&next), Rc::clone(&write), Rc::clone(&keep));
            local.spawn_local(async move {
                let mut connection = Connection::open(address).await?;
                let mut request = Vec::new();
                while next.get() < count {
                    request.clear();
                    write(&mut request, next.replace(next.get() + 1));
                    let frame = connection.exchange(&request).await?;
                    let body = connection.body(frame)?;
                    ensure!((200..300).contains(&frame.status), "{}", sample(&request, &body));
                    keep(&body)?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    let finished = local.run_until(async {
        for lane in running {
            lane.await??;
        }
        anyhow::Ok(())
    });
    timeout(Duration::from_secs(SEND_S_MAX), finished).await.context("storing takes too long")?
}
