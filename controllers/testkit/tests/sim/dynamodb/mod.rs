//! DynamoDB: the model by values, and the wire through the real client.

mod create;
mod create_values;
mod faults;
mod indexes;
mod lists;
mod settings;
mod support;
mod transitions;
mod update;
mod wire;
