//! Invoices of the whole city (003 A74; reference 2.11: a number is unique in the whole system): which claims stand with
//! which paper, and what is said to a claim that comes with a paper of another one. Knows the fold of a case; must not
//! know stations' rules.

use xiangbao_core::case::{Case, Status};
use xiangbao_core::journal::{Operation, Related, ResultCode};
use xiangbao_core::register::{place_of, same_place};

use crate::business::{Assessment, RegistryView, RegistryWrite, Space};
use crate::city::{read, write};
use crate::store::StoreError;

/// Most claims that are kept for one number.
const MAX_HOLDERS: usize = 20;
/// Most invoices of a claim.
const MAX_INVOICES: usize = 30;

/// One claim with an invoice.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Holder {
    /// Printed number of the case.
    #[n(0)]
    case_no: String,
    /// Hospital as one text.
    #[n(1)]
    place: String,
    /// Day of the invoice.
    #[n(2)]
    date: String,
    /// Amount as typed.
    #[n(3)]
    amount: String,
    /// The record that brought it.
    #[n(4)]
    record: Related,
}

/// An invoice of a claim.
#[derive(PartialEq, Eq)]
struct Paper {
    number: String,
    place: String,
    date: String,
    amount: String,
}

/// The invoices with which a case stands: none once it was refused, withdrawn or reversed, and none of a case that is
/// only judged here for another station.
fn papers(case: Option<&Case>) -> Vec<Paper> {
    let ended = |status: Status| {
        matches!(status, Status::Refused | Status::Rejected | Status::Withdrawn | Status::Reversed)
    };
    let Some(case) = case.filter(|case| !ended(case.status) && case.origin.is_none()) else {
        return Vec::new();
    };
    let data = &case.filing.data;
    let place = place_of(data.field("fixmedins_code"), data.field("fixmedins_name"));
    let rows = data.rows("invoices").iter().take(MAX_INVOICES);
    let cell = |row: &xiangbao_core::form::Row, id: &str| row.get(id).cloned().unwrap_or_default();
    let papers = rows.map(|row| Paper {
        number: cell(row, "invo_no").trim().to_owned(),
        place: place.clone(),
        date: cell(row, "invo_date"),
        amount: cell(row, "invo_amt"),
    });
    papers.filter(|paper| !paper.number.is_empty()).collect()
}

/// The record of another claim with the same paper, and the sentence about it.
type Told = Option<(Related, String)>;
/// What is told, and what changes in the registry.
type Followed = (Told, Vec<RegistryWrite>);

/// Follows the invoices of a case from one state to the next: those it no longer stands with are let go, new ones are
/// noted; the first that another claim holds is told.
pub(crate) fn follow(
    operation: &Operation,
    before: Option<&Case>,
    after: &Case,
    registry: &dyn RegistryView,
) -> Result<Followed, StoreError> {
    let (old, new) = (papers(before), papers(Some(after)));
    let mut writes = Vec::new();
    let mut told = None;
    let numbers: std::collections::BTreeSet<&str> =
        old.iter().chain(&new).map(|p| p.number.as_str()).collect();
    for number in numbers {
        let of = |papers: &'_ [Paper]| papers.iter().position(|paper| paper.number == number);
        let (was, is) = (of(&old).and_then(|at| old.get(at)), of(&new).and_then(|at| new.get(at)));
        if was == is {
            continue;
        }
        let key = number.as_bytes().to_vec();
        let mut holders: Vec<Holder> = read(registry, Space::Invoices, &key)?.unwrap_or_default();
        holders.retain(|holder| !own(holder, operation));
        if let Some(paper) = is {
            if let Some(other) = holders.iter().find(|holder| same_paper(holder, paper)) {
                told.get_or_insert_with(|| (other.record.clone(), sentence(paper, other, &after.number)));
            }
            holders.push(Holder {
                case_no: after.number.clone(),
                place: paper.place.clone(),
                date: paper.date.clone(),
                amount: paper.amount.clone(),
                record: Related {
                    station: operation.station.clone(),
                    epoch: operation.epoch,
                    seq: operation.seq,
                    case_id: operation.case_id,
                },
            });
            holders.truncate(MAX_HOLDERS);
        }
        writes.push(match holders.is_empty() {
            true => RegistryWrite { space: Space::Invoices, key, value: None },
            false => write(Space::Invoices, key, &holders),
        });
    }
    Ok((told, writes))
}

fn own(holder: &Holder, operation: &Operation) -> bool {
    holder.record.station == operation.station && holder.record.case_id == operation.case_id
}

/// The same number of the same hospital; or the same number, day and amount, whatever the hospital is called.
fn same_paper(holder: &Holder, paper: &Paper) -> bool {
    same_place(&holder.place, &paper.place)
        || (holder.date == paper.date && holder.amount == paper.amount && !paper.date.is_empty())
}

fn sentence(paper: &Paper, other: &Holder, own_no: &str) -> String {
    format!(
        "重复票据：{own_no} 的票据 {} 已在 {} 站 {} 中申报（第 {} 号操作），请两站核对票据原件后由市级处理（003 A74）。",
        paper.number, other.record.station, other.case_no, other.record.seq
    )
}

/// The answer to an operation whose claim came with a paper of another one; everything it wrote stands.
pub(crate) fn answer(told: Told, writes: Vec<RegistryWrite>) -> Assessment {
    let Some((record, detail)) = told else { return Assessment::ok(writes) };
    let code = ResultCode::Conflict("dup_invoice".to_owned());
    Assessment { code, detail, related: Some(record), writes }
}
