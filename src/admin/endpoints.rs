//! The routes of the control plane. A new one is a row here and a function on `Admin`; it is served,
//! checked and documented from the row.

use http::{Method, StatusCode};
use serde_json::json;

use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::Problem;
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::{clock, door, findings, image, journal, metrics, openapi, verify, worlds};
use crate::base::limits::{JOURNAL_WAIT_MAX, PAGE_ROWS_MAX};
use crate::contract::fields::{Field, Kind};
use crate::sim::documents::fidelity;
use crate::sim::fault::declare;

/// Parameters in paths, with what they name.
pub(crate) const PATH_PARAMETERS: &[Field] = &[
    Field::required("world", Kind::Text, "name of a world; `default` always exists"),
    Field::required("seq", Kind::Integer { min: 1, max: i64::MAX }, "number of a journal entry"),
    Field::required("vendor", Kind::Text, "name of a vendor; GET /v1/vendors lists them"),
    Field::required("table", Kind::Text, "name of a table; GET …/state/{vendor} lists them"),
    Field::required("fault", Kind::Integer { min: 1, max: i64::MAX }, "id of a rule for faults"),
    Field::required("event", Kind::Text, "name of an event; GET …/events/{vendor} lists them"),
    Field::required("phone", Kind::Text, "a telephone number, written in any way"),
];

const OFFSET: Field = Field::optional(
    "offset",
    Kind::Integer { min: 0, max: i64::MAX },
    "how many rows to leave out",
);

const AFTER: Field = Field::optional(
    "after",
    Kind::Integer { min: 0, max: i64::MAX },
    "only entries with a greater sequence number",
);

#[expect(clippy::cast_possible_wrap, reason = "a small constant")]
const LIMIT: Field = Field::optional(
    "limit",
    Kind::Integer { min: 0, max: PAGE_ROWS_MAX as i64 },
    "how many to show at the most",
);

const NO_FIELDS: Body = Body::Fields(&[]);

