//! How a station becomes known to a hub: a code from the city, the station's key there, the hub's key back.

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use xiangbao_core::journal::{hex, unhex};

use super::http::HttpTransport;
use super::transport::TransportFault;

/// What the station keeps after it was enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Name of the hub.
    pub hub: String,
    /// Division code of the city, for the head of each batch.
    pub city: String,
    /// The hub's key: receipts of any other are not believed.
    pub hub_key: VerifyingKey,
    /// The epoch that the station works in from now on.
    pub epoch: u32,
}

/// Why the station is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolFault {
    /// The hub was not reached, or refused the code.
    #[error(transparent)]
    Transport(#[from] TransportFault),
    /// The hub said something that is no enrolment.
    #[error("the answer is not an enrolment: {0}")]
    Answer(String),
}

#[derive(Serialize)]
struct Request<'a> {
    code: &'a str,
    station: &'a str,
    name: &'a str,
    verifying_key: String,
}

#[derive(Deserialize)]
struct Answer {
    hub: String,
    city: String,
    hub_key: String,
    epoch: u32,
}

/// Enrols `station` with a code from the city. The same request again gets the same answer.
///
/// # Errors
/// [`EnrolFault`]; `FaultClass::Refused` means that the code is not valid (any more).
pub fn enrol(
    hub: &HttpTransport,
    code: &str,
    station: &str,
    name: &str,
    key: &VerifyingKey,
) -> Result<Enrolment, EnrolFault> {
    let bad = |what: &str| EnrolFault::Answer(what.to_owned());
    let request = Request { code, station, name, verifying_key: hex(key.as_bytes()) };
    let body = serde_json::to_string(&request).map_err(|fault| bad(&fault.to_string()))?;
    let said = hub.post_json("/v1/stations", &body)?;
    let answer: Answer = serde_json::from_str(&said).map_err(|fault| bad(&fault.to_string()))?;
    let bytes = unhex::<32>(&answer.hub_key).ok_or_else(|| bad("hub_key"))?;
    let hub_key = VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak());
    let sober = |text: &str| text.len() <= 200 && !text.chars().any(char::is_control);
    if !sober(&answer.hub) || !sober(&answer.city) {
        return Err(bad("hub or city"));
    }
    let hub_key = hub_key.ok_or_else(|| bad("hub_key"))?;
    Ok(Enrolment { hub: answer.hub, city: answer.city, hub_key, epoch: answer.epoch })
}
