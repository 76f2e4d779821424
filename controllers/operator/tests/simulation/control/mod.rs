//! Kinds of S3 Control.

mod access_points;
mod account;
