//! What a template is once loaded: lengths in micrometres, every reference checked. Knows nothing of TOML or values.

use std::collections::{BTreeMap, BTreeSet};

/// The two embedded fonts: Song for what people fill in, Hei for what the form says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Font {
    /// 宋体, carries every character the product knows.
    Song,
    /// 黑体, carries GB 2312; a text with any other character is set in Song.
    Hei,
}

/// Where a text stands in its box, across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// Where a text stands in its box, downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VAlign {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The font.
    pub font: Font,
    /// Size in micrometres.
    pub size: i32,
    /// The smallest size, in micrometres, to which a long text may shrink; below it is an error.
    pub min_size: i32,
    /// Across.
    pub align: Align,
    /// Downwards.
    pub valign: VAlign,
    /// Whether the text may take several lines.
    pub wrap: bool,
}

/// A piece of a text: written in the template, or taken from the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text of the template.
    Fixed(String),
    /// The value of a slot; `blank` is printed while the slot is empty.
    Slot {
        /// Slot name.
        name: String,
        /// What stands there when nothing is filled in.
        blank: String,
    },
}

/// One answer of a tick list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickOption {
    /// The code, when the template names it (`1=本人`); the label otherwise.
    pub code: String,
    /// What is printed after the box.
    pub label: String,
}

/// A tick list of a template, to be compared with the codes of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick<'t> {
    /// The table, where the list stands in a column.
    pub table: Option<&'t str>,
    /// Slot name.
    pub slot: &'t str,
    /// The options, in printed order.
    pub options: &'t [TickOption],
    /// The paper offers some of the codes on purpose.
    pub subset: bool,
}

/// What a box shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Fixed text with slots in it.
    Text(Vec<Piece>),
    /// ☑ before the option whose code or label is the slot's value, □ before the others.
    Tick {
        /// Slot name.
        slot: String,
        /// The options, in printed order.
        options: Vec<TickOption>,
        /// The paper offers some of the codes on purpose.
        subset: bool,
    },
}

impl Content {
    /// The names of the slots this content reads.
    pub fn slots(&self) -> Vec<&str> {
        match self {
            Self::Text(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Slot { name, .. } => Some(name.as_str()),
                    Piece::Fixed(_) => None,
                })
                .collect(),
            Self::Tick { slot, .. } => vec![slot],
        }
    }
}

/// A content with the way it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ink {
    /// What is shown.
    pub content: Content,
    /// How it is set.
    pub style: Style,
}

/// One cell of a grid row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Width in micrometres.
    pub width: i32,
    /// The text.
    pub ink: Ink,
}

/// One row of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    /// Height in micrometres.
    pub height: i32,
    /// Whether the row becomes higher when a text does not fit even at its smallest size.
    pub grow: bool,
    /// The cells, left to right; together as wide as the grid.
    pub cells: Vec<Cell>,
}

/// The upright label at the left of a ruled block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The label, one character below the other.
    pub text: String,
    /// Width in micrometres.
    pub width: i32,
    /// How it is set.
    pub style: Style,
}

/// Rows of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Ruled, or texts without lines.
    pub frame: bool,
    /// Whether all rows stay on one page when they can.
    pub keep: bool,
    /// The upright label.
    pub side: Option<Side>,
    /// The rows.
    pub rows: Vec<GridRow>,
}

/// One column of a repeating table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub head: String,
    /// Width in micrometres.
    pub width: i32,
    /// What a row shows here; its slots are keys of the row, and `row.no` is the running number.
    pub ink: Ink,
}

/// A repeating table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name of the rows in the data.
    pub name: String,
    /// The upright label.
    pub side: Option<Side>,
    /// How the headings are set.
    pub head_style: Style,
    /// Height of the heading row in micrometres; it is repeated on each page.
    pub head_height: i32,
    /// Height of a row in micrometres.
    pub row_height: i32,
    /// Empty ruled rows are added up to this number.
    pub min_rows: usize,
    /// Whether a row becomes higher when a text does not fit even at its smallest size.
    pub grow: bool,
    /// The columns, left to right; together as wide as the table.
    pub columns: Vec<Column>,
}

/// Running text between the ruled blocks, as high as it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// The text.
    pub ink: Ink,
    /// Space left free at the left edge, in micrometres.
    pub indent: i32,
}

/// One of the signature boxes that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureBox {
    /// Width in micrometres.
    pub width: i32,
    /// Whose opinion it is.
    pub title: String,
    /// The opinion.
    pub text: Content,
    /// The line for the signature.
    pub sign: Content,
    /// The line for the date.
    pub date: Content,
}

/// The signature boxes (reference: applicant, village, township, agency, left to right).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// Height in micrometres.
    pub height: i32,
    /// Whether the boxes become higher when an opinion does not fit even at its smallest size.
    pub grow: bool,
    /// How titles are set.
    pub head_style: Style,
    /// How texts are set.
    pub style: Style,
    /// The boxes, left to right; together as wide as the page's content.
    pub boxes: Vec<SignatureBox>,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Nothing: white space comes from [`Block::gap`].
    Gap,
    /// Rows of cells.
    Grid(Grid),
    /// A repeating table.
    Table(Table),
    /// Running text.
    Text(Paragraph),
    /// Signature boxes.
    Signatures(Signatures),
}

/// One block of the flow down the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The block's id, unique in the template.
    pub id: String,
    /// White space above it, in micrometres; none joins the frames of two ruled blocks.
    pub gap: i32,
    /// Whether it starts on a new page.
    pub break_before: bool,
    /// What it is.
    pub kind: BlockKind,
}

