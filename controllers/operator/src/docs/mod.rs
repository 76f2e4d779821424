//! The reference pages, made from the code that they are about.

mod annotations;
mod conditions;
mod exports;
mod flags;
mod markdown;
mod metrics;

pub use flags::{CHART, Source};

/// Every page: its path from the root of the repository, and its content.
#[must_use]
pub fn pages() -> Vec<(String, String)> {
    let all = [
        ("annotations", annotations::page()),
        ("conditions", conditions::page()),
        ("differences", cairn_graph::differences::markdown(cairn_composer::DIFFERENCES)),
        ("expressions", cairn_cel::decl::markdown()),
        ("field-exports", exports::page()),
        ("flags", flags::page(&flags::of_run())),
        ("metrics", metrics::page()),
    ];
    all.map(|(name, body)| (format!("docs/{name}.md"), format!("{HEADER}{body}"))).into()
}

const HEADER: &str = "<!-- Generated from crates of this repository by `cargo generate`. Do not edit. -->\n\n";

#[cfg(test)]
mod tests {
    use cairn_core::condition::Reason;
    use cairn_crds::{Groups, annotation::ANNOTATIONS};

    use super::*;

    fn page(name: &str) -> String {
        let all = pages();
        all.into_iter().find(|(path, _)| path.contains(name)).unwrap().1
    }

    #[test]
    fn nothing_is_left_out() {
        let (annotations, conditions) = (page("annotations"), page("conditions"));
        for row in ANNOTATIONS {
            let name = row.name(&Groups::default(), "<service>");
            assert!(annotations.contains(&format!("| `{name}` |")) && annotations.contains(row.meaning), "{name}");
        }
        for reason in cairn_exports::Reason::ALL {
            assert!(page("field-exports").contains(&format!("| `{}` |", reason.as_str())), "{reason:?}");
        }
        for reason in Reason::ALL {
            assert!(conditions.contains(&format!("| `{}` |", reason.as_str())), "{reason:?}");
            assert!(conditions.contains(reason.meaning()), "{reason:?}");
        }
    }

    #[test]
    fn every_row_of_a_table_has_as_many_cells_as_its_head() {
        for (path, text) in pages() {
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let tables = text.split("\n\n").filter(|block| block.starts_with('|'));
            for table in tables {
                let widths: std::collections::BTreeSet<_> = table.lines().map(cells).collect();
                assert_eq!(widths.len(), 1, "{path}:\n{table}");
            }
        }
    }
}
