//! Reading and clearing journals.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::parameters::{AFTER, BEFORE, LAST, LIMIT};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::JSON;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::base::limits::{JOURNAL_ROWS_MAX, JOURNAL_WAIT_MAX, PAGE_ROWS_DEFAULT};
use crate::base::seq::Seq;
use crate::contract::fields::{Field, Kind};
use crate::contract::reply::{InternalError, Outcome};
use crate::contract::vendor::Vendors;
use crate::sim::blocking::blocking;
use crate::sim::journal::filter::Filter;
use crate::sim::journal::shown::Shown;
use crate::sim::journal::stretch::Stretch;
use crate::sim::world::journal::Page;
use crate::web::answer::Answered;
use crate::web::har;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "list_strays",
        method: Method::GET,
        path: "/v1/journal",
        text: "requests that no world or vendor took",
        query: &[AFTER, BEFORE, LAST, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the entries", &STRAYS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_strays(asked))),
    },
    Endpoint {
        name: "list_journal",
        method: Method::GET,
        path: "/v1/worlds/{world}/journal",
        text: "a page of a world's journal",
        query: &[
            AFTER,
            BEFORE,
            LAST,
            LIMIT,
            OF_VENDOR,
            OF_OPERATION,
            OF_OUTCOME,
            OF_TRACE,
            #[expect(clippy::cast_possible_wrap, reason = "a small constant")]
            Field::optional(
                "wait",
                Kind::Integer { min: 0, max: JOURNAL_WAIT_MAX.as_secs() as i64 },
                "seconds to wait for an entry where there is none yet",
            ),
        ],
        body: Body::None,
        replies: &[Told::json(200, "the entries, oldest first", &JOURNAL)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_journal(asked))),
    },
    Endpoint {
        name: "stream_journal",
        method: Method::GET,
        path: "/v1/worlds/{world}/journal/stream",
        text: "a world's journal as it grows, as server-sent events; Last-Event-ID goes on from there",
        query: &[AFTER, OF_VENDOR, OF_OPERATION, OF_OUTCOME, OF_TRACE],
        body: Body::None,
        replies: &[Told::text(
            200,
            "an event `entry` for each; `cleared` where entries up to a number were taken away",
            EVENTS,
        )],
        serve: Serve::Streamed(|admin, asked| Box::pin(async { admin.stream_journal(asked) })),
    },
    Endpoint {
        name: "clear_journal",
        method: Method::DELETE,
        path: "/v1/worlds/{world}/journal",
        text: "empties a world's journal; sequence numbers go on",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "it is empty", &CLEARED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.clear_journal(asked))),
    },
    Endpoint {
        name: "show_entry",
        method: Method::GET,
        path: "/v1/worlds/{world}/journal/{seq}",
        text: "one journal entry",
        query: &[Field::optional(
            "as",
            Kind::OneOf(&["entry", "curl"]),
            "curl: a line for the shell that sends the request again",
        )],
        body: Body::None,
        replies: &[
            Told::json(200, "the entry, or its seq and curl", &ENTRY),
            Told::problem(409, "a curl line is asked for, and the entry is no exchange"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_entry(asked))),
    },
    Endpoint {
        name: "show_archive",
        method: Method::GET,
        path: "/v1/worlds/{world}/journal.har",
        text: "the exchanges of a world's journal as an HTTP archive, HAR 1.2",
        query: &[AFTER, BEFORE, LAST, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the archive", &Shape::Map(&Shape::Any))],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_archive(asked))),
    },
];

/// A journal entry. Its members depend on what is recorded: a request, an admin action, an event.
static ENTRY: Shape = Shape::Map(&Shape::Any);

/// Fields of a query that picks entries.
const OF_VENDOR: Field = Field::optional("vendor", Kind::Text, "only this vendor's");
const OF_OPERATION: Field = Field::optional("operation", Kind::Text, "only this operation's");
const OF_OUTCOME: Field =
    Field::optional("outcome", Kind::OneOf(&Outcome::NAMES), "only with this outcome");

const OF_TRACE: Field = Field::optional(
    "trace",
    Kind::Text,
    "only of this run: a request's traceparent, the trace id in one, or its X-Request-ID",
);

static STRAYS: Shape = Shape::Object(&[always("entries", Shape::List(&ENTRY), "oldest first")]);

static JOURNAL: Shape = Shape::Object(&[
    always("entries", Shape::List(&ENTRY), "oldest first"),
    always("last_seq", Shape::Integer, "the newest sequence number of the world"),
    always("evicted", Shape::Integer, "entries that had to go to make room"),
]);

static CLEARED: Shape = Shape::Object(&[always("cleared", Shape::Bool, "true")]);

/// Media type of server-sent events.
const EVENTS: &str = "text/event-stream";

/// The stretch of a journal that a query asks for.
fn stretch(asked: &Asked, limit_default: usize) -> Stretch {
    let count = |name: &str| asked.number(name).and_then(|count| usize::try_from(count).ok());
    let (last, limit) = (count("last"), count("limit"));
    Stretch {
        after: asked.number("after").map(Seq::new).unwrap_or_default(),
        before: asked.number("before").map(Seq::new).or(last.map(|_| Seq::END)),
        // Of the two, the smaller one.
        limit: last.into_iter().chain(limit).min().unwrap_or(limit_default),
    }
}

