//! Print preview: a document as text, then as PDF, then perhaps at a printer; whole or on pre-printed stock. What is
//! asked on the way stands in `asking.rs`. Knows documents and scrolling; must not know layout or fonts.

mod asking;

use std::cell::{Cell, RefCell};

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::print::{Frames, preview_text};

use asking::Asking;

use crate::app::{AppError, PaperWish, Prepared, Spooling, Wish};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::{Glyphs, Look};
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, width};
use crate::tui::widgets::frame::Message;

/// Widest preview, cells: a wider one is not easier to read.
const WIDEST: u16 = 110;

/// What the paper belongs to.
enum Paper {
    /// A case, its documents (template and title), and which one shows.
    Case { case_id: [u8; 16], number: String, documents: Vec<(String, String)>, at: usize },
    /// A paper about a person, given out when it is printed; with the person's name.
    Person { wish: PaperWish, name: String, issued: bool },
    /// A draft or an empty form: printed without count.
    Loose,
    /// The one-time notice of a draft: once printed, it is what was asked for first.
    Notice([u8; 16]),
}

/// The text of a document for a window.
#[derive(Default)]
struct Sketch {
    columns: usize,
    glyphs: Option<Glyphs>,
    lines: Vec<String>,
}

struct Preview {
    paper: Paper,
    prepared: Prepared,
    sketch: RefCell<Sketch>,
    top: usize,
    rows: Cell<usize>,
    asking: Option<Asking>,
    /// Stock or whole, which printer, who takes a further copy.
    wish: Wish,
    /// The file that is on its way to the printer.
    spooling: Option<Spooling>,
    /// The id of the next print: kept when one fails, so that trying again cannot count twice.
    command: [u8; 16],
}

/// Opens the preview of a case's documents, at `template` or at the one that is wanted most.
///
/// # Errors
/// When the person at the desk may not print it, there is no document, or a text does not fit.
pub fn open(case_id: &[u8; 16], template: Option<&str>, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let case = room.station.snapshot()?.case(case_id)?.ok_or(xiangbao_core::case::Refusal::Unknown)?;
    let documents = room.station.documents_of(&case)?;
    let at = documents.iter().position(|(id, _)| Some(id.as_str()) == template).unwrap_or(0);
    let Some((id, _)) = documents.get(at) else {
        return Err(AppError::Input(text::PREVIEW_NONE.to_owned()));
    };
    let prepared = room.station.prepare_print(room.actor, case_id, id, &Wish::default())?;
    let paper = Paper::Case { case_id: *case_id, number: case.number, documents, at };
    Ok(Box::new(Preview::new(paper, prepared, room)))
}

/// Opens the preview of a paper about a person: F6 gives it out.
///
/// # Errors
/// When the person at the desk may not, or the purpose lacks its backing.
pub fn open_paper(wish: PaperWish, name: &str, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let prepared = room.station.preview_person_paper(room.actor, &wish)?;
    let paper = Paper::Person { wish, name: name.to_owned(), issued: false };
    Ok(Box::new(Preview::new(paper, prepared, room)))
}

/// Opens the preview of a draft or an empty form.
pub fn open_prepared(prepared: Prepared, room: Room<'_>) -> Box<dyn Screen> {
    Box::new(Preview::new(Paper::Loose, prepared, room))
}

/// Opens the preview of the one-time notice of a draft.
pub fn open_notice(case_id: [u8; 16], prepared: Prepared, room: Room<'_>) -> Box<dyn Screen> {
    Box::new(Preview::new(Paper::Notice(case_id), prepared, room))
}

impl Preview {
    fn new(paper: Paper, prepared: Prepared, room: Room<'_>) -> Self {
        Self {
            paper,
            prepared,
            sketch: RefCell::default(),
            top: 0,
            rows: Cell::new(0),
            asking: None,
            wish: Wish::default(),
            spooling: None,
            command: room.station.new_id(),
        }
    }

    /// Lays the document of a case out anew: another one, or the same with its next copy.
    fn show(&mut self, wanted: usize, room: Room<'_>) -> Result<(), AppError> {
        let Paper::Case { case_id, documents, at, .. } = &mut self.paper else { return Ok(()) };
        let Some((id, _)) = documents.get(wanted) else { return Ok(()) };
        self.prepared = room.station.prepare_print(room.actor, case_id, id, &self.wish)?;
        if *at != wanted {
            *at = wanted;
            self.top = 0;
        }
        self.sketch.replace(Sketch::default());
        Ok(())
    }

