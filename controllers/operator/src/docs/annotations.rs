//! `docs/annotations.md`.

use cairn_crds::{
    Groups,
    annotation::{ANNOTATIONS, Annotation, Form, Place, Writer},
};

use super::markdown::{code, table};

const INTRODUCTION: &str = "\
# Annotations

What people ask of Cairn by annotations on objects of AWS kinds and on their Namespaces. The keys are those of the default
group `aws.cairn.run`; with `aws.groupSuffix` set to `services.k8s.aws` they are ACK's. A change takes effect at once.

";

const RULES: &str = "
## Rules

- A value that cannot be read is an error on the object (`InvalidSpec`), which names the key, the value and what is
  expected. It never stands for a default: nothing is changed and nothing is deleted until it is corrected.
- `false` is as if the annotation were absent: it does not lift what the Namespace or a flag says.
- With the chart's `admission.enabled`, the API server itself refuses keys under our prefixes that are not in this table,
  and values that cannot be read. What was there before stays and stands in nobody's way. Under ACK's names, keys of the
  form `<service>.services.k8s.aws/…` are ACK's and are taken as they are.
- With it the API server also refuses to delete an object that `deletion-protection` protects, by itself or by its
  Namespace, and to delete such a Namespace. It refuses everybody, so a Namespace that is not protected but holds
  protected objects stays in deletion: its condition `NamespaceDeletionContentFailure` names one, and the deletion goes
  on within a minute of the annotation being taken away.
- Nothing that an author can write is evidence of ownership: no annotation makes a resource of somebody else's this
  object's.
";

const GRAPHS: &str = "
## Definitions and instances of graphs

The keys are those of the default group `cairn.run`; with `graph.group` set to `kro.run` they are kro's.

";

/// Key behind the group, where it is honoured, value, meaning, and how that compares with kro.
const OF_GRAPHS: &[[&str; 5]] = &[
    [
        "reconcile",
        "instances",
        "`suspended`",
        "Nothing is done for the instance until this is taken away. Deleting it is not held up.",
        "as kro",
    ],
    [
        "requested-at",
        "definitions, instances",
        "any text",
        "Look now, and try at once what was refused or stood in the way; for a definition ask anew what the operator may \
         do. Any new value does. `status.lastHandledReconcileAt` repeats it when that is done, but not on instances under \
         kro's group, whose kinds have no such field. `reconcile.fluxcd.io/requestedAt` does the same; of the two the later \
         counts.",
        "not in kro",
    ],
    [
        "allow-breaking-changes",
        "definitions",
        "`true`",
        "Change the kind although instances may break.",
        "as kro, and the refusal names whom it breaks",
    ],
    [
        "deletion-policy",
        "definitions",
        "`retain`",
        "When the definition is deleted, let its instances go as they are instead of waiting until they are gone.",
        "not in kro",
    ],
];

pub(super) fn page() -> String {
    let of_graphs = OF_GRAPHS.iter().map(|[key, more @ ..]| {
        let [on, value, meaning, kro] = more.map(str::to_owned);
        [code(&Groups::default().graph_key(key)), on, value, meaning, kro]
    });
    INTRODUCTION.to_owned()
        + &table(["annotation", "on", "value", "meaning", "ACK"], ANNOTATIONS.iter().map(row))
        + RULES
        + GRAPHS
        + &table(["annotation", "on", "value", "meaning", "kro"], of_graphs)
}

fn row(row: &Annotation) -> [String; 5] {
    [
        code(&row.name(&Groups::default(), "<service>")),
        place(row.place).to_owned(),
        value(row.form),
        format!("{}{}", row.meaning, written_by(row.writer)),
        row.ack.to_owned(),
    ]
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Object => "objects",
        Place::Namespace => "Namespaces",
        Place::Both => "objects, Namespaces",
    }
}

fn written_by(writer: Writer) -> &'static str {
    match writer {
        Writer::People => "",
        Writer::Controller => " Written by Cairn.",
    }
}

fn value(form: Form) -> String {
    match form {
        Form::Words(words) => words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", "),
        Form::Boolean => "`true`, `false`".into(),
        Form::Moment => format!("time, {}", code(form.example())),
        Form::Period => format!("seconds or duration, `600`, {}", code(form.example())),
        Form::Strings => format!("JSON object of strings, {}", code(form.example())),
        Form::FieldPaths => format!("fields, {}", code(form.example())),
        Form::Region => format!("region, {}", code(form.example())),
        Form::Account => format!("account, {}", code(form.example())),
        Form::Text => "any text".into(),
        Form::NotOffered { instead } => format!("not offered: {instead}"),
    }
}
