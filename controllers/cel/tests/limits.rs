//! Nothing that is put in takes unbounded time, memory or stack.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_cel::{Bindings, CompileError, Env, EvalError, FaultKind, Limits, Type};
use serde_json::Value as Json;

fn syntax(source: &str) -> String {
    match Env::new().with("x", Type::Dyn).compile(source) {
        Err(CompileError::Parse(error)) => error.message,
        other => panic!("{other:?}"),
    }
}

fn failure(source: &str) -> EvalError {
    let program = Env::new().compile(source).unwrap();
    match program.bind(&Bindings::new()).evaluate() {
        Err(error) => error,
        Ok(_) => panic!("{source} gives a value"),
    }
}

#[test]
fn sources_are_bounded_in_size_and_depth() {
    assert!(syntax(&"1".repeat(100_001)).contains("more than the 100000 allowed"));
    let deep = [
        "(".repeat(50_000),
        "[".repeat(50_000),
        "{1:".repeat(30_000),
        format!("{}1", "!".repeat(50_000)) + &"+1".repeat(20_000),
        "1+".repeat(49_999) + "1",
        "x".to_owned() + &".a".repeat(49_000),
        "x".to_owned() + &"[0]".repeat(33_000),
        "x?1:".repeat(24_000) + "1",
        "x.map(x,".repeat(12_000),
        format!("{}x{}", "f(".repeat(30_000), ")".repeat(30_000)),
        "-(".repeat(40_000),
    ];
    for source in deep {
        let message = syntax(&source);
        assert!(message.contains("nests deeper than 250 levels"), "{message}");
    }
    let flat = format!("[{}]", "1,".repeat(49_000));
    assert!(Env::new().compile(&flat).is_ok());
    let chain = format!("true{}", "&&true".repeat(16_000));
    assert!(Env::new().compile(&chain).is_ok());
}

#[test]
fn the_greatest_depth_compiles_and_runs() {
    for source in [
        format!("{}1{}", "[".repeat(249), "]".repeat(249)),
        format!("{}1{}", "(".repeat(240), ")".repeat(240)),
        format!("1{}", "+1".repeat(248)),
        format!("{}1{}", "[1].map(x, ".repeat(120), ")".repeat(120)),
        format!("{}1{}", "cel.bind(x, 1, ".repeat(120), ")".repeat(120)),
        format!("{}1", "true ? 1 : ".repeat(120)),
    ] {
        let program = Env::new().compile(&source).unwrap();
        program.bind(&Bindings::new()).evaluate().unwrap();
    }
}

#[test]
fn runaway_expressions_stop() {
    let double = |times: usize, start: &str, step: &str| {
        let open = format!("cel.bind(x, {step}, ").repeat(times);
        format!("cel.bind(x, {start}, {open}size(x){})", ")".repeat(times))
    };
    for source in [
        "lists.range(1000000000)".to_owned(),
        "lists.range(3000).map(x, lists.range(3000).map(y, lists.range(3000).map(z, x * y * z)))".to_owned(),
        "lists.range(100000).all(x, lists.range(100000).all(y, true))".to_owned(),
        double(60, "'aaaaaaaaaaaaaaaa'", "x + x"),
        double(60, "[1, 2]", "x + x"),
        double(60, "'aaaa'", "x.replace('a', 'aaaaaaaaaaaaaaaa')"),
        double(60, "'aaaaaaaaaaaaaa'", "'%s%s'.format([x, x])"),
        double(60, "'aaaaaaaaaaaaaa'", "[x, x, x].join(x)"),
        "lists.range(5000).distinct()".to_owned(),
        "random.seededString(9000000000000000, 'x')".to_owned(),
        "lists.range(1000000).map(x, ('aaaaaaaaaaaaaaaaaaaaaaa' + string(x)).matches('(a*)*b'))".to_owned(),
        "lists.range(10000000).exists(x, false) || true".to_owned(),
    ] {
        assert_eq!(failure(&source).kind, FaultKind::Limit, "{source}");
    }
}

#[test]
fn shared_values_are_not_compared_for_ever() {
    let nest = format!("cel.bind(x, [1], {}x == x{})", "cel.bind(x, [x, x], ".repeat(100), ")".repeat(101));
    let program =
        Env::new().compile(nest.trim_end_matches(')')).or_else(|_| Env::new().compile(&nest[..nest.len() - 1]));
    if let Ok(program) = program {
        assert_eq!(program.bind(&Bindings::new()).evaluate().unwrap_err().kind, FaultKind::Limit);
    }
}

#[test]
fn deep_data_is_refused_not_followed() {
    let mut deep = Json::Null;
    for _ in 0..2000 {
        deep = Json::Array(vec![deep]);
    }
    let env = Env::new().with("x", Type::Dyn);
    for source in ["x == x", "json.marshal(x)", "'%s'.format([x])", "x.flatten(100000)", "x in [x]"] {
        let program = env.compile(source).unwrap();
        let error = program.bind(&Bindings::new().with("x", &deep)).evaluate().unwrap_err();
        assert_eq!(error.kind, FaultKind::Limit, "{source}");
    }
    let program = env.compile("x").unwrap();
    let bindings = Bindings::new().with("x", &deep);
    let bound = program.bind(&bindings);
    assert_eq!(bound.evaluate().unwrap().to_json().unwrap_err().kind, FaultKind::Limit);
    assert!(bound.evaluate().unwrap().to_string().contains('…'));
    drop_deep(deep);
}

/// `serde_json` drops recursively; taking it apart keeps the test's own stack flat.
fn drop_deep(mut json: Json) {
    while let Json::Array(mut items) = json {
        json = items.pop().unwrap_or_default();
    }
}

#[test]
fn the_cost_is_told_and_can_be_set() {
    let program = Env::new().compile("lists.range(1000).map(x, x + 1).size()").unwrap();
    let bindings = Bindings::new();
    let bound = program.bind(&bindings);
    let (_, cost) = bound.evaluate_within(Limits::default()).unwrap();
    assert!((2000..20_000).contains(&cost), "{cost}");
    assert!(bound.evaluate_within(Limits { cost, ..Limits::default() }).is_ok());
    let error = bound.evaluate_within(Limits { cost: cost - 1, ..Limits::default() }).unwrap_err();
    assert_eq!(error.kind, FaultKind::Limit);
}

#[test]
fn the_deepest_of_everything_fits_a_small_stack() {
    let work = || {
        let mut deep = Json::Null;
        for _ in 0..120 {
            deep = Json::Array(vec![deep]);
        }
        let env = Env::new().with("x", Type::Dyn);
        for (open, close, count) in
            [("(1 + ", ")", 120), ("[", "]", 240), ("[1].map(y, ", ")", 240), ("{'a': ", "}", 240)]
        {
            let source = format!("{}x == x{}", open.repeat(count), close.repeat(count));
            let program = env.compile(&source.replace("(1 + x == x", "(1 + int(x == x ? '1' : '2')")).unwrap();
            program.bind(&Bindings::new().with("x", &deep)).evaluate().unwrap();
        }
    };
    // Threads of tokio and of tests have 2 MiB; half of that is to be enough, even without optimization.
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}
