//! A real PgBouncer in front of a cluster, in transaction mode: it lends a connection of the engine for one transaction.
//!
//! Few connections of the engine serve many of the clients, so that whoever leaves something on one (a prepared statement, a
//! setting, a lock) meets what others left.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::{Postgres, Server, USER, account_for, as_system_user, dsn_at};

/// Connections of the engine that all clients of a database share.
const CONNECTIONS: u16 = 3;
/// Names the socket, on which alone it listens.
const PORT: u16 = 5432;

const MISSING: &str = "PgBouncer is not installed: run `cargo xtask test` as root, which installs it, or install your \
                       system's package `pgbouncer`";

/// A running pooler. Dropping it ends it and removes its files.
#[derive(Debug)]
pub struct Pooler {
    dir: PathBuf,
    server: Mutex<Option<Server>>,
}

impl Pooler {
    /// The pooler in front of [`Postgres::shared`] that all tests of this process share.
    ///
    /// # Panics
    /// Where PgBouncer is missing or does not start, with what to do about it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Pooler> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Postgres::shared()).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Start a pooler in front of all databases of a cluster.
    pub fn start(cluster: &Postgres) -> io::Result<Self> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let program = program.into_iter().find(|path| std::path::Path::new(path).exists());
        let program = program.ok_or_else(|| io::Error::other(MISSING))?;
        let dir = tempfile::Builder::new().prefix("cairn-pool-").tempdir()?;
        let settings = dir.path().join("pgbouncer.ini");
        let (engine, own) = (cluster.dir.display(), dir.path().display());
        std::fs::write(
            &settings,
            format!(
                "[databases]\n* = host={engine} port={PORT} user={USER}\n[pgbouncer]\nlisten_addr =\n\
                 listen_port = {PORT}\nunix_socket_dir = {own}\nauth_type = any\npool_mode = transaction\n\
                 default_pool_size = {CONNECTIONS}\nmax_client_conn = 200\n"
            ),
        )?;
        if let Some((uid, gid)) = account_for(dir.path())? {
            for path in [dir.path(), &settings] {
                std::os::unix::fs::chown(path, Some(uid), Some(gid))?;
            }
        }
        let mut command = as_system_user(dir.path());
        command.extend([program.to_owned(), settings.display().to_string()]);
        let server = Server::start(command, dir.path(), "process up")?;
        Ok(Self { dir: dir.keep(), server: Mutex::new(Some(server)) })
    }

    /// Address of a database through the pooler, from the one that [`Postgres::create_database`] gave.
    pub fn dsn(&self, direct: &str) -> String {
        dsn_at(&self.dir, direct.rsplit('/').next().expect("a DSN has a path"))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        if let Some(server) = self.server.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            server.end();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
