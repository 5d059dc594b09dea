//! The checks that come before both functions, in the contract's order: method, presence of the
//! credentials, the pair. A bad token never reveals whether a call exists.

use crate::vendors::maestro::ops::no_operation::no_path;
use crate::vendors::maestro::params::Asked;
use crate::vendors::maestro::variants::TypeCase;
use crate::vendors::maestro::wire::Format;
use std::io;
use std::ops::ControlFlow;

use http::{Method, header};
use rusqlite::Connection;

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{Doing, InternalError, Reply, Rows, Why};
use crate::vendors::maestro::auth::{self, shown};
use crate::vendors::maestro::errors::{self, METHOD, No, OTHER_TYPE, Stop};
use crate::vendors::maestro::function::MOUNT;
use crate::vendors::maestro::store::{self, Wanted};
use crate::vendors::maestro::variants::Mount;
use crate::vendors::maestro::wire::{self, List, Style};

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
            // Who is to agree has not agreed (maestro 4.1).
            if !cx.has_come(caller.opted_in) {
                return Ok(ControlFlow::Continue(()));
            }
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
                let long = LongList { offer_id, wanted, now: cx.now(), style: self.style };
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
    now: Instant,
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
            if caller.opted_in <= self.now {
                list.row(caller)?;
            }
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
        Ok(Found::Callers(mut reply)) => {
            reply.why = other_type(format, asked).map(Box::new);
            Ok(reply)
        }
        Ok(Found::Nothing(no)) => {
            let body = wire::no_rows(style).doing("write an empty list")?;
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
        let method = request.method.as_str();
        let hint = match ["GET", "POST"].iter().find(|known| known.eq_ignore_ascii_case(method)) {
            Some(known) => &format!("write the method in capitals: {known}"),
            None => "the parameters are query parameters of a GET; a POST with a form is taken too",
        };
        return Err(No::new(&METHOD, "", "GET or POST", request.method.as_str(), hint).into());
    }
    let offer_id = asked.required("offer_id")?;
    let token = asked.required("offer_token")?;
    let in_body = asked.call.params.form.first(auth::TOKEN).filter(|it| *it != token);
    auth::check(cx, offer_id, token, in_body)?;
    Ok(Entered { offer_id, asked, style })
}

/// Why CSV comes where `type` asks for something else.
fn other_type(format: Format, asked: Asked<'_>) -> Option<Why> {
    if format != Format::Csv {
        return None;
    }
    let Some(kind) = asked.value("type") else { return wants_other(asked) };
    if kind.eq_ignore_ascii_case("CSV") {
        return None;
    }
    let hint = if kind.trim() == "XML" {
        "take the blanks away"
    } else if kind.eq_ignore_ascii_case("XML") {
        "write XML in capitals (variant type_case)"
    } else if kind.trim().eq_ignore_ascii_case("XML") {
        "write XML without blanks, and in capitals"
    } else {
        "this API has CSV and XML only; leave type out for CSV, or send type=XML"
    };
    Some(Why::new(&OTHER_TYPE, "type=XML, or no type for CSV", shown(kind), hint))
}

/// Why CSV comes where only the header `Accept` asks for XML or JSON. A browser's has XML beside HTML, and
/// a library's JSON beside everything.
fn wants_other(asked: Asked<'_>) -> Option<Why> {
    let accept = asked.call.request.header(&header::ACCEPT)?.to_ascii_lowercase();
    let hint = if accept.contains("xml") && !accept.contains("html") {
        "the header Accept is not read; send type=XML"
    } else if accept.contains("json") && !accept.contains("*/*") {
        "the header Accept is not read, and this API has CSV and XML only"
    } else {
        return None;
    };
    let found = format!("Accept: {}", shown(&accept));
    Some(Why::new(&OTHER_TYPE, "type=XML, or no type for CSV", found, hint))
}

/// Anything but XML is CSV, JSON included.
pub(crate) fn format(cx: &Cx<'_>, asked: Asked<'_>) -> Format {
    let is_xml = asked.value("type").is_some_and(|kind| match cx.variant() {
        TypeCase::Ignored => kind.eq_ignore_ascii_case("XML"),
        TypeCase::Exact => kind == "XML",
    });
    if is_xml { Format::Xml } else { Format::Csv }
}
