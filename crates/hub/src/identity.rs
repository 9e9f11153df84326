//! Who the hub is: its name, its city and the key that signs receipts.

use ed25519_dalek::{SigningKey, VerifyingKey};
use xiangbao_core::journal::key_id;

/// What is stored of the hub's identity. Holds a private key: it never leaves the store.
#[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct HubSecret {
    /// Name of the hub, as stations show it.
    #[n(0)]
    pub name: String,
    /// Division code of the city; batches for another city are refused.
    #[n(1)]
    pub city: String,
    /// Seed of the Ed25519 signing key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub seed: [u8; 32],
}

impl std::fmt::Debug for HubSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubSecret")
            .field("name", &self.name)
            .field("city", &self.city)
            .finish_non_exhaustive()
    }
}

impl HubSecret {
    /// A new identity with a fresh key.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn fresh(name: &str, city: &str) -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self { name: name.to_owned(), city: city.to_owned(), seed })
    }
}

/// The hub as it signs.
pub struct HubIdentity {
    /// Name of the hub.
    pub name: String,
    /// Division code of the city.
    pub city: String,
    /// Signs receipts.
    pub key: SigningKey,
}

impl HubIdentity {
    /// From what is stored.
    pub fn new(secret: HubSecret) -> Self {
        Self { key: SigningKey::from_bytes(&secret.seed), name: secret.name, city: secret.city }
    }

    /// What stations pin.
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The key's short name.
    pub fn key_id(&self) -> [u8; 8] {
        key_id(&self.public())
    }
}