pub(crate) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: "show_live",
        method: Method::GET,
        path: "/livez",
        text: "says that the process runs; needs no token",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "it runs", &STATUS)],
        serve: Serve::Now(|_, _| Ok(ok(&json!({ "status": "ok" })))),
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
            Told::problem(503, "the worlds are still being loaded"),
        ],
        serve: Serve::Now(|admin, _| {
            if admin.is_ready() {
                return Ok(ok(&json!({ "status": "ready" })));
            }
            let detail = "the worlds are still being loaded";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail))
        }),
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
        name: "show_metrics",
        method: Method::GET,
        path: "/metrics",
        text: "counts for Prometheus: requests, time in worlds, worlds, timers, faults, memory",
        query: &[],
        body: Body::None,
        replies: &[Told::text(200, "the counts, as text", metrics::TEXT)],
        serve: Serve::Now(|admin, _| Ok(admin.show_metrics())),
    },
    Endpoint {
        name: "show_openapi",
        method: Method::GET,
        path: "/openapi.json",
        text: "this document: OpenAPI 3.1 of the control plane",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the document", &Shape::Map(&Shape::Any))],
        serve: Serve::Now(|_, _| Ok(ok(&openapi::document()))),
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
        name: "list_vendors",
        method: Method::GET,
        path: "/v1/vendors",
        text: "the vendors with their operations, tables and events",
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
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "all facts with their evidence", &FIDELITY)],
        serve: Serve::Now(|admin, _| Ok(ok(&admin.each_vendor("vendors", fidelity::report)))),
    },
    Endpoint {
        name: "list_variants",
        method: Method::GET,
        path: "/v1/variants",
        text: "the switches for what the vendors' papers leave open",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the switches with their positions", &SWITCHES)],
        serve: Serve::Now(|admin, _| Ok(ok(&admin.each_vendor("vendors", fidelity::switches)))),
    },
    Endpoint {
        name: "list_strays",
        method: Method::GET,
        path: "/v1/journal",
        text: "requests that no world or vendor took",
        query: &[AFTER, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the entries", &STRAYS)],
        serve: Serve::Now(|admin, asked| Ok(admin.list_strays(asked))),
    },
    Endpoint {
        name: "list_worlds",
        method: Method::GET,
        path: "/v1/worlds",
        text: "the worlds",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the worlds", &WORLDS)],
        serve: Serve::Now(|admin, _| Ok(ok(&admin.list_worlds()))),
    },
    Endpoint {
        name: "make_world",
        method: Method::POST,
        path: "/v1/worlds",
        text: "makes a world from a scenario, by name or inline",
        query: &[],
        body: Body::Shape(&NEW_WORLD),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(
                409,
                "the name, a claim or the address is another's, or there are too many of them",
            ),
            Told::problem(422, "the machine does not have the address to listen on"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.make_world(asked))),
    },
    Endpoint {
        name: "show_world",
        method: Method::GET,
        path: "/v1/worlds/{world}",
        text: "one world",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the world", &WORLD)],
        serve: Serve::Now(|admin, asked| {
            let world = admin.world(asked)?;
            Ok(ok(&admin.facts(&world)))
        }),
    },
    Endpoint {
        name: "delete_world",
        method: Method::DELETE,
        path: "/v1/worlds/{world}",
        text: "deletes a world with its journal and checkpoints",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "it is gone", &DELETED),
            Told::problem(409, "the default world always exists"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.delete_world(asked))),
    },
    Endpoint {
        name: "reset_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/reset",
        text: "puts a world back to its seed; journal and checkpoints stay",
        query: &[],
        body: NO_FIELDS,
        replies: &[Told::json(200, "it is as it was made", &MARKED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.reset_world(asked))),
    },
    Endpoint {
        name: "seed_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/seed",
        text: "takes a piece of scenario into a world as it is, all or nothing; a reset goes back \
               to the seed without it",
        query: &[],
        body: Body::Shape(&PIECE),
        replies: &[Told::json(200, "it is there", &MERGED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.seed_world(asked))),
    },
    Endpoint {
        name: "fork_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/fork",
        text: "makes a new world that begins where this one is now",
        query: &[],
        body: Body::Fields(worlds::NAMED),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(409, "there is a world of this name, or there are too many"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.fork_world(asked))),
    },
    Endpoint {
        name: "export_world",
        method: Method::GET,
        path: "/v1/worlds/{world}/export",
        text: "a world's state as one SQLite file, credentials included",
        query: &[],
        body: Body::None,
        replies: &[Told::file(200, "the file", door::DATABASE)],
        serve: Serve::Streamed(|admin, asked| Box::pin(admin.export_world(asked))),
    },
    Endpoint {
        name: "show_scenario",
        method: Method::GET,
        path: "/v1/worlds/{world}/scenario",
        text: "a world's state as a scenario that makes it again, credentials included; what no \
               scenario can say is listed",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the scenario, and what is not in it", &SCENARIO)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_scenario(asked))),
    },
    Endpoint {
        name: "show_scenario_file",
        method: Method::GET,
        path: "/v1/worlds/{world}/scenario.toml",
        text: "the same as the text of a file; what it cannot say stands above it as comments",
        query: &[],
        body: Body::None,
        replies: &[Told::file(200, "the text", image::TOML)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_scenario_file(asked))),
    },
    Endpoint {
        name: "import_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/import",
        text: "makes a new world of an exported file",
        query: &[],
        body: Body::File(door::DATABASE),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(409, "there is a world of this name, or there are too many"),
            Told::problem(422, "the file is cut short, damaged, foreign or of a newer build"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.import_world(asked))),
    },
    Endpoint {
        name: "keep_checkpoint",
        method: Method::POST,
        path: "/v1/worlds/{world}/checkpoint",
        text: "keeps the state as it is now under a name",
        query: &[],
        body: Body::Fields(worlds::NAMED),
        replies: &[
            Told::json(201, "it is kept", &KEPT),
            Told::problem(409, "there are too many checkpoints"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.keep_checkpoint(asked))),
    },
    Endpoint {
        name: "roll_back",
        method: Method::POST,
        path: "/v1/worlds/{world}/rollback",
        text: "puts the state back to a checkpoint",
        query: &[],
        body: Body::Fields(worlds::NAMED),
        replies: &[Told::json(200, "it is as it was", &MARKED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.roll_back(asked))),
    },
    Endpoint {
        name: "show_clock",
        method: Method::GET,
        path: "/v1/worlds/{world}/clock",
        text: "a world's time, how it passes, and what is due next",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the clock", &CLOCK)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_clock(asked))),
    },
    Endpoint {
        name: "set_clock",
        method: Method::PUT,
        path: "/v1/worlds/{world}/clock",
        text: "freezes, frees or scales a world's clock; what is due on the way is done",
        query: &[],
        body: Body::Fields(clock::CLOCK),
        replies: &[
            Told::json(200, "the clock as it is now", &CLOCK),
            Told::problem(409, "time never goes back"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.set_clock(asked))),
    },
    Endpoint {
        name: "advance_clock",
        method: Method::POST,
        path: "/v1/worlds/{world}/clock/advance",
        text: "moves a world's clock on; answers when all due work is done",
        query: &[],
        body: Body::Fields(clock::ADVANCE),
        replies: &[
            Told::json(200, "the time now, and what fired", &ADVANCED),
            Told::problem(409, "time never goes back"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.advance_clock(asked))),
    },
    Endpoint {
        name: "show_variants",
        method: Method::GET,
        path: "/v1/worlds/{world}/variants",
        text: "a world's switches as they stand",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "by vendor and name", &SET_SWITCHES)],
        serve: Serve::Later(|admin, asked| {
            Box::pin(async { Ok(ok(&admin.world(asked)?.variants().await)) })
        }),
    },
    Endpoint {
        name: "set_variants",
        method: Method::PUT,
        path: "/v1/worlds/{world}/variants",
        text: "turns the switches that are named; the others stay; all or none",
        query: &[],
        body: Body::Shape(&SET_SWITCHES),
        replies: &[Told::json(200, "the switches as they stand now", &SET_SWITCHES)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.set_variants(asked))),
    },
    Endpoint {
        name: "list_faults",
        method: Method::GET,
        path: "/v1/worlds/{world}/faults",
        text: "a world's rules for faults, with what has come of them",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the rules, in the order in which they are asked", &FAULTS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_faults(asked))),
    },
    Endpoint {
        name: "add_fault",
        method: Method::POST,
        path: "/v1/worlds/{world}/faults",
        text: "lets requests go wrong, from the next on; a rule as in a scenario's [[fault]]",
        query: &[],
        body: Body::Fields(declare::FAULT),
        replies: &[
            Told::json(201, "the rules have these ids", &FAULT_IDS),
            Told::problem(409, "the name is taken, or there are too many"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.add_fault(asked))),
    },
    Endpoint {
        name: "clear_faults",
        method: Method::DELETE,
        path: "/v1/worlds/{world}/faults",
        text: "takes all rules for faults away",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "they are gone", &REMOVED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.clear_faults(asked))),
    },
    Endpoint {
        name: "remove_fault",
        method: Method::DELETE,
        path: "/v1/worlds/{world}/faults/{fault}",
        text: "takes one rule for faults away",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "it is gone", &REMOVED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.remove_fault(asked))),
    },
    Endpoint {
        name: "list_journal",
        method: Method::GET,
        path: "/v1/worlds/{world}/journal",
        text: "a page of a world's journal",
        query: &[
            AFTER,
            LIMIT,
            Field::optional("vendor", Kind::Text, "only this vendor's"),
            Field::optional("operation", Kind::Text, "only this operation's"),
            Field::optional("outcome", Kind::Text, "only with this outcome"),
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
        query: &[
            AFTER,
            Field::optional("vendor", Kind::Text, "only this vendor's"),
            Field::optional("operation", Kind::Text, "only this operation's"),
            Field::optional("outcome", Kind::Text, "only with this outcome"),
        ],
        body: Body::None,
        replies: &[Told::text(200, "an event `entry` for each", journal::EVENTS)],
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
        query: &[AFTER, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the archive", &Shape::Map(&Shape::Any))],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_archive(asked))),
    },
    Endpoint {
        name: "list_tables",
        method: Method::GET,
        path: "/v1/worlds/{world}/state/{vendor}",
        text: "the tables in which a vendor's state can be seen",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the tables", &TABLES)],
        serve: Serve::Now(Admin::list_tables),
    },
    Endpoint {
        name: "show_table",
        method: Method::GET,
        path: "/v1/worlds/{world}/state/{vendor}/{table}",
        text: "a page of a vendor's state",
        query: &[OFFSET, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the rows", &ROWS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_table(asked))),
    },
    Endpoint {
        name: "list_people",
        method: Method::GET,
        path: "/v1/worlds/{world}/people",
        text: "a page of the fictional persons whom vendors draw on",
        query: &[OFFSET, LIMIT],
        body: Body::None,
        replies: &[Told::json(200, "the people", &PEOPLE)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_people(asked))),
    },
    Endpoint {
        name: "show_person",
        method: Method::GET,
        path: "/v1/worlds/{world}/people/{phone}",
        text: "a person's way across the vendors, in order of time",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "the person, and what happened", &WAY),
            Told::problem(404, "nobody knows the number"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_person(asked))),
    },
    Endpoint {
        name: "list_events",
        method: Method::GET,
        path: "/v1/worlds/{world}/events/{vendor}",
        text: "what a test can bring about outside the vendor's API",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the events with their fields", &EVENTS)],
        serve: Serve::Now(Admin::list_events),
    },
    Endpoint {
        name: "send_event",
        method: Method::POST,
        path: "/v1/worlds/{world}/events/{vendor}/{event}",
        text: "brings an event about; its fields are the body",
        query: &[],
        body: Body::Shape(&Shape::Map(&Shape::Any)),
        replies: &[
            Told::json(200, "it has happened", &HAPPENED),
            Told::problem(409, "it cannot happen now, with the reason"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.send_event(asked))),
    },
    Endpoint {
        name: "list_findings",
        method: Method::GET,
        path: "/v1/worlds/{world}/findings",
        text: "what clients do wrong although they are answered, as the journal shows it",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the findings, by their first entry", &findings::FINDINGS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_findings(asked))),
    },
    Endpoint {
        name: "show_strict",
        method: Method::GET,
        path: "/v1/worlds/{world}/strict",
        text: "what a world expects of its run",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "what it expects", &findings::EXPECTED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_strict(asked))),
    },
    Endpoint {
        name: "set_strict",
        method: Method::PUT,
        path: "/v1/worlds/{world}/strict",
        text: "makes a world strict, or not, and says what is expected of its run",
        query: &[],
        body: Body::Shape(&findings::EXPECTING),
        replies: &[Told::json(200, "what it expects now", &findings::EXPECTED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.set_strict(asked))),
    },
    Endpoint {
        name: "verify",
        method: Method::POST,
        path: "/v1/worlds/{world}/verify",
        text: "says whether a condition over the journal holds, and what came closest where not",
        query: &[],
        body: Body::Shape(&verify::CONDITION),
        replies: &[
            Told::json(200, "it holds", &verify::VERDICT),
            Told::json(422, "it does not hold, or that cannot be told", &verify::VERDICT),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.verify(asked))),
    },
    Endpoint {
        name: "wait",
        method: Method::POST,
        path: "/v1/worlds/{world}/wait",
        text: "waits until a condition over the journal holds, or its timeout has passed",
        query: &[],
        body: Body::Shape(&verify::AWAITED),
        replies: &[
            Told::json(200, "it holds", &verify::VERDICT),
            Told::json(422, "the time has passed, or it can no longer hold", &verify::VERDICT),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.wait(asked))),
    },
];

