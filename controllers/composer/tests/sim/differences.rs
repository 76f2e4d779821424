//! Every deliberate difference from kro has a test.

use std::collections::BTreeSet;

use cairn_composer::DIFFERENCES;

use crate::{budgets, defects, definitions, instances, kro, rights};

/// The test of each row. They run by themselves.
const TESTS: &[(&str, fn())] = &[
    ("missing-rights", rights::what_is_missing_is_named_ready_to_paste_and_heals_when_granted),
    ("rights-in-namespaces", rights::rights_in_some_namespaces_are_enough_and_are_told),
    ("existing-object", instances::an_object_of_another_is_not_taken_until_it_is_handed_over),
    ("field-of-another", instances::a_field_that_another_applied_is_a_conflict_and_is_not_taken),
    ("fights", instances::a_fight_ends_and_is_told),
    ("unchanged-objects", budgets::a_restart_over_a_hundred_instances_writes_nothing),
    ("metadata-of-instances", instances::an_edit_of_labels_reaches_what_reads_them),
    ("other-namespaces", defects::items_of_a_collection_in_other_namespaces_are_repaired),
    ("deleted-definition", definitions::a_definition_waits_for_its_instances),
    ("long-instance-names", instances::a_name_that_fits_no_label_does),
    ("own-fate", instances::what_is_to_stay_stays_and_is_nobodys),
    ("author-conditions", kro::where_an_author_declares_conditions_no_others_are_written),
    ("revision-hash", kro::what_cairn_leaves_is_as_kro_leaves_it),
];

#[test]
fn every_row_has_a_test() {
    let tests: BTreeSet<&str> = TESTS.iter().map(|(name, _)| *name).collect();
    let rows: BTreeSet<&str> = DIFFERENCES.iter().map(|row| row.name).collect();
    assert_eq!(rows, tests);
    assert_eq!((DIFFERENCES.len(), TESTS.len()), (rows.len(), tests.len()));
}
