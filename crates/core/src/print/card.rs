//! The test card for pre-printed stock: a ruler cross at known millimetres, to be laid on the stock against a window.
//! What the rulers show beside the marks of the stock are the three numbers of a calibration. Knows lines and figures.

use super::page::{Document, Item, Page};
use super::template::Font;
use super::text::width;
use super::{MM, Metrics};

/// Where the axes cross, micrometres from the left and the upper edge.
pub const CARD_CROSS: (i32, i32) = (20 * MM, 20 * MM);
/// Size of the figures: 7 points.
const FIGURES: i32 = 2_470;
/// Thickness of the marks.
const THIN: i32 = 100;

/// A page with two rulers through [`CARD_CROSS`], crosses at the four corners of a square and the words `title` and
/// `lines` in its middle. `size` is the paper in micrometres.
pub fn card(size: (i32, i32), title: &str, lines: &[String], metrics: &dyn Metrics) -> Document {
    let mut items = Vec::new();
    let (w, h) = size;
    let (cx, cy) = CARD_CROSS;
    items.push(rule((10 * MM, cy), (w - 10 * MM, cy)));
    items.push(rule((cx, 10 * MM), (cx, h - 10 * MM)));
    for mm in (10..=(w / MM - 10)).filter(|mm| *mm != 20) {
        let (x, long) = (mm * MM, mark(mm));
        items.push(rule((x, cy), (x, cy + long)));
        if mm % 10 == 0 {
            items.push(words((x - 1_200, cy + long + FIGURES), FIGURES, &mm.to_string(), metrics));
        }
    }
    for mm in (10..=(h / MM - 10)).filter(|mm| *mm != 20) {
        let (y, long) = (mm * MM, mark(mm));
        items.push(rule((cx, y), (cx + long, y)));
        if mm % 10 == 0 {
            items.push(words((cx + long + 500, y + FIGURES / 3), FIGURES, &mm.to_string(), metrics));
        }
    }
    // Far corners: an error of scale shows where the distance is greatest.
    for (x, y) in
        [(w - 20 * MM, 20 * MM), (20 * MM, h - 20 * MM), (w - 20 * MM, h - 20 * MM), (100 * MM, 100 * MM)]
    {
        items.push(rule((x - 5 * MM, y), (x + 5 * MM, y)));
        items.push(rule((x, y - 5 * MM), (x, y + 5 * MM)));
        items.push(Item::Rect { x: x - 2 * MM, y: y - 2 * MM, w: 4 * MM, h: 4 * MM, width: THIN });
        items.push(words((x + 2_500, y - 2_500), FIGURES, &format!("{},{}", x / MM, y / MM), metrics));
    }
    items.push(words((40 * MM, 50 * MM), 2 * FIGURES, title, metrics));
    for (line, index) in lines.iter().zip(0..) {
        items.push(words((40 * MM, 60 * MM + index * 6 * MM), FIGURES * 3 / 2, line, metrics));
    }
    Document { template: "card".to_owned(), version: 1, pages: vec![Page { w, h, items }], proof: None }
}

/// Long marks at the tens, middle ones at the fives.
fn mark(mm: i32) -> i32 {
    match (mm % 10, mm % 5) {
        (0, _) => 5 * MM,
        (_, 0) => 3 * MM,
        _ => 1_800,
    }
}

fn rule((x1, y1): (i32, i32), (x2, y2): (i32, i32)) -> Item {
    Item::Line { x1, y1, x2, y2, width: THIN }
}

fn words((x, y): (i32, i32), size: i32, text: &str, metrics: &dyn Metrics) -> Item {
    let (font, text) = (Font::Song, text.to_owned());
    Item::Text { x, y, width: width(&text, font, size, metrics), font, size, text, slot: "card".to_owned() }
}
