//! Where graphs mean something else than in kro, on purpose. The table generates the documentation; each row has a test.

use std::fmt::Write as _;

/// What kind of difference a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// kro takes it, and then it does not work: here it is refused, with the reason.
    RefusedEarlier,
    /// kro refuses it, and it works here.
    Accepted,
    /// Both take it, and what comes of it differs.
    Differs,
    /// kro takes it without a word, and here there is a warning.
    Warned,
}

/// One deliberate difference.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// A short name, unique in the table.
    pub name: &'static str,
    /// What kind of difference it is.
    pub effect: Effect,
    /// What kro does.
    pub kro: &'static str,
    /// What happens here, and why.
    pub here: &'static str,
}

/// A row.
#[must_use]
pub const fn row(name: &'static str, effect: Effect, kro: &'static str, here: &'static str) -> Difference {
    Difference { name, effect, kro, here }
}

use Effect::{Accepted, Differs, RefusedEarlier, Warned};

/// Every difference.
#[rustfmt::skip]
pub const DIFFERENCES: &[Difference] = &[
    row("unterminated-hole", RefusedEarlier, "An expression whose `${` does not end stays as it is written.", "It is an error, with its place: nobody means it."),
    row("brace-in-single-quotes", Accepted, "A `}` in a text in single quotes ends the expression.", "Expressions end where their tokens say."),
    row("text-parts", Accepted, "Each part of a text with several expressions must be text.", "Numbers, booleans, timestamps and durations are written as text."),
    row("empty-optional", Differs, "An optional without a value is written as null.", "It leaves its field or element out, as `omit()` does: null would be refused, or mean something else."),
    row("omit", Accepted, "`omit()` needs a feature gate.", "It is always there."),
    row("constant-status", Accepted, "A field of the status must hold an expression, and that must name a resource or `schema`.", "Constants are copied."),
    row("empty-optional-list", Differs, "A `forEach` over an optional without a value fails.", "It has no elements."),
    row("empty-optional-condition", Differs, "A condition that is an optional without a value fails.", "It is not met."),
    row("lists-of-sets", Differs, "Lists that a schema calls a set, or a map by keys, are equal whatever their order in templates, and `+` joins them by their elements or keys.", "They are lists, as everywhere in an expression: order counts, and `+` puts one behind the other."),
    row("literal-values", RefusedEarlier, "A literal outside an enumeration, a range or a pattern is found out by the API server when it is applied.", "It is an error of the definition."),
    row("repeated-elements", RefusedEarlier, "An element that is twice in a list with keys is found out by the API server.", "It is an error of the definition."),
    row("questions", RefusedEarlier, "A kind whose objects are not kept, such as TokenReview, is found out when it is applied.", "It is an error of the definition."),
    row("same-object", RefusedEarlier, "Two resources that are always one object are found out in each instance.", "They are an error of the definition where kind, name and namespace are the same text and neither has a condition."),
    row("missing-field", Warned, "A field that must be there and is not is found out by the API server.", "It is a warning, because a webhook may still set it."),
    row("status-of-a-template", Warned, "The status in a template is dropped by the API server.", "There is a warning."),
    row("key-with-expression", Warned, "The key of a map that holds an expression stays as it is written.", "It does here too, with a warning."),
    row("external-type", Warned, "Objects of others have no type: a field that does not exist is never there.", "They have their schema, and what stands against it is a warning."),
    row("missing-kind", Differs, "A definition that names a kind which is not served is refused, and tried again ever less often.", "It waits for the kind, and everything else in it is checked."),
    row("own-kind", RefusedEarlier, "A definition that makes instances of its own kind waits for that kind without end.", "It is an error."),
    row("ready-values", Differs, "Conditions of readiness see objects without their schema: the data of a Secret is base64 there.", "They see what templates see: the data of a Secret is bytes."),
    row("terminating-child", Differs, "An object that is being deleted stops the whole instance.", "It stops what needs it; the rest goes on."),
    row("status-while-waiting", Differs, "Fields of the status go while the resource that they read waits for another.", "They stay as long as the object is there."),
    row("partial-lists", Differs, "It is not defined what a list in the status is while one of its elements has no value.", "The list is absent: positions in it would not be those of the definition."),
    row("widened-type", Accepted, "A field of the schema that changes from integer to number blocks the edit.", "It does not: every value stays valid."),
    row("compatibility", RefusedEarlier, "Changes of validation rules, list types, formats, values of maps, nullability and preserved fields are neither found nor applied.", "They are found, applied, and block the edit where they break an instance."),
    row("long-names", RefusedEarlier, "The id of a resource that is too long for a label fails in each instance.", "It is an error of the definition."),
    row("cost", Differs, "Expressions may cost what they like.", "An expression, and an instance as a whole, may cost so much and no more."),
];

const INTRODUCTION: &str = "\
# Graphs: differences from kro

Whatever kro accepts and works there is accepted here with the same meaning; `--graph-group kro.run` takes its manifests
as they are. What follows is different on purpose: *refused earlier* is what kro accepts and then does not work,
*accepted* what kro refuses and works here, *warned* what kro takes without a word, *differs* what comes out otherwise.

| | kro | Cairn |
|---|---|---|
";

/// The table as Markdown, with `more` rows: how instances are looked after is not this crate's.
#[must_use]
pub fn markdown(more: &[Difference]) -> String {
    let mut out = String::from(INTRODUCTION);
    for row in DIFFERENCES.iter().chain(more) {
        let effect = match row.effect {
            RefusedEarlier => "refused earlier",
            Accepted => "accepted",
            Differs => "differs",
            Warned => "warned",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| {} ({effect}) | {} | {} |", row.name, row.kro, row.here);
    }
    out
}
