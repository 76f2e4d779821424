//! From text to filter. The grammar is that of jq, read by jaq's parser; here it is decided what of it is taken.

use jaq_core::{
    load::{
        lex::{Lexer, StrPart, Token},
        parse::{BinaryOp, Parser, Term},
    },
    ops::{Cmp, Math},
    path::{Opt, Part},
};
use serde_json::Value;

use super::{
    DEEPEST, LONGEST, PathError,
    filter::{Access, Filter, Step, TextPart},
    function::Function,
};

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, PathError> {
    if text.len() > LONGEST {
        return Err(PathError::TooLong(text.len()));
    }
    if levels(text) > DEEPEST {
        return Err(PathError::TooDeep);
    }
    let syntax = |why: String| PathError::Syntax { path: text.into(), why };
    let tokens = Lexer::new(text).lex().map_err(|errors| {
        let first = errors.into_iter().next();
        syntax(first.map_or_else(String::new, |(expected, at)| wrong(expected.as_str(), text, Some(at))))
    })?;
    let term = Parser::new(&tokens).parse(Parser::term).map_err(|errors| {
        let first = errors.into_iter().next();
        let at = |found: Option<&Token<&'_ str>>| found.map(|Token(at, _)| offset(text, at));
        syntax(first.map_or_else(String::new, |(expected, found)| expected_at(expected.as_str(), text, at(found))))
    })?;
    filter(&term).map_err(|what| PathError::Unsupported { path: text.into(), what })
}

/// No less than the levels of nesting: what may open one is counted wherever it stands, in texts as well.
fn levels(text: &str) -> usize {
    const PREFIXES: [&str; 6] = ["def", "foreach", "if", "label", "reduce", "try"];
    let signs = text.bytes().filter(|byte| b"([{-".contains(byte)).count();
    let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| PREFIXES.contains(word)).count();
    signs + words
}

fn wrong(expected: &str, text: &str, at: Option<&str>) -> String {
    expected_at(expected, text, at.map(|at| offset(text, at)))
}

/// Where in `text` its part `at` begins, in bytes.
fn offset(text: &str, at: &str) -> usize {
    jaq_core::load::span(text, at).start
}

fn expected_at(expected: &str, text: &str, offset: Option<usize>) -> String {
    match offset.filter(|offset| *offset < text.len()) {
        Some(offset) => format!("expected {expected} at byte {}", offset + 1),
        None => format!("expected {expected} at its end"),
    }
}

/// A filter, or what it would need.
type Taken<T> = Result<T, String>;

fn filter(term: &Term<&str>) -> Taken<Filter> {
    match term {
        Term::Id => Ok(Filter::Identity),
        Term::Num(number) => self::number(number).map(Filter::Literal),
        Term::Neg(inner) => match inner.as_ref() {
            Term::Num(number) => self::number(&format!("-{number}")).map(Filter::Literal),
            _ => unsupported("`-` before anything but a number"),
        },
        Term::Str(None, parts) => text(parts),
        Term::Str(Some(format), _) => unsupported(&format!("`{format}`")),
        Term::Path(head, path) => {
            let steps = path.0.iter().map(|(part, optional)| step(part, *optional)).collect::<Taken<_>>()?;
            Ok(Filter::Path(boxed(head)?, steps))
        }
        Term::BinOp(left, operator, right) => binary(left, operator, right),
        Term::IfThenElse(branches, otherwise) => {
            let branches = branches.iter().map(|(condition, then)| Ok((filter(condition)?, filter(then)?)));
            Ok(Filter::If(branches.collect::<Taken<_>>()?, otherwise.as_deref().map(boxed).transpose()?))
        }
        Term::TryCatch(inner, None) => Ok(Filter::Try(boxed(inner)?)),
        Term::Call(name, arguments) => call(name, arguments),
        Term::TryCatch(_, Some(_)) => unsupported("`catch`"),
        Term::Recurse => unsupported("`..`"),
        Term::Arr(_) => unsupported("`[…]` that makes a list"),
        Term::Obj(_) => unsupported("`{…}`"),
        Term::Label(..) | Term::Break(_) => unsupported("`label`"),
        Term::Def(..) => unsupported("`def`"),
        Term::Fold(name, ..) | Term::Var(name) => unsupported(&format!("`{name}`")),
    }
}

