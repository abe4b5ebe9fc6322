//! What people get, from whom, and what happens while their mail server is away.

use std::time::Duration;

use cairn_faults::Fault;
use cairn_model::mail_templates::MailTemplate;
use cairn_model::projects::Settings;
use cairn_net::Allowed;
use cairn_testkit::smtp::Sink;

use super::{Kind, MailErrorKind, MailOptions, MailServer, Mailbox, prepare};
use crate::fixture::{Fixture, on_both, on_both_with};
use crate::{Cx, Options};

/// A server that sends by this sink.
pub(crate) fn options(sink: &Sink) -> Options {
    let server = MailServer { host: "127.0.0.1".to_owned(), port: sink.port(), ..MailServer::default() };
    let retries = vec![Duration::from_millis(1); 400];
    let mail = MailOptions { server: Some(server), retries, ..MailOptions::default() };
    Options { mail, ..Options::default() }
}

fn own_server(settings: &mut Settings, sink: &Sink) {
    settings.smtp.is_enabled = true;
    settings.smtp.host = "127.0.0.1".to_owned();
    settings.smtp.port = i64::from(sink.port());
    settings.smtp.sender_name = "The Shop".to_owned();
    settings.smtp.sender_email = "shop@example.com".to_owned();
    settings.smtp.reply_to_email = "help@example.com".to_owned();
}

async fn send(cx: &Cx, to: &str) {
    let letter = prepare(cx, Kind::OtpSession).await.expect("there is a mail server");
    letter.send(cx, &Mailbox::new("Ada", to), |values| values.with("user", "Ada").with("otp", "123456"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nothing_is_begun() {
    on_both("mail_none", |fixture| async move {
        let guest = fixture.guest().await;
        let refused = prepare(&guest, Kind::Recovery).await.err().map(|error| error.fault());
        assert_eq!(refused, Some(Fault::GeneralSmtpDisabled));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_sends_where_a_project_has_none_of_its_own() {
    let sink = Sink::start();
    on_both_with("mail_server", options(&sink), |fixture| async move {
        send(&fixture.guest().await, "ada@example.com").await;
    })
    .await;
    for mail in sink.wait_for("ada@example.com", 2) {
        assert_eq!(mail.header("from"), "Cairn <noreply@localhost>");
        assert_eq!(mail.header("subject"), "Your code for Shop");
        assert_eq!((mail.code(6).as_str(), mail.header("reply-to").as_str()), ("123456", ""));
    }
}

async fn word(fixture: &Fixture, locale: &str, subject: &str) {
    let guest = fixture.guest().await;
    let template = MailTemplate {
        kind: "otpSession".to_owned(),
        locale: locale.to_owned(),
        subject: subject.to_owned(),
        message: "<p>{{user}}: {{otp}}</p>".to_owned(),
        sender_name: "Postmaster".to_owned(),
        ..MailTemplate::default()
    };
    let put: Result<(), cairn_store::StoreError> = guest
        .store()
        .write(guest.project_ref(), move |tx| async move { tx.mail_template_put(&template).await })
        .await;
    put.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_sends_in_its_own_name_and_words() {
    let (server, own) = (Sink::start(), Sink::start());
    let loopback = Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]);
    let options = Options { outbound: loopback, ..options(&server) };
    let own = &own;
    on_both_with("mail_own", options, |fixture| async move {
        word(&fixture, "en", "{{project}} says").await;
        send(&fixture.guest().await, "eve@example.com").await;
        fixture.configure(|settings| own_server(settings, own)).await;
        send(&fixture.guest().await, "ada@example.com").await;
        let mut german = fixture.guest().await;
        german.request =
            std::sync::Arc::new(crate::RequestInfo { locale: "de".to_owned(), ..Default::default() });
        send(&german, "bob@example.com").await;
        word(&fixture, "de", "{{project}} sagt").await;
        send(&german, "cem@example.com").await;
    })
    .await;
    assert_eq!(server.last_to("eve@example.com").header("subject"), "Your code for Shop");
    let subjects = [
        ("ada@example.com", "Shop says"),
        ("bob@example.com", "Shop says"),
        ("cem@example.com", "Shop sagt"),
    ];
    for (to, subject) in subjects {
        for mail in own.wait_for(to, 2) {
            assert_eq!(mail.header("subject"), subject, "{to}");
            assert_eq!(mail.header("from"), "Postmaster <shop@example.com>");
            assert_eq!(mail.header("reply-to"), "help@example.com");
            assert!(mail.html().contains("<p>Ada: 123456</p>"), "{}", mail.html());
        }
    }
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_until_its_server_takes_it() {
    let sink = Sink::start();
    sink.answer("ada@example.com", 451);
    let sink = &sink;
    on_both_with("mail_waits", options(sink), |fixture| async move {
        let guest = fixture.guest().await;
        send(&guest, "ada@example.com").await;
        assert_eq!(guest.app.outbox.waiting(), 1);
    })
    .await;
    assert!(sink.mails().is_empty());
    sink.answer("ada@example.com", 250);
    sink.wait_for("ada@example.com", 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mail_is_given_up_and_makes_room() {
    let sink = Sink::start();
    sink.answer("nobody@example.com", 550);
    let sink = &sink;
    on_both_with("mail_refused", options(sink), |fixture| async move {
        let guest = fixture.guest().await;
        let before = sink.connections();
        send(&guest, "nobody@example.com").await;
        // The end of the tasks is the end of the delivery.
        guest.app.tasks.shutdown().await;
        assert_eq!((guest.app.outbox.waiting(), sink.connections() - before), (0, 1));
    })
    .await;
    assert!(sink.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_delivery_hears_of_its_outcome() {
    let sink = Sink::start();
    sink.answer("nobody@example.com", 550);
    on_both_with("mail_now", options(&sink), |fixture| async move {
        let guest = fixture.guest().await;
        for (to, kind) in [("ada@example.com", None), ("nobody@example.com", Some(MailErrorKind::Refused))] {
            let letter = prepare(&guest, Kind::Recovery).await.expect("a mail server");
            let outcome = letter.deliver(&guest, &Mailbox::new("", to), |values| values).await;
            assert_eq!(outcome.err().map(|error| error.kind()), kind, "{to}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projects_mail_server_is_on_the_public_internet() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("mail_guard", Options::default(), |fixture| async move {
        fixture.configure(|settings| own_server(settings, sink)).await;
        let guest = fixture.guest().await;
        let letter = prepare(&guest, Kind::Recovery).await.expect("a mail server");
        let outcome = letter.deliver(&guest, &Mailbox::new("", "ada@example.com"), |values| values).await;
        assert_eq!(outcome.err().map(|error| error.kind()), Some(MailErrorKind::Unreachable));
    })
    .await;
    assert_eq!(sink.connections(), 0);
}
