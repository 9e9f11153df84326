//! The printed forms as they leave the printer: every template filled and blank, the bytes, the text that comes back
//! out of the PDF, and the pages as text. The last tests need `qpdf` and `pdftotext`, which the test command installs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, FixedOffset};
use xiangbao_core::print::{
    Document, Frames, How, Item, LayoutError, PrintData, Stamp, Template, card, layout, layout_as,
    preview_text,
};

use super::{Book, PdfInfo, PrintError, metrics, render};

/// The ids of all shipped templates.
fn templates() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let tomls = files.filter(|path| path.extension().is_some_and(|e| e == "toml"));
    let mut ids: Vec<String> =
        tomls.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    ids.sort();
    ids
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("print-templates")
}

fn template(id: &str) -> Template {
    let file = format!("{id}.toml");
    let text = std::fs::read_to_string(folder().join(&file)).unwrap();
    Template::load(&file, &text).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn info() -> PdfInfo {
    PdfInfo {
        title: "测试".to_owned(),
        subject: "DX-TC-2026-000001".to_owned(),
        created: DateTime::<FixedOffset>::parse_from_rfc3339("2026-11-21T09:30:00+08:00").unwrap(),
    }
}

fn sample_file(name: &str) -> Option<toml::Table> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/print/samples").join(format!("{name}.toml"));
    std::fs::read_to_string(file).ok().map(|text| text.parse().unwrap())
}

fn fill(data: &mut PrintData, table: &toml::Table) {
    let row = |value: &toml::Value| -> BTreeMap<String, String> {
        let texts = value.as_table().unwrap().iter();
        texts.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
    };
    data.values.extend(table.get("values").map(row).unwrap_or_default());
    for (name, rows) in table.get("tables").and_then(toml::Value::as_table).into_iter().flatten() {
        data.tables.insert(name.clone(), rows.as_array().unwrap().iter().map(row).collect());
    }
}

/// Values for the slots that many templates share; invented persons only.
fn sample() -> PrintData {
    let mut data = PrintData::default();
    fill(&mut data, &sample_file("common").unwrap());
    data
}

/// Values for every slot of a template: the shared ones, and those of `samples/<template>.toml` where there is one.
fn sample_of(id: &str) -> PrintData {
    let mut data = sample();
    if let Some(own) = sample_file(id) {
        fill(&mut data, &own);
    }
    data
}

/// Pages of the filled sample and of the blank paper: one each, unless the sample says so.
fn pages_of(id: &str) -> (usize, usize) {
    let pages = sample_file(id).and_then(|own| own.get("pages").cloned());
    let number = |key: &str| {
        let found = pages.as_ref().and_then(|pages| pages.get(key)).and_then(toml::Value::as_integer);
        usize::try_from(found.unwrap_or(1)).unwrap()
    };
    (number("filled"), number("blank"))
}

fn document(id: &str, data: &PrintData) -> Document {
    layout(&template(id), data, metrics()).unwrap_or_else(|error| panic!("{error}"))
}

/// A counted copy, as a case gets it.
fn counted(id: &str, data: &PrintData, values_only: bool) -> Document {
    let stamp = Stamp {
        number: "DXTC01-12-000345".to_owned(),
        copy: 2,
        printed: "2026-11-21 09:30".to_owned(),
        by: "黄晓经办".to_owned(),
        note: "领取人 阿依古丽·买买提（代办人）".to_owned(),
    };
    let how = How { values_only, stamp: Some(&stamp) };
    layout_as(&template(id), data, how, metrics()).unwrap_or_else(|error| panic!("{error}"))
}

