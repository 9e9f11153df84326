//! `route`: parcels to and from the stations of other seats.

use xiangbao_core::form::Seat;
use xiangbao_core::role::Actor;

use super::args::{RouteCommand, SeatArg};
use super::output::{Exit, complain, failed, json, say};
use crate::app::{Imported, ParcelsOut, RouteStatus, Station};

/// Seats of the command line.
pub fn seats_of(seats: &[SeatArg]) -> Vec<Seat> {
    let seat = |seat: &SeatArg| match seat {
        SeatArg::Township => Seat::Township,
        SeatArg::County => Seat::County,
        SeatArg::City => Seat::City,
    };
    seats.iter().map(seat).collect()
}

/// Runs a `route` command.
pub fn route(station: &Station, command: &RouteCommand) -> Exit {
    let actor = station.machine_actor();
    let done = match command {
        RouteCommand::Export { folder, json } => {
            station.route_export(&actor, folder).map(|exported| tell_export(&exported, *json))
        }
        RouteCommand::Import { files, json } => return import(station, &actor, files, *json),
        RouteCommand::Trust { station: peer, key, seats, .. } => {
            station.trust(&actor, peer, key, &seats_of(seats)).map(|()| {
                match seats.is_empty() {
                    true => say(format!("不再收 {peer} 站的包。")),
                    false => say(format!("已登记 {peer} 站：{}。", labels(&seats_of(seats)))),
                }
                Exit::Done
            })
        }
        RouteCommand::Seats { seats } => station.set_seats(&actor, &seats_of(seats)).map(|()| {
            say(format!("本站办理：{}。此后受理的办件按此确定级次。", labels(&seats_of(seats))));
            Exit::Done
        }),
        RouteCommand::Status(args) => {
            station.route_status(&actor).map(|status| tell_status(&status, args.json))
        }
    };
    done.unwrap_or_else(|error| failed(&error))
}

fn labels(seats: &[Seat]) -> String {
    seats.iter().map(|seat| seat.label()).collect::<Vec<_>>().join("、")
}

fn ids(seats: &[Seat]) -> Vec<&'static str> {
    seats.iter().map(|seat| seat.id()).collect()
}

fn tell_export(exported: &ParcelsOut, as_json: bool) -> Exit {
    let exit = if exported.stuck.is_empty() { Exit::Done } else { Exit::Negative };
    if as_json {
        let parcels = exported.parcels.iter().map(|parcel| {
            serde_json::json!({
                "to": parcel.to, "no": parcel.no, "file": parcel.file, "fresh": parcel.fresh,
            })
        });
        let stuck = exported.stuck.iter();
        let stuck = stuck.map(|each| serde_json::json!({ "number": each.number, "reason": each.reason }));
        json(&serde_json::json!({
            "referrals": exported.referrals, "answers": exported.answers,
            "parcels": parcels.collect::<Vec<_>>(), "stuck": stuck.collect::<Vec<_>>(),
        }));
        return exit;
    }
    say(format!("送审 {} 件，回送结果 {} 件。", exported.referrals, exported.answers));
    for parcel in &exported.parcels {
        let again = if parcel.fresh { "" } else { "（对方尚未确认，再次写出）" };
        say(format!("  {} 第 {} 号 {}{again}", parcel.to, parcel.no, parcel.file.display()));
    }
    for stuck in &exported.stuck {
        complain(format!("{}：{}", stuck.number, stuck.reason));
    }
    exit
}

fn import(station: &Station, actor: &Actor, files: &[std::path::PathBuf], as_json: bool) -> Exit {
    let mut rows = Vec::new();
    let mut exit = Exit::Done;
    for file in files {
        match station.route_import(actor, file) {
            Ok(imported) => {
                if !imported.quarantined.is_empty() {
                    exit = Exit::Negative;
                }
                rows.push(imported_row(file, &imported));
                if !as_json {
                    tell_import(&imported);
                }
            }
            Err(error) if as_json => {
                rows.push(serde_json::json!({ "file": file, "refused": error.zh() }));
                exit = super::output::exit_of(&error);
            }
            Err(error) => {
                complain(format!("{}：", file.display()));
                exit = failed(&error);
            }
        }
    }
    if as_json {
        json(&serde_json::Value::from(rows));
    }
    exit
}

fn imported_row(file: &std::path::Path, imported: &Imported) -> serde_json::Value {
    let kept = imported.quarantined.iter();
    let kept = kept.map(|each| serde_json::json!({ "number": each.number, "reason": each.reason }));
    serde_json::json!({
        "file": file, "from": imported.from, "no": imported.no, "repeated": imported.repeated,
        "referrals": imported.referrals, "answers": imported.answers, "quarantined": kept.collect::<Vec<_>>(),
    })
}

fn tell_import(imported: &Imported) {
    let Imported { from, no, .. } = imported;
    if imported.repeated {
        say(format!("{from} 站第 {no} 号包已收过，没有任何改变。"));
        return;
    }
    say(format!(
        "{from} 站第 {no} 号包：收下送审 {} 件、审批结果 {} 件。",
        imported.referrals, imported.answers
    ));
    for kept in &imported.quarantined {
        complain(format!("  没有采用 {}：{}", kept.number, kept.reason));
    }
}

fn tell_status(status: &RouteStatus, as_json: bool) -> Exit {
    if as_json {
        let peers = status.peers.iter().map(|peer| {
            serde_json::json!({
                "station": peer.station, "key": peer.key, "seats": ids(&peer.seats),
                "sent": peer.sent, "acked": peer.acked, "taken": peer.taken,
            })
        });
        let rows = status.rows.iter().map(|row| {
            serde_json::json!({
                "group": row.group.id(), "number": row.number, "standing": row.standing,
                "station": row.station, "since": row.since, "note": row.note,
            })
        });
        let kept = status.quarantined.iter().map(|(from, no, what)| {
            serde_json::json!({ "from": from, "no": no, "number": what.number, "reason": what.reason })
        });
        json(&serde_json::json!({
            "station": status.station, "key": status.key, "seats": ids(&status.seats),
            "peers": peers.collect::<Vec<_>>(), "cases": rows.collect::<Vec<_>>(),
            "quarantined": kept.collect::<Vec<_>>(),
        }));
        return Exit::Done;
    }
    say(format!("本站 {}，办理：{}", status.station, labels(&status.seats)));
    say(format!("本站公钥 {}", status.key));
    for peer in &status.peers {
        say(format!(
            "站点 {}（{}）  已发 {} 号，对方确认 {} 号，已收 {} 号",
            peer.station,
            labels(&peer.seats),
            peer.sent,
            peer.acked,
            peer.taken
        ));
    }
    for row in &status.rows {
        say(format!("{}\t{}\t{}\t{}\t{}", row.group.label(), row.number, row.standing, row.since, row.note));
    }
    for (from, no, what) in &status.quarantined {
        say(format!("未采用\t{}\t{from} 站第 {no} 号包：{}", what.number, what.reason));
    }
    Exit::Done
}
