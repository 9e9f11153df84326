//! A second implementation of the check characters, written from the standards by other arithmetic: no tables of
//! weights, no shared code with the product. It decides which generated numbers are right and what the algorithms
//! cannot see.

/// MOD 11-2 of ISO 7064 by its recursive definition: double, add, keep the rest; a whole string rests at one.
pub fn mod_11_2(payload: &str) -> char {
    let rest = payload.bytes().fold(0_u32, |rest, byte| (rest + u32::from(byte - b'0')) * 2 % 11);
    match (12 - rest) % 11 {
        10 => 'X',
        digit => char::from(b'0' + u8::try_from(digit).unwrap()),
    }
}

/// The organisation code's check (GB 11714): its weights 3 7 9 10 5 8 4 2 are the powers of two from 8 down, modulo 11.
pub fn organisation(payload: &str) -> char {
    let rest = payload.chars().fold(0_u32, |rest, c| (rest + c.to_digit(36).unwrap()) * 2 % 11);
    match (11 - rest) % 11 {
        10 => 'X',
        digit => char::from(b'0' + u8::try_from(digit).unwrap()),
    }
}

/// The 31 signs of GB 32100: figures and capitals without I, O, S, V, Z.
pub fn signs() -> Vec<char> {
    ('0'..='9').chain('A'..='Z').filter(|sign| !"IOSVZ".contains(*sign)).collect()
}

/// The credit code's check: the polynomial at three, from the last sign to the first (Horner), modulo 31.
pub fn credit(payload: &str) -> char {
    let signs = signs();
    let value = |c: char| signs.iter().position(|sign| *sign == c).unwrap();
    let sum = payload.chars().rev().fold(0, |sum, c| (sum * 3 + value(c)) % 31);
    signs[(31 - sum) % 31]
}

/// Whether a card number fulfils Luhn: from the right, every second figure doubled and its figures added.
pub fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    let mut doubled = false;
    for byte in digits.bytes().rev() {
        let figure = u32::from(byte - b'0');
        let figures = if doubled { (figure * 2).to_string() } else { figure.to_string() };
        sum += figures.bytes().map(|byte| u32::from(byte - b'0')).sum::<u32>();
        doubled = !doubled;
    }
    sum % 10 == 0
}

/// A small generator with a fixed seed: the same numbers on every machine.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// So many figures.
    pub fn figures(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.roll(10)).unwrap())).collect()
    }
}

/// Every text that differs in one place, with signs from `signs`.
pub fn one_changed(text: &str, signs: &[char]) -> Vec<String> {
    let original: Vec<char> = text.chars().collect();
    let mut changed = Vec::new();
    for at in 0..original.len() {
        for sign in signs.iter().filter(|sign| **sign != original[at]) {
            let mut copy = original.clone();
            copy[at] = *sign;
            changed.push(copy.into_iter().collect());
        }
    }
    changed
}

/// Every text with two unlike neighbours exchanged, and the two.
pub fn neighbours_exchanged(text: &str) -> Vec<(String, char, char)> {
    let original: Vec<char> = text.chars().collect();
    let mut changed = Vec::new();
    for at in 1..original.len() {
        let (first, second) = (original[at - 1], original[at]);
        if first != second {
            let mut copy = original.clone();
            copy.swap(at - 1, at);
            changed.push((copy.into_iter().collect(), first, second));
        }
    }
    changed
}
