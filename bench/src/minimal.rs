//! The minimal server: the HTTP stack and SQLite that Cairn uses, with group commit and nothing else.
//!
//! It bounds what the stack allows on a machine, so that Cairn's figures can be read as a share of it. No accounts, no
//! permissions, no schema, no validation beyond the JSON parser: whatever Cairn costs above this is the product.

mod store;

use crate::record::PAGE;
use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{Response, StatusCode, header};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Changes, Fields, Record, Store};
use tokio::net::TcpListener;

/// What the minimal server is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Address to listen on
    #[arg(long)]
    listen: SocketAddr,
    /// Directory of the database
    #[arg(long)]
    data: PathBuf,
    /// Where reads run
    #[arg(long, value_enum, default_value = "threads")]
    reads: Reads,
}

/// Where the minimal server's reads run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reads {
    /// On threads of their own, one hop away from the runtime's
    Threads,
    /// On the runtime's threads: faster, but a slow query holds up other requests
    InPlace,
}

type Answer = Result<Response<Body>, StatusCode>;

struct App {
    store: Store,
    reads: Reads,
}

impl App {
    async fn read<T: Send + 'static>(
        self: Arc<Self>,
        query: impl FnOnce(&Store) -> Result<T> + Send + 'static,
    ) -> Result<T, StatusCode> {
        match self.reads {
            Reads::InPlace => query(&self.store).map_err(internal),
            Reads::Threads => match tokio::task::spawn_blocking(move || query(&self.store)).await {
                Ok(read) => read.map_err(internal),
                Err(err) => Err(internal(err.into())),
            },
        }
    }
}

#[derive(Serialize)]
struct Page {
    total: i64,
    records: Vec<Record>,
}

/// Serve until the process is asked to end.
pub(crate) fn serve(options: &Options) -> Result<()> {
    let state = Arc::new(App { store: Store::open(&options.data)?, reads: options.reads });
    let app = Router::new()
        .route("/health", get(async || StatusCode::OK))
        .route("/records", get(list).post(create))
        .route("/records/{id}", get(read).patch(update))
        .with_state(state);
    let cores = std::thread::available_parallelism()?.get();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(cores).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await.context("listening")?;
        let listener = listener.tap_io(|stream| {
            // A connection without it is slower, not wrong.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, app).with_graceful_shutdown(terminated()).await.context("serving")
    })
}

async fn terminated() {
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    if let Ok(mut signal) = signal {
        signal.recv().await;
    }
}

async fn create(State(app): State<Arc<App>>, body: Bytes) -> Answer {
    let fields: Fields = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let record = app.store.create(fields).await.map_err(internal)?;
    json(StatusCode::CREATED, &record)
}

async fn read(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let record = app.read(move |store| store.by_id(&id)).await?;
    json(StatusCode::OK, &record.ok_or(StatusCode::NOT_FOUND)?)
}

async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, body: Bytes) -> Answer {
    let changes: Changes = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let record = app.store.update(id, changes).await.map_err(internal)?;
    json(StatusCode::OK, &record.ok_or(StatusCode::NOT_FOUND)?)
}

async fn list(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let category = query.split('&').find_map(|pair| pair.strip_prefix("category="));
    let category = category.ok_or(StatusCode::BAD_REQUEST)?.to_owned();
    let (total, records) = app.read(move |store| store.page(&category, PAGE)).await?;
    json(StatusCode::OK, &Page { total, records })
}

fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

fn internal(err: anyhow::Error) -> StatusCode {
    eprintln!("{err:#}");
    StatusCode::INTERNAL_SERVER_ERROR
}
