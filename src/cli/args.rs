//! What can be typed after `xiangbao`. Knows words and their help; must not know what they do.

mod calendar;
mod control;
mod policy;
mod catalogue;
mod pay;
mod roster;
mod route;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use calendar::{CalendarArea, CalendarCommand, OutageCommand, ReportArgs, TermArgs};
pub use catalogue::CatalogueCommand;
pub use control::{AuditCommand, DoctorCommand, SampleArgs};
pub use pay::{CallsArgs, DeductCommand, DeductFileArgs, PaidArgs, PayCommand, PayMakeArgs, PayReturnArgs};
pub use policy::{
    PolicyCommand, PolicyContributionArgs, PolicyCoverageArgs, PolicyDiffArgs, PolicyEntitlementArgs,
    PolicyListArgs, PolicyReplayArgs, PolicySettleArgs, PolicyShowArgs, PolicyTestArgs,
};
pub use roster::{ImportCommand, ImportStudentsArgs, RosterArgs};
pub use route::{RouteCommand, SeatArg};
use xiangbao_core::identity::text::clean;

/// The door for text in arguments: what no field accepts is refused here (reliability 9.2).
fn clean_text(typed: &str) -> Result<String, String> {
    clean(typed).map_err(|error| error.zh())
}

/// 乡镇城乡居民基本医疗保险经办工作站
///
/// 不带命令时进入工作站画面：后台服务在运行就连接它，否则直接打开本机数据。
#[derive(Debug, Parser)]
#[command(
    name = "xiangbao",
    version,
    after_help = "退出码：0 完成  1 查到问题或没有找到  2 命令写法不对  3 不允许  4 数据被占用或连接不上  5 读写故障"
)]
pub struct Cli {
    /// 数据文件夹（也可用环境变量 XIANGBAO_DATA；缺省为系统的用户数据目录）
    #[arg(long, global = true, env = "XIANGBAO_DATA", hide_env_values = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// 做什么
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 演示：造一个虚构乡镇，进入画面；--headless 不要终端，自动走完五类业务并核对
    Demo(DemoArgs),
    /// 建站：数据文件夹、站点编号、第一批账号
    Init(InitArgs),
    /// 后台服务：独占数据文件，各终端用 attach 连接
    Serve(ServeArgs),
    /// 连接后台服务（SSH 强制命令也用它）
    Attach(AttachArgs),
    /// 检查表单、打印模板、政策参数、代码表：每处错误给出文件、行、项、改法
    Check(JsonArgs),
    /// 走查业务日志：逐条校验链条，重建全部投影并比对，指出第一处不符
    Verify(JsonArgs),
    /// 办件
    #[command(subcommand)]
    Case(CaseCommand),
    /// 参保人
    #[command(subcommand)]
    Person(PersonCommand),
    /// 打印办件文书、空白表或整村文书为 PDF，可送打印机
    Print(Box<PrintArgs>),
    /// 与市级中心交换批次
    Sync(SyncArgs),
    /// 导入学校、村送来的名册
    #[command(subcommand)]
    Import(ImportCommand),
    /// 导出办件为表格：列名用国家接口字段名，缺省遮蔽号码
    Export(ExportArgs),
    /// 代扣代缴花名册：由有效的三方协议和当年参保登记形成，送银行签章备案
    Roster(RosterArgs),
    /// 付款：待付款、制单、复核、报盘、回盘；不收付现金
    #[command(subcommand)]
    Pay(PayCommand),
    /// 代扣：报盘、回盘、催缴名单
    #[command(subcommand)]
    Deduct(DeductCommand),
    /// 送审：把上级办理的级次交给县、市站点，并收回结果
    #[command(subcommand)]
    Route(RouteCommand),
    /// 医保医师名单（003 第五十四条）：导入、列出
    #[command(subcommand)]
    Doctor(DoctorCommand),
    /// 内部监督：抽样复查（003 第一百二十条）
    #[command(subcommand)]
    Audit(AuditCommand),
    /// 账号
    #[command(subcommand)]
    User(UserCommand),
    /// 证件号码
    #[command(subcommand)]
    Id(IdCommand),
    /// 工作日历：期限、逐日说明、报表期限、停机通知
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// 政策：参数、待遇享受、缴费、用例
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// 三大目录：导入、查询、现状
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// 代码表：列出全部，或按代码、名称、拼音查一张
    Codes {
        /// 代码表名，如 naty；不给则列出全部代码表及来源
        table: Option<String>,
        /// 查什么：代码、名称或拼音
        #[arg(default_value = "")]
        query: String,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 输出命令补全脚本
    Completions {
        /// 外壳程序
        shell: Shell,
    },
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// 不要终端：用按键驱动同样的画面走完全程，核对后输出结果
    #[arg(long)]
    pub headless: bool,
    /// 户数
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(40..=30_000))]
    pub households: u32,
    /// 演示数据的文件夹（缺省为临时目录下新建；已有的不会覆盖）
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// 站点编号：字母和数字，印在每个办件号里
    #[arg(long, value_parser = clean_text)]
    pub station: String,
    /// 单位名称
    #[arg(long, value_parser = clean_text)]
    pub name: String,
    /// 乡镇的 12 位区划代码
    #[arg(long, value_parser = clean_text)]
    pub township: String,
    /// 咨询电话，印在文书上（可不填，以后写进 office.toml）
    #[arg(long, value_name = "TEL", default_value = "", value_parser = clean_text)]
    pub phone: String,
    /// 投诉电话，印在文书上
    #[arg(long, value_name = "TEL", default_value = "", value_parser = clean_text)]
    pub complaint_phone: String,
    /// 窗口地址，印在文书上
    #[arg(long, default_value = "", value_parser = clean_text)]
    pub address: String,
    /// 本站办理哪几个层级的审核，逗号分隔：township（乡镇）、county（县级）、city（市级）
    #[arg(long, value_name = "SEATS", value_delimiter = ',', default_value = "township")]
    pub seats: Vec<SeatArg>,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// 套接字文件（缺省在数据文件夹内）
    #[arg(long, value_name = "FILE")]
    pub socket: Option<PathBuf>,
    /// 入口账户的 uid：它可以代表强制命令所给的账号
    #[arg(long, value_name = "UID")]
    pub door_uid: Option<u32>,
    /// 市级中心地址，如 http://10.0.0.1:8750，给出后在后台自动交换
    #[arg(long, value_name = "URL")]
    pub hub: Option<String>,
}

