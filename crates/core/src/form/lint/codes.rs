//! Written values that cannot be: codes their table does not hold, dates that are none, fields compared or used as
//! something they are not. Knows the code tables; knows no values.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr as Node, IdedExpr, LiteralValue, operators as op};

use crate::code::CodeBook;
use crate::form::data::FieldPath;
use crate::form::def::{Condition, Field, FormDef, Kind, Piece};
use crate::form::error::FormError;
use crate::form::expr::Expr;
use crate::form::reader::Place;
use crate::form::value::{date, month};

/// What a variable of a loop stands for.
#[derive(Clone, Copy)]
enum Element<'a> {
    Row(&'a str),
    Field(&'a Field),
    Other,
}

struct Walk<'a> {
    def: &'a FormDef,
    codes: &'a CodeBook,
    vars: Vec<(&'a str, Element<'a>)>,
    found: Vec<String>,
}

pub(super) fn check(def: &FormDef, codes: &CodeBook) -> Vec<FormError> {
    let mut found = Vec::new();
    let mut look = |place: &Place, key: &str, expr: &Expr, row: Option<&str>, gives: Option<&Field>| {
        let vars = row.map(|table| ("row", Element::Row(table))).into_iter().collect();
        let mut walk = Walk { def, codes, vars, found: Vec::new() };
        walk.node(&expr.tree);
        if let Some(field) = gives {
            walk.gives(&expr.tree, field);
        }
        let fix = "write a code of the table, or a field of the right kind; see forms/README.md";
        found.extend(walk.found.into_iter().map(|message| place.mistake(&def.file, key, message, fix)));
    };
    for section in &def.sections {
        let row = section.table.as_ref().map(|t| t.id.as_str());
        if let Condition::When(expr) = &section.shown {
            look(&section.place, "shown_when", expr, None, None);
        }
        for field in &section.fields {
            for (key, condition) in [
                ("shown_when", &field.shown),
                ("required_when", &field.required),
                ("passed_when", &field.passed),
            ] {
                if let Condition::When(expr) = condition {
                    look(&field.place, key, expr, row, None);
                }
            }
            if let Some(derive) = &field.derive {
                look(&field.place, "derive", derive, row, Some(field));
            }
        }
    }
    for rule in &def.rules {
        let row = rule.each.as_deref();
        if let Some(when) = &rule.when {
            look(&rule.place, "when", when, row, None);
        }
        look(&rule.place, "check", &rule.check, row, None);
        for piece in &rule.pieces {
            if let Piece::Value(expr) = piece {
                look(&rule.place, "message", expr, row, None);
            }
        }
    }
    for material in &def.materials {
        if let Condition::When(expr) = &material.required {
            look(&material.place, "required_when", expr, None, None);
        }
    }
    for level in &def.levels {
        if let Some(when) = &level.when {
            look(&level.place, "when", when, None, None);
        }
    }
    for document in &def.document_when {
        look(&document.place, "when", &document.when, None, None);
    }
    found.extend(variants(def, codes));
    found
}

