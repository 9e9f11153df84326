//! The demo's office: a new folder with a station, its township, one account a role, and a hub on loopback where the
//! station is enrolled.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use xiangbao_core::role::Role;
use xiangbao_hub::serve::codes_of;
use xiangbao_hub::{HubConfig, NewHub, RunningHub, serve_in_background};

use super::township::{Cast, SEED, township};
use crate::app::{AppError, Founding, NewAccount, OpenError, Station, SystemClock, SystemEntropy};

/// 桃城镇.
pub const TOWNSHIP: &str = "451424100000";
/// 崇左市.
const CITY: &str = "451400000000";

/// One account of the demo. The PINs are shown: nothing real is behind them.
#[derive(Clone, Copy, Debug)]
pub struct Login {
    /// Sign-in name.
    pub account: &'static str,
    /// Name.
    pub name: &'static str,
    /// Role.
    pub role: Role,
    /// PIN.
    pub pin: &'static str,
}

const fn login(account: &'static str, name: &'static str, role: Role, pin: &'static str) -> Login {
    Login { account, name, role, pin }
}

/// One account a role, each another person; two for finance.
pub const LOGINS: [Login; 8] = [
    login("jb01", "农经一", Role::Clerk, "310001"),
    login("fh01", "陆复二", Role::Rechecker, "310002"),
    login("sp01", "黄审三", Role::Approver, "310003"),
    login("cw01", "韦财四", Role::Finance, "310004"),
    login("jh01", "梁稽五", Role::Auditor, "310005"),
    login("xb01", "李协六", Role::VillageAssistant, "310006"),
    login("gl01", "许管七", Role::Administrator, "310007"),
    // One finance person makes a payment list, another approves it.
    login("cw02", "何财八", Role::Finance, "310008"),
];

/// The demo cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The station.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A use case.
    #[error(transparent)]
    App(#[from] AppError),
    /// The township.
    #[error(transparent)]
    Township(#[from] super::township::TownshipError),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] xiangbao_hub::ServeError),
    /// A folder or file.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The screens did not do what the walk expected: where, and the screen as it stood.
    #[error("{what}\n{screen}")]
    Screen {
        /// What was expected.
        what: String,
        /// The screen.
        screen: String,
    },
    /// The result is not what it must be.
    #[error("{0}")]
    Result(String),
}

/// A running demo office.
pub struct Office {
    /// The station.
    pub station: Arc<Station>,
    /// The city.
    pub hub: RunningHub,
    /// The people of the walk.
    pub cast: Cast,
    /// Persons and households taken over.
    pub size: (u64, u64),
}

/// Makes the office in an empty folder; `tell` hears what is being done.
///
/// # Errors
/// When the folder is not empty, or anything refuses.
pub fn found(folder: &Path, households: usize, tell: &mut dyn FnMut(&str)) -> Result<Office, DemoError> {
    let data = folder.join("station");
    let founding = Founding {
        station: "TC01".to_owned(),
        name: "桃城镇社会保障服务中心（演示）".to_owned(),
        township: TOWNSHIP.to_owned(),
        seats: xiangbao_core::form::Seat::ALL.to_vec(),
    };
    tell(&format!("建站：{}", data.display()));
    let station = Station::found(&data, &founding, Box::new(SystemClock), Box::new(SystemEntropy))?;
    let actor = station.machine_actor();
    for login in LOGINS {
        station.put_account(&actor, account_of(&login))?;
    }
    tell(&format!("造虚构乡镇：{households} 户"));
    let town = township(SEED, households, station.today(), &station.library().policy)?;
    let mut told = 0;
    station.load_register("演示用虚构数据", &town.changes, &mut |done, total| {
        if done * 4 / total.max(1) > told {
            told = done * 4 / total.max(1);
            tell(&format!("  已载入 {done}/{total} 条"));
        }
    })?;
    let hub = start_hub(folder)?;
    tell(&format!("市级中心（演示）：{}", hub.url()));
    let code = codes_of(&folder.join("hub")).make(station.now_ms())?;
    station.enrol_at_hub(&actor, &hub.url(), &code)?;
    let size = (town.persons, town.households);
    Ok(Office { station: Arc::new(station), hub, cast: town.cast, size })
}

/// Starts the hub of a demo folder; makes it first where there is none.
///
/// # Errors
/// When it cannot listen or its data cannot be opened.
pub fn start_hub(folder: &Path) -> Result<RunningHub, DemoError> {
    Ok(serve_in_background(&HubConfig {
        data: folder.join("hub"),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        create: Some(NewHub {
            name: "崇左市医疗保障中心（演示）".to_owned(), city: CITY.to_owned()
        }),
    })?)
}

fn account_of(login: &Login) -> NewAccount {
    NewAccount {
        account: login.account.to_owned(),
        person: login.account.to_owned(),
        name: login.name.to_owned(),
        certno: String::new(),
        roles: vec![login.role],
        villages: match login.role {
            Role::VillageAssistant => vec!["451424100201".to_owned()],
            _ => Vec::new(),
        },
        pin: login.pin.to_owned(),
    }
}
