//! The server: first the set-up where that is needed, then the whole shop, until somebody stops it.

use crate::{
    contract, demo_shop, http,
    http::{Edge, serve_router},
    measures,
    shop::{Ground, Shop},
    system,
};
use access::Problem;
use anyhow::Context;
use axum::routing::any;
use std::time::Duration;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tower_http::decompression::RequestDecompressionLayer;
use utoipa_axum::router::OpenApiRouter;

/// How long running requests may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the set-up until somebody has done it. `announce` tells the address.
pub async fn serve_setup(ground: &Ground, listener: &TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let routes = access::routes(ground.access.clone()).merge(system::routes_before_setup(ground));
    let routes = routes.merge(contract::routes()).split_for_parts().0.route("/api/{*path}", any(not_yet));
    let router = http::finish(routes, edge(ground));
    let access = ground.access.clone();
    let local = listener.local_addr()?;
    let listener = TcpListener::from_std(clone_listener(listener)?)?;
    tracing::info!(address = %local, "the set-up is served");
    let wait = async move {
        while access.installation().is_none() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // The answer to the set-up itself still has to go out.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let _ = stop.send(true);
    };
    tokio::spawn(wait);
    serve_router(router, listener, &ground.config.http, stopped).await
}

/// Who has just done the set-up asks for the first page while the shop behind it still opens.
async fn not_yet() -> Problem {
    Problem::unavailable("starting").detail("Najimi is opening; ask again in a second.").retry_after(1)
}

fn clone_listener(listener: &TcpListener) -> anyhow::Result<std::net::TcpListener> {
    use std::os::fd::AsFd;
    let owned = listener.as_fd().try_clone_to_owned()?;
    Ok(std::net::TcpListener::from(owned))
}

fn edge(ground: &Ground) -> Edge {
    Edge {
        access: ground.access.clone(),
        trusted_proxies: ground.config.trusted_proxies.as_slice().into(),
        silence_max: Duration::from_secs(ground.config.http.silence_seconds_max),
    }
}

/// Serves the whole shop until a signal, or until one of its parts fails. Requests end first, then what works behind
/// them.
pub async fn serve_shop(
    shop: &Shop,
    listener: TcpListener,
    mut tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
    mut ending: Ending,
) -> anyhow::Result<()> {
    if shop.installation.public_url.starts_with("https://") && shop.ground.config.trusted_proxies.is_empty() {
        tracing::warn!(
            "the public URL is https and `trusted_proxies` is empty: all callers look like the proxy, and one who tries \
             passwords makes all others wait"
        );
    }
    let routes = routes(shop).merge(measures::routes(shop, measures::begin()?)).merge(contract::routes());
    let router = http::finish(routes.split_for_parts().0, edge(&shop.ground));
    let (close, closed) = watch::channel(false);
    let limits = shop.ground.config.http.clone();
    let mut server = tokio::spawn(async move { serve_router(router, listener, &limits, closed).await });
    let failure = tokio::select! {
        () = ending.told() => None,
        ended = tasks.join_next() => ended.map(|ended| ended.map_err(anyhow::Error::from).flatten().err().unwrap_or_else(|| anyhow::anyhow!("a part of the shop has ended by itself"))),
        ended = &mut server => Some(ended.map_err(anyhow::Error::from).flatten().err().unwrap_or_else(|| anyhow::anyhow!("the server has ended by itself"))),
    };
    let _ = close.send(true);
    finish_requests(server).await;
    end_work(shop, tasks, &stop).await;
    failure.map_or(Ok(()), Err)
}

/// Brings what works by itself to an end: what is in memory is written.
pub async fn end_work(shop: &Shop, mut tasks: JoinSet<anyhow::Result<()>>, stop: &watch::Sender<bool>) {
    let _ = stop.send(true);
    let finish = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finish).await.is_err() {
        tracing::warn!("some work did not end in time; it goes on after the next start");
    }
    shop.ground.records.close().await;
}

/// Nothing new is taken; what runs may end.
async fn finish_requests(mut server: JoinHandle<anyhow::Result<()>>) {
    if !server.is_finished() && tokio::time::timeout(GRACE, &mut server).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
        server.abort();
    }
}

/// The routes of all features; `contract` describes the same ones.
fn routes(shop: &Shop) -> OpenApiRouter {
    let router = access::routes(shop.ground.access.clone())
        .merge(customers::api::routes(shop.customers.clone()))
        .merge(segments::routes(shop.segments.clone()))
        .merge(insights::routes(shop.insights.clone()))
        .merge(channels::routes(shop.channels.clone()))
        .merge(engage::routes(shop.engage.clone()))
        .merge(
            collect::ingest::routes(shop.intake.clone(), shop.ground.access.clone())
                .layer(RequestDecompressionLayer::new()),
        )
        .merge(collect::imports::routes(shop.imports.clone()))
        .merge(system::routes(shop));
    match &shop.ground.demo {
        Some(demo) => router.merge(demo_shop::routes(demo.clone(), shop)),
        None => router,
    }
}

/// Somebody's wish that the program ends (Ctrl C or SIGTERM), heard from when this is made.
pub struct Ending {
    terminate: Signal,
    interrupt: Signal,
}

impl Ending {
    /// Listens from now on.
    pub fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("the signals to end cannot be heard");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Resolves when somebody wishes it.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("asked to stop; running work is brought to an end");
    }
}
