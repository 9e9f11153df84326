//! The one registry of keys: named actions, the keys that call them in each context, and what is derived from it: key
//! line, help page, palette, key card. Labels come from `text`. Knows keys and names; must not know what an action does.

mod codes;

pub use codes::{FormCode, Screen};

use crate::tui::key::{Code, Key};
use crate::tui::text;
use crate::tui::widgets::cells::{clip, width};

/// A named action. Screens match on it; adding one means a label, a line of help and a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// One line about the field; again: the article's text.
    Help,
    /// The page of all keys here.
    Keys,
    /// The palette of actions and screens.
    Palette,
    /// Ask for a screen code and go there.
    Jump,
    /// Ask for a field number and go there.
    JumpField,
    /// Filter the list.
    Filter,
    /// One level up; loses nothing.
    Back,
    /// Accept and go on: next field, open the row, take the choice.
    Accept,
    /// Next field or row.
    Next,
    /// Previous field or row.
    Previous,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The first field or row.
    First,
    /// The last field or row.
    Last,
    /// Copy this field from the previous record.
    CopyField,
    /// Copy all remaining fields from the previous record.
    CopyRest,
    /// Find a person.
    FindPerson,
    /// The pick list of this field.
    Pick,
    /// The materials checklist.
    Materials,
    /// The case's timeline.
    Timeline,
    /// Add a row to the table.
    AddRow,
    /// Put an empty row before this one.
    InsertRow,
    /// Remove the row of the table.
    RemoveRow,
    /// The review page of what was entered.
    Review,
    /// Submit, accept, confirm: the one explicit key.
    Submit,
    /// The settlement beside what it would be otherwise.
    Compare,
    /// Preview and print.
    Print,
    /// Print only the values, on pre-printed stock, or the whole form again.
    Stock,
    /// Choose the printer.
    Printer,
    /// Set the three numbers of this printer and form.
    Calibrate,
    /// Print the test card.
    Card,
    /// Print all papers of the chosen row's village.
    Village,
    /// Approve the marked or chosen case.
    Approve,
    /// Return the marked or chosen case for supplement.
    Return,
    /// Close the case without effect (退件).
    Reject,
    /// Ask for the reversal of an effective case (冲正).
    Reverse,
    /// Open what stands behind the chosen finding.
    Visit,
    /// Answer a finding: looked at, nothing stands in the way.
    Clear,
    /// Answer a finding: the doubt holds.
    Sustain,
    /// Show numbers in full; recorded.
    Unmask,
    /// Exchange with the city now.
    Send,
    /// Note an outage, or its end.
    Outage,
    /// Write parcels for other stations to a folder.
    Export,
    /// Take in parcels of other stations from a folder.
    TakeIn,
    /// Make a payment list of the marked cases.
    MakeList,
    /// Write the bank's file.
    BankFile,
    /// Take in the bank's answer.
    BankAnswer,
    /// Print who has not paid.
    CallList,
    /// Ask for another bank account of a settled case.
    Account,
    /// Begin the form of this screen for the person in focus.
    Begin(Screen),
    /// Undo in the form.
    Undo,
    /// Let a doubt pass with a reason.
    Explain,
    /// Refuse to accept the case (不予受理), with reason and article.
    Refuse,
    /// Throw the draft away.
    Discard,
    /// Fill the table from a file.
    Import,
    /// Take back an operation that is not yet effective.
    Withdraw,
    /// Answer yes.
    Yes,
    /// Answer no.
    No,
    /// Paint the screen anew.
    Repaint,
    /// Measure the terminal anew.
    Probe,
    /// Lock this terminal.
    Lock,
}

