//! Where definitions and instances are looked after otherwise than by kro, on purpose: more of the table of
//! [`cairn_graph::differences`]. Each row has a test.

use cairn_graph::differences::{
    Difference,
    Effect::{Accepted, Differs, RefusedEarlier},
    row,
};

/// Every difference.
#[rustfmt::skip]
pub const DIFFERENCES: &[Difference] = &[
    row("missing-rights", RefusedEarlier, "A right that the operator lacks is found out when an object is applied, or when a watch cannot begin, which stalls every definition.", "It is found out before the definition takes effect, and is named with the ClusterRole that grants it; only who needs it waits."),
    row("rights-in-namespaces", Differs, "What may be written where is found out by trying.", "A right that role bindings grant in some namespaces is enough for a definition, and its condition says so; the watches need theirs in all."),
    row("existing-object", Differs, "An object that exists and that nobody applied is taken over without a word, and deleted with the instance.", "It blocks its resource, and the message names the labels by which it is handed over."),
    row("field-of-another", Differs, "A field that another manager applied is taken by force.", "It is a conflict, which is named and not forced. What somebody updated is put back."),
    row("fights", Differs, "What somebody changes again and again is put back again and again.", "After ten times within a minute it is told, and put back no more often than that."),
    row("unchanged-objects", Differs, "Every reconcile applies every object.", "An object is applied when it is to be something else than what was applied last, or when somebody changed it."),
    row("metadata-of-instances", Differs, "Edits of labels and annotations that templates read are not followed.", "They are."),
    row("other-namespaces", Differs, "Elements of a collection in other namespaces than the instance's are not repaired.", "They are, like every other object."),
    row("deleted-definition", Differs, "A definition that is deleted goes at once, and its instances cannot be deleted any more.", "It waits for its instances and names them; with the annotation `deletion-policy: retain` it lets them go as they are."),
    row("long-instance-names", Accepted, "An instance, or a definition, with a name that fits no label fails.", "The label holds a hash of it."),
    row("own-fate", Accepted, "`deletionPolicy` and `externalFields` of a resource are not known, or need a feature gate.", "They are always there."),
    row("author-conditions", Differs, "Where a definition declares conditions, no others are written.", "Under kro's group it is so too; under another the operator's own are written beside them."),
    row("revision-hash", Differs, "The label `graph-revision-hash` is a hash of kro's own form of the definition.", "It is a hash of ours. A kro that takes over again issues one revision more of the same content, and makes no resource anew."),
];
