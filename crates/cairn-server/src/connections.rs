//! From sockets to requests: accepting, serving with keep-alive, and ending without dropping what was accepted.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use cairn_http::caching::compression_layer;
use cairn_std::Tasks;
use cairn_std::tasks::Stop;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Layer as _;

/// A client that sends nothing for this long is let go.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// Bytes of a request's head at most; also the least that is read at once.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// When the system has no more sockets to give, accepting rests for this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What answers the requests of a listener.
pub(crate) trait Answers: Send + Sync + 'static {
    /// Answer a request of the client at `peer`.
    fn handle(
        self: Arc<Self>,
        request: Request<Body>,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Response<Body>, Infallible>> + Send;
}

/// Accept at most `connections_max` connections until the process stops; each is a task that the shutdown waits for.
pub(crate) async fn accept(
    listener: TcpListener,
    site: Arc<impl Answers>,
    connections_max: usize,
    tasks: Tasks,
    stop: Stop,
) {
    let free = Arc::new(Semaphore::new(connections_max));
    loop {
        let next = async {
            let permit = Arc::clone(&free).acquire_owned().await;
            (listener.accept().await, permit.expect("the semaphore is never closed"))
        };
        let (accepted, permit) = tokio::select! {
            next = next => next,
            () = stop.requested() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let site = Arc::clone(&site);
                tasks.spawn(|stop| serve(stream, peer, site, stop, permit));
            }
            Err(error) => rest(&error).await,
        }
    }
}

/// A connection that its client gave up is nothing; a lack of sockets passes.
async fn rest(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(%error, "a connection cannot be accepted");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}

/// Serve one connection: until its client ends it, or the request under way when the server stops is answered.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    site: Arc<impl Answers>,
    stop: Stop,
    _permit: OwnedSemaphorePermit,
) {
    // Answers are written whole: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let handle = move |request: Request<Incoming>| {
        let site = Arc::clone(&site);
        async move { site.handle(request.map(Body::new), peer.ip()).await }
    };
    let service = compression_layer().layer(tower::service_fn(handle));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    // No more than 100 headers are read: hyper's own bound, which to repeat would cost every request an allocation.
    http.max_buf_size(HEAD_BYTES_MAX);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}
