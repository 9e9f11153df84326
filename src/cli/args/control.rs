//! What can be typed after `xiangbao doctor` and `xiangbao audit`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AsArgs, clean_text};

/// `doctor`.
#[derive(Debug, Subcommand)]
pub enum DoctorCommand {
    /// 导入医保医师名单（xlsx、csv）：有一处错就全部不导入；同一机构、医师、开始日期的以新的为准
    Import {
        /// 文件
        #[arg(required_unless_present = "sample")]
        file: Option<PathBuf>,
        /// 导入随程序附带的示例名单（示例，虚构）
        #[arg(long, conflicts_with = "file")]
        sample: bool,
        /// 以谁的名义（审批岗）
        #[command(flatten)]
        who: AsArgs,
    },
    /// 列出医保医师
    List {
        /// 只列出编码、姓名、机构含有此文字的
        #[arg(default_value = "", value_parser = clean_text)]
        filter: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
}

/// `audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// 从一个月生效的零星报销中抽样复查（003 第一百二十条），种子和结果记入业务日志
    Sample(SampleArgs),
    /// 列出抽样：每一件现在的状态、稽核人员看过几次
    List {
        /// 谁在问（稽核岗）
        #[command(flatten)]
        who: AsArgs,
    },
}

/// `audit sample`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("how").required(true).multiple(true)))]
pub struct SampleArgs {
    /// 生效月份，如 2026-10
    #[arg(long, value_name = "YYYY-MM")]
    pub period: String,
    /// 随机抽取的比例，如 5%（向上取整）
    #[arg(long, value_name = "PERCENT", group = "how", value_parser = share, default_value = "0%")]
    pub random: u32,
    /// 按基金支付金额等距抽取的点数：金额越大越可能抽到
    #[arg(long, value_name = "N", group = "how", default_value_t = 0)]
    pub weighted: u32,
    /// 种子；不给则随机产生并记录。同样的种子抽出同样的办件
    #[arg(long, value_name = "TEXT", value_parser = clean_text)]
    pub seed: Option<String>,
    /// 谁抽（稽核岗）
    #[command(flatten)]
    pub who: AsArgs,
}

/// A share in per cent with up to two decimals, as ten-thousandths.
fn share(text: &str) -> Result<u32, String> {
    let wrong = || "写成 5% 或 2.5%，不超过 100%".to_owned();
    let plain = text.trim().trim_end_matches(['%', '％']);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let share: u32 = format!("{whole}{part:0<2}").parse().map_err(|_| wrong())?;
    if share > 10_000 { Err(wrong()) } else { Ok(share) }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_per_cent() {
        for (text, wanted) in [
            ("5%", Ok(500)),
            ("2.5", Ok(250)),
            ("100%", Ok(10_000)),
            ("0.01%", Ok(1)),
            ("12.34％", Ok(1_234)),
        ] {
            assert_eq!(share(text), wanted, "{text}");
        }
        for text in ["", "101%", "-5%", "5.123%", "5 %x", "1e3", "%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
