//! From TOML to the blocks of a template's flow: grids, tables, paragraphs, signatures. Every row is checked to be
//! exactly as wide as the page's content. Knows no values and lays nothing out.

use super::load::{Defaults, ink, only_ink, pieces, style, text_content};
use super::read::{Entry, Node};
use super::template::{
    Align, Block, BlockKind, Cell, Column, Content, Grid, GridRow, Ink, Paragraph, Piece, Side, SignatureBox,
    Signatures, Style, Table, VAlign,
};

const COMMON: [&str; 4] = ["id", "kind", "gap", "break_before"];

/// Reads one `[[block]]`; `None` after a complaint.
pub(super) fn block(node: &Node, defaults: &Defaults) -> Option<Block> {
    let id = node.need("id", "\"a name\"").and_then(|entry| entry.text()).unwrap_or_default().to_owned();
    let reader: fn(&Node, &Defaults) -> Option<BlockKind> = match node.need("kind", "\"grid\"")?.text()? {
        "gap" => gap,
        "grid" => grid,
        "table" => table,
        "text" => paragraph,
        "signatures" => signatures,
        other => {
            node.fault(
                "kind",
                format!("unknown kind {other:?}"),
                "use one of: grid, table, text, signatures, gap",
            );
            return None;
        }
    };
    let kind = reader(node, defaults)?;
    let break_before = node.flag("break_before").unwrap_or(false);
    Some(Block { id, gap: node.mm("gap").unwrap_or(0), break_before, kind })
}

fn only(node: &Node, more: &[&str]) {
    let known: Vec<&str> = COMMON.iter().chain(more).copied().collect();
    node.only(&known);
}

fn gap(node: &Node, _: &Defaults) -> Option<BlockKind> {
    only(node, &[]);
    Some(BlockKind::Gap)
}

fn too_high(node: &Node, key: &str, height: i32, defaults: &Defaults) {
    if height > defaults.page.content_height() {
        node.fault(key, "is higher than the page", "make it lower or the margins smaller");
    }
}

fn side(node: &Node, defaults: &Defaults) -> Option<Side> {
    let text = node.text("side")?.to_owned();
    let width = node.mm("side_w").unwrap_or(8_000);
    Some(Side { text, width, style: defaults.label })
}

fn inner_width(side: Option<&Side>, defaults: &Defaults) -> i32 {
    defaults.page.content_width() - side.map_or(0, |side| side.width)
}

/// Gives the one part without a width the rest, and complains when the parts do not add up to `whole`.
fn widths(node: &Node, key: &str, parts: &[Option<i32>], whole: i32) -> Vec<i32> {
    let written: i32 = parts.iter().flatten().sum();
    let open = parts.iter().filter(|part| part.is_none()).count();
    let rest = whole - written;
    let mm = |length: i32| format!("{}.{:03}", length / 1_000, length % 1_000);
    if open > 1 {
        node.fault(key, "more than one width is missing", "leave out w at one place only: it takes the rest");
    } else if open == 1 && rest < 2_000 {
        let message = format!("the widths take {} mm of {} mm", mm(written), mm(whole));
        node.fault(key, message, "make a column narrower");
    } else if open == 0 && rest != 0 {
        let message = format!("the widths add up to {} mm instead of {} mm", mm(written), mm(whole));
        node.fault(key, message, "change one w, or leave it out so that it takes the rest");
    }
    parts.iter().map(|part| part.unwrap_or(rest.max(0))).collect()
}

fn grid(node: &Node, defaults: &Defaults) -> Option<BlockKind> {
    only(node, &["frame", "keep", "side", "side_w", "height", "grow", "rows", "label", "value"]);
    let defaults = &local(node, defaults);
    let side = side(node, defaults);
    let whole = inner_width(side.as_ref(), defaults);
    let usual = (node.mm("height"), node.flag("grow").unwrap_or(false));
    let rows = node.need("rows", "[ [ cells ], ... ]")?.list();
    let rows = rows.iter().filter_map(|entry| grid_row(node, entry, usual, whole, defaults)).collect();
    Some(BlockKind::Grid(Grid {
        frame: node.flag("frame").unwrap_or(true),
        keep: node.flag("keep").unwrap_or(true),
        side,
        rows,
    }))
}

/// The styles of one block: `label = {...}` and `value = {...}` over those of the file.
fn local(node: &Node, defaults: &Defaults) -> Defaults {
    let read = |key, base: Style| {
        node.node(key).map_or(base, |inner| {
            inner.only(&["font", "size", "min_size", "align", "valign", "wrap"]);
            style(&inner, base)
        })
    };
    Defaults {
        page: defaults.page,
        label: read("label", defaults.label),
        value: read("value", defaults.value),
    }
}

