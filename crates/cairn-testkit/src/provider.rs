//! A provider of identity on loopback: it answers what a test wrote, and tells what it was asked.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers in lower case, one a line.
    pub headers: String,
    /// The body.
    pub body: String,
}

/// The provider; it ends when dropped.
pub struct Provider {
    address: SocketAddr,
    inside: Arc<Inside>,
}

#[derive(Default)]
struct Inside {
    answers: Mutex<BTreeMap<String, (u16, String)>>,
    asked: Mutex<Vec<Asked>>,
    is_over: AtomicBool,
}

impl Provider {
    /// Start one; every path answers 404 until told otherwise.
    ///
    /// # Panics
    /// When the machine has no port left.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::new(Inside::default());
        let served = Arc::clone(&inside);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if served.is_over.load(Ordering::Relaxed) {
                    return;
                }
                served.serve(stream);
            }
        });
        Self { address, inside }
    }

    /// Scheme, address and port.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on a path answers this, whatever the query.
    pub fn answer(&self, path: &str, status: u16, body: impl ToString) {
        lock(&self.inside.answers).insert(path.to_owned(), (status, body.to_string()));
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *lock(&self.inside.asked))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.inside.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl Inside {
    fn serve(&self, mut stream: TcpStream) {
        let Some(asked) = read(&mut stream) else { return };
        let path = asked.target.split('?').next().unwrap_or_default().to_owned();
        lock(&self.asked).push(asked);
        let (status, body) =
            lock(&self.answers).get(&path).cloned().unwrap_or_else(|| (404, "{}".to_owned()));
        let head = format!(
            "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all((head + &body).as_bytes());
    }
}

/// One request; `None` where the other side went away.
fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut text = String::new();
    let mut buffer = [0; 4_096];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
            let headers = headers.to_ascii_lowercase();
            let length = headers.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let mut words = line.split(' ').map(str::to_owned);
                let (method, target) = (words.next()?, words.next()?);
                return Some(Asked { method, target, headers, body: body.to_owned() });
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
