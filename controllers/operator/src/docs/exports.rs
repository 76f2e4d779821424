//! `docs/field-exports.md`.

use cairn_core::condition::{self, Standing};
use cairn_exports::{Reason, path};
use k8s_openapi::jiff::Timestamp;

use super::markdown::{code, table};

const INTRODUCTION: &str = "\
# Field exports

A `FieldExport` writes values of an AWS resource's object into a `ConfigMap` or a `Secret`, where applications find them:
one value by `spec.from.path` and `spec.to.key`, as with ACK, or several by `spec.values`. `examples/field-export` has one.

- Values are written once the source is Ready, follow it by watch, and stay while it is not. A text is written as it is,
  everything else as JSON. Of several values all are written together.
- The target is created when it does not exist, and then belongs to the exports in it: the garbage collector removes it
  with the last of them, unless somebody else has written into it. In another namespace an empty object stays behind,
  because Kubernetes knows no owners across namespaces and Cairn has no right to delete.
- Each export applies its keys under a field manager of its own. Exports share a target without touching each other's
  keys; a key that anybody else has set to another value is a conflict, which is said and never forced.
- When the export is deleted, or writes elsewhere, its keys are taken out of the target, and nothing else is.
- Targets are not watched, so that Cairn needs no right to list ConfigMaps or Secrets. What somebody has deleted there comes
  back when the source changes, or when the export is given a new value of the annotation `requested-at`.
- A target in another namespace needs an `AWSReferenceGrant` in that namespace, which names the group and kind of the
  export, its namespace, and the kind (and name, if it likes) of the target. `--enable-cross-namespace` does without.
- Under ACK's group suffix, exports whose source is in a group that Cairn does not look after are left alone, and the values
  of exports that ACK has managed are taken over.
";

const PATHS: &str = "
## Paths

";

const REASONS: &str = "
## Reasons

All conditions of an export have the same reason. Who can act is the

";

pub(super) fn page() -> String {
    let paths = format!(
        "A path is a part of jq that always comes to an end: ACK runs any program, which may never do. There are {}. The first \
         result counts, and `null` is none. A path is at most {} bytes long.\n",
        path::SUPPORTED,
        path::LONGEST
    );
    let reasons = table(["reason", "conditions", "meaning", "who can act"], Reason::ALL.map(row));
    let actors = "- **author**: whoever writes the export\n- **platform**: whoever runs Cairn in the cluster\n\n";
    format!("{INTRODUCTION}{PATHS}{paths}{REASONS}{actors}{reasons}")
}

fn row(reason: Reason) -> [String; 4] {
    let standing = Standing { progress: reason.progress(), reason: reason.as_str(), message: "" };
    let conditions = condition::conditions_of(&[], standing, None, Timestamp::UNIX_EPOCH);
    let each = conditions.iter().map(|one| code(&format!("{}={}", one.type_, one.status)));
    let conditions = each.collect::<Vec<_>>().join(", ");
    [code(reason.as_str()), conditions, reason.meaning().to_owned(), reason.actor().to_owned()]
}
