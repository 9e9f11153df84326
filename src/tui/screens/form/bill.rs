//! A bill by keyboard: an item is looked up while it is typed, Enter goes on line by line, the sums stand below. Knows
//! the use cases of bills; must not know which item is in which class.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use xiangbao_core::catalogue::Item;
use xiangbao_core::form::{self, FieldPath, Row};
use xiangbao_core::money::Fen;

use super::FormScreen;
use super::ask::{Deed, Question};
use crate::app::{AppError, BillMatch, BillPreview, BillRemark};
use crate::tui::key::Key;
use crate::tui::look::Look;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{clip, put};
use crate::tui::widgets::form::Kind as Typed;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::reader::Reader;

/// Items that a list shows.
const ITEMS: usize = 60;
/// Cells of a name and its package in the list.
const ITEM_CELLS: usize = 34;
/// Rows of the sums.
const FOOT: u16 = 2;
/// Remarks of one sort that a preview lists.
const SHOWN: usize = 200;

impl FormScreen {
    /// Rows below the fields that the sums take.
    pub(super) fn foot_rows(&self) -> u16 {
        if self.sums.is_some() { FOOT } else { 0 }
    }

    /// Draws the sums in the last rows of the body.
    pub(super) fn view_sums(&self, buf: &mut Buffer, body: Rect, look: &Look) {
        let Some(sums) = &self.sums else { return };
        let y = body.bottom().saturating_sub(FOOT);
        let mut x = body.x + 1;
        let mut say = |words: &str, role: Role| {
            let room = body.right().saturating_sub(x);
            x = put(buf, x, y, words, room, look.theme.style(role), look) + 1;
        };
        say(&text::bill_lines(sums.lines, &sums.total.to_grouped()), Role::Heading);
        if sums.open > 0 {
            say(&text::bill_open(sums.open), Role::Warning);
        }
        let difference = sums.difference();
        if sums.control == Fen::ZERO {
            say(text::BILL_NO_CONTROL, Role::Muted);
        } else {
            say(&text::bill_control(&sums.control.to_grouped(), &difference.to_grouped()), Role::Text);
            let even = difference == Fen::ZERO;
            say(
                if even { text::BILL_EVEN } else { text::BILL_UNEVEN },
                if even { Role::Good } else { Role::Warning },
            );
        }
        say(&text::bill_over(&sums.over_limit.to_grouped()), Role::Text);
        let parts = text::BILL_CLASSES.iter().zip(sums.classes).map(|(label, sum)| (*label, sum));
        let parts = parts.chain([(text::BILL_FIRST, sums.first_paid), (text::BILL_SCOPE, sums.in_scope)]);
        let line: Vec<String> = parts.map(|(label, sum)| text::bill_part(label, &sum.to_grouped())).collect();
        let room = body.width.saturating_sub(1);
        put(buf, body.x + 1, y + 1, &line.join(" "), room, look.theme.style(Role::Text), look);
    }

    /// Whether a field stands in a table whose lines are typed one after the other.
    pub(super) fn in_bill(&self, id: &str, room: Room<'_>) -> bool {
        let Ok(path) = id.parse::<FieldPath>() else { return false };
        let Some((table, _)) = path.row else { return false };
        let def = room.station.form_of_draft(&self.draft).ok();
        let spec = def.and_then(|def| def.table(&table)).and_then(|section| section.table.as_ref());
        spec.is_some_and(|table| table.grid)
    }

    /// Enter in an item: one that is meant goes into the line, of several a list opens; anything else is the list's own
    /// word and stays as it was typed.
    pub(super) fn look_up(&mut self, room: Room<'_>) -> Option<Step> {
        if !self.here.search {
            return None;
        }
        let path = self.path_here()?;
        let typed = self.form.focused()?.value().trim().to_owned();
        if typed.is_empty() || typed == self.draft.data.get(&path) {
            return None;
        }
        match room.station.bill_match(&self.draft, &path, &typed) {
            BillMatch::None => None,
            BillMatch::One(code) => Some(self.take_item(&path, &code, room)),
            BillMatch::Several => Some(self.open_items(text::BILL_ITEMS, path, &typed, room)),
        }
    }