impl Action {
    /// The short Chinese name, as on the key line.
    pub fn label(self) -> &'static str {
        text::action(self).0
    }

    /// One Chinese line of help.
    pub fn doc(self) -> &'static str {
        text::action(self).1
    }
}

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Anywhere, unless the context says otherwise.
    Global,
    /// A form with fields.
    Form,
    /// A list of rows, perhaps with a filter or prefix field.
    List,
    /// A page to read: review page, timeline, preview.
    Page,
    /// The card of a person.
    Person,
    /// The list of the exchange with the city.
    Exchange,
    /// The list of what goes to other stations and comes from them.
    Parcels,
    /// The list of what is to be paid.
    Payments,
    /// The list of payment lists.
    PaymentLists,
    /// One payment list.
    PaymentList,
    /// The list of deductions.
    Deductions,
    /// A pick list or the palette.
    Picker,
    /// A text laid over the screen.
    Reader,
    /// A question on the message line.
    Confirm,
    /// Text of several lines.
    TextArea,
    /// The sign-in and lock screens.
    SignIn,
}

/// What the focus is on: decides which characters may be commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// No field: any character may be a command.
    #[default]
    None,
    /// A field with nothing in it: `=` `^` `/` `?` are commands, letters and digits are text.
    EmptyField,
    /// A field with text: no character is a command.
    Field,
    /// A field of digits, empty: as [`Focus::EmptyField`], and `+` accepts.
    EmptyNumber,
    /// A field of digits with something in it: `=` and `^` are never part of it, `+` accepts.
    Number,
}

impl Focus {
    fn lets(self, c: char) -> bool {
        match self {
            Self::None => true,
            Self::EmptyField => matches!(c, '=' | '^' | '/' | '?'),
            Self::Field => false,
            Self::EmptyNumber => matches!(c, '=' | '^' | '/' | '?' | '+'),
            Self::Number => matches!(c, '=' | '^' | '+'),
        }
    }
}

/// One line of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// The keys; the first one is shown.
    pub keys: &'static [Key],
    /// What.
    pub action: Action,
    /// Shown on the key line, in this order.
    pub shown: bool,
}

const fn shown(context: Context, action: Action, keys: &'static [Key]) -> Binding {
    Binding { context, keys, action, shown: true }
}

const fn quiet(context: Context, action: Action, keys: &'static [Key]) -> Binding {
    Binding { context, keys, action, shown: false }
}

const ENTER: Key = Key::plain(Code::Enter);
const UP: Key = Key::plain(Code::Up);
const DOWN: Key = Key::plain(Code::Down);
const TAB: Key = Key::plain(Code::Tab);
const BACK_TAB: Key = Key::plain(Code::BackTab);
const PAGE_UP: Key = Key::plain(Code::PageUp);
const PAGE_DOWN: Key = Key::plain(Code::PageDown);
const HOME: Key = Key::plain(Code::Home);
const END: Key = Key::plain(Code::End);

