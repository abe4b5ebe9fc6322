//! Every kind reads in every language, and what is filled in stays a value.

use super::{Phrase, Template, Values, fill, plain, standard};
use crate::Kind;

/// A value for every place that the reference knows.
fn values() -> Values {
    let names = [
        "user",
        "project",
        "team",
        "owner",
        "redirect",
        "otp",
        "phrase",
        "agentClient",
        "agentDevice",
        "agentOs",
        "date",
        "year",
        "time",
        "device",
        "ipAddress",
        "country",
        "from",
        "replyTo",
        "event",
    ];
    names.into_iter().fold(Values::default(), |values, name| values.with(name, format!("<{name}>")))
}

#[test]
fn every_kind_reads_in_every_language() {
    for kind in Kind::WORDED.into_iter().chain([Kind::SmtpTest]).chain(Kind::ACCOUNT) {
        for locale in ["en", "de", "de-at", "xx"] {
            for phrase in [Phrase::Shown, Phrase::Absent] {
                let template = standard(kind, locale, phrase);
                let filled = fill(kind, locale, &template, &values());
                for part in [&filled.subject, &filled.html, &filled.text] {
                    assert!(!part.contains("{{"), "{kind:?} in {locale} leaves a place open: {part}");
                    assert!(!part.trim().is_empty(), "{kind:?} in {locale}");
                }
                assert_eq!(filled.text.contains("<phrase>"), phrase == Phrase::Shown, "{kind:?} in {locale}");
                let needs = match kind {
                    Kind::MfaChallenge | Kind::OtpSession => "otp",
                    Kind::SessionAlert => "ipAddress",
                    Kind::SmtpTest => "from",
                    Kind::AccountAlert => "event",
                    kind if kind.has_link() => "redirect",
                    _ => "user",
                };
                assert!(filled.text.contains(&format!("<{needs}>")), "{kind:?} in {locale}: {}", filled.text);
                assert!(
                    filled.html.contains(&format!("&lt;{needs}&gt;")),
                    "{kind:?} in {locale}: {}",
                    filled.html
                );
            }
        }
    }
}

#[test]
fn another_language_has_its_own_words() {
    let subject = |locale| standard(Kind::OtpSession, locale, Phrase::Absent).subject;
    assert_ne!(subject("de"), subject("en"));
    assert_eq!(subject("de-at"), subject("de"));
    assert_eq!(subject("xx"), subject("en"));
    let invitation = |locale| standard(Kind::Invitation, locale, Phrase::Absent);
    assert_eq!(invitation("de"), invitation("en"), "a kind without words of its own is English");
}

#[test]
fn markup_and_line_breaks_in_values_reach_neither_html_nor_subject() {
    let template = Template {
        subject: "{{user}} joins".to_owned(),
        message: r#"<p title="{{user}}">{{ user }}</p><a href="{{redirect}}">{{b}}go{{/b}}</a>"#.to_owned(),
    };
    let values = Values::default()
        .with("user", "Eve\r\nBcc: all@example.com\"><script>alert('x')</script>\u{2028}")
        .with("redirect", "https://example.com/?a=1&b=2\"onclick=\"x");
    let filled = fill(Kind::Invitation, "en", &template, &values);
    assert!(!filled.subject.contains(['\r', '\n', '\u{2028}']), "{:?}", filled.subject);
    assert!(!filled.html.contains("<script"), "{}", filled.html);
    assert!(!filled.html.contains("\"onclick"), "{}", filled.html);
    assert!(filled.html.contains(r#"href="https://example.com/?a=1&amp;b=2&quot;"#), "{}", filled.html);
    assert!(filled.html.contains("<strong>go</strong>"), "{}", filled.html);
    assert!(filled.text.contains("go: https://example.com/?a=1&b=2"), "{}", filled.text);
    assert_eq!(filled.text.lines().count(), 2, "{}", filled.text);
}

#[test]
fn a_template_is_text_with_places_and_nothing_else() {
    for odd in
        ["{% for a in b %}x", "{{ 7 * 7 }}", "{{user", "}}{{", "{# note #}", "{{user|safe}}", "{{unknown}}"]
    {
        let template = Template { subject: odd.to_owned(), message: odd.to_owned() };
        let filled = fill(Kind::Recovery, "en", &template, &values());
        assert!(filled.html.contains(odd) && filled.subject == odd.trim(), "{odd}: {}", filled.html);
    }
}

#[test]
fn a_value_is_not_filled_in_again() {
    let template = Template { subject: "{{user}}".to_owned(), message: "{{user}}".to_owned() };
    let values = Values::default().with("user", "{{redirect}}").with("redirect", "secret");
    let filled = fill(Kind::Recovery, "en", &template, &values);
    assert!(!filled.html.contains("secret") && !filled.text.contains("secret"), "{filled:?}");
}

#[test]
fn a_long_subject_is_cut() {
    let template = Template { subject: "ä".repeat(5_000), message: "x".to_owned() };
    assert_eq!(fill(Kind::Recovery, "en", &template, &values()).subject.chars().count(), 400);
}

#[test]
fn html_becomes_words() {
    for (html, text) in [
        ("<p>One</p>\n<p>Two<br>three</p>", "One\nTwo\nthree\n"),
        ("<a href='{{redirect}}'>Go</a>", "Go: {{redirect}}\n"),
        ("1 &lt; 2 &amp;&amp; <b>bold</b>", "1 < 2 && bold\n"),
        ("no markup < at all", "no markup < at all\n"),
        ("<a>nowhere</a>", "nowhere\n"),
    ] {
        assert_eq!(plain(html), text, "{html}");
    }
}

#[test]
fn secrets_are_not_shown_by_debug() {
    let filled = fill(Kind::OtpSession, "en", &standard(Kind::OtpSession, "en", Phrase::Absent), &values());
    for shown in [format!("{:?}", values()), format!("{filled:?}")] {
        assert!(!shown.contains("<otp>"), "{shown}");
    }
}
