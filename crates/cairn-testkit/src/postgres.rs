//! A real PostgreSQL for tests: a cluster of its own in a temporary directory, reached over a unix socket.
//!
//! INVARIANT: a cluster ends with the test process, also when that is killed, and leaves no file behind. A small
//! shell stands between the two and reads from a pipe that only the test process holds: a line is a signal to pass
//! on, the end of the pipe means that the process is gone.
//!
//! The clusters' default collation is a linguistic one on purpose: SQL that forgets `COLLATE "C"` sorts wrongly here.

mod pooler;

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

pub use pooler::Pooler;
use tokio_postgres::{NoTls, SimpleQueryMessage};

/// Superuser of every cluster; connections over the socket need no password.
pub const USER: &str = "cairn";

/// The account that runs the server when the tests run as root, which PostgreSQL refuses to.
const SYSTEM_USER: &str = "postgres";

/// Passes signals on and cleans up: `sh -c SUPERVISE sh DIR COMMAND..`.
const SUPERVISE: &str = r#"
dir=$1; shift
"$@" 2>&1 &
server=$!
exec >/dev/null 2>&1
if read -r signal; then kill -s "$signal" "$server"; wait "$server"
else kill -s INT "$server"; wait "$server"; rm -rf "$dir"; fi
"#;

/// What the server says when it can be used.
const READY: &str = "database system is ready to accept connections";

const MISSING: &str = "PostgreSQL 15 or newer is not installed: run `cargo xtask test` as root, which installs it, \
                       or install your system's package `postgresql`";

/// Settings of a cluster.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether commits reach the disk. Off is faster and refused by a product that promises durability.
    pub fsync: bool,
    /// The server's `max_connections`.
    pub connections_max: u16,
    /// Further settings by name, as on the server's command line.
    pub settings: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { fsync: true, connections_max: 200, settings: Vec::new() }
    }
}

/// A running (or deliberately stopped) cluster. Dropping it ends it and removes its files.
#[derive(Debug)]
pub struct Postgres {
    dir: PathBuf,
    bin: PathBuf,
    options: Options,
    server: Mutex<Option<Server>>,
    databases: AtomicU32,
}

/// The supervising shell and the pipe that keeps it alive.
#[derive(Debug)]
struct Server {
    shell: Child,
    pipe: ChildStdin,
}

/// How a server is told to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    /// Roll back and shut down in order (`pg_ctl stop -m fast`).
    Fast,
    /// Abandon everything, as a crash does (`pg_ctl stop -m immediate`).
    Immediate,
}

impl Postgres {
    /// The cluster that all tests of this process share; started at first use.
    ///
    /// Make a database per test in it. Tests that stop the server take one of their own from [`Postgres::start`].
    ///
    /// # Panics
    /// Where PostgreSQL is missing or does not start, with what to do about it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Options::default()).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Start a cluster of one's own.
    pub fn start(options: Options) -> io::Result<Self> {
        let bin = find_binaries().ok_or_else(|| io::Error::other(MISSING))?;
        let dir = tempfile::Builder::new().prefix("cairn-pg-").tempdir()?;
        if let Some((uid, gid)) = account_for(dir.path())? {
            chown(dir.path(), Some(uid), Some(gid))?;
        }
        initialise(&bin, dir.path())?;
        let (server, databases) = (Mutex::new(None), AtomicU32::new(0));
        let cluster = Self { dir: dir.keep(), bin, options, server, databases };
        cluster.restart()?;
        Ok(cluster)
    }

    /// Address of a database in this cluster, as a URL.
    pub fn dsn(&self, database: &str) -> String {
        dsn_at(&self.dir, database)
    }

    /// Create an empty database and return its DSN. `name` tells a reader whose it is; a number makes it unique.
    pub async fn create_database(&self, name: &str) -> Result<String, tokio_postgres::Error> {
        self.create_database_from("template0", name).await
    }