/// Kinds by a code that the deciding field cannot have.
fn variants(def: &FormDef, codes: &CodeBook) -> Vec<FormError> {
    let mut found = Vec::new();
    for section in &def.sections {
        for field in &section.fields {
            let Some(variants) = &field.variants else { continue };
            let Some(table) = section.field(&variants.by).and_then(|by| by.spec.codes.as_deref()) else {
                let message = format!("{:?} is no code, it cannot decide the kind", variants.by);
                let fix = "name a field with kind = \"code\"";
                found.push(field.place.mistake(&def.file, "variant_by", message, fix));
                continue;
            };
            let unknown = variants.kinds.keys().filter(|code| codes.label(table, code).is_none());
            for code in unknown.filter(|_| codes.table(table).is_some()) {
                let message = format!("code {code:?} is not in table {table:?}");
                found.push(field.place.mistake(&def.file, "variants", message, "write a code of the table"));
            }
        }
    }
    found
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: &'a IdedExpr) {
        match &node.expr {
            Node::Call(call) => self.call(call),
            Node::Select(select) => self.node(&select.operand),
            Node::List(list) => list.elements.iter().for_each(|item| self.node(item)),
            Node::Comprehension(loop_) => {
                self.node(&loop_.iter_range);
                let element = self.element(&loop_.iter_range);
                let depth = self.vars.len();
                self.vars.push((&loop_.iter_var, element));
                self.vars.push((&loop_.accu_var, Element::Other));
                self.node(&loop_.loop_cond);
                self.node(&loop_.loop_step);
                self.vars.truncate(depth);
            }
            _ => {}
        }
    }

    /// What the elements of a list are.
    fn element(&self, node: &'a IdedExpr) -> Element<'a> {
        match &node.expr {
            Node::Ident(name) if self.def.table(name).is_some() => Element::Row(name),
            Node::Comprehension(loop_) => self.collected(loop_),
            _ => Element::Other,
        }
    }

    /// What `map` and `filter` collect.
    fn collected(&self, loop_: &'a ComprehensionExpr) -> Element<'a> {
        let Some(item) = item(&loop_.loop_step) else { return Element::Other };
        let range = self.element(&loop_.iter_range);
        match (&item.expr, range) {
            (Node::Ident(name), range) if *name == loop_.iter_var => range,
            (Node::Select(select), Element::Row(table)) => {
                let of_loop = matches!(&select.operand.expr, Node::Ident(name) if *name == loop_.iter_var);
                let column = self.def.table(table).and_then(|s| s.field(&select.field));
                column.filter(|_| of_loop).map_or(Element::Other, Element::Field)
            }
            _ => Element::Other,
        }
    }

    /// The field that stands here by itself.
    fn field(&self, node: &'a IdedExpr) -> Option<&'a Field> {
        let variable = |name: &str| self.vars.iter().rev().find(|(var, _)| *var == name).map(|(_, e)| *e);
        match &node.expr {
            Node::Ident(name) => match variable(name) {
                Some(Element::Field(field)) => Some(field),
                Some(_) => None,
                None => self.def.field(&FieldPath::single(name)),
            },
            Node::Select(select) => {
                let Node::Ident(name) = &select.operand.expr else { return None };
                let Some(Element::Row(table)) = variable(name) else { return None };
                self.def.table(table).and_then(|s| s.field(&select.field))
            }
            _ => None,
        }
    }

    fn call(&mut self, call: &'a CallExpr) {
        let args: Vec<&'a IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        let name = call.func_name.as_str();
        match (name, args.as_slice()) {
            (op::EQUALS | op::NOT_EQUALS, [a, b]) => {
                self.written(a, b);
                self.written(b, a);
                self.alike(a, b);
            }
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, [a, b]) => {
                self.ordered(a, b);
                self.ordered(b, a);
                self.alike(a, b);
            }
            (op::IN, [item, list]) => self.among(item, list),
            ("startsWith", [field, start]) => self.begins(field, start),
            (name, args) => self.arguments(name, args),
        }
        args.into_iter().for_each(|arg| self.node(arg));
    }

    /// A written value beside a field must be one the field can have.
    fn written(&mut self, field: &'a IdedExpr, value: &'a IdedExpr) {
        if let (Some(field), Some(text)) = (self.field(field), text(value)) {
            self.possible(field, text);
        }
    }

    fn possible(&mut self, field: &Field, text: &str) {
        if text.is_empty() || field.variants.is_some() {
            return;
        }
        match (field.spec.kind, field.spec.codes.as_deref()) {
            (Kind::Code, Some(table))
                if self.codes.table(table).is_some_and(|known| known.get(text).is_none()) =>
            {
                self.found.push(format!("code {text:?} of {:?} is not in its table {table:?}", field.id));
            }
            (Kind::Date, _) if date(text).is_none() => {
                self.found.push(format!("{text:?} is no date, and {:?} is one", field.id));
            }
            (Kind::Month, _) if month(text).is_none() => {
                self.found.push(format!("{text:?} is no month, and {:?} is one", field.id));
            }
            _ => {}
        }
    }

    /// Before and after say something of days, months and numbers; of other texts they compare characters.
    fn ordered(&mut self, field: &'a IdedExpr, value: &'a IdedExpr) {
        let Some(field) = self.field(field) else { return };
        if matches!(field.spec.kind, Kind::Date | Kind::Month)
            && let Some(text) = text(value)
        {
            self.possible(field, text);
        }
        if matches!(field.spec.kind, Kind::Decimal) {
            let message = format!("{:?} is a number with decimals: compare what times gives", field.id);
            self.found.push(message);
        }
        if matches!(field.spec.kind, Kind::Ratio) {
            let message = format!("{:?} is a share: compare ten_thousandths({})", field.id, field.id);
            self.found.push(message);
        }
    }

    fn among(&mut self, item: &'a IdedExpr, list: &'a IdedExpr) {
        if let (Some(field), Node::List(list)) = (self.field(item), &list.expr) {
            for text in list.elements.iter().filter_map(text) {
                self.possible(field, text);
            }
        }
        if let (Some(text), Node::Comprehension(loop_)) = (text(item), &list.expr)
            && let Element::Field(field) = self.collected(loop_)
        {
            self.possible(field, text);
        }
    }

    fn begins(&mut self, field: &'a IdedExpr, start: &'a IdedExpr) {
        let (Some(field), Some(start)) = (self.field(field), text(start)) else { return };
        let table = field.spec.codes.as_deref().and_then(|table| self.codes.table(table));
        let Some(table) = table.filter(|_| field.variants.is_none()) else { return };
        if !table.entries().iter().any(|entry| entry.code.starts_with(start)) {
            self.found.push(format!("no code of {:?} begins with {start:?}", field.id));
        }
    }

    /// Two fields side by side must be of one sort.
    fn alike(&mut self, a: &'a IdedExpr, b: &'a IdedExpr) {
        let (Some(a), Some(b)) = (self.field(a), self.field(b)) else { return };
        if a.variants.is_some() || b.variants.is_some() {
            return;
        }
        let strict =
            [Kind::Date, Kind::Month, Kind::Money, Kind::Int, Kind::Ratio, Kind::Decimal, Kind::Code];
        let (x, y) = (a.spec.kind, b.spec.kind);
        if x != y && strict.contains(&x) && strict.contains(&y) {
            let message = format!("compares {:?} ({}) with {:?} ({})", a.id, x.word(), b.id, y.word());
            self.found.push(message);
        }
    }

    fn arguments(&mut self, name: &str, args: &[&'a IdedExpr]) {
        const DAYS: &[Kind] = &[Kind::Date, Kind::Month, Kind::Text];
        const DAY: &[Kind] = &[Kind::Date, Kind::Text];
        const NUMBER: &[Kind] = &[Kind::Certificate, Kind::Text];
        let wanted: &[&[Kind]] = match name {
            "birth_of" | "sex_of" => &[NUMBER],
            "age" | "days_between" | "months_between" => &[DAYS, DAYS],
            "working_days_between" => &[DAY, DAY],
            "add_months" | "year_of" | "last_day_of_month" => &[DAYS],
            "date_add_days" | "add_working_days" => &[DAY],
            "ten_thousandths" => &[&[Kind::Ratio, Kind::Text]],
            "times" => &[&[Kind::Decimal, Kind::Text], &[Kind::Decimal, Kind::Text]],
            "yuan" | "round_share" => &[&[Kind::Money]],
            _ => &[],
        };
        for (arg, kinds) in args.iter().zip(wanted) {
            let Some(field) = self.field(arg).filter(|f| f.variants.is_none()) else { continue };
            if !kinds.contains(&field.spec.kind) {
                let words: Vec<&str> = kinds.iter().map(|k| k.word()).collect();
                let kind = field.spec.kind.word();
                let message = format!("{name} takes {}, but {:?} is {kind}", words.join(" or "), field.id);
                self.found.push(message);
            }
        }
    }

    /// What a derivation writes must fit its field.
    fn gives(&mut self, node: &'a IdedExpr, field: &'a Field) {
        match &node.expr {
            Node::Call(call) if call.func_name == op::CONDITIONAL => {
                call.args.iter().skip(1).for_each(|branch| self.gives(branch, field));
            }
            _ => {
                if let Some(text) = text(node) {
                    self.possible(field, text);
                }
            }
        }
    }
}

fn text(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Node::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

/// What a loop adds to its list.
fn item(step: &IdedExpr) -> Option<&IdedExpr> {
    let Node::Call(call) = &step.expr else { return None };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (op::CONDITIONAL, [_, added, _]) => item(added),
        (op::ADD, [_, list]) => match &list.expr {
            Node::List(list) => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}
