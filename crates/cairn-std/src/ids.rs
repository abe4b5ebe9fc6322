//! Ids and secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::{Clock, Rng};

#[cfg(test)]
mod tests;

/// Makes ids that sort by the time of their making.
#[derive(Clone, Debug)]
pub struct Ids {
    clock: Clock,
    rng: Rng,
    /// The last microsecond given out: two ids of one process never share their time part.
    last_us: Arc<AtomicI64>,
}

impl Ids {
    /// A maker of ids on this clock and this generator.
    pub fn new(clock: Clock, rng: Rng) -> Self {
        Self { clock, rng, last_us: Arc::new(AtomicI64::new(0)) }
    }

    /// 20 hex digits: 13 of the time in microseconds, strictly rising within a process, and 7 random ones.
    ///
    /// The form of the reference's `unique()`, so that ids of both sort together.
    pub fn unique(&self) -> String {
        let at = self.sequence();
        let tail = self.rng.u64() & 0x0fff_ffff;
        let both = u128::from(at.unsigned_abs()) << 28 | u128::from(tail);
        hex_text(&both.to_be_bytes()[6..])
    }

    /// The present microsecond, or the next one that was not given out: the order of making.
    pub fn sequence(&self) -> i64 {
        let now_us = self.clock.now().0.max(0).saturating_mul(1_000);
        let mut at = now_us;
        let _ = self.last_us.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
            at = now_us.max(last + 1);
            Some(at)
        });
        at
    }

    /// `bytes` random bytes as lower-case hex, for keys and secrets.
    pub fn secret_hex(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.rng.fill(&mut buffer);
        hex_text(&buffer)
    }

    /// The generator behind these ids.
    pub fn rng(&self) -> &Rng {
        &self.rng
    }
}

/// Bytes as lower-case hex, two digits each; much quicker than [`hex::encode`], which asks for one digit after the other.
pub fn hex_text(bytes: &[u8]) -> String {
    let mut text = vec![0; 2 * bytes.len()];
    hex::encode_to_slice(bytes, &mut text).expect("the text has room for two digits a byte");
    String::from_utf8(text).expect("digits are ASCII")
}
