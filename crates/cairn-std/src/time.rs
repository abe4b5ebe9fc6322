//! Points in time with millisecond precision, and the clock that gives them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

#[cfg(test)]
mod tests;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest instant with a four-digit year, `0000-01-01T00:00:00Z`.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The last millisecond of the year 9999, the bound that the reference sets for datetime values.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The wire form, `2026-01-02T03:04:05.678+00:00`.
    pub fn to_wire(self) -> String {
        String::from_utf8_lossy(&self.wire_bytes()).into_owned()
    }

    /// The wire form as ASCII. Written by hand: lists of documents have two of these per document.
    pub fn wire_bytes(self) -> [u8; 29] {
        let millis = self.0.clamp(Self::MIN.0, Self::MAX.0);
        let (year, month, day) = civil(millis.div_euclid(86_400_000));
        // Within a day and a year everything fits: narrow numbers are divided faster.
        let narrow = |number: i64| u32::try_from(number).unwrap_or(0);
        let (of_day, year) = (narrow(millis.rem_euclid(86_400_000)), narrow(year));
        let (seconds, of_second) = (of_day / 1_000, of_day % 1_000);
        let mut out = *b"0000-00-00T00:00:00.000+00:00";
        for (at, two_digits) in [
            (0, year / 100),
            (2, year % 100),
            (5, narrow(month)),
            (8, narrow(day)),
            (11, seconds / 3_600),
            (14, seconds / 60 % 60),
            (17, seconds % 60),
            (20, of_second / 10),
        ] {
            out[at] = digit(two_digits / 10);
            out[at + 1] = digit(two_digits % 10);
        }
        out[22] = digit(of_second % 10);
        out
    }

    /// Read an ISO 8601 date, or date and time, with or without fraction and offset (then UTC).
    ///
    /// More than three digits of a second's fraction are cut, not rounded. `None` for anything else, and
    /// for instants outside [`Timestamp::MIN`] to [`Timestamp::MAX`].
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let instant = DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%:z"))
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
            .map(|at| at.with_timezone(&Utc))
            .or_else(|_| Self::parse_naive(text).ok_or(()))
            .ok()?;
        let at = Self(instant.timestamp_millis());
        (Self::MIN..=Self::MAX).contains(&at).then_some(at)
    }

    fn parse_naive(text: &str) -> Option<DateTime<Utc>> {
        const FORMS: [&str; 4] =
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
        FORMS
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
            .map(|naive| naive.and_utc())
    }

    /// This instant moved by `millis`, staying within the representable range.
    #[must_use]
    pub fn plus_ms(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// This instant moved by `seconds`, staying within the representable range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_ms(seconds.saturating_mul(1_000))
    }

    /// Whole seconds since the epoch, rounded down.
    pub fn epoch_seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The HTTP date of this instant, `Fri, 02 Jan 2026 03:04:05 GMT`.
    pub fn to_http_date(self) -> String {
        self.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.clamp(Self::MIN.0, Self::MAX.0)).unwrap_or_default()
    }
}

fn digit(number: u32) -> u8 {
    b'0' + number.to_le_bytes()[0]
}

/// Year, month and day of a day since 1970-01-01, in the proleptic Gregorian calendar (Howard Hinnant's
/// `civil_from_days`): years are counted from March, so that the leap day is the last one.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Where time comes from: the system, or a test that moves it by hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(std::time::Instant),
    Mock(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "the one place where the system clock is read")]
    pub fn system() -> Self {
        Self(Source::System(std::time::Instant::now()))
    }

    /// A clock that stands at `start` until it is advanced.
    pub fn mock(start: Timestamp) -> Self {
        Self(Source::Mock(Arc::new(AtomicI64::new(start.0))))
    }

    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "the one place where the system clock is read")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Mock(at) => Timestamp(at.load(Ordering::SeqCst)),
            Source::System(_) => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(Timestamp::MAX.0)))
            }
        }
    }

    /// Milliseconds on a clock that never goes back, for budgets and durations.
    pub fn monotonic_ms(&self) -> i64 {
        match &self.0 {
            Source::Mock(at) => at.load(Ordering::SeqCst),
            Source::System(start) => i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// Microseconds on a clock that never goes back, for measuring what is short.
    pub fn monotonic_us(&self) -> i64 {
        match &self.0 {
            Source::Mock(at) => at.load(Ordering::SeqCst).saturating_mul(1_000),
            Source::System(start) => i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX),
        }
    }

    /// Move a mock clock forward; the system's clock stays as it is.
    pub fn advance_ms(&self, millis: i64) {
        if let Source::Mock(at) = &self.0 {
            at.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
