//! Password hashing, in threads of its own.
//!
//! Hashing is slow and hungry on purpose: a bounded number of threads at a lower priority does it, so that a storm of
//! sign-ins cannot starve everything else, and a bounded number of requests may wait for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use cairn_faults::{Error, Fault};
use cairn_std::Rng;
use tokio::sync::oneshot;

mod imported;
#[cfg(test)]
mod tests;

pub use imported::{Hashed, SHA_VERSIONS, Scheme};

/// Requests that may wait for a hash; one more is refused as busy.
const WAITING_MAX: usize = 1_024;
/// When a request that was refused as busy may come again.
const RETRY_AFTER_SECONDS: u32 = 1;
/// Memory that one comparison may take: four times what a new hash takes.
const MEMORY_KIB_MAX: u32 = 262_144;
/// Passes that one comparison may take.
const PASSES_MAX: u32 = 16;
/// Lanes that one comparison may have.
const LANES_MAX: u32 = 16;
/// How much nicer than everything else the hashing threads are.
const NICENESS: i32 = 10;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl HashCost {
    /// The cost of the reference's new hashes.
    pub const REFERENCE: Self = Self { memory_kib: 65_536, passes: 4, lanes: 3 };
    /// The least that the algorithm accepts, for tests.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// How much there is to do.
#[derive(Default)]
struct Load {
    waiting: AtomicUsize,
    running: AtomicUsize,
}

/// What the hashing threads tell about their work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashFigures {
    /// Threads that hash.
    pub threads: usize,
    /// Hashes that wait for a thread.
    pub waiting: usize,
    /// Hashes that are worked on.
    pub running: usize,
}

type Work = Box<dyn FnOnce() + Send>;

/// Hashes passwords and compares them.
pub struct Passwords {
    queue: SyncSender<Work>,
    load: Arc<Load>,
    threads: usize,
    cost: HashCost,
    rng: Rng,
    count: AtomicU64,
}

impl Passwords {
    /// Start `threads` hashing threads.
    pub fn start(cost: HashCost, threads: usize, rng: Rng) -> Result<Self, Error> {
        let (queue, waiting) = sync_channel::<Work>(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        let (threads, load) = (threads.max(1), Arc::<Load>::default());
        for number in 0..threads {
            let (waiting, load) = (Arc::clone(&waiting), Arc::clone(&load));
            std::thread::Builder::new()
                .name(format!("cairn-hash-{number}"))
                .spawn(move || work(&waiting, &load))
                .map_err(|error| Fault::GeneralServerError.error().source(error))?;
        }
        Ok(Self { queue, load, threads, cost, rng, count: AtomicU64::new(0) })
    }

    /// What the threads tell about their work at this moment.
    pub fn figures(&self) -> HashFigures {
        HashFigures {
            threads: self.threads,
            waiting: self.load.waiting.load(Ordering::Relaxed),
            running: self.load.running.load(Ordering::Relaxed),
        }
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let (cost, salt, password) = (self.cost, self.rng.bytes::<16>(), password.to_owned());
        self.run(move || hash(cost, salt, &password)).await?
    }

    /// Whether `password` is the one behind `hash`, which may have been made elsewhere.
    pub async fn is_match(&self, password: &str, hash: &str) -> Result<bool, Error> {
        let (password, hash) = (password.to_owned(), Hashed::of(hash));
        self.run(move || hash.is_match(&password)).await
    }

    /// The hash that takes the place of one that was made elsewhere; `None` where it is of our own kind.
    pub async fn upgrade(&self, password: &str, hash: &str) -> Result<Option<String>, Error> {
        match Hashed::of(hash) {
            Hashed { scheme: Scheme::Argon2, hash } if hash.starts_with("$argon2id$") => Ok(None),
            _ => self.hash(password).await.map(Some),
        }
    }

    /// Do the work of a comparison for nothing, so that an unknown account takes as long as a known one.
    pub async fn spend_a_match(&self, password: &str) -> Result<(), Error> {
        self.hash(password).await.map(drop)
    }

    /// Hashes that were asked for since the start: what must cost the same can be seen to.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        self.count.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move || {
            // Nobody waits any more: the client has gone while others were served.
            if !reply.is_closed() {
                let _ = reply.send(work());
            }
        });
        self.load.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(work).map_err(|error| {
            self.load.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => Fault::Overloaded
                    .error()
                    .retry_after(RETRY_AFTER_SECONDS)
                    .detail("too many requests wait for a password hash"),
                TrySendError::Disconnected(_) => failed("the hashing threads have ended"),
            }
        })?;
        answer.await.map_err(|_| failed("a hash was broken off in the middle"))
    }
}

fn work(waiting: &Mutex<Receiver<Work>>, load: &Load) {
    // Only as nice as the system lets us be; the work is the same.
    let _ = rustix::process::nice(NICENESS);
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            // A panic breaks off one hash, whose caller is told; the thread goes on.
            Ok(work) => {
                load.waiting.fetch_sub(1, Ordering::Relaxed);
                load.running.fetch_add(1, Ordering::Relaxed);
                drop(catch_unwind(AssertUnwindSafe(work)));
                load.running.fetch_sub(1, Ordering::Relaxed);
            }
            Err(_) => return,
        }
    }
}

fn hash(cost: HashCost, salt: [u8; 16], password: &str) -> Result<String, Error> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let salt = Salt::new(&salt).map_err(failed)?;
    let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
    Ok(hash.to_string())
}

fn failed(why: impl std::fmt::Display) -> Error {
    Fault::HashingFailed.error().detail(why)
}

/// Whether a hash that was made elsewhere may be kept: a PHC string of Argon2 within the bounds of `MEMORY_KIB_MAX`
/// and `PASSES_MAX`.
///
/// Its comparison costs what the hash itself demands, so that a hash of somebody else's choice could take all memory.
pub fn is_affordable(hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| cost_is_bounded(&parsed))
}

fn cost_is_bounded(parsed: &PasswordHash) -> bool {
    Params::try_from(parsed).is_ok_and(|params| {
        params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= PASSES_MAX && params.p_cost() <= LANES_MAX
    })
}

fn argon2_matches(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    if !cost_is_bounded(&parsed) {
        return false;
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default());
    argon2.verify_password(password.as_bytes(), &parsed).is_ok()
}
