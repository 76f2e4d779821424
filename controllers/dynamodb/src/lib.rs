//! Kinds of Amazon DynamoDB.
