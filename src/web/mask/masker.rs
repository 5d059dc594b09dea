//! The masker: what its callers see of this folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::known::Known;
use super::memo::Memo;
use super::names::{Names, Spot};
use super::scan::Scan;
use super::sought::{Manner, Sought, note};
use super::{header, tag};
use crate::base::hex::hex;
use crate::base::planted::{self, Fault as Planted};

/// A value that is a secret, as it may be shown.
pub(crate) fn tagged(value: &str) -> String {
    tag::of(value.as_bytes(), true)
}

/// Whether a text is nothing but what stands in place of a secret.
pub(crate) fn is_tag(text: &str) -> bool {
    tag::is_tag(text.as_bytes())
}

/// Masks what must not be shown. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    names: Names,
    known: Known,
    show: bool,
    memo: Memo,
    /// How many hex digits a credential has that is told by them.
    digits: Option<usize>,
    /// For what these vendors were sent, whose credentials are digests.
    of: Arc<BTreeMap<&'static str, Masker>>,
}

/// A body, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Masked {
    Text(String),
    /// It is no UTF-8. What was found in it is masked.
    Bytes(Vec<u8>),
    /// It is compressed, so that nothing can be found in it; this is all that is told.
    Opaque {
        /// Length in bytes.
        bytes: usize,
        /// Of the bytes as they came, in hex.
        sha256: String,
    },
}

impl Masker {
    /// With `show`, secrets are shown but for those that are always masked, and card numbers.
    pub fn new(names: &Names, known: &Known, show: bool) -> Self {
        let (memo, digits, of) = Default::default();
        Masker { names: names.clone(), known: known.clone(), show, memo, digits, of }
    }

    /// With vendors whose credentials are so many hex digits, each request's own.
    #[must_use]
    pub(crate) fn with_digests(self, vendors: impl Iterator<Item = (&'static str, usize)>) -> Self {
        let of = vendors.map(|(vendor, digits)| {
            let plain = Masker::new(&self.names, &self.known, self.show);
            (vendor, Masker { digits: Some(digits), ..plain })
        });
        Masker { of: Arc::new(of.collect()), ..self }
    }

    /// For what a vendor was sent or answered, by its name.
    pub(crate) fn of(&self, vendor: Option<&str>) -> &Masker {
        vendor.and_then(|name| self.of.get(name)).unwrap_or(self)
    }

    /// A body, a dump, a log line or any other text.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask(Manner::Any, text)
    }

