//! Decides whether a type can stand where another is wanted, and what its type variables are then.
//!
//! The rules are those of cel-go's checker: `dyn` goes both ways, a variable takes the more general of what it meets,
//! and null stands for objects, timestamps, durations and opaque types.

use std::sync::Arc;

use super::{Object, Type};

/// How deep types are compared; deeper ones are taken to fit, and evaluation decides.
const MAX_NESTING: usize = 64;

/// What is known of the type variables of one check. Changes can be undone back to a mark.
#[derive(Debug, Default)]
pub(crate) struct Solver {
    bound: Vec<Option<Type>>,
    trail: Vec<(usize, Option<Type>)>,
}

impl Solver {
    /// A type variable that stands for nothing yet.
    pub(crate) fn fresh(&mut self) -> Type {
        self.bound.push(None);
        Type::Var(self.bound.len() - 1)
    }

    /// Several variables; gives the number of the first.
    pub(crate) fn fresh_block(&mut self, count: usize) -> usize {
        let first = self.bound.len();
        self.bound.extend(std::iter::repeat_n(None, count));
        first
    }

    /// A point to come back to.
    pub(crate) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Forgets what was learnt since a mark.
    pub(crate) fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((index, old)) = self.trail.pop()
                && let Some(slot) = self.bound.get_mut(index)
            {
                *slot = old;
            }
        }
    }

    fn get(&self, index: usize) -> Option<&Type> {
        self.bound.get(index).and_then(Option::as_ref)
    }

    fn set(&mut self, index: usize, ty: Type) {
        if let Some(slot) = self.bound.get_mut(index) {
            self.trail.push((index, slot.replace(ty)));
        }
    }

    /// The type with every known variable replaced; unknown ones stay.
    pub(crate) fn resolve(&self, ty: &Type) -> Type {
        self.resolve_within(ty, MAX_NESTING)
    }

    fn resolve_within(&self, ty: &Type, left: usize) -> Type {
        if left == 0 {
            return Type::Dyn;
        }
        match ty {
            Type::Var(index) => match self.get(*index) {
                Some(known) => self.resolve_within(known, left - 1),
                None => ty.clone(),
            },
            Type::List(_) | Type::Map(..) | Type::Optional(_) => ty.rebuild(|part| self.resolve_within(part, left - 1)),
            other => other.clone(),
        }
    }

    /// The type with every variable replaced, unknown ones by `dyn`.
    pub(crate) fn finish(&self, ty: &Type) -> Type {
        fn close(ty: &Type) -> Type {
            match ty {
                Type::Var(_) => Type::Dyn,
                other => other.rebuild(close),
            }
        }
        close(&self.resolve(ty))
    }

    /// Whether `found` can stand where `wanted` is; learns variables, or nothing when it cannot.
    pub(crate) fn assign(&mut self, found: &Type, wanted: &Type) -> bool {
        let mark = self.mark();
        let fits = self.fits(found, wanted, MAX_NESTING);
        if !fits {
            self.undo(mark);
        }
        fits
    }

    fn fits(&mut self, found: &Type, wanted: &Type, left: usize) -> bool {
        if left == 0 {
            return true;
        }
        match (found, wanted) {
            (Type::Var(a), Type::Var(b)) if a == b => true,
            (_, Type::Var(index)) => match self.get(*index).cloned() {
                None => self.learn(*index, found),
                Some(known) => self.widen(*index, found, &known, left),
            },
            (Type::Var(index), _) => match self.get(*index).cloned() {
                None => self.learn(*index, wanted),
                Some(known) => self.fits(&known, wanted, left - 1),
            },
            _ if found.is_dyn() || wanted.is_dyn() => true,
            (Type::Null, other) | (other, Type::Null) => nullable(other),
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => self.fits(a, b, left - 1),
            (Type::Map(key, value), Type::Map(other, known)) => {
                self.fits(key, other, left - 1) && self.fits(value, known, left - 1)
            }
            (Type::Object(a), Type::Object(b)) => Arc::ptr_eq(a, b) || a == b,
            (Type::Object(object), Type::Map(key, value)) | (Type::Map(key, value), Type::Object(object)) => {
                self.object_as_map(object, key, value, left - 1)
            }
            (a, b) => a == b,
        }
    }

    /// An object is a map of its fields wherever a function takes any map.
    fn object_as_map(&mut self, object: &Object, key: &Type, value: &Type, left: usize) -> bool {
        let values = match self.resolve(value) {
            Type::Var(_) => self.fits(&Type::Dyn, value, left),
            value => object.fields().values().all(|field| self.fits(&field.ty, &value, left)),
        };
        values && self.fits(&Type::String, key, left)
    }

    fn learn(&mut self, index: usize, ty: &Type) -> bool {
        if let Type::Var(other) = ty
            && *other == index
        {
            return true;
        }
        if self.occurs(index, ty, MAX_NESTING) {
            return false;
        }
        self.set(index, ty.clone());
        true
    }

    /// A variable that already stands for a type keeps the more general one of the two.
    fn widen(&mut self, index: usize, found: &Type, known: &Type, left: usize) -> bool {
        if !self.fits(found, known, left - 1) {
            return false;
        }
        if more_general(found, known, MAX_NESTING) && !self.occurs(index, found, MAX_NESTING) {
            self.set(index, found.clone());
        }
        true
    }

    fn occurs(&self, index: usize, ty: &Type, left: usize) -> bool {
        left > 0
            && match ty {
                Type::Var(other) => {
                    *other == index || self.get(*other).is_some_and(|known| self.occurs(index, known, left - 1))
                }
                other => other.parameters().into_iter().any(|part| self.occurs(index, part, left - 1)),
            }
    }
}

/// The types for which null may stand.
pub(crate) fn nullable(ty: &Type) -> bool {
    matches!(ty, Type::Null | Type::Object(_) | Type::Timestamp | Type::Duration | Type::Opaque(_) | Type::Optional(_))
}

fn more_general(a: &Type, b: &Type, left: usize) -> bool {
    if left == 0 || a == b {
        return false;
    }
    match (a, b) {
        (found, _) if found.is_dyn() => true,
        (_, known) if known.is_dyn() => false,
        (Type::Var(_), _) => false,
        (other, Type::Null) => nullable(other),
        (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => more_general(a, b, left - 1),
        (Type::Map(key, value), Type::Map(other, known)) => {
            more_general(key, other, left - 1) || more_general(value, known, left - 1)
        }
        _ => false,
    }
}