/// `attach`.
#[derive(Debug, Args)]
pub struct AttachArgs {
    /// 账号（SSH 强制命令给出）
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// 套接字文件（缺省在数据文件夹内）
    #[arg(long, value_name = "FILE")]
    pub socket: Option<PathBuf>,
}

/// Commands whose only choice is the form of the answer.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 表单代码，如 YD
    pub form: String,
    /// 导出表单中的这张表，每行一行（如 members）；报销另有 setlinfo（每笔结算一行，冲正的另有退费结算）、setldetail（每项基金一行）；缺省每件一行
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// 受理日期从哪天起
    #[arg(long, value_name = "DATE")]
    pub since: Option<chrono::NaiveDate>,
    /// 受理日期到哪天止
    #[arg(long, value_name = "DATE")]
    pub until: Option<chrono::NaiveDate>,
    /// 写到文件：.xlsx 为工作簿，其余为 CSV
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// 导出完整号码的用途或文号（记录在查阅日志；超过 200 行须复核或审批人员）
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    /// 谁在问
    #[command(flatten)]
    pub who: AsArgs,
}

/// Who asks, for commands that show case or personal data.
#[derive(Debug, Args)]
pub struct AsArgs {
    /// 以哪个账号（口令从环境变量 XIANGBAO_PIN 或标准输入第一行读取）
    #[arg(long = "as", value_name = "ACCOUNT")]
    pub account: String,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `case`.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// 列出办件，最近的在前
    List {
        /// 只列出办件号、姓名、村或状态含有此文字的
        #[arg(default_value = "", value_parser = clean_text)]
        filter: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 一件的内容与经过
    Show {
        /// 办件号
        number: String,
        /// 显示完整号码（记录在查阅日志）
        #[arg(long)]
        unmask: bool,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
}

/// `person`.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// 查人：姓名、拼音首字母、证件号或末几位、电话末几位、户号，可组合
    Find {
        /// 查什么
        #[arg(required = true, value_parser = clean_text)]
        query: Vec<String>,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 一个人的参保情况
    Show {
        /// 人员编号
        psn_no: String,
        /// 显示完整号码（记录在查阅日志）
        #[arg(long)]
        unmask: bool,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 出具证明：参保缴费证明或个人权益记录，编号、登记用途
    Paper {
        /// 人员编号
        psn_no: String,
        /// 哪一种：proof-of-enrolment 参保缴费证明，personal-record 个人权益记录
        #[arg(long, value_name = "TEMPLATE", default_value = "proof-of-enrolment")]
        document: String,
        /// 用途：person 本人，agent 代理人，handling 经办，audit 稽核，authority 法定机关
        #[arg(long)]
        purpose: String,
        /// 用途的依据：代理人和授权书、办件号或事由、机关名称和文号（本人不需要）
        #[arg(long, value_name = "TEXT", default_value = "", value_parser = clean_text)]
        backing: String,
        /// 印完整号码（记录在查阅日志）
        #[arg(long)]
        unmask: bool,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
}

/// `print`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct PrintArgs {
    /// 验真、校准、试印卡
    #[command(subcommand)]
    pub command: Option<PrintCommand>,
    /// 办件号；或 --blank 打印空白表，--village 整村打印
    #[arg(required_unless_present_any = ["blank", "village"])]
    pub number: Option<String>,
    /// 空白表：表单代码（如 DJ、BG、BX；全部代码见屏幕 =YW）
    #[arg(long, value_name = "CODE", conflicts_with = "number")]
    pub blank: Option<String>,
    /// 整村打印：村（社区）的名称或 12 位区划代码，全部文书合成一个 PDF，首页为清单
    #[arg(long, value_name = "VILLAGE", conflicts_with_all = ["number", "blank"])]
    pub village: Option<String>,
    /// 整村打印：只要这一天起受理的办件（如 2026-09-01）
    #[arg(long, value_name = "DATE", requires = "village")]
    pub since: Option<chrono::NaiveDate>,
    /// 文书模板（缺省为本件最需要的一份；--list 列出）
    #[arg(long, value_name = "TEMPLATE")]
    pub document: Option<String>,
    /// 列出本件可以打印的文书
    #[arg(long, requires = "number")]
    pub list: bool,
    /// 套打：只印填写的内容，印在预印的表格上
    #[arg(long, requires = "number")]
    pub overprint: bool,
    /// 送到这个打印队列（lpstat -e 列出）；套打时用它的校准
    #[arg(long, value_name = "QUEUE", conflicts_with = "list")]
    pub printer: Option<String>,
    /// 补打时的领取人
    #[arg(long, value_name = "NAME")]
    pub collector: Option<String>,
    /// 领取人是本人 person 还是代办人 agent
    #[arg(long, value_name = "WHO", requires = "collector", value_parser = ["person", "agent"], default_value = "person")]
    pub relation: String,
    /// 以哪个账号（打印办件时必需）
    #[arg(long = "as", value_name = "ACCOUNT", required_unless_present = "blank")]
    pub account: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `print` with a word after it.
#[derive(Debug, Subcommand)]
pub enum PrintCommand {
    /// 验真：纸上的二维码（或纸脚抄下的验真码）、PDF 文件是否与存档一致
    Verify {
        /// 二维码内容，如 XB1:BGTC01-1-000007:RECEIPT:1:0123456789ABCDEF
        #[arg(required_unless_present = "pdf")]
        payload: Option<String>,
        /// PDF 文件：与打印时存档的摘要逐位比对
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 套打校准：存下一台打印机、一种文书的三个数
    Calibrate {
        /// 打印队列（缺省 default：不经队列，由 PDF 打印）
        #[arg(long, value_name = "QUEUE", default_value = "default")]
        printer: String,
        /// 文书模板
        #[arg(long, value_name = "TEMPLATE", required = true)]
        document: String,
        /// 向右移几毫米，如 1.5，负数向左
        #[arg(long, value_name = "MM", allow_hyphen_values = true, default_value = "0")]
        x: String,
        /// 向下移几毫米，负数向上
        #[arg(long, value_name = "MM", allow_hyphen_values = true, default_value = "0")]
        y: String,
        /// 比例，千分之 980 到 1020
        #[arg(long, value_name = "PERMILLE", default_value = "1000")]
        scale: String,
        /// 谁在问
        #[command(flatten)]
        who: AsArgs,
    },
    /// 列出打印机和已有的套打校准
    Printers(JsonArgs),
    /// 试印卡：带毫米标尺，与预印表格比对
    Card {
        /// 送到这个打印队列（缺省只存 PDF）
        #[arg(long, value_name = "QUEUE")]
        printer: Option<String>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}

/// `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// 市级中心地址，如 http://10.0.0.1:8750
    #[arg(long, value_name = "URL", conflicts_with = "folder")]
    pub hub: Option<String>,
    /// 文件夹或 U 盘：写出批次文件，读回回执文件
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// 市级中心换了地址：这一次向 --hub 给出的新地址报送
    #[arg(long, requires = "hub")]
    pub moved: bool,
    /// 首次接入：市级中心给的登记码
    #[arg(long, value_name = "CODE")]
    pub enrol: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
}

/// `k=v`.
fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("写成 名称=内容，如 insu_year=2027".to_owned()),
    }
}

/// `user`.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// 增加账号（口令从环境变量 XIANGBAO_PIN 或标准输入第一行读取）
    Add {
        /// 账号
        #[arg(value_parser = clean_text)]
        account: String,
        /// 姓名
        #[arg(long, value_parser = clean_text)]
        name: String,
        /// 人员编号：同一自然人的各账号用同一编号（缺省与账号相同）
        #[arg(long, value_parser = clean_text)]
        person: Option<String>,
        /// 岗位，可多次：village_assistant clerk rechecker approver finance auditor administrator
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// 本人证件号，用于回避
        #[arg(long, default_value = "", value_parser = clean_text)]
        certno: String,
        /// 限定的村（12 位代码），可多次
        #[arg(long = "village")]
        villages: Vec<String>,
    },
    /// 补登账号本人的证件号（用于回避，送审必需）；登记后不能更改
    Certno {
        /// 账号
        account: String,
        /// 证件号
        certno: String,
    },
    /// 列出账号
    List(JsonArgs),
}

/// `id`.
#[derive(Debug, Subcommand)]
pub enum IdCommand {
    /// 核对证件号码、机构代码、银行账号、姓名，说明理由和号码所含的信息
    Check {
        /// 号码
        #[arg(required_unless_present_any = ["name", "file"], value_parser = clean_text)]
        number: Option<String>,
        /// 证件类型代码（国家代码表 psn_cert_type），或 uscc 统一社会信用代码、org 组织机构代码、bank-card 银行卡、bank-book 存折、social-card 社保卡、card-sn 卡识别码
        #[arg(long, default_value = "01")]
        kind: String,
        /// 姓名：写法、打印字库；生僻字可写码位，如 李U+4DAE
        #[arg(long, value_parser = clean_text)]
        name: Option<String>,
        /// 逐行核对 CSV 名单（列名：证件号码 certno、姓名 psn_name、证件类型 psn_cert_type）；JSON 每行一条
        #[arg(long, value_name = "FILE", conflicts_with_all = ["number", "name"])]
        file: Option<PathBuf>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}
