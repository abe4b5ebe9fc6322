//! Words of a project's own, and going back to ours.

use cairn_faults::Fault;
use cairn_model::mail_templates::KINDS;
use cairn_net::Allowed;
use cairn_testkit::smtp::Sink;

use super::{MailTemplatePatch, delete, get, list, send_sample, update};
use crate::Options;
use crate::fixture::{fault, on_both_with};
use crate::listing::ListRequest;
use crate::mail::Kind;
use crate::settings::{SmtpPatch, set_smtp};

fn loopback() -> Options {
    let outbound = Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]);
    Options { outbound, ..Options::default() }
}

fn smtp(sink: &Sink) -> SmtpPatch {
    SmtpPatch {
        host: Some("127.0.0.1".to_owned()),
        port: Some(i64::from(sink.port())),
        sender_email: Some("shop@example.com".to_owned()),
        sender_name: Some("Shop".to_owned()),
        ..SmtpPatch::default()
    }
}

#[test]
fn the_kinds_have_one_list() {
    assert_eq!(Kind::WORDED.map(Kind::name), KINDS);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_kept_listed_and_forgotten() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("words", loopback(), |fixture| async move {
        let key = fixture.key().await;
        let ours = get(&key, Kind::Recovery, "en").await.expect("ours");
        assert!(ours.message.contains("{{redirect}}") && ours.subject.contains("{{project}}"), "{ours:?}");
        let patch = MailTemplatePatch {
            subject: Some("Hi".to_owned()),
            message: Some("{{redirect}}".to_owned()),
            ..MailTemplatePatch::default()
        };
        let off = update(&key, Kind::Recovery, "en", patch.clone()).await;
        assert_eq!(fault(off), Fault::GeneralArgumentInvalid, "no mail server of its own");
        assert!(set_smtp(&key, smtp(sink)).await.expect("it answers").smtp.is_enabled, "on by itself");
        let half = MailTemplatePatch { message: None, ..patch.clone() };
        assert_eq!(fault(update(&key, Kind::Recovery, "en", half).await), Fault::GeneralArgumentInvalid);
        update(&key, Kind::Recovery, "en", patch).await.expect("kept");
        let sender =
            MailTemplatePatch { sender_name: Some("Ada".to_owned()), ..MailTemplatePatch::default() };
        update(&key, Kind::Recovery, "en", sender).await.expect("kept");
        let own = get(&key, Kind::Recovery, "en").await.expect("its own");
        assert_eq!((own.subject.as_str(), own.sender_name.as_str()), ("Hi", "Ada"));
        let page =
            list(&key, &ListRequest { counts_total: true, ..ListRequest::default() }).await.expect("a page");
        assert_eq!((page.total, page.items.len()), (1, 1));
        delete(&key, Kind::Recovery, "en").await.expect("forgotten");
        assert_eq!(get(&key, Kind::Recovery, "en").await.expect("ours"), ours);
        assert_eq!(fault(delete(&key, Kind::Recovery, "en").await), Fault::ProjectTemplateDefaultDeletion);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_tried_before_it_is_kept() {
    let sink = Sink::start();
    let gone = Sink::start().port();
    let sink = &sink;
    on_both_with("smtp_tried", loopback(), |fixture| async move {
        let key = fixture.key().await;
        let to = ["ada@example.com".to_owned()];
        assert_eq!(fault(send_sample(&key, &to, None).await), Fault::GeneralArgumentInvalid, "it is off");
        let wrong = SmtpPatch { port: Some(i64::from(gone)), is_enabled: Some(true), ..smtp(sink) };
        let error = set_smtp(&key, wrong.clone()).await.expect_err("nobody listens");
        assert_eq!(error.fault(), Fault::ProjectSmtpConfigInvalid);
        let off =
            set_smtp(&key, SmtpPatch { is_enabled: Some(false), ..wrong.clone() }).await.expect("not tried");
        assert!(!off.smtp.is_enabled && off.smtp.port == i64::from(gone));
        let unsure = set_smtp(&key, SmtpPatch { is_enabled: None, ..wrong }).await.expect("kept, but off");
        assert!(!unsure.smtp.is_enabled);
        set_smtp(&key, SmtpPatch { is_enabled: Some(true), ..smtp(sink) }).await.expect("it answers");
        send_sample(&key, &to, None).await.expect("sent");
        let inline = SmtpPatch { sender_name: Some("Inline".to_owned()), ..smtp(sink) };
        send_sample(&key, &["bob@example.com".to_owned()], Some(inline)).await.expect("sent");
    })
    .await;
    for mail in sink.wait_for("ada@example.com", 2) {
        assert!(mail.text().contains("From: Shop (shop@example.com)"), "{}", mail.text());
    }
    assert_eq!(sink.wait_for("bob@example.com", 2)[0].header("from"), "Inline <shop@example.com>");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_on_a_closed_network_is_refused() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("smtp_guard", Options::default(), |fixture| async move {
        let on = SmtpPatch { is_enabled: Some(true), ..smtp(sink) };
        assert_eq!(fault(set_smtp(&fixture.key().await, on).await), Fault::ProjectSmtpConfigInvalid);
    })
    .await;
    assert_eq!(sink.connections(), 0);
}