/// On which pages a free box or rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The first page.
    First,
    /// The last page.
    Last,
    /// Each page.
    All,
}

/// A box at a fixed place of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeBox {
    /// The box's id, unique in the template.
    pub id: String,
    /// From the left edge of the paper, micrometres.
    pub x: i32,
    /// From the upper edge of the paper, micrometres.
    pub y: i32,
    /// Width, micrometres.
    pub w: i32,
    /// Height, micrometres.
    pub h: i32,
    /// Whether it is ruled.
    pub frame: bool,
    /// On which pages.
    pub on: On,
    /// The text.
    pub ink: Ink,
}

/// A line at a fixed place of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeRule {
    /// Start, from the left edge, micrometres.
    pub x1: i32,
    /// Start, from the upper edge, micrometres.
    pub y1: i32,
    /// End, from the left edge, micrometres.
    pub x2: i32,
    /// End, from the upper edge, micrometres.
    pub y2: i32,
    /// Thickness, micrometres.
    pub width: i32,
    /// On which pages.
    pub on: On,
}

/// The line at the foot of each page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    /// Left text: usually the case number.
    pub left: Content,
    /// Middle text: usually page x of y.
    pub center: Content,
    /// Right text: usually the print mark.
    pub right: Content,
    /// How it is set.
    pub style: Style,
    /// From the lower edge of the paper to the foot of the line, micrometres.
    pub from_edge: i32,
}

/// Paper and margins, micrometres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageSize {
    /// Width of the paper.
    pub width: i32,
    /// Height of the paper.
    pub height: i32,
    /// Upper margin.
    pub top: i32,
    /// Right margin.
    pub right: i32,
    /// Lower margin.
    pub bottom: i32,
    /// Left margin.
    pub left: i32,
}

impl PageSize {
    /// Width between the margins.
    pub fn content_width(&self) -> i32 {
        self.width - self.left - self.right
    }

    /// Height between the margins.
    pub fn content_height(&self) -> i32 {
        self.height - self.top - self.bottom
    }
}

/// The slots a template reads, to be compared with the form that fills them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Names of single values.
    pub values: BTreeSet<String>,
    /// Names of tables, with the keys of their rows.
    pub tables: BTreeMap<String, BTreeSet<String>>,
}

/// A printed form. `Template::load` (in `load.rs`) makes it from TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Id, the file's name without ending.
    pub id: String,
    /// Version: goes up with each change of the layout, and is pinned by the documents printed with it.
    pub version: u32,
    /// Title of the printed form.
    pub title: String,
    /// Article or annex that asks for the form.
    pub source: String,
    /// Whether the layout is proposed, because no public original exists.
    pub proposal: bool,
    /// Remark for the office, not printed.
    pub note: String,
    /// Paper and margins.
    pub page: PageSize,
    /// Thickness of outer frames, micrometres.
    pub outer: i32,
    /// Thickness of inner lines, micrometres.
    pub inner: i32,
    /// Blocks, flowing down the page.
    pub blocks: Vec<Block>,
    /// Boxes at fixed places.
    pub boxes: Vec<FreeBox>,
    /// Lines at fixed places.
    pub rules: Vec<FreeRule>,
    /// The foot of each page.
    pub footer: Option<Footer>,
}

/// Slots that the layout itself fills: not part of [`Slots`].
pub(super) const OWN_SLOTS: [&str; 3] = ["page.no", "page.total", "row.no"];

impl Template {
    /// All slot and table names the template reads.
    pub fn slots(&self) -> Slots {
        let named = |contents: Vec<&Content>| -> BTreeSet<String> {
            let used = contents.into_iter().flat_map(Content::slots);
            used.filter(|name| !OWN_SLOTS.contains(name)).map(str::to_owned).collect()
        };
        let mut slots = Slots { values: named(self.contents()), ..Slots::default() };
        for block in &self.blocks {
            if let BlockKind::Table(table) = &block.kind {
                let columns = table.columns.iter().map(|column| &column.ink.content).collect();
                slots.tables.entry(table.name.clone()).or_default().extend(named(columns));
            }
        }
        slots
    }

    /// All tick lists.
    pub fn ticks(&self) -> Vec<Tick<'_>> {
        let tick = |table, content| match content {
            &Content::Tick { ref slot, ref options, subset } => Some(Tick { table, slot, options, subset }),
            Content::Text(_) => None,
        };
        let mut ticks: Vec<Tick<'_>> =
            self.contents().into_iter().filter_map(|content| tick(None, content)).collect();
        for block in &self.blocks {
            if let BlockKind::Table(table) = &block.kind {
                let columns = table.columns.iter();
                ticks.extend(columns.filter_map(|c| tick(Some(table.name.as_str()), &c.ink.content)));
            }
        }
        ticks
    }

    /// All contents outside tables.
    fn contents(&self) -> Vec<&Content> {
        let mut contents: Vec<&Content> = self.boxes.iter().map(|free| &free.ink.content).collect();
        if let Some(footer) = &self.footer {
            contents.extend([&footer.left, &footer.center, &footer.right]);
        }
        for block in &self.blocks {
            match &block.kind {
                BlockKind::Gap | BlockKind::Table(_) => {}
                BlockKind::Grid(grid) => {
                    contents
                        .extend(grid.rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.ink.content));
                }
                BlockKind::Text(paragraph) => contents.push(&paragraph.ink.content),
                BlockKind::Signatures(signatures) => {
                    contents.extend(signatures.boxes.iter().flat_map(|b| [&b.text, &b.sign, &b.date]));
                }
            }
        }
        contents
    }
}
