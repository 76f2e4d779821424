//! Names: variables, variables of macros, and types as values.

use super::read::Path;
use super::scope::Resolution;
use super::{Checker, nearest};
use crate::error::CheckError;
use crate::syntax::ast::{Expr, Name};
use crate::types::{Opaque, Type};

/// The names of types that are values, as cel-go names them.
const TYPE_NAMES: [&str; 13] = [
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "null_type",
    "type",
    "optional_type",
    "google.protobuf.Timestamp",
    "google.protobuf.Duration",
];

/// The type that a name stands for, if any.
fn type_name(name: &str) -> Option<&'static str> {
    let opaque = Opaque::ALL.into_iter().map(Opaque::runtime_name);
    TYPE_NAMES.into_iter().chain(opaque).find(|known| *known == name)
}

impl Checker<'_> {
    /// A plain name.
    pub(super) fn name(&mut self, expr: &Expr, name: &Name) -> (Type, Option<Path>) {
        if let Some((slot, local)) = self.scope.find(&name.text) {
            let found = (local.ty.clone(), local.path.clone());
            self.resolutions.insert(expr.id, Resolution::Local(slot));
            return found;
        }
        if let Some(ty) = self.declared.get(&name.text) {
            let slot = self.used.iter().position(|used| *used == name.text).unwrap_or_else(|| {
                self.used.push(name.text.clone());
                self.used.len() - 1
            });
            self.resolutions.insert(expr.id, Resolution::Global(slot));
            let path = Path::variable(&name.text);
            return (ty.clone(), Some(path));
        }
        if let Some(found) = self.type_value(expr, &name.text) {
            return (found, None);
        }
        let candidates = self.declared.keys().map(String::as_str).chain(self.scope.names());
        let suggestion = nearest(&name.text, candidates);
        let error = CheckError::new(name.span, format!("undeclared reference to {:?}", name.text)).suggest(suggestion);
        (self.fail(error), None)
    }

    /// A dotted name that is a type, unless its first part is a variable.
    pub(super) fn dotted_type(&mut self, expr: &Expr) -> Option<Type> {
        let dotted = expr.dotted()?;
        let root = dotted.split('.').next().unwrap_or_default();
        if self.declared.contains_key(root) || self.scope.find(root).is_some() {
            return None;
        }
        self.type_value(expr, &dotted)
    }

    fn type_value(&mut self, expr: &Expr, name: &str) -> Option<Type> {
        let name = type_name(name)?;
        self.resolutions.insert(expr.id, Resolution::TypeName(name));
        Some(Type::Type)
    }
}