    /// Create a database as a copy of the one named `template` and return its DSN.
    ///
    /// Nobody may be connected to the template meanwhile. A copy costs far less than running migrations.
    pub async fn create_database_from(
        &self,
        template: &str,
        name: &str,
    ) -> Result<String, tokio_postgres::Error> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let unique = format!("{name}_{number}");
        let sql = format!("CREATE DATABASE {} TEMPLATE {}", quoted(&unique), quoted(template));
        self.run("postgres", &sql).await?;
        Ok(self.dsn(&unique))
    }

    /// Run SQL as the superuser, for what a test does behind the product's back. Rows come as text.
    pub async fn run(
        &self,
        database: &str,
        sql: &str,
    ) -> Result<Vec<SimpleQueryMessage>, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.dsn(database), NoTls).await?;
        let query = async move { client.simple_query(sql).await };
        let (answer, _) = tokio::join!(query, connection);
        answer
    }

    /// Stop as a crash does: no checkpoint, connections cut. The files stay; [`Postgres::restart`] recovers them.
    pub fn stop_immediate(&self) -> io::Result<()> {
        self.stop(Stop::Immediate)
    }

    /// Stop in order: running transactions are rolled back, a checkpoint is written.
    pub fn stop_fast(&self) -> io::Result<()> {
        self.stop(Stop::Fast)
    }

    /// Start the server, stopping it in order first where it runs; returns once it accepts connections.
    ///
    /// Address and databases stay what they were.
    pub fn restart(&self) -> io::Result<()> {
        self.stop_fast()?;
        let server = Server::start(self.command(), &self.dir, READY)?;
        *self.lock() = Some(server);
        Ok(())
    }

    fn stop(&self, how: Stop) -> io::Result<()> {
        let server = self.lock().take();
        server.map_or(Ok(()), |server| server.stop(how))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self) -> Vec<String> {
        let mut command = as_system_user(&self.dir);
        command.push(self.bin.join("postgres").display().to_string());
        command.extend(["-D".to_owned(), self.dir.join("data").display().to_string()]);
        let dir = self.dir.display();
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={dir}"),
            format!("fsync={}", if self.options.fsync { "on" } else { "off" }),
            format!("max_connections={}", self.options.connections_max),
            "shared_buffers=32MB".to_owned(),
            "logging_collector=off".to_owned(),
            "log_destination=stderr".to_owned(),
        ];
        settings.extend(self.options.settings.iter().map(|(name, value)| format!("{name}={value}")));
        command.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(server) = self.lock().take() {
            server.end();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Server {
    /// Run `command` under the supervising shell and wait for the line that says it is ready.
    fn start(command: Vec<String>, dir: &Path, ready: &str) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SUPERVISE, "sh"])
            .arg(dir)
            .args(command)
            .current_dir("/")
            .process_group(0) // so that an interrupt at the terminal reaches us first
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = shell.stdin.take().expect("stdin is piped");
        let mut log = BufReader::new(shell.stdout.take().expect("stdout is piped"));
        let mut said = String::new();
        loop {
            let start = said.len();
            if log.read_line(&mut said)? == 0 {
                return Err(io::Error::other(format!("the server ended while starting:\n{said}")));
            }
            if said[start..].contains(ready) {
                break;
            }
        }
        // The pipe must be drained for as long as the server lives, or its log would block it.
        std::thread::spawn(move || io::copy(&mut log, &mut io::sink()));
        Ok(Self { shell, pipe })
    }

    /// End it and have its files removed.
    fn end(self) {
        let Self { mut shell, pipe } = self;
        drop(pipe); // its end tells the shell to clean up
        let _ = shell.wait();
    }

    fn stop(mut self, how: Stop) -> io::Result<()> {
        let signal: &[u8] = match how {
            Stop::Fast => b"INT\n",
            Stop::Immediate => b"QUIT\n",
        };
        self.pipe.write_all(signal)?;
        self.shell.wait()?;
        Ok(())
    }
}

/// Address of a database behind the socket in `dir`, as a URL.
fn dsn_at(dir: &Path, database: &str) -> String {
    let mut host = String::new();
    for byte in dir.as_os_str().as_encoded_bytes() {
        let _ = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                write!(host, "{}", *byte as char)
            }
            _ => write!(host, "%{byte:02X}"),
        };
    }
    format!("postgres://{USER}@{host}/{database}")
}

/// The newest installed server, where Debian, others, and local builds put them.
fn find_binaries() -> Option<PathBuf> {
    let versioned = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versioned
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, _)| *version >= 15)
        .collect();
    found.sort();
    let others = ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from);
    let all = found.into_iter().rev().map(|(_, path)| path).chain(others);
    all.into_iter().find(|path| path.join("initdb").exists() && path.join("postgres").exists())
}

/// The account that must own the files, where that is not the one that runs the tests.
fn account_for(dir: &Path) -> io::Result<Option<(u32, u32)>> {
    if std::fs::metadata(dir)?.uid() != 0 {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    let account = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next()? == SYSTEM_USER;
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        is_it.then_some((uid, gid))
    });
    account.map(Some).ok_or_else(|| io::Error::other(format!("no account `{SYSTEM_USER}`: {MISSING}")))
}

/// The prefix that runs a command as the owner of `dir`: nothing, unless that is somebody else than us.
fn as_system_user(dir: &Path) -> Vec<String> {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let is_foreign = std::fs::metadata(dir).is_ok_and(|dir| dir.uid() != 0);
    if !(is_root && is_foreign) {
        return Vec::new();
    }
    ["setpriv", "--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--init-groups", "--"]
        .map(str::to_owned)
        .to_vec()
}

fn initialise(bin: &Path, dir: &Path) -> io::Result<()> {
    let mut command = as_system_user(dir);
    command.push(bin.join("initdb").display().to_string());
    command.extend([
        "-D".to_owned(),
        dir.join("data").display().to_string(),
        "-U".to_owned(),
        USER.to_owned(),
    ]);
    let settings = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"];
    command.extend(settings.map(str::to_owned));
    command.extend(["--locale-provider=icu", "--icu-locale=en-US"].map(str::to_owned));
    let output = Command::new(&command[0]).args(&command[1..]).current_dir("/").output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("initdb failed ({}):\n{said}", output.status)))
}

/// An SQL identifier in quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
