//! A request's parameters, and why one is not there.

use http::{Method, header};

use crate::base::nearest::nearest;
use crate::contract::operation::Call;
use crate::contract::reply::Why;
use crate::vendors::maestro::auth::shown;
use crate::vendors::maestro::errors::{MISSING, No, Stop};
use crate::vendors::maestro::function::FORM;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked as DiagnosisAsked, Body, Edit, Wanted};

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
        let media_type = request.media_type().unwrap_or_default();
        if !request.body.is_empty() && (request.method != Method::POST || media_type != FORM) {
            let found = format!(
                "a {} with a body of type {}, which is not read for parameters",
                request.method,
                if media_type.is_empty() { "none".into() } else { shown(&media_type) }
            );
            let mut no = refuse(found, format!("send them in the query, or POST them as {FORM}"));
            if request.method == Method::POST {
                // The diagnosis found nothing, so that it is a form but for its name.
                no.why.at = Some("the header Content-Type".into());
                no.why.edit = Some(Edit::ContentType(FORM.into()));
            }
            return no;
        }
        let other = |wrong: &&str| self.names().any(|it| it == *wrong);
        if let Some(wrong) = other_names(name).iter().find(|wrong| other(wrong)) {
            let mut hint = format!("the parameter is called {name}");
            if name == "call" && wrong.starts_with("callU") {
                hint.push_str(
                    ", although the output's column is callUID; the variant accept_call_uid \
                     takes both",
                );
            }
            return refuse(format!("a parameter {wrong}"), hint);
        }
        if let Some(near) = nearest(name, self.names().filter(|it| !KNOWN.contains(it))) {
            let hint = format!("did you mean {name}? Names are compared letter by letter");
            return refuse(format!("a parameter {}", shown(near)), hint);
        }
        if let Some(hint) = self.other_function(name) {
            return refuse(format!("no {name}"), hint.into());
        }
        if request.headers.contains_key(header::AUTHORIZATION) && name.starts_with("offer") {
            let hint = "there is no login by header; both go into every request as parameters";
            return refuse("a header Authorization".into(), hint.into());
        }
        let hint = match name {
            "offer_id" | "offer_token" => "every request carries offer_id and offer_token",
            "call" => "fetchCallersByCall needs the UID of a call",
            _ => "fetchCallersByDate needs dateFrom and dateTo",
        };
        refuse(format!("no {name}"), hint.into())
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

/// What a parameter is called by mistake.
fn other_names(name: &str) -> &'static [&'static str] {
    match name {
        "offer_id" => &["offer", "id", "offerId", "customer"],
        "offer_token" => &["token", "offerToken", "key"],
        "dateFrom" => &["from", "start", "startDate", "dateStart", "date_from"],
        "dateTo" => &["to", "end", "endDate", "dateEnd", "date_to"],
        "call" => &["callUID", "callUid", "call_uid", "callId", "call_id"],
        _ => &[],
    }
}
