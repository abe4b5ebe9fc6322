//! Rate limits: windows, key templates, headers.

use super::*;

const LOGIN: RateLimit =
    RateLimit::per_hour(3).by(&["url:{url},email:{param-email}", "url:{url},ip:{ip}"]).reset_on_created();

fn parts<'a>(
    project: &'a str,
    ip: &'a str,
    param: &'a (dyn Fn(&str) -> Option<String> + Sync),
) -> KeyParts<'a> {
    KeyParts {
        project,
        host: "localhost",
        route_path: "/v1/account/sessions/email",
        method: "POST",
        ip,
        user_id: "u1",
        user_agent: "curl/8",
        chunk: 2,
        param,
    }
}

fn email(name: &str) -> Option<String> {
    (name == "email").then(|| "a@b.c".to_owned())
}

#[test]
fn templates_are_filled() {
    let parts = parts("p1", "10.0.0.1", &email);
    for (template, expected) in [
        ("url:{url},ip:{ip}", "url:localhost/v1/account/sessions/email,ip:10.0.0.1"),
        ("email:{param-email},phone:{param-phone}", "email:a@b.c,phone:{param-phone}"),
        ("{projectId}/{userId}/{method}/{userAgent}/{chunkId}", "p1/u1/POST/curl/8/2"),
        ("plain", "plain"),
        ("{unknown} {open", "{unknown} {open"),
    ] {
        let mut key = String::new();
        parts.fill(template, &mut key);
        // An unclosed brace loses nothing either.
        assert_eq!(key, expected, "template {template}");
    }
}

#[test]
fn the_window_is_aligned_and_counts_down() {
    let limiter = Limiter::default();
    let parts = parts("p1", "10.0.0.1", &email);
    let now_ms = 7_200_000 + 1_500;
    let mut seen = Vec::new();
    for _ in 0..5 {
        let state = limiter.check(&LOGIN, &parts, Enforcement::Enforced, now_ms).unwrap();
        assert_eq!((state.limit, state.reset_epoch_seconds), (3, 10_800));
        seen.push((state.remaining, state.is_exceeded));
    }
    assert_eq!(seen, [(2, false), (1, false), (0, false), (0, true), (0, true)]);
    let next = limiter.check(&LOGIN, &parts, Enforcement::Enforced, 10_800_000).unwrap();
    assert_eq!((next.remaining, next.is_exceeded), (2, false), "a new window starts afresh");
}

#[test]
fn a_second_key_is_tightest_when_fuller() {
    let limiter = Limiter::default();
    for n in 0..3 {
        let address = move |name: &str| (name == "email").then(|| format!("user{n}@b.c"));
        let parts = parts("p1", "10.0.0.1", &address);
        let state = limiter.check(&LOGIN, &parts, Enforcement::Enforced, 0).unwrap();
        assert_eq!(state.remaining, 2 - n, "the address is shared by all e-mails");
    }
    let parts = parts("p1", "10.0.0.1", &email);
    assert!(limiter.check(&LOGIN, &parts, Enforcement::Enforced, 0).unwrap().is_exceeded);
}

#[test]
fn exempt_callers_see_the_state_and_are_not_counted() {
    let limiter = Limiter::default();
    let parts = parts("p1", "10.0.0.1", &email);
    for _ in 0..9 {
        let state = limiter.check(&LOGIN, &parts, Enforcement::Exempt, 0).unwrap();
        assert_eq!((state.remaining, state.is_exceeded), (2, false));
    }
}

#[test]
fn reset_and_projects() {
    let limiter = Limiter::default();
    let (one, two) = (parts("p1", "10.0.0.1", &email), parts("p2", "10.0.0.1", &email));
    for _ in 0..4 {
        limiter.check(&LOGIN, &one, Enforcement::Enforced, 0);
    }
    assert!(limiter.check(&LOGIN, &one, Enforcement::Enforced, 0).unwrap().is_exceeded);
    assert!(!limiter.check(&LOGIN, &two, Enforcement::Enforced, 0).unwrap().is_exceeded);
    assert!(LOGIN.resets_at(201) && !LOGIN.resets_at(200) && !RateLimit::per_hour(1).resets_at(201));
    limiter.reset(&LOGIN, &one, 0);
    assert!(!limiter.check(&LOGIN, &one, Enforcement::Enforced, 0).unwrap().is_exceeded);
}

#[test]
fn a_limit_of_zero_is_none() {
    let limiter = Limiter::default();
    let parts = parts("p1", "10.0.0.1", &email);
    assert_eq!(limiter.check(&RateLimit::per_hour(0), &parts, Enforcement::Enforced, 0), None);
}

#[test]
fn headers_and_retry_after() {
    let state = LimitState { limit: 60, remaining: 7, reset_epoch_seconds: 120, is_exceeded: true };
    assert_eq!(
        state.headers().map(|(name, value)| format!("{name}: {value}")),
        ["x-ratelimit-limit: 60", "x-ratelimit-remaining: 7", "x-ratelimit-reset: 120"]
    );
    for (now_ms, expected) in [(60_000, 60), (60_001, 60), (119_001, 1), (120_000, 1), (999_000, 1)] {
        assert_eq!(state.retry_after_seconds(now_ms), expected, "at {now_ms} ms");
        let refusal = state.refusal(now_ms);
        assert_eq!(refusal.fault(), Fault::GeneralRateLimitExceeded);
        assert_eq!(refusal.retry_after_s(), Some(f64::from(expected)), "at {now_ms} ms");
    }
}

#[test]
fn concurrent_requests_take_exactly_the_limit() {
    let limiter = Limiter::default();
    let limit = RateLimit::writes_per_minute(50);
    let passed = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let none = |_: &str| None;
                for _ in 0..40 {
                    let state = limiter.check(&limit, &parts("p", "::1", &none), Enforcement::Enforced, 0);
                    if !state.unwrap().is_exceeded {
                        passed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(passed.load(Ordering::Relaxed), 50);
}
