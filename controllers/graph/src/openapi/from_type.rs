//! Types as schemas: what the status of an instance holds is known from its expressions.

use cairn_cel::Type;
use cairn_cel::types::Object;
use serde_json::{Map, Value as Json, json};

/// Deeper types are left open.
const MAX_DEPTH: usize = 64;

/// A type whose values cannot be written into an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a value of type {ty} cannot be written into an object{hint}")]
pub struct Unwritable {
    /// The type.
    pub ty: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// The structural schema of a type: what is not known is preserved, times are texts with a format, an optional is a
/// field that may be absent.
///
/// # Errors
/// The type is one that is never written: bytes, types as values, maps whose keys are no texts, and the types of the
/// Kubernetes libraries; or a list or map of them.
pub fn from_type(ty: &Type) -> Result<Json, Unwritable> {
    within(ty, false, MAX_DEPTH)
}

/// `owned` is whether the type is of a part of an object that is taken over whole: whether there are bytes in it shows
/// when it is there.
fn within(ty: &Type, owned: bool, left: usize) -> Result<Json, Unwritable> {
    let Some(left) = left.checked_sub(1) else { return Ok(open()) };
    let refuse = |hint| Err(Unwritable { ty: ty.to_string(), hint });
    Ok(match ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::Int | Type::Uint => json!({"type": "integer"}),
        Type::Double => json!({"type": "number"}),
        Type::String => json!({"type": "string"}),
        Type::Timestamp => json!({"type": "string", "format": "date-time"}),
        Type::Duration => json!({"type": "string", "format": "duration"}),
        Type::Bytes if owned => json!({"type": "string", "format": "byte"}),
        Type::IntOrString => json!({"x-kubernetes-int-or-string": true}),
        Type::Dyn | Type::Null | Type::Var(_) => open(),
        Type::List(element) => json!({"type": "array", "items": within(element, owned, left)?}),
        Type::Map(key, value) if **key == Type::String || key.is_dyn() => {
            json!({"type": "object", "additionalProperties": within(value, owned, left)?})
        }
        Type::Map(..) => return refuse(": its keys must be texts"),
        Type::Optional(inner) => within(inner, owned, left)?,
        Type::Object(object) => fields(object, left)?,
        Type::Bytes => return refuse(": encode it, as in base64.encode(...)"),
        Type::Type | Type::Opaque(_) => return refuse(": convert it with string()"),
    })
}

fn open() -> Json {
    json!({"x-kubernetes-preserve-unknown-fields": true})
}

fn fields(object: &Object, left: usize) -> Result<Json, Unwritable> {
    let mut properties = Map::new();
    for (name, field) in object.fields() {
        let mut schema = within(&field.ty, true, left)?;
        if let (Some(description), Json::Object(schema)) = (&field.description, &mut schema) {
            schema.insert("description".into(), description.as_str().into());
        }
        properties.insert(name.clone(), schema);
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if object.is_open() {
        schema["x-kubernetes-preserve-unknown-fields"] = true.into();
    }
    Ok(schema)
}