    /// Lays the same document out anew, after a change of the wish; on a failure the wish goes back.
    fn change(&mut self, wish: Wish, room: Room<'_>) -> Step {
        let Paper::Case { at, .. } = &self.paper else { return Step::Still };
        let at = *at;
        let before = std::mem::replace(&mut self.wish, wish);
        if let Err(error) = self.show(at, room) {
            self.wish = before;
            return Step::failed(&error);
        }
        Step::Changed
    }

    /// The original at once; a further copy after asking who takes it.
    fn print_wanted(&mut self, room: Room<'_>) -> Step {
        if let Paper::Person { issued: true, .. } = self.paper {
            return Step::Say(Message::warning(text::PAPER_AGAIN));
        }
        let Paper::Case { case_id, .. } = &self.paper else { return self.print(room) };
        if self.prepared.copy == 1 {
            return self.print(room);
        }
        match room.station.likely_collector(case_id) {
            Ok(likely) => {
                self.asking = Some(asking::collector(self.prepared.copy, likely));
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// Gives the paper out; the next one is another paper, with a number of its own.
    fn issue(&mut self, room: Room<'_>) -> Step {
        let Paper::Person { wish, issued, .. } = &mut self.paper else { return Step::Still };
        match room.station.issue_person_paper(room.actor, wish, self.command) {
            Err(error) => Step::failed(&error),
            Ok(done) => {
                *issued = true;
                self.command = room.station.new_id();
                let path = done.path.display().to_string();
                Step::Say(Message::good(text::paper_issued(&done.title, &done.paper.number, &path)))
            }
        }
    }

    fn print(&mut self, room: Room<'_>) -> Step {
        if matches!(self.paper, Paper::Person { .. }) {
            return self.issue(room);
        }
        let done = match &self.paper {
            Paper::Case { case_id, .. } => {
                let (template, wish) = (&self.prepared.template, &self.wish);
                let printed = room.station.print(room.actor, case_id, template, wish, self.command);
                printed.map(|printed| (printed.path, printed.copy))
            }
            Paper::Person { .. } | Paper::Loose => self.loose(room).map(|path| (path, 1)),
            Paper::Notice(case_id) => room
                .station
                .note_notice(room.actor, case_id)
                .and_then(|()| self.loose(room))
                .map(|path| (path, 1)),
        };
        match done {
            Err(error) => Step::failed(&error),
            Ok((path, copy)) => {
                let pages = self.prepared.document.pages.len();
                let shown = path.display().to_string();
                let mut words = text::preview_done(&self.prepared.title, pages, copy, &shown);
                if !self.wish.printer.is_empty() {
                    self.spooling = Some(room.station.start_spool(&self.wish.printer, &path));
                    words.push_str(&text::preview_spooling(&self.wish.printer));
                }
                self.command = room.station.new_id();
                self.wish.collector = None;
                if let Paper::Case { at, .. } = self.paper
                    && let Err(error) = self.show(at, room)
                {
                    return Step::failed(&error);
                }
                Step::Say(Message::good(words))
            }
        }
    }

    fn loose(&self, room: Room<'_>) -> Result<std::path::PathBuf, AppError> {
        let bytes = room.station.pdf(&self.prepared)?;
        let moment = room.station.now().format("%Y%m%d-%H%M%S");
        room.station.write_print(&format!("{}-{moment}.pdf", self.prepared.template), &bytes)
    }

    fn lay(&self, columns: usize, glyphs: Glyphs) {
        let mut sketch = self.sketch.borrow_mut();
        if sketch.columns == columns && sketch.glyphs == Some(glyphs) {
            return;
        }
        let frames = match glyphs {
            Glyphs::Ascii => Frames::Ascii,
            Glyphs::Line => Frames::Line,
        };
        let lines = preview_text(&self.prepared.document, columns, frames);
        *sketch = Sketch { columns, glyphs: Some(glyphs), lines };
    }

    fn scroll(&mut self, action: Action) -> bool {
        let rows = self.rows.get();
        let last = self.sketch.borrow().lines.len().saturating_sub(rows);
        let page = rows.saturating_sub(1).max(1);
        self.top = match action {
            Action::Next => self.top + 1,
            Action::Previous => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::First => 0,
            Action::Last => last,
            _ => return false,
        }
        .min(last);
        true
    }

    /// What the window shows at the right of its first line.
    fn foot(&self) -> String {
        match &self.paper {
            Paper::Case { .. } => {
                text::preview_copy(self.prepared.copy, self.wish.values_only, &self.wish.printer)
            }
            Paper::Person { issued: true, .. } => text::PAPER_ISSUED.to_owned(),
            Paper::Person { .. } => text::PAPER_NOT_YET.to_owned(),
            Paper::Loose | Paper::Notice(_) => text::PREVIEW_LOOSE.to_owned(),
        }
    }
}

impl Screen for Preview {
    fn code(&self) -> &str {
        // A page behind a case: no code leads here.
        ""
    }

    fn title(&self) -> &str {
        text::PREVIEW
    }

    fn subject(&self) -> String {
        match &self.paper {
            Paper::Case { number, .. } => number.clone(),
            Paper::Person { name, .. } => name.clone(),
            Paper::Loose | Paper::Notice(_) => self.prepared.title.clone(),
        }
    }

    fn context(&self) -> Context {
        self.asking.as_ref().map_or(Context::Page, Asking::context)
    }

    fn offers(&self, action: Action) -> bool {
        let of_case = matches!(self.paper, Paper::Case { .. });
        match (&self.asking, action) {
            (Some(asking), Action::Accept) => asking.context() == Context::Picker,
            (Some(_), _) => false,
            (None, Action::Print) => true,
            (None, Action::Pick) => {
                matches!(&self.paper, Paper::Case { documents, .. } if documents.len() > 1)
            }
            (None, Action::Stock | Action::Printer | Action::Calibrate | Action::Card) => of_case,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Print => self.print_wanted(room),
            Action::Stock if self.offers(action) => {
                let wish = Wish { values_only: !self.wish.values_only, ..self.wish.clone() };
                self.change(wish, room)
            }
            Action::Pick | Action::Printer | Action::Calibrate | Action::Card if self.offers(action) => {
                self.ask(action, room)
            }
            action if self.scroll(action) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        self.answer(key, room)
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some(asking) => {
                asking.paste(text);
                Step::Changed
            }
            None => Step::Still,
        }
    }

    fn poll(&mut self, _room: Room<'_>) -> Step {
        let Some(answer) = self.spooling.as_ref().and_then(Spooling::poll) else { return Step::Still };
        self.spooling = None;
        match answer {
            Ok(said) => Step::Say(Message::good(text::preview_spooled(&self.wish.printer, said.trim()))),
            Err(error) => Step::failed(&error),
        }
    }

    fn working(&self) -> bool {
        self.spooling.is_some()
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let muted = look.theme.style(Role::Muted);
        let columns = body.width.saturating_sub(2).min(WIDEST);
        self.lay(usize::from(columns), look.glyphs);
        let area = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        self.rows.set(usize::from(area.height));
        let (at, of) = match &self.paper {
            Paper::Case { documents, at, .. } => (at + 1, documents.len()),
            Paper::Person { .. } | Paper::Loose | Paper::Notice(_) => (1, 1),
        };
        let foot = self.foot();
        let head = text::preview_document(&self.prepared.title, at, of, self.prepared.document.pages.len());
        let sketch = self.sketch.borrow();
        let end = (self.top + usize::from(area.height)).min(sketch.lines.len());
        let right = format!("{foot}  {}", text::position(end, sketch.lines.len()));
        let cells = u16::try_from(width(&right)).unwrap_or(0);
        let split = body.right().saturating_sub(cells + 1);
        put(buf, body.x + 1, body.y, &head, split.saturating_sub(body.x + 2), muted, look);
        put(buf, split, body.y, &right, cells, muted, look);
        let plain = look.theme.style(Role::Text);
        for (line, y) in sketch.lines.iter().skip(self.top).zip(area.y..area.bottom()) {
            put(buf, area.x + 1, y, line, columns, plain, look);
        }
        match &self.asking {
            Some(asking) => asking.view(buf, screen, look),
            None => Position { x: area.x, y: area.y },
        }
    }
}
