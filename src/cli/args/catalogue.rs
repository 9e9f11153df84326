//! What can be typed after `xiangbao catalogue`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::Subcommand;

/// `catalogue`.
#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// 导入目录（xlsx 或 csv，列见 docs/catalogue.md）：逐格核对，有错整份不导；下次启动起使用
    Import {
        /// 文件：xlsx，或 UTF-8、GB18030 的 csv
        file: PathBuf,
        /// 文件没有“来源”列时，各行的依据和文号
        #[arg(long, value_name = "TEXT", default_value = "", value_parser = super::clean_text)]
        source: String,
        /// 文件没有“生效日期”列时，各行从哪天起有效
        #[arg(long, value_name = "DATE")]
        from: Option<chrono::NaiveDate>,
        /// 只核对，不导入
        #[arg(long)]
        check: bool,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 查目录：编码、名称、拼音首字母
    Search {
        /// 查什么
        #[arg(value_parser = super::clean_text)]
        query: String,
        /// 哪一天有效的（缺省今天）
        #[arg(long, value_name = "DATE")]
        on: Option<chrono::NaiveDate>,
        /// 最多列出几项
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 目录现状：条数、类别、来源、校验值
    Status {
        /// 哪一天有效的（缺省今天）
        #[arg(long, value_name = "DATE")]
        on: Option<chrono::NaiveDate>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}
