//! Prometheus' text format, as far as figures that are read at a moment need it.

use std::fmt::Write as _;

use cairn_std::tally::Tallied;

/// A text that grows by one metric at a time.
#[derive(Default)]
pub(super) struct Exposition(String);

impl Exposition {
    /// A number that goes up and down.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: impl ToString) {
        self.head(name, "gauge", help);
        self.line(name, "", value);
    }

    /// A number that only grows while the server runs.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: impl ToString) {
        self.head(name, "counter", help);
        self.line(name, "", value);
    }

    /// The same number of several things, told apart by the label `label`.
    pub(super) fn labelled<V: ToString>(
        &mut self,
        (name, kind): (&str, &str),
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'static str, V)>,
    ) {
        self.head(name, kind, help);
        for (of, value) in values {
            self.line(name, &format!("{{{label}=\"{of}\"}}"), value);
        }
    }

    /// Values by size; a bound and a value are shown divided by `unit`.
    pub(super) fn histogram(&mut self, name: &str, help: &str, tallied: &Tallied, unit: f64) {
        self.head(name, "histogram", help);
        let mut below = 0;
        for (bound, count) in tallied.bounds.iter().zip(&tallied.counts) {
            below += count;
            self.line(&format!("{name}_bucket"), &format!("{{le=\"{}\"}}", in_units(*bound, unit)), below);
        }
        self.line(&format!("{name}_bucket"), "{le=\"+Inf\"}", tallied.total());
        self.line(&format!("{name}_sum"), "", in_units(tallied.sum, unit));
        self.line(&format!("{name}_count"), "", tallied.total());
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl ToString) {
        let _ = writeln!(self.0, "{name}{labels} {}", value.to_string());
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sum of 2^53 microseconds is 285 years")]
fn in_units(value: u64, unit: f64) -> f64 {
    value as f64 / unit
}

#[cfg(test)]
mod tests {
    use cairn_std::Tally;

    use super::*;

    #[test]
    fn metrics_are_written_as_prometheus_reads_them() {
        let tally = Tally::new(&[1_000, 5_000]);
        for value in [500, 800, 4_000, 9_000] {
            tally.note(value);
        }
        let mut text = Exposition::default();
        text.gauge("open", "What is open.", 3);
        text.labelled(("hits_total", "counter"), "Hits.", "cache", [("keys", 5), ("users", 7)]);
        text.histogram("commit_seconds", "Time.", &tally.read(), 1e6);
        let expected = "\
# HELP open What is open.
# TYPE open gauge
open 3
# HELP hits_total Hits.
# TYPE hits_total counter
hits_total{cache=\"keys\"} 5
hits_total{cache=\"users\"} 7
# HELP commit_seconds Time.
# TYPE commit_seconds histogram
commit_seconds_bucket{le=\"0.001\"} 2
commit_seconds_bucket{le=\"0.005\"} 3
commit_seconds_bucket{le=\"+Inf\"} 4
commit_seconds_sum 0.0143
commit_seconds_count 4
";
        assert_eq!(text.finish(), expected);
    }
}