static FAULTS: Shape = Shape::Object(&[always(
    "faults",
    // What a rule says beside these depends on its kind.
    Shape::List(&Shape::Map(&Shape::Any)),
    "each with id, name, then, on, work (done or not), added, matched, fired and active",
)]);

static FAULT_IDS: Shape =
    Shape::Object(&[always("ids", Shape::List(&Shape::Integer), "of the new rules, in order")]);

static REMOVED: Shape =
    Shape::Object(&[always("removed", Shape::Integer, "how many rules are gone")]);

static STATUS: Shape = Shape::Object(&[always("status", Shape::Text, "`ok` or `ready`")]);

static VERSION: Shape = Shape::Object(&[always("version", Shape::Text, "as in 0.1.0")]);

const TEXT_LIST: Shape = Shape::List(&Shape::Text);

const EVIDENCE: Shape = Shape::OneOf(&["documented", "observed", "inferred", "assumed"]);

static VENDORS: Shape = Shape::Object(&[always(
    "vendors",
    Shape::List(&Shape::Object(&[
        always("name", Shape::Text, "as in paths, scenarios and the journal"),
        always("title", Shape::Text, "company, product, version of the API"),
        always("paths", TEXT_LIST, "the paths that are its on a shared listener"),
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
        always("events", TEXT_LIST, "names of its events"),
    ])),
    "in the order of the build",
)]);

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

