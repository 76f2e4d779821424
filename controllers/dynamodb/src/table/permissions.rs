//! The IAM actions that the calls about a table need. Source: the service authorization reference for Amazon DynamoDB.

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
    row("DeleteTable", &["dynamodb:DeleteTable"]),
    row("DeleteResourcePolicy", &["dynamodb:DeleteResourcePolicy"]),
    row("DescribeContinuousBackups", &["dynamodb:DescribeContinuousBackups"]),
    row("DescribeContributorInsights", &["dynamodb:DescribeContributorInsights"]),
    row("DescribeKinesisStreamingDestination", &["dynamodb:DescribeKinesisStreamingDestination"]),
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
