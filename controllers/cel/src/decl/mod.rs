//! The one table of functions and macros: checker, evaluator and documentation all read it.

mod docs;
pub mod macros;
mod overload;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use docs::{markdown, written};
pub use overload::{Eval, Outcome, Overload, Row};
pub(crate) use overload::{function, method, no_overload};

use crate::library as lib;

/// A group of rows that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// Its heading.
    pub name: &'static str,
    /// Whose rules it follows.
    pub source: &'static str,
    /// Its functions.
    pub rows: &'static [Row],
}

const CEL: &str = "the CEL specification";
const EXT: &str = "cel-go's extensions";
const KUBERNETES: &str = "Kubernetes' CEL libraries";

/// Every library, in the order of the documentation.
pub const LIBRARIES: &[Library] = &[
    Library { name: "Operators", source: CEL, rows: lib::operators::ROWS },
    Library { name: "Comparison", source: CEL, rows: lib::compare::ROWS },
    Library { name: "Sizes and conversions", source: CEL, rows: lib::convert::ROWS },
    Library { name: "Times", source: CEL, rows: lib::times::ROWS },
    Library { name: "Text", source: EXT, rows: lib::strings::ROWS },
    Library { name: "Regular expressions", source: KUBERNETES, rows: lib::regexes::ROWS },
    Library { name: "Lists", source: EXT, rows: lib::lists::ROWS },
    Library { name: "Orders of lists", source: KUBERNETES, rows: lib::orders::ROWS },
    Library { name: "Sets", source: EXT, rows: lib::sets::ROWS },
    Library { name: "Mathematics", source: EXT, rows: lib::math::ROWS },
    Library { name: "Extremes", source: EXT, rows: lib::extremes::ROWS },
    Library { name: "Encodings", source: EXT, rows: lib::encodings::ROWS },
    Library { name: "Optional values", source: EXT, rows: lib::optionals::ROWS },
    Library { name: "URLs", source: KUBERNETES, rows: lib::urls::ROWS },
    Library { name: "IP addresses and networks", source: KUBERNETES, rows: lib::net::ROWS },
    Library { name: "Quantities", source: KUBERNETES, rows: lib::quantities::ROWS },
    Library { name: "Semantic versions", source: KUBERNETES, rows: lib::versions::ROWS },
    Library { name: "Formats", source: KUBERNETES, rows: lib::formats::ROWS },
    Library { name: "Composition", source: "kro", rows: lib::composition::ROWS },
    Library { name: "Conditions", source: "kro", rows: lib::conditions::ROWS },
];

/// The overloads by name, functions and methods apart.
#[derive(Debug, Default)]
pub struct Table {
    functions: BTreeMap<String, Vec<Overload>>,
    methods: BTreeMap<String, Vec<Overload>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for overload in LIBRARIES.iter().flat_map(|library| library.rows).filter_map(Overload::new) {
        let names = if overload.row.method { &mut table.methods } else { &mut table.functions };
        names.entry(overload.name.clone()).or_default().push(overload);
    }
    table
});

/// The table.
#[must_use]
pub fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// The overloads of a function, which may have a namespace, as in `math.abs`.
    #[must_use]
    pub fn function(&'static self, name: &str) -> &'static [Overload] {
        self.functions.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The overloads of a method.
    #[must_use]
    pub fn method(&'static self, name: &str) -> &'static [Overload] {
        self.methods.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names of all functions, or of all methods.
    pub fn names(&'static self, methods: bool) -> impl Iterator<Item = &'static str> {
        let names = if methods { &self.methods } else { &self.functions };
        names.keys().map(String::as_str)
    }

    /// Every overload.
    pub fn overloads(&'static self) -> impl Iterator<Item = &'static Overload> {
        self.functions.values().chain(self.methods.values()).flatten()
    }
}
