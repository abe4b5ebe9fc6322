//! Wire forms and parsing of timestamps.

use chrono::SecondsFormat;

use super::{Clock, Timestamp};

#[test]
fn wire_form_has_milliseconds_and_a_numeric_offset() {
    let at = Timestamp::parse("2026-01-02T03:04:05.678Z").expect("a valid instant");
    assert_eq!(at.to_wire(), "2026-01-02T03:04:05.678+00:00");
    assert_eq!(at.to_http_date(), "Fri, 02 Jan 2026 03:04:05 GMT");
}

#[test]
fn parse_accepts_the_forms_that_clients_send() {
    let cases = [
        ("2026-01-02", "2026-01-02T00:00:00.000+00:00"),
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05.000+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05.000+00:00"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000+00:00"),
        ("2026-01-02T03:04:05.123456+0100", "2026-01-02T02:04:05.123+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000+00:00"),
    ];
    for (text, expected) in cases {
        assert_eq!(Timestamp::parse(text).map(Timestamp::to_wire).as_deref(), Some(expected), "{text}");
    }
    for text in ["", "yesterday", "2026-13-01", "2026-02-30", "10000-01-01T00:00:00Z", "2026-01-02T25:00:00Z"]
    {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}

#[test]
fn a_mock_clock_moves_only_by_hand() {
    let clock = Clock::mock(Timestamp(1_000));
    assert_eq!(clock.now(), Timestamp(1_000));
    clock.clone().advance_ms(5);
    assert_eq!(clock.now(), Timestamp(1_005));
}

#[test]
fn the_wire_form_is_that_of_the_calendar() {
    let mut at = Timestamp::MIN;
    while at < Timestamp::MAX {
        let expected = at.utc().to_rfc3339_opts(SecondsFormat::Millis, false);
        assert_eq!(at.to_wire(), expected);
        // Some eleven days on, to every time of the day.
        at = Timestamp(at.0 + 1_000_000_007);
    }
    assert_eq!(Timestamp::MIN.to_wire(), "0000-01-01T00:00:00.000+00:00");
    assert_eq!(Timestamp::MAX.to_wire(), "9999-12-31T23:59:59.999+00:00");
    assert_eq!(Timestamp(i64::MAX).to_wire(), Timestamp::MAX.to_wire());
}
