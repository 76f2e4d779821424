//! `docs/metrics.md`.

use cairn_runtime::metrics::{Description, Metrics};

use super::markdown::{code, table};

const INTRODUCTION: &str = "\
# Metrics and log lines

Metrics are served at `/metrics` of `--metrics-addr`, in the text format of OpenMetrics. Durations are in seconds, and a
histogram has the series `_bucket`, `_sum` and `_count`. Values of labels that come from outside, such as codes of AWS, are
told apart up to some thousands; further ones count as `other`.

";

const LOG: &str = "
## Log lines

Lines are JSON on standard error, unless `--log-format=text` asks for text; `--log-level` filters them, by module where
that is wanted. Every line that is written in a reconcile has the span `reconcile`, with

- `kind` and `object`, its namespace and name;
- `reconcile`, the number of the reconcile among those of its kind in this process;
- `aws_request_id`, AWS's id of the last request that was answered in it, for AWS's support.

On the level `debug` there is a line for each attempt at AWS. On the level `trace` the lines of AWS's SDK are left out,
whatever the filter says, because they show credentials and what comes out of Secrets.
";

pub(super) fn page() -> String {
    let metrics = Metrics::new();
    let rows = metrics.descriptions().iter().map(row);
    format!("{INTRODUCTION}{}{LOG}", table(["metric", "type", "labels", "meaning"], rows))
}

fn row(one: &Description) -> [String; 4] {
    let labels: Vec<_> = one.labels.iter().map(|label| code(label)).collect();
    [code(&one.name), one.form.as_str().to_owned(), labels.join(", "), one.meaning.to_owned()]
}