fn boxed(term: &Term<&str>) -> Taken<Box<Filter>> {
    filter(term).map(Box::new)
}

fn unsupported<T>(what: &str) -> Taken<T> {
    Err(what.into())
}

fn number(text: &str) -> Taken<Value> {
    let exact = serde_json::from_str(text).ok().filter(Value::is_number);
    exact.or_else(|| Some(Value::from(text.parse::<f64>().ok()?))).ok_or_else(|| format!("the number `{text}`"))
}

fn text(parts: &[StrPart<&str, Term<&str>>]) -> Taken<Filter> {
    let mut taken = Vec::new();
    let mut plain = String::new();
    for part in parts {
        match part {
            StrPart::Str(text) => plain.push_str(text),
            StrPart::Char(char) => plain.push(*char),
            StrPart::Term(term) => {
                taken.push(TextPart::Plain(std::mem::take(&mut plain)));
                taken.push(TextPart::Value(filter(term)?));
            }
        }
    }
    if taken.is_empty() {
        return Ok(Filter::Literal(plain.into()));
    }
    taken.push(TextPart::Plain(plain));
    Ok(Filter::Text(taken))
}

fn step(part: &Part<Term<&str>>, optional: Opt) -> Taken<Step> {
    let access = match part {
        Part::Range(None, None) => Access::Each,
        Part::Range(..) => return unsupported("`[a:b]`"),
        Part::Index(index) => match filter(index)? {
            Filter::Literal(Value::String(key)) => Access::Key(key),
            Filter::Literal(Value::Number(at)) => Access::Item(at.as_i64().ok_or_else(|| format!("the index `{at}`"))?),
            _ => return unsupported("an index that is neither a text nor a number"),
        },
    };
    Ok(Step { access, optional: matches!(optional, Opt::Optional) })
}

fn binary(left: &Term<&str>, operator: &BinaryOp<&str>, right: &Term<&str>) -> Taken<Filter> {
    let make: fn(Box<Filter>, Box<Filter>) -> Filter = match operator {
        BinaryOp::Pipe(None) => Filter::Pipe,
        BinaryOp::Comma => Filter::Comma,
        BinaryOp::Alt => Filter::Alternative,
        BinaryOp::And => Filter::And,
        BinaryOp::Or => Filter::Or,
        BinaryOp::Cmp(Cmp::Eq) => |left, right| Filter::Equal(left, right, true),
        BinaryOp::Cmp(Cmp::Ne) => |left, right| Filter::Equal(left, right, false),
        BinaryOp::Math(Math::Add) => Filter::Add,
        BinaryOp::Pipe(Some(_)) => return unsupported("`as`"),
        BinaryOp::Cmp(other) => return unsupported(&format!("`{}`", other.as_str())),
        BinaryOp::Math(other) => return unsupported(&format!("`{}`", other.as_str())),
        BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
            return unsupported("an assignment");
        }
    };
    Ok(make(boxed(left)?, boxed(right)?))
}

fn call(name: &str, arguments: &[Term<&str>]) -> Taken<Filter> {
    match (name, arguments) {
        ("true", []) => return Ok(Filter::Literal(true.into())),
        ("false", []) => return Ok(Filter::Literal(false.into())),
        ("null", []) => return Ok(Filter::Literal(Value::Null)),
        _ => {}
    }
    let signature =
        || format!("`{name}` with {} argument{}", arguments.len(), if arguments.len() == 1 { "" } else { "s" });
    let function = Function::named(name, arguments.len()).ok_or_else(signature)?;
    Ok(Filter::Call(function, arguments.first().map(boxed).transpose()?))
}
