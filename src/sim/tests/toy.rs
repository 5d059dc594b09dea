//! A made-up vendor with the operations that the core is tried with.

use std::io::Write;

use http::StatusCode;
use rusqlite::Connection;
use serde_json::Value;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::evidence::Evidence;
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::operation::{Access, Operation};
use crate::contract::operation::{Call, Routed};
use crate::contract::reply::Refusal;
use crate::contract::reply::{InternalError, Reply, Rows};
use crate::contract::section::{Section, SeedError};
use crate::contract::surface::Surface;
use crate::contract::timer::Timer;
use crate::contract::vendor::Vendor;
use crate::web::message::{Request, Response};
use crate::web::params::Params;

pub(super) fn at(ms: i64) -> Instant {
    Instant::clamped_from_millis(ms)
}

/// A vendor with one counter and a chain of timers.
pub(super) static TOY: Vendor = Vendor {
    surface: &SURFACE,
    schema: &["CREATE TABLE toy_log (id INTEGER PRIMARY KEY, at_ms INTEGER, key TEXT) STRICT"],
    route,
    failure,
    wake,
    seed,
    event,
    ..Vendor::BARE
};

pub(super) static TOYS: &[&Vendor] = &[&TOY];

pub(super) static SURFACE: Surface = Surface {
    vendor: "toy",
    title: "A made-up vendor",
    prefixes: &["/play/"],
    operations: OPERATIONS,
    refusals: &[&NO],
    events: &[Event {
        name: "chain",
        text: "sets a chain of timers",
        fields: &[
            Field::required("every", Kind::Duration, "how far apart"),
            Field::required("times", Kind::INTEGER, "how many"),
        ],
    }],
    ..Surface::BARE
};

pub(super) static NO: Refusal = Refusal {
    rule: "toy.no",
    code: "409",
    text: "not here",
    when: "asked for",
    evidence: Evidence::Assumed("toy 1"),
};

pub(super) const fn operation(
    name: &'static str,
    access: Access,
    answer: fn(&mut Cx<'_>, &Call<'_>) -> Result<Reply, InternalError>,
) -> Operation {
    let evidence = Evidence::Assumed("toy 1");
    Operation { name, text: "", method: "GET", path: "/play/", access, evidence, answer }
}

pub(super) static OPERATIONS: &[Operation] = &[
    operation("count", Access::Writes, |cx, _| {
        let value = cx.next_count("n", 1)?;
        cx.effect(format!("counted {value}"));
        Ok(text(format!("{value} at {}", cx.now().as_millis())))
    }),
    operation("read", Access::Reads, |cx, _| {
        let sql = "SELECT COALESCE(SUM(value), 0) FROM ringback_counter WHERE name = 'n'";
        let value: i64 = cx.db().query_row(sql, [], |row| row.get(0))?;
        Ok(text(value.to_string()))
    }),
    operation("panic", Access::Writes, |cx, _| {
        cx.next_count("n", 1)?;
        panic!("a rule is broken")
    }),
    operation("fail", Access::Writes, |cx, _| {
        cx.next_count("n", 1)?;
        Err(InternalError::new("the disk is full"))
    }),
    operation("fill", Access::Writes, |cx, _| {
        let sql = "INSERT INTO toy_log (at_ms, key)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
            SELECT i, 'filled' FROM n";
        cx.tx().execute(sql, [])?;
        Ok(text(String::new()))
    }),
    operation("list", Access::Reads, |_, _| {
        Ok(Reply::streamed(Response::empty(StatusCode::OK), Log))
    }),
    operation("write_in_a_read", Access::Reads, |cx, _| {
        cx.next_count("n", 1)?;
        Ok(text(String::new()))
    }),
];

/// The log, row by row.
#[derive(Debug)]
pub(super) struct Log;

impl Rows for Log {
    fn write(self: Box<Self>, db: &Connection, out: &mut dyn Write) -> Result<(), InternalError> {
        let mut statement = db.prepare("SELECT at_ms, key FROM toy_log ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            writeln!(out, "{} {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?)?;
        }
        Ok(())
    }
}

pub(super) fn text(body: String) -> Reply {
    Reply::ok(Response::with_body(StatusCode::OK, "text/plain", body))
}

pub(super) fn route(request: &Request) -> Routed {
    let name = request.path().trim_start_matches("/play/");
    Routed { operation: SURFACE.operation(name), params: Params::default() }
}

pub(super) fn failure(_: &Call<'_>) -> Response {
    Response::with_body(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "toy is broken")
}

pub(super) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let sql = "INSERT INTO toy_log (at_ms, key) VALUES (?1, ?2)";
    cx.tx().execute(sql, (cx.now(), &timer.key))?;
    cx.effect(format!("{} fired", timer.key));
    let (every_ms, left) = timer.key.split_once('x').unwrap_or(("1", "0"));
    let (every_ms, left): (i64, i64) = (every_ms.parse().unwrap(), left.parse().unwrap());
    let every = Span::clamped_from_millis(every_ms);
    assert!(left != 13, "thirteen is one too many");
    if left > 1 {
        cx.set_timer(cx.now().saturating_add(every), "tick", &format!("{every_ms}x{}", left - 1))?;
    }
    Ok(())
}

pub(super) fn seed(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    if source.is_merge() {
        cx.next_count("n", 1)?;
        cx.set_timer(cx.now().saturating_add(Span::millis(50)), "tick", "1x1")?;
        source.rows("rows", &mut |_| Ok(()))?;
    }
    Ok(())
}

pub(super) fn event(cx: &mut Cx<'_>, _: &str, row: &Row<'_>) -> Result<Value, EventError> {
    let (every, times) = (row.duration("every"), row.int("times"));
    cx.set_timer(
        cx.now().saturating_add(every),
        "tick",
        &format!("{}x{times}", every.as_millis()),
    )?;
    if times < 0 {
        return Err(EventError::Refused("a chain has no negative length".into()));
    }
    Ok(Value::Null)
}
