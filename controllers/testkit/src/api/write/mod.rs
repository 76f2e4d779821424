//! Everything that changes objects.

mod admit;
mod configmap;
pub(crate) mod create;
mod decode;
mod definition;
pub(crate) mod delete;
mod ground;
mod metadata;
mod names;
pub(crate) mod patch;
mod scale;
mod strategy;
pub(crate) mod system;
pub(crate) mod update;

pub(crate) use self::{
    names::{label_value as label_value_faults, qualified as label_key_faults},
    scale::get as get_scale,
};
