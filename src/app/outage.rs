//! Outage notices (002): who noted which document, from when to when, for which business. Durable in the journal; what
//! they do to the clocks is read, never written into a case.

use xiangbao_core::case::OutageFault;
use xiangbao_core::event::{Event, Outage, OutageScope};
use xiangbao_core::role::{Action, Actor, Subject};

use super::clock::read_moment;
use super::error::AppError;
use super::station::Station;
use crate::store::Stored;

/// A notice as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutageInput {
    /// Document number or name.
    pub document: String,
    /// Issuer.
    pub issuer: String,
    /// Screen codes, separated by blanks or commas; empty: all business.
    pub families: String,
    /// From, `2021-12-14 17:30`.
    pub from: String,
    /// To; empty while it is not known.
    pub to: String,
    /// Only limits that run out in the outage move.
    pub expiring: bool,
    /// What it says.
    pub text: String,
}

impl Station {
    /// All notices, the newest beginning first.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn outages(&self, actor: &Actor) -> Result<Vec<Outage>, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        Ok(self.clocks(&self.snapshot()?)?.outages().to_vec())
    }

    /// Notes an outage, corrects the notice with the same document, or notes its end.
    ///
    /// # Errors
    /// When the actor may not, something is missing or wrong, or the store refuses.
    pub fn notice_outage(
        &self,
        actor: &Actor,
        input: &OutageInput,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.authorize(actor, Action::NoticeOutage, &Subject::none())?;
        let outage = self.read_outage(input)?;
        outage.check().map_err(|fault| AppError::Input(fault.zh().to_owned()))?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(stored) = snapshot.command(&command_id)? {
            return Ok(stored);
        }
        let before = snapshot.outages()?.into_iter().find(|known| known.document == outage.document);
        let event = match (before, outage.to_ms) {
            (Some(known), Some(to_ms))
                if known.to_ms.is_none() && (Outage { to_ms: None, ..outage.clone() }) == known =>
            {
                Event::OutageEnded { document: known.document, to_ms }
            }
            (Some(known), _) if known == outage => {
                return Err(AppError::Input("这份停机通知已经登记，内容没有变化。".to_owned()));
            }
            _ => Event::OutageNoticed { outage },
        };
        self.append(actor, None, command_id, vec![event])
    }

    /// Notes that an outage is over.
    ///
    /// # Errors
    /// When the actor may not, there is no such notice, the end is no moment or before the beginning.
    pub fn end_outage(
        &self,
        actor: &Actor,
        document: &str,
        to: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.authorize(actor, Action::NoticeOutage, &Subject::none())?;
        let to_ms = read_moment(to)?;
        let _turn = self.store.turn();
        let fault = |fault: OutageFault| AppError::Input(fault.zh().to_owned());
        let known = self.snapshot()?.outages()?.into_iter().find(|known| known.document == document.trim());
        let known = known.ok_or_else(|| fault(OutageFault::Unknown))?;
        Outage { to_ms: Some(to_ms), ..known.clone() }.check().map_err(fault)?;
        self.append(actor, None, command_id, vec![Event::OutageEnded { document: known.document, to_ms }])
    }

    fn read_outage(&self, input: &OutageInput) -> Result<Outage, AppError> {
        let missing = |fault: OutageFault| AppError::Input(fault.zh().to_owned());
        if input.document.trim().is_empty() {
            return Err(missing(OutageFault::NoDocument));
        }
        if input.issuer.trim().is_empty() {
            return Err(missing(OutageFault::NoIssuer));
        }
        let mut families = Vec::new();
        for word in input.families.split([' ', ',', '，', '、']).filter(|word| !word.is_empty()) {
            let code = word.to_ascii_uppercase();
            if self.library.forms.values().all(|form| form.def.code != code) {
                let all: Vec<&str> = self.library.forms.values().map(|form| form.def.code.as_str()).collect();
                let words = format!("没有代码为 {word} 的业务。可用：{}；留空表示全部业务。", all.join(" "));
                return Err(AppError::Input(words));
            }
            if !families.contains(&code) {
                families.push(code);
            }
        }
        Ok(Outage {
            document: input.document.trim().to_owned(),
            issuer: input.issuer.trim().to_owned(),
            families,
            from_ms: read_moment(&input.from)?,
            to_ms: match input.to.trim() {
                "" => None,
                to => Some(read_moment(to)?),
            },
            scope: if input.expiring { OutageScope::Expiring } else { OutageScope::Running },
            text: input.text.trim().to_owned(),
        })
    }
}
