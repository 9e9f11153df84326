//! What can be typed after `xiangbao import` and `xiangbao roster`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AsArgs, key_value};

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

/// `import students`.
#[derive(Debug, Args)]
pub struct ImportStudentsArgs {
    /// 学校的文件：xlsx，或 UTF-8、GB18030 的 csv
    #[arg(required_unless_present = "template")]
    pub file: Option<PathBuf>,
    /// 表头各项，如 school_name=桃城一小，可多次；cnt、sumamt 为纸表合计，与全文件核对
    #[arg(long = "head", value_name = "K=V", value_parser = key_value)]
    pub head: Vec<(String, String)>,
    /// 只核对，不导入
    #[arg(long)]
    pub check: bool,
    /// 有错的行留下不导，其余照导
    #[arg(long, conflicts_with = "check")]
    pub keep_good: bool,
    /// 写出空白模板（xlsx）交学校填写
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "head", "check", "keep_good"])]
    pub template: Option<PathBuf>,
    /// 以哪个账号（口令从环境变量 XIANGBAO_PIN 或标准输入第一行读取）
    #[arg(long = "as", value_name = "ACCOUNT", required_unless_present = "template")]
    pub account: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}
