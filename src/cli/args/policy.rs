//! What can be typed after `xiangbao policy`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::AsArgs;

/// `policy`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 列出各地区的政策包；给出地区则列出其参数：现行值、示例或已核对、文件、条款
    List(PolicyListArgs),
    /// 一项参数的历年取值：文件、条款、谁在何时核对
    Show(PolicyShowArgs),
    /// 比较两个政策包，或同一政策包的两天
    Diff(PolicyDiffArgs),
    /// 逐日提问：哪些问题在哪些日子没有答案（文件没有规定，或参数缺失）
    Coverage(PolicyCoverageArgs),
    /// 待遇享受：何时缴费、从哪天到哪天享受、依据哪一条、是否明确；参保状态清理也由此提问
    Entitlement(PolicyEntitlementArgs),
    /// 缴费：标准、补助、资助、个人应缴，集中缴费期和延缴期
    Contribution(PolicyContributionArgs),
    /// 结算一笔费用：统筹、大病、补充、救助一次算出，每个数字都有依据；格式见 docs/settlement.md
    Settle(PolicySettleArgs),
    /// 新政策上线前重算：把已结算的办件按另一个政策包再算一遍，列出谁多得、谁少得、哪里没有答案；不改变任何数据
    Replay(PolicyReplayArgs),
    /// 运行政策用例（seed/policy/<地区>/cases/*.txt），列出条款、输入、应得、实得
    Test(PolicyTestArgs),
}

/// `policy list`.
#[derive(Debug, Args)]
pub struct PolicyListArgs {
    /// 地区，如 guangxi-2017；或政策包文件夹
    pub area: Option<String>,
    /// 哪一天现行的值（缺省为今天）
    #[arg(long, value_name = "DATE")]
    pub on: Option<chrono::NaiveDate>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy show`.
#[derive(Debug, Args)]
pub struct PolicyShowArgs {
    /// 参数，如 contribution.standard（policy list 地区 可列出）
    pub param: String,
    /// 地区或政策包文件夹
    #[arg(long, value_name = "AREA", default_value = crate::app::AREA)]
    pub area: String,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy diff`.
#[derive(Debug, Args)]
pub struct PolicyDiffArgs {
    /// 一方：地区或政策包文件夹，可加日期，如 guangxi-2017@2018-01-01
    pub before: String,
    /// 另一方
    pub after: String,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy coverage`.
#[derive(Debug, Args)]
pub struct PolicyCoverageArgs {
    /// 地区或政策包文件夹；缺省为全部地区
    #[arg(long, value_name = "AREA")]
    pub area: Option<String>,
    /// 从哪天起
    #[arg(long, value_name = "DATE", default_value = "2017-07-01")]
    pub since: chrono::NaiveDate,
    /// 到哪天止（缺省为政策包写到的最后一天）
    #[arg(long, value_name = "DATE")]
    pub until: Option<chrono::NaiveDate>,
    /// 有答案的也列出
    #[arg(long)]
    pub all: bool,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy entitlement`.
#[derive(Debug, Args)]
pub struct PolicyEntitlementArgs {
    /// 地区或政策包文件夹
    #[arg(long, value_name = "AREA", default_value = crate::app::AREA)]
    pub area: String,
    /// 人员类别：continuous first interrupted newborn moved_in ex_employee resident migrant ex_soldier soldier_spouse；
    /// 参保状态：employee resident_unpaid duplicate_employee duplicate_resident duplicate_student cross_scheme
    /// poor_elsewhere enrolled_elsewhere
    #[arg(long)]
    pub kind: String,
    /// 缴费日期（足额到账），YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub paid: Option<chrono::NaiveDate>,
    /// 参保年度
    #[arg(long)]
    pub year: Option<i32>,
    /// 出生日期（新生儿）
    #[arg(long, value_name = "DATE")]
    pub birth: Option<chrono::NaiveDate>,
    /// 办理日期（参保状态；缺省为今天）
    #[arg(long, value_name = "DATE")]
    pub on: Option<chrono::NaiveDate>,
    /// 选项或事实，可多次：third_month=after、gap_months=4、years=2、last_covered=2021-06-30
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = super::key_value)]
    pub options: Vec<(String, String)>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy contribution`.
#[derive(Debug, Args)]
pub struct PolicyContributionArgs {
    /// 地区或政策包文件夹
    #[arg(long, value_name = "AREA", default_value = crate::app::AREA)]
    pub area: String,
    /// 参保年度
    #[arg(long)]
    pub year: i32,
    /// 缴费日期（缺省为今天）
    #[arg(long, value_name = "DATE")]
    pub paid: Option<chrono::NaiveDate>,
    /// 特殊身份代码（psn_idet_type），可多次；可加证明的有效期，如 2303:2021-01-01:2021-12-31
    #[arg(long = "identity", value_name = "CODE[:FROM[:TO]]")]
    pub identities: Vec<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy settle`.
#[derive(Debug, Args)]
pub struct PolicySettleArgs {
    /// 地区、政策包文件夹，或其中任一文件
    #[arg(long, value_name = "AREA", default_value = crate::app::AREA)]
    pub params: String,
    /// 一笔费用，JSON
    #[arg(long, value_name = "FILE")]
    pub case: std::path::PathBuf,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `policy replay`.
#[derive(Debug, Args)]
pub struct PolicyReplayArgs {
    /// 拟上线的政策包：文件夹，或地区
    #[arg(long, value_name = "AREA")]
    pub pack: String,
    /// 只列这一天起结算的
    #[arg(long, value_name = "DATE")]
    pub since: Option<chrono::NaiveDate>,
    /// 只列到这一天止结算的
    #[arg(long, value_name = "DATE")]
    pub until: Option<chrono::NaiveDate>,
    /// 全部列出（缺省每类 20 件）
    #[arg(long)]
    pub all: bool,
    /// 写成表格：.xlsx，否则 csv
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// 以哪个账号
    #[command(flatten)]
    pub who: AsArgs,
}

/// `policy test`.
#[derive(Debug, Args)]
pub struct PolicyTestArgs {
    /// 只运行这个地区；缺省为全部地区
    #[arg(long, value_name = "AREA")]
    pub area: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}
