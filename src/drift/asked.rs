//! Whose a step's request is, and how it goes to a vendor's own system: under the vendor's own paths, with
//! the credentials of an account there.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::contract::operation::Routed;
use crate::contract::vendor::{Vendor, Vendors, only_read};
use crate::scenario::step::{Body, Send};
use crate::vendors::ALL;
use crate::web::message::Request;
use crate::web::params::Pairs;

/// The name of a key that signs, among the credentials that are given. It stands in no request.
const KEY: &str = "key";

/// A request with whose it is.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) vendor: &'static Vendor,
    pub(super) routed: Routed,
    request: Request,
    /// What stands before the vendor's own path.
    prefix: String,
}

impl Asked {
    /// Whose a request is; `default` says it where its path is not one vendor's alone.
    pub(super) fn of(
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
        default: Option<&'static Vendor>,
    ) -> Option<Asked> {
        let named = Vendors(ALL).0.iter().copied().find_map(|vendor| {
            let rest = path.strip_prefix('/')?.strip_prefix(vendor.surface.vendor)?;
            rest.starts_with(['/', '?']).then_some((vendor, rest))
        });
        let prefixed = |vendor: &&&'static Vendor| {
            let mut prefixes = vendor.surface.prefixes.iter();
            prefixes.any(|prefix| {
                path.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
            })
        };
        let (vendor, own) = match named {
            Some(found) => found,
            None => (ALL.iter().find(prefixed).copied().or(default)?, path),
        };
        let mut request = Request::new(method.parse::<Method>().ok()?, own.parse::<Uri>().ok()?);
        for (name, value) in headers {
            let name = name.parse::<HeaderName>().ok();
            if let Some((name, value)) = name.zip(HeaderValue::from_str(value).ok()) {
                request.headers.append(name, value);
            }
        }
        request.body = body.to_vec().into();
        let routed = (vendor.route)(&request);
        let prefix = path[..path.len() - own.len()].to_owned();
        Some(Asked { vendor, routed, request, prefix })
    }

    /// Of a step, as far as it holds no variable.
    pub(super) fn of_step(send: &Send, default: Option<&'static Vendor>) -> Option<Asked> {
        let body = match &send.body {
            Body::Text(text) => text.clone(),
            Body::Json(value) => value.to_string(),
            Body::Form(pairs) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, value) in pairs {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    form.append_pair(name, &text);
                }
                form.finish()
            }
        };
        Asked::of(&send.method, &send.path, &send.headers, body.as_bytes(), default)
    }

    /// The name of the operation.
    pub(super) fn operation(&self) -> &'static str {
        self.routed.operation.map_or("no operation", |operation| operation.name)
    }

    /// Why it may change something at systems whose paths begin so; `None` where it is known not to.
    pub(super) fn changes(&self, bases: &[String]) -> Option<&'static str> {
        let at = |base: &String| self.vendor.operations_at(&self.request, base);
        let all: Vec<_> = bases.iter().map(at).collect();
        if all.iter().all(|operations| only_read(operations)) {
            return None;
        }
        let is_unknown = all.iter().any(Vec::is_empty);
        let unknown = "it is no operation that is known here, and may change something";
        Some(if is_unknown { unknown } else { "it may change something" })
    }

    /// The credentials in it. What is also a person's, such as a login, is none.
    pub(super) fn credentials(&self) -> Vec<String> {
        let people = self.vendor.recorded.people;
        let all = (self.vendor.credentials)(&self.request, &self.routed);
        let own = all.into_iter().filter(|(name, _)| !people.iter().any(|(it, _)| it == name));
        own.map(|(_, value)| value).collect()
    }

    /// Makes a step a request to the vendor's own system.
    pub(super) fn put(&self, send: &mut Send, given: &BTreeMap<String, String>) {
        if let Some(own) = send.path.strip_prefix(self.prefix.as_str()) {
            send.path = if own.starts_with('?') { format!("/{own}") } else { own.to_owned() };
        }
        let credentials = (self.vendor.credentials)(&self.request, &self.routed);
        for (name, was) in credentials.iter().filter(|(_, was)| !was.is_empty()) {
            let Some(now) = given.get(*name) else { continue };
            let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            send.path = send.path.replace(&encoded(was), &encoded(now)).replace(was, &encoded(now));
            for (name, value) in &mut send.headers {
                *value = header(name, value, was, now);
            }
            match &mut send.body {
                Body::Text(text) => *text = text.replace(was.as_str(), now),
                Body::Json(value) => {
                    let text = value.to_string().replace(was.as_str(), now);
                    *value = serde_json::from_str(&text).unwrap_or_else(|_| value.take());
                }
                Body::Form(pairs) => {
                    for (_, value) in pairs {
                        if value.as_str() == Some(was.as_str()) {
                            *value = now.as_str().into();
                        }
                    }
                }
            }
        }
        self.sign(send, given);
    }

    /// Signs it with the account's key, where the vendor's requests are signed.
    fn sign(&self, send: &mut Send, given: &BTreeMap<String, String>) {
        let Some(key) = given.get(KEY) else { return };
        let Some(again) = Asked::of_step(send, Some(self.vendor)) else { return };
        let Some((name, value)) = (self.vendor.recorded.sign)(&again.request, &again.routed, key)
        else {
            return;
        };
        let signed = |pairs: &str| {
            let one = |pair: &str| {
                let is_it = Pairs::parse(pair.as_bytes()).first(name).is_some();
                if is_it { format!("{name}={value}") } else { pair.to_owned() }
            };
            pairs.split('&').map(one).collect::<Vec<_>>().join("&")
        };
        if let Some((path, query)) = send.path.split_once('?') {
            send.path = format!("{path}?{}", signed(query));
        }
        match &mut send.body {
            Body::Text(text) if text.contains(name) => *text = signed(text),
            Body::Form(pairs) => {
                for (known, it) in pairs {
                    if known == name {
                        *it = value.as_str().into();
                    }
                }
            }
            _ => {}
        }
    }
}

fn header(name: &str, value: &str, was: &str, now: &str) -> String {
    let basic = value.split_once(' ').filter(|(scheme, _)| {
        name.eq_ignore_ascii_case("authorization") && scheme.eq_ignore_ascii_case("basic")
    });
    let packed = basic.and_then(|(scheme, packed)| {
        let text = String::from_utf8(STANDARD.decode(packed.trim()).ok()?).ok()?;
        Some(format!("{scheme} {}", STANDARD.encode(text.replace(was, now))))
    });
    packed.unwrap_or_else(|| value.replace(was, now))
}
