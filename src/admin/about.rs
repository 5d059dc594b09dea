//! What the program is and whether it serves, and the vendors as their tables describe them.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{MARKDOWN, ok};
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::shapes::{EVIDENCE, TEXT_LIST};
use crate::contract::board::Board;
use crate::contract::fields::{Field, Kind};
use crate::contract::lesson::lesson;
use crate::contract::paper;
use crate::sim::documents::{fidelity, findings, openapi};
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "show_live",
        method: Method::GET,
        path: "/livez",
        text: "says that the process runs; needs no token",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "it runs", &STATUS),
            Told::problem(503, "a listener does not run"),
        ],
        serve: Serve::Now(|admin, _| match admin.health.what_is_down() {
            None => Ok(ok(&json!({ "status": "ok" }))),
            Some(down) => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-live", down)),
        }),
    },
    Endpoint {
        name: "show_ready",
        method: Method::GET,
        path: "/readyz",
        text: "says whether requests are served; needs no token",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "requests are served", &STATUS),
            Told::problem(
                503,
                "the worlds are still being loaded or cannot be written, or a listener cannot accept",
            ),
        ],
        serve: Serve::Later(|admin, _| Box::pin(admin.show_ready())),
    },
    Endpoint {
        name: "show_version",
        method: Method::GET,
        path: "/version",
        text: "the version of the program",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the version", &VERSION)],
        serve: Serve::Now(|_, _| Ok(ok(&json!({ "version": env!("CARGO_PKG_VERSION") })))),
    },
    Endpoint {
        name: "show_openapi",
        method: Method::GET,
        path: "/openapi.json",
        text: "this document: OpenAPI 3.1 of the control plane",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the document", &Shape::Map(&Shape::Any))],
        serve: Serve::Document,
    },
    Endpoint {
        name: "show_vendor_openapi",
        method: Method::GET,
        path: "/openapi/{vendor}.json",
        text: "OpenAPI 3.1 of a vendor's own surface",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the document", &Shape::Map(&Shape::Any))],
        serve: Serve::Now(Admin::show_vendor_openapi),
    },
    Endpoint {
        name: "show_contract",
        method: Method::GET,
        path: "/v1/vendors/{vendor}/contract",
        text: "all that is known of a vendor, or one section of it: what `source` names by number",
        query: &[SECTION],
        body: Body::None,
        replies: &[Told::text(200, "the contract, or the section", MARKDOWN)],
        serve: Serve::Now(Admin::show_contract),
    },
    Endpoint {
        name: "show_rule",
        method: Method::GET,
        path: "/v1/rules/{rule}",
        text: "what a rule is about by which a request is refused, what commonly breaks it, and the cure",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "the rule, explained", &RULE),
            Told::problem(404, "there is no such rule"),
        ],
        serve: Serve::Now(Admin::show_rule),
    },
    Endpoint {
        name: "list_vendors",
        method: Method::GET,
        path: "/v1/vendors",
        text: "the vendors with their operations, tables, events and findings",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the vendors", &VENDORS)],
        serve: Serve::Now(|admin, _| Ok(ok(&admin.list_vendors()))),
    },
    Endpoint {
        name: "show_fidelity",
        method: Method::GET,
        path: "/v1/fidelity",
        text: "how each operation, refusal, field and switch is known to be the vendor's",
        query: &[WORLD],
        body: Body::None,
        replies: &[
            Told::json(200, "all facts with their evidence", &FIDELITY),
            Told::problem(404, "there is no such world"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_fidelity(asked))),
    },
];

const SECTION: Field =
    Field::optional("section", Kind::Text, "its number: `1.3`; all where left out");

const WORLD: Field = Field::optional(
    "world",
    Kind::Text,
    "a world; positions that its scenario says were seen at the vendor are told as observed then",
);

static STATUS: Shape = Shape::Object(&[always("status", Shape::Text, "`ok` or `ready`")]);

static VERSION: Shape = Shape::Object(&[always("version", Shape::Text, "as in 0.1.0")]);

