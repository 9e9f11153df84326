//! Looking at cases: lists with their exchange state, and the timeline of one.

use std::collections::BTreeMap;

use xiangbao_core::case::{Case, Refusal, Status};
use xiangbao_core::event::{Event, Replied, Verdict};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::review::QueueRow;
use super::station::{Station, local};
use super::sync_now::{Way, city_returned, is_returned};
use crate::store::Snapshot;

/// How far an operation has come on its way to the city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// 已存: durable here.
    Stored,
    /// 已送: sealed and sent, no receipt yet.
    Sent,
    /// 市级已收: in the city's copy of the chain, signed.
    Received,
    /// 已核: the city accepted it as business.
    Accepted,
    /// 已退: the city returned it.
    Returned,
}

impl Reach {
    /// The word on screen and paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Stored => "已存",
            Self::Sent => "已送",
            Self::Received => "市级已收",
            Self::Accepted => "已核",
            Self::Returned => "已退",
        }
    }
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Operation.
    pub seq: u64,
    /// When, in the office's time.
    pub time: String,
    /// What.
    pub what: String,
    /// Who: name and account.
    pub who: String,
    /// Opinion, reason or document.
    pub detail: String,
    /// How far it has come.
    pub reach: Reach,
}

/// A case with where it stands in the exchange.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// The row of the list.
    pub row: QueueRow,
    /// The least advanced of its operations.
    pub reach: Reach,
    /// What the city said when it returned something.
    pub city: String,
    /// Fund's payment, grouped, for a settled reimbursement.
    pub paid: String,
}

impl Station {
    /// How far an operation has come, and what the city said about it.
    pub(super) fn reach(&self, snapshot: &Snapshot, way: Way, seq: u64) -> Result<(Reach, String), AppError> {
        if let Some(result) = snapshot.city_result(seq)? {
            // What the city could not judge yet is received and no more.
            let reach = if is_returned(&result) { Reach::Returned } else { Reach::Received };
            return Ok((reach, result.detail));
        }
        // A receipt answers chain and business at once: what it covers and does not name is accepted.
        let reach = match seq {
            seq if seq <= way.received => Reach::Accepted,
            seq if seq <= way.sent => Reach::Sent,
            _ => Reach::Stored,
        };
        Ok((reach, String::new()))
    }

    /// All cases, newest first, each with its exchange state; `filter` keeps those whose number, name, village or
    /// standing contain it.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn list_cases(&self, actor: &Actor, filter: &str) -> Result<Vec<CaseRow>, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let way = Way::of(&snapshot)?;
        let clocks = self.clocks(&snapshot)?;
        let returned: BTreeMap<[u8; 16], String> = city_returned(&snapshot)?.into_iter().collect();
        let mut rows = Vec::new();
        for (case_id, case) in snapshot.all_cases(usize::MAX)?.into_iter().rev() {
            if !actor.serves(&case.filing.village) {
                continue;
            }
            let row = self.queue_row(actor, &clocks, case_id, &case);
            let text = format!("{} {} {} {}", row.number, row.title, row.village, row.standing);
            if !filter.is_empty() && !text.contains(filter) {
                continue;
            }
            // The least advanced operation of a case decides; a returned one always shows.
            let (reach, city) = match returned.get(&case_id) {
                Some(detail) => (Reach::Returned, detail.clone()),
                None => self.reach(&snapshot, way, case.last.seq)?,
            };
            let paid = case.settlement.as_ref().map_or(String::new(), |s| s.fund_pay_sumamt.to_grouped());
            rows.push(CaseRow { row, reach, city, paid });
        }
        Ok(rows)
    }

    /// Everything that happened to a case, oldest first.
    ///
    /// # Errors
    /// When the actor may not see it, or it does not exist.
    pub fn timeline(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<(Case, Vec<TimelineRow>), AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::ViewCases, &Subject::in_village(&case.filing.village))?;
        self.looked(actor, "view_case", &case.number)?;
        let way = Way::of(&snapshot)?;
        let mut rows = Vec::new();
        for operation in snapshot.steps_of_case(case_id)? {
            let event =
                Event::decode(operation.kind, &operation.payload).map_err(crate::store::StoreError::from)?;
            let name =
                snapshot.account(&operation.actor.account)?.map_or(String::new(), |account| account.name);
            rows.push(TimelineRow {
                seq: operation.seq,
                time: local(operation.wall_ms).format("%m-%d %H:%M").to_string(),
                what: what(&event),
                who: format!("{name} {}", operation.actor.account).trim().to_owned(),
                detail: match super::pay_words::money_detail(&case, &event) {
                    Some(detail) => detail,
                    None => self.detail(&event),
                },
                reach: self.reach(&snapshot, way, operation.seq)?.0,
            });
        }
        Ok((case, rows))
    }

    /// Records that a person wants to see the numbers of a case in full.
    ///
    /// # Errors
    /// When the actor may not, the case does not exist, or the store refuses.
    pub fn unmask_case(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<(), AppError> {
        let case = self.snapshot()?.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::Unmask, &Subject::in_village(&case.filing.village))?;
        self.looked(actor, "unmask", &case.number)
    }

    /// A case by its printed number.
    ///
    /// # Errors
    /// When there is none.
    pub fn case_by_number(&self, number: &str) -> Result<[u8; 16], AppError> {
        let found = self.snapshot()?.case_id_by_number(number.trim())?;
        found.ok_or_else(|| AppError::NotFound(format!("办件 {number}")))
    }

    fn detail(&self, event: &Event) -> String {
        match event {
            Event::CaseAccepted { promise, filing, .. } => match filing.received_ms {
                Some(moment) => {
                    let received = local(moment).format("%Y-%m-%d %H:%M");
                    format!("停机期间收件 {received}，承诺办结日 {}", promise.due)
                }
                None => format!("承诺办结日 {}", promise.due),
            },
            Event::CaseRefused { reason, article, .. } => format!("{reason}（{article}）"),
            Event::Reviewed { verdict, opinion, .. } => said(verdict, opinion),
            Event::DecidedAbove { decision } => {
                let when = local(decision.wall_ms).format("%m-%d %H:%M");
                let by = &decision.by;
                let said = said(&decision.verdict, &decision.opinion);
                format!("{} {} {} {when}  {said}", decision.seat.label(), by.station, by.name)
            }
            Event::CaseReferred { station, no, .. } => format!("{station} 站第 {no} 号送审包"),
            Event::ParcelSent { to, no, .. } => format!("{to} 站，第 {no} 号包"),
            Event::AnswerHeld { reason } => reason.clone(),
            Event::Resubmitted { promise, .. } => format!("承诺办结日 {}", promise.due),
            Event::Withdrawn { reason } | Event::ReversalProposed { reason } => reason.clone(),
            Event::TookEffect { .. } | Event::Reversed { .. } => effect_words(event),
            Event::Printed { document, copy, pages, collector, values_only, .. } => {
                let title =
                    self.library.templates.get(document).map_or(document.as_str(), |t| t.title.as_str());
                let stock = if *values_only { " 套打" } else { "" };
                let taker = collector.as_ref().map_or_else(String::new, |taker| {
                    format!(" 领取人 {}（{}）", taker.name, taker.relation.label())
                });
                format!("{title} 第{copy}份 {pages}页{stock}{taker}")
            }
            Event::FindingsRaised { findings } => {
                let told = findings.iter().map(|raised| format!("{} {}", raised.code, raised.sentence));
                told.collect::<Vec<_>>().join("；")
            }
            Event::FindingAnswered { level, replied } => {
                let Replied { code, reply, text, .. } = replied;
                format!("{} {code} {}：{text}", level.label(), reply.label())
            }
            Event::DoctorsListed { .. }
            | Event::SampleDrawn { .. }
            | Event::StationFounded { .. }
            | Event::AccountPut { .. }
            | Event::RegisterLoaded { .. }
            | Event::PersonPaperIssued { .. }
            | Event::CityAnswered { .. }
            | Event::OutageNoticed { .. }
            | Event::OutageEnded { .. }
            | Event::PaymentListMade { .. }
            | Event::PaymentListApproved { .. }
            | Event::PaymentListClosed { .. }
            | Event::PaymentExported { .. }
            | Event::PaymentReturned { .. }
            | Event::PaymentRecovered { .. }
            | Event::AccountCorrected { .. }
            | Event::AccountTaken
            | Event::DeductionMade { .. }
            | Event::DeductionReturned { .. }
            | Event::ContributionsBooked { .. }
            | Event::SeatsSet { .. }
            | Event::PeerTrusted { .. }
            | Event::ParcelTaken { .. } => String::new(),
        }
    }
}

