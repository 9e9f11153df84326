//! What can be typed after `xiangbao route`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::JsonArgs;

/// A seat on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeatArg {
    /// 乡镇
    Township,
    /// 县级
    County,
    /// 市级
    City,
}

/// `route`.
#[derive(Debug, Subcommand)]
pub enum RouteCommand {
    /// 导出送审包和审批结果包到文件夹或 U 盘；未确认送达的一并再写出，重复执行不会重复送审
    Export {
        /// 文件夹或 U 盘
        #[arg(long = "to", value_name = "DIR")]
        folder: PathBuf,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 导入别站的送审包或审批结果包；重复导入不改变任何内容
    Import {
        /// 文件
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 登记一个站的公钥和它办理的层级：此后收它的包；--none 撤销
    Trust {
        /// 对方的站点编号
        #[arg(long)]
        station: String,
        /// 对方的公钥（64 位十六进制，对方执行 xiangbao route status 读出，另行核对）
        #[arg(long, value_name = "HEX")]
        key: String,
        /// 对方办理的层级，逗号分隔
        #[arg(long = "seat", value_name = "SEATS", value_delimiter = ',', required_unless_present = "none")]
        seats: Vec<SeatArg>,
        /// 不再信任
        #[arg(long, conflicts_with = "seats")]
        none: bool,
    },
    /// 设定本站办理哪几个层级的审核
    Seats {
        /// 层级：township county city
        #[arg(required = true, value_name = "SEAT")]
        seats: Vec<SeatArg>,
    },
    /// 本站公钥、登记的站、待送审和已返回的办件
    Status(JsonArgs),
}
