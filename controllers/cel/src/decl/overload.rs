//! One overload: its signature as text, what it is in types, and what runs it.

use crate::error::EvalError;
use crate::meter::Meter;
use crate::types::{Reader, Type};
use crate::value::Value;

/// What a function gives.
pub type Outcome<'a> = Result<Value<'a>, Box<EvalError>>;

/// What runs an overload: it gets the receiver, if any, and the arguments.
pub type Eval = for<'a> fn(&mut Meter, &[Value<'a>]) -> Outcome<'a>;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Whether it is called on a receiver.
    pub method: bool,
    /// Its name and types, for example `string.size() -> int`.
    pub signature: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// What runs it.
    pub eval: Eval,
}

/// A row of a function.
pub(crate) const fn function(signature: &'static str, doc: &'static str, eval: Eval) -> Row {
    Row { method: false, signature, doc, eval }
}

/// A row of a method, whose signature starts with the type of its receiver.
pub(crate) const fn method(signature: &'static str, doc: &'static str, eval: Eval) -> Row {
    Row { method: true, signature, doc, eval }
}

/// A row with its signature read.
#[derive(Debug, Clone)]
pub struct Overload {
    /// The row.
    pub row: &'static Row,
    /// The name, with its namespace.
    pub name: String,
    /// The types of receiver and arguments.
    pub params: Vec<Type>,
    /// The type of the result.
    pub result: Type,
    /// How many type variables the signature has; they are numbered from zero.
    pub variables: usize,
}

impl Overload {
    /// Reads the signature of a row; nothing when it is not one.
    #[must_use]
    pub fn new(row: &'static Row) -> Option<Self> {
        let mut reader = Reader::new(row.signature);
        let mut params = Vec::new();
        if row.method {
            params.push(reader.ty()?);
            reader.eat(".").then_some(())?;
        }
        let name = reader.until('(')?.to_owned();
        while !reader.eat(")") {
            params.push(reader.ty()?);
            reader.eat(",");
        }
        reader.eat("->").then_some(())?;
        let result = reader.ty()?;
        reader.rest().is_empty().then(|| Self { row, name, params, result, variables: reader.variables() })
    }

    /// Whether values fit the parameters, by their outermost type.
    pub(crate) fn takes(&self, args: &[Value<'_>]) -> bool {
        self.params.len() == args.len() && args.iter().zip(&self.params).all(|(arg, ty)| arg.is_a(ty))
    }
}

/// The failure of a call that no overload takes.
pub(crate) fn no_overload<'a>(name: &str, args: &[Value<'a>]) -> Outcome<'a> {
    let types: Vec<_> = args.iter().map(Value::type_name).collect();
    Err(EvalError::overload(format!("no such overload: {name}({})", types.join(", "))))
}
