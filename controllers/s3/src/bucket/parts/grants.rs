//! To whom something is granted, as access control lists and logs say it.

use aws_sdk_s3::types::Grantee;
use cairn_aws::wire::{Wire, built, put, take};
use serde_json::{Map, Value};

use crate::wire::{Sdk, wire};

wire! { enum Type }

/// Names that AWS ignores are left out, and with them what would only differ in them.
impl Wire<Sdk> for Grantee {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        put::<Sdk, _>(&mut object, "id", &self.id);
        put::<Sdk, _>(&mut object, "type_", &self.r#type);
        put::<Sdk, _>(&mut object, "uRI", &self.uri);
        object.into()
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        let grantee = Self::builder()
            .set_id(take::<Sdk, _>(value, "id")?)
            .set_type(take::<Sdk, _>(value, "type_")?)
            .set_uri(take::<Sdk, _>(value, "uRI")?);
        built(grantee.build())
    }
}