/// The registry. Within a context the order is the order of the key line.
pub const BINDINGS: &[Binding] = &[
    shown(Context::Global, Action::Help, &[Key::f(1)]),
    quiet(Context::Global, Action::Keys, &[Key::char('?'), Key::ctrl('g')]),
    quiet(Context::Global, Action::Palette, &[Key::ctrl('p')]),
    quiet(Context::Global, Action::Jump, &[Key::char('=')]),
    quiet(Context::Global, Action::FindPerson, &[Key::f(3)]),
    quiet(Context::Global, Action::Lock, &[Key::ctrl('x')]),
    quiet(Context::Global, Action::Repaint, &[Key::ctrl('l')]),
    quiet(Context::Global, Action::Probe, &[Key::f(12)]),
    shown(Context::Global, Action::Back, &[Key::plain(Code::Esc)]),
    // Form
    shown(Context::Form, Action::Explain, &[Key::ctrl('o'), Key::f(10)]),
    shown(Context::Form, Action::CopyField, &[Key::f(2)]),
    quiet(Context::Form, Action::CopyRest, &[Key::shift_f(2), Key::ctrl('d')]),
    shown(Context::Form, Action::Pick, &[Key::f(4)]),
    shown(Context::Form, Action::Materials, &[Key::f(5)]),
    shown(Context::Form, Action::AddRow, &[Key::f(7)]),
    quiet(Context::Form, Action::InsertRow, &[Key::plain(Code::Insert), Key::ctrl('f')]),
    quiet(Context::Form, Action::RemoveRow, &[Key::shift_f(7), Key::ctrl('y')]),
    shown(Context::Form, Action::Review, &[Key::f(8)]),
    shown(Context::Form, Action::Submit, &[Key::f(9)]),
    shown(Context::Form, Action::Print, &[Key::f(6)]),
    quiet(Context::Form, Action::Undo, &[Key::ctrl('z')]),
    quiet(Context::Form, Action::Refuse, &[Key::ctrl('r')]),
    quiet(Context::Form, Action::Discard, &[Key::ctrl('t')]),
    shown(Context::Form, Action::Import, &[Key::ctrl('b')]),
    quiet(Context::Form, Action::JumpField, &[Key::char('^'), Key::ctrl('n')]),
    quiet(Context::Form, Action::Accept, &[ENTER, Key::char('+')]),
    quiet(Context::Form, Action::Next, &[TAB, DOWN]),
    quiet(Context::Form, Action::Previous, &[BACK_TAB, UP]),
    quiet(Context::Form, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Form, Action::PageUp, &[PAGE_UP]),
    // List
    shown(Context::List, Action::Accept, &[ENTER]),
    shown(Context::List, Action::Filter, &[Key::char('/'), Key::ctrl('f')]),
    shown(Context::List, Action::Submit, &[Key::f(9)]),
    shown(Context::List, Action::Outage, &[Key::f(8)]),
    shown(Context::List, Action::Print, &[Key::f(6)]),
    shown(Context::List, Action::FindPerson, &[Key::f(3)]),
    shown(Context::List, Action::Lock, &[Key::ctrl('x')]),
    quiet(Context::List, Action::Pick, &[Key::f(4)]),
    quiet(Context::List, Action::Timeline, &[Key::f(5)]),
    shown(Context::List, Action::Village, &[Key::char('V'), Key::char('v')]),
    quiet(Context::List, Action::Withdraw, &[Key::char('U'), Key::char('u')]),
    quiet(Context::List, Action::Next, &[DOWN, TAB]),
    quiet(Context::List, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::List, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::List, Action::PageUp, &[PAGE_UP]),
    quiet(Context::List, Action::First, &[HOME]),
    quiet(Context::List, Action::Last, &[END]),
    // Page
    shown(Context::Page, Action::Approve, &[Key::f(9), Key::char('A'), Key::char('a')]),
    shown(Context::Page, Action::Return, &[Key::f(8), Key::char('T'), Key::char('t')]),
    shown(Context::Page, Action::Visit, &[Key::char('V'), Key::char('v')]),
    shown(Context::Page, Action::Clear, &[Key::char('E'), Key::char('e')]),
    shown(Context::Page, Action::Sustain, &[Key::char('S'), Key::char('s')]),
    shown(Context::Page, Action::Materials, &[Key::f(5)]),
    shown(Context::Page, Action::Timeline, &[Key::f(7)]),
    shown(Context::Page, Action::Print, &[Key::f(6), Key::char('P'), Key::char('p')]),
    shown(Context::Page, Action::Pick, &[Key::f(4)]),
    shown(Context::Page, Action::Stock, &[Key::char('O'), Key::char('o')]),
    shown(Context::Page, Action::Printer, &[Key::char('Q'), Key::char('q')]),
    shown(Context::Page, Action::Calibrate, &[Key::char('K'), Key::char('k')]),
    shown(Context::Page, Action::Card, &[Key::char('R'), Key::char('r')]),
    shown(Context::Page, Action::Reject, &[Key::char('J'), Key::char('j'), Key::shift_f(8)]),
    shown(Context::Page, Action::Compare, &[Key::char('B'), Key::char('b')]),
    shown(Context::Page, Action::Reverse, &[Key::char('C'), Key::char('c')]),
    shown(Context::Page, Action::Account, &[Key::char('Z'), Key::char('z')]),
    // What a reviewer does least stands last: where the line is short it falls off first.
    shown(Context::Page, Action::Withdraw, &[Key::char('U'), Key::char('u')]),
    quiet(Context::Page, Action::Accept, &[ENTER]),
    quiet(Context::Page, Action::Next, &[DOWN, TAB]),
    quiet(Context::Page, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Page, Action::PageDown, &[PAGE_DOWN, Key::char(' ')]),
    quiet(Context::Page, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Page, Action::First, &[HOME]),
    quiet(Context::Page, Action::Last, &[END]),
    // Person
    shown(Context::Person, Action::Begin(Screen::Enrolment), &[Key::char('1')]),
    shown(Context::Person, Action::Begin(Screen::Change), &[Key::char('2')]),
    shown(Context::Person, Action::Begin(Screen::Cancellation), &[Key::char('3')]),
    shown(Context::Person, Action::Begin(Screen::Transfer), &[Key::char('4')]),
    shown(Context::Person, Action::Begin(Screen::Reimbursement), &[Key::char('5')]),
    shown(Context::Person, Action::Pick, &[Key::f(4)]),
    shown(Context::Person, Action::Unmask, &[Key::f(5), Key::char('M'), Key::char('m')]),
    shown(Context::Person, Action::Print, &[Key::f(6), Key::char('P'), Key::char('p')]),
    shown(Context::Person, Action::Accept, &[ENTER]),
    quiet(Context::Person, Action::Next, &[DOWN, TAB]),
    quiet(Context::Person, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Person, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Person, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Person, Action::First, &[HOME]),
    quiet(Context::Person, Action::Last, &[END]),
    // Exchange
    shown(Context::Exchange, Action::Send, &[Key::f(9)]),
    shown(Context::Exchange, Action::Accept, &[ENTER]),
    shown(Context::Exchange, Action::Filter, &[Key::char('/'), Key::ctrl('f')]),
    quiet(Context::Exchange, Action::Timeline, &[Key::f(5)]),
    quiet(Context::Exchange, Action::Next, &[DOWN, TAB]),
    quiet(Context::Exchange, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Exchange, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Exchange, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Exchange, Action::First, &[HOME]),
    quiet(Context::Exchange, Action::Last, &[END]),
    // Parcels
    shown(Context::Parcels, Action::Export, &[Key::f(9)]),
    shown(Context::Parcels, Action::TakeIn, &[Key::f(7)]),
    shown(Context::Parcels, Action::Accept, &[ENTER]),
    quiet(Context::Parcels, Action::Timeline, &[Key::f(5)]),
    quiet(Context::Parcels, Action::Next, &[DOWN, TAB]),
    quiet(Context::Parcels, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Parcels, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Parcels, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Parcels, Action::First, &[HOME]),
    quiet(Context::Parcels, Action::Last, &[END]),
    // Payments
    shown(Context::Payments, Action::MakeList, &[Key::f(9)]),
    shown(Context::Payments, Action::Accept, &[ENTER]),
    shown(Context::Payments, Action::Filter, &[Key::char('/'), Key::ctrl('f')]),
    quiet(Context::Payments, Action::Timeline, &[Key::f(5)]),
    quiet(Context::Payments, Action::Next, &[DOWN, TAB]),
    quiet(Context::Payments, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Payments, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Payments, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Payments, Action::First, &[HOME]),
    quiet(Context::Payments, Action::Last, &[END]),
    // Payment lists
    shown(Context::PaymentLists, Action::Accept, &[ENTER]),
    shown(Context::PaymentLists, Action::BankAnswer, &[Key::f(7)]),
    shown(Context::PaymentLists, Action::Filter, &[Key::char('/'), Key::ctrl('f')]),
    quiet(Context::PaymentLists, Action::Next, &[DOWN, TAB]),
    quiet(Context::PaymentLists, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::PaymentLists, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::PaymentLists, Action::PageUp, &[PAGE_UP]),
    quiet(Context::PaymentLists, Action::First, &[HOME]),
    quiet(Context::PaymentLists, Action::Last, &[END]),
    // One payment list
    shown(Context::PaymentList, Action::Approve, &[Key::f(9), Key::char('A'), Key::char('a')]),
    shown(Context::PaymentList, Action::Return, &[Key::f(8), Key::char('T'), Key::char('t')]),
    shown(Context::PaymentList, Action::BankFile, &[Key::f(4), Key::char('E'), Key::char('e')]),
    shown(Context::PaymentList, Action::BankAnswer, &[Key::f(7)]),
    shown(Context::PaymentList, Action::Print, &[Key::f(6), Key::char('P'), Key::char('p')]),
    quiet(Context::PaymentList, Action::Next, &[DOWN, TAB]),
    quiet(Context::PaymentList, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::PaymentList, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::PaymentList, Action::PageUp, &[PAGE_UP]),
    quiet(Context::PaymentList, Action::First, &[HOME]),
    quiet(Context::PaymentList, Action::Last, &[END]),
    // Deductions
    shown(Context::Deductions, Action::BankFile, &[Key::f(9)]),
    shown(Context::Deductions, Action::BankAnswer, &[Key::f(7)]),
    shown(Context::Deductions, Action::CallList, &[Key::f(6)]),
    quiet(Context::Deductions, Action::Next, &[DOWN, TAB]),
    quiet(Context::Deductions, Action::Previous, &[UP, BACK_TAB]),
    quiet(Context::Deductions, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Deductions, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Deductions, Action::First, &[HOME]),
    quiet(Context::Deductions, Action::Last, &[END]),
    // Picker
    shown(Context::Picker, Action::Accept, &[ENTER]),
    quiet(Context::Picker, Action::Next, &[DOWN, TAB]),
    quiet(Context::Picker, Action::Previous, &[UP, BACK_TAB]),
    shown(Context::Picker, Action::PageDown, &[PAGE_DOWN]),
    quiet(Context::Picker, Action::PageUp, &[PAGE_UP]),
    // Reader
    shown(Context::Reader, Action::PageDown, &[PAGE_DOWN, Key::char(' ')]),
    shown(Context::Reader, Action::PageUp, &[PAGE_UP]),
    quiet(Context::Reader, Action::Next, &[DOWN]),
    quiet(Context::Reader, Action::Previous, &[UP]),
    quiet(Context::Reader, Action::Accept, &[ENTER]),
    // Confirm
    shown(Context::Confirm, Action::Accept, &[ENTER]),
    shown(Context::Confirm, Action::Yes, &[Key::char('Y'), Key::char('y')]),
    shown(Context::Confirm, Action::No, &[Key::char('N'), Key::char('n')]),
    quiet(Context::Confirm, Action::Pick, &[Key::f(4)]),
    // TextArea
    shown(Context::TextArea, Action::Submit, &[Key::f(9)]),
    quiet(Context::TextArea, Action::Undo, &[Key::ctrl('z')]),
    quiet(Context::TextArea, Action::Next, &[TAB]),
    quiet(Context::TextArea, Action::Previous, &[BACK_TAB]),
    // SignIn
    shown(Context::SignIn, Action::Accept, &[ENTER]),
    shown(Context::SignIn, Action::Next, &[TAB, DOWN]),
    quiet(Context::SignIn, Action::Previous, &[BACK_TAB, UP]),
];

