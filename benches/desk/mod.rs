//! A township's office for the benches: a station of its own, a synthetic register, one clerk, and forms typed as the demo
//! types them.

use std::path::Path;

use xiangbao::app::{Draft, Founding, NewAccount, Station, SystemClock, SystemEntropy};
use xiangbao::demo::office::{LOGINS, TOWNSHIP};
use xiangbao::demo::plays::plays;
use xiangbao::demo::township::{SEED, Township, township};
use xiangbao_core::form::{MaterialState, Seat, Severity};
use xiangbao_core::register::PersonField;
use xiangbao_core::role::Actor;

/// The office.
pub struct Office {
    pub station: Station,
    pub town: Township,
    pub clerk: Actor,
}

/// An office with so many households in an empty folder.
pub fn office(folder: &Path, households: usize) -> Office {
    let founding = Founding {
        station: "TC01".to_owned(),
        name: "桃城镇社保服务中心".to_owned(),
        township: TOWNSHIP.to_owned(),
        seats: vec![Seat::Township],
    };
    let station = Station::found(folder, &founding, Box::new(SystemClock), Box::new(SystemEntropy)).unwrap();
    let login = LOGINS[0];
    let new = NewAccount {
        account: login.account.to_owned(),
        person: login.account.to_owned(),
        name: login.name.to_owned(),
        certno: String::new(),
        roles: vec![login.role],
        villages: Vec::new(),
        pin: login.pin.to_owned(),
    };
    station.put_account(&station.machine_actor(), new).unwrap();
    let town = township(SEED, households, station.today(), &station.library().policy).unwrap();
    station.load_register("bench", &town.changes, &mut |_, _| {}).unwrap();
    let clerk = station.sign_in(login.account, login.pin).unwrap();
    Office { station, town, clerk }
}

impl Office {
    /// What the demo's clerk types for a kind of case, with all papers seen.
    pub fn draft(&self, code: &str) -> Draft {
        let get = |psn_no: &str, field: PersonField| {
            self.town.person(psn_no).map(|person| person.get(field).to_owned()).unwrap_or_default()
        };
        let plays = plays(&self.town.cast, self.station.today(), &get);
        let play = plays.iter().find(|play| play.code == code).unwrap();
        let mut draft = self.station.open_draft(&self.clerk, play.code, Some(&play.psn_no)).unwrap();
        for (path, value) in &play.values {
            self.station.save_field(&mut draft, path, value).unwrap();
            self.station.follow_register(&self.clerk, &mut draft, path).unwrap();
        }
        let due: Vec<String> =
            self.station.materials_due(&draft).unwrap().iter().map(|material| material.id.clone()).collect();
        for id in due {
            self.station.save_material(&mut draft, &id, MaterialState::CopyKept).unwrap();
        }
        for finding in self.station.check_draft(&draft).unwrap() {
            if finding.severity == Severity::Warning {
                self.station.answer_warning(&mut draft, &finding, "09").unwrap();
            }
        }
        draft
    }
}
