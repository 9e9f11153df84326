//! Changes a text as people and disks do: bytes, lines, keys, values, nesting, signs of other scripts, numbers. Knows the
//! shape of TOML, CSV and expressions; must not know what they mean.

use super::targets::Sort;

/// Numbers from a seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A good text to begin with.
pub struct Seed {
    pub sort: Sort,
    pub text: String,
}

/// Values nobody expects.
pub const ODD: [&str; 34] = [
    "",
    "0",
    "-1",
    "1",
    "00",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999999",
    "1e999",
    "0x7fffffff",
    "1.005",
    "12.50",
    "0.1500",
    "999999999",
    "9999999999.99",
    "2026-02-30",
    "0001-01-01",
    "2200-12-31",
    "1850-01-01",
    "2026-08",
    "\u{202e}反",
    "a\u{0}b",
    "\u{feff}",
    "覃·芳",
    "𠀀𪚥䶮",
    "👩‍👩‍👧",
    "e\u{301}\u{301}\u{301}",
    "１２３",
    "{name}",
    "{{",
    "}",
    "\"",
    "451424199001010016",
    "true",
];

/// Keys of forms and templates, in wrong places too.
const KEYS: [&str; 34] = [
    "id",
    "kind",
    "codes",
    "beside",
    "variants",
    "variant_by",
    "max",
    "min",
    "required",
    "required_when",
    "hidden",
    "shown_when",
    "carry",
    "readonly",
    "derive",
    "help",
    "article",
    "on",
    "each",
    "when",
    "check",
    "message",
    "severity",
    "reason_codes",
    "table",
    "unprinted",
    "documents",
    "record",
    "tick",
    "options",
    "slot",
    "w",
    "rows",
    "size",
];

/// Words of expressions.
const WORDS: [&str; 40] = [
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "(",
    ")",
    "[",
    "]",
    "?",
    ":",
    ",",
    ".",
    "in",
    "row",
    "today",
    "true",
    "1",
    "\"1\"",
    "filled(",
    "size(",
    "sum(",
    ".map(x, ",
    ".filter(x, ",
    ".exists(x, ",
    ".all(x, ",
    "yuan(",
    "age(",
    "fen(\"0.01\")",
    "round_share(",
    "date_add_days(",
    "working_days_between(",
    "9223372036854775807",
];

/// One input: a seed after one to eight changes.
pub fn mutated(seeds: &[Seed], dice: &mut Dice) -> (Sort, String) {
    let wanted = match dice.below(100) {
        0..45 => Sort::Form,
        45..75 => Sort::Expression,
        75..90 => Sort::Template,
        90..95 => Sort::Codes,
        _ => Sort::Calendar,
    };
    let of_sort: Vec<&Seed> = seeds.iter().filter(|seed| seed.sort == wanted).collect();
    let mut text = dice.pick(&of_sort).text.clone();
    for _ in 0..=dice.below(8) {
        text = match (wanted, dice.below(9)) {
            (Sort::Expression, 0..6) => words(&text, &of_sort, dice),
            (_, 0) => bytes(&text, dice),
            (_, 1) => lines(&text, &of_sort, dice),
            (_, 2) => keys(&text, dice),
            (_, 3) => values(&text, dice),
            (_, 4) => nested(&text, dice),
            (_, 5) => numbers(&text, dice),
            (_, 6) => in_quotes(&text, dice),
            (_, 7) => lines(&text, &of_sort, dice),
            _ => values(&text, dice),
        };
    }
    (wanted, text)
}

