//! The QR code as filled boxes of the page. Knows the text and the square; must not know what the text means.

use qrcodegen::{QrCode, QrCodeEcc};

use super::page::Item;

/// The dark modules of the code of `text` in a square, neighbours in a row joined. No boxes when the text is longer than
/// any code can hold (over two thousand characters).
pub(super) fn modules(text: &str, (left, top): (i32, i32), size: i32) -> Vec<Item> {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Vec::new() };
    let count = code.size();
    let edge = |index: i32| index * size / count;
    let mut items = Vec::new();
    for row in 0..count {
        let mut column = 0;
        while column < count {
            let run = (column..count).take_while(|at| code.get_module(*at, row)).count();
            let end = column + i32::try_from(run).unwrap_or(0);
            if end > column {
                items.push(Item::Fill {
                    x: left + edge(column),
                    y: top + edge(row),
                    w: edge(end) - edge(column),
                    h: edge(row + 1) - edge(row),
                });
            }
            column = end + 1;
        }
    }
    items
}
