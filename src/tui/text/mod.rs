//! Every Chinese word of the interface. Screens name things here and write none themselves (`tests/tidy.rs`). Knows
//! words; must not know layout. No character of ambiguous width may stand here (product 2.1).

mod actions;
mod bill;
mod compare;
mod due;
mod findings;
mod form;
mod find;
mod home;
mod lists;
mod payment;
mod review;
mod route;

pub use actions::{action, screen};
pub use bill::*;
pub use compare::*;
pub use due::*;
pub use find::*;
pub use findings::*;
pub use form::*;
pub use home::*;
pub use lists::*;
pub use payment::*;
pub use review::*;
pub use route::*;

use crate::tui::runtime::Notice;

/// Head of the list of screen codes on the `?` page.
pub const HELP_CODES: &str = "画面代码（任何地方键入 = 和代码，再按 Enter）";
/// What a screen's line of the palette does.
pub const PALETTE_SCREEN: &str = "转到该画面";
/// Title of the palette.
pub const PALETTE_TITLE: &str = "命令";
/// Title of the `?` page.
pub const HELP_TITLE: &str = "本画面的按键";
/// The filter's prompt in a pick list.
pub const PICK_FILTER: &str = "筛选";
/// A pick list whose filter finds nothing.
pub const PICK_NOTHING: &str = "没有符合的项。退格改短筛选，Esc 返回。";
/// Asks for a screen code.
pub const JUMP_PROMPT: &str = "转到画面 =";
/// A code that is no screen.
pub const JUMP_UNKNOWN: &str = "没有这个画面代码。按 ? 看全部代码。";
/// Asks for the reason code of a warning.
pub const REASON_PROMPT: &str = "原因代码";
/// Mark of a field copied from the previous record.
pub const CARRIED: &str = "=";
/// The program's name on the sign-in screen.
pub const PRODUCT: &str = "乡保工作站";
/// Sign-in.
pub const SIGN_IN: &str = "签到";
/// The locked terminal.
pub const LOCKED: &str = "已锁定";
/// Field: account.
pub const ACCOUNT: &str = "账号";
/// Field: PIN.
pub const PIN: &str = "口令";
/// Under the sign-in fields.
pub const SIGN_IN_HINT: &str = "键入账号，Enter，再键入口令，Enter。汉字输入法开着也可以。";
/// Under the PIN of a locked terminal.
pub const LOCKED_HINT: &str = "办件和光标都还在原处。键入口令继续；换人请按 Esc 退回签到。";
/// The account is missing.
pub const ACCOUNT_MISSING: &str = "请先键入账号。";
/// The PIN is missing.
pub const PIN_MISSING: &str = "请键入口令。";

/// Days of a clock.
pub fn term(days: u16) -> String {
    if days == 0 { "当日".to_owned() } else { format!("{days} 个工作日") }
}

/// Marks of a finding beside a field: a word, then the text.
pub const FINDING_ERROR: &str = "错";
/// A doubt.
pub const FINDING_WARNING: &str = "疑";
/// A remark.
pub const FINDING_NOTE: &str = "注";

/// The notice of a window that is too small.
pub fn too_small(cols: u16, rows: u16, min_cols: u16, min_rows: u16) -> [String; 2] {
    [
        format!("窗口太小：{cols}x{rows}，请拉大到 {min_cols}x{min_rows}"),
        "已键入的内容都在，不会丢".to_owned(),
    ]
}

/// Where in a list one is.
pub fn position(at: usize, of: usize) -> String {
    format!("第 {at}/{of} 行")
}

/// Parts done of a whole.
pub fn progress(done: u64, total: u64) -> String {
    format!("{done}/{total}")
}

/// What a session tells on the message line.
pub fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::NotUtf8 { gb: true } => {
            "终端发来的是 GBK 编码。请把终端的字符集改为 UTF-8（PuTTY: Window - Translation），再重新键入。"
        }
        Notice::NotUtf8 { gb: false } => "终端发来的不是 UTF-8。请把终端的字符集改为 UTF-8，再重新键入。",
        Notice::PasteCut => "粘贴的内容超过 32 KiB，多出的部分没有收下。",
        Notice::Probed(true) => "已重新测量终端：使用线条字符。",
        Notice::Probed(false) => "已重新测量终端：使用 ASCII 字符（终端把制表符画成两格）。",
    }
}

/// Asks the second terminal of an account whether to take the session over.
pub fn takeover_question(account: &str) -> String {
    format!("账号 {account} 正在另一台终端上使用。接管到这里吗？按 Y 接管，其他键退出。")
}

/// To the terminal whose session was taken over.
pub const TAKEN_OVER: &str = "本账号已在另一台终端上接管，本终端断开。内容都在，没有丢失。";
/// The person did not want to take over.
pub const NOT_TAKEN: &str = "没有接管，已退出。";
/// As many sessions as allowed.
pub const TOO_MANY: &str = "工作站的会话已满，请稍后再试，或请管理员查看。";
/// The session failed.
pub const SESSION_FAILED: &str = "会话出错已结束，其他人不受影响。已存的内容都在，请重新连接。";
/// The person signed off.
pub const GOOD_BYE: &str = "已退出乡保工作站。";
/// Closed after half an hour without a key.
pub const IDLE_CLOSED: &str = "长时间没有按键，终端已断开。重新连接后从原处继续。";
/// The station stops.
pub const STATION_STOPS: &str = "工作站正在停止。已存的内容都在。";
/// The account may not come in this way.
pub const NOT_ADMITTED: &str = "本机账户没有登记为工作站账号，请管理员登记（user add）。";
/// The door needs the account of its forced command.
pub const DOOR_WITHOUT_ACCOUNT: &str = "此入口没有给出账号，请管理员检查 authorized_keys。";
/// Another version of the program.
pub const OTHER_VERSION: &str = "客户端与工作站的程序版本不一致，请管理员统一版本。";
/// A command over the door.
pub const NO_COMMANDS: &str = "此入口只提供工作站画面，不执行命令，也不传送文件。";
/// No terminal.
pub const NO_TERMINAL: &str = "需要一个终端（tty）。请用 ssh -t，或在终端窗口中运行。";
/// The daemon is gone.
pub const STATION_GONE: &str = "与工作站的连接断了。内容都在，请重新连接，从原处继续。";

#[cfg(test)]
mod tests {
    /// Every character of the interface text takes the same cells on every terminal (product 2.1).
    #[test]
    fn no_character_of_ambiguous_width_stands_in_the_interface() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui/text");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let source = std::fs::read_to_string(&path).unwrap();
            for (number, line) in source.lines().enumerate() {
                let bad: Vec<char> = line.chars().filter(|c| crate::tui::look::ambiguous(*c)).collect();
                assert!(bad.is_empty(), "{}:{}: {bad:?}", path.display(), number + 1);
            }
        }
    }
}