static SWITCHES: Shape = Shape::Object(&[always(
    "vendors",
    Shape::List(&Shape::Object(&[
        always("vendor", Shape::Text, "its name"),
        always(
            "variants",
            Shape::List(&Shape::Object(&[
                always("name", Shape::Text, "of the switch"),
                always("text", Shape::Text, "the question that it answers"),
                always("default", Shape::Text, "the position when nothing is said"),
                always(
                    "values",
                    Shape::List(&Shape::Object(&[
                        always("name", Shape::Text, "of the position"),
                        always("text", Shape::Text, "what it does"),
                        always("evidence", EVIDENCE, "how it is known"),
                        always("source", Shape::Text, "where it is known from"),
                    ])),
                    "the positions",
                ),
            ])),
            "its switches",
        ),
    ])),
    "one list each",
)]);

/// A journal entry. Its members depend on what is recorded: a request, an admin action, an event.
static ENTRY: Shape = Shape::Map(&Shape::Any);

static STRAYS: Shape = Shape::Object(&[always("entries", Shape::List(&ENTRY), "oldest first")]);

static JOURNAL: Shape = Shape::Object(&[
    always("entries", Shape::List(&ENTRY), "oldest first"),
    always("last_seq", Shape::Integer, "the newest sequence number of the world"),
    always("evicted", Shape::Integer, "entries that had to go to make room"),
]);

