//! The checks that come before both functions, in the contract's order: method, presence of the
//! credentials, the pair. A bad token never reveals whether a call exists.

use std::io;
use std::ops::ControlFlow;

use http::{Method, header};
use rusqlite::Connection;

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply, Rows};
use crate::vendors::maestro::auth::{self, shown};
use crate::vendors::maestro::errors::{self, METHOD, MISSING, NO_PATH, No, Stop};
use crate::vendors::maestro::routes::{FORM, MOUNT, function_names};
use crate::vendors::maestro::store::{self, Wanted};
use crate::vendors::maestro::variants::{Mount, TypeCase};
use crate::vendors::maestro::wire::{self, Format, List, Style};
use crate::web::message::Response;

/// A request's parameters: query and form merged, the query first, the first of a name counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'c> {
    call: &'c Call<'c>,
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
        let media_type = request.media_type().unwrap_or_default();
        if !request.body.is_empty() && (request.method != Method::POST || media_type != FORM) {
            let found = format!(
                "a {} with a body of type {}, which is not read for parameters",
                request.method,
                if media_type.is_empty() { "none".into() } else { shown(&media_type) }
            );
            return refuse(found, format!("send them in the query, or POST them as {FORM}"));
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

/// A request that has passed the checks.
#[derive(Debug)]
pub(crate) struct Entered<'c> {
    pub(crate) offer_id: &'c str,
    pub(crate) asked: Asked<'c>,
    style: Style,
}

/// What a function found.
#[derive(Debug)]
pub(crate) enum Found {
    Callers(Reply),
    /// Nothing, and why.
    Nothing(No),
}

impl Entered<'_> {
    /// The callers that are wanted, as the list that is asked for; `None` where there are none.
    pub(crate) fn callers(&self, cx: &Cx<'_>, wanted: Wanted) -> Result<Option<Reply>, Stop> {
        let mut list = None;
        let is_whole = store::each_caller::<Stop>(cx.db(), self.offer_id, wanted, |caller| {
            let list = match &mut list {
                Some(list) => list,
                None => list.insert(List::begin(Vec::new(), self.style)?),
            };
            list.row(caller)?;
            let is_long = list.n_bytes() > WHOLE_BYTES_MAX;
            Ok(if is_long { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(match list {
            None => None,
            Some(list) if is_whole => Some(Reply::ok(self.style.respond(list.finish()?))),
            Some(_) => {
                let offer_id = self.offer_id.to_owned();
                let long = LongList { offer_id, wanted, style: self.style };
                Some(Reply::streamed(self.style.respond(Vec::new()), long))
            }
        })
    }
}

/// Longest list that goes out whole; a longer one is written while it is sent. Small enough that
/// nobody waits for it.
const WHOLE_BYTES_MAX: usize = 256 * 1024;

/// A list of callers on its way out, row by row.
#[derive(Debug)]
struct LongList {
    offer_id: String,
    wanted: Wanted,
    style: Style,
}

impl Rows for LongList {
    fn write(
        self: Box<Self>,
        db: &Connection,
        out: &mut dyn io::Write,
    ) -> Result<(), InternalError> {
        let mut list = List::begin(out, self.style)?;
        store::each_caller::<InternalError>(db, &self.offer_id, self.wanted, |caller| {
            list.row(caller)?;
            Ok(ControlFlow::Continue(()))
        })?;
        list.finish()?;
        Ok(())
    }
}

/// Runs a function behind its checks, and turns what comes of it into the vendor's words.
pub(crate) fn run(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    work: impl FnOnce(&mut Cx<'_>, &Entered<'_>) -> Result<Found, Stop>,
) -> Result<Reply, InternalError> {
    let asked = Asked { call };
    let format = format(cx, asked);
    let style = Style::of(cx, format);
    let found = enter(cx, asked, style).and_then(|entered| work(cx, &entered));
    match found {
        Ok(Found::Callers(reply)) => Ok(reply),
        Ok(Found::Nothing(no)) => {
            let body = wire::no_rows(style).map_err(InternalError::new)?;
            Ok(errors::empty(style.respond(body), no))
        }
        Err(Stop::No(no)) => errors::refuse(cx, format, *no),
        Err(Stop::Internal(error)) => Err(error),
    }
}

fn enter<'c>(cx: &Cx<'_>, asked: Asked<'c>, style: Style) -> Result<Entered<'c>, Stop> {
    let request = asked.call.request;
    if !request.path().starts_with(MOUNT) && cx.variant::<Mount>() == Mount::Access {
        return Err(no_path(request.path()).into());
    }
    if request.method != Method::GET && request.method != Method::POST {
        let hint = "the parameters are query parameters of a GET; a POST with a form is taken too";
        return Err(No::new(&METHOD, "", "GET or POST", request.method.as_str(), hint).into());
    }
    let offer_id = asked.required("offer_id")?;
    let token = asked.required("offer_token")?;
    auth::check(cx, offer_id, token)?;
    Ok(Entered { offer_id, asked, style })
}

/// A refusal that the request did not ask for, or an empty list where that is what it is.
pub(crate) fn faulted(
    cx: &Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let format = format(cx, Asked { call });
    if refusal.code == "200" {
        let style = Style::of(cx, format);
        return Ok(style.respond(wire::no_rows(style).map_err(InternalError::new)?));
    }
    Ok(errors::refuse(cx, format, No::new(refusal, "type", "", "", ""))?.response)
}

/// Anything but XML is CSV, JSON included.
fn format(cx: &Cx<'_>, asked: Asked<'_>) -> Format {
    let is_xml = asked.value("type").is_some_and(|kind| match cx.variant() {
        TypeCase::Ignored => kind.eq_ignore_ascii_case("XML"),
        TypeCase::Exact => kind == "XML",
    });
    if is_xml { Format::Xml } else { Format::Csv }
}

/// Answers what no function takes.
pub(crate) fn no_function(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    errors::refuse(cx, Format::Csv, no_path(call.request.path()))
}

fn no_path(path: &str) -> No {
    let known = function_names();
    let expected: Vec<String> = known.iter().map(|name| format!("{MOUNT}{name}")).collect();
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let hint = if known.contains(&name) && path.trim_end_matches('/') == format!("/{name}") {
        "put /_access in front; the variant mount = \"root\" takes it without".to_owned()
    } else if known.contains(&name) {
        format!("the path is {MOUNT}{name}, with nothing before or behind it")
    } else if let Some(near) = nearest(name, known) {
        format!("did you mean {near}? Paths are compared letter by letter")
    } else if path.starts_with(MOUNT) {
        "only the Opt-in Contact Retrieval API is here, not the Conference Management API".into()
    } else {
        "the vendor's functions are under /_access/".into()
    };
    No::new(&NO_PATH, "", expected.join(" or "), shown(path), hint)
}