fn bytes(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let byte = u8::try_from(dice.below(256)).unwrap();
        match dice.below(4) {
            0 if at < bytes.len() => bytes[at] = byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes.insert(at, byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn lines(text: &str, seeds: &[&Seed], dice: &mut Dice) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let other: Vec<&str> = dice.pick(seeds).text.lines().collect();
    let at = dice.below(lines.len());
    match dice.below(5) {
        0 if !lines.is_empty() => drop(lines.remove(at)),
        1 if !lines.is_empty() => lines.insert(dice.below(lines.len()), lines[at]),
        2 if !lines.is_empty() => lines.swap(at, dice.below(text.lines().count())),
        3 => {
            let from = dice.below(other.len());
            let some = other.iter().skip(from).take(1 + dice.below(12));
            lines.splice(at..at, some.copied().collect::<Vec<_>>());
        }
        _ if !other.is_empty() => lines.insert(at, other[dice.below(other.len())]),
        _ => {}
    }
    lines.join("\n")
}

/// Changes one line of those that hold a key.
fn with_line(text: &str, dice: &mut Dice, change: impl Fn(&str, &str, &mut Dice) -> String) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let keyed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.contains(" = ")).map(|(at, _)| at).collect();
    if keyed.is_empty() {
        return bytes(text, dice);
    }
    let at = *dice.pick(&keyed);
    let (key, value) = lines[at].split_once(" = ").unwrap();
    let changed = change(key, value, dice);
    let lines = lines.iter().enumerate().map(|(index, line)| if index == at { &changed } else { *line });
    lines.collect::<Vec<_>>().join("\n")
}

fn keys(text: &str, dice: &mut Dice) -> String {
    with_line(text, dice, |_, value, dice| format!("{} = {value}", dice.pick(&KEYS)))
}

fn values(text: &str, dice: &mut Dice) -> String {
    with_line(text, dice, |key, value, dice| {
        let odd = *dice.pick(&ODD);
        match dice.below(6) {
            0 => format!("{key} = {odd}"),
            1 => format!("{key} = '{odd}'"),
            2 => format!("{key} = [{value}, {value}]"),
            3 => format!("{key} = {{ {key} = {value} }}"),
            4 => format!("{key} = \"{}\"", odd.repeat(1 + dice.below(400))),
            _ => format!("{key} = {:?}", format!("{odd}{}", dice.pick(&WORDS))),
        }
    })
}

fn nested(text: &str, dice: &mut Dice) -> String {
    let depth = *dice.pick(&[1, 10, 30, 80, 200, 2000, 20_000]);
    let (open, close) =
        *dice.pick(&[("[", "]"), ("{ a = ", " }"), ("(", ")"), ("!", ""), ("-", ""), ("a.", "b")]);
    let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
    match dice.below(3) {
        0 => with_line(text, dice, |key, _, _| format!("{key} = {value}")),
        1 => with_line(text, dice, |key, _, _| format!("{key} = '{value}'")),
        _ => format!("{text}\n{} = 1", vec!["a"; depth.min(3000)].join(".")),
    }
}

fn numbers(text: &str, dice: &mut Dice) -> String {
    let digits: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.is_empty() {
        return values(text, dice);
    }
    let at = *dice.pick(&digits);
    format!("{}{}{}", &text[..at], dice.pick(&ODD[1..16]), &text[at + 1..])
}

/// Changes something inside a quoted text: ids, codes, messages, expressions.
fn in_quotes(text: &str, dice: &mut Dice) -> String {
    with_line(text, dice, |key, value, dice| {
        // The end too: an earlier change may have left nothing of the value.
        let ends: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
        let at = *dice.pick(&ends);
        let put = if dice.below(2) == 0 { *dice.pick(&ODD) } else { *dice.pick(&WORDS) };
        format!("{key} = {}{put}{}", &value[..at], &value[at..])
    })
}

/// Changes the words of an expression.
fn words(text: &str, seeds: &[&Seed], dice: &mut Dice) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        words.extend([std::mem::take(&mut word), c.to_string()]);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    let at = dice.below(words.len());
    let other = dice.pick(seeds).text.clone();
    match dice.below(7) {
        0 if at < words.len() => words[at] = (*dice.pick(&WORDS)).to_owned(),
        1 if at < words.len() => drop(words.remove(at)),
        2 => words.insert(at, (*dice.pick(&WORDS)).to_owned()),
        3 => return format!("({text}) {} ({other})", dice.pick(&["&&", "||", "==", "+", "?true:"])),
        4 => {
            let name = dice.pick(&["rows", "name", "qty", "sex", "row.amt", "row"]);
            if at < words.len() {
                words[at] = (*name).to_owned();
            }
        }
        5 => return format!("rows.{}(r{}, {text})", dice.pick(&["all", "map", "filter"]), dice.below(3)),
        _ => words.insert(at, format!("{:?}", dice.pick(&ODD))),
    }
    words.concat()
}
