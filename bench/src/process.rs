//! The servers' processes: started on a port of loopback, watched through `/proc`, ended by their own id.

use crate::clock::now;
use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

const START_S_MAX: u64 = 30;
const STOP_S_MAX: u64 = 10;
const POLL: Duration = Duration::from_micros(200);
/// Linux reports CPU time in this unit on every architecture that this program is built for.
const TICKS_PER_S: f64 = 100.0;
const LOG_BYTES_SHOWN: usize = 2000;

/// A running server.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process to the end of its first successful answer.
    pub(crate) cold_start: Duration,
    child: Child,
}

/// What a process has spent since it started.
#[derive(Clone, Copy, Default)]
pub(crate) struct Usage {
    /// User and system time, of children that ended too.
    pub(crate) cpu_s: f64,
    /// Bytes that it caused to be written to storage.
    pub(crate) written_bytes: u64,
}

impl Usage {
    /// What was spent after `before`.
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self { cpu_s: self.cpu_s - before.cpu_s, written_bytes: self.written_bytes - before.written_bytes }
    }

    /// Add the usage of another slice.
    pub(crate) fn add(&mut self, other: &Self) {
        self.cpu_s += other.cpu_s;
        self.written_bytes += other.written_bytes;
    }
}

/// A port that was free a moment ago. The window is small, and a loss shows as a failed start.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Server {
    /// Start `command`, which listens on `address`, and wait for a 200 on `health`.
    pub(crate) fn start(mut command: Command, address: SocketAddr, health: &str, log: &Path) -> Result<Self> {
        fs::create_dir_all(log.parent().context("a log has a directory")?)?;
        let output = File::create(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let started = now();
        let child =
            command.spawn().with_context(|| format!("starting {}", command.get_program().display()))?;
        let mut server = Self { address, cold_start: Duration::ZERO, child };
        while !answers(address, health) {
            if let Some(status) = server.child.try_wait()? {
                bail!("{} ended with {status}: {}", command.get_program().display(), tail(log));
            }
            let waited = started.elapsed().as_secs();
            ensure!(waited < START_S_MAX, "no answer on {address}{health} in {waited} s: {}", tail(log));
            thread::sleep(POLL);
        }
        server.cold_start = started.elapsed();
        Ok(server)
    }

    /// CPU time and written bytes so far.
    pub(crate) fn usage(&self) -> Result<Usage> {
        let stat = self.proc("stat")?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: u64 = (11..15)
            .map(|field| fields.get(field).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or(0))
            .sum();
        let written_bytes =
            number_after(&self.proc("io")?, "\nwrite_bytes:").context("no write_bytes in io")?;
        Ok(Usage { cpu_s: ticks as f64 / TICKS_PER_S, written_bytes })
    }

    /// Resident memory in bytes.
    pub(crate) fn rss_bytes(&self) -> Result<u64> {
        Ok(number_after(&self.proc("status")?, "\nVmRSS:").context("no VmRSS in status")? * 1024)
    }

    fn proc(&self, file: &str) -> Result<String> {
        let path = format!("/proc/{}/{file}", self.child.id());
        fs::read_to_string(&path).with_context(|| format!("reading {path}"))
    }

    /// Ask the server to end and wait for it; an end by force is an error.
    pub(crate) fn stop(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        let asked = now();
        while self.child.try_wait()?.is_none() {
            ensure!(asked.elapsed().as_secs() < STOP_S_MAX, "a server did not end within {STOP_S_MAX} s");
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers(address: SocketAddr, health: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let request = format!("GET {health} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let is_read = stream.set_read_timeout(Some(Duration::from_secs(2))).is_ok()
        && stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_end(&mut answer).is_ok();
    is_read && answer.starts_with(b"HTTP/1.1 200")
}

fn number_after(text: &str, mark: &str) -> Option<u64> {
    text.split(mark).nth(1)?.split_whitespace().next()?.parse().ok()
}

/// The end of a log, for an error's text.
pub(crate) fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let start = text.len().saturating_sub(LOG_BYTES_SHOWN);
    text.get(start..).unwrap_or(&text).trim().to_owned()
}