    /// What there is to say of an item that no catalogue knows.
    pub(super) fn unknown_item(&self, id: &str, room: Room<'_>) -> Option<Message> {
        let path: FieldPath = id.parse().ok()?;
        let field = room.station.form_of_draft(&self.draft).ok()?.field(&path)?;
        let (table, row) = path.row.as_ref()?;
        let value = self.draft.data.get(&path);
        let known = self.draft.data.rows(table).get(*row)?.contains_key("med_list_codg");
        let unknown = field.search.is_some() && !known && !value.is_empty();
        unknown.then(|| Message::plain(text::bill_unknown(value)))
    }

    /// The list of items, found by what was typed.
    pub(super) fn open_items(&mut self, title: &str, path: FieldPath, typed: &str, room: Room<'_>) -> Step {
        let mut pick = Pick::fed(title, typed);
        self.feed(&mut pick, &path, room);
        self.keep_open(Question::Item(pick, path))
    }

    fn feed(&self, pick: &mut Pick, path: &FieldPath, room: Room<'_>) {
        let items = room.station.bill_items(&self.draft, path, pick.filter(), ITEMS);
        pick.feed(items.into_iter().map(choice).collect());
    }

    /// A key for the list of items. Esc leaves what was typed: the list's own word for something no catalogue has.
    pub(super) fn item_key(&mut self, key: Key, mut pick: Pick, path: FieldPath, room: Room<'_>) -> Step {
        let before = pick.filter().to_owned();
        match pick.key(key) {
            PickEvent::Cancelled => Step::Changed,
            PickEvent::Chosen(index) => {
                let code = pick.choices().get(index).map(|choice| choice.code.clone()).unwrap_or_default();
                self.take_item(&path, &code, room)
            }
            PickEvent::Open => {
                if pick.filter() != before {
                    self.feed(&mut pick, &path, room);
                }
                self.keep_open(Question::Item(pick, path))
            }
        }
    }

    /// A block pasted into the filter of the items.
    pub(super) fn paste_item(&mut self, block: &str, room: Room<'_>) -> Step {
        let Some(Question::Item(mut pick, path)) = self.question.take() else { return Step::Still };
        pick.paste(block);
        self.feed(&mut pick, &path, room);
        self.keep_open(Question::Item(pick, path))
    }

    /// Puts an item into its line, and goes on to what is still to be typed.
    fn take_item(&mut self, path: &FieldPath, code: &str, room: Room<'_>) -> Step {
        self.remember();
        let id = path.to_string();
        if let Some((table, row)) = &path.row {
            let at = format!("@{table}.{row}.");
            self.draft.answers.retain(|key, _| !key.contains(&at));
        }
        let taken = room.station.take_item(&mut self.draft, path, code);
        self.unsaved = taken.is_err();
        if let Err(error) = taken.map(|_| ()).and(self.rebuild(room)) {
            return Step::failed(&error);
        }
        let said = self.item_words(path, room).map(Message::plain);
        self.go_on_in_bill(&id, said, room)
    }

    fn item_words(&self, path: &FieldPath, room: Room<'_>) -> Option<String> {
        let (table, row) = path.row.as_ref()?;
        let code = self.draft.data.rows(table).get(*row)?.get("med_list_codg")?;
        let items = room.station.bill_items(&self.draft, path, code, 1);
        let item = items.first().filter(|item| item.code == *code)?;
        let class = text::BILL_CLASSES.get(place(item))?;
        Some(text::bill_taken(&item.label(), class, &item.unit, &item.limit, item.source.contains(SAMPLE)))
    }

