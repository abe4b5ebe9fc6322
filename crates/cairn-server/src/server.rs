//! A running server, from its settings to its end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cairn_core::{accesses, background, logs, meter, transactions};
use cairn_std::{Clock, Rng};
use tokio::net::TcpListener;

use crate::admin::{Socket, endpoint};
use crate::config::Config;
use crate::connections;
use crate::site::Site;
use crate::{StartError, start};

#[cfg(test)]
mod tests;

/// A server that listens.
pub struct Server {
    site: Arc<Site>,
    listener: TcpListener,
    address: SocketAddr,
    commands: Option<Socket>,
}

impl Server {
    /// Open the store, put everything together, and listen.
    ///
    /// # Errors
    /// When the data directory, the store or the address cannot be used.
    pub async fn start(config: Config, clock: Clock, rng: Rng) -> Result<Self, StartError> {
        let app = start::open(&config, clock, rng).await?;
        let (listener, address) = start::listen(config.listen, "CAIRN_LISTEN").await?;
        if !config.ignored.is_empty() {
            let names = config.ignored.join(", ");
            tracing::info!("these variables are set and have no use here: {names}");
        }
        let commands = Socket::bind(&config.data);
        Ok(Self { site: Site::new(app, config)?, listener, address, commands })
    }

    /// The address listened on, with the port that the system chose for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The code that the first sign-up to the console must show, while nobody has signed up.
    pub fn setup_code(&self) -> Option<&str> {
        self.site.app.options.console.setup_code.as_deref()
    }

    /// Serve until `stop` resolves, then finish what was accepted and close the store.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { site, listener, address, commands } = self;
        let tasks = site.app.tasks.clone();
        let patience = Duration::from_secs(site.config.shutdown_seconds_max.0 as u64);
        site.metrics.maintain(&tasks);
        background::start(&site.app);
        let app = Arc::clone(&site.app);
        let also = Arc::clone(&app);
        tasks.spawn(|stop| logs::write_regularly(also, stop));
        tasks.spawn(|stop| accesses::write_regularly(app, stop));
        let app = Arc::clone(&site.app);
        tasks.spawn(|stop| meter::write_regularly(app, stop));
        let app = Arc::clone(&site.app);
        tasks.spawn(|stop| transactions::sweep_regularly(app, stop));
        if let Some(commands) = commands {
            let app = Arc::clone(&site.app);
            tasks.spawn(|stop| commands.serve(app, endpoint(address), stop));
        }
        let (serving, max, own) = (Arc::clone(&site), site.config.connections_max.0, tasks.clone());
        tasks.spawn(|stop| connections::accept(listener, serving, max, own, stop));
        stop.await;
        tracing::info!("stopping: finishing what was accepted");
        if tokio::time::timeout(patience, tasks.shutdown()).await.is_err() {
            tracing::warn!("requests were still under way after {} seconds", patience.as_secs());
        }
        // What the last requests have left to be written.
        accesses::write(&site.app).await;
        logs::write(&site.app).await;
        meter::write(&site.app).await;
        // The last owner closes the store: its writers end, its files are checkpointed.
        drop(site);
    }
}
