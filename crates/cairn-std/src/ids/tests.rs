//! Ids are of one length, unique and in order of time.

use super::Ids;
use crate::{Clock, Rng, Timestamp};

#[test]
fn unique_ids_rise_even_while_the_clock_stands() {
    let ids = Ids::new(Clock::mock(Timestamp(1_767_322_800_000)), Rng::seeded(7));
    let made: Vec<String> = (0..1_000).map(|_| ids.unique()).collect();
    assert!(made.iter().all(|id| id.len() == 20 && id.bytes().all(|b| b.is_ascii_hexdigit())));
    assert!(made.is_sorted());
    let mut distinct = made.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), made.len());
}

#[test]
fn the_same_seed_gives_the_same_secrets() {
    let make = || Ids::new(Clock::mock(Timestamp(0)), Rng::seeded(1)).secret_hex(128);
    assert_eq!(make(), make());
    assert_eq!(make().len(), 256);
}
