//! Deliveries to a real mail server on loopback.

use std::sync::Arc;

use cairn_net::Allowed;
use cairn_testkit::smtp::{CERTIFICATE_PEM, Options, Sink, Speaks};

use crate::template::{Phrase, Values, fill, standard};
use crate::{Kind, MailErrorKind, MailServer, Mailbox, Message, Security};

fn server(sink: &Sink) -> MailServer {
    MailServer {
        host: "localhost".to_owned(),
        port: sink.port(),
        trusted_pem: Some(Arc::from(CERTIFICATE_PEM)),
        ..MailServer::default()
    }
}

fn message(to: &str) -> Message {
    let values = Values::default().with("user", "Ada").with("project", "Größe").with("otp", "123456");
    let template = standard(Kind::OtpSession, "en", Phrase::Absent);
    Message {
        id: "m1".to_owned(),
        date_ms: 0,
        from: Mailbox::new("Größe", "shop@example.com"),
        reply_to: None,
        to: Mailbox::new("Ada", to),
        content: fill(Kind::OtpSession, "en", &template, &values),
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let sink = Sink::start();
    server(&sink).send(&message("ada@example.com")).await.expect("delivered");
    let mail = sink.last_to("ada@example.com");
    assert_eq!((mail.sender.as_str(), mail.is_encrypted), ("shop@example.com", false));
    assert_eq!(mail.header("from"), "Größe <shop@example.com>");
    assert_eq!(mail.header("subject"), "Your code for Größe");
    assert_eq!(mail.code(6), "123456");
    assert!(mail.html().contains("<strong>123456</strong>"), "{}", mail.html());
}

#[tokio::test]
async fn encryption_and_sign_in_are_real() {
    let login = Some(("postmaster", "pa ss\u{e4}"));
    for (speaks, security) in [(Speaks::StartTls, Security::StartTls), (Speaks::Tls, Security::Tls)] {
        let sink = Sink::start_with(Options { speaks, login });
        let known = MailServer {
            security,
            username: "postmaster".to_owned(),
            password: "pa ss\u{e4}".to_owned(),
            ..server(&sink)
        };
        known.check().await.expect("the settings work");
        known.send(&message("ada@example.com")).await.expect("delivered");
        let mail = sink.last_to("ada@example.com");
        assert!(mail.is_encrypted && mail.login.is_some(), "{speaks:?}");

        let stranger = MailServer { password: "wrong".to_owned(), ..known.clone() };
        let error = stranger.check().await.expect_err("a wrong password");
        assert_eq!(
            (error.kind(), error.is_passing()),
            (MailErrorKind::Refused, false),
            "{speaks:?}: {error}"
        );
        assert!(error.to_string().contains("5.7.8"), "{error}");

        let untrusting = MailServer { trusted_pem: None, ..known };
        let error = untrusting.send(&message("ada@example.com")).await.expect_err("an unknown certificate");
        assert!(error.is_passing(), "{speaks:?}: {error}");
        assert_eq!(sink.mails().len(), 1, "nothing is sent over a connection that is not trusted");
    }
}

#[tokio::test]
async fn a_server_that_cannot_encrypt_gets_nothing() {
    let sink = Sink::start();
    let server = MailServer { security: Security::StartTls, ..server(&sink) };
    assert!(server.check().await.is_err());
    assert!(server.send(&message("ada@example.com")).await.is_err());
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let sink = Sink::start();
    sink.answer("full@example.com", 451);
    sink.answer("nobody@example.com", 550);
    let cases = [("full@example.com", MailErrorKind::Busy), ("nobody@example.com", MailErrorKind::Refused)];
    for (to, kind) in cases {
        assert_eq!(server(&sink).send(&message(to)).await.expect_err("refused").kind(), kind, "{to}");
    }
    let error = server(&sink).send(&message("no address")).await.expect_err("refused");
    assert_eq!(error.kind(), MailErrorKind::Address);
    let port = sink.port();
    drop(sink);
    let gone = MailServer { host: "127.0.0.1".to_owned(), port, ..MailServer::default() };
    let error = gone.send(&message("ada@example.com")).await.expect_err("nobody listens");
    assert_eq!((error.kind(), error.is_passing()), (MailErrorKind::Unreachable, true), "{error}");
}

#[tokio::test]
async fn an_address_that_may_not_be_connected_to_is_not() {
    let sink = Sink::start();
    let guarded = MailServer { reach: Some(Allowed::default()), ..server(&sink) };
    assert_eq!(guarded.check().await.expect_err("refused").kind(), MailErrorKind::Unreachable);
    assert_eq!(
        guarded.send(&message("ada@example.com")).await.expect_err("refused").kind(),
        MailErrorKind::Unreachable
    );
    assert_eq!(sink.connections(), 0);
}

#[test]
fn the_password_is_not_shown_by_debug() {
    let server =
        MailServer { password: "canary".to_owned(), username: "canary".to_owned(), ..MailServer::default() };
    assert!(!format!("{server:?}").contains("canary"));
}
