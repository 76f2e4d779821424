//! Which objects something is about: types that several parts share.

use crate::wire::wire;

wire! { try struct Tag { "key" => key, "value" => value } }
