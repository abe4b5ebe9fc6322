//! Fixed-window rate limits: the rule of a route as data, the counters, and the headers they answer with.
//!
//! A window starts at a multiple of its length since the epoch, as in the reference, so that every node
//! agrees on it without speaking to another. Counters live in a bounded map: under a flood of distinct
//! keys the least used ones are forgotten, which can only let a request through, never refuse one.
//! INVARIANT: a counter belongs to one project; the project is part of every key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cairn_faults::{Error, Fault};
use moka::Expiry;
use moka::sync::Cache;

mod template;

pub use template::KeyParts;

#[cfg(test)]
mod tests;

/// How many counters are kept at once, over all projects.
pub const LIMIT_KEYS_MAX: u64 = 200_000;

/// The limit of a route: at most `max` requests per window for each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per window; 0 means that the route is not limited.
    pub max: u32,
    /// Length of the window.
    pub window_seconds: u32,
    /// Templates of the keys, such as `url:{url},email:{param-email}`; every one is counted and checked.
    pub keys: &'static [&'static str],
    /// Whether an answer that succeeded sets the counters back (sign-in does).
    pub reset_on_success: ResetOnSuccess,
}

/// Whether a successful answer sets the counters of a limit back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetOnSuccess {
    /// Successful requests count like others.
    Keep,
    /// An answer with status 201 clears the counters.
    OnCreated,
}

impl RateLimit {
    /// A limit with the reference's default key and a window of one hour.
    pub const fn per_hour(max: u32) -> Self {
        Self {
            max,
            window_seconds: 3_600,
            keys: &["url:{url},ip:{ip}"],
            reset_on_success: ResetOnSuccess::Keep,
        }
    }

    /// A limit with the key that the reference puts on writes, and a window of one minute.
    pub const fn writes_per_minute(max: u32) -> Self {
        Self {
            max,
            window_seconds: 60,
            keys: &["ip:{ip},method:{method},url:{url},userId:{userId}"],
            reset_on_success: ResetOnSuccess::Keep,
        }
    }

    /// The same limit counted by other keys.
    #[must_use]
    pub const fn by(mut self, keys: &'static [&'static str]) -> Self {
        self.keys = keys;
        self
    }

    /// The same limit over another window.
    #[must_use]
    pub const fn within_seconds(mut self, window_seconds: u32) -> Self {
        self.window_seconds = window_seconds;
        self
    }

    /// The same limit, cleared by an answer with status 201.
    #[must_use]
    pub const fn reset_on_created(mut self) -> Self {
        self.reset_on_success = ResetOnSuccess::OnCreated;
        self
    }

    /// Whether an answer with `status` clears the counters.
    pub fn resets_at(&self, status: u16) -> bool {
        self.reset_on_success == ResetOnSuccess::OnCreated && status == 201
    }
}

/// Whether the caller is held to the limit or only told about it.
///
/// Keys, admins, dev keys and servers with limits switched off are exempt; the headers are sent all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// Count the request and refuse it over the limit.
    Enforced,
    /// Report the state of the window and count nothing.
    Exempt,
}

/// What the limiter decided about one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitState {
    /// `X-RateLimit-Limit`.
    pub limit: u32,
    /// `X-RateLimit-Remaining`: what is left after this request.
    pub remaining: u32,
    /// `X-RateLimit-Reset`: the end of the window in seconds since the epoch.
    pub reset_epoch_seconds: i64,
    /// Whether the request must be refused.
    pub is_exceeded: bool,
}

impl LimitState {
    /// The three headers, in the order of the reference.
    pub fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", self.reset_epoch_seconds.to_string()),
        ]
    }

    /// `Retry-After` of the refusal: whole seconds until the window ends, at least one.
    pub fn retry_after_seconds(&self, now_ms: i64) -> u32 {
        let left_ms = self.reset_epoch_seconds.saturating_mul(1_000).saturating_sub(now_ms);
        u32::try_from(left_ms.max(0).unsigned_abs().div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
    }

    /// The error to answer with; [`LimitState::headers`] belong on the answer too.
    #[track_caller]
    pub fn refusal(&self, now_ms: i64) -> Error {
        Error::new(Fault::GeneralRateLimitExceeded).retry_after(self.retry_after_seconds(now_ms))
    }
}

