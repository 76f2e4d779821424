//! The type of conditions, which only `runtime.newCondition()` and `runtime.condition()` give.

use std::sync::LazyLock;

use super::{Field, Object, Type};

/// The fields that `runtime.newCondition()` takes; the first two it must be given.
pub const CONDITION_FIELDS: [&str; 4] = ["type", "status", "reason", "message"];

static CONDITION: LazyLock<Type> = LazyLock::new(|| {
    let texts = CONDITION_FIELDS.map(|name| (name.to_owned(), Field::new(Type::String)));
    let texts = texts.into_iter().map(|(name, field)| {
        let field = if matches!(name.as_str(), "type" | "status") { field.required() } else { field };
        (name, field)
    });
    let others = [("lastTransitionTime", Type::Timestamp), ("observedGeneration", Type::Int)];
    let others = others.map(|(name, ty)| (name.to_owned(), Field::new(ty)));
    Type::object(Object::new("condition", texts.chain(others)))
});

impl Type {
    /// A condition, as `runtime.newCondition()` makes it. An object of a schema that has the same fields is none.
    #[must_use]
    pub fn condition() -> Self {
        CONDITION.clone()
    }

    /// Whether it is the type of conditions.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        *self == *CONDITION
    }
}
