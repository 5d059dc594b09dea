//! An exchange that is ready to be compared: its request as the vendor gets it, and its reply as a
//! tree.

use serde_json::Value;

use crate::base::text::counted;
use crate::contract::operation::Routed;
use crate::contract::recorded::Seen;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::tree;
use crate::recording::whose::request;
use crate::web::message::Request;

/// One exchange.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) vendor: &'static Vendor,
    pub(crate) it: Recorded,
    pub(crate) request: Request,
    pub(crate) routed: Routed,
    pub(crate) reply: Value,
    /// How the reply arrived, where not all of it did.
    pub(crate) arrival: Option<&'static str>,
    /// Whether the body of the reply was not kept.
    pub(crate) is_open: bool,
    credentials: Vec<(&'static str, String)>,
}

impl Prepared {
    /// `None` where the request cannot be sent again.
    pub(crate) fn new(vendor: &'static Vendor, mut it: Recorded) -> Option<Self> {
        it.headers.retain(|(name, _)| is_kept(name));
        let request = request(&it)?;
        let routed = (vendor.route)(&request);
        let credentials = (vendor.credentials)(&request, &routed);
        let reply = tree::of(&it.reply_headers, &it.reply);
        let (arrival, is_open) = (None, false);
        Some(Prepared { vendor, it, request, routed, reply, arrival, is_open, credentials })
    }

    /// Takes a body for the one that was not kept.
    pub(crate) fn fill(&mut self, body: &[u8]) {
        self.it.reply = body.to_vec();
        self.reply = tree::of(&self.it.reply_headers, body);
        self.is_open = false;
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.routed.operation.map_or("no operation", |operation| operation.name)
    }

    pub(crate) fn seen(&self) -> Seen<'_> {
        Seen {
            operation: self.routed.operation,
            request: &self.request,
            routed: &self.routed,
            credentials: &self.credentials,
            status: self.it.status,
            reply: &self.reply,
        }
    }

    /// The reply without what varies by its nature.
    pub(crate) fn steady(&self) -> Value {
        without(self.reply.clone(), self.vendor.recorded.varies)
    }

    /// Where a reply is another than was recorded; `None` where it is the same.
    pub(crate) fn difference(&self, status: u16, kind: &str, body: &[u8]) -> Option<String> {
        if self.arrival.is_some() {
            return None;
        }
        if status != self.it.status {
            return Some(format!("status: recorded {}, here {status}", self.it.status));
        }
        if self.is_open || self.it.reply == body {
            return None;
        }
        let headers = [("content-type".to_owned(), kind.to_owned())];
        let found = without(tree::of(&headers, body), self.vendor.recorded.varies);
        if self.reply.is_null() || found.is_null() {
            let recorded = counted(self.it.reply.len(), "byte", "bytes");
            let here = counted(body.len(), "other", "others");
            return Some(format!("body: recorded {recorded}, here {here}"));
        }
        first_difference(&self.steady(), &found, "")
    }
}

/// Headers that belong to the connection or the program that sent them, and not to the request.
fn is_kept(name: &str) -> bool {
    const DROPPED: [&str; 21] = [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "accept-language",
        "user-agent",
        "origin",
        "referer",
        "te",
        "trailer",
        "upgrade",
        "keep-alive",
        "cache-control",
        "pragma",
        "dnt",
        "priority",
        "date",
        "expect",
        "upgrade-insecure-requests",
        "via",
    ];
    let name = name.to_ascii_lowercase();
    let is_of = |start: &str| name.starts_with(start);
    // The last chooses a world, which is another one when it is replayed.
    let is_way = is_of("sec-") || is_of("proxy-") || is_of("x-forwarded-") || is_of("x-ringback-");
    !DROPPED.contains(&name.as_str()) && !is_way
}

/// A tree without the members of some names.
fn without(mut tree: Value, names: &[&str]) -> Value {
    match &mut tree {
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(&name.as_str()));
            for value in members.values_mut() {
                *value = without(value.take(), names);
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without(item.take(), names);
            }
        }
        _ => {}
    }
    tree
}

/// The first place where two trees differ, in words without a value: values may be people's.
pub(crate) fn first_difference(recorded: &Value, here: &Value, at: &str) -> Option<String> {
    let place = if at.is_empty() { "body" } else { at };
    match (recorded, here) {
        (Value::Object(recorded), Value::Object(here)) => {
            for (name, value) in recorded {
                let at = format!("{at}/{name}");
                match here.get(name) {
                    None => return Some(format!("{at}: recorded, and not here")),
                    Some(found) => {
                        if let Some(told) = first_difference(value, found, &at) {
                            return Some(told);
                        }
                    }
                }
            }
            let more = here.keys().find(|name| !recorded.contains_key(*name))?;
            Some(format!("{at}/{more}: here, and not recorded"))
        }
        (Value::Array(recorded), Value::Array(here)) => {
            if recorded.len() != here.len() {
                let (recorded, here) = (counted(recorded.len(), "element", "elements"), here.len());
                return Some(format!("{place}: recorded {recorded}, here {here}"));
            }
            let mut pairs = recorded.iter().zip(here).enumerate();
            pairs.find_map(|(idx, (recorded, here))| {
                first_difference(recorded, here, &format!("{at}/{idx}"))
            })
        }
        (Value::Number(recorded), Value::Number(here)) if recorded.as_f64() == here.as_f64() => {
            None
        }
        (recorded, here) if recorded == here => None,
        (recorded, here) => {
            let (recorded, here) = (word(recorded), word(here));
            Some(if recorded == here {
                format!("{place}: another {recorded}")
            } else {
                format!("{place}: recorded {recorded}, here {here}")
            })
        }
    }
}

fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "number",
        Value::String(text) if text.is_empty() => "empty text",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "table",
    }
}
