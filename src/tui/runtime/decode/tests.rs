//! Every sequence, whole and split at every byte.

use super::*;

fn all(pieces: &[&[u8]]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for piece in pieces {
        decoder.feed(piece, Duration::ZERO, &mut out);
    }
    decoder.tick(Duration::from_secs(2), &mut out);
    out
}

fn key(code: Code) -> Vec<Input> {
    vec![Input::Key(Key::plain(code))]
}

fn chars(text: &str) -> Vec<Input> {
    text.chars().map(|c| Input::Key(Key::char(c))).collect()
}

fn corpus() -> Vec<(&'static [u8], Vec<Input>)> {
    let mut corpus: Vec<(&'static [u8], Vec<Input>)> = vec![
        ("\u{4f60}\u{597d}".as_bytes(), chars("\u{4f60}\u{597d}")),
        ("\u{20bb7}a\u{2cc56}".as_bytes(), chars("\u{20bb7}a\u{2cc56}")),
        ("e\u{301}".as_bytes(), chars("e\u{301}")),
        (b"\x1b", key(Code::Esc)),
        (b"\x1b\x1b", [key(Code::Esc), key(Code::Esc)].concat()),
        (b"\x1ba", [key(Code::Esc), chars("a")].concat()),
        (b"\x1b\r", [key(Code::Esc), key(Code::Enter)].concat()),
        (b"\x1b\x1b[A", [key(Code::Esc), key(Code::Up)].concat()),
        (b"\x1b[[B", key(Code::F(2))),
        (b"\x1bOM", key(Code::Enter)),
        (b"\x1bOk", chars("+")),
        (b"\x1b[Z", key(Code::BackTab)),
        (b"\x1b[26~", vec![Input::Key(Key::shift_f(2))]),
        (b"\x1b[1;2Q", vec![Input::Key(Key::shift_f(2))]),
        (b"\x1b[12;2~", vec![Input::Key(Key::shift_f(2))]),
        (b"\x1b[2;3R", vec![Input::Cursor { row: 2, col: 3 }]),
        (b"\x1b[?2026;2$yq", [vec![Input::SyncOutput(true)], chars("q")].concat()),
        (b"\x1b[?99zq", chars("q")),
        (b"\x1b[>1;2;3cq", chars("q")),
        (b"\x1b]11;rgb:0/0/0\x07q", chars("q")),
        (b"\x1bP1$r0m\x1b\\q", chars("q")),
        (b"\x1b[5\rq", [key(Code::Enter), chars("q")].concat()),
        (b"\x08", key(Code::Backspace)),
        (b"\n", key(Code::Enter)),
        (b"\x1a", vec![Input::Key(Key::ctrl('z'))]),
        (
            b"\x1b[200~a\r\nb\x1b[201~c",
            [vec![Input::Paste { text: "a\nb".into(), cut: false }], chars("c")].concat(),
        ),
    ];
    for (bytes, code) in [
        (&b"\x1b[A"[..], Code::Up),
        (b"\x1bOA", Code::Up),
        (b"\x1b[B", Code::Down),
        (b"\x1bOB", Code::Down),
        (b"\x1b[C", Code::Right),
        (b"\x1bOC", Code::Right),
        (b"\x1b[D", Code::Left),
        (b"\x1bOD", Code::Left),
        (b"\x1b[H", Code::Home),
        (b"\x1bOH", Code::Home),
        (b"\x1b[1~", Code::Home),
        (b"\x1b[7~", Code::Home),
        (b"\x1b[F", Code::End),
        (b"\x1bOF", Code::End),
        (b"\x1b[4~", Code::End),
        (b"\x1b[8~", Code::End),
        (b"\x1b[2~", Code::Insert),
        (b"\x1b[3~", Code::Delete),
        (b"\x1b[5~", Code::PageUp),
        (b"\x1b[6~", Code::PageDown),
        (b"\x1bOP", Code::F(1)),
        (b"\x1b[11~", Code::F(1)),
        (b"\x1bOS", Code::F(4)),
        (b"\x1b[14~", Code::F(4)),
        (b"\x1b[15~", Code::F(5)),
        (b"\x1b[17~", Code::F(6)),
        (b"\x1b[20~", Code::F(9)),
        (b"\x1b[21~", Code::F(10)),
        (b"\x1b[23~", Code::F(11)),
        (b"\x1b[24~", Code::F(12)),
    ] {
        corpus.push((bytes, key(code)));
    }
    corpus
}

#[test]
fn every_sequence_survives_every_split() {
    for (bytes, expected) in corpus() {
        assert_eq!(all(&[bytes]), expected, "{:?} whole", String::from_utf8_lossy(bytes));
        for at in 1..bytes.len() {
            let (a, b) = bytes.split_at(at);
            assert_eq!(all(&[a, b]), expected, "{:?} split at {at}", String::from_utf8_lossy(bytes));
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(all(&single), expected, "{:?} byte by byte", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn bad_bytes_are_told_once_and_never_swallow_a_key() {
    // Ni hao in GBK.
    assert_eq!(all(&[b"\xc4\xe3\xba\xc3"]).first(), Some(&Input::NotUtf8 { gb: true }));
    assert_eq!(all(&[b"\xe4a"]), [vec![Input::NotUtf8 { gb: true }], chars("a")].concat());
    assert_eq!(all(&[b"\xffa\xffb"]), [vec![Input::NotUtf8 { gb: false }], chars("ab")].concat());
    assert_eq!(all(&[b"\xed\xa0\x80a"]).len(), 2);
}

#[test]
fn a_long_paste_is_cut_and_ends() {
    let mut bytes = PASTE_START.to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 100_000));
    bytes.extend(PASTE_END);
    bytes.push(b'k');
    let out = all(&[&bytes]);
    let Some(Input::Paste { text, cut: true }) = out.first() else { panic!("{:?}", out.len()) };
    assert_eq!(text.len(), PASTE_CAP);
    assert_eq!(out[1..], chars("k"));
}

#[test]
fn a_burst_of_lines_is_a_paste_unless_the_terminal_brackets() {
    let lines = "\u{8983}\u{5c0f}\u{82b3}\t450102199001011234\r".repeat(3);
    let (a, b) = lines.as_bytes().split_at(70);
    let out = all(&[a, b]);
    assert!(matches!(out.as_slice(), [Input::Paste { text, .. }] if text.lines().count() == 3), "{out:?}");
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(b"\x1b[200~a\x1b[201~", Duration::ZERO, &mut out);
    decoder.feed(lines.as_bytes(), Duration::ZERO, &mut out);
    assert_eq!(out.iter().filter(|i| matches!(i, Input::Paste { .. })).count(), 1);
    assert_eq!(out.iter().filter(|i| **i == Input::Key(Key::plain(Code::Enter))).count(), 3);
}