    /// The target of a request, an address, or a query with or without `?`.
    pub fn query<'t>(&self, query: &'t str) -> Cow<'t, str> {
        self.mask(Manner::Query, query)
    }

    /// A sentence of ours: a reason, a hint, an error. It may name secrets as words; values in it
    /// are masked.
    pub fn sentence<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask(Manner::Sentence, text)
    }

    /// A text that has to stay of use: known values and cards in unusual spellings are replaced by a
    /// plain word. Names mean nothing, and what is only near a credential stays.
    pub(crate) fn values<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask(Manner::Values, text)
    }

    fn mask<'t>(&self, manner: Manner, text: &'t str) -> Cow<'t, str> {
        match self.scan(manner).masked(text.as_bytes()) {
            Some(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    fn scan(&self, manner: Manner) -> Scan<'_> {
        Scan::new(self.sought(manner), &self.known)
    }

    fn sought(&self, manner: Manner) -> Sought<'_> {
        Sought { names: &self.names, show: self.show, manner, digits: self.digits }
    }

    /// The value of a header. Of credentials, the scheme is kept; of cookies, the names.
    pub fn header<'v>(&self, name: &str, value: &'v str) -> Cow<'v, str> {
        if name == "referer" && planted::is(Planted::RefererIsNotMasked) {
            return Cow::Borrowed(value);
        }
        self.memo.shown(name, value, || self.header_anew(name, value))
    }

    /// The name of a header.
    pub fn header_name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        // No header has an empty name.
        self.memo.shown("", name, || self.text(name))
    }

    fn header_anew<'v>(&self, name: &str, value: &'v str) -> Cow<'v, str> {
        let mut scan = self.scan(Manner::Header);
        let mut found = Vec::new();
        let (sought, text) = (self.sought(Manner::Header), value.as_bytes());
        if let Some(standing) = header::standing(name.as_bytes()) {
            header::values(&sought, text, standing, 0..text.len(), &mut found);
        } else if let Some(always) = sought.always(name.as_bytes(), Spot::Field) {
            note(text, 0..text.len(), always, &mut found);
        }
        scan.cover(text, found);
        match scan.masked(text) {
            Some(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
            None => Cow::Borrowed(value),
        }
    }

    /// A body; `None` where it may be shown as it is. `encoding` is its `Content-Encoding`, if it has
    /// one.
    pub fn body(&self, body: &[u8], encoding: Option<&str>) -> Option<Masked> {
        let text = std::str::from_utf8(body);
        let is_coded = || encoding.is_some_and(|it| !it.trim().eq_ignore_ascii_case("identity"));
        if !self.show && (is_compressed(body) || text.is_err() && is_coded()) {
            return Some(Masked::Opaque { bytes: body.len(), sha256: hex(&Sha256::digest(body)) });
        }
        let shown = self.scan(Manner::Any).masked(body)?;
        Some(match String::from_utf8(shown) {
            Ok(shown) if text.is_ok() => Masked::Text(shown),
            Ok(shown) => Masked::Bytes(shown.into_bytes()),
            Err(error) => Masked::Bytes(error.into_bytes()),
        })
    }

    /// A value: what stands under a secret's name is masked, and every text is read as a body is.
    pub fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => match self.text(&text) {
                Cow::Owned(shown) => shown.into(),
                Cow::Borrowed(_) => text.into(),
            },
            Value::Array(items) => self.list(items),
            Value::Object(members) => self.object(members),
            Value::Number(_) => match self.text(&value.to_string()) {
                Cow::Owned(shown) => shown.into(),
                Cow::Borrowed(_) => value,
            },
            plain => plain,
        }
    }

    /// A list. Of two strings, the first may name the second, as headers are listed.
    fn list(&self, mut items: Vec<Value>) -> Value {
        if let [Value::String(name), value @ Value::String(_)] = items.as_mut_slice()
            && self.names_secret(name)
        {
            *value = self.under(name, value.take());
            return items.into();
        }
        items.into_iter().map(|item| self.json(item)).collect()
    }

    fn object(&self, members: Map<String, Value>) -> Value {
        let is_label = |name: &str| name == "at" || Sought::is_label(name.as_bytes());
        let label = members.iter().find(|(name, _)| is_label(name));
        let label = label.and_then(|(_, value)| value.as_str()).map(str::to_owned);
        let label = label.filter(|it| self.names_secret(it));
        let shown = members.into_iter().map(|(name, value)| {
            let value = match &label {
                Some(label) if VALUES.iter().any(|it| name.eq_ignore_ascii_case(it)) => {
                    self.under(label, value)
                }
                _ => self.under(&name, value),
            };
            (self.text(&name).into_owned(), value)
        });
        Value::Object(shown.collect())
    }

    /// Whether what stands under this name is masked.
    pub(crate) fn names_secret(&self, name: &str) -> bool {
        let name = placed(name);
        let is_standing = !self.show && header::standing(name.as_bytes()).is_some();
        is_standing || self.always(name).is_some()
    }

    fn always(&self, name: &str) -> Option<bool> {
        self.sought(Manner::Any).always(placed(name).as_bytes(), Spot::Field)
    }

    /// A value under this name. Nothing and yes or no are no secrets.
    fn under(&self, name: &str, value: Value) -> Value {
        let name = placed(name);
        if let Value::String(text) = &value
            && (header::standing(name.as_bytes()).is_some() || self.always(name).is_some())
        {
            return self.header(name, text).into_owned().into();
        }
        match (&value, self.always(name)) {
            (Value::Null | Value::Bool(_), _) | (_, None) => self.json(value),
            (_, Some(always)) => tag::of(value.to_string().as_bytes(), !always).into(),
        }
    }

    /// A value that stands under these names, one inside the other.
    pub fn named<'n>(&self, mut names: impl Iterator<Item = &'n str>, value: Value) -> Value {
        match names.find(|name| self.names_secret(name)) {
            Some(name) => self.under(name, value),
            None => self.json(value),
        }
    }

    /// Members, of any depth, of which these hold secrets, whatever else their names are.
    pub fn columns(&self, secret_columns: &[&str], members: Value) -> Value {
        match members {
            Value::Object(members) => {
                let shown = members.into_iter().map(|(name, value)| {
                    let value = if value.is_object() && !self.names_secret(&name) {
                        self.columns(secret_columns, value)
                    } else {
                        self.column(secret_columns, &name, value)
                    };
                    (name, value)
                });
                Value::Object(shown.collect())
            }
            other => self.json(other),
        }
    }

    /// A column of a view, which is secret if it is among these or its name is a secret's.
    pub fn column(&self, secret_columns: &[&str], name: &str, value: Value) -> Value {
        if value.is_null() || self.show || !secret_columns.contains(&name) {
            return self.under(name, value);
        }
        match value {
            Value::String(text) if tag::is_tag(text.as_bytes()) => text.into(),
            Value::String(text) => tag::of(text.as_bytes(), true).into(),
            value => tag::of(value.to_string().as_bytes(), true).into(),
        }
    }
}

/// Members that hold the value of what another member names.
const VALUES: &[&str] = &["value", "equals", "contains"];

/// The name in one that says its place too, as rules and conditions have it: `header X-Token`.
fn placed(name: &str) -> &str {
    name.rsplit_once(' ').map_or(name, |(_, name)| name)
}

/// The first bytes of gzip, Zstandard, bzip2, xz and ZIP.
const MAGIC: &[&[u8]] = &[b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\0", b"PK\x03\x04"];

/// Whether bytes are compressed, as their first ones say.
fn is_compressed(body: &[u8]) -> bool {
    // The head of zlib: method 8, a window, and a number that 31 divides. `x^` and `x\x01` are
    // ASCII, so a text may begin so.
    let is_zlib = matches!(body, [0x78, second, ..]
        if (0x7800 + u16::from(*second)).is_multiple_of(31) && std::str::from_utf8(body).is_err());
    is_zlib || MAGIC.iter().any(|it| body.starts_with(it))
}