/// The entries that a query asks for.
fn filter(asked: &Asked, vendors: Vendors) -> Result<Filter, Problem> {
    let own = |name: &str| asked.query(name).map(str::to_owned);
    let (vendor, operation) = (own("vendor"), own("operation"));
    let names = vendors.0.iter().map(|vendor| vendor.surface.vendor);
    if let Some(unknown) = vendor.as_deref().filter(|name| vendors.find(name).is_none()) {
        return Err(Problem::unknown_here("vendor", unknown, names));
    }
    let is_meant = |name: &str| vendor.as_deref().is_none_or(|vendor| vendor == name);
    let meant = vendors.0.iter().map(|vendor| vendor.surface).filter(|it| is_meant(it.vendor));
    let mut operations = meant.flat_map(|surface| surface.operations).map(|it| it.name);
    if let Some(unknown) = operation.as_deref()
        && !operations.clone().any(|known| known == unknown)
    {
        return Err(Problem::unknown_here("operation", unknown, &mut operations));
    }
    let outcome = asked.query("outcome").and_then(Outcome::named);
    Ok(Filter { vendor, operation, outcome, trace: own("trace") })
}

/// What was asked for on one line, without a copy of it in between.
fn written(told: &impl Serialize) -> Result<Response, Problem> {
    let mut body = serde_json::to_vec(told).map_err(InternalError::from)?;
    body.push(b'\n');
    Ok(Response::with_body(StatusCode::OK, JSON, body))
}

impl Admin {
    /// A page of a world's journal. `wait` (in seconds) waits for an entry where there is none yet.
    pub(crate) async fn list_journal(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let Stretch { after, before, limit } = stretch(asked, PAGE_ROWS_DEFAULT);
        let filter = filter(asked, self.worlds.vendors())?;
        let page = Page { after, before, limit, filter, show_secrets: self.show_secrets };
        let patience = Duration::from_secs(asked.number("wait").unwrap_or_default());
        let found = world.journal_wait(&page, patience).await?;
        written(&found)
    }

    /// The journal as it grows. `Last-Event-ID`, which a client sends when it comes again, goes
    /// before `after`.
    pub(crate) fn stream_journal(&self, asked: &Asked) -> Result<Answered, Problem> {
        let world = self.world(asked)?;
        let last_id = asked.header("last-event-id");
        let last_id = last_id.map(|text| {
            text.parse().map_err(|_| {
                let detail = format!("Last-Event-ID is {text:?}; expected a sequence number");
                Problem::bad_request(detail)
            })
        });
        let page = Page {
            after: last_id.transpose()?.or(asked.number("after").map(Seq::new)).unwrap_or_default(),
            filter: filter(asked, self.worlds.vendors())?,
            show_secrets: self.show_secrets,
            ..Page::default()
        };
        let response = Response::empty(StatusCode::OK)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(EVENTS));
        Ok(Answered { stream: Some(world.journal_stream(&page)), ..response.into() })
    }

    pub(crate) async fn show_entry(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let text = asked.segment("seq");
        let seq: Seq = text.parse().map_err(|_| {
            Problem::bad_request(format!("{text:?} is no sequence number; expected 1 or more"))
        })?;
        let entry = world.journal_entry(seq).await?;
        let entry = entry.ok_or_else(|| {
            let detail = format!("there is no entry {seq}: not yet, cleared, or gone to make room");
            Problem::not_found("no-such-entry", detail)
        })?;
        let masker = world.masker(self.show_secrets).await?;
        let shown = Shown::new(&entry, world.name(), &masker);
        if asked.query("as") != Some("curl") {
            return written(&shown);
        }
        let line = shown.curl().ok_or_else(|| {
            let detail =
                format!("entry {seq} is no exchange, so there is no request to send again");
            Problem::new(StatusCode::CONFLICT, "no-exchange", detail)
        })?;
        Ok(ok(&json!({ "seq": seq, "curl": line })))
    }

    /// The exchanges as an archive: all that the journal of a world in memory holds at the most.
    pub(crate) async fn show_archive(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let Stretch { after, before, limit } = stretch(asked, JOURNAL_ROWS_MAX);
        let show_secrets = self.show_secrets;
        let archive = blocking(move || {
            let page = Page { after, before, limit, show_secrets, ..Page::default() };
            let found = world.journal_page(&page)?;
            Ok(har::archive(world.name(), found.shown().filter_map(|entry| entry.archived())))
        });
        let archive: Result<Value, InternalError> = archive.await?;
        Ok(ok(&archive?))
    }

    pub(crate) async fn clear_journal(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?.clear_journal().await?;
        Ok(ok(&json!({ "cleared": true })))
    }

    /// Requests that no world or vendor took.
    pub(crate) async fn list_strays(&self, asked: &Asked) -> Result<Response, Problem> {
        let stretch = stretch(asked, PAGE_ROWS_DEFAULT);
        let worlds = Arc::clone(&self.worlds);
        // The secrets of all worlds are read.
        let strays = blocking(move || worlds.strays(stretch)).await?;
        Ok(ok(&json!({ "entries": strays.to_json() })))
    }
}
