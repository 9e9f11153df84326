//! Who asks on the command line: the account from the arguments, the PIN from the environment or the first line of
//! standard input, never from the arguments (they stand in the process list).

use std::io::BufRead;

use xiangbao_core::role::Actor;

use crate::app::{AppError, Station};

/// Environment variable that may hold the PIN.
pub const PIN_VARIABLE: &str = "XIANGBAO_PIN";

/// Reads the PIN.
///
/// # Errors
/// When there is none.
pub fn read_pin() -> Result<String, AppError> {
    if let Ok(pin) = std::env::var(PIN_VARIABLE) {
        return Ok(pin);
    }
    let mut line = String::new();
    let missing = || AppError::Input(format!("请在环境变量 {PIN_VARIABLE} 或标准输入第一行给出口令。"));
    std::io::stdin().lock().read_line(&mut line).map_err(|_| missing())?;
    let pin = line.trim_end_matches(['\r', '\n']);
    if pin.is_empty() { Err(missing()) } else { Ok(pin.to_owned()) }
}

/// Signs in.
///
/// # Errors
/// Wrong account or PIN.
pub fn sign_in(station: &Station, account: &str) -> Result<Actor, AppError> {
    station.sign_in(account, &read_pin()?)
}
