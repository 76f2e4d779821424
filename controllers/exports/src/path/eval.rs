//! Following a path.

use std::{borrow::Cow, cell::Cell, iter};

use serde_json::Value;

use super::{
    NoValue,
    filter::{Access, Filter, Step, TextPart},
    function::{Function, call, is_true, text_of},
};

/// More steps than the longest path takes through the largest object that anybody exports from.
const STEPS: usize = 100_000;

/// What all texts that a run makes may measure together: an object in etcd has no more.
const BYTES: usize = 1 << 20;

type Outcome<'a> = Result<Cow<'a, Value>, NoValue>;
type Outcomes<'a> = Box<dyn Iterator<Item = Outcome<'a>> + 'a>;

/// The first value that `filter` makes of `input`; what would come after it is not looked at.
pub(super) fn first(filter: &Filter, input: &Value) -> Result<Value, NoValue> {
    let budget = Budget { steps: Cell::new(STEPS), bytes: Cell::new(BYTES) };
    operand(filter, Cow::Borrowed(input), &budget).map(Cow::into_owned)
}

/// What is left of a run.
struct Budget {
    steps: Cell<usize>,
    bytes: Cell<usize>,
}

impl Budget {
    fn step(&self) -> Result<(), NoValue> {
        take(&self.steps, 1)
    }

    /// A value that was made, paid for.
    fn made<'a>(&self, value: Value) -> Outcome<'a> {
        take(&self.bytes, weight(&value))?;
        Ok(Cow::Owned(value))
    }
}

fn take(left: &Cell<usize>, amount: usize) -> Result<(), NoValue> {
    left.set(left.get().checked_sub(amount).ok_or(NoValue::TooMuch)?);
    Ok(())
}

/// About the bytes of a value: of its texts, and one for each part.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 1 + weight(item)).sum(),
        Value::Object(fields) => fields.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        _ => 1,
    }
}

fn run<'a>(filter: &'a Filter, input: Cow<'a, Value>, budget: &'a Budget) -> Outcomes<'a> {
    if let Err(why) = budget.step() {
        return one(Err(why));
    }
    match filter {
        Filter::Identity => one(Ok(input)),
        Filter::Literal(value) => one(Ok(Cow::Borrowed(value))),
        Filter::Text(parts) => one(text(parts, &input, budget)),
        Filter::Path(head, steps) => walk(run(head, input, budget), steps, budget),
        Filter::Pipe(left, right) => then(run(left, input, budget), move |value| run(right, value, budget)),
        Filter::Comma(left, right) => {
            let after = input.clone();
            Box::new(run(left, input, budget).chain(iter::once_with(move || run(right, after, budget)).flatten()))
        }
        Filter::Alternative(left, right) => alternative(left, right, input, budget),
        Filter::And(left, right) => one(both(left, right, input, budget, true)),
        Filter::Or(left, right) => one(both(left, right, input, budget, false)),
        Filter::Equal(left, right, equal) => one(compare(left, right, input, budget, *equal)),
        Filter::Add(left, right) => one(add(left, right, input, budget)),
        Filter::If(branches, otherwise) => branch(branches, otherwise.as_deref(), input, budget),
        Filter::Try(filter) => Box::new(run(filter, input, budget).map_while(passable)),
        Filter::Call(function, argument) => {
            let result = apply(*function, argument.as_deref(), input, budget);
            Box::new(result.transpose().into_iter())
        }
    }
}

fn one(outcome: Outcome<'_>) -> Outcomes<'_> {
    Box::new(iter::once(outcome))
}

fn then<'a>(values: Outcomes<'a>, next: impl Fn(Cow<'a, Value>) -> Outcomes<'a> + 'a) -> Outcomes<'a> {
    Box::new(values.flat_map(move |value| match value {
        Ok(value) => next(value),
        Err(why) => one(Err(why)),
    }))
}

/// Ends at what does not fit, as `?` does; a run that is too long is never passed over.
fn passable(outcome: Outcome<'_>) -> Option<Outcome<'_>> {
    match outcome {
        Err(NoValue::Mismatch(_)) => None,
        other => Some(other),
    }
}

/// The one value that an operand makes.
fn operand<'a>(filter: &'a Filter, input: Cow<'a, Value>, budget: &'a Budget) -> Outcome<'a> {
    run(filter, input, budget).next().unwrap_or(Err(NoValue::Nothing))
}

fn walk<'a>(values: Outcomes<'a>, steps: &'a [Step], budget: &'a Budget) -> Outcomes<'a> {
    steps.iter().fold(values, |values, step| {
        then(values, move |value| match budget.step() {
            Ok(()) if step.optional => Box::new(descend(&step.access, value, budget).map_while(passable)),
            Ok(()) => descend(&step.access, value, budget),
            Err(why) => one(Err(why)),
        })
    })
}

fn descend<'a>(access: &'a Access, value: Cow<'a, Value>, budget: &'a Budget) -> Outcomes<'a> {
    match access {
        Access::Each => each(value, budget),
        Access::Key(_) | Access::Item(_) if value.is_null() => one(Ok(value)),
        Access::Key(key) if value.is_object() => one(Ok(part(value, |value| value.get(key)))),
        Access::Item(at) if value.is_array() => one(Ok(part(value, |value| item(value, *at)))),
        Access::Key(key) => mismatch(format!("{} has no field `{key}`", describe(&value))),
        Access::Item(_) => mismatch(format!("{} has no items", describe(&value))),
    }
}

