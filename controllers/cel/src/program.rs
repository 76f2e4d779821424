//! What the crate is used by: an environment compiles an expression into a program, which runs over bindings.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::check::{Checked, Permissions, Read, check};
use crate::error::{CompileError, EvalError, FaultKind};
use crate::eval::{Node, lower, run};
use crate::meter::Limits;
use crate::syntax::parse;
use crate::types::Type;
use crate::value::{List, Value, misfit};

/// The variables that expressions may use, with their types.
#[derive(Debug, Clone, Default)]
pub struct Env {
    variables: BTreeMap<String, Type>,
    permissions: Permissions,
}

impl Env {
    /// An environment without variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with a variable; one of the same name is replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, ty: Type) -> Self {
        self.variables.insert(name.into(), ty);
        self
    }

    /// The same, where `omit()` is allowed: in templates, not in conditions (kro's rule).
    #[must_use]
    pub fn with_omit(mut self) -> Self {
        self.permissions.omit = true;
        self
    }

    /// The same, where `runtime.newCondition()` and `runtime.condition()` are allowed: in the conditions of an
    /// instance only (kro's rule).
    #[must_use]
    pub fn with_conditions(mut self) -> Self {
        self.permissions.conditions = true;
        self
    }

    /// The type of a variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Type> {
        self.variables.get(name)
    }

    /// Compiles an expression.
    ///
    /// # Errors
    /// It does not parse, or it does not type-check.
    pub fn compile(&self, source: &str) -> Result<Program, CompileError> {
        let tree = parse(source)?;
        let checked = check(&tree, &self.variables, self.permissions).map_err(CompileError::Check)?;
        let node = lower(&tree, &checked);
        let types = checked.variables.iter().map(|name| self.variables.get(name).cloned()).collect();
        Ok(Program { source: source.into(), node, checked, types })
    }
}

/// A compiled expression: immutable, and cheap to run many times.
#[derive(Debug, Clone)]
pub struct Program {
    source: Arc<str>,
    node: Node,
    checked: Checked,
    types: Vec<Option<Type>>,
}

impl Program {
    /// The source it was compiled from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The static type of its value.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.checked.ty
    }

    /// Everything that the checker found out.
    #[must_use]
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    /// Which paths of which variables it reads.
    #[must_use]
    pub fn reads(&self) -> &[Read] {
        &self.checked.reads
    }

    /// The variables it uses, each once, in the order of their first use.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.checked.variables
    }

    /// Gives the variables their values, for one or more evaluations. Nothing is copied or converted.
    #[must_use]
    pub fn bind<'a>(&'a self, bindings: &Bindings<'a>) -> Bound<'a> {
        let mut values = self.checked.variables.iter().zip(&self.types).map(|(name, ty)| {
            Some(match bindings.get(name)? {
                Binding::Json(json) => Value::from_json(json, ty.as_ref()),
                Binding::Gathered(items) => {
                    let element = match ty {
                        Some(Type::List(element)) => Some(&**element),
                        _ => None,
                    };
                    Value::List(List::Gathered(Arc::clone(items), element))
                }
                Binding::Value(value) => value.clone(),
            })
        });
        let globals = match self.types.len() {
            1 => Globals::One([values.next().flatten()]),
            _ => Globals::Many(values.collect()),
        };
        Bound { program: self, globals }
    }
}

#[derive(Debug, Clone)]
enum Binding<'a> {
    Json(&'a Json),
    Gathered(Arc<[&'a Json]>),
    Value(Value<'a>),
}

/// Values for variables by name.
#[derive(Debug, Clone, Default)]
pub struct Bindings<'a> {
    values: Vec<(&'a str, Binding<'a>)>,
}

impl<'a> Bindings<'a> {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with JSON for a variable, read by the variable's declared type.
    #[must_use]
    pub fn with(self, name: &'a str, json: &'a Json) -> Self {
        self.set(name, Binding::Json(json))
    }

    /// The same, with a list for a variable, whose elements are kept apart and read by the variable's declared type.
    #[must_use]
    pub fn with_items(self, name: &'a str, items: Arc<[&'a Json]>) -> Self {
        self.set(name, Binding::Gathered(items))
    }

    /// The same, with a value for a variable.
    #[must_use]
    pub fn with_value(self, name: &'a str, value: Value<'a>) -> Self {
        self.set(name, Binding::Value(value))
    }

    fn set(mut self, name: &'a str, binding: Binding<'a>) -> Self {
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = binding,
            None => self.values.push((name, binding)),
        }
        self
    }

    fn get(&self, name: &str) -> Option<&Binding<'a>> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, binding)| binding)
    }
}

/// A program with the values of its variables.
#[derive(Debug)]
pub struct Bound<'a> {
    program: &'a Program,
    globals: Globals<'a>,
}

/// The values of variables by their position. Most expressions read one.
#[derive(Debug)]
enum Globals<'a> {
    One([Option<Value<'a>>; 1]),
    Many(Vec<Option<Value<'a>>>),
}

impl<'a> Globals<'a> {
    fn as_slice(&self) -> &[Option<Value<'a>>] {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl Bound<'_> {
    /// Evaluates with the default limits.
    ///
    /// # Errors
    /// Whatever the expression meets: absent data, values out of range, limits.
    pub fn evaluate(&self) -> Result<Value<'_>, EvalError> {
        self.evaluate_within(Limits::default()).map(|(value, _)| value)
    }

    /// Evaluates within limits, and gives the cost too.
    ///
    /// # Errors
    /// As for [`Bound::evaluate`].
    pub fn evaluate_within(&self, limits: Limits) -> Result<(Value<'_>, u64), EvalError> {
        run(&self.program.node, self.globals.as_slice(), limits).map_err(|error| match error.kind {
            FaultKind::Type => self.explained(error),
            _ => error,
        })
    }

    /// A failure of types, which is the data's where what is read is not what its schema says.
    fn explained(&self, error: EvalError) -> EvalError {
        let found = self.program.reads().iter().find_map(|read| {
            let at = self.program.variables().iter().position(|name| *name == read.variable)?;
            let value = self.globals.as_slice().get(at)?.as_ref()?;
            misfit(value, self.program.types.get(at)?.as_ref()?, &read.path, &read.variable)
        });
        match found {
            Some(found) => EvalError { kind: FaultKind::Misfit, message: format!("{found}; {error}"), ..error },
            None => error,
        }
    }
}
