//! The IAM actions that the calls about a table need. Source: the service authorization references for Amazon DynamoDB
//! and AWS Application Auto Scaling.

use cairn_core::iam::Permission;

const fn row(operation: &'static str, actions: &'static [&'static str]) -> Permission {
    Permission { operation, actions }
}

/// Actions of an operation for which DynamoDB copies items on behalf of the caller, with those that it does that by.
macro_rules! copying {
    ($($action:literal),+) => {
        [
            $($action,)+
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
        ]
    };
}

pub(super) const PERMISSIONS: &[Permission] = &[
    row("CreateBackup", &["dynamodb:CreateBackup"]),
    row("CreateTable", &["dynamodb:CreateTable", "dynamodb:TagResource"]),
    row("DeleteScalingPolicy", &["application-autoscaling:DeleteScalingPolicy", "cloudwatch:DeleteAlarms"]),
    row("DeleteTable", &["dynamodb:DeleteTable"]),
    row("DeregisterScalableTarget", &["application-autoscaling:DeregisterScalableTarget", "cloudwatch:DeleteAlarms"]),
    row("DeleteResourcePolicy", &["dynamodb:DeleteResourcePolicy"]),
    row("DescribeContinuousBackups", &["dynamodb:DescribeContinuousBackups"]),
    row("DescribeContributorInsights", &["dynamodb:DescribeContributorInsights"]),
    row("DescribeKinesisStreamingDestination", &["dynamodb:DescribeKinesisStreamingDestination"]),
    row("DescribeScalableTargets", &["application-autoscaling:DescribeScalableTargets"]),
    row("DescribeScalingPolicies", &["application-autoscaling:DescribeScalingPolicies"]),
    row("DescribeTable", &["dynamodb:DescribeTable"]),
    row("DescribeTimeToLive", &["dynamodb:DescribeTimeToLive"]),
    row("DisableKinesisStreamingDestination", &["dynamodb:DisableKinesisStreamingDestination"]),
    row(
        "EnableKinesisStreamingDestination",
        &[
            "dynamodb:EnableKinesisStreamingDestination",
            "kinesis:DescribeStream",
            "kinesis:PutRecord",
            "kinesis:PutRecords",
        ],
    ),
    row("GetResourcePolicy", &["dynamodb:GetResourcePolicy"]),
    row("ListBackups", &["dynamodb:ListBackups"]),
    row("DescribeImport", &["dynamodb:DescribeImport"]),
    // DynamoDB writes what it could not import to a log of its own. That the role reads the source's objects is for whoever
    // owns the bucket to permit: the operator itself reads no data. Source: DynamoDB developer guide, "Requesting a table
    // import in DynamoDB", IAM permissions.
    row(
        "ImportTable",
        &[
            "dynamodb:ImportTable",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:PutRetentionPolicy",
        ],
    ),
    row("DescribeKey", &["kms:DescribeKey"]),
    row("ListImports", &["dynamodb:ListImports"]),
    row("ListContributorInsights", &["dynamodb:ListContributorInsights"]),
    row("ListTagsOfResource", &["dynamodb:ListTagsOfResource"]),
    row("PutResourcePolicy", &["dynamodb:PutResourcePolicy"]),
    // What Application Auto Scaling does on behalf of the caller. Source: Application Auto Scaling user guide,
    // "Identity-based policy examples".
    row(
        "PutScalingPolicy",
        &[
            "application-autoscaling:PutScalingPolicy",
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:PutMetricAlarm",
        ],
    ),
    // The first target of an account brings the role by which its capacity is changed. Source: the same guide,
    // "Service-linked roles".
    row(
        "RegisterScalableTarget",
        &[
            "application-autoscaling:RegisterScalableTarget",
            "dynamodb:DescribeTable",
            "dynamodb:UpdateTable",
            "iam:CreateServiceLinkedRole",
        ],
    ),
    // Source: DynamoDB developer guide, "Using IAM with DynamoDB backup and restore".
    row("RestoreTableFromBackup", &copying!("dynamodb:RestoreTableFromBackup")),
    row("RestoreTableToPointInTime", &copying!("dynamodb:RestoreTableToPointInTime")),
    row("TagResource", &["dynamodb:TagResource"]),
    row("UntagResource", &["dynamodb:UntagResource"]),
    row("UpdateContinuousBackups", &["dynamodb:UpdateContinuousBackups"]),
    row("UpdateContributorInsights", &["dynamodb:UpdateContributorInsights"]),
    row("UpdateKinesisStreamingDestination", &["dynamodb:UpdateKinesisStreamingDestination"]),
    // What a replica takes beside the update itself. Source: DynamoDB developer guide, "Using IAM with global tables".
    row(
        "UpdateTable",
        &copying!(
            "dynamodb:UpdateTable",
            "dynamodb:CreateTable",
            "dynamodb:CreateTableReplica",
            "dynamodb:DeleteTable",
            "dynamodb:DeleteTableReplica"
        ),
    ),
    row("UpdateTimeToLive", &["dynamodb:UpdateTimeToLive"]),
];

pub(super) const RESOURCES: &[&str] = &[
    "arn:{partition}:dynamodb:*:*:table/*",
    "arn:{partition}:kms:*:*:key/*",
    "arn:{partition}:kinesis:*:*:stream/*",
    "arn:{partition}:logs:*:*:log-group:/aws-dynamodb/*",
    "arn:{partition}:application-autoscaling:*:*:scalable-target/*",
    "arn:{partition}:cloudwatch:*:*:alarm:TargetTracking-table/*",
    "arn:{partition}:iam::*:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/*",
];
