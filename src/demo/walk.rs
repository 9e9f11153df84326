//! The walk of the headless demo: five kinds of case from the clerk's first key to the city's receipt, three
//! different persons reviewing, paper, exchange, restart, verification. All of it through the screens, by keys.

use std::path::Path;
use std::sync::Arc;

use xiangbao_core::case::Status;
use xiangbao_core::event::{CITY_ANSWERED, Event};
use xiangbao_core::identity::masked_certno;
use xiangbao_core::register::PersonField;
use xiangbao_core::role::Actor;

use super::drive::Driver;
use super::office::{DemoError, LOGINS, Login, Office};
use super::plays::{Play, plays};
use super::report::{Line, Report};
use crate::app::{Reach, Station};

/// Hears what the walk does: a step, or a screen it passed.
pub trait Witness {
    /// A step.
    fn step(&mut self, what: &str);
    /// A screen, under a title.
    fn screen(&mut self, title: &str, screen: &str);
}

/// The clerk, the rechecker and the approver.
const LEVELS: [&Login; 3] = [&LOGINS[0], &LOGINS[1], &LOGINS[2]];
/// The clerk.
const CLERK: &Login = LEVELS[0];

/// Walks. The office is used up: its station is closed and opened again on the way.
///
/// # Errors
/// Where the walk went astray, with the screen.
pub fn walk(office: Office, folder: &Path, witness: &mut dyn Witness) -> Result<Report, DemoError> {
    let Office { station, hub, cast, size } = office;
    let snapshot = station.snapshot()?;
    let get = |psn_no: &str, field: PersonField| -> String {
        let person = snapshot.person(psn_no).ok().flatten();
        person.map(|person| person.get(field).to_owned()).unwrap_or_default()
    };
    let plays = plays(&cast, station.today(), &get);
    drop(snapshot);
    let mut driver = Driver::new(&station);
    witness.screen("签到", &driver.screen());
    let numbers = accept_all(&station, &mut driver, &plays, witness)?;
    for level in LEVELS {
        review_all(&mut driver, level, numbers.len(), witness)?;
    }
    let files = print_all(&station, &mut driver, &numbers, witness)?;
    super::pay::pay(&mut driver, folder, witness)?;
    exchange(&mut driver, witness)?;
    let keystrokes = driver.keystrokes;
    drop(driver);
    witness.step("关闭工作站，重新打开");
    let station = reopened(station, folder)?;
    let mut driver = Driver::new(&station);
    driver.sign_in(CLERK)?;
    driver.keys("=BJ<Enter>")?;
    witness.screen("重新打开后：全部办件", &driver.screen());
    driver.keys("<Enter><F7>")?;
    witness.screen("办件经过", &driver.screen());
    drop(driver);
    witness.step("走查业务日志，重建投影并比对");
    let lines = lines(&station, &plays, &numbers, files)?;
    let verdict = station.verify(&station.machine_actor(), &mut |_, _| true)?;
    let verdict = verdict.ok_or_else(|| DemoError::Result("走查没有完成".to_owned()))?;
    hub.stop();
    Ok(Report { size, lines, keystrokes, verdict })
}

fn actor(station: &Station, login: &Login) -> Result<Actor, DemoError> {
    Ok(station.sign_in(login.account, login.pin)?)
}