fn texts(document: &Document) -> Vec<String> {
    let items = document.pages.iter().flat_map(|page| &page.items);
    let text = |item: &Item| match item {
        Item::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    items.filter_map(text).collect()
}

#[test]
fn the_samples_fill_every_slot_and_nothing_else() {
    let mut shared = sample().values;
    for id in templates() {
        let data = sample_of(&id);
        let slots = template(&id).slots();
        for name in &slots.values {
            assert!(data.values.contains_key(name), "{id}: {name} is in no sample");
            shared.remove(name);
        }
        for (table, keys) in &slots.tables {
            let row = data.tables.get(table).and_then(|rows| rows.first()).expect(table);
            assert!(keys.iter().all(|key| row.contains_key(key)), "{id}: {table}: {keys:?}");
        }
        let own = sample_file(&id).and_then(|own| own.get("values").cloned());
        for name in own.iter().filter_map(toml::Value::as_table).flat_map(toml::Table::keys) {
            assert!(slots.values.contains(name), "{id}: the template does not read {name}");
        }
    }
    assert!(shared.is_empty(), "no template reads {shared:?}");
}

/// A ticked answer must read as the code table names it: the code comes from the form, the label from the template.
#[test]
fn every_template_is_its_file_and_a_proposal() {
    for id in templates() {
        let template = template(&id);
        assert_eq!(template.id, id);
        assert!(template.proposal && template.version > 0 && !template.source.is_empty(), "{id}");
    }
}

#[test]
fn pages_are_counted_small_and_the_same_each_time() {
    for id in templates() {
        let id = id.as_str();
        let (filled, blank) = pages_of(id);
        for (data, pages) in [(sample_of(id), filled), (PrintData::default(), blank)] {
            let document = document(id, &data);
            assert_eq!(document.pages.len(), pages, "{id}");
            let bytes = render(&document, &info()).unwrap();
            assert_eq!(bytes, render(&document, &info()).unwrap(), "{id}: same document, same bytes");
            assert!(bytes.len() <= 80 * 1024 * pages, "{id}: {} bytes on {pages} pages", bytes.len());
            let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
            assert!(
                ![&b"/JavaScript"[..], b"/JS", b"/OpenAction", b"/EmbeddedFile", b"/URI", b"PDFX"]
                    .into_iter()
                    .any(has)
            );
            if let Some(folder) = std::env::var_os("XIANGBAO_PAPER_DIR") {
                let state = if data.values.is_empty() { "blank" } else { "filled" };
                std::fs::write(Path::new(&folder).join(format!("{id}-{state}.pdf")), &bytes).unwrap();
            }
        }
    }
}

/// The QR code and the line of the print find their place on every form, and no form needs a page more for them.
#[test]
fn counted_copies_have_as_many_pages_and_nothing_touches_their_code() {
    for id in templates() {
        for data in [sample_of(&id), PrintData::default()] {
            let plain = document(&id, &data);
            for values_only in [false, true] {
                let counted = counted(&id, &data, values_only);
                assert_eq!(counted.pages.len(), plain.pages.len(), "{id}");
                for page in &counted.pages {
                    let code = |item: &&Item| matches!(item, Item::Fill { .. });
                    let edges = page.items.iter().filter(code).map(Item::bounds);
                    let (left, top) = edges.fold((page.w, page.h), |(x, y), b| (x.min(b.0), y.min(b.1)));
                    assert!(page.w - left >= 13_000, "{id}: the code is smaller than 9 mm");
                    for item in page.items.iter().filter(|item| !code(item)) {
                        let (_, _, right, bottom) = item.bounds();
                        assert!(right <= left || bottom <= top, "{id}: {} touches the code", item.name());
                    }
                }
                if let Some(folder) = std::env::var_os("XIANGBAO_PAPER_DIR") {
                    let kind = if values_only { "stock" } else { "counted" };
                    let state = if data.values.is_empty() { "blank" } else { "filled" };
                    let file = Path::new(&folder).join(format!("{id}-{kind}-{state}.pdf"));
                    std::fs::write(file, render(&counted, &info()).unwrap()).unwrap();
                }
            }
        }
    }
}

/// What a reader on the counter sees: the printed page as a picture, and the text of its code.
#[test]
fn a_reader_reads_the_code_of_every_form() {
    if !tool("pdftoppm") || !tool("zbarimg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    for id in templates() {
        let counted = counted(&id, &sample_of(&id), false);
        std::fs::write(&file, render(&counted, &info()).unwrap()).unwrap();
        let run = |name: &str, args: &[&str]| {
            Command::new(name).args(args).current_dir(folder.path()).output().unwrap()
        };
        run("pdftoppm", &["-r", "200", "-l", "1", "-gray", "-singlefile", "page.pdf", "page"]);
        let read = run("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "page.pgm"]);
        let proof = counted.proof.unwrap().to_string();
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), proof, "{id}");
    }
}

#[test]
fn the_test_card_is_printed_with_the_same_fonts() {
    let lines = ["量左右两个十字的距离，应为 170 毫米。".to_owned()];
    let document = card((210_000, 297_000), "试印卡", &lines, metrics());
    let bytes = render(&document, &info()).unwrap();
    assert!(bytes.len() < 80 * 1024);
    if let Some(folder) = std::env::var_os("XIANGBAO_PAPER_DIR") {
        std::fs::write(Path::new(&folder).join("card.pdf"), bytes).unwrap();
    }
}

