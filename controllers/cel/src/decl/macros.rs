//! The macros: what the parser recognizes and the documentation lists.

use crate::syntax::ast::MacroKind;

/// How a macro is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `has(a.b)`
    Has,
    /// Any number of arguments becomes one list.
    Gather,
    /// `cel.bind(name, value, result)`
    Bind,
    /// `runtime.newCondition({type: …})`: a map whose keys are plain names.
    Fields,
    /// A receiver, variables and expressions over them.
    Loop {
        /// Which macro.
        kind: MacroKind,
        /// How many variables come first.
        variables: usize,
    },
}

/// One macro with one number of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MacroRow {
    /// The namespace, as in `cel.bind`.
    pub namespace: Option<&'static str>,
    /// The name.
    pub name: &'static str,
    /// Least and greatest number of arguments.
    pub arity: (usize, usize),
    /// How it is read.
    pub form: Form,
    /// How it is written, with types.
    pub signature: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// The macro that a call is, if it is one.
#[must_use]
pub fn find(namespace: Option<&str>, name: &str, receiver: bool, arity: usize) -> Option<&'static MacroRow> {
    MACROS.iter().find(|row| {
        let placed = match row.form {
            Form::Loop { .. } => receiver,
            Form::Has => !receiver,
            Form::Gather | Form::Bind | Form::Fields => row.namespace == namespace,
        };
        placed && row.name == name && (row.arity.0..=row.arity.1).contains(&arity)
    })
}

const fn looping(
    kind: MacroKind,
    name: &'static str,
    variables: usize,
    arity: usize,
    signature: &'static str,
    doc: &'static str,
) -> MacroRow {
    MacroRow { namespace: None, name, arity: (arity, arity), form: Form::Loop { kind, variables }, signature, doc }
}

const fn gather(name: &'static str, signature: &'static str, doc: &'static str) -> MacroRow {
    MacroRow { namespace: Some("math"), name, arity: (3, usize::MAX), form: Form::Gather, signature, doc }
}

use MacroKind as K;

/// Every macro, from the CEL specification, from cel-go's extensions that kro's environment has, and from kro.
#[rustfmt::skip]
pub const MACROS: &[MacroRow] = &[
    MacroRow { namespace: None, name: "has", arity: (1, 1), form: Form::Has, signature: "has(object.field) -> bool", doc: "Whether the field is set." },
    MacroRow { namespace: Some("cel"), name: "bind", arity: (3, 3), form: Form::Bind, signature: "cel.bind(name, A, B) -> B", doc: "Names a value for use in the result." },
    looping(K::All, "all", 1, 2, "list(A).all(x, bool) -> bool", "Whether the predicate holds for every element, or map key."),
    looping(K::All, "all", 2, 3, "list(A).all(i, v, bool) -> bool", "The same over index and value, or key and value."),
    looping(K::Exists, "exists", 1, 2, "list(A).exists(x, bool) -> bool", "Whether the predicate holds for any element, or map key."),
    looping(K::Exists, "exists", 2, 3, "list(A).exists(i, v, bool) -> bool", "The same over index and value, or key and value."),
    looping(K::ExistsOne, "exists_one", 1, 2, "list(A).exists_one(x, bool) -> bool", "Whether the predicate holds for exactly one element, or map key."),
    looping(K::ExistsOne, "existsOne", 1, 2, "list(A).existsOne(x, bool) -> bool", "Another name of exists_one."),
    looping(K::ExistsOne, "existsOne", 2, 3, "list(A).existsOne(i, v, bool) -> bool", "The same over index and value, or key and value."),
    looping(K::Filter, "filter", 1, 2, "list(A).filter(x, bool) -> list(A)", "The elements, or map keys, for which the predicate holds."),
    looping(K::Map, "map", 1, 2, "list(A).map(x, B) -> list(B)", "The result for each element, or map key."),
    looping(K::Map, "map", 1, 3, "list(A).map(x, bool, B) -> list(B)", "The result for each element, or map key, for which the predicate holds."),
    looping(K::TransformList, "transformList", 2, 3, "list(A).transformList(i, v, B) -> list(B)", "The result for each index and value, or key and value."),
    looping(K::TransformList, "transformList", 2, 4, "list(A).transformList(i, v, bool, B) -> list(B)", "The same where the predicate holds."),
    looping(K::TransformMap, "transformMap", 2, 3, "map(K, A).transformMap(k, v, B) -> map(K, B)", "A map with the same keys, or indices, and new values."),
    looping(K::TransformMap, "transformMap", 2, 4, "map(K, A).transformMap(k, v, bool, B) -> map(K, B)", "The same where the predicate holds."),
    looping(K::TransformMapEntry, "transformMapEntry", 2, 3, "map(K, A).transformMapEntry(k, v, {L: B}) -> map(L, B)", "A map with new keys and values; a repeated key is an error."),
    looping(K::TransformMapEntry, "transformMapEntry", 2, 4, "map(K, A).transformMapEntry(k, v, bool, {L: B}) -> map(L, B)", "The same where the predicate holds."),
    looping(K::OptMap, "optMap", 1, 2, "optional(A).optMap(x, B) -> optional(B)", "The result for the value if there is one."),
    looping(K::OptFlatMap, "optFlatMap", 1, 2, "optional(A).optFlatMap(x, optional(B)) -> optional(B)", "The optional result for the value if there is one."),
    looping(K::SortBy, "sortBy", 1, 2, "list(A).sortBy(x, B) -> list(A)", "The elements in the order of a key, which is a number, string, bool, bytes, duration or timestamp."),
    MacroRow { namespace: Some("runtime"), name: "newCondition", arity: (1, 1), form: Form::Fields, signature: "runtime.newCondition({type: string, status: string, reason: string, message: string}) -> condition", doc: "A condition of the instance, in `status.conditions` only. Reason and message may be left out." },
    gather("greatest", "math.greatest(A, A, A...) -> A", "The greatest of three or more numbers."),
    gather("least", "math.least(A, A, A...) -> A", "The least of three or more numbers."),
];
