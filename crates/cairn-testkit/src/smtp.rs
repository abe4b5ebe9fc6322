//! A mail server on loopback that keeps what it gets: a test reads there what people would read.
//!
//! It speaks as much SMTP as a client needs to be told apart from a broken one: EHLO, STARTTLS, AUTH, the envelope,
//! dot-stuffing. It runs in threads of its own, so that it answers whatever the test's runtime does.

mod mime;
mod session;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use mime::Mail;

/// The certificate of the sink, which a client has to be told to trust.
pub const CERTIFICATE_PEM: &[u8] = include_bytes!("smtp/localhost.crt.pem");
/// Its key, which is no secret.
const KEY_PEM: &[u8] = include_bytes!("smtp/localhost.key.pem");

/// How long a test waits for a mail before it says that none came.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the sink is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speaks {
    /// Plain text.
    #[default]
    Plain,
    /// Plain text, and encrypted once the client asks.
    StartTls,
    /// Encrypted from the start.
    Tls,
}

/// What a test wants of a sink.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How it is spoken to.
    pub speaks: Speaks,
    /// The name and the password that it asks for.
    pub login: Option<(&'static str, &'static str)>,
}

/// A running sink; it ends with its last owner.
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What the threads of a sink share.
struct Shared {
    options: Options,
    tls: Arc<rustls::ServerConfig>,
    kept: Mutex<Kept>,
    arrived: Condvar,
    is_over: AtomicBool,
}

#[derive(Default)]
struct Kept {
    mails: Vec<Mail>,
    /// Receivers that are answered with this code, the whole address.
    refusals: Vec<(String, u16)>,
    connections: usize,
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    /// A sink that speaks plain text and takes everything.
    pub fn start() -> Self {
        Self::start_with(Options::default())
    }

    /// A sink as the test wants it.
    ///
    /// # Panics
    /// When loopback cannot be listened on.
    pub fn start_with(options: Options) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback can be listened on");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            options,
            tls: session::tls(),
            kept: Mutex::default(),
            arrived: Condvar::new(),
            is_over: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// Its port on `127.0.0.1`.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every mail so far, in the order of arrival.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.kept().mails.clone()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.shared.kept().connections
    }

    /// Answer this receiver with a code such as 451 or 550; 250 takes it again.
    pub fn answer(&self, receiver: &str, code: u16) {
        let mut kept = self.shared.kept();
        kept.refusals.retain(|(known, _)| known != receiver);
        if code != 250 {
            kept.refusals.push((receiver.to_owned(), code));
        }
    }

    /// The mails to this receiver once there are `count` of them. Blocks the thread.
    ///
    /// # Panics
    /// When they do not come.
    #[track_caller]
    pub fn wait_for(&self, receiver: &str, count: usize) -> Vec<Mail> {
        let to = |mails: &[Mail]| -> Vec<Mail> {
            mails
                .iter()
                .filter(|mail| mail.receivers.iter().any(|known| known == receiver))
                .cloned()
                .collect()
        };
        let kept = self.shared.kept();
        let waited =
            self.shared.arrived.wait_timeout_while(kept, PATIENCE, |kept| to(&kept.mails).len() < count);
        let (kept, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let found = to(&kept.mails);
        assert!(found.len() >= count, "{count} mails to {receiver} were expected, {} came", found.len());
        found
    }

    /// The newest mail to this receiver, once there is one.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn last_to(&self, receiver: &str) -> Mail {
        self.wait_for(receiver, 1).pop().expect("at least one")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // The accepting thread looks at the flag once somebody comes.
        drop(TcpStream::connect(self.address));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.is_over.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.kept().connections += 1;
        let shared = Arc::clone(shared);
        std::thread::spawn(move || session::serve(stream, &shared));
    }
}
