//! The flag that names the group of the kinds that definitions make.

use cairn_crds::{Groups, InvalidGroup};
use clap::Args;

/// A group that no kind of a definition can have.
#[derive(Debug, thiserror::Error)]
#[error("--graph-instance-group: {0}")]
pub struct InvalidInstanceGroup(String);

/// The group of what definitions make.
#[derive(Clone, Debug, Args)]
pub struct InstanceGroupArgs {
    /// The group of the kinds that definitions make that name no group; by default that of the definitions themselves
    #[arg(long, env = "CAIRN_GRAPH_INSTANCE_GROUP", value_name = "GROUP")]
    pub graph_instance_group: Option<String>,
}

impl InstanceGroupArgs {
    /// The checked name; that of the definitions where none is given, or an empty one, as charts render it.
    ///
    /// # Errors
    /// It is no group name, or belongs to the operator itself.
    pub fn instance_group(&self, groups: &Groups) -> Result<String, InvalidInstanceGroup> {
        let Some(group) = self.graph_instance_group.as_ref().filter(|group| !group.is_empty()) else {
            return Ok(groups.graph().to_owned());
        };
        if !Groups::is_group_name(group) {
            return Err(InvalidInstanceGroup(InvalidGroup { name: group.clone() }.to_string()));
        }
        if groups.is_ours_alone(group) {
            return Err(InvalidInstanceGroup(format!("`{group}` belongs to the operator itself")));
        }
        Ok(group.clone())
    }
}
