//! New inputs from known ones.

/// A source of numbers that a seed decides (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; zero when there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    /// One of several.
    pub(crate) fn of<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        all.get(self.below(all.len()))
    }
}

/// Inputs do not grow beyond this, but for those that nest.
const LONGEST: usize = 4096;

/// So deep is what nests.
const DEEPEST: usize = 3000;

/// What stands in expressions, schemas and definitions.
const WORDS: &[&str] = &[
    "v",
    "x",
    ".a",
    ".?a",
    "[0]",
    "[?0]",
    "[\"a\"]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    " ? ",
    " : ",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " == ",
    " != ",
    " < ",
    " >= ",
    " && ",
    " || ",
    "!",
    "-",
    " in ",
    "\"",
    "'",
    "'''",
    "\\",
    "`",
    "//",
    "\n",
    "  ",
    "- ",
    "true",
    "null",
    "0",
    "1",
    "-1",
    "2u",
    "1.5",
    "1e308",
    "9223372036854775807",
    "999999999999999999999",
    "0x",
    "b'a'",
    "r'a'",
    "''",
    "[]",
    "{}",
    "\u{e9}",
    "\u{1F600}",
    "\u{0}",
    "has(v.a)",
    ".map(x, ",
    ".filter(x, ",
    ".all(i, x, ",
    ".exists(x, ",
    ".sortBy(x, ",
    ".transformMap(k, x, ",
    ".transformMapEntry(k, x, {x: k})",
    ".optMap(x, ",
    ".orValue(",
    "optional.of(",
    "optional.none()",
    "cel.bind(x, ",
    "size(",
    ".size()",
    "string(",
    "int(",
    "dyn(",
    "type(",
    "timestamp(0)",
    "duration('1s')",
    "quantity('1Gi')",
    "semver('1.2.3')",
    "url('https://a.b/c')",
    "ip('::1')",
    "cidr('10.0.0.0/8')",
    ".matches('(a*)*')",
    ".replace('', 'aa')",
    ".split('')",
    ".join(',')",
    ".format([v])",
    "'%s %.3f %x'",
    "lists.range(9)",
    ".flatten(9)",
    ".slice(0, 1)",
    "math.greatest(",
    "json.marshal(",
    "json.unmarshal('[1]')",
    "random.seededString(8, 'a')",
    "omit()",
    "${",
    "schema.spec.name",
    "string",
    "integer",
    "boolean",
    "float",
    "object",
    "[]",
    "map[string]",
    "T",
    " | ",
    "required=true",
    "default=",
    "enum=\"a,b\"",
    "minimum=1",
    "maxLength=3",
    "pattern=\"^a$\"",
    "validation=\"self > 1\"",
    "immutable=true",
    "uniqueItems=true",
    "spec: ",
    "types: ",
    "resources: ",
    "readyWhen: ",
    "includeWhen: ",
    "forEach: ",
    "externalRef: ",
    "template: ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "? ",
    ">-\n",
    "{type: \"array\"}",
    "\"items\":",
    "\"properties\":",
    "\"additionalProperties\":",
    "\"x-kubernetes-int-or-string\":true",
    "\"format\":\"byte\"",
];

/// What opens a nest, and what closes it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{\"a\":", "}"),
    ("{a: ", "}"),
    ("!", ""),
    ("-", ""),
    ("[]", ""),
    ("- ", ""),
    ("x?1:", ""),
    ("f(", ")"),
];

/// An input made of another: a few changes of bytes, words and parts.
pub(crate) fn mutated(random: &mut Random, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=random.below(5) {
        change(random, &mut out, other);
    }
    out
}

fn change(random: &mut Random, out: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(out.len() + 1);
    let end = (at + random.below(out.len() - at + 1)).min(at + 64);
    match random.below(16) {
        0 => {
            if let Some(byte) = out.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => out.insert(at, u8::try_from(random.below(256)).unwrap_or_default()),
        2 | 3 => drop(out.drain(at..end)),
        4 => {
            let part: Vec<u8> = out.get(at..end).unwrap_or_default().to_vec();
            insert(out, at, &part);
        }
        5..=7 => {
            let from = random.below(other.len() + 1);
            let to = (from + random.below(other.len() - from + 1)).min(from + 64);
            out.splice(at..end, other.get(from..to).unwrap_or_default().iter().copied());
        }
        8 if random.below(20) == 0 => nest(random, out, at),
        _ => {
            let word = random.of(WORDS).copied().unwrap_or_default();
            insert(out, at, word.as_bytes());
        }
    }
    if out.len() > LONGEST && random.below(20) != 0 {
        out.truncate(LONGEST);
    }
}

fn nest(random: &mut Random, out: &mut Vec<u8>, at: usize) {
    let (open, close) = random.of(NESTS).copied().unwrap_or_default();
    let depth = random.below(DEEPEST);
    insert(out, at, (open.repeat(depth) + "1" + &close.repeat(depth)).as_bytes());
}

fn insert(out: &mut Vec<u8>, at: usize, part: &[u8]) {
    let at = at.min(out.len());
    out.splice(at..at, part.iter().copied());
}