/// The action of a key: the context's own bindings first, then the global ones. Full-width characters count as their
/// ASCII keys; a character is a command only where the focus lets it be one.
pub fn action(context: Context, key: Key, focus: Focus) -> Option<Action> {
    let key = key.as_command();
    if let Key { code: Code::Char(c), ctrl: false, .. } = key
        && !focus.lets(c)
    {
        return None;
    }
    let in_context = |wanted: Context| {
        BINDINGS.iter().find(|b| b.context == wanted && b.keys.contains(&key)).map(|b| b.action)
    };
    in_context(context).or_else(|| in_context(Context::Global))
}

/// The bindings that hold in a context: its own, then the global ones it does not hide.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    let own = BINDINGS.iter().filter(move |b| b.context == context);
    let global = BINDINGS.iter().filter(move |b| {
        context != Context::Global
            && b.context == Context::Global
            && !BINDINGS.iter().any(|o| o.context == context && o.action == b.action)
    });
    own.chain(global)
}

/// One hint of the key line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The key as written.
    pub key: String,
    /// The action's label.
    pub label: &'static str,
}

/// The key line of a context within `cells`: help first, the way back last, in between what fits, and the bare key of the
/// page of all keys where something did not fit. `only` drops hints of actions that this screen does not have just now.
pub fn key_line(context: Context, cells: u16, only: impl Fn(Action) -> bool) -> Vec<Hint> {
    let hint = |b: &Binding| Hint {
        key: b.keys.first().map(ToString::to_string).unwrap_or_default(),
        label: b.action.label(),
    };
    let find = |action| bindings(context).find(|b| b.action == action).map(hint);
    let (help, back) = (find(Action::Help), find(Action::Back));
    let more = find(Action::Keys).map(|keys| Hint { label: "", ..keys });
    let fixed = |action: Action| matches!(action, Action::Help | Action::Back);
    let shown = bindings(context).filter(|b| b.shown && !fixed(b.action) && only(b.action));
    let mut middle: Vec<Hint> = shown.map(hint).collect();
    let room = |hints: &[Hint]| hints.iter().map(Hint::cells).sum::<usize>();
    // The last hint needs no cell behind it.
    let ends: Vec<Hint> = help.iter().chain(&back).cloned().collect();
    let left = (usize::from(cells) + 1).saturating_sub(room(&ends));
    if room(&middle) > left {
        let left = left.saturating_sub(more.as_ref().map_or(0, Hint::cells));
        while room(&middle) > left {
            middle.pop();
        }
        middle.extend(more);
    }
    help.into_iter().chain(middle).chain(back).collect()
}

