//! The server: first the set-up where that is needed, then the whole shop, until somebody stops it.

use crate::{
    demo_shop,
    shop::{Ground, Shop},
    system, web,
};
use access::Problem;
use anyhow::Context;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    routing::any,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, decompression::RequestDecompressionLayer,
    set_header::SetResponseHeaderLayer,
};
use utoipa_axum::router::OpenApiRouter;

/// Bytes of a request where a route says nothing else.
const BODY_BYTES_MAX: usize = 2 << 20;
/// How long running requests may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the set-up until somebody has done it. `announce` tells the address.
pub async fn serve_setup(ground: &Ground, listener: &TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let router = access::routes(ground.access.clone()).split_for_parts().0.route("/api/{*path}", any(not_yet));
    let router = finish(router);
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
    serve_router(router, listener, stopped).await
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

/// Serves the whole shop until a signal, or until one of its parts fails.
pub async fn serve_shop(
    shop: &Shop,
    listener: TcpListener,
    mut tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
) -> anyhow::Result<()> {
    let router = finish(routes(shop));
    let stopped = stop.subscribe();
    let mut server = tokio::spawn(serve_router(router, listener, stopped));
    let failure = tokio::select! {
        _ = signal() => None,
        ended = tasks.join_next() => ended.map(|ended| ended.map_err(anyhow::Error::from).flatten().err().unwrap_or_else(|| anyhow::anyhow!("a part of the shop has ended by itself"))),
        ended = &mut server => Some(ended.map_err(anyhow::Error::from).flatten().err().unwrap_or_else(|| anyhow::anyhow!("the server has ended by itself"))),
    };
    let _ = stop.send(true);
    let finish = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finish).await.is_err() {
        tracing::warn!("some work did not end in time; it goes on after the next start");
    }
    shop.ground.records.close().await;
    failure.map_or(Ok(()), Err)
}

async fn serve_router(router: Router, listener: TcpListener, mut stopped: watch::Receiver<bool>) -> anyhow::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let until = async move {
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
    };
    axum::serve(listener, service).with_graceful_shutdown(until).await.context("the server has failed")
}

/// All routes with their description.
pub fn open_api(shop: &Shop) -> OpenApiRouter {
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

fn routes(shop: &Shop) -> Router {
    let (router, api) = open_api(shop).split_for_parts();
    let description = serde_json::to_string(&api).unwrap_or_default();
    router
        .route(
            "/api/openapi.json",
            axum::routing::get(move || {
                let description = description.clone();
                async move { ([(header::CONTENT_TYPE, "application/json")], description) }
            }),
        )
        .merge(channels::public_routes(shop.channels.clone()))
}

/// What all answers share: the web application behind them, limits, compression, and the headers that browsers need.
fn finish(router: Router) -> Router {
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    router
        .fallback(web::page)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CompressionLayer::new())
        .layer(header("content-security-policy", CONTENT_SECURITY_POLICY))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"))
        .layer(header("cross-origin-opener-policy", "same-origin"))
        .layer(CatchPanicLayer::new())
}

/// Scripts come from our own files only; mails are shown in frames without scripts.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
    frame-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'";

async fn signal() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "the signal to end cannot be heard; use Ctrl C");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("asked to stop; running work is brought to an end");
}
