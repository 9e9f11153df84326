//! What can be typed after `xiangbao calendar`. Knows words and their help; must not know what they do.

use clap::{Args, Subcommand};

use super::AsArgs;

/// `calendar`.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// 算期限：受理当日不计；不需要数据文件夹
    Due(TermArgs),
    /// 逐日说明期限怎样算出：每天计不计、为什么、哪一层日历
    Explain(TermArgs),
    /// 统计报表期限（003 第一百一十三条），两种读法都给出；与办理期限是两套日历
    Report(ReportArgs),
    /// 停机通知
    #[command(subcommand)]
    Outage(OutageCommand),
}

/// A term and where it begins.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("term").required(true)))]
pub struct TermArgs {
    /// 受理日期，YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub from: chrono::NaiveDate,
    /// 工作日数
    #[arg(long, value_name = "N", group = "term", value_parser = clap::value_parser!(u32).range(1..=2_500))]
    pub working_days: Option<u32>,
    /// 当日办结
    #[arg(long, group = "term")]
    pub same_day: bool,
    /// 自然日数
    #[arg(long, value_name = "N", group = "term", value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub days: Option<u32>,
    /// 自然月数
    #[arg(long, value_name = "N", group = "term", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub months: Option<u32>,
    /// 用哪几层日历：national 国家，guangxi 加自治区，office 再加本单位（缺省）
    #[arg(long, value_enum, default_value_t = CalendarArea::Office)]
    pub area: CalendarArea,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// Layers of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CalendarArea {
    /// The national layer alone.
    National,
    /// With the region's.
    Guangxi,
    /// With the office's own.
    Office,
}

/// `calendar report`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("period").required(true)))]
pub struct ReportArgs {
    /// 月报所属月份，如 2017-09
    #[arg(long, value_name = "YYYY-MM", group = "period")]
    pub month: Option<String>,
    /// 季报所属季度，如 2017-Q3
    #[arg(long, value_name = "YYYY-QN", group = "period")]
    pub quarter: Option<String>,
    /// 年报所属年度，如 2017
    #[arg(long, value_name = "YYYY", group = "period")]
    pub year: Option<String>,
    /// 用哪几层日历（缺省为国家日历）
    #[arg(long, value_enum, default_value_t = CalendarArea::National)]
    pub area: CalendarArea,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `calendar outage`.
#[derive(Debug, Subcommand)]
pub enum OutageCommand {
    /// 列出停机通知
    List {
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 登记停机通知（审批岗）；文号相同即更正
    Add {
        /// 文号或名称
        #[arg(long)]
        document: String,
        /// 发文单位
        #[arg(long)]
        issuer: String,
        /// 停机时间，如 "2021-12-14 17:30"
        #[arg(long, value_name = "TIME")]
        from: String,
        /// 恢复时间；还不知道就不写
        #[arg(long, value_name = "TIME", default_value = "")]
        to: String,
        /// 业务代码，如 "DJ BG"；不写为全部业务
        #[arg(long, default_value = "")]
        families: String,
        /// 只顺延停机期间到期的；缺省为停机期间所有在办件停走
        #[arg(long)]
        expiring: bool,
        /// 内容摘要
        #[arg(long, default_value = "")]
        text: String,
        /// 以谁的名义
        #[command(flatten)]
        who: AsArgs,
    },
    /// 登记恢复时间
    End {
        /// 文号或名称
        #[arg(long)]
        document: String,
        /// 恢复时间，如 "2021-12-31 23:00"
        #[arg(long, value_name = "TIME")]
        to: String,
        /// 以谁的名义
        #[command(flatten)]
        who: AsArgs,
    },
}
