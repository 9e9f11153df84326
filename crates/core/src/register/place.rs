//! A hospital as one text, so that two papers can be compared. Knows codes and names; must not know a register of hospitals.

/// The hospital as one text: its code, else its name without white space and with half-width brackets.
pub fn place_of(code: &str, name: &str) -> String {
    if !code.trim().is_empty() {
        return code.trim().to_ascii_uppercase();
    }
    let shown = |c: char| match c {
        '（' => '(',
        '）' => ')',
        c => c,
    };
    name.chars().filter(|c| !c.is_whitespace()).map(shown).collect()
}

/// Whether two places are one hospital; unknown ones are not.
pub fn same_place(one: &str, two: &str) -> bool {
    !one.is_empty() && one == two
}
