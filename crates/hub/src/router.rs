//! The wire: a plain function from a hub to its HTTP routes. Knows status codes and media types, decides nothing.
//!
//! A signed answer always comes with 200 and its own media type; everything else is JSON `{code, message}`.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Serialize;
use xiangbao_core::journal::{
    Limits, RECEIPT_MEDIA_TYPE, RECEIPTS_MEDIA_TYPE, hex, is_station_id, receipt_query, unhex,
};

use crate::enrol::{EnrolRefusal, EnrolRequest};
use crate::{IngestRefusal, SharedHub, StoreError};

/// The header with the station's signature over `receipt_query`, hexadecimal.
pub const SIGNATURE_HEADER: &str = "x-xiangbao-signature";
/// Enrolment requests are small, in bytes.
const MAX_ENROL_BYTES: usize = 4 * 1024;
/// Receipts in one answer.
const RECEIPTS_PER_ANSWER: usize = 8;

/// The routes of a hub.
///
/// `POST /v1/batches` · `POST /v1/stations` · `GET /v1/stations/{id}/receipts/{from}` · `GET /v1/key` ·
/// `GET /v1/health`.
pub fn router(hub: SharedHub) -> Router {
    Router::new()
        .route("/v1/batches", post(batches).layer(DefaultBodyLimit::max(Limits::V1.sealed_bytes)))
        .route("/v1/stations", post(stations).layer(DefaultBodyLimit::max(MAX_ENROL_BYTES)))
        .route("/v1/stations/{id}/receipts/{from}", get(receipts))
        .route("/v1/key", get(key))
        .route("/v1/health", get(health))
        .with_state(hub)
}

#[derive(Serialize)]
struct Complaint {
    code: &'static str,
    message: String,
}

fn complain(status: StatusCode, code: &'static str, message: impl ToString) -> Response {
    (status, Json(Complaint { code, message: message.to_string() })).into_response()
}

/// Database work must not stand on the threads that serve connections.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Response> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        complain(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the hub failed; send again later")
    })
}

async fn batches(State(hub): State<SharedHub>, body: Bytes) -> Response {
    let taken = aside(move || hub.take_batch(&body)).await;
    match taken {
        Ok(Ok(receipt)) => ([(header::CONTENT_TYPE, RECEIPT_MEDIA_TYPE)], receipt).into_response(),
        Ok(Err(refusal)) => refused(&refusal),
        Err(response) => response,
    }
}

fn refused(refusal: &IngestRefusal) -> Response {
    let (status, code) = match refusal {
        IngestRefusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        IngestRefusal::Upgrade(_) => (StatusCode::UPGRADE_REQUIRED, "upgrade"),
        IngestRefusal::UnknownStation => (StatusCode::NOT_FOUND, "unknown_station"),
        IngestRefusal::Signature => (StatusCode::UNAUTHORIZED, "signature"),
        IngestRefusal::WrongCity => (StatusCode::UNPROCESSABLE_ENTITY, "wrong_city"),
        IngestRefusal::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
        // What a database says may name paths and rows: it stays here.
        IngestRefusal::Store(_) => return busy(),
    };
    complain(status, code, refusal)
}

fn busy() -> Response {
    complain(StatusCode::SERVICE_UNAVAILABLE, "store", "the hub could not store it; send again later")
}

async fn stations(State(hub): State<SharedHub>, Json(request): Json<EnrolRequest>) -> Response {
    match aside(move || hub.enrol(&request)).await {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(refusal @ EnrolRefusal::Code)) => complain(StatusCode::FORBIDDEN, "code", refusal),
        Ok(Err(EnrolRefusal::Request(what))) => complain(StatusCode::BAD_REQUEST, "request", what),
        Ok(Err(EnrolRefusal::Store(_))) => busy(),
        Err(response) => response,
    }
}

async fn receipts(
    State(hub): State<SharedHub>,
    Path((station, from)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Response {
    let signature = headers
        .get(SIGNATURE_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(unhex::<64>)
        .map(|bytes| Signature::from_bytes(&bytes));
    let Some(signature) = signature.filter(|_| is_station_id(&station)) else { return nobody() };
    let found = aside(move || -> Result<Option<Vec<u8>>, StoreError> {
        let mut framed = None;
        hub.store.read(&mut |tables| {
            let Some(row) = tables.newest_epoch(&station)? else { return Ok(()) };
            let asked = receipt_query(&station, row.epoch, from);
            let key = VerifyingKey::from_bytes(&row.key);
            if key.is_ok_and(|key| key.verify_strict(&asked, &signature).is_ok()) {
                framed = Some(frame(tables.receipts(&station, row.epoch, from, RECEIPTS_PER_ANSWER)?));
            }
            Ok(())
        })?;
        Ok(framed)
    });
    match found.await {
        Ok(Ok(Some(body))) => ([(header::CONTENT_TYPE, RECEIPTS_MEDIA_TYPE)], body).into_response(),
        Ok(Ok(None)) => nobody(),
        Ok(Err(_)) => busy(),
        Err(response) => response,
    }
}

/// One answer for an unknown station and a wrong signature: who is enrolled is not told.
fn nobody() -> Response {
    complain(StatusCode::UNAUTHORIZED, "signature", "not signed by an enrolled station")
}

fn frame(receipts: Vec<Vec<u8>>) -> Vec<u8> {
    let mut body = Vec::new();
    for receipt in receipts {
        // A receipt is at most 2 MiB.
        body.extend_from_slice(&u32::try_from(receipt.len()).unwrap_or(0).to_be_bytes());
        body.extend_from_slice(&receipt);
    }
    body
}

#[derive(Serialize)]
struct KeyAnswer {
    hub: String,
    city: String,
    key_id: String,
    key: String,
}

async fn key(State(hub): State<SharedHub>) -> Response {
    let identity = &hub.identity;
    Json(KeyAnswer {
        hub: identity.name.clone(),
        city: identity.city.clone(),
        key_id: hex(&identity.key_id()),
        key: hex(identity.public().as_bytes()),
    })
    .into_response()
}

#[derive(Serialize)]
struct HealthAnswer {
    ok: bool,
    hub: String,
    time_ms: i64,
}

async fn health(State(hub): State<SharedHub>) -> Response {
    let asked = hub.clone();
    let works = aside(move || asked.store.read(&mut |tables| tables.counters().map(drop)).is_ok()).await;
    match works {
        Ok(true) => {
            let answer = HealthAnswer { ok: true, hub: hub.identity.name.clone(), time_ms: (hub.clock)() };
            Json(answer).into_response()
        }
        _ => busy(),
    }
}
