//! From TOML to a [`Template`]: paper, style, free boxes, rules, footer, and what must hold over the whole file.
//! The blocks of the flow are read in `load_blocks.rs`. Knows no values and lays nothing out.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::load_blocks::block;
use super::read::{Entry, Node, Source, TemplateError, points};
use super::template::{
    Align, Content, Font, Footer, FreeBox, FreeRule, Ink, On, PageSize, Piece, Style, Template, TickOption,
    VAlign,
};

/// What every part of the file falls back to.
pub(super) struct Defaults {
    /// The paper.
    pub(super) page: PageSize,
    /// How labels and headings are set.
    pub(super) label: Style,
    /// How values are set.
    pub(super) value: Style,
}

const TOP_KEYS: [&str; 12] = [
    "id", "version", "title", "source", "proposal", "note", "page", "style", "block", "box", "rule", "footer",
];
const STYLE_KEYS: [&str; 6] = ["font", "size", "min_size", "align", "valign", "wrap"];
const CONTENT_KEYS: [&str; 7] = ["label", "text", "slot", "tick", "options", "subset", "blank"];

impl Template {
    /// Reads and checks a template. `file` is only named in the faults.
    ///
    /// # Errors
    /// All faults of the file in the order of their lines: unknown or missing keys, lengths that are not
    /// millimetres, rows that are not as wide as the page, boxes outside the paper, ids used twice, broken slots.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<TemplateError>> {
        let source = Source::new(file, text);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                source.fault(&error.span().unwrap_or(0..0), "", error.message(), "correct the TOML");
                return Err(source.into_faults());
            }
        };
        let template = read(&Node::root(&source, &table));
        let mut faults = source.into_faults();
        if faults.is_empty() {
            return Ok(template);
        }
        faults.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        Err(faults)
    }
}

fn read(root: &Node) -> Template {
    root.only(&TOP_KEYS);
    let page = page(root);
    let style_node = root.node("style");
    let defaults = defaults(page, style_node.as_ref());
    let line = |key, otherwise| style_node.as_ref().and_then(|node| node.mm(key)).unwrap_or(otherwise);
    let need_text =
        |key, what| root.need(key, what).and_then(|entry| entry.text()).unwrap_or_default().to_owned();
    let template = Template {
        id: need_text("id", "\"the file's name without .toml\""),
        version: root.need("version", "1").and_then(|entry| entry.number()).unwrap_or_default(),
        title: need_text("title", "\"the form's title\""),
        source: need_text("source", "\"the article or annex\""),
        proposal: root.flag("proposal").unwrap_or(false),
        note: root.text("note").unwrap_or_default().to_owned(),
        page,
        outer: line("outer_line", 400),
        inner: line("inner_line", 150),
        blocks: root.list("block").iter().filter_map(|e| block(&e.node()?, &defaults)).collect(),
        boxes: root.list("box").iter().filter_map(|e| free_box(&e.node()?, &defaults)).collect(),
        rules: root.list("rule").iter().filter_map(|e| free_rule(&e.node()?, &page)).collect(),
        footer: root.node("footer").map(|node| footer(&node, &defaults)),
    };
    unique_ids(root);
    template
}

fn unique_ids(root: &Node) {
    let mut seen = BTreeSet::new();
    for entry in root.list("block").iter().chain(&root.list("box")) {
        let Some(node) = entry.node() else { continue };
        match node.text("id") {
            Some(id) if !seen.insert(id) => {
                node.fault("id", format!("{id:?} is used twice"), "give each block and box its own id")
            }
            _ => {}
        }
    }
}

