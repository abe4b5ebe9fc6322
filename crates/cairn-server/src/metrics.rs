//! What the server counts about itself, in the text that Prometheus reads.

mod exposition;

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use cairn_core::cache::CacheFigures;
use cairn_core::{App, figures};
use cairn_std::Tasks;
use cairn_store::{EmbeddedFigures, PoolFigures, StoreFigures};
use foldhash::HashMap;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder as _, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use exposition::Exposition;

/// The media type of the text.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Measured durations are put into their buckets this often, so that they do not pile up unasked.
const UPKEEP: Duration = Duration::from_secs(5);
/// Microseconds of a second.
const MICROS: f64 = 1e6;
const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

const REQUESTS: &str = "cairn_http_requests_total";
const DURATION: &str = "cairn_http_request_duration_seconds";

/// The counts of one server.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    routes: RwLock<HashMap<(&'static str, u16), RouteCounts>>,
}

#[derive(Clone)]
struct RouteCounts {
    requests: Counter,
    duration: Histogram,
}

impl Metrics {
    /// Count nothing yet.
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(BUCKETS).expect("the buckets are not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let describe = |name: &'static str, unit, text: &'static str| {
            recorder.describe_counter(name.into(), unit, text.into());
        };
        describe(REQUESTS, None, "Requests answered, by route and status.");
        recorder.describe_histogram(
            DURATION.into(),
            Some(Unit::Seconds),
            "Time from a request's head to its answer's.".into(),
        );
        Self { recorder, handle, routes: RwLock::default() }
    }

    /// Keep the counts small while nobody asks for them.
    pub(crate) fn maintain(&self, tasks: &Tasks) {
        let handle = self.handle.clone();
        tasks.spawn(|stop| async move {
            while tokio::time::timeout(UPKEEP, stop.requested()).await.is_err() {
                handle.run_upkeep();
            }
        });
    }

    /// Count an answered request.
    pub(crate) fn request(&self, route: &'static str, status: u16, seconds: f64) {
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(&(route, status)).cloned();
        let counts = known.unwrap_or_else(|| {
            let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
            routes.entry((route, status)).or_insert_with(|| self.register(route, status)).clone()
        });
        counts.requests.increment(1);
        counts.duration.record(seconds);
    }

    fn register(&self, route: &'static str, status: u16) -> RouteCounts {
        let by_route = Label::from_static_parts("route", route);
        let labels = vec![by_route.clone(), Label::new("status", status.to_string())];
        RouteCounts {
            requests: self.recorder.register_counter(&Key::from_parts(REQUESTS, labels), &METADATA),
            duration: self.recorder.register_histogram(&Key::from_parts(DURATION, vec![by_route]), &METADATA),
        }
    }

    /// The text, with what the server's parts tell at this moment.
    pub(crate) fn text(&self, app: &App, uptime_ms: i64) -> String {
        self.handle.render() + &of_parts(app, uptime_ms)
    }
}

/// What the server's parts tell; operations.md says what each is good for.
fn of_parts(app: &App, uptime_ms: i64) -> String {
    let mut text = Exposition::default();
    match app.store.figures() {
        StoreFigures::Embedded(store) => of_files(&mut text, &store),
        StoreFigures::Pooled(pool) => of_pool(&mut text, pool),
    }
    let told = figures::figures(app);
    text.gauge("cairn_hash_threads", "Threads that hash passwords.", told.hashes.threads);
    text.gauge("cairn_hash_running", "Password hashes that are worked on.", told.hashes.running);
    text.gauge("cairn_hash_waiting", "Password hashes that wait for a thread.", told.hashes.waiting);
    text.gauge("cairn_mail_waiting", "Mails that wait for their mail server.", told.mails_waiting);
    text.gauge("cairn_log_waiting", "Entries of the activity log to be written.", told.logs_waiting);
    text.counter("cairn_outbound_requests_total", "HTTP requests that went out.", told.outgoing);
    let of = |value: fn(&CacheFigures) -> u64| told.caches.map(|(name, cache)| (name, value(&cache)));
    let hits = ("cairn_cache_hits_total", "counter");
    text.labelled(hits, "Questions that a cache answered.", "cache", of(|cache| cache.hits));
    let misses = ("cairn_cache_misses_total", "counter");
    text.labelled(misses, "Questions that went on to the store.", "cache", of(|cache| cache.misses));
    let entries = ("cairn_cache_entries", "gauge");
    text.labelled(entries, "Answers that a cache keeps.", "cache", of(|cache| cache.entries));
    let version = [(env!("CARGO_PKG_VERSION"), 1)];
    text.labelled(("cairn_build_info", "gauge"), "The running version; always 1.", "version", version);
    text.gauge("cairn_uptime_seconds", "Time since the start.", uptime_ms / 1_000);
    if let Some(bytes) = resident_bytes() {
        text.gauge("process_resident_memory_bytes", "Memory that the process holds.", bytes);
    }
    text.finish()
}

fn of_files(text: &mut Exposition, store: &EmbeddedFigures) {
    text.gauge("cairn_store_open_projects", "Project files that are open.", store.open_projects);
    text.gauge("cairn_store_waiting_transactions", "Writes that wait for their turn.", store.waiting);
    let what = "Time that the COMMIT of a group of writes took, the disk's sync included.";
    text.histogram("cairn_store_commit_seconds", what, &store.commit_us, MICROS);
    let what = "Writes that shared a COMMIT.";
    text.histogram("cairn_store_group_transactions", what, &store.group_transactions, 1.0);
}

fn of_pool(text: &mut Exposition, pool: PoolFigures) {
    let states = [("busy", pool.busy), ("idle", pool.idle)];
    let name = ("cairn_store_connections", "gauge");
    text.labelled(name, "Connections to PostgreSQL, by what they do.", "state", states);
    text.gauge("cairn_store_waiting_transactions", "Transactions that wait for a connection.", pool.waiting);
}

/// Memory that the process holds, where the system tells.
fn resident_bytes() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let resident: usize = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident * rustix::param::page_size())
}