fn each<'a>(value: Cow<'a, Value>, budget: &'a Budget) -> Outcomes<'a> {
    let paid = move |outcome| budget.step().and(Ok(outcome));
    match value {
        Cow::Borrowed(Value::Array(items)) => Box::new(items.iter().map(Cow::Borrowed).map(paid)),
        Cow::Borrowed(Value::Object(fields)) => Box::new(fields.values().map(Cow::Borrowed).map(paid)),
        Cow::Owned(Value::Array(items)) => Box::new(items.into_iter().map(Cow::Owned).map(paid)),
        other => mismatch(format!("{} has no items", describe(&other))),
    }
}

fn mismatch<'a>(why: String) -> Outcomes<'a> {
    one(Err(NoValue::Mismatch(why)))
}

/// A part of a value, borrowed where the value is.
fn part(value: Cow<'_, Value>, find: impl Fn(&Value) -> Option<&Value>) -> Cow<'_, Value> {
    match value {
        Cow::Borrowed(value) => find(value).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(value) => Cow::Owned(find(&value).cloned().unwrap_or_default()),
    }
}

fn item(value: &Value, at: i64) -> Option<&Value> {
    let items = value.as_array()?;
    let from_end = usize::try_from(at.unsigned_abs()).ok()?;
    let index = if at < 0 { items.len().checked_sub(from_end)? } else { from_end };
    items.get(index)
}

/// All results on the left that are neither false, null nor a mismatch; those on the right when there is none.
fn alternative<'a>(left: &'a Filter, right: &'a Filter, input: Cow<'a, Value>, budget: &'a Budget) -> Outcomes<'a> {
    let good = |outcome: &Outcome<'_>| match outcome {
        Ok(value) => is_true(value),
        Err(why) => *why == NoValue::TooMuch,
    };
    let mut chosen = run(left, input.clone(), budget).filter(good).peekable();
    if chosen.peek().is_some() { Box::new(chosen) } else { run(right, input, budget) }
}

/// `and` when `needed`, `or` when not: the right is looked at only where the left does not decide.
fn both<'a>(
    left: &'a Filter,
    right: &'a Filter,
    input: Cow<'a, Value>,
    budget: &'a Budget,
    needed: bool,
) -> Outcome<'a> {
    if is_true(&*operand(left, input.clone(), budget)?) != needed {
        return Ok(Cow::Owned(Value::Bool(!needed)));
    }
    Ok(Cow::Owned(Value::Bool(is_true(&*operand(right, input, budget)?))))
}

fn compare<'a>(
    left: &'a Filter,
    right: &'a Filter,
    input: Cow<'a, Value>,
    budget: &'a Budget,
    equal: bool,
) -> Outcome<'a> {
    let (left, right) = (operand(left, input.clone(), budget)?, operand(right, input, budget)?);
    // 1 and 1.0 are one number.
    let same = left == right || left.as_f64().is_some_and(|number| right.as_f64() == Some(number));
    Ok(Cow::Owned(Value::Bool(same == equal)))
}

fn add<'a>(left: &'a Filter, right: &'a Filter, input: Cow<'a, Value>, budget: &'a Budget) -> Outcome<'a> {
    let (left, right) = (operand(left, input.clone(), budget)?, operand(right, input, budget)?);
    match (&*left, &*right) {
        (Value::Null, _) => Ok(right),
        (_, Value::Null) => Ok(left),
        (Value::String(left), Value::String(right)) => budget.made(format!("{left}{right}").into()),
        (left, right) => Err(NoValue::Mismatch(format!("{} and {} cannot be added", describe(left), describe(right)))),
    }
}

fn branch<'a>(
    branches: &'a [(Filter, Filter)],
    otherwise: Option<&'a Filter>,
    input: Cow<'a, Value>,
    budget: &'a Budget,
) -> Outcomes<'a> {
    for (condition, consequence) in branches {
        match operand(condition, input.clone(), budget) {
            Ok(value) if is_true(&value) => return run(consequence, input, budget),
            Ok(_) => {}
            Err(why) => return one(Err(why)),
        }
    }
    match otherwise {
        Some(otherwise) => run(otherwise, input, budget),
        None => one(Ok(input)),
    }
}

fn text<'a>(parts: &'a [TextPart], input: &Cow<'a, Value>, budget: &'a Budget) -> Outcome<'a> {
    let mut text = String::new();
    for part in parts {
        match part {
            TextPart::Plain(plain) => text.push_str(plain),
            TextPart::Value(filter) => text.push_str(&text_of(&*operand(filter, input.clone(), budget)?)),
        }
    }
    budget.made(text.into())
}

fn apply<'a>(
    function: Function,
    argument: Option<&'a Filter>,
    input: Cow<'a, Value>,
    budget: &'a Budget,
) -> Result<Option<Cow<'a, Value>>, NoValue> {
    let argument = match argument {
        Some(filter) => operand(filter, input.clone(), budget)?,
        None => Cow::Owned(Value::Null),
    };
    match call(function, input, &argument)? {
        Some(Cow::Owned(made)) => budget.made(made).map(Some),
        other => Ok(other),
    }
}

/// A value by its type alone: what it is stays unsaid.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
