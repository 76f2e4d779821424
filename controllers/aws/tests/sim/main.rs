//! Sessions against an in-process AWS, on virtual time.

mod endpoints;
mod roles;
mod support;
