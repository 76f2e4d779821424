//! What the capacities are called that can be scaled.

use aws_sdk_applicationautoscaling::types::{MetricType, ScalableDimension};

/// Reads or writes of a table, or of an index of it, where the table's object has it or in the region of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super::super) struct Capacity<'n> {
    /// Region of a replica.
    pub(in super::super::super) region: Option<&'n str>,
    /// Name of an index.
    pub(in super::super::super) index: Option<&'n str>,
    /// Reads, or else writes.
    pub(in super::super::super) reads: bool,
}

/// The longest name of a policy. Source: Application Auto Scaling API reference, `PutScalingPolicy.PolicyName`.
const LONGEST: usize = 256;

const INDEX: &str = "index";

impl<'n> Capacity<'n> {
    /// From [`Capacity::name`].
    pub(in super::super::super) fn parse(name: &'n str) -> Option<Self> {
        let (region, index, which) = match *name.split('/').collect::<Vec<_>>().as_slice() {
            [which] => (None, None, which),
            [region, which] => (Some(region), None, which),
            [INDEX, index, which] => (None, Some(index), which),
            [region, INDEX, index, which] => (Some(region), Some(index), which),
            _ => return None,
        };
        let reads = match which {
            "read" => true,
            "write" => false,
            _ => return None,
        };
        Some(Self { region, index, reads })
    }

    /// The capacity that Application Auto Scaling names so, if it is one of this table.
    pub(super) fn of(resource: &'n str, dimension: &ScalableDimension, table: &str) -> Option<Self> {
        let index = match resource.strip_prefix("table/")?.strip_prefix(table)? {
            "" => None,
            rest => Some(rest.strip_prefix('/')?.strip_prefix(INDEX)?.strip_prefix('/')?),
        };
        [true, false]
            .into_iter()
            .map(|reads| Self { region: None, index, reads })
            .find(|capacity| capacity.dimension() == *dimension)
    }

    /// Its name in a record: `read`, `index/by-date/write`, `eu-west-1/read` for a replica. Neither regions nor indexes
    /// have a slash in their names.
    pub(in super::super::super) fn name(&self) -> String {
        let which = if self.reads { "read" } else { "write" };
        let index = self.index.map(|index| [INDEX, index]);
        let all: Vec<_> = self.region.into_iter().chain(index.into_iter().flatten()).chain([which]).collect();
        all.join("/")
    }

    /// The member of a throughput that it is.
    pub(in super::super::super) fn unit(&self) -> &'static str {
        if self.reads { "readCapacityUnits" } else { "writeCapacityUnits" }
    }

    /// What has it, as Application Auto Scaling names it.
    pub(super) fn resource(&self, table: &str) -> String {
        match self.index {
            None => format!("table/{table}"),
            Some(index) => format!("table/{table}/{INDEX}/{index}"),
        }
    }

    pub(super) fn dimension(&self) -> ScalableDimension {
        match (self.index.is_some(), self.reads) {
            (false, true) => ScalableDimension::DynamoDbTableReadCapacityUnits,
            (false, false) => ScalableDimension::DynamoDbTableWriteCapacityUnits,
            (true, true) => ScalableDimension::DynamoDbIndexReadCapacityUnits,
            (true, false) => ScalableDimension::DynamoDbIndexWriteCapacityUnits,
        }
    }

    /// What a policy keeps at its value.
    pub(super) fn metric(&self) -> MetricType {
        if self.reads {
            MetricType::DynamoDbReadCapacityUtilization
        } else {
            MetricType::DynamoDbWriteCapacityUtilization
        }
    }

    /// Name of its policy. A policy is one of its capacity, so that names that are cut short need not differ.
    pub(super) fn policy(&self, table: &str) -> String {
        format!("{}:{}", self.metric(), self.resource(table)).chars().take(LONGEST).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_capacity() {
        for region in [None, Some("us-east-1")] {
            for index in [None, Some("index"), Some("by-date")] {
                for reads in [true, false] {
                    let capacity = Capacity { region, index, reads };
                    assert_eq!(Capacity::parse(&capacity.name()), Some(capacity), "{}", capacity.name());
                }
            }
        }
        for other in ["", "speed", "a/b/c/read", "index/x", "a/index/b/c/read"] {
            assert_eq!(Capacity::parse(other), None, "{other}");
        }
    }

    #[test]
    fn only_what_is_of_the_table_is_taken_for_it() {
        let of = |resource, dimension| Capacity::of(resource, dimension, "orders").map(|capacity| capacity.name());
        let (table, index) =
            (ScalableDimension::DynamoDbTableReadCapacityUnits, ScalableDimension::DynamoDbIndexWriteCapacityUnits);
        assert_eq!(of("table/orders", &table).as_deref(), Some("read"));
        assert_eq!(of("table/orders/index/by-date", &index).as_deref(), Some("index/by-date/write"));
        for other in ["table/orders-2", "table/order", "orders", "table/orders/shard/1"] {
            assert_eq!(of(other, &table), None, "{other}");
        }
        assert_eq!(of("table/orders", &index), None);
    }

    #[test]
    fn a_policy_is_called_after_what_it_keeps_and_never_too_long() {
        let capacity = Capacity { region: None, index: Some("by-date"), reads: false };
        let expected = "DynamoDBWriteCapacityUtilization:table/orders/index/by-date";
        assert_eq!(capacity.policy("orders"), expected);
        assert_eq!(capacity.policy(&"x".repeat(255)).len(), 256);
    }
}
