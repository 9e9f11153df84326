//! The seats of this station and the stations whose parcels it believes. Both stand in the journal: who let whom decide
//! can be asked later. Knows keys and names; must not know parcels.

use ed25519_dalek::{SigningKey, VerifyingKey};
use xiangbao_core::event::Event;
use xiangbao_core::form::Seat;
use xiangbao_core::journal::{hex, is_station_id, unhex};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;

impl Station {
    /// This station's public key, hexadecimal: what the other station pins.
    pub fn public_key(&self) -> String {
        hex(SigningKey::from_bytes(&self.store.identity().signing_seed).verifying_key().as_bytes())
    }

    /// Sets the seats whose levels this station decides from now on. Cases keep the way that was fixed when they were
    /// accepted.
    ///
    /// # Errors
    /// When the actor may not, no seat is named, or the store refuses.
    pub fn set_seats(&self, actor: &Actor, seats: &[Seat]) -> Result<(), AppError> {
        self.authorize(actor, Action::ManageAccounts, &Subject::none())?;
        let seats: Vec<Seat> = Seat::ALL.into_iter().filter(|seat| seats.contains(seat)).collect();
        if seats.is_empty() {
            return Err(AppError::Input("请至少写明一个层级：township、county 或 city。".to_owned()));
        }
        let _turn = self.store.turn();
        self.append(actor, None, self.new_id(), vec![Event::SeatsSet { seats }])?;
        Ok(())
    }

    /// Believes the parcels of a station from now on, and lets it decide for these seats; no seats: no more. The key comes
    /// by a way of its own (telephone, paper), not with a parcel.
    ///
    /// # Errors
    /// When the actor may not, station or key is none, or the store refuses.
    pub fn trust(&self, actor: &Actor, station: &str, key: &str, seats: &[Seat]) -> Result<(), AppError> {
        self.authorize(actor, Action::ManageAccounts, &Subject::none())?;
        if !is_station_id(station) || station == self.store.identity().station {
            return Err(AppError::Input(format!("{} 不是另一个站的站点编号。", safe(station))));
        }
        let wrong = || {
            AppError::Input(
                "公钥应为 64 位十六进制数字，请对方执行 xiangbao route status 读出后逐位核对。".to_owned(),
            )
        };
        let key: [u8; 32] = unhex(key.trim()).ok_or_else(wrong)?;
        VerifyingKey::from_bytes(&key).map_err(|_| wrong())?;
        let seats: Vec<Seat> = Seat::ALL.into_iter().filter(|seat| seats.contains(seat)).collect();
        let _turn = self.store.turn();
        if seats.is_empty() && !self.snapshot()?.peers()?.iter().any(|peer| peer.station == station) {
            return Err(AppError::NotFound(format!("站点 {station}")));
        }
        let event = Event::PeerTrusted { station: station.to_owned(), key, seats };
        self.append(actor, None, self.new_id(), vec![event])?;
        Ok(())
    }
}

fn safe(text: &str) -> String {
    xiangbao_core::identity::text::display_safe(text).into_owned()
}
