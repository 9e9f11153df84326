//! The draw of settled cases for a second look (003 A120: 随机抽取): over a month's reimbursements, with a recorded seed.
//! Knows which cases can be drawn; must not know how the draw works.

use xiangbao_core::case::{Case, Status};
use xiangbao_core::event::{Draw, Event};
use xiangbao_core::findings::sample::{Drawn, GENERATOR, Unit, draw, population};
use xiangbao_core::journal::hex;
use xiangbao_core::money::Fen;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::{Station, local};
use crate::store::Snapshot;

/// Most points by value.
const MAX_POINTS: u32 = 10_000;
/// Longest seed, characters.
const MAX_SEED: usize = 100;

/// What is to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleOrder {
    /// Month of the effect, `YYYY-MM`.
    pub period: String,
    /// Share drawn by chance, ten-thousandths.
    pub share: u32,
    /// Points by value.
    pub points: u32,
    /// Seed; none: a random one, which is recorded.
    pub seed: Option<String>,
}

/// One drawn case as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// Case id.
    pub case_id: [u8; 16],
    /// As it was drawn.
    pub drawn: Drawn,
    /// Name it is listed under.
    pub title: String,
    /// Standing now.
    pub standing: String,
    /// Looks of auditors at it since it was drawn.
    pub looks: usize,
}

/// One draw with its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleView {
    /// Operation.
    pub seq: u64,
    /// When it was drawn, in the office's time.
    pub time: String,
    /// The draw.
    pub draw: Draw,
    /// Its cases, in the order of their numbers.
    pub rows: Vec<SampleRow>,
}

impl Station {
    /// Draws, and journals the draw with its seed. The same order with the same seed draws the same cases while the
    /// month's cases are the same.
    ///
    /// # Errors
    /// When the actor may not, the order makes no sense, or the store refuses.
    pub fn draw_sample(
        &self,
        actor: &Actor,
        order: &SampleOrder,
        command_id: [u8; 16],
    ) -> Result<SampleView, AppError> {
        self.authorize(actor, Action::DrawSample, &Subject::none())?;
        let first = format!("{}-01", order.period).parse::<chrono::NaiveDate>();
        if first.is_err() || order.period.len() != 7 {
            return Err(AppError::Input("所属期写法不对，应为 2026-10。".to_owned()));
        }
        if (order.share == 0 && order.points == 0) || order.share > 10_000 || order.points > MAX_POINTS {
            let words = format!("请写明随机比例（不超过 100%）或按金额抽取的点数（不超过 {MAX_POINTS}）。");
            return Err(AppError::Input(words));
        }
        let seed = match &order.seed {
            Some(seed) => seed.trim().to_owned(),
            None => hex(&self.random::<8>()),
        };
        if seed.is_empty() || seed.chars().count() > MAX_SEED || seed.chars().any(char::is_control) {
            return Err(AppError::Input(format!("种子须为 1 至 {MAX_SEED} 个字。")));
        }
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let units = units(&snapshot, &order.period)?;
        if units.is_empty() {
            return Err(AppError::NotFound(format!("{} 生效的零星报销", order.period)));
        }
        let event = Draw {
            generator: GENERATOR.to_owned(),
            period: order.period.clone(),
            share: order.share,
            points: order.points,
            cases: u32::try_from(units.len()).unwrap_or(u32::MAX),
            total: units.iter().fold(Fen::ZERO, |sum, unit| Fen(sum.0.saturating_add(unit.value.0))),
            population: population(&units),
            drawn: draw(&units, order.share, order.points, &seed),
            seed,
        };
        let stored = self.append(actor, None, command_id, vec![Event::SampleDrawn { draw: event }])?;
        let drawn = self.samples(actor)?.into_iter().find(|view| view.seq == stored.first);
        drawn.ok_or_else(|| AppError::NotFound("刚才的抽样".to_owned()))
    }

    /// All draws, newest first, each with its cases as they stand now.
    ///
    /// # Errors
    /// When the actor may not, or the store cannot be read.
    pub fn samples(&self, actor: &Actor) -> Result<Vec<SampleView>, AppError> {
        self.authorize(actor, Action::DrawSample, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let looks = snapshot.accesses(usize::MAX)?;
        let auditors: Vec<String> = snapshot
            .accounts()?
            .into_iter()
            .filter(|account| account.roles.contains(&xiangbao_core::role::Role::Auditor))
            .map(|account| account.account)
            .collect();
        let mut views = Vec::new();
        for (seq, draw) in snapshot.draws()?.into_iter().rev() {
            let drawn_ms = snapshot.operations(seq, 1)?.first().map_or(0, |operation| operation.wall_ms);
            let mut rows = Vec::new();
            for drawn in &draw.drawn {
                let Some(case_id) = snapshot.case_id_by_number(&drawn.number)? else { continue };
                let Some(case) = snapshot.case(&case_id)? else { continue };
                let seen = looks.iter().filter(|look| {
                    look.wall_ms >= drawn_ms
                        && look.what == "view_case"
                        && look.subject == drawn.number
                        && auditors.contains(&look.account)
                });
                rows.push(SampleRow {
                    case_id,
                    drawn: drawn.clone(),
                    title: case.filing.title.clone(),
                    standing: case.standing(),
                    looks: seen.count(),
                });
            }
            let time = local(drawn_ms).format("%Y-%m-%d %H:%M").to_string();
            views.push(SampleView { seq, time, draw, rows });
        }
        Ok(views)
    }
}

/// The cases of a month that can be drawn: settled, and still in effect.
fn units(snapshot: &Snapshot, period: &str) -> Result<Vec<Unit>, AppError> {
    let stands = |case: &Case| matches!(case.status, Status::InEffect | Status::Reversing(_));
    let month = |case: &Case| {
        let effect = case.effect.as_ref();
        effect.is_some_and(|effect| local(effect.wall_ms).format("%Y-%m").to_string() == period)
    };
    let cases = snapshot.all_cases(usize::MAX)?.into_iter().map(|(_, case)| case);
    let settled = cases.filter(|case| stands(case) && month(case)).filter_map(|case| {
        let value = case.settlement.as_ref()?.fund_pay_sumamt;
        Some(Unit { number: case.number.clone(), value })
    });
    Ok(settled.collect())
}