    /// The focus goes on as a bill is typed: over what the line has already, to the next line, from the last one to a new
    /// one, and out of an empty one to what stands below the bill.
    pub(super) fn go_on_in_bill(&mut self, from: &str, said: Option<Message>, room: Room<'_>) -> Step {
        let Ok(path) = from.parse::<FieldPath>() else { return Step::Changed };
        let Some((table, row)) = path.row.clone() else { return Step::Changed };
        let begins = format!("{table}.{row}.");
        let rows = self.draft.data.rows(&table).len();
        let empty = self.draft.data.rows(&table).get(row).is_none_or(Row::is_empty);
        let last = row + 1 >= rows;
        if empty && last {
            return self.end_bill(&table, row, room);
        }
        let next = self.next_to_type(from, &begins, room);
        let step = match next {
            Some(index) if !empty => {
                let _ = self.form.go_to(index);
                Step::Changed
            }
            _ if !last => {
                self.go_to_line(&table, row + 1);
                Step::Changed
            }
            // What stands against the line is said before a new one covers it.
            _ => self.put_row(None, Row::new(), room),
        };
        self.look_here(room);
        let leaves =
            self.path_here().and_then(|path| path.row).is_none_or(|(t, r)| (t, r) != (table.clone(), row));
        let remark = || if leaves { self.line_remark(&table, row) } else { self.remark_here() };
        match (said, step) {
            (_, Step::Say(message)) => Step::Say(message),
            (Some(message), _) => Step::Say(message),
            (None, step) => remark().map_or(step, Step::Say),
        }
    }

    /// The field after `from` in its line that Enter does not pass over.
    fn next_to_type(&self, from: &str, begins: &str, room: Room<'_>) -> Option<usize> {
        let at = self.form.index_of(from)?;
        let def = room.station.form_of_draft(&self.draft).ok()?;
        let context = room.station.eval_context();
        let mut fields = self.form.fields().iter().enumerate().skip(at + 1);
        let stops = |id: &str| {
            let path: Option<FieldPath> = id.parse().ok();
            path.is_some_and(|path| !form::passed(def, &self.draft.data, &path, &context))
        };
        fields
            .find(|(_, field)| {
                !field.id.starts_with(begins) || (field.kind != Typed::ReadOnly && stops(&field.id))
            })
            .filter(|(_, field)| field.id.starts_with(begins))
            .map(|(index, _)| index)
    }

    fn go_to_line(&mut self, table: &str, row: usize) {
        let begins = format!("{table}.{row}.");
        let fields = self.form.fields();
        let first = fields.iter().position(|f| f.id.starts_with(&begins) && f.kind != Typed::ReadOnly);
        if let Some(first) = first {
            let _ = self.form.go_to(first);
        }
    }

    /// Enter in an empty last line: the bill is done; the line goes, unless it is the only one.
    fn end_bill(&mut self, table: &str, row: usize, room: Room<'_>) -> Step {
        let begins = format!("{table}.");
        let after = self.form.fields().iter().rposition(|field| field.id.starts_with(&begins));
        let next = after.and_then(|after| {
            let fields = self.form.fields().iter().skip(after + 1);
            fields.into_iter().find(|field| field.kind != Typed::ReadOnly).map(|field| field.id.clone())
        });
        if row > 0 {
            self.remember();
            let removed = room.station.remove_row(&mut self.draft, table, row);
            self.unsaved = removed.is_err();
            if let Err(error) = removed.and(self.rebuild(room)) {
                return Step::failed(&error);
            }
        }
        match next {
            Some(id) => {
                self.go_to_path(&id);
                self.look_here(room);
                self.remark_here().map_or(Step::Changed, Step::Say)
            }
            None => self.open_check(room),
        }
    }

