//! Measurements for Prometheus: how long requests take, how far the pipeline is behind, where messages and jobs stand.
//!
//! Only this machine may ask, or whoever has the token of the configuration.

use crate::{http, shop::Shop};
use access::{Access, Problem};
use anyhow::Context;
use axum::{
    extract::{ConnectInfo, FromRequestParts, State},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use collect::ingest::Intake;
use history_engine::History;
use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use records::{Dialect, FromQueryResult, Reader, Records, RecordsResult, Sql};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Upper bounds in seconds: what a person does not notice, notices, and waits for.
const REQUEST_SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often old observations are folded together.
const UPKEEP: Duration = Duration::from_secs(5);
/// Counting all messages takes a second where there are millions.
const COUNT_AGAIN: Duration = Duration::from_secs(30);

/// Begins to measure; once in a process.
pub fn begin() -> anyhow::Result<PrometheusHandle> {
    let matcher = Matcher::Full("najimi_http_request_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(matcher, REQUEST_SECONDS)?;
    let handle = builder.install_recorder().context("measurements are taken already")?;
    let folded = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            folded.run_upkeep();
        }
    });
    describe();
    gauge!("najimi_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_histogram!(
        "najimi_http_request_seconds",
        Unit::Seconds,
        "Time until the answer began, by route and status"
    );
    describe_counter!(
        "najimi_events_processed_total",
        "Events that the pipeline has worked through since the start, by lane"
    );
    describe_gauge!("najimi_build_info", "The version that runs");
    describe_gauge!("najimi_journal_events", "Events taken in so far, by lane");
    describe_gauge!("najimi_lag_events", "Events taken in and not worked through yet, by lane");
    describe_gauge!("najimi_history_waiting_rows", "Rows that the history holds in memory and has not written yet");
    describe_gauge!("najimi_journal_open", "1 while events can be taken in");
    describe_gauge!("najimi_messages", "Messages by state");
    describe_gauge!("najimi_jobs", "Jobs by state");
    describe_gauge!("najimi_records_up", "1 while the records database answers");
    describe_gauge!(
        "najimi_records_answer_seconds",
        Unit::Seconds,
        "Time that the records database took for a smallest question"
    );
    describe_gauge!("najimi_records_bytes", Unit::Bytes, "Size of the records database");
    describe_gauge!("najimi_memory_bytes", Unit::Bytes, "Resident memory of the process");
}

/// What is asked at each visit.
#[derive(Clone)]
pub struct Measures {
    handle: PrometheusHandle,
    token: Arc<str>,
    access: Access,
    records: Records,
    intake: Intake,
    history: History,
    counted_at: Arc<Mutex<Option<Instant>>>,
}

/// The route of the measurements.
pub fn routes(shop: &Shop, handle: PrometheusHandle) -> OpenApiRouter {
    router().with_state(Measures {
        handle,
        token: shop.ground.config.metrics_token.as_str().into(),
        access: shop.ground.access.clone(),
        records: shop.ground.records.clone(),
        intake: shop.intake.clone(),
        history: shop.history.clone(),
        counted_at: Arc::default(),
    })
}

/// What the route is, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Measures> {
    OpenApiRouter::new().routes(routes!(get_metrics))
}

/// Measurements in the text format of Prometheus. This machine may ask, or whoever brings `metrics_token` of the
/// configuration as a bearer token.
#[utoipa::path(get, path = "/metrics", tag = "system",
    responses((status = 200, content_type = "text/plain"), (status = 401, body = Problem), (status = 403, body = Problem)), security(()))]
async fn get_metrics(_: Observer, State(measures): State<Measures>) -> ([(HeaderName, &'static str); 1], String) {
    measures.take().await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], measures.handle.render())
}

/// Somebody who may see measurements.
struct Observer;

