//! Application Auto Scaling, as far as it is about DynamoDB.
//!
//! It registers which capacities may be changed within which bounds, and by which policies. What it would do over time
//! is left to tests: nothing here reads a metric.

mod policy;
mod register;
mod replica;
mod shape;
mod tagging;
mod target;

pub(super) use self::target::{Scaling, is_write_scaled};
pub use self::{
    shape::{
        DeleteScalingPolicy, DeregisterScalableTarget, DescribeScalableTargets, DescribeScalingPolicies, Dimension,
        ListTagsForResource, MetricType, PolicyType, PredefinedMetric, PutScalingPolicy, RegisterScalableTarget,
        SuspendedState, TagTarget, TrackingPolicy, UntagTarget,
    },
    target::{ScalableTarget, ScalingPolicy},
};
use super::request::requests;

/// `TagResource` of this service, which DynamoDB has too.
type TagResource = TagTarget;

/// `UntagResource` of this service, which DynamoDB has too.
type UntagResource = UntagTarget;

// Each operation, and whether it only reads.
requests! {
    /// A request to Application Auto Scaling.
    ScalingRequest of "Application Auto Scaling" {
        DeleteScalingPolicy: false,
        DeregisterScalableTarget: false,
        DescribeScalableTargets: true,
        DescribeScalingPolicies: true,
        ListTagsForResource: true,
        PutScalingPolicy: false,
        RegisterScalableTarget: false,
        TagResource: false,
        UntagResource: false,
    }
}
