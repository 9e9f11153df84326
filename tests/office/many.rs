//! A store with many settled bills, for what looks at all of them: each person with an own year, settled as the engine
//! settles, written through the store's own append. Used by the tests of the office and by the benches.

use xiangbao::app::Station;
use xiangbao::store::Append;
use xiangbao_core::event::{Event, Filing, Promise};
use xiangbao_core::form::Row;
use xiangbao_core::journal;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Replay, SettleInput, Settlement, YearToDate};
use xiangbao_core::register::{Accumulation, Change};

/// Lines of each bill.
const LINES: u32 = 12;

/// Settles `each` bills of each of `persons` new persons, on the pattern of an accepted reimbursement.
pub fn settle_many(station: &Station, pattern: &Filing, persons: u32, each: u32) {
    for person in 0..persons {
        let mut replay = Replay::new(&station.library().policy);
        let mut year = None;
        for visit in 1..=each {
            let filing = filing(pattern, person, visit);
            let input = SettleInput::from_form(&filing.data, station.today(), YearToDate::default()).unwrap();
            let settlement = replay.next(input).unwrap();
            let psn_no = filing.data.field("psn_no").to_owned();
            let used = year.unwrap_or_default();
            let change = accumulation(&psn_no, visit, &settlement, &used);
            year = Some(used.plus(&settlement.year_own).unwrap());
            let number = format!("BX{person:06}-{visit:02}");
            let accepted = Event::CaseAccepted { number, filing, promise: Promise::none() };
            let effect =
                Event::TookEffect { changes: vec![change], settlement: Some(settlement), refund: None };
            append(station, vec![accepted, effect]);
        }
    }
}

/// The pattern with a person, a visit and amounts of its own.
fn filing(pattern: &Filing, person: u32, visit: u32) -> Filing {
    let mut filing = pattern.clone();
    let psn_no = format!("4514249{person:08}");
    let own = [("psn_no", psn_no.clone()), ("adm_no", visit.to_string())];
    filing.data.fields.extend(own.map(|(id, value)| (id.to_owned(), value)));
    filing.persons = vec![psn_no];
    let rows = pattern.data.rows("fees").iter().cycle().zip(0..LINES).map(|(row, line)| {
        let fen = 10_000 + (person * 7_919 + visit * 1_237 + line * 5_003) % 400_000;
        let mut row: Row = row.clone();
        row.insert("det_item_fee_sumamt".to_owned(), Fen(i64::from(fen)).to_yuan());
        row
    });
    let rows = rows.collect();
    filing.data.tables.insert("fees".to_owned(), rows);
    for (place, row) in filing.data.tables.get_mut("invoices").into_iter().flatten().enumerate() {
        row.insert("invo_no".to_owned(), format!("9{person:06}{visit:02}{place}"));
    }
    filing
}

/// What the bill does to the person's year in the register.
fn accumulation(psn_no: &str, visit: u32, settlement: &Settlement, used: &YearToDate) -> Change {
    let year = u16::try_from(settlement.year).unwrap();
    let record = Accumulation { rev: visit, ..Accumulation::empty(psn_no, year, &settlement.benefit) };
    let used = used.plus(&settlement.year_own).unwrap();
    Change::Accumulation { effective: settlement.rule_date.clone(), record: record.holding(used) }
}

fn append(station: &Station, events: Vec<Event>) {
    let command = station.new_id();
    let append = Append {
        command,
        case_id: Some(command),
        actor: journal::Actor {
            person: "p".to_owned(),
            account: "a".to_owned(),
            role: "clerk".to_owned(),
            session: "many".to_owned(),
        },
        wall_ms: station.now_ms(),
        salts: events.iter().map(|_| station.random()).collect(),
        events,
        local: Vec::new(),
    };
    station.store().append(&append).unwrap();
}