impl FromRequestParts<Measures> for Observer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, measures: &Measures) -> Result<Self, Problem> {
        if !measures.token.is_empty() {
            let is_known = bearer(&parts.headers).is_some_and(|token| is_same(token, &measures.token));
            return if is_known { Ok(Self) } else { Err(token_missing()) };
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        // With an https address a proxy stands in front, which need not say for whom it asks.
        let is_proxied = measures.access.installation().is_some_and(|known| known.public_url.starts_with("https://"))
            || http::is_forwarded(&parts.headers);
        let is_here = peer.is_some_and(|peer| peer.to_canonical().is_loopback()) && !is_proxied;
        if is_here { Ok(Self) } else { Err(from_elsewhere()) }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Takes as long for a wrong token as for a right one.
fn is_same(one: &str, other: &str) -> bool {
    let difference = one.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    one.len() == other.len() && difference == 0
}

fn token_missing() -> Problem {
    Problem::unauthorized("metrics_token_wrong")
        .detail("Measurements need the token of the configuration.")
        .hint("Send `metrics_token` as `Authorization: Bearer`.")
}

fn from_elsewhere() -> Problem {
    Problem::forbidden("metrics_from_elsewhere")
        .detail("Measurements are shown to this machine only.")
        .hint("Set `metrics_token` in the configuration and send it as a bearer token.")
}

#[derive(FromQueryResult)]
struct StateRow {
    state: String,
    number: i64,
}

impl Measures {
    async fn take(&self) {
        let lag = self.intake.lag();
        for (lane, journal, waiting) in
            [("live", &self.intake.live, lag.live), ("backfill", &self.intake.backfill, lag.backfill)]
        {
            gauge!("najimi_journal_events", "lane" => lane).set(journal.end() as f64);
            gauge!("najimi_lag_events", "lane" => lane).set(waiting as f64);
            gauge!("najimi_journal_open", "lane" => lane).set(if journal.is_open() { 1.0 } else { 0.0 });
        }
        gauge!("najimi_history_waiting_rows").set(self.history.waiting_rows() as f64);
        if let Some(bytes) = memory_bytes() {
            gauge!("najimi_memory_bytes").set(bytes as f64);
        }
        let answer = self.ask_records().await;
        gauge!("najimi_records_up").set(if answer.is_ok() { 1.0 } else { 0.0 });
        if let Err(error) = answer {
            tracing::warn!(%error, "the records could not be measured");
        }
    }

    async fn ask_records(&self) -> RecordsResult<()> {
        let (reader, began) = (self.records.reader(), Instant::now());
        reader.scalar::<i64>("SELECT CAST(1 AS BIGINT) AS value", vec![]).await?;
        gauge!("najimi_records_answer_seconds").set(began.elapsed().as_secs_f64());
        let bytes = match self.records.dialect() {
            Dialect::Sqlite => "SELECT page_count * page_size AS value FROM pragma_page_count(), pragma_page_size()",
            Dialect::Postgres => "SELECT pg_database_size(current_database()) AS value",
        };
        let bytes = reader.scalar::<i64>(bytes, vec![]).await?.unwrap_or_default();
        gauge!("najimi_records_bytes").set(bytes as f64);
        let mut counted_at = self.counted_at.lock().await;
        if counted_at.is_none_or(|at| at.elapsed() >= COUNT_AGAIN) {
            self.count(&reader).await?;
            *counted_at = Some(Instant::now());
        }
        Ok(())
    }

    async fn count(&self, reader: &Reader) -> RecordsResult<()> {
        for (name, text, states) in [
            ("najimi_messages", MESSAGES, MESSAGE_STATES),
            ("najimi_jobs", "SELECT state, COUNT(*) AS number FROM jobs GROUP BY state", JOB_STATES),
        ] {
            let rows = reader.all::<StateRow>(text, vec![]).await?;
            for state in states {
                let number = rows.iter().find(|row| row.state == *state).map_or(0, |row| row.number);
                gauge!(name, "state" => *state).set(number as f64);
            }
        }
        Ok(())
    }
}

const MESSAGES: &str = "SELECT state, COUNT(*) AS number FROM messages GROUP BY state";
const MESSAGE_STATES: &[&str] =
    &["queued", "claimed", "handed", "accepted", "captured", "failed", "unknown", "held", "skipped"];
const JOB_STATES: &[&str] = &["queued", "running", "done", "failed", "cancelled"];

/// Resident memory, as Linux tells it.
fn memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_same_only_when_whole() {
        for (one, other, same) in [("abc", "abc", true), ("abc", "abd", false), ("ab", "abc", false), ("", "a", false)]
        {
            assert_eq!(is_same(one, other), same, "{one} {other}");
        }
    }
}