fn grid_row(
    grid: &Node,
    entry: &Entry,
    (height, grow): (Option<i32>, bool),
    whole: i32,
    defaults: &Defaults,
) -> Option<GridRow> {
    let (own, own_grow, cells) = if entry.is_list() {
        (None, None, entry.list())
    } else {
        let node = entry.node()?;
        node.only(&["height", "grow", "cells"]);
        (node.mm("height"), node.flag("grow"), node.list("cells"))
    };
    let Some(height) = own.or(height) else {
        entry.fault(
            "the row has no height",
            "write height = 8 in the block, or { height = 8, cells = [...] }",
        );
        return None;
    };
    if cells.is_empty() {
        entry.fault("the row has no cells", "write at least one cell");
        return None;
    }
    too_high(grid, "height", height, defaults);
    let nodes: Vec<Node> = cells.iter().filter_map(Entry::node).collect();
    let wanted: Vec<Option<i32>> = nodes.iter().map(|node| node.mm("w")).collect();
    let widths = widths(nodes.first()?, "w", &wanted, whole);
    let cells = nodes.iter().zip(widths).map(|(node, width)| {
        only_ink(node, &["w"]);
        Cell { width, ink: ink(node, defaults) }
    });
    Some(GridRow { height, grow: own_grow.unwrap_or(grow), cells: cells.collect() })
}

fn table(node: &Node, defaults: &Defaults) -> Option<BlockKind> {
    only(
        node,
        &[
            "name",
            "side",
            "side_w",
            "head_height",
            "row_height",
            "min_rows",
            "grow",
            "columns",
            "label",
            "value",
        ],
    );
    let defaults = &local(node, defaults);
    let name = node.need("name", "\"the rows in the data\"")?.text()?.to_owned();
    let side = side(node, defaults);
    let whole = inner_width(side.as_ref(), defaults);
    let row_height = node.need("row_height", "8")?.mm()?;
    let head_height = node.mm("head_height").unwrap_or(row_height);
    too_high(node, "row_height", row_height.saturating_add(head_height), defaults);
    let entries = node.need("columns", "[ { head, slot, w }, ... ]")?.list();
    let nodes: Vec<Node> = entries.iter().filter_map(Entry::node).collect();
    let wanted: Vec<Option<i32>> = nodes.iter().map(|column| column.mm("w")).collect();
    let widths = widths(node, "columns", &wanted, whole);
    let columns = nodes.iter().zip(widths).map(|(column, width)| {
        only_ink(column, &["w", "head"]);
        let head = column.need("head", "\"the heading\"").and_then(|entry| entry.text());
        Column { head: head.unwrap_or_default().to_owned(), width, ink: ink(column, defaults) }
    });
    Some(BlockKind::Table(Table {
        name,
        side,
        head_style: defaults.label,
        head_height,
        row_height,
        min_rows: node.number("min_rows").map_or(0, |rows| rows as usize),
        grow: node.flag("grow").unwrap_or(false),
        columns: columns.collect(),
    }))
}

fn paragraph(node: &Node, defaults: &Defaults) -> Option<BlockKind> {
    only(node, &["text", "indent", "font", "size", "min_size", "align"]);
    let text = node.need("text", "\"the paragraph\"")?.text()?;
    let style = Style { valign: VAlign::Top, wrap: true, ..style(node, defaults.value) };
    let ink = Ink { content: Content::Text(pieces(node, "text", text)), style };
    Some(BlockKind::Text(Paragraph { ink, indent: node.mm("indent").unwrap_or(0) }))
}

fn signatures(node: &Node, defaults: &Defaults) -> Option<BlockKind> {
    only(node, &["height", "grow", "boxes", "label", "value"]);
    let defaults = &local(node, defaults);
    let height = node.need("height", "34")?.mm()?;
    too_high(node, "height", height, defaults);
    let entries = node.need("boxes", "[ { title, text, sign, date, w }, ... ]")?.list();
    let nodes: Vec<Node> = entries.iter().filter_map(Entry::node).collect();
    let wanted: Vec<Option<i32>> = nodes.iter().map(|node| node.mm("w")).collect();
    let widths = widths(node, "boxes", &wanted, defaults.page.content_width());
    let boxes = nodes.iter().zip(widths).map(|(node, width)| {
        node.only(&["title", "text", "sign", "date", "w"]);
        let blank_date = || Content::Text(vec![Piece::Fixed("年　　月　　日".to_owned())]);
        SignatureBox {
            width,
            title: node
                .need("title", "\"whose opinion\"")
                .and_then(|e| e.text())
                .unwrap_or_default()
                .to_owned(),
            text: text_content(node, "text"),
            sign: text_content(node, "sign"),
            date: if node.has("date") { text_content(node, "date") } else { blank_date() },
        }
    });
    let smallest = defaults.label.size * 190 / 100 + defaults.value.size * 420 / 100;
    if height < smallest {
        node.fault("height", "leaves no room for title, signature and date", "make the boxes higher");
    }
    Some(BlockKind::Signatures(Signatures {
        height,
        grow: node.flag("grow").unwrap_or(false),
        head_style: Style { align: Align::Center, ..defaults.label },
        style: Style { valign: VAlign::Top, ..defaults.value },
        boxes: boxes.collect(),
    }))
}