fn page(root: &Node) -> PageSize {
    let fallback = PageSize {
        width: 210_000,
        height: 297_000,
        top: 15_000,
        right: 15_000,
        bottom: 15_000,
        left: 15_000,
    };
    let Some(node) =
        root.need("page", "{ size = \"A4\", margins = [15, 15, 15, 15] }").and_then(|e| e.node())
    else {
        return fallback;
    };
    node.only(&["size", "orientation", "margins"]);
    let (short, long) = node
        .choice("size", &[("A4", (210_000, 297_000)), ("A5", (148_000, 210_000))])
        .unwrap_or((210_000, 297_000));
    let landscape = node.choice("orientation", &[("portrait", false), ("landscape", true)]).unwrap_or(false);
    let (width, height) = if landscape { (long, short) } else { (short, long) };
    let margins: Vec<i32> = node.list("margins").iter().filter_map(Entry::mm).collect();
    let [top, right, bottom, left] = margins[..] else {
        node.fault(
            "margins",
            "four margins are needed",
            "write margins = [top, right, bottom, left] in millimetres",
        );
        return fallback;
    };
    let page = PageSize { width, height, top, right, bottom, left };
    if page.content_width() < 20_000 || page.content_height() < 20_000 {
        node.fault("margins", "the margins leave no room", "make them smaller");
        return fallback;
    }
    page
}

fn defaults(page: PageSize, node: Option<&Node>) -> Defaults {
    let plain = Style {
        font: Font::Song,
        size: points(10_500),
        min_size: points(6_500),
        align: Align::Left,
        valign: VAlign::Middle,
        wrap: true,
    };
    let mut defaults =
        Defaults { page, value: plain, label: Style { font: Font::Hei, align: Align::Center, ..plain } };
    if let Some(node) = node {
        node.only(&["label", "value", "outer_line", "inner_line"]);
        for (key, target) in [("label", &mut defaults.label), ("value", &mut defaults.value)] {
            if let Some(inner) = node.node(key) {
                inner.only(&STYLE_KEYS);
                *target = style(&inner, *target);
            }
        }
    }
    defaults
}

/// Reads the style keys of `node`; what is not written there is taken from `base`.
pub(super) fn style(node: &Node, base: Style) -> Style {
    let size = node.pt("size").unwrap_or(base.size);
    let style = Style {
        font: node.choice("font", &[("song", Font::Song), ("hei", Font::Hei)]).unwrap_or(base.font),
        size,
        min_size: node.pt("min_size").unwrap_or(base.min_size.min(size)),
        align: node
            .choice("align", &[("left", Align::Left), ("center", Align::Center), ("right", Align::Right)])
            .unwrap_or(base.align),
        valign: node
            .choice("valign", &[("top", VAlign::Top), ("middle", VAlign::Middle), ("bottom", VAlign::Bottom)])
            .unwrap_or(base.valign),
        wrap: node.flag("wrap").unwrap_or(base.wrap),
    };
    if style.min_size > style.size {
        node.fault("min_size", "is larger than the size", "make min_size the smaller of the two");
    }
    style
}

/// Complains about keys of `node` that are neither content, nor style, nor in `more`.
pub(super) fn only_ink(node: &Node, more: &[&str]) {
    let known: Vec<&str> = more.iter().chain(&CONTENT_KEYS).chain(&STYLE_KEYS).copied().collect();
    node.only(&known);
}

/// The content of a box (`label`, `text`, `slot` or `tick`) with its style.
pub(super) fn ink(node: &Node, defaults: &Defaults) -> Ink {
    let kinds: Vec<&str> =
        ["label", "text", "slot", "tick"].into_iter().filter(|key| node.has(key)).collect();
    let [kind] = kinds[..] else {
        node.fault("", "has no content, or more than one", "write exactly one of label, text, slot, tick");
        return Ink { content: Content::Text(Vec::new()), style: defaults.value };
    };
    let base = if kind == "label" { defaults.label } else { defaults.value };
    let word = node.text(kind).unwrap_or_default();
    let blank = node.text("blank").unwrap_or_default().to_owned();
    let content = match kind {
        "tick" => Content::Tick {
            slot: slot_name(node, kind, word),
            options: options(node),
            subset: node.flag("subset").unwrap_or(false),
        },
        "slot" => Content::Text(vec![Piece::Slot { name: slot_name(node, kind, word), blank }]),
        "label" => Content::Text(vec![Piece::Fixed(word.to_owned())]),
        _ => Content::Text(pieces(node, kind, word)),
    };
    for (key, owner) in [("options", "tick"), ("subset", "tick"), ("blank", "slot")] {
        if node.has(key) && kind != owner {
            node.fault(key, format!("only goes with {owner}"), "remove it");
        }
    }
    Ink { content, style: style(node, base) }
}

