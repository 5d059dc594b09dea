//! All that a vendor names, in one import: `use ringback::contract::prelude::*;`.

pub use crate::base::time::{Instant, Span};
pub use crate::contract::api::Api;
pub use crate::contract::board::Board;
pub use crate::contract::cx::{Cx, Tx};
pub use crate::contract::event::{self, Event, EventError};
pub use crate::contract::evidence::Evidence;
pub use crate::contract::fields::{Field, Kind, Row, Rows};
pub use crate::contract::operation::{Access, Call, Operation, Routed};
pub use crate::contract::oracle::Oracle;
pub use crate::contract::read_back::{Omitted, ReadBack};
pub use crate::contract::reply::{InternalError, Refusal, Reply};
pub use crate::contract::secret::Secret;
pub use crate::contract::section::{self, Section, SeedError};
pub use crate::contract::surface::{Credential, Gap, Generator, Host, Surface, Table, WireField};
pub use crate::contract::timer::{self, Timer};
pub use crate::contract::traffic::kind::{Traffic, TrafficKind};
pub use crate::contract::variant::Variant;
pub use crate::contract::vendor::{Statements, Trace, Vendor};
pub use crate::web::message::{Request, Response};
pub use crate::web::params::{Json, Pairs, Params, decode_segment};
pub use http::{HeaderName, HeaderValue, Method, StatusCode};
pub use rusqlite::{Connection, OptionalExtension};
