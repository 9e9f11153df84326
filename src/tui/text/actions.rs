//! Names and one-line docs of actions and screens. Knows words; must not know keys.

use crate::tui::keymap::{Action, Screen};

/// Label (at most four Han characters) and one line of help.
pub fn action(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Help => ("帮助", "本栏的规定；再按一次看条文原文"),
        Action::Keys => ("按键", "本画面的全部按键和画面代码"),
        Action::Palette => ("命令", "按名称找命令或画面"),
        Action::Jump => ("转到", "键入画面代码，直接转到"),
        Action::JumpField => ("跳栏", "键入栏号，直接跳到该栏"),
        Action::Filter => ("筛选", "按内容筛选列表"),
        Action::Back => ("返回", "返回上一层，不丢任何内容"),
        Action::Accept => ("确定", "接受，到下一栏或打开所选"),
        Action::Next => ("下一", "下一栏或下一行"),
        Action::Previous => ("上一", "上一栏或上一行"),
        Action::PageDown => ("下页", "向下翻一页"),
        Action::PageUp => ("上页", "向上翻一页"),
        Action::First => ("首行", "到第一行"),
        Action::Last => ("末行", "到最后一行"),
        Action::CopyField => ("同前", "本栏抄上一件的内容"),
        Action::CopyRest => ("余同前", "余下各栏都抄上一件的内容"),
        Action::FindPerson => ("找人", "按证件号、姓名、拼音首字母找人"),
        Action::Pick => ("选择", "打开可选的项，可按代码或拼音筛选"),
        Action::Materials => ("材料", "材料清单：见原件、留复印件"),
        Action::Timeline => ("经过", "这一件从受理到现在的每一步"),
        Action::AddRow => ("增行", "表格中加一行"),
        Action::RemoveRow => ("删行", "删除表格中的这一行"),
        Action::Review => ("核对", "看全部内容和提示，准备提交"),
        Action::Outage => ("停机", "登记停机通知或恢复时间，期限随之顺延"),
        Action::Submit => ("提交", "提交；只有这个键会提交"),
        Action::Print => ("打印", "预览并打印"),
        Action::Approve => ("通过", "本级审核通过"),
        Action::Return => ("退回", "退回补正，写明栏目和原因"),
        Action::Reject => ("退件", "退件：不再办理，写明理由和条文"),
        Action::Reverse => ("冲正", "对已生效的办件提出冲正，由另外两人审"),
        Action::Unmask => ("全号", "显示完整号码 30 秒，查看会留下记录"),
        Action::Send => ("发送", "现在与市级中心交换"),
        Action::Begin(Screen::Enrolment) => ("登记", "为此人全户办参保登记"),
        Action::Begin(Screen::Change) => ("变更", "为此人办信息变更"),
        Action::Begin(Screen::Cancellation) => ("注销", "为此人办关系注销"),
        Action::Begin(Screen::Transfer) => ("转移", "为此人办转移接续"),
        Action::Begin(Screen::Reimbursement) => ("报销", "为此人办零星报销"),
        Action::Begin(_) => ("办理", "为此人办理一件业务"),
        Action::Undo => ("撤销", "撤销刚才在表中的改动"),
        Action::Explain => ("说明", "有疑问的内容属实：给出原因代码，放行这一处"),
        Action::Refuse => ("不受理", "不予受理：写明原因和依据，出具通知书"),
        Action::Discard => ("弃草稿", "丢弃这份草稿，问过才丢"),
        Action::Withdraw => ("撤回", "撤回尚未生效的办件；生效后只能冲正"),
        Action::Yes => ("是", "同意所问的事"),
        Action::No => ("否", "不同意，回到原处"),
        Action::Repaint => ("重画", "画面花了就重画一次"),
        Action::Probe => ("测终端", "重新测量终端的字符宽度并重画"),
        Action::Lock => ("锁定", "离开座位：锁定本终端，内容保留"),
    }
}

/// The name of a screen.
pub fn screen(screen: Screen) -> &'static str {
    match screen {
        Screen::Home => "首页",
        Screen::Find => "查找人员",
        Screen::Enrolment => "参保登记",
        Screen::Change => "信息变更",
        Screen::Cancellation => "关系注销",
        Screen::Transfer => "转移接续",
        Screen::Reimbursement => "零星报销",
        Screen::Business => "全部业务",
        Screen::Review => "审核",
        Screen::Due => "期限",
        Screen::Cases => "全部办件",
        Screen::Sync => "同步",
    }
}