static CLEARED: Shape = Shape::Object(&[always("cleared", Shape::Bool, "true")]);

const CLOCK_MODE: Shape = Shape::OneOf(&["frozen", "real", "scaled"]);

static WORLD: Shape = Shape::Object(&[
    always("name", Shape::Text, "as in paths"),
    always("title", Shape::Text, "of its scenario"),
    always("seed", Shape::Integer, "of its random values"),
    always(
        "clock",
        Shape::Object(&[
            always("mode", CLOCK_MODE, "how it moves"),
            always("now", Shape::Time, "the world's time"),
        ]),
        "the world's clock",
    ),
    always("inputs", Shape::Integer, "how many inputs it has taken"),
    always("persistent", Shape::Bool, "whether it is kept in a file"),
    always("own_bytes", Shape::Integer, "memory that it shares with no other world"),
    always("checkpoints", TEXT_LIST, "names of its checkpoints"),
    always("listen", Shape::OrNull(&Shape::Text), "the address that is its own"),
    always("ttl", Shape::OrNull(&Shape::Text), "how long it lives unused"),
    always("claims", TEXT_LIST, "the credentials that lead to it"),
    always("busy", Shape::Bool, "whether a long input has it just now"),
]);

static WORLDS: Shape = Shape::Object(&[always("worlds", Shape::List(&WORLD), "by name")]);

static NEW_WORLD: Shape = Shape::Object(&[
    always("name", Shape::Text, "of the new world"),
    always(
        "scenario",
        Shape::Either(&[Shape::Text, Shape::Map(&Shape::Any)]),
        "the name of a scenario, or one as an object",
    ),
    maybe("seed", Shape::Integer, "in place of the scenario's own"),
    maybe(
        "variants",
        Shape::Map(&Shape::Map(&Shape::Text)),
        "by vendor and name; those that are not named stay",
    ),
    maybe("strict", Shape::Bool, "whether its run fails on whatever was not expected"),
    maybe("expect", Shape::List(&verify::CONDITION), "in place of the scenario's own"),
    maybe("claims", TEXT_LIST, "credentials that lead to it, as in `vendor:credential`"),
    maybe("listen", Shape::Text, "an address for it alone, such as 127.0.0.1:0"),
    maybe("ttl", Shape::Text, "how long it lives unused, such as 10m"),
]);