    /// The worst of what stands against a line.
    fn line_remark(&self, table: &str, row: usize) -> Option<Message> {
        let here = |finding: &&form::Finding| {
            finding.path.row.as_ref().is_some_and(|(t, index)| t == table && *index == row)
        };
        let worst = self.findings.iter().filter(here).min_by_key(|finding| finding.severity)?;
        self.remark_at(&worst.path.clone())
    }

    /// Shift-F2 in a bill: an empty line becomes the one above it, a filled one is repeated below itself.
    pub(super) fn repeat_line(&mut self, path: &FieldPath, room: Room<'_>) -> Step {
        if let Some(message) = self.save_here(room).filter(|_| self.unsaved) {
            return Step::Say(message);
        }
        let Some((table, row)) = path.row.clone() else { return Step::Still };
        let line =
            |index: usize| self.draft.data.rows(&table).get(index).filter(|row| !row.is_empty()).cloned();
        let (source, at) = match (line(row), row.checked_sub(1).and_then(line)) {
            (Some(own), _) => (own, row + 1),
            (None, Some(above)) => (above, row),
            (None, None) => return Step::Say(Message::plain(text::BILL_NOTHING_ABOVE)),
        };
        let emptied = line(row).is_none();
        if emptied {
            self.remember();
            if let Err(error) = room.station.remove_row(&mut self.draft, &table, row) {
                return Step::failed(&error);
            }
            self.history.pop();
        }
        let step = self.put_row(Some(at), source, room);
        match step {
            Step::Say(message) if message.role == Role::Error => Step::Say(message),
            _ => Step::Say(Message::plain(text::bill_repeated(at + 1))),
        }
    }

    /// Insert: an empty line before this one.
    pub(super) fn insert_row(&mut self, room: Room<'_>) -> Step {
        match self.path_here().and_then(|path| path.row) {
            Some((_, row)) => self.add_row(Some(row), room),
            None => self.add_row(None, room),
        }
    }

    /// A block with titles is a hospital's list: it is shown before it is taken.
    pub(super) fn paste_list(&mut self, block: &str, table: &str, room: Room<'_>) -> Option<Step> {
        if self.sums.is_none() || !self.in_bill(&format!("{table}.0.x"), room) {
            return None;
        }
        let preview = room.station.preview_bill(room.actor, &self.draft, block.as_bytes(), "").ok()?;
        Some(self.show_preview(preview))
    }

    /// Reads a hospital's list and shows what it would put into the bill.
    pub(super) fn preview_bill(&mut self, path: &str, room: Room<'_>) -> Step {
        let path = std::path::Path::new(path.trim());
        match room.station.preview_bill_file(room.actor, &self.draft, path) {
            Ok(preview) => self.show_preview(preview),
            Err(error) => Step::failed(&error),
        }
    }

    fn show_preview(&mut self, preview: BillPreview) -> Step {
        let title = if preview.whole() { text::BILL_PREVIEW } else { text::BILL_REFUSED };
        let reader = Reader::new(title, &preview_lines(&preview).join("\n"));
        self.keep_open(Question::Bill(reader, Box::new(preview)))
    }

    /// After the preview was read: take it?
    pub(super) fn ask_take_bill(&mut self, preview: Box<BillPreview>) -> Step {
        if !preview.whole() {
            return Step::Changed;
        }
        let question = text::bill_take(preview.rows.len(), &preview.sum.to_grouped());
        self.keep_open(Question::sure(&question, Deed::TakeBill(preview)))
    }

    /// The lines go into the form.
    pub(super) fn take_bill(&mut self, preview: &BillPreview, room: Room<'_>) -> Step {
        self.remember();
        let taken = room.station.take_bill(&mut self.draft, preview);
        self.unsaved = taken.is_err();
        let shown: Result<(), AppError> = taken.and(self.rebuild(room));
        match shown {
            Ok(()) => {
                self.look_here(room);
                Step::Say(Message::good(text::bill_imported(preview.rows.len())))
            }
            Err(error) => Step::failed(&error),
        }
    }
}

