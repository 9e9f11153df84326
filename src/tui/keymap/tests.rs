//! The registry is consistent: no shared keys, no missing words, no letter commands in fields.

use super::*;
use std::collections::BTreeMap;

const CONTEXTS: [Context; 16] = [
    Context::Global,
    Context::Form,
    Context::List,
    Context::Page,
    Context::Person,
    Context::Exchange,
    Context::Parcels,
    Context::Payments,
    Context::PaymentLists,
    Context::PaymentList,
    Context::Deductions,
    Context::Picker,
    Context::Reader,
    Context::Confirm,
    Context::TextArea,
    Context::SignIn,
];

#[test]
fn no_two_actions_share_a_key_in_one_context() {
    let mut seen = BTreeMap::new();
    for binding in BINDINGS {
        for key in binding.keys {
            assert_eq!(key.canonical(), *key, "{key} is never sent");
            let before = seen.insert((binding.context, *key), binding.action);
            assert_eq!(before, None, "{key} in {:?}", binding.context);
        }
    }
}

#[test]
fn every_action_has_a_short_label_and_a_line() {
    for binding in BINDINGS {
        let (label, doc) = (binding.action.label(), binding.action.doc());
        assert!((1..=8).contains(&width(label)), "{:?}: {label}", binding.action);
        assert!((4..=48).contains(&width(doc)), "{:?}: {doc}", binding.action);
    }
}

#[test]
fn every_code_is_one_screen() {
    for screen in Screen::ALL {
        assert_eq!(Screen::of_code(screen.code()), Some(screen));
        assert_eq!(Screen::of_code(&screen.code().to_lowercase()), Some(screen));
    }
    assert_eq!(Screen::of_code("\u{ff24}\u{ff2a}"), Some(Screen::Enrolment));
    assert_eq!(Screen::of_code("??"), None);
}

#[test]
fn no_letter_is_a_command_while_a_field_has_the_focus() {
    for context in CONTEXTS {
        for c in ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['\u{ff21}', '\u{ff11}']) {
            for focus in [Focus::EmptyField, Focus::Field, Focus::EmptyNumber, Focus::Number] {
                assert_eq!(action(context, Key::char(c), focus), None, "{c} in {context:?}");
            }
        }
    }
    assert_eq!(action(Context::Form, Key::char('\u{ff1d}'), Focus::EmptyField), Some(Action::Jump));
    assert_eq!(action(Context::Form, Key::char('\u{ff1f}'), Focus::Field), None);
    assert_eq!(action(Context::Form, Key::char('+'), Focus::Number), Some(Action::Accept));
}

#[test]
fn a_line_that_leaves_keys_out_names_the_page_that_has_them() {
    let hints = |cells| key_line(Context::Page, cells, |_| true);
    let bare = |line: &[Hint]| line.iter().any(|hint| hint.key == "?" && hint.label.is_empty());
    assert!(bare(&hints(80)) && !bare(&hints(400)));
    // At 80 columns a reviewer of a bill with findings sees what the bill would be otherwise.
    let review = |action| {
        use Action as A;
        let has =
            [A::Approve, A::Return, A::Visit, A::Materials, A::Timeline, A::Print, A::Reject, A::Withdraw];
        has.contains(&action) || action == A::Compare
    };
    let line = key_line(Context::Page, 80, review);
    assert!(line.iter().any(|hint| hint.label == Action::Compare.label()), "{line:?}");
    assert!(bare(&line), "{line:?}");
}

#[test]
fn the_key_line_shortens_but_keeps_its_ends() {
    for context in CONTEXTS {
        for cells in [40, 80, 120] {
            let line = key_line(context, cells, |_| true);
            let room: usize = line.iter().map(Hint::cells).sum();
            assert!(room <= usize::from(cells) + 1, "{context:?} {cells}: {room}");
            assert_eq!(line.first().map(|h| h.key.as_str()), Some("F1"));
            assert_eq!(line.last().map(|h| h.key.as_str()), Some("Esc"));
        }
    }
}
