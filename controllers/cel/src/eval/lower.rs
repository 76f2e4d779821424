//! From the checked tree to the tree that runs.

use super::node::{Call, Index, Loop, Node, Select};
use crate::check::{Checked, Resolution};
use crate::syntax::ast::{Expr, ExprKind, Literal, Logic, Macro};
use crate::value::{Text, Value};

/// The tree that runs.
pub(crate) fn lower(expr: &Expr, checked: &Checked) -> Node {
    let go = |expr: &Expr| lower(expr, checked);
    match &expr.kind {
        ExprKind::Literal(literal) => Node::Constant(constant(literal)),
        ExprKind::Ident(name) => named(expr, &name.text, checked),
        ExprKind::Select { operand, field, optional } => match checked.resolutions.get(&expr.id) {
            Some(Resolution::TypeName(name)) => Node::Constant(Value::Type(name)),
            _ => Node::Select(Box::new(Select {
                operand: go(operand),
                field: field.text.clone(),
                optional: *optional,
                span: expr.span,
            })),
        },
        ExprKind::Has { operand, field } => Node::Has(Box::new(Select {
            operand: go(operand),
            field: field.text.clone(),
            optional: false,
            span: expr.span,
        })),
        ExprKind::Index { operand, index, optional } => {
            Node::Index(Box::new(Index { operand: go(operand), key: go(index), optional: *optional, span: expr.span }))
        }
        ExprKind::Call { target, function, args } => call(expr, target.as_deref(), (&function.text, args), checked),
        ExprKind::Logic { op: Logic::And, terms } => Node::And(terms.iter().map(go).collect()),
        ExprKind::Logic { op: Logic::Or, terms } => Node::Or(terms.iter().map(go).collect()),
        ExprKind::Conditional(parts) => Node::Conditional(Box::new(parts.each_ref().map(go))),
        ExprKind::List(elements) => {
            Node::List(elements.iter().map(|element| (element.optional, go(&element.value))).collect())
        }
        ExprKind::Map(entries) => {
            Node::Map(entries.iter().map(|entry| (entry.optional, go(&entry.key), go(&entry.value))).collect())
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
    let call = Box::new(Call { name: name.to_owned(), overloads, args, span: expr.span });
    if receiver && matches!(name, "or" | "orValue") { Node::Fallback(call) } else { Node::Call(call) }
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
