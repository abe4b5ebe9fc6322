//! What the server counts about itself, in the text that Prometheus reads.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use cairn_std::Tasks;
use cairn_store::Store;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder as _, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// The media type of the text.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Measured durations are put into their buckets this often, so that they do not pile up unasked.
const UPKEEP: Duration = Duration::from_secs(5);
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

    /// The text, with what the store tells at this moment.
    pub(crate) fn text(&self, store: &Store, uptime_ms: i64) -> String {
        let key = |name: &'static str| Key::from_static_name(name);
        let gauge = |name, value: f64| self.recorder.register_gauge(&key(name), &METADATA).set(value);
        self.recorder
            .register_counter(&key("cairn_store_groups_total"), &METADATA)
            .absolute(store.groups_committed());
        gauge("cairn_store_open_projects", as_f64(store.open_projects()));
        gauge("cairn_uptime_seconds", f64::from(i32::try_from(uptime_ms / 1_000).unwrap_or(i32::MAX)));
        if let Some(bytes) = resident_bytes() {
            gauge("process_resident_memory_bytes", as_f64(bytes));
        }
        self.handle.render()
    }
}

/// Exact up to 2^53, which no count here reaches.
#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^53")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

/// Memory that the process holds, where the system tells.
fn resident_bytes() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let resident: usize = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident * rustix::param::page_size())
}
