//! How long tests of random input run: some rounds always, as long as asked for on demand.
//!
//! `cargo xtask test --long` sets [`SECONDS`]; a failure names its seed, which [`SEED`] repeats alone.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The variable with the seconds that each such test runs instead of its usual rounds.
pub const SECONDS: &str = "CAIRN_TEST_SECONDS";
/// The variable with the one seed to run.
pub const SEED: &str = "CAIRN_TEST_SEED";

/// The seeds of a test's rounds: the first `rounds` numbers or, on demand, others than last time for as long as asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is said from outside, and is no part of what it tests"
)]
pub fn seeds(rounds: u64) -> impl Iterator<Item = u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (first, end, seconds) = match (number(SEED), number(SECONDS)) {
        (Some(seed), _) => (seed, seed.saturating_add(1), None),
        (None, Some(seconds)) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            (now.wrapping_mul(1_000), u64::MAX, Some(seconds))
        }
        (None, None) => (0, rounds, None),
    };
    let start = Instant::now();
    let is_time = move || seconds.is_none_or(|seconds| start.elapsed() < Duration::from_secs(seconds));
    (first..end).take_while(move |_| is_time()).inspect(move |seed| {
        if seconds.is_some() {
            println!("seed {seed}");
        }
    })
}
