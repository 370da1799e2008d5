//! Connections: so many at a time and no more, and none that only waits. Not `axum::serve`, which gives a caller for ever
//! to say what he wants, and to take what he asked for.

use super::stall::Impatient;
use crate::config::HttpConfig;
use axum::{Router, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;

/// How long to wait when no connection can be taken.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);
/// That all places are taken is told this often at the most.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Serves until `stopped`, then lets the requests under way end.
pub async fn serve_router(
    router: Router,
    listener: TcpListener,
    limits: &HttpConfig,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let mut door = Door::new(listener, limits.connections_max);
    let patience = Patience {
        head: Duration::from_secs(limits.head_seconds_max),
        silence: Duration::from_secs(limits.silence_seconds_max),
    };
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = door.accept() => accepted,
            _ = stopped.wait_for(|is_stopped| *is_stopped) => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let _ = stream.set_nodelay(true);
                let is_kept = door.has_room();
                let served = serve_connection(router.clone(), stream, peer, (patience, is_kept), stopped.clone());
                connections.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Too many open files, or a caller who has gone: others are served all the same.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(door);
    while connections.join_next().await.is_some() {}
    Ok(())
}

/// Lets in as many as there are places. Whoever comes when all are taken waits outside, in the queue of the system.
struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    connections_max: usize,
    told_at: Option<Instant>,
}

impl Door {
    fn new(listener: TcpListener, connections_max: usize) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(connections_max)), connections_max, told_at: None }
    }

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        if self.places.available_permits() == 0 {
            self.tell();
        }
        let place = self.places.clone().acquire_owned().await.map_err(io::Error::other)?;
        let (stream, peer) = self.listener.accept().await?;
        Ok((stream, peer, place))
    }

    /// While there is, a caller may keep the connection for the next request. Later each gives the place back.
    fn has_room(&self) -> bool {
        self.places.available_permits() >= self.connections_max / 4
    }

    fn tell(&mut self) {
        if self.told_at.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
            self.told_at = Some(Instant::now());
            tracing::warn!(
                connections_max = self.connections_max,
                "all connections are in use; new ones wait (`http.connections_max`)"
            );
        }
    }
}

/// How long a caller may take.
#[derive(Clone, Copy)]
struct Patience {
    /// To say what he wants.
    head: Duration,
    /// To take the next piece of the answer.
    silence: Duration,
}

/// One connection, until either side ends it.
async fn serve_connection(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    (patience, is_kept): (Patience, bool),
    mut stopped: watch::Receiver<bool>,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head).keep_alive(is_kept);
    let stream = TokioIo::new(Impatient::new(stream, patience.silence));
    let mut connection = std::pin::pin!(http.serve_connection(stream, service));
    let stop = async move {
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection has ended early");
    }
}
