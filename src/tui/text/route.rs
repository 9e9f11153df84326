//! Words of the way to an upper station and back.

/// Review page: the levels and where they sit.
pub const REVIEW_SEATS: &str = "审核级次";
/// Review page: where a case of another station comes from.
pub const REVIEW_ORIGIN: &str = "送审站";
/// Review page: what came of the last answer.
pub const REVIEW_AGAIN: &str = "再送说明";
/// Review page: why the answer of the upper station had no effect.
pub const REVIEW_HELD: &str = "未能生效";

/// The station that sent a case, and its parcel.
pub fn review_origin(station: &str, no: u64) -> String {
    format!("{station}（第 {no} 号送审包）；生效以该站登记库为准")
}

/// A person with the station, or a station with its seats.
pub fn person_elsewhere(name: &str, place: &str) -> String {
    format!("{name}（{place}）")
}

/// Title of the screen.
pub const PARCELS: &str = "送审";
/// Its columns.
pub const PARCELS_COLUMNS: [&str; 5] = ["事项", "办件号", "姓名", "自", "现状"];
/// Nothing on its way.
pub const PARCELS_EMPTY: &str = "没有要送上级审核的办件，也没有下级送来的。";
/// What to do then.
pub const PARCELS_EMPTY_HINT: &str = "级次在上级的办件审到本级末尾后在此列出；按 F9 导出，F7 导入结果。";
/// No other station is known.
pub const PARCELS_NO_PEER: &str = "还没有登记对方站点。请管理员执行 xiangbao route trust（见操作手册）。";
/// Asks where to.
pub const PARCELS_TO: &str = "导出到文件夹";
/// Asks where from.
pub const PARCELS_FROM: &str = "从文件夹导入";

/// The first line: which station this is, for what, and the others.
pub fn parcels_head(station: &str, seats: &str, peers: &str) -> String {
    format!("本站 {station}（{seats}）   对方 {peers}")
}

/// How many stand where.
pub fn parcels_counts(counts: &[(&str, usize)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(label, count)| format!("{label} {count}"))
        .collect();
    parts.join("   ")
}

/// What an export did.
pub fn parcels_exported(up: usize, back: usize, files: usize) -> String {
    match files {
        0 => "没有要送的，也没有待确认的包。".to_owned(),
        files => format!("已写出 {files} 个包：送审 {up} 件，回送结果 {back} 件。请交对方导入。"),
    }
}

/// Cases that stayed.
pub fn parcels_stuck(count: usize, first: &str) -> String {
    format!("有 {count} 件没有送出：{first}")
}

/// What an import did.
pub fn parcels_imported(files: usize, referrals: usize, answers: usize, repeated: usize) -> String {
    let again =
        if repeated == 0 { String::new() } else { format!("；{repeated} 个已收过，没有改变") };
    match files {
        0 => "这个文件夹里没有给本站的包。".to_owned(),
        _ => format!("收下送审 {referrals} 件、审批结果 {answers} 件{again}。"),
    }
}

/// Several things in one line.
pub fn listed<T: AsRef<str>>(things: &[T]) -> String {
    things.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("、")
}

/// The question before handing in, when the case goes up for want of persons.
pub fn form_ask_short(notice: &str, question: &str) -> String {
    format!("{notice}。{question}")
}