/// The clerk types and hands in all five; answers the printed numbers.
fn accept_all(
    station: &Arc<Station>,
    driver: &mut Driver,
    plays: &[Play],
    witness: &mut dyn Witness,
) -> Result<Vec<String>, DemoError> {
    let clerk = actor(station, CLERK)?;
    driver.sign_in(CLERK)?;
    witness.screen("首页", &driver.screen());
    let mut numbers = Vec::new();
    for play in plays {
        witness.step(&format!("{}：查人、录入、核材料、受理", play.title));
        let (certno, name) = {
            let person = station.snapshot()?.person(&play.psn_no).map_err(crate::app::AppError::from)?;
            let person = person.ok_or_else(|| DemoError::Result(format!("没有 {}", play.psn_no)))?;
            (person.certno().to_owned(), person.name().to_owned())
        };
        driver.find(&certno, &name)?;
        if numbers.is_empty() {
            witness.screen(&format!("参保人（以 {} 查得）", masked_certno(&certno)), &driver.screen());
        }
        driver.keys(key_of(play.code))?;
        let draft = driver.fill(play, &clerk)?;
        witness.screen(&format!("{} 录入完", play.code), &driver.screen());
        let due = station.materials_due(&draft)?.len();
        driver.keys("<F5>")?.keys(&"2".repeat(due))?;
        witness.screen(&format!("{} 材料", play.code), &driver.screen());
        driver.keys("<F9>")?.sees("[Y/N]")?.keys("y")?;
        let number = newest(station)?;
        driver.sees(&number)?;
        witness.screen(&format!("{} 已受理", play.code), &driver.screen());
        driver.keys("<Esc>")?;
        numbers.push(number);
    }
    driver.sign_out()?;
    Ok(numbers)
}

/// The key on a person's card that begins a form.
fn key_of(code: &str) -> &'static str {
    match code {
        "DJ" => "1",
        "BG" => "2",
        "ZX" => "3",
        "ZY" => "4",
        _ => "5",
    }
}

fn newest(station: &Station) -> Result<String, DemoError> {
    let cases = station.snapshot()?.all_cases(usize::MAX).map_err(crate::app::AppError::from)?;
    let last = cases.last().map(|(_, case)| case.number.clone());
    last.ok_or_else(|| DemoError::Result("没有受理的办件".to_owned()))
}

/// One person passes everything that waits for that level.
fn review_all(
    driver: &mut Driver,
    login: &Login,
    count: usize,
    witness: &mut dyn Witness,
) -> Result<(), DemoError> {
    witness.step(&format!("{} {}：审核 {count} 件", login.role.label(), login.name));
    driver.sign_in(login)?;
    for index in 0..count {
        driver.keys("=SH<Enter>")?;
        if index == 0 {
            witness.screen(&format!("{}的审核队列", login.name), &driver.screen());
        }
        driver.keys("<Enter>")?;
        if index + 1 == count {
            driver.keys("<End>")?;
            witness.screen(&format!("{}的审核页", login.name), &driver.screen());
        }
        driver.keys("<F9>")?.keys("<F9>")?.sees("[Y/N]")?.keys("y")?.sees("已存")?;
    }
    driver.keys("=SH<Enter>")?;
    driver.sign_out()?;
    Ok(())
}

/// The clerk prints every document of every case; answers file names with pages, by printed number.
fn print_all(
    station: &Arc<Station>,
    driver: &mut Driver,
    numbers: &[String],
    witness: &mut dyn Witness,
) -> Result<Vec<Vec<(String, u32)>>, DemoError> {
    witness.step("打印全部文书");
    driver.sign_in(CLERK)?;
    let mut files = Vec::new();
    for (index, number) in numbers.iter().enumerate() {
        let case_id = station.case_by_number(number)?;
        let case = station.snapshot()?.case(&case_id).map_err(crate::app::AppError::from)?;
        let case = case.ok_or_else(|| DemoError::Result(format!("没有 {number}")))?;
        let documents = station.documents_of(&case)?;
        // Newest first: the last number stands in the first row.
        let down = "<Down>".repeat(numbers.len() - 1 - index);
        driver.keys("=BJ<Enter>")?.keys(&down)?.keys("<Enter>")?.sees(number)?.keys("<F6>")?;
        for choice in 1..=documents.len() {
            driver.keys("<F4>")?.text(&choice.to_string())?.keys("<Enter>")?;
            if choice == 1 && index + 1 == numbers.len() {
                witness.screen("打印预览", &driver.screen());
            }
            driver.keys("<F6>")?.sees("已存：")?;
        }
        let case = station.snapshot()?.case(&case_id).map_err(crate::app::AppError::from)?;
        let printed = case.map(|case| case.copies.len()).unwrap_or_default();
        if printed != documents.len() {
            return Err(driver.astray(&format!("{number}：应打印 {} 份，实为 {printed}", documents.len())));
        }
        files.push(printed_files(station, &case_id)?);
    }
    driver.sign_out()?;
    Ok(files)
}

