//! What is measured: a kind, held against the model of its service's API.

use cairn_aws::Sessions;
use cairn_crds::Kind;
use cairn_runtime::kind::ManagedKind;
use cairn_testkit::aws::Aws;
use serde_json::Value;

use crate::{
    left_out::LeftOut,
    model::{Member, Model},
    recorder::Exchange,
    seen::Wish,
};

/// A kind whose coverage is measured.
pub(crate) trait Measured {
    /// The kind itself.
    type Managed: ManagedKind;
    /// Where a member is in a message.
    type Place: Clone + Ord;

    /// Name of the API's model.
    const MODEL: &'static str;
    /// The schema.
    const KIND: &'static Kind;
    /// What no schema says of a text, by the beginning of the field's name or the whole pattern.
    const TEXTS: Texts;
    /// What does not make the round trip.
    const LEFT_OUT: &'static [LeftOut];

    fn managed(sessions: Sessions) -> Self::Managed;

    /// All members of operations that write or read what is configured.
    fn members(model: &Model) -> Vec<Member<Self::Place>>;

    /// Where the member of a structure is; `None` where the model goes on and the message does not.
    fn inside(place: &Self::Place, name: &str, member: &Value) -> Option<Self::Place>;

    /// Where the items of a list are, which is given as its shape and as what refers to it.
    fn item(place: &Self::Place, shape: &Value, reference: &Value) -> Self::Place;

    /// Two generated specs as ones that the same resource can have one after the other.
    fn coherent(pair: (Value, Value)) -> [Value; 2];

    /// Coherent pairs for what is too seldom generated.
    fn rare() -> Vec<[Value; 2]> {
        Vec::new()
    }

    /// Makes what the specs name beside the resource, and names it in them.
    async fn prepare(_aws: &Aws, _specs: &mut [Value; 2]) {}

    /// What a request wants to be configured.
    fn asked(exchange: &Exchange) -> Vec<Wish<Self::Place>>;

    /// What an answer tells, each with its value.
    fn told(exchange: &Exchange) -> Vec<(Self::Place, String)>;
}

/// Texts by what they are for.
pub(crate) type Texts = &'static [(&'static str, &'static [&'static str])];