impl Hint {
    /// Cells on the key line with the blank behind it.
    pub fn cells(&self) -> usize {
        let label = if self.label.is_empty() { 0 } else { width(self.label) + 1 };
        width(&self.key) + 1 + label
    }
}

/// The lines of the `?` page of a context: keys, label, what it does.
pub fn help_page(context: Context) -> Vec<String> {
    let mut lines: Vec<String> = bindings(context)
        .map(|b| {
            let keys: Vec<String> = b.keys.iter().map(ToString::to_string).collect();
            format!(
                "{} {} {}",
                clip(&keys.join(" "), 18, true),
                clip(b.action.label(), 10, true),
                b.action.doc()
            )
        })
        .collect();
    lines.push(String::new());
    lines.push(text::HELP_CODES.to_owned());
    lines.extend(Screen::ALL.iter().map(|s| format!("  ={} {}", clip(s.code(), 4, true), s.label())));
    lines
}

/// What a line of the palette does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteTarget {
    /// Go to a screen.
    Screen(Screen),
    /// Begin the form with this code.
    Form(FormCode),
    /// Do an action here.
    Action(Action),
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteEntry {
    /// Screen code, or the first key.
    pub code: String,
    /// The Chinese name.
    pub label: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// The target.
    pub target: PaletteTarget,
}

/// The palette of a context: all screens, then all actions that hold here.
pub fn palette(context: Context) -> Vec<PaletteEntry> {
    let screens = Screen::ALL.into_iter().map(|screen| PaletteEntry {
        code: screen.code().to_owned(),
        label: screen.label(),
        doc: text::PALETTE_SCREEN,
        target: PaletteTarget::Screen(screen),
    });
    let actions = bindings(context).filter(|b| b.action != Action::Palette).map(|b| PaletteEntry {
        code: b.keys.first().map(ToString::to_string).unwrap_or_default(),
        label: b.action.label(),
        doc: b.action.doc(),
        target: PaletteTarget::Action(b.action),
    });
    screens.chain(actions).collect()
}

#[cfg(test)]
mod tests;