/// The counters of all limited routes.
#[derive(Clone)]
pub struct Limiter {
    counters: Cache<String, Counter>,
}

#[derive(Clone)]
struct Counter {
    hits: Arc<AtomicU32>,
    window_seconds: u32,
}

/// Forgets a counter after twice its window: by then no request can name that window again.
struct AfterWindow;

impl Expiry<String, Counter> for AfterWindow {
    fn expire_after_create(&self, _: &String, counter: &Counter, _: std::time::Instant) -> Option<Duration> {
        Some(Duration::from_secs(u64::from(counter.window_seconds) * 2))
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(LIMIT_KEYS_MAX)
    }
}

impl Limiter {
    /// A limiter that remembers at most `keys_max` counters.
    pub fn new(keys_max: u64) -> Self {
        Self { counters: Cache::builder().max_capacity(keys_max).expire_after(AfterWindow).build() }
    }

    /// Count one request against every key of `limit` and tell the tightest state.
    ///
    /// `None` when the route is not limited. The keys are checked in order and the first one that is
    /// full ends the check, so that later keys are not charged for a refused request.
    pub fn check(
        &self,
        limit: &RateLimit,
        parts: &KeyParts<'_>,
        enforcement: Enforcement,
        now_ms: i64,
    ) -> Option<LimitState> {
        if limit.max == 0 || limit.window_seconds == 0 {
            return None;
        }
        let window = window_start(limit, now_ms);
        let mut closest: Option<LimitState> = None;
        for template in limit.keys {
            let key = counter_key(template, parts, window);
            let (used, is_exceeded) = match enforcement {
                Enforcement::Exempt => (self.counters.get(&key).map_or(0, |c| load(&c)), false),
                Enforcement::Enforced => self.hit(key, limit),
            };
            let state = LimitState {
                limit: limit.max,
                remaining: limit.max.saturating_sub(used.saturating_add(1)),
                reset_epoch_seconds: window + i64::from(limit.window_seconds),
                is_exceeded,
            };
            if is_exceeded || closest.is_none_or(|known| state.remaining < known.remaining) {
                closest = Some(state);
            }
            if is_exceeded {
                break;
            }
        }
        closest
    }

    /// Set the counters of this window back; called after an answer that [`RateLimit::resets_at`] names.
    pub fn reset(&self, limit: &RateLimit, parts: &KeyParts<'_>, now_ms: i64) {
        if limit.max == 0 || limit.window_seconds == 0 {
            return;
        }
        for template in limit.keys {
            self.counters.invalidate(&counter_key(template, parts, window_start(limit, now_ms)));
        }
    }

    /// Take one of the `max` places: the number taken before, and whether none was left.
    fn hit(&self, key: String, limit: &RateLimit) -> (u32, bool) {
        let counter = self.counters.get_with(key, || Counter {
            hits: Arc::new(AtomicU32::new(0)),
            window_seconds: limit.window_seconds,
        });
        let taken = counter
            .hits
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |hits| (hits < limit.max).then(|| hits + 1));
        match taken {
            Ok(before) => (before, false),
            Err(full) => (full, true),
        }
    }
}

fn load(counter: &Counter) -> u32 {
    counter.hits.load(Ordering::Relaxed)
}

fn window_start(limit: &RateLimit, now_ms: i64) -> i64 {
    let now = now_ms.div_euclid(1_000);
    now - now.rem_euclid(i64::from(limit.window_seconds))
}

fn counter_key(template: &str, parts: &KeyParts<'_>, window: i64) -> String {
    let mut key = format!("{}|{window}|", parts.project);
    parts.fill(template, &mut key);
    key
}
