//! What is behind the wire: the tables of a vendor, and what happens outside its API.

use http::Method;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told, read_vendor_fields};
use crate::admin::parameters::{LIMIT, OFFSET};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::contract::secret_fields::SecretFields;
use crate::sim::documents::schema::of_field;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
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
        replies: &[Told::json(200, "the rows", &PAGE)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_table(asked))),
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
];

static TABLES: Shape = Shape::Object(&[always(
    "tables",
    Shape::List(&Shape::Object(&[
        always("name", Shape::Text, "as in paths"),
        always("text", Shape::Text, "what it shows"),
    ])),
    "the vendor's tables",
)]);

/// A page of rows; what they hold is the vendor's.
static PAGE: Shape = Shape::Map(&Shape::Any);

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
                always("required", Shape::Bool, "whether it has to be there"),
                always("schema", Shape::Map(&Shape::Any), "what it takes, as JSON Schema 2020-12"),
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

impl Admin {
    pub(crate) fn list_tables(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?;
        let surface = self.vendor(asked)?.surface;
        let tables = surface.tables.iter().map(|it| json!({ "name": it.name, "text": it.text }));
        Ok(ok(&json!({ "tables": tables.collect::<Value>() })))
    }

    pub(crate) async fn show_table(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let vendor = self.vendor(asked)?;
        let surface = vendor.surface;
        let name = asked.segment("table");
        let table = surface.table(name).ok_or_else(|| {
            Problem::unknown("table", name, surface.tables.iter().map(|table| table.name))
        })?;
        let offset = asked.number("offset").unwrap_or_default();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let page = world.table(table, offset, asked.limit(), self.show_secrets).await?;
        Ok(ok(&page))
    }

    pub(crate) fn list_events(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?;
        let surface = self.vendor(asked)?.surface;
        let events = surface.events.iter().map(|event| {
            let fields = event.fields.iter().map(|it| {
                json!({
                    "name": it.name, "text": it.text, "required": it.is_required(), "schema": of_field(it),
                })
            });
            json!({ "name": event.name, "text": event.text, "fields": fields.collect::<Value>() })
        });
        Ok(ok(&json!({ "events": events.collect::<Value>() })))
    }

    pub(crate) async fn send_event(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let vendor = self.vendor(asked)?;
        let surface = vendor.surface;
        let name = asked.segment("event");
        let event = surface.event(name).ok_or_else(|| {
            Problem::unknown("event", name, surface.events.iter().map(|event| event.name))
        })?;
        let body = asked.body();
        let row = read_vendor_fields(event.fields, SecretFields::of(surface), event.name, body)?;
        let detail = json!({ "event": event.name, "fields": body });
        let (seq, value) = world.event(vendor, event.name, &row, detail).await?;
        Ok(ok(&json!({ "seq": seq, "result": value })))
    }
}
