//! The model of an API: its operations, and the members of what they take and answer.

use serde_json::{Map, Value};

use crate::measured::Measured;

/// One member of what an operation takes or answers.
#[derive(Clone, Debug)]
pub(crate) struct Member<P> {
    /// The operation and the way to the member, with dots: `PutBucketCors.CORSConfiguration.CORSRules.ID`.
    pub(crate) name: String,
    /// Where it is in a message.
    pub(crate) place: P,
}

/// The model, as botocore has it.
#[derive(Debug)]
pub(crate) struct Model(Value);

impl Model {
    pub(crate) fn new(model: Value) -> Self {
        Self(model)
    }

    /// The operations that AWS has not deprecated, by name.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["operations"].as_object().unwrap().iter().filter(|(_, operation)| operation["deprecated"] != true)
    }

    pub(crate) fn shape(&self, reference: &Value) -> Option<&Value> {
        self.0["shapes"].get(reference["shape"].as_str()?)
    }

    /// Members of a structure, by name.
    pub(crate) fn members_of(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
        shape["members"].as_object().into_iter().flat_map(Map::iter)
    }

    /// Adds the member and all that is in it.
    pub(crate) fn collect<M: Measured>(
        &self,
        member: Member<M::Place>,
        reference: &Value,
        members: &mut Vec<Member<M::Place>>,
    ) {
        self.below::<M>(member, reference, &mut Vec::new(), members);
    }

    fn below<M: Measured>(
        &self,
        member: Member<M::Place>,
        reference: &Value,
        above: &mut Vec<String>,
        members: &mut Vec<Member<M::Place>>,
    ) {
        let name = reference["shape"].as_str().unwrap_or_default().to_owned();
        let shape = self.shape(reference).filter(|_| !above.contains(&name));
        above.push(name);
        match shape.map(|shape| (shape, shape["type"].as_str())) {
            // An item has the list's name, and stands for it.
            Some((shape, Some("list"))) => {
                let place = M::item(&member.place, shape, reference);
                self.below::<M>(Member { place, ..member }, &shape["member"], above, members);
            }
            Some((shape, Some("structure"))) => {
                members.push(member.clone());
                for (name, inner) in Self::members_of(shape) {
                    let Some(place) = M::inside(&member.place, name, inner) else { continue };
                    let inner_of = Member { name: format!("{}.{name}", member.name), place };
                    self.below::<M>(inner_of, inner, above, members);
                }
            }
            _ => members.push(member),
        }
        above.pop();
    }
}
