//! A request to the control plane, with the parameters that its row of the table declares.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use crate::base::limits::PAGE_ROWS_DEFAULT;
use crate::contract::fields::{Cell, OwnedRow};
use crate::web::params::Pairs;

/// A request whose route is known, with what its row in the table lets in.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(super) path: Pairs,
    pub(super) query: OwnedRow,
    pub(super) body: Value,
    /// The body as it came.
    pub(super) bytes: Bytes,
    pub(super) headers: HeaderMap,
    /// Whether the body is TOML and not JSON.
    pub(super) is_toml: bool,
    /// The body as a row, where the table has fields for it.
    pub(super) row: Option<OwnedRow>,
}

impl Asked {
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.first(name).unwrap_or_default()
    }

    /// A query parameter that is text.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.parameter(name)?.as_text()
    }

    /// A query parameter that is a number; its row in the table says of what size.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.as_int().and_then(|number| number.try_into().ok())
    }

    fn parameter(&self, name: &str) -> Option<&Cell<'static>> {
        let idx = self.query.fields().iter().position(|field| field.name == name)?;
        Some(self.query.cell(idx))
    }

    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, an empty object where there is none.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    /// A query parameter that is true or false.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.parameter(name)? {
            Cell::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The body where it is a scenario in TOML.
    pub(crate) fn toml(&self) -> Option<&[u8]> {
        self.is_toml.then_some(&self.bytes)
    }

    /// The body as it came: a file.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The body as a row of the route's fields.
    pub(crate) fn row(&self) -> &OwnedRow {
        self.row.as_ref().expect("the route's row in the table has fields")
    }

    /// How many rows the page may have.
    pub(crate) fn limit(&self) -> usize {
        let limit = self.number("limit").and_then(|limit| limit.try_into().ok());
        limit.unwrap_or(PAGE_ROWS_DEFAULT)
    }
}