static RULE: Shape = Shape::Object(&[
    always("rule", Shape::Text, "as in `why`"),
    always("vendor", Shape::Text, "whose it is"),
    always("when", Shape::Text, "a request is refused where this is so"),
    always("why", TEXT_LIST, "what the rule is there for, a paragraph each"),
    always(
        "mistakes",
        Shape::List(&Shape::Object(&[
            always("what", Shape::Text, "what clients do"),
            always("cure", Shape::Text, "what to do in place of it; empty where nothing is said"),
        ])),
        "what commonly breaks it",
    ),
    always("evidence", EVIDENCE, "how it is known"),
    always("source", Shape::Text, "where it is known from"),
]);

static VENDORS: Shape = Shape::Object(&[
    always("listen", TEXT_LIST, "the addresses that all vendors share"),
    always(
        "vendors",
        Shape::List(&Shape::Object(&[
            always("name", Shape::Text, "as in paths, scenarios and the journal"),
            always("title", Shape::Text, "company, product, version of the API"),
            always("paths", TEXT_LIST, "the paths that are its on a shared listener"),
            always(
                "hosts",
                TEXT_LIST,
                "its host names, and those that `--host` and the scenarios of worlds gave it",
            ),
            always(
                "url",
                Shape::OrNull(&Shape::Text),
                "where it is served for the world `default`; other worlds stand behind `/w/NAME`",
            ),
            always(
                "operations",
                Shape::List(&Shape::Object(&[
                    always("name", Shape::Text, "as in journal, faults and fixtures"),
                    always("method", Shape::Text, "HTTP method"),
                    always("path", Shape::Text, "the path, with what else picks the operation"),
                    always("text", Shape::Text, "what it does"),
                    always("evidence", EVIDENCE, "how it is known"),
                    always("source", Shape::Text, "where it is known from"),
                ])),
                "its operations",
            ),
            always("tables", TEXT_LIST, "names of its tables"),
            always(
                "boards",
                Shape::List(&BOARD),
                "how its tables are shown to people, the most telling first",
            ),
            always("events", TEXT_LIST, "names of its events"),
            always(
                "findings",
                Shape::List(&Shape::Object(&[
                    always("name", Shape::Text, "as in the findings of a world"),
                    always("about", Shape::Text, "the operation or parameter, where it is one"),
                    always("matters", Shape::Text, "why it matters"),
                    always("remedy", Shape::Text, "what to do"),
                ])),
                "habits of its clients that are looked for",
            ),
        ])),
        "in the order of the build",
    ),
]);

static BOARD: Shape = Shape::Object(&[
    always("table", Shape::Text, "the table"),
    always("title", Shape::Text, "its heading"),
    maybe("lane", Shape::Text, "the column whose value is the lane that a row stands in"),
    maybe("lanes", TEXT_LIST, "values of it whose lanes stand even when empty"),
    maybe("since", Shape::Text, "the column that says since when a row is in its lane"),
    maybe("head", Shape::Text, "the column that names a row to a person"),
    maybe(
        "lines",
        TEXT_LIST,
        "lines of a card; a cell in braces is a column, or `column>table.column`",
    ),
    maybe("columns", TEXT_LIST, "cells of a row; all columns where left out"),
]);

static FIDELITY: Shape = Shape::Object(&[always(
    "vendors",
    Shape::List(&Shape::Object(&[
        always("vendor", Shape::Text, "its name"),
        always("title", Shape::Text, "company, product, version of the API"),
        always("totals", Shape::Map(&Shape::Integer), "number of facts of each grade"),
        always(
            "facts",
            Shape::List(&Shape::Object(&[
                always("kind", Shape::Text, "operation, refusal, field, variant or not simulated"),
                always("group", Shape::Text, "the entity of a field, the name of a switch"),
                always("name", Shape::Text, "of the fact"),
                always("text", Shape::Text, "what it says"),
                always("evidence", EVIDENCE, "how it is known"),
                always("source", Shape::Text, "where it is known from"),
            ])),
            "all of them",
        ),
    ])),
    "one report each",
)]);

