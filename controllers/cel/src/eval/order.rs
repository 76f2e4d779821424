//! Sorting by keys, for `sort()` and `sortBy()`.

use crate::decl::Outcome;
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{List, Value, ordering};

/// The elements in the order of their keys, equal keys in the order they had.
///
/// # Errors
/// The keys are not all of one type that has an order (cel-go's rule), or the cost limit is reached.
pub(crate) fn sort_by_keys<'a>(meter: &mut Meter, list: &List<'a>, keys: &[Value<'a>]) -> Outcome<'a> {
    let name = keys.first().map(Value::type_name).unwrap_or_default();
    for key in keys {
        if key.type_name() != name {
            return Err(EvalError::overload("list elements must have the same type"));
        }
        ordering(meter, key, key)?;
    }
    // A sort makes no more comparisons than this; they are paid for at once, because a comparison cannot fail.
    let bits = usize::try_from(keys.len().checked_ilog2().unwrap_or_default()).unwrap_or_default();
    meter.elements(keys.len().saturating_mul(bits + 1))?;
    let mut order: Vec<_> = keys.iter().zip(list.iter()).collect();
    let mut free = Meter::new(crate::meter::Limits { cost: u64::MAX, depth: 1 });
    order.sort_by(|(a, _), (b, _)| ordering(&mut free, a, b).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Value::list(order.into_iter().map(|(_, value)| value).collect()))
}