fn options(node: &Node) -> Vec<TickOption> {
    let words: Vec<&str> = node.list("options").iter().filter_map(Entry::text).collect();
    if words.is_empty() {
        node.fault("options", "a tick needs options", "write options = [\"1=是\", \"0=否\"]");
    }
    let option = |word: &str| {
        let (code, label) = word.split_once('=').unwrap_or((word, word));
        TickOption { code: code.to_owned(), label: label.to_owned() }
    };
    words.into_iter().map(option).collect()
}

fn slot_name(node: &Node, key: &str, name: &str) -> String {
    let good = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c));
    if !good {
        node.fault(key, format!("{name:?} is not a slot name"), "use lower-case letters, digits, _ and .");
    }
    name.to_owned()
}

/// Splits a text into fixed pieces and `{slot}` or `{slot|text while blank}`.
pub(super) fn pieces(node: &Node, key: &str, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Fixed(before.to_owned()));
        }
        let Some((inside, behind)) = after.split_once('}') else {
            node.fault(key, "a { has no }", "close the slot, as in {psn_name}");
            return pieces;
        };
        let (name, blank) = inside.split_once('|').unwrap_or((inside, ""));
        pieces.push(Piece::Slot { name: slot_name(node, key, name), blank: blank.to_owned() });
        rest = behind;
    }
    if rest.contains('}') {
        node.fault(key, "a } has no {", "open the slot, as in {psn_name}");
    }
    if !rest.is_empty() {
        pieces.push(Piece::Fixed(rest.to_owned()));
    }
    pieces
}

/// The text under `key` as content; empty when the key is missing.
pub(super) fn text_content(node: &Node, key: &str) -> Content {
    Content::Text(node.text(key).map_or_else(Vec::new, |text| pieces(node, key, text)))
}

fn on(node: &Node) -> On {
    node.choice("on", &[("first", On::First), ("last", On::Last), ("all", On::All)]).unwrap_or(On::First)
}

fn free_box(node: &Node, defaults: &Defaults) -> Option<FreeBox> {
    only_ink(node, &["id", "x", "y", "w", "h", "frame", "on"]);
    let length = |key| node.need(key, "millimetres").and_then(|entry| entry.mm());
    let (x, y, w, h) = (length("x")?, length("y")?, length("w")?, length("h")?);
    if x + w > defaults.page.width || y + h > defaults.page.height {
        node.fault("", "the box reaches outside the paper", "make x + w and y + h fit the page");
    }
    Some(FreeBox {
        id: node.need("id", "\"a name\"")?.text()?.to_owned(),
        x,
        y,
        w,
        h,
        frame: node.flag("frame").unwrap_or(false),
        on: on(node),
        ink: ink(node, defaults),
    })
}

fn free_rule(node: &Node, page: &PageSize) -> Option<FreeRule> {
    node.only(&["x1", "y1", "x2", "y2", "width", "on"]);
    let length = |key| node.need(key, "millimetres").and_then(|entry| entry.mm());
    let (x1, y1, x2, y2) = (length("x1")?, length("y1")?, length("x2")?, length("y2")?);
    if x1.max(x2) > page.width || y1.max(y2) > page.height {
        node.fault("", "the rule reaches outside the paper", "make both ends fit the page");
    }
    Some(FreeRule { x1, y1, x2, y2, width: node.mm("width").unwrap_or(150), on: on(node) })
}

fn footer(node: &Node, defaults: &Defaults) -> Footer {
    let known: Vec<&str> =
        ["left", "center", "right", "from_edge"].iter().chain(&STYLE_KEYS).copied().collect();
    node.only(&known);
    let from_edge = node.mm("from_edge").unwrap_or(8_000);
    if from_edge >= defaults.page.bottom {
        node.fault(
            "from_edge",
            "the footer would stand in the text",
            "make it smaller than the lower margin",
        );
    }
    let base = Style { size: points(8_000), wrap: false, ..defaults.value };
    Footer {
        left: text_content(node, "left"),
        center: text_content(node, "center"),
        right: text_content(node, "right"),
        style: style(node, base),
        from_edge,
    }
}
