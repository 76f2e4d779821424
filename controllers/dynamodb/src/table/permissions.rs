//! The IAM actions that the calls about a table need. Source: the service authorization reference for Amazon DynamoDB.

use cairn_core::iam::Permission;

const fn row(operation: &'static str, actions: &'static [&'static str]) -> Permission {
    Permission { operation, actions }
}

pub(super) const PERMISSIONS: &[Permission] = &[
    row("CreateTable", &["dynamodb:CreateTable", "dynamodb:TagResource"]),
    row("DeleteTable", &["dynamodb:DeleteTable"]),
    row("DeleteResourcePolicy", &["dynamodb:DeleteResourcePolicy"]),
    row("DescribeContinuousBackups", &["dynamodb:DescribeContinuousBackups"]),
    row("DescribeContributorInsights", &["dynamodb:DescribeContributorInsights"]),
    row("DescribeTable", &["dynamodb:DescribeTable"]),
    row("DescribeTimeToLive", &["dynamodb:DescribeTimeToLive"]),
    row("GetResourcePolicy", &["dynamodb:GetResourcePolicy"]),
    row("ListTagsOfResource", &["dynamodb:ListTagsOfResource"]),
    row("PutResourcePolicy", &["dynamodb:PutResourcePolicy"]),
    row("TagResource", &["dynamodb:TagResource"]),
    row("UntagResource", &["dynamodb:UntagResource"]),
    row("UpdateContinuousBackups", &["dynamodb:UpdateContinuousBackups"]),
    row("UpdateContributorInsights", &["dynamodb:UpdateContributorInsights"]),
    row("UpdateTable", &["dynamodb:UpdateTable"]),
    row("UpdateTimeToLive", &["dynamodb:UpdateTimeToLive"]),
];