#[test]
fn the_date_and_the_title_come_from_the_caller() {
    let document = document("refusal-notice", &sample());
    let later = PdfInfo { created: info().created + chrono::Duration::seconds(1), ..info() };
    let bytes = render(&document, &info()).unwrap();
    assert_ne!(bytes, render(&document, &later).unwrap());
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("D:20261121013000+00'00'"), "the date is UTC");
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_slot() {
    let mut data = sample();
    data.values.insert("psn_name".to_owned(), "覃\u{2B688}".to_owned());
    let error = layout(&template("change"), &data, metrics()).unwrap_err();
    assert!(
        matches!(&error, LayoutError::MissingGlyph { slot, character: '\u{2B688}', .. } if slot == "psn_name")
    );
    let mut document = document("change", &sample());
    for item in document.pages.iter_mut().flat_map(|page| &mut page.items) {
        if let Item::Text { text, slot, .. } = item
            && slot == "psn_name"
        {
            text.push('\u{2B688}');
        }
    }
    let wanted =
        PrintError::MissingGlyph { character: '\u{2B688}', code_point: 0x2B688, slot: "psn_name".to_owned() };
    assert_eq!(render(&document, &info()), Err(wanted));
}

#[test]
fn rare_characters_of_names_are_there() {
    let mut data = sample();
    // Characters of personal names outside GB 2312, up to plane 2 (design/stack.md, Fonts).
    data.values.insert("psn_name".to_owned(), "\u{4DAE}\u{36C3}\u{2CC56}\u{20164}\u{9FEB}".to_owned());
    let document = document("change", &data);
    assert!(render(&document, &info()).is_ok());
}

#[test]
fn a_household_of_twelve_and_a_bill_of_sixty_lines_fit() {
    let mut data = sample();
    for (table, count) in [("members", 12), ("fees", 60), ("invoices", 30), ("periods", 10), ("changes", 9)] {
        let row = data.tables[table][0].clone();
        data.tables.insert(table.to_owned(), vec![row; count]);
    }
    for (id, head, pages) in [
        ("enrolment", "证件号码", 1),
        ("reimbursement", "项目名称", 4),
        ("transfer", "开始年月", 2),
        ("change", "变更前", 1),
    ] {
        let document = document(id, &data);
        assert_eq!(document.pages.len(), pages, "{id}");
        assert!(texts(&document).contains(&head.to_owned()));
    }
    let fees = document("reimbursement", &data);
    let repeated = texts(&fees).iter().filter(|text| *text == "项目名称").count();
    assert_eq!(repeated, 2, "the heading of the fee table is repeated on its second page");
}

fn tool(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn other_programs_accept_the_pdf_and_read_every_text_back() {
    if !tool("qpdf") || !tool("pdftotext") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    let mut hostile = sample();
    hostile.values.insert("psn_name".to_owned(), "(\\) /JS <<>>".to_owned());
    hostile.values.insert("memo".to_owned(), "\u{1b}[31m) Tj ET endstream %PDF".to_owned());
    let mut cases: Vec<(String, PrintData)> =
        templates().into_iter().map(|id| (id.clone(), sample_of(&id))).collect();
    cases.push(("change".to_owned(), PrintData::default()));
    cases.push(("change".to_owned(), hostile));
    for (id, data) in cases {
        let document = document(&id, &data);
        std::fs::write(&file, render(&document, &info()).unwrap()).unwrap();
        let check = Command::new("qpdf").arg("--check").arg(&file).output().unwrap();
        let said =
            String::from_utf8_lossy(&check.stdout).into_owned() + &String::from_utf8_lossy(&check.stderr);
        assert!(check.status.success() && !said.contains("WARNING"), "{id}: {said}");
        let out = Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output().unwrap();
        let read = squeezed(&String::from_utf8_lossy(&out.stdout));
        for text in texts(&document) {
            assert!(read.contains(&squeezed(&text)), "{id}: {text:?} does not come back");
        }
    }
}

#[test]
fn many_documents_share_their_fonts_in_one_file() {
    let one = document("receipt", &sample());
    let mut book = Book::new(info());
    for _ in 0..20 {
        book.add(&one).unwrap();
    }
    assert_eq!(book.pages(), 20);
    let many = book.finish().unwrap();
    let single = render(&one, &info()).unwrap();
    assert!(many.len() < single.len() + 20 * 8 * 1024, "{} against {}", many.len(), single.len());
}

#[test]
fn the_pages_as_text() {
    for id in templates() {
        let lines = preview_text(&document(&id, &sample_of(&id)), 100, Frames::Line);
        insta::assert_snapshot!(format!("{id}"), lines.join("\n"));
    }
    let blank = preview_text(&document("change", &PrintData::default()), 80, Frames::Ascii);
    insta::assert_snapshot!("change-blank-ascii", blank.join("\n"));
}
