//! Key scripts for journeys and the headless demo: `"<F2>450102<Enter><Ctrl-P>"` to the bytes a terminal sends, one
//! piece a key, so that no piece looks like a paste. Knows the names of keys; must not know what they do.

/// A script names an unknown key or leaves a bracket open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown key <{0}> in a key script (known: Enter Esc Tab S-Tab Up Down Left Right Home End PgUp PgDn Ins Del BS Space lt F1..F12 S-F1..S-F12 Ctrl-a..Ctrl-z)"
)]
pub struct ScriptError(pub String);

/// The bytes of each key of a script. `<name>` is a named key, `<lt>` is `<`, anything else is typed as it stands.
pub fn keys(script: &str) -> Result<Vec<Vec<u8>>, ScriptError> {
    let mut pieces = Vec::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        if c == '<' {
            let Some((name, after)) = rest.get(1..).and_then(|r| r.split_once('>')) else {
                return Err(ScriptError(rest.to_owned()));
            };
            pieces.push(named(name).ok_or_else(|| ScriptError(name.to_owned()))?);
            rest = after;
        } else {
            let at = c.len_utf8();
            pieces.push(rest.as_bytes().get(..at).unwrap_or_default().to_vec());
            rest = rest.get(at..).unwrap_or_default();
        }
    }
    Ok(pieces)
}

fn named(name: &str) -> Option<Vec<u8>> {
    if let Some(letter) = name.strip_prefix("Ctrl-") {
        let byte = letter.bytes().next().filter(|b| letter.len() == 1 && b.is_ascii_alphabetic())?;
        return Some(vec![byte.to_ascii_lowercase() - b'a' + 1]);
    }
    let (shift, plain) = name.strip_prefix("S-").map_or((false, name), |rest| (true, rest));
    if let Some(number) = plain.strip_prefix('F') {
        let code = match number.parse::<u8>().ok()? {
            n @ 1..=5 => n + 10,
            n @ 6..=10 => n + 11,
            n @ 11..=12 => n + 12,
            _ => return None,
        };
        return Some(if shift { format!("\x1b[{code};2~") } else { format!("\x1b[{code}~") }.into_bytes());
    }
    let bytes: &[u8] = match name {
        "Enter" => b"\r",
        "Esc" => b"\x1b",
        "Tab" => b"\t",
        "S-Tab" => b"\x1b[Z",
        "Up" => b"\x1b[A",
        "Down" => b"\x1b[B",
        "Right" => b"\x1b[C",
        "Left" => b"\x1b[D",
        "Home" => b"\x1b[H",
        "End" => b"\x1b[F",
        "PgUp" => b"\x1b[5~",
        "PgDn" => b"\x1b[6~",
        "Ins" => b"\x1b[2~",
        "Del" => b"\x1b[3~",
        "BS" => b"\x7f",
        "Space" => b" ",
        "lt" => b"<",
        _ => return None,
    };
    Some(bytes.to_vec())
}
