//! Events as bytes and back. Knows kinds; must not know what an event means.

use super::{Event, EventError};

impl Event {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads a payload.
    ///
    /// # Errors
    /// When the bytes are no event, have a tail, or belong to another kind.
    pub fn decode(kind: u16, bytes: &[u8]) -> Result<Self, EventError> {
        let unreadable = |message: String| EventError::Unreadable { kind, message };
        let mut decoder = minicbor::Decoder::new(bytes);
        let event: Self = decoder.decode().map_err(|fault| unreadable(fault.to_string()))?;
        if decoder.position() != bytes.len() {
            return Err(unreadable("bytes after the event".to_owned()));
        }
        if event.kind() != kind {
            return Err(EventError::KindMismatch { kind, actual: event.kind() });
        }
        Ok(event)
    }
}
