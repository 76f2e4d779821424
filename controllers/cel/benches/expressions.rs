//! How long expressions take over an object of 21 KB, beside cel-go in the same run.
//!
//! `cargo bench -p cairn-cel` measures each row of `expressions.cases` here and, where Go is installed, with
//! `e2e/cel-oracle`; then what binding the object costs beside converting it to values. Each number is of the quickest
//! of many batches; with `-- PART`, of the rows that hold a part. Nothing is asserted: a machine that does other work as well says little.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cairn_cel::types::parse_type;
use cairn_cel::value::{Key, List, Map, Text};
use cairn_cel::{Bindings, Env, Program, Value};
use serde_json::Value as Json;

const CASES: &str = "benches/expressions.cases";

/// One measurement takes at least this long, so that the clock does not count.
const BATCH: Duration = Duration::from_millis(2);

/// So many are taken.
const BATCHES: usize = 60;

/// The rows, and the one variable that they read.
struct Rows {
    object: Json,
    ty: cairn_cel::Type,
    expressions: Vec<(String, String)>,
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = read(&std::fs::read_to_string(folder.join(CASES)).unwrap());
    let theirs = cel_go(folder);
    let env = Env::new().with("obj", rows.ty.clone());
    let mut report = format!("{:>11} {:>11}  ratio  expression\n", "Cairn", "cel-go");
    let mut ratios = Vec::new();
    let part = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    for (expression, expected) in rows.expressions.iter().filter(|(expression, _)| expression.contains(&part)) {
        let program = env.compile(expression).unwrap();
        let bindings = Bindings::new().with("obj", &rows.object);
        check(&program, &bindings, expected);
        let ours = quickest(|| assert!(black_box(program.bind(&bindings).evaluate().is_ok())));
        let theirs = theirs.as_ref().and_then(|all| all.get(expression)).copied();
        ratios.extend(theirs.map(|theirs| ours / theirs));
        let ratio = theirs.map_or_else(String::new, |theirs| format!("{:.2}", ours / theirs));
        let theirs = theirs.map_or_else(|| "-".to_owned(), nanoseconds);
        // Writing to a string cannot fail.
        let _ = writeln!(report, "{:>11} {theirs:>11} {ratio:>6}  {expression}", nanoseconds(ours));
    }
    report += &verdict(&ratios);
    if part.is_empty() {
        report += &binding(&env, &rows, theirs.as_ref());
    }
    std::io::stdout().write_all(report.as_bytes()).unwrap();
}

fn read(text: &str) -> Rows {
    let mut expressions = Vec::new();
    let (mut object, mut ty) = (Json::Null, None);
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(declaration) = line.strip_prefix("@var obj: ") {
            let (notation, json) = declaration.split_once(" = ").unwrap();
            (object, ty) = (serde_json::from_str(json).unwrap(), parse_type(notation));
        } else {
            let (expression, expected) = line.rsplit_once(" => ").unwrap();
            expressions.push((expression.to_owned(), expected.to_owned()));
        }
    }
    Rows { object, ty: ty.unwrap(), expressions }
}

fn check<'a>(program: &'a Program, bindings: &Bindings<'a>, expected: &str) {
    let bound = program.bind(bindings);
    let found = bound.evaluate().map_or_else(|error| error.to_string(), |value| value.to_string());
    assert!(found == expected, "{} gives {found}", program.source());
}

/// What cel-go takes for each row, by `e2e/cel-oracle`; nothing where Go is not installed.
fn cel_go(folder: &Path) -> Option<BTreeMap<String, f64>> {
    let mut go = Command::new("go");
    go.arg("run").arg("-C").arg(folder.join("../../e2e/cel-oracle")).args([".", "bench"]).arg(folder.join(CASES));
    let output = go.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (time, expression) = line.split_once(' ').unwrap();
        (expression.to_owned(), time.parse().unwrap())
    };
    Some(text.lines().map(line).collect())
}

fn verdict(ratios: &[f64]) -> String {
    if ratios.is_empty() {
        return "cel-go is not measured: Go is not installed\n".to_owned();
    }
    let slower = ratios.iter().filter(|ratio| **ratio > 1.0).count();
    let count = f64::from(u32::try_from(ratios.len()).unwrap());
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / count).exp();
    format!("{slower} of {} take longer than with cel-go; on average they take {mean:.2} of its time\n", ratios.len())
}

fn binding(env: &Env, rows: &Rows, theirs: Option<&BTreeMap<String, f64>>) -> String {
    let program = env.compile("obj").unwrap();
    let bind = quickest(|| {
        let bindings = Bindings::new().with("obj", &rows.object);
        drop(black_box(program.bind(&bindings)));
    });
    let convert = quickest(|| drop(black_box(converted(&rows.object))));
    let theirs = theirs.and_then(|all| all.get("conversion")).map_or_else(|| "-".to_owned(), |time| nanoseconds(*time));
    format!(
        "binding the object takes {}; converting it to values {} here, {theirs} with cel-go: {:.0} times as long\n",
        nanoseconds(bind),
        nanoseconds(convert),
        convert / bind
    )
}

/// The object as values down to the last field: what binding does not do.
fn converted(json: &Json) -> Value<'_> {
    match json {
        Json::Array(items) => Value::List(List::Values(items.iter().map(converted).collect())),
        Json::Object(fields) => {
            let named = |name: &str| Key::String(Text::Shared(name.into()));
            Value::Map(Map::new(fields.iter().map(|(name, value)| (named(name), converted(value))).collect()))
        }
        other => Value::from_json(other, None),
    }
}

fn quickest(mut work: impl FnMut()) -> f64 {
    let mut timed = |count: u32| {
        let start = Instant::now();
        (0..count).for_each(|_| work());
        start.elapsed()
    };
    let mut count = 1;
    while timed(count) < BATCH {
        count *= 2;
    }
    let best = (0..BATCHES).map(|_| timed(count)).min().unwrap_or_default();
    best.as_secs_f64() * 1e9 / f64::from(count)
}

fn nanoseconds(time: f64) -> String {
    if time < 1e4 { format!("{time:.0} ns") } else { format!("{:.1} µs", time / 1e3) }
}
