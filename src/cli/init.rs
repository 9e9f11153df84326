//! `init`: a new station in an empty folder.

use std::path::Path;

use super::args::InitArgs;
use super::output::{Exit, failed, not_open, say};
use crate::app::{Founding, Office, Station, SystemClock, SystemEntropy};

/// Makes the station and says what comes next.
pub fn init(folder: &Path, args: &InitArgs) -> Exit {
    let founding = Founding {
        station: args.station.clone(),
        name: args.name.clone(),
        township: args.township.clone(),
        seats: super::route::seats_of(&args.seats),
    };
    match Station::found(folder, &founding, Box::new(SystemClock), Box::new(SystemEntropy)) {
        Ok(station) => {
            let office = Office {
                telephone: args.phone.clone(),
                complaint_telephone: args.complaint_phone.clone(),
                address: args.address.clone(),
                ..Office::default()
            };
            if office != Office::default()
                && let Err(error) = office.write(folder)
            {
                return failed(&error);
            }
            say(format!("已建站：{}（{}），数据在 {}", args.name, args.station, station.folder().display()));
            say("下一步：为每个人建账号，例如");
            say("  XIANGBAO_PIN=六位以上口令 xiangbao user add nongmm --name 农某某 --role clerk");
            say(
                "初审、复核、审批须为三个不同的人；然后执行 xiangbao 进入画面，或 xiangbao serve 供多终端连接。",
            );
            Exit::Done
        }
        Err(error) => not_open(&error),
    }
}
