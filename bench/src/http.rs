//! The smallest HTTP/1.1 client that keeps connections alive and knows where an answer ends.
//!
//! Loopback only, no TLS, no redirects, no compression. The hot path neither copies nor decodes a body: it finds the
//! status and the length, and leaves the bytes in the buffer.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const HEADERS_MAX: usize = 64;
const ANSWER_BYTES_MAX: usize = 16 << 20;
/// Bound on one preparing call; the load has bounds of its own, without a timer per request.
const ANSWER_S_MAX: u64 = 30;
const READ_BYTES: usize = 64 << 10;

/// Where one answer lies in a buffer.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) struct Frame {
    /// HTTP status.
    pub(crate) status: u16,
    head_bytes: usize,
    bytes: usize,
    is_chunked: bool,
}

/// One keep-alive connection and its read buffer.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    /// Connect with Nagle's algorithm off.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; READ_BYTES], filled: 0 })
    }

    /// Send one request and wait for the whole answer; its bytes stay readable until the next call.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Frame> {
        self.filled = 0;
        self.stream.write_all(request).await.context("sending a request")?;
        loop {
            if self.filled == self.buffer.len() {
                ensure!(self.filled < ANSWER_BYTES_MAX, "an answer exceeds {ANSWER_BYTES_MAX} bytes");
                self.buffer.resize(self.filled * 2, 0);
            }
            let read =
                self.stream.read(&mut self.buffer[self.filled..]).await.context("reading an answer")?;
            ensure!(read > 0, "the server closed the connection after {} bytes of an answer", self.filled);
            self.filled += read;
            if let Some(frame) = frame(&self.buffer[..self.filled])? {
                ensure!(frame.bytes == self.filled, "the server sent more than one answer to one request");
                return Ok(frame);
            }
        }
    }

    /// As `exchange`, for preparations: an answer that takes too long is an error.
    pub(crate) async fn exchange_bounded(&mut self, request: &[u8]) -> Result<Frame> {
        timeout(Duration::from_secs(ANSWER_S_MAX), self.exchange(request))
            .await
            .context("no answer in time")?
    }

    /// The body of the last answer, dechunked.
    pub(crate) fn body(&self, frame: Frame) -> Result<Vec<u8>> {
        let raw = &self.buffer[frame.head_bytes..frame.bytes];
        if !frame.is_chunked {
            return Ok(raw.to_vec());
        }
        let mut body = Vec::with_capacity(raw.len());
        let mut at = 0;
        while let Some((size, data)) = chunk(raw, at)?.filter(|(size, _)| *size > 0) {
            body.extend_from_slice(&raw[data..data + size]);
            at = data + size + 2;
        }
        Ok(body)
    }

    /// The last answer's head as text, for cookies.
    pub(crate) fn head(&self, frame: Frame) -> String {
        String::from_utf8_lossy(&self.buffer[..frame.head_bytes]).into_owned()
    }
}

/// Find one complete answer at the start of `bytes`; `None` while it is incomplete.
pub(crate) fn frame(bytes: &[u8]) -> Result<Option<Frame>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head_bytes) = response.parse(bytes).context("the answer is not HTTP")?
    else {
        return Ok(None);
    };
    let status = response.code.context("the answer has no status")?;
    let mut length = None;
    let mut is_chunked = false;
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            length = Some(std::str::from_utf8(header.value)?.trim().parse::<usize>()?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            is_chunked = header.value.eq_ignore_ascii_case(b"chunked");
        }
    }
    let bytes_total = if is_chunked {
        match chunked_end(&bytes[head_bytes..])? {
            Some(end) => head_bytes + end,
            None => return Ok(None),
        }
    } else if status == 204 || status == 304 {
        head_bytes
    } else {
        head_bytes + length.context("the answer has neither a length nor chunks")?
    };
    Ok((bytes.len() >= bytes_total).then_some(Frame { status, head_bytes, bytes: bytes_total, is_chunked }))
}

/// Where a chunked body ends; trailers are not supported.
fn chunked_end(body: &[u8]) -> Result<Option<usize>> {
    let mut at = 0;
    while let Some((size, data)) = chunk(body, at)? {
        if size == 0 {
            return Ok((body.len() >= data + 2).then_some(data + 2));
        }
        at = data + size + 2;
    }
    Ok(None)
}

/// The size of the chunk at `at` and where its data begins.
fn chunk(body: &[u8], at: usize) -> Result<Option<(usize, usize)>> {
    let Some(rest) = body.get(at..) else { return Ok(None) };
    match httparse::parse_chunk_size(rest) {
        Ok(httparse::Status::Complete((head, size))) => Ok(Some((usize::try_from(size)?, at + head))),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => bail!("a chunk of the answer has no size"),
    }
}

/// Append a whole request: `head` is the request line's method and path, `headers` end in a line break.
pub(crate) fn write_request(out: &mut Vec<u8>, method: &str, path: &str, headers: &str, body: &[u8]) {
    out.extend_from_slice(method.as_bytes());
    out.push(b' ');
    out.extend_from_slice(path.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    out.extend_from_slice(headers.as_bytes());
    if method != "GET" {
        out.extend_from_slice(
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()).as_bytes(),
        );
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
}

/// A connection for preparations: one call at a time, JSON in and out, anything but success is an error.
pub(crate) struct Caller {
    connection: Connection,
    /// Sent with every call, each line ending in a line break.
    pub(crate) headers: String,
}

impl Caller {
    /// Connect, with headers to send on every call.
    pub(crate) async fn open(address: SocketAddr, headers: &str) -> Result<Self> {
        Ok(Self { connection: Connection::open(address).await?, headers: headers.to_owned() })
    }

    /// Call and return the answer's JSON; `Null` for an empty body.
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.call_with_head(method, path, body).await.map(|(_, value)| value)
    }

    /// As `call`, with the answer's head for its cookies.
    pub(crate) async fn call_with_head(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<(String, Value)> {
        let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body)? };
        let mut request = Vec::new();
        write_request(&mut request, method, path, &self.headers, &body);
        let frame = self.connection.exchange_bounded(&request).await;
        let frame = frame.with_context(|| format!("{method} {path}"))?;
        let answer = self.connection.body(frame)?;
        let text = String::from_utf8_lossy(&answer);
        ensure!((200..300).contains(&frame.status), "{method} {path} was answered {}: {text}", frame.status);
        let value = if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer)? };
        Ok((self.connection.head(frame), value))
    }
}

#[cfg(test)]
mod tests;