/// What an effect did, or its reversal; empty for any other event.
fn effect_words(event: &Event) -> String {
    match event {
        Event::TookEffect { changes, settlement, refund } => match (settlement, refund) {
            (Some(settled), _) => format!("基金支付 {}", settled.fund_pay_sumamt.to_grouped()),
            (None, Some(refund)) => format!("退还缴费 {}", refund.to_grouped()),
            (None, None) => format!("参保库变更 {} 条", changes.len()),
        },
        Event::Reversed { changes, settlement } => {
            let back = format!("参保库还原 {} 条", changes.len());
            match settlement {
                Some(negative) => {
                    format!("退费结算：基金支付 {}，{back}", negative.fund_pay_sumamt.to_grouped())
                }
                None => back,
            }
        }
        _ => String::new(),
    }
}

/// Opinion, demands or reason.
fn said(verdict: &Verdict, opinion: &str) -> String {
    match verdict {
        Verdict::Passed => opinion.to_owned(),
        Verdict::Returned { demands } => {
            demands.iter().map(|d| format!("{}（{}）", d.reason, d.article)).collect::<Vec<_>>().join("；")
        }
        Verdict::Rejected { reason, article } => format!("{reason}（{article}）"),
    }
}

fn what(event: &Event) -> String {
    let label = event.label();
    let verdict = match event {
        Event::Reviewed { verdict, .. } => verdict,
        Event::DecidedAbove { decision } => &decision.verdict,
        _ => return label.to_owned(),
    };
    match verdict {
        Verdict::Passed => format!("{label}通过"),
        Verdict::Returned { .. } => format!("{label}退回补正"),
        Verdict::Rejected { .. } => format!("{label}退件"),
    }
}

/// Statuses that are not closed, in the order of a clerk's interest.
pub const OPEN: [Status; 11] = {
    use xiangbao_core::event::Level;
    [
        Status::Supplement,
        Status::Review(Level::Initial),
        Status::Review(Level::Recheck),
        Status::Review(Level::Approval),
        Status::Review(Level::Finance),
        Status::Reversing(Level::Recheck),
        Status::Reversing(Level::Approval),
        Status::Correcting(Level::Initial),
        Status::Correcting(Level::Recheck),
        Status::Correcting(Level::Approval),
        Status::Correcting(Level::Finance),
    ]
};
