//! Times as JSON 1.0 has them.

use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A time, which is seconds since 1970 on the wire, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.as_duration().as_secs_f64())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = SignedDuration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let time = Timestamp::from_duration(seconds).map_err(D::Error::custom)?;
        time.round(TimestampRound::new().smallest(Unit::Millisecond)).map(Self).map_err(D::Error::custom)
    }
}