/// A board as the page reads it; what it does not say is left out.
fn board(board: &Board) -> Value {
    let mut told = json!({ "table": board.table, "title": board.title });
    for (name, column) in [("lane", board.lane), ("since", board.since), ("head", board.head)] {
        if let Some(column) = column {
            told[name] = json!(column);
        }
    }
    for (name, list) in [("lanes", board.lanes), ("lines", board.lines), ("columns", board.columns)]
    {
        if !list.is_empty() {
            told[name] = json!(list);
        }
    }
    told
}

impl Admin {
    async fn show_fidelity(&self, asked: &Asked) -> Result<Response, Problem> {
        let Some(name) = asked.query("world") else {
            return Ok(ok(&self.each_vendor("vendors", fidelity::report)));
        };
        let observed = self.world_of(name)?.observed().await;
        let told = self.worlds.vendors().0.iter().map(|vendor| {
            let surface = vendor.surface;
            let on = |switch: &str, value: &str| observed.on(surface.vendor, switch, value);
            fidelity::report_as_seen(surface, on)
        });
        Ok(ok(&json!({ "vendors": told.collect::<Value>() })))
    }

    fn list_vendors(&self) -> Value {
        let vendors = self.worlds.vendors().0.iter().map(|vendor| {
            let surface = vendor.surface;
            let operations = surface.operations.iter().map(|operation| {
                json!({
                    "name": operation.name,
                    "method": operation.method,
                    "path": operation.path,
                    "text": operation.text,
                    "evidence": operation.evidence.grade(),
                    "source": operation.evidence.source(),
                })
            });
            json!({
                "name": surface.vendor,
                "title": surface.title,
                "paths": surface.prefixes,
                "hosts": self.hosts(surface),
                "url": self.url(surface),
                "operations": operations.collect::<Value>(),
                "tables": surface.tables.iter().map(|table| table.name).collect::<Value>(),
                "boards": surface.boards.iter().map(board).collect::<Value>(),
                "events": surface.events.iter().map(|event| event.name).collect::<Value>(),
                "findings": findings::looked_for(surface).collect::<Value>(),
            })
        });
        json!({ "vendors": vendors.collect::<Value>(), "listen": self.listen })
    }

    fn show_rule(&self, asked: &Asked) -> Result<Response, Problem> {
        let name = asked.segment("rule");
        let all = || {
            self.worlds.vendors().0.iter().flat_map(|vendor| {
                vendor.surface.refusals.iter().map(move |refusal| (*vendor, *refusal))
            })
        };
        let found = all().find(|(_, refusal)| refusal.rule == name);
        let (vendor, refusal) = found.ok_or_else(|| {
            Problem::unknown("rule", name, all().map(|(_, refusal)| refusal.rule))
        })?;
        let told = lesson((vendor.rules)(), refusal.rule).unwrap_or_default();
        let mistakes = told.mistakes.iter().map(|it| json!({ "what": it.what, "cure": it.cure }));
        Ok(ok(&json!({
            "rule": refusal.rule,
            "vendor": vendor.surface.vendor,
            "when": refusal.when,
            "why": told.why,
            "mistakes": mistakes.collect::<Value>(),
            "evidence": refusal.evidence.grade(),
            "source": refusal.evidence.source(),
        })))
    }

    fn show_contract(&self, asked: &Asked) -> Result<Response, Problem> {
        let vendor = self.vendor(asked)?;
        let text = match asked.query("section") {
            None if (vendor.contract)().is_empty() => {
                let name = vendor.surface.vendor;
                return Err(Problem::not_found(
                    "no-contract",
                    format!("{name} brings no contract"),
                ));
            }
            None => (vendor.contract)().to_owned(),
            Some(number) => paper::wanted(vendor, number)
                .map_err(|said| Problem::not_found("no-such-section", said))?,
        };
        Ok(Response::with_body(StatusCode::OK, MARKDOWN, format!("{}\n", text.trim_end())))
    }

    fn show_vendor_openapi(&self, asked: &Asked) -> Result<Response, Problem> {
        Ok(ok(&openapi::document(self.vendor(asked)?.surface)))
    }
}
