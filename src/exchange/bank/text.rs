//! Text as a bank's file takes it: encoded without loss, within the width, harmless in a spreadsheet; or refused with what
//! to do. Knows characters and bytes.

use xiangbao_core::identity::text::is_refused;

use super::layout::{CellSpec, Encoding, Field, Shape};

/// First characters that make a spreadsheet calculate (reliability 9.3); banks compare names letter by letter, so nothing
/// is put in front: the text is refused.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A text that cannot stand in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Longer than its cell.
    #[error("{}: {bytes} bytes of {encoding} do not fit {width}", .field.id())]
    TooLong {
        /// Cell.
        field: Field,
        /// The text.
        value: String,
        /// Its bytes.
        bytes: usize,
        /// Bytes of the cell.
        width: usize,
        /// Encoding.
        encoding: &'static str,
    },
    /// A character that the encoding does not have.
    #[error("{}: {found:?} is not in {encoding}", .field.id())]
    NoCharacter {
        /// Cell.
        field: Field,
        /// The character.
        found: char,
        /// Encoding.
        encoding: &'static str,
    },
    /// A character that no file takes, or a sign that would break the file.
    #[error("{}: {found:?} cannot stand here", .field.id())]
    Sign {
        /// Cell.
        field: Field,
        /// The character.
        found: char,
    },
    /// A spreadsheet would take the text for a formula.
    #[error("{}: {value:?} begins like a formula", .field.id())]
    Formula {
        /// Cell.
        field: Field,
        /// The text.
        value: String,
    },
    /// Money that is negative, or a value that is missing.
    #[error("{}: no value", .field.id())]
    NoValue {
        /// Cell.
        field: Field,
    },
}

impl TextFault {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        let name = |field: &Field| {
            if matches!(field, Field::AcctName) {
                "请与银行核对户名写法，在信息变更（BG）登记银行用字后重新制单"
            } else {
                "请更正这一项后重新制单，或请管理员核对银行版式"
            }
        };
        match self {
            Self::TooLong { field, value, bytes, width, encoding } => format!(
                "{}【{value}】按 {encoding} 占 {bytes} 字节，版式只有 {width} 字节：不能截断。{}。",
                field.label(),
                name(field)
            ),
            Self::NoCharacter { field, found, encoding } => format!(
                "{}中的【{found}】（U+{:04X}）在 {encoding} 中没有：不能用问号代替。{}。",
                field.label(),
                u32::from(*found),
                name(field)
            ),
            Self::Sign { field, found } => format!(
                "{}中有不能写入文件的字符（U+{:04X}）。{}。",
                field.label(),
                u32::from(*found),
                name(field)
            ),
            Self::Formula { field, value } => {
                format!(
                    "{}【{value}】开头的符号会被电子表格当作公式：不能写入。{}。",
                    field.label(),
                    name(field)
                )
            }
            Self::NoValue { field } => format!("{}没有内容或不是正数。{}。", field.label(), name(field)),
        }
    }
}

/// The bytes of a cell's text, without filling.
pub(super) fn encoded(
    cell: &CellSpec,
    value: &str,
    encoding: Encoding,
    shape: Shape,
) -> Result<Vec<u8>, TextFault> {
    let field = cell.field;
    let breaks = |found: &char| match shape {
        Shape::Separated { separator, quoted: false } => *found == separator || *found == '"',
        _ => false,
    };
    if let Some(found) = value.chars().find(|found| is_refused(*found) || breaks(found)) {
        return Err(TextFault::Sign { field, found });
    }
    let constant = field == Field::Constant;
    if !constant && matches!(shape, Shape::Separated { .. }) && value.starts_with(FORMULA) {
        return Err(TextFault::Formula { field, value: value.to_owned() });
    }
    let bytes = bytes_of(field, value, encoding)?;
    if cell.width > 0 && bytes.len() > cell.width {
        return Err(TextFault::TooLong {
            field,
            value: value.to_owned(),
            bytes: bytes.len(),
            width: cell.width,
            encoding: encoding.label(),
        });
    }
    Ok(bytes)
}

/// The bytes of a text; a character that the encoding lacks is refused by name.
pub(super) fn bytes_of(field: Field, value: &str, encoding: Encoding) -> Result<Vec<u8>, TextFault> {
    let table = match encoding {
        Encoding::Utf8 => return Ok(value.as_bytes().to_vec()),
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Gbk => encoding_rs::GBK,
    };
    let lacks = |text: &str| table.encode(text).2;
    if lacks(value) {
        let found = value.chars().find(|c| lacks(c.encode_utf8(&mut [0; 4]))).unwrap_or('?');
        return Err(TextFault::NoCharacter { field, found, encoding: encoding.label() });
    }
    Ok(table.encode(value).0.into_owned())
}

/// The text of bytes; none when they are not of this encoding.
pub(super) fn decoded(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let table = match encoding {
        Encoding::Utf8 => return std::str::from_utf8(bytes).ok().map(str::to_owned),
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Gbk => encoding_rs::GBK,
    };
    table.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}
