//! DynamoDB: the model by values, and the wire through the real client.

mod backups;
mod create;
mod create_values;
mod faults;
mod indexes;
mod insights;
mod kinesis;
mod lists;
mod policies;
mod random;
mod replica_scaling;
mod replica_settings;
mod replicas;
mod restore;
mod scaling;
mod settings;
mod strong;
mod support;
mod transfer;
mod transitions;
mod update;
mod wire;
mod wire_beside;
mod wire_scaling;
