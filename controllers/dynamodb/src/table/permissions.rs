//! The IAM actions that the calls about a table need. Source: the service authorization reference for Amazon DynamoDB.

use cairn_core::iam::Permission;

const fn row(operation: &'static str, actions: &'static [&'static str]) -> Permission {
    Permission { operation, actions }
}

pub(super) const PERMISSIONS: &[Permission] = &[
    row("CreateTable", &["dynamodb:CreateTable", "dynamodb:TagResource"]),
    row("DeleteTable", &["dynamodb:DeleteTable"]),
    row("DescribeTable", &["dynamodb:DescribeTable"]),
    row("ListTagsOfResource", &["dynamodb:ListTagsOfResource"]),
    row("TagResource", &["dynamodb:TagResource"]),
    row("UntagResource", &["dynamodb:UntagResource"]),
    row("UpdateTable", &["dynamodb:UpdateTable"]),
];
