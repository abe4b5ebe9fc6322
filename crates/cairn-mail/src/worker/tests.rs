//! Both sides of a worker, without a socket between them, and with everything that can come instead.

use cairn_net::{Allowed, Net, Url};
use cairn_testkit::provider::Provider as Fake;
use cairn_testkit::smtp::Sink;

use super::{APART_MS_MAX, Asked, CHECKS, Desk, MAILS, Worker, WorkerSecret};
use crate::{Filled, MailErrorKind, MailServer, Mailbox, Message};

const NOW: i64 = 1_767_323_045_678;

fn server(sink: &Sink) -> MailServer {
    MailServer { host: "127.0.0.1".to_owned(), port: sink.port(), ..MailServer::default() }
}

fn message() -> Message {
    Message {
        id: "m1".to_owned(),
        date_ms: NOW,
        from: Mailbox::new("Größe", "shop@example.com"),
        reply_to: Some(Mailbox::new("", "help@example.com")),
        to: Mailbox::new("Ada", "ada@example.com"),
        content: Filled {
            subject: "Your link".to_owned(),
            html: "<p>Here</p>".to_owned(),
            text: "Here".to_owned(),
        },
    }
}

fn body(own: Option<&MailServer>) -> Vec<u8> {
    serde_json::to_vec(&super::wire::MailWire::new(own, &message())).expect("can be written")
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_handed_over() {
    let (sink, secret) = (Sink::start(), WorkerSecret::new("s"));
    let desk = Desk::new(secret.clone(), server(&sink), Allowed::default());
    let (at, body) = (NOW.to_string(), body(None));
    let proof = secret.of_request(MAILS, &at, &body);
    let told = desk.answer(NOW, Asked { path: MAILS, at: &at, proof: &proof, body: &body }).await;
    assert_eq!(told.status, 200, "{}", String::from_utf8_lossy(&told.body));
    assert!(secret.is_answer(&proof, 200, &told.body, &told.proof.expect("one")));
    let mail = sink.last_to("ada@example.com");
    assert_eq!(mail.header("from"), "Größe <shop@example.com>");
    assert_eq!(
        (mail.header("reply-to").as_str(), mail.header("subject").as_str()),
        ("help@example.com", "Your link")
    );
}

#[tokio::test]
async fn a_mail_server_that_comes_with_a_mail_leads_to_open_addresses_only() {
    let (sink, secret) = (Sink::start(), WorkerSecret::new("s"));
    let own = server(&sink);
    for (reach, is_open) in [("127.0.0.0/8", true), ("10.0.0.0/8", false)] {
        let reach = Allowed::new(vec![reach.parse().expect("a network")]);
        let desk = Desk::new(secret.clone(), server(&sink), reach);
        let check = serde_json::json!({ "server": super::wire::ServerWire::new(&own) }).to_string();
        for (path, body) in [(MAILS, body(Some(&own))), (CHECKS, check.into_bytes())] {
            let at = NOW.to_string();
            let proof = secret.of_request(path, &at, &body);
            let told = desk.answer(NOW, Asked { path, at: &at, proof: &proof, body: &body }).await;
            assert_eq!(told.status == 200, is_open, "{path}: {}", String::from_utf8_lossy(&told.body));
        }
    }
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn who_does_not_prove_the_secret_is_told_nothing_that_counts() {
    let (sink, secret) = (Sink::start(), WorkerSecret::new("s"));
    let desk = Desk::new(secret.clone(), server(&sink), Allowed::default());
    let (at, body) = (NOW.to_string(), body(None));
    let proof = secret.of_request(MAILS, &at, &body);
    let late = (NOW - APART_MS_MAX - 1).to_string();
    let of_late = secret.of_request(MAILS, &late, &body);
    let of_check = secret.of_request(CHECKS, &at, &body);
    let of_other = WorkerSecret::new("t").of_request(MAILS, &at, &body);
    for (at, proof, body) in [
        (at.as_str(), "", body.as_slice()),
        (&at, "nothing", &body),
        (&at, &of_other, &body),
        (&at, &of_check, &body),
        (&at, &proof, b"{}"),
        (&late, &proof, &body),
        (&late, &of_late, &body),
        ("", &proof, &body),
    ] {
        let told = desk.answer(NOW, Asked { path: MAILS, at, proof, body }).await;
        assert_eq!((told.status, told.proof), (401, None), "{at} {proof}");
    }
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn what_a_worker_tells_is_told_apart_from_one_that_is_not_there() {
    let (fake, net) = (Fake::start(), Net::new(Allowed::default()));
    let url = |origin: &str| Url::parse(&format!("{origin}/mail/")).expect("an address");
    let worker = Worker { url: url(&fake.origin()), secret: WorkerSecret::new("s") };
    fake.answer("/mail/mails", 200, "{\"is_done\":true}");
    let error = worker.send(net.configured(), NOW, None, &message()).await.expect_err("unproved");
    assert_eq!((error.kind(), error.is_reported()), (MailErrorKind::Unreadable, false));
    assert_eq!(fake.asked()[0].target, "/mail/mails", "paths are below the configured one");
    let nobody = Worker { url: url("http://127.0.0.1:1"), ..worker };
    let error = nobody.send(net.configured(), NOW, None, &message()).await.expect_err("nobody is there");
    assert_eq!(
        (error.kind(), error.is_reported(), error.is_passing()),
        (MailErrorKind::Unreachable, false, true)
    );
}

#[tokio::test]
async fn a_refusal_of_the_mail_server_travels_back() {
    let (sink, secret) = (Sink::start(), WorkerSecret::new("s"));
    let desk = Desk::new(secret.clone(), server(&sink), Allowed::default());
    for (code, kind) in [(550, MailErrorKind::Refused), (451, MailErrorKind::Busy)] {
        sink.answer("ada@example.com", code);
        let (at, body) = (NOW.to_string(), body(None));
        let proof = secret.of_request(MAILS, &at, &body);
        let told = desk.answer(NOW, Asked { path: MAILS, at: &at, proof: &proof, body: &body }).await;
        let outcome: super::wire::OutcomeWire = serde_json::from_slice(&told.body).expect("reads");
        let error = outcome.outcome().expect("makes sense").expect_err("was refused");
        assert_eq!((error.kind(), error.is_reported()), (kind, true));
    }
}