/// What the journal says was printed of a case.
fn printed_files(station: &Station, case_id: &[u8; 16]) -> Result<Vec<(String, u32)>, DemoError> {
    let steps = station.snapshot()?.steps_of_case(case_id).map_err(crate::app::AppError::from)?;
    let mut files = Vec::new();
    for step in steps {
        let event =
            Event::decode(step.kind, &step.payload).map_err(|fault| DemoError::Result(fault.to_string()))?;
        if let Event::Printed { document, pages, .. } = event {
            files.push((document, pages));
        }
    }
    Ok(files)
}

/// The clerk sends everything to the city and sees it acknowledged.
fn exchange(driver: &mut Driver, witness: &mut dyn Witness) -> Result<(), DemoError> {
    witness.step("与市级中心交换");
    driver.sign_in(CLERK)?;
    driver.keys("=TB<Enter>")?;
    witness.screen("交换（发送前）", &driver.screen());
    driver.keys("<F9>")?.waits_for("市级已全收")?;
    witness.screen("交换（已收回执）", &driver.screen());
    driver.sign_out()?;
    Ok(())
}

/// Closes the station for good and opens it again from its folder.
fn reopened(station: Arc<Station>, folder: &Path) -> Result<Arc<Station>, DemoError> {
    match Arc::try_unwrap(station) {
        Ok(closed) => drop(closed),
        Err(_) => return Err(DemoError::Result("工作站仍被占用，不能重新打开".to_owned())),
    }
    Ok(Arc::new(Station::open(&folder.join("station"))?))
}

/// The receipt that covers an operation, as the journal holds it.
fn receipt_of(station: &Station, seq: u64) -> Result<String, DemoError> {
    let operations = station.snapshot()?.operations(seq, usize::MAX).map_err(crate::app::AppError::from)?;
    for operation in operations.iter().filter(|operation| operation.kind == CITY_ANSWERED) {
        let event = Event::decode(operation.kind, &operation.payload)
            .map_err(|fault| DemoError::Result(fault.to_string()))?;
        if let Event::CityAnswered { receipt, through, .. } = event
            && through >= seq
        {
            return Ok(receipt);
        }
    }
    Ok(String::new())
}

/// One line a case, from what the station holds now.
fn lines(
    station: &Station,
    plays: &[Play],
    numbers: &[String],
    files: Vec<Vec<(String, u32)>>,
) -> Result<Vec<Line>, DemoError> {
    let clerk = actor(station, CLERK)?;
    let rows = station.list_cases(&clerk, "")?;
    let mut lines = Vec::new();
    for ((play, number), files) in plays.iter().zip(numbers).zip(files) {
        let row = rows.iter().find(|row| row.row.number == *number);
        let row = row.ok_or_else(|| DemoError::Result(format!("清单中没有 {number}")))?;
        let case = station.snapshot()?.case(&row.row.case_id).map_err(crate::app::AppError::from)?;
        let case = case.ok_or_else(|| DemoError::Result(format!("没有 {number}")))?;
        lines.push(Line {
            number: number.clone(),
            title: play.title.to_owned(),
            effective: case.status == Status::InEffect,
            persons: case.reviews.iter().map(|review| review.by.person.clone()).collect(),
            total: case.settlement.as_ref().map(|s| s.medfee_sumamt),
            fund: case.settlement.as_ref().map(|s| s.fund_pay_sumamt),
            paid: case.pay_word(),
            files,
            city: row.reach,
            accepted: row.reach == Reach::Accepted,
            receipt: receipt_of(station, case.last.seq)?,
        });
    }
    Ok(lines)
}
