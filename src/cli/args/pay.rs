//! What can be typed after `xiangbao pay` and `xiangbao deduct`. Knows words and their help; must not know what they do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AsArgs, clean_text, key_value};

/// `pay`.
#[derive(Debug, Subcommand)]
pub enum PayCommand {
    /// 待付款、付款失败、在途和待追回的办件
    Due {
        /// 已支付、已追回的也列出
        #[arg(long)]
        all: bool,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 付款单：全部，或给出单号看一张
    List {
        /// 付款单号，如 FKTC01-1-000001
        #[arg(value_parser = clean_text)]
        no: Option<String>,
        /// 打印成 PDF（账号遮蔽，两处签名）
        #[arg(long, requires = "no")]
        print: bool,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 制单：选中待付款的办件，形成付款单
    Make(PayMakeArgs),
    /// 复核：另一名财务人员同意付款；制单、审核过其中任何一件的人不能复核
    Approve {
        /// 付款单号
        no: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 退回：报盘前退回或撤销付款单，各件回到待付款
    Close {
        /// 付款单号
        no: String,
        /// 理由
        #[arg(long)]
        reason: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 报盘：写出银行文件（含完整账号，记入查阅日志）；再次执行写出同一个文件
    Export {
        /// 付款单号
        no: String,
        /// 写到这个文件夹（缺省为数据文件夹的 bank/）
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 回盘：导入银行返回的文件，逐行核对；同一文件再导入不会改变任何内容
    Return(PayReturnArgs),
    /// 追回：登记冲正后退回到账户的款项（银行凭证，不收现金）
    Recover {
        /// 办件号
        number: String,
        /// 金额（元）
        #[arg(long)]
        amount: String,
        /// 银行到账日期，如 2026-11-20
        #[arg(long)]
        day: String,
        /// 银行凭证号
        #[arg(long)]
        voucher: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 更正账户：已生效未支付的办件改收款账户，从初审重新审核，更正人不能再审核、支付本件
    Account {
        /// 办件号
        number: String,
        /// 改成什么，如 bankacct=6228480000000000000，可多次
        #[arg(long = "set", value_name = "K=V", value_parser = key_value, required = true)]
        set: Vec<(String, String)>,
        /// 理由和所见的凭据
        #[arg(long)]
        reason: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 银行版式：列出全部
    Banks {
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}

/// `pay make`.
#[derive(Debug, Args)]
pub struct PayMakeArgs {
    /// 办件号；--all 为全部可以付款的
    #[arg(required_unless_present = "all")]
    pub numbers: Vec<String>,
    /// 全部待付款的办件，您办过或应回避的、不能支付的留下
    #[arg(long, conflicts_with = "numbers")]
    pub all: bool,
    /// 与 --all 同用：列重复缴费退费；缺省列待遇支付（两种款项分开制单）
    #[arg(long, requires = "all")]
    pub refunds: bool,
    /// 银行版式（pay banks 列出）
    #[arg(long, value_name = "LAYOUT")]
    pub bank: String,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// `pay return` and `deduct result`.
#[derive(Debug, Args)]
pub struct PayReturnArgs {
    /// 银行返回的文件
    pub file: PathBuf,
    /// 是哪张单的回盘（缺省由文件中的批次号确定）
    #[arg(long, value_name = "NO")]
    pub list: Option<String>,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// `deduct`.
#[derive(Debug, Subcommand)]
pub enum DeductCommand {
    /// 代扣报盘：由协议和当年登记形成银行文件；已缴、在途、扣了也不产生待遇的不列入
    File(DeductFileArgs),
    /// 代扣回盘：导入扣款结果，成功的记入参保库，失败的留下原因
    Result(PayReturnArgs),
    /// 缴费入账：柜台、学校、税务等已到账的缴费，按凭证记入参保库；重复缴费的不入账并说明
    Paid(PaidArgs),
    /// 代扣单：列出全部
    List {
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 催缴名单：谁还没有缴这一年的费，按村，号码遮蔽
    Calls(CallsArgs),
}

/// `deduct file`.
#[derive(Debug, Args)]
pub struct DeductFileArgs {
    /// 参保年度
    #[arg(long, required_unless_present = "again")]
    pub year: Option<u16>,
    /// 银行版式（pay banks 列出）
    #[arg(long, value_name = "LAYOUT", required_unless_present = "again")]
    pub layout: Option<String>,
    /// 只要一个村（12 位代码）
    #[arg(long, value_name = "CODE")]
    pub village: Option<String>,
    /// 只要一家银行的账户（代码表 bank_type_code）
    #[arg(long, value_name = "CODE")]
    pub bank: Option<String>,
    /// 再次写出这张代扣单的文件，内容不变
    #[arg(long, value_name = "NO", conflicts_with_all = ["year", "layout", "village", "bank"])]
    pub again: Option<String>,
    /// 写到这个文件夹（缺省为数据文件夹的 bank/）
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// `deduct paid`.
#[derive(Debug, Args)]
pub struct PaidArgs {
    /// 这张凭证上的人：个人编号或证件号码
    #[arg(required = true, value_name = "PERSON")]
    pub persons: Vec<String>,
    /// 参保年度
    #[arg(long)]
    pub year: u16,
    /// 足额到账的日期
    #[arg(long, value_name = "DATE")]
    pub day: String,
    /// 征收方式（代码表 clct_way：02 税务 03 经办机构 04 学校 05 社区 06 财政 08 银行代收 11 柜台）
    #[arg(long, value_name = "CODE")]
    pub way: String,
    /// 凭证号
    #[arg(long, value_name = "NO")]
    pub voucher: String,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// `deduct calls`.
#[derive(Debug, Args)]
pub struct CallsArgs {
    /// 参保年度
    #[arg(long)]
    pub year: u16,
    /// 只要一个村（12 位代码）
    #[arg(long, value_name = "CODE")]
    pub village: Option<String>,
    /// 显示完整号码的用途（须有权限，记入查阅日志）
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    /// 写出 csv
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// 打印成 PDF
    #[arg(long)]
    pub print: bool,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}
