//! The two messages of an exchange as they may be shown, for whoever writes them in some form: the
//! journal's JSON, an archive, a line for the shell.
//!
//! Both are read from the journal's JSON and written as it by the implementations here and by
//! nothing else. What is to be masked has been masked before.
//!
//! Not here: what is around them in an entry (`sim::journal`, `client::entry`).

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::web::stream;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'e> {
    pub method: Cow<'e, str>,
    /// As it was asked for: path and query, or a whole address.
    pub target: Cow<'e, str>,
    /// The path as the vendor sees it.
    pub path: Cow<'e, str>,
    pub message: Message<'e>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<'e> {
    pub status: u16,
    pub message: Message<'e>,
}

/// What requests and replies have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<'e> {
    /// In their order, each as often as it was sent; names in lower case.
    pub headers: Vec<(Cow<'e, str>, Cow<'e, str>)>,
    pub body: Body<'e>,
}

/// A body, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<'e> {
    Text(Cow<'e, str>),
    /// No UTF-8.
    Bytes(Cow<'e, [u8]>),
    /// The beginning of one that was too long to keep.
    Cut {
        head: Cow<'e, str>,
        bytes: u64,
        sha256: Cow<'e, str>,
    },
    /// One that was made while it was sent; `None` until it has come to its end.
    Streamed(Option<Cow<'e, stream::StreamEnd>>),
}

impl Default for Body<'_> {
    fn default() -> Self {
        Body::Text(Cow::Borrowed(""))
    }
}

impl Asked<'_> {
    /// The query as it was sent, without its question mark.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The whole address, with the host that was asked.
    pub(crate) fn url(&self) -> String {
        if self.target.starts_with("http://") || self.target.starts_with("https://") {
            return self.target.clone().into_owned();
        }
        format!("http://{}{}", self.message.header("host").unwrap_or("localhost"), self.target)
    }
}

impl Message<'_> {
    /// The first header of a name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The headers as texts.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl Body<'_> {
    /// Length of the whole body in bytes, as far as it is known.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Body::Text(text) => text.len() as u64,
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Cut { bytes, .. } => *bytes,
            Body::Streamed(sent) => sent.as_ref().map_or(0, |sent| sent.bytes),
        }
    }

    /// What is kept of it.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Text(text) | Body::Cut { head: text, .. } => text.as_bytes(),
            Body::Bytes(bytes) => bytes,
            Body::Streamed(_) => &[],
        }
    }

    fn write<M: SerializeMap>(&self, shown: &mut M) -> Result<(), M::Error> {
        match self {
            Body::Text(text) => shown.serialize_entry("body", text),
            Body::Bytes(bytes) => {
                shown.serialize_entry("body_base64", &BASE64_STANDARD.encode(bytes))
            }
            Body::Cut { head, bytes, sha256 } => {
                shown.serialize_entry("body", head)?;
                shown.serialize_entry("body_bytes", bytes)?;
                shown.serialize_entry("body_sha256", sha256)
            }
            Body::Streamed(sent) => shown.serialize_entry("stream", sent),
        }
    }
}

impl Serialize for Asked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("method", &self.method)?;
        shown.serialize_entry("target", &self.target)?;
        shown.serialize_entry("path", &self.path)?;
        shown.serialize_entry("headers", &self.message.headers)?;
        self.message.body.write(&mut shown)?;
        shown.end()
    }
}

impl Serialize for Answered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("status", &self.status)?;
        shown.serialize_entry("headers", &self.message.headers)?;
        self.message.body.write(&mut shown)?;
        shown.end()
    }
}

/// A request as it is written.
#[derive(Deserialize)]
struct AskedWritten<'e> {
    #[serde(borrow)]
    method: Cow<'e, str>,
    #[serde(borrow)]
    target: Cow<'e, str>,
    #[serde(borrow)]
    path: Cow<'e, str>,
    #[serde(borrow)]
    headers: Vec<(Text<'e>, Text<'e>)>,
    #[serde(borrow)]
    body: Option<Text<'e>>,
    #[serde(borrow)]
    body_base64: Option<Text<'e>>,
    body_bytes: Option<u64>,
    body_sha256: Option<String>,
}

/// A reply as it is written.
#[derive(Deserialize)]
struct AnsweredWritten<'e> {
    status: u16,
    #[serde(borrow)]
    headers: Vec<(Text<'e>, Text<'e>)>,
    #[serde(borrow)]
    body: Option<Text<'e>>,
    #[serde(borrow)]
    body_base64: Option<Text<'e>>,
    body_bytes: Option<u64>,
    body_sha256: Option<String>,
    /// Null until the body has come to its end; not there where it is none that is streamed.
    #[serde(default, deserialize_with = "present")]
    stream: Option<Stream>,
}

/// A text that is not copied where it stands in its JSON as it is.
#[derive(Deserialize)]
struct Text<'e>(#[serde(borrow)] Cow<'e, str>);

fn pairs<'e>(headers: Vec<(Text<'e>, Text<'e>)>) -> Vec<(Cow<'e, str>, Cow<'e, str>)> {
    headers.into_iter().map(|(name, value)| (name.0, value.0)).collect()
}

/// A streamed body; `None` until it has come to its end.
struct Stream(Option<stream::StreamEnd>);

/// A member that is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Stream>, D::Error> {
    Option::deserialize(deserializer).map(|sent| Some(Stream(sent)))
}

/// The body that these members tell, which exclude each other in part.
fn kept<'e, E: serde::de::Error>(
    text: Option<Text<'e>>,
    base64: Option<Text<'e>>,
    cut: (Option<u64>, Option<String>),
) -> Result<Body<'e>, E> {
    match (text, base64, cut) {
        (Some(text), None, (None, None)) => Ok(Body::Text(text.0)),
        (Some(head), None, (Some(bytes), Some(sha256))) => {
            Ok(Body::Cut { head: head.0, bytes, sha256: sha256.into() })
        }
        (None, Some(base64), (None, None)) => match BASE64_STANDARD.decode(base64.0.as_bytes()) {
            Ok(bytes) => Ok(Body::Bytes(bytes.into())),
            Err(error) => Err(E::custom(format!("body_base64 cannot be read: {error}"))),
        },
        _ => Err(E::custom(
            "expected one of body, body_base64 and stream, and with body alone both or neither of \
             body_bytes and body_sha256",
        )),
    }
}

impl<'de: 'e, 'e> Deserialize<'de> for Asked<'e> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let it = AskedWritten::deserialize(deserializer)?;
        let body = kept(it.body, it.body_base64, (it.body_bytes, it.body_sha256))?;
        let message = Message { headers: pairs(it.headers), body };
        Ok(Asked { method: it.method, target: it.target, path: it.path, message })
    }
}

impl<'de: 'e, 'e> Deserialize<'de> for Answered<'e> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let it = AnsweredWritten::deserialize(deserializer)?;
        let body = match it.stream {
            Some(Stream(sent)) => Body::Streamed(sent.map(Cow::Owned)),
            None => kept(it.body, it.body_base64, (it.body_bytes, it.body_sha256))?,
        };
        Ok(Answered { status: it.status, message: Message { headers: pairs(it.headers), body } })
    }
}