static SCENARIO: Shape = Shape::Object(&[
    always("scenario", Shape::Map(&Shape::Any), "in the shape of a scenario file"),
    always(
        "omitted",
        Shape::List(&Shape::Object(&[
            always("vendor", Shape::Text, "whose it is; empty for the world's own"),
            always("what", Shape::Text, "what it is"),
            always("count", Shape::Integer, "how many there are"),
        ])),
        "what is in the world and not in the scenario",
    ),
]);

static DELETED: Shape = Shape::Object(&[always("deleted", Shape::Text, "its name")]);

static MARKED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's marker entry"),
    always("world", WORLD, "as it is now"),
]);

/// A scenario without what the world has already: title, seed, clock, switches, steps. The schema of
/// a scenario says the rest.
static PIECE: Shape = Shape::Map(&Shape::Any);

static MERGED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always(
        "added",
        Shape::Map(&Shape::Map(&Shape::Integer)),
        "rows of the piece by vendor and collection; `world` for what is no vendor's",
    ),
    always("world", WORLD, "as it is now"),
]);

static KEPT: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always("checkpoint", Shape::Text, "its name"),
]);

static CLOCK: Shape = Shape::Object(&[
    always("mode", CLOCK_MODE, "how it moves"),
    always("rate", Shape::OrNull(&Shape::Number), "world seconds to a real one, where scaled"),
    always("now", Shape::Time, "the world's time"),
    always("next_due", Shape::OrNull(&Shape::Time), "when the next timer is due"),
    always("timers", Shape::Integer, "how many wait"),
    always("timers_failed", Shape::Integer, "how many were switched off because they failed"),
    maybe("fired", Shape::Integer, "how many fired on the way, where the clock was set"),
]);

static ADVANCED: Shape = Shape::Object(&[
    always("from", Shape::Time, "the world's time before"),
    always("now", Shape::Time, "the world's time now"),
    always("fired", Shape::Integer, "how many timers fired"),
    always("kinds", Shape::Map(&Shape::Map(&Shape::Integer)), "how many, by vendor and kind"),
    always("firings", Shape::List(&Shape::Map(&Shape::Any)), "the first of them"),
    always("effects", Shape::List(&Shape::Map(&Shape::Any)), "what came of it, the first of it"),
]);

static SET_SWITCHES: Shape = Shape::Map(&Shape::Map(&Shape::Text));

static TABLES: Shape = Shape::Object(&[always(
    "tables",
    Shape::List(&Shape::Object(&[
        always("name", Shape::Text, "as in paths"),
        always("text", Shape::Text, "what it shows"),
    ])),
    "the vendor's tables",
)]);

static ROWS: Shape = Shape::Map(&Shape::Any);

const PERSON: Shape = Shape::Object(&[
    always("phone", Shape::Text, "as the scenario writes it"),
    always("first_name", Shape::Text, "empty where there is none"),
    always("name", Shape::Text, "surname"),
    always("email", Shape::Text, "empty where there is none"),
]);

static PEOPLE: Shape = Shape::Object(&[
    always("offset", Shape::Integer, "how many were left out"),
    always("total", Shape::Integer, "how many there are"),
    always("people", Shape::List(&PERSON), "the people"),
]);

static WAY: Shape = Shape::Object(&[
    always("phone", Shape::Text, "the number, digits alone"),
    always("person", Shape::OrNull(&PERSON), "who it is; null where the scenario has nobody"),
    always(
        "steps",
        Shape::List(&Shape::Object(&[
            always("at", Shape::OrNull(&Shape::Time), "when; null where nobody knows"),
            always("vendor", Shape::Text, "where"),
            always("what", Shape::Text, "what happened, in words"),
        ])),
        "what happened, oldest first",
    ),
]);

static EVENTS: Shape = Shape::Object(&[always(
    "events",
    Shape::List(&Shape::Object(&[
        always("name", Shape::Text, "as in paths"),
        always("text", Shape::Text, "what happens"),
        always(
            "fields",
            Shape::List(&Shape::Object(&[
                always("name", Shape::Text, "of the field"),
                always("text", Shape::Text, "what it means"),
            ])),
            "what the body holds",
        ),
    ])),
    "the vendor's events",
)]);

static HAPPENED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always("result", Shape::Any, "what the vendor says of it"),
]);
