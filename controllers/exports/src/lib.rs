//! `FieldExport`: values of AWS resources' objects, written into a `ConfigMap` or a `Secret`.

pub mod path;
