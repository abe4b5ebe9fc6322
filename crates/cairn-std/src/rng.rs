//! Randomness from the operating system, or from a seed for tests.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, SeedableRng, TryRng as _};

/// A source of random bytes.
#[derive(Clone, Debug)]
pub struct Rng(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Rng {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes for the same seed; for tests only.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Fill `bytes` with random data.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Source::System => {
                SysRng.try_fill_bytes(bytes).expect("the operating system always has random bytes");
            }
            Source::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    /// An array of random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A random number from the thread's own generator, which the system's seeds again and again: without a call of the
    /// system each time, and as hard to guess.
    pub fn u64(&self) -> u64 {
        match &self.0 {
            Source::System => rand::rng().next_u64(),
            Source::Seeded(_) => u64::from_le_bytes(self.bytes()),
        }
    }
}
