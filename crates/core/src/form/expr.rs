//! One expression of a form: parsed, type-checked and bounded at load. Knows no values.

use std::collections::BTreeSet;

use cel::parser::{Expression, Parser};

use super::def::Piece;
use super::typing::{Names, Read, Ty, Typer};

/// Longest expression, in bytes.
const MAX_SOURCE: usize = 1000;
/// Deepest nesting of an expression.
const MAX_DEPTH: u16 = 24;
/// Most nested loops; tables are bounded too, so work is bounded by rows to this power.
const MAX_LOOPS: usize = 2;

/// A checked expression of the rule language.
#[derive(Clone, Debug)]
pub struct Expr {
    source: String,
    pub(super) tree: Expression,
    pub(super) reads: BTreeSet<Read>,
}

impl Expr {
    /// The text in the form file.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// Compiles `source` to an expression of type `want`; `row` names the table whose row is in scope.
///
/// # Errors
/// What is wrong, in English, for the author of the form.
pub(super) fn compile(source: &str, names: &Names, row: Option<&str>, want: &Ty) -> Result<Expr, String> {
    let (expr, ty) = compile_any(source, names, row)?;
    if ty == *want {
        return Ok(expr);
    }
    Err(format!("the expression gives {ty:?}, expected {want:?}"))
}

/// Compiles `source` to an expression of any type.
pub(super) fn compile_any(source: &str, names: &Names, row: Option<&str>) -> Result<(Expr, Ty), String> {
    if source.len() > MAX_SOURCE {
        return Err(format!("the expression is longer than {MAX_SOURCE} bytes"));
    }
    if source.bytes().filter(|b| *b == b'(').count() > 60 || loops(source) > 6 {
        return Err("the expression is too complicated".to_owned());
    }
    let parser = Parser::new().max_recursion_depth(MAX_DEPTH);
    let mut tree =
        parser.parse(source).map_err(|e| format!("not an expression: {}", one_line(&e.to_string())))?;
    let mut typer = Typer::new(names, row);
    let ty = typer.check(&mut tree)?;
    if depth_of_loops(&tree) > MAX_LOOPS {
        return Err(format!("more than {MAX_LOOPS} nested loops"));
    }
    Ok((Expr { source: source.to_owned(), tree, reads: typer.reads }, ty))
}

fn loops(source: &str) -> usize {
    [".all(", ".exists", ".map(", ".filter("].iter().map(|m| source.matches(m).count()).sum()
}

fn depth_of_loops(node: &Expression) -> usize {
    use cel::common::ast::Expr as E;
    match &node.expr {
        E::Comprehension(c) => {
            let inside = depth_of_loops(&c.loop_step).max(depth_of_loops(&c.loop_cond)) + 1;
            inside.max(depth_of_loops(&c.iter_range))
        }
        E::Call(call) => {
            let target = call.target.as_deref().map_or(0, depth_of_loops);
            call.args.iter().map(depth_of_loops).max().unwrap_or(0).max(target)
        }
        E::Select(select) => depth_of_loops(&select.operand),
        E::List(list) => list.elements.iter().map(depth_of_loops).max().unwrap_or(0),
        _ => 0,
    }
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).take(2).collect::<Vec<_>>().join(" ")
}

/// Splits a message into text and `{expression}` pieces.
pub(super) fn pieces(message: &str, names: &Names, row: Option<&str>) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        let (source, tail) = after.split_once('}').ok_or("a `{` in the message is not closed")?;
        let (expr, ty) = compile_any(source, names, row).map_err(|e| format!("{{{source}}}: {e}"))?;
        if !matches!(ty, Ty::Text | Ty::Int) {
            return Err(format!("{{{source}}} must give a text or a number"));
        }
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Value(expr));
        rest = tail;
    }
    if rest.contains('}') {
        return Err("a `}` in the message was not opened".to_owned());
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}
