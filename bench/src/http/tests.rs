//! Answers are found at every split of their bytes, whatever their framing.

use super::*;

fn check(answer: &str, status: u16, is_chunked: bool) {
    let bytes = answer.as_bytes();
    for end in 0..bytes.len() {
        assert_eq!(frame(&bytes[..end]).unwrap(), None, "complete after {end} bytes of {answer:?}");
    }
    let found = frame(bytes).unwrap().expect("the whole answer is there");
    assert_eq!((found.status, found.bytes, found.is_chunked), (status, bytes.len(), is_chunked));
}

#[test]
fn finds_the_end_of_each_framing() {
    check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", 200, false);
    check("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, false);
    check("HTTP/1.1 204 No Content\r\n\r\n", 204, false);
    check(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
        200,
        true,
    );
    check("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 500, true);
}

#[test]
fn refuses_what_it_cannot_frame() {
    assert!(frame(b"HTTP/1.1 200 OK\r\n\r\nbody until close").is_err());
    assert!(frame(b"SSH-2.0-OpenSSH\r\n").is_err());
}

#[test]
fn a_request_states_its_length() {
    let mut out = Vec::new();
    write_request(&mut out, "POST", "/x", "A: b\r\n", b"{}");
    let text = String::from_utf8(out).unwrap();
    let expected = "POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(text, expected);
}
