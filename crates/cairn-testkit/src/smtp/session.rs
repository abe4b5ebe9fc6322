//! One connection of a client to the sink.

use std::io::{BufRead as _, BufReader, Read, Result, Write};
use std::net::TcpStream;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{CERTIFICATE_PEM, KEY_PEM, Mail, PATIENCE, Shared, Speaks};

/// Bytes of a line at most; a client that sends more is cut off.
const LINE_BYTES_MAX: u64 = 1_048_576;

/// The sink's side of encryption.
pub(super) fn tls() -> Arc<ServerConfig> {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE_PEM).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY_PEM).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate], key));
    Arc::new(config.expect("the certificate and the key fit"))
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Speak with a client until it leaves.
pub(super) fn serve(stream: TcpStream, shared: &Shared) {
    // A client that is silent for as long as a test is patient is gone.
    if stream.set_read_timeout(Some(PATIENCE)).is_err() {
        return;
    }
    let encrypted = |stream: TcpStream| -> Option<Box<dyn Stream>> {
        let session = ServerConnection::new(Arc::clone(&shared.tls)).ok()?;
        Some(Box::new(StreamOwned::new(session, stream)))
    };
    if shared.options.speaks == Speaks::Tls {
        if let Some(stream) = encrypted(stream) {
            let _ = Talk::new(stream, shared, true).run(true);
        }
        return;
    }
    let Ok(again) = stream.try_clone() else { return };
    if let Ok(End::StartTls) = Talk::new(Box::new(stream), shared, false).run(true)
        && let Some(stream) = encrypted(again)
    {
        let _ = Talk::new(stream, shared, true).run(false);
    }
}

/// How a talk ended.
enum End {
    Left,
    StartTls,
}

struct Talk<'a> {
    stream: BufReader<Box<dyn Stream>>,
    shared: &'a Shared,
    is_encrypted: bool,
    login: Option<(String, String)>,
    sender: String,
    receivers: Vec<String>,
}

impl<'a> Talk<'a> {
    fn new(stream: Box<dyn Stream>, shared: &'a Shared, is_encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self { stream, shared, is_encrypted, login: None, sender: String::new(), receivers: Vec::new() }
    }

    fn run(mut self, greets: bool) -> Result<End> {
        if greets {
            self.say("220 sink")?;
        }
        loop {
            let line = self.line()?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "" | "QUIT" => {
                    self.say("221 bye")?;
                    return Ok(End::Left);
                }
                "EHLO" | "HELO" => self.offer()?,
                "STARTTLS" if self.may_encrypt() => {
                    self.say("220 go on")?;
                    return Ok(End::StartTls);
                }
                "AUTH" => self.auth(rest)?,
                "MAIL" if self.needs_login() => self.say("530 5.7.0 sign in first")?,
                "MAIL" => {
                    self.sender = address(rest);
                    self.say("250 ok")?;
                }
                "RCPT" => self.receiver(&address(rest))?,
                "DATA" => self.data()?,
                "RSET" | "NOOP" => self.say("250 ok")?,
                _ => self.say("502 5.5.1 not known here")?,
            }
        }
    }

    fn may_encrypt(&self) -> bool {
        self.shared.options.speaks == Speaks::StartTls && !self.is_encrypted
    }

    fn needs_login(&self) -> bool {
        self.shared.options.login.is_some() && self.login.is_none()
    }

    fn offer(&mut self) -> Result<()> {
        let mut offers = vec!["sink", "8BITMIME"];
        if self.may_encrypt() {
            offers.push("STARTTLS");
        }
        if self.shared.options.login.is_some() {
            offers.push("AUTH PLAIN LOGIN");
        }
        let last = offers.len() - 1;
        for (place, offer) in offers.into_iter().enumerate() {
            self.say(&format!("250{}{offer}", if place == last { ' ' } else { '-' }))?;
        }
        Ok(())
    }

    fn auth(&mut self, rest: &str) -> Result<()> {
        let (mechanism, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let shown = if mechanism.eq_ignore_ascii_case("LOGIN") {
            let name = if first.is_empty() { self.ask("VXNlcm5hbWU6")? } else { decoded(first) };
            (name, self.ask("UGFzc3dvcmQ6")?)
        } else {
            let all = if first.is_empty() { self.ask("")? } else { decoded(first) };
            let mut parts = all.split('\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        };
        let is_known =
            self.shared.options.login.is_some_and(|(name, password)| shown.0 == name && shown.1 == password);
        if is_known {
            self.login = Some(shown);
            self.say("235 2.7.0 welcome")
        } else {
            self.say("535 5.7.8 name or password are wrong")
        }
    }

    fn ask(&mut self, question: &str) -> Result<String> {
        self.say(&format!("334 {question}"))?;
        Ok(decoded(&self.line()?))
    }

    fn receiver(&mut self, receiver: &str) -> Result<()> {
        let refusals = self.shared.kept().refusals.clone();
        if let Some((_, code)) = refusals.iter().find(|(known, _)| known == receiver) {
            return self.say(&format!("{code} not this one"));
        }
        self.receivers.push(receiver.to_owned());
        self.say("250 ok")
    }

    fn data(&mut self) -> Result<()> {
        if self.receivers.is_empty() {
            return self.say("503 5.5.1 for whom?");
        }
        self.say("354 go on")?;
        let mut text = String::new();
        loop {
            let line = self.line()?;
            if line == "." {
                break;
            }
            // A dot at the beginning was doubled on the way.
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        let mail = Mail {
            sender: std::mem::take(&mut self.sender),
            receivers: std::mem::take(&mut self.receivers),
            login: self.login.clone(),
            is_encrypted: self.is_encrypted,
            source: text,
        };
        self.shared.kept().mails.push(mail);
        self.shared.arrived.notify_all();
        self.say("250 2.0.0 kept")
    }

    fn line(&mut self) -> Result<String> {
        let mut bytes = Vec::new();
        self.stream.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes())?;
        stream.flush()
    }
}

/// `<ada@example.com>` of `FROM:<ada@example.com> BODY=8BITMIME`.
fn address(rest: &str) -> String {
    let start = rest.find('<').map_or(0, |at| at + 1);
    let end = rest[start..].find('>').map_or(rest.len(), |at| start + at);
    rest[start..end].to_owned()
}

fn decoded(text: &str) -> String {
    let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
