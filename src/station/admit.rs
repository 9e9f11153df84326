//! Which account a connection may present, from the kernel's word about the peer (reliability 9.1). Knows user ids; must
//! not know PINs: the socket proves the account, the PIN proves the person.

use std::collections::BTreeMap;

/// Who is at the other end of the socket, by the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// User id.
    pub uid: u32,
    /// Process id.
    pub pid: i32,
}

/// Who may come in, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The daemon's own user: may present any account, or none (then the sign-in screen asks).
    pub own_uid: u32,
    /// The door's user: presents the account of its forced command, and must.
    pub door_uid: Option<u32>,
    /// Any other user id is exactly one account.
    pub accounts: BTreeMap<u32, String>,
}

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The user id is neither the daemon's, nor the door's, nor registered.
    #[error("user id is not registered for any account")]
    Unknown,
    /// The door came without the account of its forced command.
    #[error("the door presented no account")]
    NoAccount,
    /// A registered user presented an account that is not theirs.
    #[error("the account presented belongs to another user id")]
    NotYours,
}

/// The session of the daemon's own user who named no account.
const OWN_SESSION: &str = "local";

impl Admission {
    /// Only the daemon's own user.
    pub fn own(uid: u32) -> Self {
        Self { own_uid: uid, door_uid: None, accounts: BTreeMap::new() }
    }

    /// Must other users reach the socket at all?
    pub fn shared(&self) -> bool {
        self.door_uid.is_some() || !self.accounts.is_empty()
    }

    /// The account of a connection that presented `account`.
    ///
    /// # Errors
    /// Why it may not come in.
    pub fn admit(&self, peer: Peer, account: Option<&str>) -> Result<String, Refusal> {
        if self.door_uid == Some(peer.uid) {
            return account.map(str::to_owned).ok_or(Refusal::NoAccount);
        }
        if peer.uid == self.own_uid {
            return Ok(account.unwrap_or(OWN_SESSION).to_owned());
        }
        let own = self.accounts.get(&peer.uid).ok_or(Refusal::Unknown)?;
        match account {
            Some(presented) if presented != own => Err(Refusal::NotYours),
            _ => Ok(own.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_kernel_says_who_comes_in() {
        let admission = Admission {
            own_uid: 100,
            door_uid: Some(200),
            accounts: BTreeMap::from([(1000, "qin01".to_owned())]),
        };
        let admit = |uid, account| admission.admit(Peer { uid, pid: 1 }, account);
        assert_eq!(admit(100, None), Ok("local".to_owned()));
        assert_eq!(admit(100, Some("lu02")), Ok("lu02".to_owned()));
        assert_eq!(admit(200, Some("lu02")), Ok("lu02".to_owned()));
        assert_eq!(admit(200, None), Err(Refusal::NoAccount));
        assert_eq!(admit(1000, None), Ok("qin01".to_owned()));
        assert_eq!(admit(1000, Some("lu02")), Err(Refusal::NotYours));
        assert_eq!(admit(0, Some("qin01")), Err(Refusal::Unknown));
    }
}
