//! What an operator counts, as Prometheus reads it.

use std::collections::BTreeMap;

/// The counter of requests to AWS.
const REQUESTS: &str = "cairn_aws_requests_total";

/// One line of metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The name of the series.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
}

/// Reads the text format; lines that are not samples are passed over.
#[must_use]
pub fn samples(text: &str) -> Vec<Sample> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(sample).collect()
}

/// By AWS's own habit of naming, what reads begins with one of three words.
pub(super) fn mutations(samples: &[Sample]) -> f64 {
    let reads = |operation: &str| ["Get", "Head", "List"].iter().any(|word| operation.starts_with(word));
    let changes = |sample: &&Sample| sample.labels.get("operation").is_some_and(|operation| !reads(operation));
    samples.iter().filter(|sample| sample.name == REQUESTS).filter(changes).map(|sample| sample.value).sum()
}

fn sample(line: &str) -> Option<Sample> {
    let (series, value) = line.rsplit_once(' ')?;
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let labels = labels.trim_end_matches('}').split(',').filter_map(label).collect();
    Some(Sample { name: name.to_owned(), labels, value: value.parse().ok()? })
}

fn label(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    Some((name.to_owned(), value.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_changes_something() {
        let text = "# TYPE cairn_aws_requests counter\n\
            cairn_aws_requests_total{service=\"s3\",operation=\"CreateBucket\",outcome=\"ok\"} 2\n\
            cairn_aws_requests_total{service=\"s3\",operation=\"PutBucketTagging\",outcome=\"ok\"} 1\n\
            cairn_aws_requests_total{service=\"s3\",operation=\"HeadBucket\",outcome=\"ok\"} 8\n\
            other_total{operation=\"CreateBucket\"} 64\nup 1\n# EOF\n";
        let samples = samples(text);
        assert!((mutations(&samples) - 3.0).abs() < f64::EPSILON);
        assert_eq!(samples.len(), 5);
    }
}
