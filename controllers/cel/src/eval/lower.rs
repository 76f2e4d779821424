//! From the checked tree to the tree that runs.

use std::sync::Arc;

use super::node::{By, Call, Has, Loop, Node, OneOf, Select, Step};
use super::run;
use super::short::short;
use crate::check::{Checked, Resolution};
use crate::meter::Limits;
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind, Literal, Logic, Macro};
use crate::value::{List, Text, Value};

/// What a constant may cost to be worked out beforehand.
const FOLDED: u64 = 100;

/// The tree that runs.
pub(crate) fn lower(expr: &Expr, checked: &Checked) -> Node {
    let go = |expr: &Expr| lower(expr, checked);
    match &expr.kind {
        ExprKind::Literal(literal) => Node::Constant(constant(literal)),
        ExprKind::Ident(name) => named(expr, &name.text, checked),
        ExprKind::Select { operand, field, optional } => match checked.resolutions.get(&expr.id) {
            Some(Resolution::TypeName(name)) => Node::Constant(Value::Type(name)),
            _ => select(go(operand), By::Field(field.text.clone()), *optional, expr.span),
        },
        ExprKind::Has { operand, field } => {
            Node::Has(Box::new(Has { operand: go(operand), field: field.text.clone(), span: expr.span }))
        }
        ExprKind::Index { operand, index, optional } => select(go(operand), By::Key(go(index)), *optional, expr.span),
        ExprKind::Call { target, function, args } => call(expr, target.as_deref(), (&function.text, args), checked),
        ExprKind::Logic { op: Logic::And, terms } => Node::And(terms.iter().map(go).collect()),
        ExprKind::Logic { op: Logic::Or, terms } => Node::Or(terms.iter().map(go).collect()),
        ExprKind::Conditional(parts) => Node::Conditional(Box::new(parts.each_ref().map(go))),
        ExprKind::List(elements) => {
            fold(Node::List(elements.iter().map(|element| (element.optional, go(&element.value))).collect()))
        }
        ExprKind::Map(entries) => {
            fold(Node::Map(entries.iter().map(|entry| (entry.optional, go(&entry.key), go(&entry.value))).collect()))
        }
        ExprKind::Macro(call) => looping(expr, call, checked),
    }
}

fn named(expr: &Expr, name: &str, checked: &Checked) -> Node {
    match checked.resolutions.get(&expr.id) {
        Some(Resolution::Local(slot)) => Node::Local(*slot, name.to_owned()),
        Some(Resolution::TypeName(name)) => Node::Constant(Value::Type(name)),
        Some(Resolution::Global(slot)) => Node::Global(*slot, name.to_owned()),
        // Only a name that the checker refused has no meaning; running it says so.
        _ => Node::Global(usize::MAX, name.to_owned()),
    }
}

fn call(expr: &Expr, target: Option<&Expr>, (name, args): (&str, &[Expr]), checked: &Checked) -> Node {
    let (overloads, receiver) = match checked.resolutions.get(&expr.id) {
        Some(Resolution::Call { overloads, receiver }) => (overloads.clone(), *receiver),
        _ => (Vec::new(), false),
    };
    let args = target.filter(|_| receiver).into_iter().chain(args).map(|arg| lower(arg, checked)).collect();
    let only = overloads.first().map(|first| first.row.eval);
    let only = only.filter(|eval| overloads.iter().all(|other| std::ptr::fn_addr_eq(other.row.eval, *eval)));
    let short = short(name);
    let call = Box::new(Call { name: name.to_owned(), overloads, only, short, args, span: expr.span });
    if receiver && matches!(name, "or" | "orValue") { Node::Fallback(call) } else { one_of(fold(Node::Call(call))) }
}

/// A search in a list of constants needs no list.
fn one_of(node: Node) -> Node {
    let Node::Call(mut call) = node else { return node };
    match (call.name.as_str(), call.args.as_slice()) {
        ("@in", [_, Node::Constant(Value::List(List::Values(values)))]) => {
            let values = Arc::clone(values);
            Node::OneOf(Box::new(OneOf { item: call.args.swap_remove(0), values }))
        }
        _ => Node::Call(call),
    }
}

/// A selection more; those that follow each other are one node.
fn select(operand: Node, by: By, optional: bool, span: Span) -> Node {
    let step = Step { by, optional, span };
    let mut select = match operand {
        Node::Select(select) => select,
        operand => Box::new(Select { operand, steps: Vec::new() }),
    };
    select.steps.push(step);
    Node::Select(select)
}

/// What depends on constants only is one, unless it is dear, or fails: that it is to say when it runs.
fn fold(node: Node) -> Node {
    let constant = |node: &Node| matches!(node, Node::Constant(_));
    let is_fixed = match &node {
        Node::Call(call) => call.args.iter().all(constant),
        Node::List(elements) => elements.iter().all(|(_, element)| constant(element)),
        Node::Map(entries) => entries.iter().all(|(_, key, value)| constant(key) && constant(value)),
        _ => false,
    };
    let limits = Limits { cost: FOLDED, ..Limits::default() };
    let value = if is_fixed { run(&node, &[], limits).ok().and_then(|(value, _)| value.to_static()) } else { None };
    value.map_or(node, Node::Constant)
}

fn looping(expr: &Expr, call: &Macro, checked: &Checked) -> Node {
    let mut args: Vec<_> = call.args.iter().map(|arg| lower(arg, checked)).collect();
    let result = args.pop().unwrap_or(Node::Constant(Value::Null));
    Node::Loop(Box::new(Loop {
        kind: call.kind,
        name: call.name.text.clone(),
        range: lower(&call.range, checked),
        variables: call.variables.len(),
        filter: args.pop(),
        result,
        span: expr.span,
    }))
}

fn constant(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Uint(value) => Value::Uint(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(text) => Value::String(Text::Shared(text.as_str().into())),
        Literal::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
    }
}
