//! A request's parameters, and why one is not there.

use http::{Method, header};

use crate::contract::operation::Call;
use crate::contract::reply::Why;
use crate::vendors::maestro::api::API;
use crate::vendors::maestro::auth::{TOKEN, shown};
use crate::vendors::maestro::errors::{MISSING, No, Stop};
use crate::vendors::maestro::function::FORM;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked as DiagnosisAsked, Body, Edit, Wanted};
use crate::web::diagnosis::swallowed::{in_head, swallowed};

/// A request's parameters: query and form merged, the query first, the first of a name counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'c> {
    pub(crate) call: &'c Call<'c>,
}

impl<'c> Asked<'c> {
    /// The value of a parameter; an empty one is as if it were not there.
    pub(crate) fn value(self, name: &str) -> Option<&'c str> {
        let params = self.call.params;
        let first = params.query.first(name).or_else(|| params.form.first(name));
        first.filter(|value| !value.is_empty())
    }

    /// The value of a parameter that has to be there.
    pub(crate) fn required(self, name: &'static str) -> Result<&'c str, Stop> {
        self.value(name).ok_or_else(|| self.missing(name).into())
    }

    fn names(self) -> impl Iterator<Item = &'c str> {
        let params = self.call.params;
        params.query.iter().chain(params.form.iter()).map(|(name, _)| name)
    }

    /// Why a parameter is not there, as far as what is there tells.
    fn missing(self, name: &'static str) -> No {
        let request = self.call.request;
        let expected = format!("the parameter {name}");
        let refuse =
            |found: String, hint: String| No::new(&MISSING, name, expected.clone(), found, hint);
        if self.names().any(|it| it == name) {
            let hint = "an empty value is as if the parameter were not there";
            return refuse(format!("{name} without a value"), hint.into());
        }
        if let Some(why) = self.diagnosed() {
            return No { refusal: &MISSING, parameter: name, why };
        }
        if let Some((found, hint)) = self.in_another(name) {
            return refuse(found, hint);
        }
        let media_type = request.media_type().unwrap_or_default();
        if !request.body.is_empty() && (request.method != Method::POST || media_type != FORM) {
            let kind = match media_type.as_str() {
                "" => "no Content-Type".into(),
                kind => format!("a body of type {}", shown(kind)),
            };
            let found =
                format!("a {} with {kind}, which is not read for parameters", request.method);
            let mut no = refuse(found, format!("send them in the query, or POST them as {FORM}"));
            if request.method == Method::POST {
                // The diagnosis found nothing, so that it is a form but for its name.
                no.why.at = Some("the header Content-Type".into());
                no.why.edit = Some(Edit::ContentType(FORM.into()));
            }
            return no;
        }
        if let Some((found, hint)) = self.by_another_name(name).or_else(|| self.elsewhere(name)) {
            return refuse(found, hint);
        }
        let hint = match name {
            "offer_id" | "offer_token" => "every request carries offer_id and offer_token",
            "call" => "fetchCallersByCall needs the UID of a call",
            _ => "fetchCallersByDate needs dateFrom and dateTo",
        };
        refuse(format!("no {name}"), hint.into())
    }

    /// A parameter that stands in another's value, behind another sign than &.
    fn in_another(self, name: &str) -> Option<(String, String)> {
        let pairs = self.call.params.query.iter().chain(self.call.params.form.iter());
        let found = swallowed(pairs, name)?;
        let words = format!("{name} in the value of {}, behind {}", shown(&found.by), found.sign);
        Some((words, found.cure.into()))
    }

    /// A parameter that may be meant: what it is, and what to do.
    fn by_another_name(self, name: &str) -> Option<(String, String)> {
        let is_sibling = |it: &str| it == "customer" || it == "key";
        if name.starts_with("offer") && self.names().filter(|it| is_sibling(it)).count() == 2 {
            let hint = "those belong to the Conference Management API; this one takes offer_id and \
                        offer_token";
            return Some(("the parameters customer and key".into(), hint.into()));
        }
        if name == "call" && self.names().any(|it| it == "callerUID") {
            let hint = "that is a caller's; call takes the column callUID";
            return Some(("a parameter callerUID".into(), hint.into()));
        }
        let near = |sent: &&str| {
            let known = KNOWN.iter().copied().chain(["callUID"]).filter(|it| it != sent);
            !KNOWN.contains(sent) && API.near(sent, known) == Some(name)
        };
        let sent = self.names().find(near)?;
        if sent.contains('=') {
            let hint = "percent-encode names and values, not the = and & between them";
            return Some((format!("a parameter {}", shown(sent)), hint.into()));
        }
        let more = if name == "call" && sent.eq_ignore_ascii_case("callUID") {
            ", although the output's column is callUID; the variant accept_call_uid takes both"
        } else {
            "; names are compared letter by letter"
        };
        Some((
            format!("a parameter {}", shown(sent)),
            format!("the parameter is called {name}{more}"),
        ))
    }

    /// Where a parameter stands that is not among the parameters: what is there, and what to do.
    fn elsewhere(self, name: &str) -> Option<(String, String)> {
        if let Some(hint) = self.other_function(name) {
            return Some((format!("no {name}"), hint.into()));
        }
        let request = self.call.request;
        if let Some(place) = in_head(request, name, name == TOKEN) {
            let hint = "every request carries it as a parameter";
            return Some((format!("a {place}, and no parameter"), hint.into()));
        }
        let has_login = request.headers.contains_key(header::AUTHORIZATION);
        (has_login && name.starts_with("offer")).then(|| {
            let hint = "there is no login by header; both go into every request as parameters";
            ("a header Authorization".into(), hint.into())
        })
    }

    /// What is wrong with the query, or with a body that should be a form.
    fn diagnosed(self) -> Option<Why> {
        let request = self.call.request;
        let asked = DiagnosisAsked::new(Wanted::Form).knowing(KNOWN);
        let query = Body::plain(request.query().unwrap_or_default().as_bytes());
        if let Some(found) = diagnose(&query, &asked) {
            let mut why = Why::diagnosed(&MISSING, found);
            why.at = why.at.map(|at| format!("{at} of the query"));
            // It is the query's, and there is no body to send.
            why.edit = None;
            return Some(why);
        }
        if request.method != Method::POST || request.body.is_empty() {
            return None;
        }
        let (mut why, _) = Why::of_body(&MISSING, request, &asked)?;
        if request.media_type().as_deref() != Some(FORM) {
            // Another body alone is not read either.
            why.edit = None;
        }
        Some(why)
    }

    fn other_function(self, name: &str) -> Option<&'static str> {
        let has = |wanted: &str| self.names().any(|it| it == wanted);
        match name {
            "call" if has("dateFrom") || has("dateTo") => {
                Some("dateFrom and dateTo belong to fetchCallersByDate")
            }
            "dateFrom" if has("call") => Some("call belongs to fetchCallersByCall"),
            _ => None,
        }
    }
}

/// Every parameter of the two functions.
const KNOWN: &[&str] = &["offer_id", "offer_token", "type", "dateFrom", "dateTo", "call"];
