//! Reads a list of doctors of the insurance (003 A54, A56): xlsx or csv, titles in Chinese or as national names. Knows
//! columns; must not know what a suspended doctor means.

use chrono::NaiveDate;
use xiangbao_core::findings::{Doctor, DoctorState};
use xiangbao_core::identity::text::clean;

use super::fault::{CellFault, FileFault};
use super::grid::{Cell, Line, MAX_FAULTS, MAX_LINES, letters};
use super::pick::sheets;

/// Longest code or name, characters.
const LONGEST: usize = 100;
/// Columns: national name, Chinese titles, whether it must be filled.
const COLUMNS: [(&str, &[&str], bool); 8] = [
    ("fixmedins_code", &["机构编码", "医疗机构编码", "定点医疗机构编号"], true),
    ("fixmedins_name", &["机构名称", "医疗机构名称", "定点医疗机构名称"], true),
    ("dr_codg", &["医师编码", "医师代码", "医保医师编码"], true),
    ("dr_name", &["医师姓名", "姓名"], true),
    ("state", &["状态", "登记状态"], true),
    ("begndate", &["开始日期", "起始日期"], true),
    ("enddate", &["结束日期", "截止日期"], false),
    ("basis", &["依据", "文号"], false),
];

/// What a list holds.
#[derive(Clone, Debug, Default)]
pub struct DoctorList {
    /// Records without faults, in the order of the file.
    pub doctors: Vec<Doctor>,
    /// What must be put right.
    pub faults: Vec<CellFault>,
}

/// Reads a list. `file` names it in messages.
///
/// # Errors
/// When the file cannot be read at all.
pub fn read_doctors(bytes: &[u8], file: &str) -> Result<DoctorList, FileFault> {
    let mut list = DoctorList::default();
    for sheet in sheets(bytes, MAX_LINES)? {
        let name = if sheet.name.is_empty() { file } else { &sheet.name };
        let mut lines = sheet.lines.iter();
        let Some(columns) = lines.by_ref().find_map(heads) else { continue };
        let reader = Reader { sheet: name, columns };
        for line in lines {
            // The national names may stand on a line of their own below the titles.
            if heads(line).is_some() || list.faults.len() >= MAX_FAULTS {
                continue;
            }
            match reader.doctor(line) {
                Ok(doctor) => list.doctors.push(doctor),
                Err(faults) => list.faults.extend(faults),
            }
        }
    }
    if list.doctors.is_empty() && list.faults.is_empty() {
        let titles: Vec<&str> = COLUMNS.iter().filter_map(|(_, titles, _)| titles.first().copied()).collect();
        list.faults.push(CellFault {
            sheet: file.to_owned(),
            row: 0,
            column: String::new(),
            title: String::new(),
            value: String::new(),
            rule: "file.titles".to_owned(),
            message: "没有找到医师名单的标题行或内容".to_owned(),
            fix: format!("第一行写标题：{}", titles.join("、")),
        });
    }
    Ok(list)
}

/// The column of each id, when this line holds the titles.
fn heads(line: &Line) -> Option<[Option<usize>; 8]> {
    let mut columns = [None; 8];
    for (at, cell) in line.cells.iter().enumerate() {
        let shown = cell.shown();
        let known =
            COLUMNS.iter().position(|(id, titles, _)| shown == *id || titles.contains(&shown.as_str()));
        if let Some(slot) = known.and_then(|index| columns.get_mut(index)) {
            slot.get_or_insert(at);
        }
    }
    let whole = COLUMNS.iter().zip(columns).all(|((.., needed), column)| !needed || column.is_some());
    whole.then_some(columns)
}

struct Reader<'a> {
    sheet: &'a str,
    columns: [Option<usize>; 8],
}

impl Reader<'_> {
    fn doctor(&self, line: &Line) -> Result<Doctor, Vec<CellFault>> {
        let mut faults = Vec::new();
        let mut take = |index: usize| {
            self.text(line, index).unwrap_or_else(|fault| {
                faults.push(*fault);
                String::new()
            })
        };
        let [code, hospital, dr_codg, name, state, from, to, basis] = [0, 1, 2, 3, 4, 5, 6, 7].map(&mut take);
        let known = DoctorState::from_word(&state);
        if known.is_none() && !state.is_empty() {
            faults.push(self.fault(line, 4, "doctor.state", "没有这种状态", "填 在册、暂停 或 停止"));
        }
        for (index, text) in [(5, &from), (6, &to)] {
            if !text.is_empty() && day(text).is_none() {
                faults.push(self.fault(line, index, "doctor.day", "不是日期", "写成 2026-01-01"));
            }
        }
        if let (Some(begin), Some(end)) = (day(&from), day(&to))
            && end < begin
        {
            faults.push(self.fault(line, 6, "doctor.order", "结束日期早于开始日期", "核对两个日期"));
        }
        match known.filter(|_| faults.is_empty()) {
            Some(state) => Ok(Doctor {
                fixmedins_code: code,
                fixmedins_name: hospital,
                dr_codg,
                name,
                state,
                from,
                to,
                basis,
            }),
            None => Err(faults),
        }
    }

    fn text(&self, line: &Line, index: usize) -> Result<String, Box<CellFault>> {
        let (.., needed) = COLUMNS.get(index).copied().unwrap_or(("", &[], false));
        let cell = self.columns.get(index).copied().flatten().and_then(|at| line.cells.get(at));
        let text = match cell {
            Some(Cell::Text(text) | Cell::Number(text)) => text.clone(),
            Some(Cell::Day(day)) => day.to_string(),
            Some(Cell::Error(_) | Cell::TooLong) => {
                let fault = self.fault(line, index, "cell.content", "内容无法读取", "重新填写这一格");
                return Err(Box::new(fault));
            }
            Some(Cell::Empty) | None => String::new(),
        };
        let text = clean(&text).map_err(|error| {
            Box::new(self.fault(line, index, "cell.control", &error.zh(), "重新输入这一格"))
        })?;
        if text.chars().count() > LONGEST {
            let fault = self.fault(line, index, "cell.length", "内容太长", "最多 100 个字");
            return Err(Box::new(fault));
        }
        if text.is_empty() && needed {
            return Err(Box::new(self.fault(line, index, "cell.empty", "必须填写", "补填这一格")));
        }
        Ok(text)
    }

    fn fault(&self, line: &Line, index: usize, rule: &str, message: &str, fix: &str) -> CellFault {
        let column = self.columns.get(index).copied().flatten();
        let title = COLUMNS.get(index).and_then(|(_, titles, _)| titles.first()).copied().unwrap_or_default();
        CellFault {
            sheet: self.sheet.to_owned(),
            row: line.number,
            column: column.map(letters).unwrap_or_default(),
            title: title.to_owned(),
            value: column.and_then(|at| line.cells.get(at)).map(Cell::shown).unwrap_or_default(),
            rule: rule.to_owned(),
            message: message.to_owned(),
            fix: fix.to_owned(),
        }
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text)
}