/// Marks rows of the sample catalogue.
const SAMPLE: &str = text::BILL_SAMPLE;

fn place(item: &Item) -> usize {
    item.class.trim_start_matches('0').parse::<usize>().map_or(usize::MAX, |class| class.wrapping_sub(1))
}

fn choice(item: &Item) -> Choice {
    let class = text::BILL_CLASSES.get(place(item)).copied().unwrap_or_default();
    let share = if item.class == xiangbao_core::catalogue::CLASS_B {
        percent(&item.first_paid)
    } else {
        String::new()
    };
    let name = clip(&item.label(), ITEM_CELLS, true);
    let label = text::bill_item(&name, class, &share, &item.limit, item.source.contains(SAMPLE));
    Choice { code: item.code.clone(), label }
}

/// `0.1500` as `15%`.
fn percent(share: &str) -> String {
    let Some((whole, fraction)) = share.split_once('.') else { return String::new() };
    let digits: String = format!("{whole}{fraction:0<4}");
    let (points, rest) = digits.split_at(digits.len().saturating_sub(2));
    let points = points.trim_start_matches('0');
    let rest = rest.trim_end_matches('0');
    let points = if points.is_empty() { "0" } else { points };
    if rest.is_empty() { format!("{points}%") } else { format!("{points}.{rest}%") }
}

fn preview_lines(preview: &BillPreview) -> Vec<String> {
    if !preview.whole() {
        let mut lines = vec![text::bill_faults(preview.lines, preview.faults.len() + preview.more)];
        lines.extend(preview.faults.iter().take(SHOWN).map(|fault| format!("· {}", fault.line())));
        let hidden = preview.faults.len().saturating_sub(SHOWN) + preview.more;
        lines.extend((hidden > 0).then(|| text::form_import_more(hidden)));
        return lines;
    }
    let mut lines = vec![text::bill_read(preview.lines, preview.rows.len(), &preview.sum.to_grouped())];
    // The list comes behind the lines that are there: together they must come to the invoices.
    let whole = preview.sum.checked_add(preview.before_sum).unwrap_or(preview.sum);
    let left = preview.control.checked_sub(whole).unwrap_or_default();
    lines.push(if preview.control == Fen::ZERO {
        text::BILL_NO_CONTROL.to_owned()
    } else {
        let with = (preview.before > 0).then(|| preview.before_sum.to_grouped());
        text::bill_against(
            &preview.control.to_grouped(),
            with.as_deref(),
            &left.to_grouped(),
            left == Fen::ZERO,
        )
    });
    lines.extend(
        preview
            .totals
            .iter()
            .map(|(row, total)| text::bill_own_total(*row, &total.to_grouped(), *total == preview.sum)),
    );
    let [by_code, by_name] = preview.known;
    lines.push(text::bill_known(by_code, by_name, preview.unknown.len()));
    lines.extend((preview.open > 0).then(|| text::bill_lacking(preview.open)));
    lines.extend((preview.before > 0).then(|| text::bill_before(preview.before)));
    let mut list = |head: &str, remarks: &[BillRemark]| {
        if !remarks.is_empty() {
            lines.push(String::new());
            lines.push(head.to_owned());
            lines.extend(remarks.iter().take(SHOWN).map(|one| text::bill_remark(one.row, &one.text)));
            let hidden = remarks.len().saturating_sub(SHOWN);
            lines.extend((hidden > 0).then(|| text::form_import_more(hidden)));
        }
    };
    list(text::BILL_UNKNOWN, &preview.unknown);
    list(text::BILL_DIFFERING, &preview.differing);
    list(text::BILL_NETTED, &preview.netted);
    if !preview.ignored.is_empty() {
        lines.push(text::bill_ignored(&preview.ignored.join(", ")));
    }
    if !preview.skipped.is_empty() {
        lines.push(text::bill_skipped(&preview.skipped.join(", ")));
    }
    lines
}
