//! A request's parameters as the one set that the vendor makes of path, query and body (mor 1.1).

use std::borrow::Cow;

use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::vendors::mor::variants::SameName;
use crate::web::message::Request;
use crate::web::params::{Json, Pairs, Params};

/// The parameters of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'c> {
    pub(crate) call: &'c Call<'c>,
    same_name: SameName,
}

impl<'c> Asked<'c> {
    pub(crate) fn new(cx: &Cx<'_>, call: &'c Call<'c>) -> Self {
        Asked { call, same_name: cx.variant() }
    }

    /// The value of a parameter; `None` where it was not sent.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'c, str>> {
        let params = self.call.params;
        let in_query = || last(&params.query, name).map(Cow::Borrowed);
        let in_body = || last(&params.form, name).map(Cow::Borrowed).or_else(|| self.member(name));
        let in_path = last(&params.path, name).map(Cow::Borrowed);
        in_path.or_else(|| match self.same_name {
            SameName::Query => in_query().or_else(in_body),
            SameName::Body => in_body().or_else(in_query),
        })
    }

    /// The value, where one was sent that is not empty.
    pub(crate) fn given(&self, name: &str) -> Option<Cow<'c, str>> {
        self.get(name).filter(|value| !value.is_empty())
    }

    fn member(&self, name: &str) -> Option<Cow<'c, str>> {
        let Json::Value(Value::Object(members)) = &self.call.params.json else { return None };
        members.get(name).and_then(scalar)
    }

    /// Every parameter as it was sent, in the order of path, query and body.
    pub(crate) fn all(&self) -> Vec<(&'c str, Cow<'c, str>)> {
        let params = self.call.params;
        let pairs = [&params.path, &params.query, &params.form];
        let pairs = pairs.into_iter().flat_map(Pairs::iter);
        let mut all: Vec<_> = pairs.map(|(name, value)| (name, Cow::Borrowed(value))).collect();
        if let Json::Value(Value::Object(members)) = &params.json {
            let members = members.iter().filter_map(|(name, value)| Some((name, scalar(value)?)));
            all.extend(members.map(|(name, value)| (name.as_str(), value)));
        }
        all
    }
}

/// A parameter as it stands in query and body, without a world to say which of the two counts.
pub(crate) fn in_either(params: &Params, name: &str) -> Vec<String> {
    let in_query = last(&params.query, name).map(str::to_owned);
    let in_form = last(&params.form, name).map(str::to_owned);
    let in_json = match &params.json {
        Json::Value(Value::Object(members)) => members.get(name).and_then(scalar),
        _ => None,
    };
    let all = [in_query, in_form, in_json.map(Cow::into_owned)];
    all.into_iter().flatten().collect()
}

/// Of a repeated name the last counts (inferred: Rails).
fn last<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    pairs.iter().filter(|(known, _)| *known == name).last().map(|(_, value)| value)
}

/// A JSON value as the text that it becomes when it is hashed; `None` for null, lists and objects.
fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The kinds of body that carry parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Form,
    Json,
    Multipart,
    /// Of a media type that the vendor's server does not look into.
    Other,
}

/// A body without a media type is read as a form (inferred: Rails).
pub(crate) fn body_kind(request: &Request) -> BodyKind {
    match request.media_type().as_deref() {
        None | Some("" | "application/x-www-form-urlencoded") => BodyKind::Form,
        Some("application/json" | "text/x-json") => BodyKind::Json,
        Some("multipart/form-data") => BodyKind::Multipart,
        Some(_) => BodyKind::Other,
    }
}

pub(crate) fn content_type(request: &Request) -> &str {
    request.header(&http::header::CONTENT_TYPE).unwrap_or_default()
}
