//! The walk's payment: one finance person makes the list, another approves it and writes the bank's file, a bank of paper answers,
//! the answer is taken in. By keys, like the rest. Knows the screens' keys; must not know how a payment is decided.

use std::path::Path;

use super::drive::Driver;
use super::office::{DemoError, LOGINS, Login};
use super::walk::Witness;

/// Who makes the list.
const MAKER: &Login = &LOGINS[3];
/// Who approves it.
const CHECKER: &Login = &LOGINS[7];

/// Pays what is due.
///
/// # Errors
/// The screen, where the walk went astray.
pub(super) fn pay(driver: &mut Driver, folder: &Path, witness: &mut dyn Witness) -> Result<(), DemoError> {
    witness.step(&format!("财务 {} 制单", MAKER.name));
    driver.sign_in(MAKER)?;
    driver.keys("=FK<Enter>")?.sees("待付款 1 件")?;
    witness.screen("待付款", &driver.screen());
    // The first layout of the list: separated by commas.
    driver.keys("<F9><Enter>")?.sees("[Y/N]")?.keys("y")?.sees("已存：付款单")?;
    driver.sign_out()?;
    witness.step(&format!("财务 {} 复核、报盘", CHECKER.name));
    driver.sign_in(CHECKER)?;
    driver.keys("=FD<Enter><Enter>")?.sees("待复核")?;
    driver.keys("<F9>")?.sees("[Y/N]")?.keys("y")?.sees("已复核")?;
    driver.keys("<F4>")?.sees("[Y/N]")?.keys("y")?.sees("已报盘")?;
    let answer = folder.join("bank-answer.csv");
    std::fs::write(&answer, answered(&folder.join("station/bank"))?)?;
    witness.step("银行回盘（演示），导入核对");
    driver.keys("<F7>")?.text(&answer.display().to_string())?.keys("<Enter>")?.sees("成功 1 笔")?;
    driver.sees("已回盘")?;
    witness.screen("付款单", &driver.screen());
    driver.sign_out()?;
    Ok(())
}

/// The answer of a bank that pays everything: the sample layout's returned file, made of the office's file.
fn answered(folder: &Path) -> Result<String, DemoError> {
    let lost = || DemoError::Result("报盘文件不在或读不出".to_owned());
    let file = std::fs::read_dir(folder)?.next().ok_or_else(lost)??.path();
    let text = std::fs::read_to_string(file)?;
    let mut out = "序号,收款户名,收款账号,金额,处理日期,结果,说明\r\n".to_owned();
    let (mut lines, mut foot) = (Vec::new(), None);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        match cells.as_slice() {
            ["合计", no, day, count, sum] => foot = Some((*no, *day, *count, *sum)),
            [seq, name, account, _, _, amount, ..] => lines.push([*seq, *name, *account, *amount]),
            _ => return Err(lost()),
        }
    }
    let (no, day, count, sum) = foot.ok_or_else(lost)?;
    for [seq, name, account, amount] in lines {
        out.push_str(&format!("{seq},{name},{account},{amount},{day},成功,\r\n"));
    }
    out.push_str(&format!("合计,{no},{count},{sum}\r\n"));
    Ok(out)
}
