//! What can be typed after `xiangbao import` and `xiangbao roster`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AsArgs, ImportStudentsArgs};

/// `roster`.
#[derive(Debug, Args)]
pub struct RosterArgs {
    /// 参保年度
    #[arg(long)]
    pub year: u16,
    /// 只列一个村（12 位代码）
    #[arg(long, value_name = "CODE")]
    pub village: Option<String>,
    /// 只列一家银行（代码表 bank_type_code）
    #[arg(long, value_name = "CODE")]
    pub bank: Option<String>,
    /// 写出 csv（含完整账号，记入查阅日志）
    #[arg(long, value_name = "FILE", conflicts_with = "xlsx")]
    pub csv: Option<PathBuf>,
    /// 写出 xlsx（含完整账号，记入查阅日志）
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// 打印成 PDF（含完整账号，记入查阅日志）
    #[arg(long)]
    pub print: bool,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// `import`.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// 在校学生名册（xlsx 或 csv）：一班一份草稿，逐格核对，有错不导入
    Students(ImportStudentsArgs),
}
