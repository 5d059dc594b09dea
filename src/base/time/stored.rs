//! Times in stored JSON: whole numbers of milliseconds, in members whose names end in `_ms`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::time::instant::Instant;
use crate::base::time::span::Span;

macro_rules! milliseconds {
    ($($time:ty),+) => {
        $(
            impl Serialize for $time {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.as_millis().serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for $time {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let ms = i64::deserialize(deserializer)?;
                    Self::try_from_millis(ms).map_err(D::Error::custom)
                }
            }
        )+
    };
}

milliseconds!(Instant, Span);
