//! Nobody breaks out of a header.

use super::{Mailbox, Message};
use crate::template::Filled;

fn message(to: Mailbox) -> Message {
    Message {
        id: "m1".to_owned(),
        date_ms: 1_767_323_045_678,
        from: Mailbox::new("Shop", "shop@example.com"),
        reply_to: Some(Mailbox::new("", "help@example.com")),
        to,
        content: Filled {
            subject: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            text: "Hello\n".to_owned(),
        },
    }
}

fn written(message: &Message) -> String {
    String::from_utf8(message.build().expect("a message").formatted()).expect("text")
}

/// Header lines, folded ones joined.
fn headers(written: &str) -> Vec<String> {
    let head = written.split("\r\n\r\n").next().unwrap_or_default();
    head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_message_has_its_headers_and_both_parts() {
    let written = written(&message(Mailbox::new("Ada Lovelace", "ada@example.com")));
    let headers = headers(&written);
    for header in [
        "Message-ID: <m1@example.com>",
        "Date: Fri, 02 Jan 2026 03:04:05 +0000",
        "From: Shop <shop@example.com>",
        "Reply-To: help@example.com",
        "Subject: Hello",
    ] {
        assert!(headers.iter().any(|line| line == header), "{header} is not in {headers:#?}");
    }
    assert!(
        headers.iter().any(|line| line.starts_with("To: ") && line.contains("<ada@example.com>")),
        "{headers:#?}"
    );
    assert!(written.contains("text/plain") && written.contains("text/html"), "{written}");
}

#[test]
fn line_breaks_in_names_and_subjects_make_no_header() {
    for evil in [
        "Eve\r\nBcc: all@example.com",
        "Eve\nX-Evil: 1",
        "Eve\rX-Evil: 1",
        "\"Eve\" <eve@example.org>,",
        "Eve\u{2028}X-Evil: 1\0",
    ] {
        let mut message = message(Mailbox::new(evil, "ada@example.com"));
        message.from.name = evil.to_owned();
        message.reply_to = Some(Mailbox::new(evil, "help@example.com"));
        message.content.subject = evil.to_owned();
        message.id = evil.to_owned();
        let written = written(&message);
        let names: Vec<String> =
            headers(&written).iter().map(|line| line.split(':').next().unwrap_or("").to_owned()).collect();
        let known =
            ["Message-ID", "Date", "From", "To", "Reply-To", "Subject", "MIME-Version", "Content-Type"];
        assert_eq!(names.len(), known.len(), "{evil:?}: {written}");
        for name in names {
            assert!(known.contains(&name.as_str()), "{evil:?} made the header {name}: {written}");
        }
        let envelope = message.build().expect("a message").envelope().to().to_vec();
        assert_eq!(envelope.len(), 1, "{evil:?} made more receivers: {envelope:?}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for bad in [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example.com\r\nBcc: x@example.com",
        "ada@exa mple.com",
        "a b@example.com",
        "\"a\nb\"@example.com",
    ] {
        assert!(message(Mailbox::new("", bad)).build().is_err(), "{bad:?}");
    }
}
