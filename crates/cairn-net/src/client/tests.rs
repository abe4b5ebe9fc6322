//! Against servers on loopback, which a foreign URL may not reach unless that was opened.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use http::Method;
use url::Url;

use super::Net;
use crate::{Allowed, NetErrorKind, Request};

/// A server that gives these answers, one per connection, and tells what it was asked.
fn serve(answers: Vec<String>) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let _ = tell.send(read(&mut stream));
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, asked)
}

/// Everything up to the end of the body.
fn read(stream: &mut std::net::TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4_096];
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        let body = text.split_once("\r\n\r\n").map(|(head, body)| (head.to_ascii_lowercase(), body.len()));
        let Some((head, length)) = body else { continue };
        let wanted =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if length >= wanted.unwrap_or(0) {
            return text;
        }
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn redirect(status: u16, to: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn url(address: SocketAddr, path: &str) -> Url {
    Url::parse(&format!("http://{address}{path}")).expect("a URL")
}

fn open() -> Net {
    Net::new(Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]))
}

fn closed() -> Net {
    Net::new(Allowed::default())
}

#[tokio::test]
async fn foreign_urls_reach_nothing_on_this_machine() {
    let (address, _asked) = serve(Vec::new());
    let port = address.port();
    let net = closed();
    let cases = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[64:ff9b::7f00:1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "ftp://93.184.216.34/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:text/plain,x".to_owned(),
    ];
    for case in cases {
        let url = Url::parse(&case).expect("a URL");
        let error = net.foreign().send(Request::get(url)).await.expect_err(&case);
        assert_eq!(error.kind(), NetErrorKind::Refused, "{case}: {error:?}");
    }
}

#[tokio::test]
async fn configured_endpoints_and_opened_networks_are_called() {
    let (address, asked) = serve(vec![ok("one"), ok("two")]);
    let closed = closed();
    let request = Request::post(url(address, "/token?x=1"))
        .header("authorization", "Basic eDp5")
        .form([("grant_type", "authorization_code"), ("code", "a b&c")]);
    let answer = closed.configured().send(request).await.expect("an answer");
    assert_eq!((answer.status, &answer.body[..]), (200, &b"one"[..]));
    let text = asked.recv().expect("what was asked");
    assert!(text.starts_with("POST /token?x=1 HTTP/1.1\r\n"), "{text}");
    assert!(text.contains("grant_type=authorization_code&code=a+b%26c"), "{text}");
    assert!(!text.to_ascii_lowercase().contains("cookie"), "{text}");
    assert_eq!(closed.sent(), 1);
    let answer = open().foreign().send(Request::get(url(address, "/"))).await.expect("an answer");
    assert_eq!(&answer.body[..], b"two");
}

#[tokio::test]
async fn every_hop_of_a_redirect_is_judged() {
    let (inner, _) = serve(vec![ok("secret")]);
    let target = format!("http://localhost:{}/", inner.port());
    let (address, _) = serve(vec![redirect(302, "http://169.254.169.254/"), redirect(302, &target)]);
    // 127.0.0.1 alone is open: neither another literal nor a name that leads elsewhere is.
    let net = Net::new(Allowed::new(vec!["127.0.0.1/32".parse().expect("a network")]));
    let refused = net.foreign().send(Request::get(url(address, "/")).following(3)).await;
    assert_eq!(refused.expect_err("a refusal").kind(), NetErrorKind::Refused);
    let answer = net.foreign().send(Request::get(url(address, "/")).following(3)).await;
    assert_eq!(&answer.expect("localhost is 127.0.0.1").body[..], b"secret");
}

#[tokio::test]
async fn a_redirect_is_an_answer_unless_it_was_to_be_followed() {
    let (address, asked) = serve(vec![redirect(302, "/next"); 4]);
    let net = open();
    let answer = net.foreign().send(Request::get(url(address, "/"))).await.expect("an answer");
    assert_eq!((answer.status, answer.headers["location"].to_str().ok()), (302, Some("/next")));
    let endless = net.foreign().send(Request::get(url(address, "/")).following(2)).await;
    assert_eq!(endless.expect_err("no end").kind(), NetErrorKind::TooManyRedirects);
    assert_eq!(asked.try_iter().count(), 4);
}

#[tokio::test]
async fn credentials_and_bodies_stay_with_their_origin() {
    let (other, asked) = serve(vec![ok("x")]);
    let (address, _) = serve(vec![redirect(307, &format!("http://{other}/stolen"))]);
    let request = Request::post(url(address, "/"))
        .header("authorization", "Bearer secret")
        .body("text/plain", "password")
        .following(1);
    open().configured().send(request).await.expect("an answer");
    let text = asked.recv().expect("what was asked");
    assert!(text.starts_with("GET /stolen"), "{text}");
    assert!(!text.contains("secret") && !text.contains("password"), "{text}");
}

#[tokio::test]
async fn answers_are_bounded() {
    let (address, _) = serve(vec![ok(&"x".repeat(5_000)), ok("fits")]);
    let net = open();
    let large = net.foreign().send(Request::get(url(address, "/")).at_most(4_096)).await;
    assert_eq!(large.expect_err("too much").kind(), NetErrorKind::TooLarge);
    let fits = net.foreign().send(Request::get(url(address, "/")).at_most(4)).await;
    assert_eq!(&fits.expect("an answer").body[..], b"fits");
}

#[tokio::test]
async fn silence_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let request = Request::get(url(address, "/")).within(Duration::from_millis(50));
    let error = open().foreign().send(request).await.expect_err("silence");
    assert_eq!(error.kind(), NetErrorKind::TimedOut);
    drop(listener);
    let error = open().foreign().send(Request::get(url(address, "/"))).await.expect_err("nobody");
    assert_eq!(error.kind(), NetErrorKind::Unreachable);
}

#[tokio::test]
async fn what_http_does_not_know_is_not_sent() {
    let net = open();
    let request = Request::new(Method::GET, Url::parse("http://127.0.0.1:9/").expect("a URL"));
    let error = net.foreign().send(request.header("x-a", "b\r\nx-c: d")).await.expect_err("a header");
    assert_eq!((error.kind(), net.sent()), (NetErrorKind::BadRequest, 0));
}

#[tokio::test]
async fn errors_tell_no_secrets() {
    let (address, _) = serve(Vec::new());
    let secret = url(address, "/hook?token=hunter2");
    let error = closed().foreign().send(Request::get(secret)).await.expect_err("a refusal");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}
