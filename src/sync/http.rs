//! The wire: HTTP to the hub. An answer is a receipt only if its media type says so: a sign-in page with status 200 is
//! not a success.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Timeout};
use xiangbao_core::journal::{
    BATCH_MEDIA_TYPE, BatchName, MAX_RECEIPT_BYTES, RECEIPT_MEDIA_TYPE, RECEIPTS_MEDIA_TYPE, hex,
};

use super::transport::{FaultClass, ReceiptQuery, Transport, TransportFault};

/// To find and reach the hub.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For everything together: 4 MiB over a slow line.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);
/// What a hub says besides receipts is short, in bytes.
const MAX_SPEECH_BYTES: u64 = 16 * 1024;
/// Answers to a query for receipts, in bytes.
const MAX_RECEIPTS_BYTES: u64 = 17 * 1024 * 1024;
/// The header that the hub reads.
const SIGNATURE_HEADER: &str = "x-xiangbao-signature";

/// The hub at an address.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    agent: Agent,
    base: String,
}

impl HttpTransport {
    /// A hub at `base`, e.g. `https://hub.example:8470`. Nothing is sent yet.
    ///
    /// # Errors
    /// When `base` is not an address of that kind.
    pub fn new(base: &str) -> Result<Self, TransportFault> {
        let base = base.trim_end_matches('/');
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(['/', '?', '#', '@', ' '])) {
            let detail = format!("{base:?} is not an address like https://hub.example:8470");
            return Err(TransportFault::new(FaultClass::Refused, detail));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // A hub never sends elsewhere; who does is not a hub.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Where batches go is configured in one place only.
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(TOTAL_TIMEOUT))
            .user_agent("xiangbao")
            .build()
            .new_agent();
        Ok(Self { agent, base: base.to_owned() })
    }

    /// Posts a small JSON body and gives the JSON answer of a hub.
    pub(super) fn post_json(&self, path: &str, body: &str) -> Result<String, TransportFault> {
        let sent = self
            .agent
            .post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .send(body);
        let answer = accepted(sent.map_err(network)?, "application/json")?;
        let bytes = body_of(answer, MAX_SPEECH_BYTES)?;
        String::from_utf8(bytes).map_err(|fault| TransportFault::new(FaultClass::CaptivePortal, fault))
    }
}

impl Transport for HttpTransport {
    fn send(&self, _name: &BatchName, bytes: &[u8]) -> Result<Vec<u8>, TransportFault> {
        let sent = self
            .agent
            .post(format!("{}/v1/batches", self.base))
            .header(header::CONTENT_TYPE, BATCH_MEDIA_TYPE)
            .send(bytes);
        body_of(accepted(sent.map_err(network)?, RECEIPT_MEDIA_TYPE)?, MAX_RECEIPT_BYTES as u64)
    }

    fn receipts(&self, query: &ReceiptQuery) -> Result<Vec<Vec<u8>>, TransportFault> {
        let ReceiptQuery { station, from_no, signature } = query;
        let sent = self
            .agent
            .get(format!("{}/v1/stations/{station}/receipts/{from_no}", self.base))
            .header(SIGNATURE_HEADER, hex(signature))
            .call();
        let bytes = body_of(accepted(sent.map_err(network)?, RECEIPTS_MEDIA_TYPE)?, MAX_RECEIPTS_BYTES)?;
        unframe(&bytes).ok_or_else(|| TransportFault::new(FaultClass::BadReceipt, "receipts cut short"))
    }
}

/// The answer if it is a success of a hub, with this media type.
fn accepted(answer: Response<ureq::Body>, media_type: &str) -> Result<Response<ureq::Body>, TransportFault> {
    let status = answer.status().as_u16();
    let found = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let found = found.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    match status {
        200 if found == media_type => Ok(answer),
        200..400 | 407 | 511 => {
            let detail = format!("status {status} with media type {found:?}");
            Err(TransportFault::new(FaultClass::CaptivePortal, detail))
        }
        400..500 if found == "application/json" => Err(complaint(status, answer)),
        400..500 => {
            let detail = format!("status {status} with media type {found:?} is not from a hub");
            Err(TransportFault::new(FaultClass::CaptivePortal, detail))
        }
        _ => Err(TransportFault::new(FaultClass::Server, format!("status {status}"))),
    }
}

fn complaint(status: u16, answer: Response<ureq::Body>) -> TransportFault {
    let class = match status {
        413 => FaultClass::TooLarge,
        426 => FaultClass::Upgrade,
        429 => FaultClass::Server,
        _ => FaultClass::Refused,
    };
    let said = body_of(answer, MAX_SPEECH_BYTES).unwrap_or_default();
    let said: String = String::from_utf8_lossy(&said).chars().filter(|c| !c.is_control()).take(300).collect();
    TransportFault::new(class, format!("status {status}: {said}"))
}

fn body_of(answer: Response<ureq::Body>, limit: u64) -> Result<Vec<u8>, TransportFault> {
    let read = answer.into_body().into_with_config().limit(limit).read_to_vec();
    read.map_err(|fault| match fault {
        ureq::Error::BodyExceedsLimit(_) => TransportFault::new(FaultClass::CaptivePortal, fault),
        other => network(other),
    })
}

fn network(fault: ureq::Error) -> TransportFault {
    let at_home = match &fault {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(cause) => matches!(
            cause.kind(),
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable
        ),
        _ => false,
    };
    TransportFault { never_left: at_home, ..TransportFault::new(FaultClass::Network, fault) }
}

/// Several receipts, each with its length in front.
fn unframe(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut receipts = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (receipt, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        receipts.push(receipt.to_vec());
        bytes = rest;
    }
    Some(receipts)
}
