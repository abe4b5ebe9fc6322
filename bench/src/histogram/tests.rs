//! Quantiles stay within a bucket's width, and no latency falls outside the table.

use super::*;

#[test]
fn every_value_falls_into_a_bucket_that_holds_it() {
    let mut value = 1_u64;
    while value < 1 << 41 {
        for nanos in [value - 1, value, value + 1, value + value / 3] {
            let index = bucket(nanos);
            assert!(index < BUCKETS, "{nanos} ns lands at {index} of {BUCKETS}");
            let held = nanos.min((1 << NANOS_BITS) - 1);
            let upper = upper_bound(index);
            assert!(upper >= held, "{nanos} ns is above its bucket's bound {upper}");
            assert!(upper - held <= held / 32, "{nanos} ns is reported as {upper}");
        }
        value *= 2;
    }
}

#[test]
fn quantiles_of_a_known_distribution() {
    let mut histogram = Histogram::new();
    let mut second = Histogram::new();
    for micros in 1..=500 {
        histogram.record(Duration::from_micros(micros));
        second.record(Duration::from_micros(micros + 500));
    }
    histogram.merge(&second);
    assert_eq!(histogram.count(), 1000);
    for (per_mille, expected_ms) in [(500, 0.5), (950, 0.95), (990, 0.99)] {
        let got = histogram.quantile_ms(per_mille);
        assert!((got / expected_ms - 1.0).abs() < 0.02, "p{per_mille} is {got}, expected {expected_ms}");
    }
}

#[test]
fn an_empty_histogram_answers_zero() {
    assert!(Histogram::new().quantile_ms(990) == 0.0);
}
