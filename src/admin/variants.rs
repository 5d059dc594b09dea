//! Turning a world's switches.

use http::Method;
use serde_json::Value;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::admin::shapes::EVIDENCE;
use crate::contract::variant::SwitchPosition;
use crate::sim::documents::fidelity;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
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
];

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

static SET_SWITCHES: Shape = Shape::Map(&Shape::Map(&Shape::Text));

impl Admin {
    /// `{"vendor": {"variant": "value"}}`: the switches that are named are turned, the others
    /// stay. All or none.
    pub(crate) async fn set_variants(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let body = asked.body();
        let turns = self.turns(body, "the body")?;
        world.set_variants(turns, body.clone()).await?;
        Ok(ok(&world.variants().await))
    }

    /// The switches that a body, or `what` of it, turns.
    pub(crate) fn turns(&self, body: &Value, what: &str) -> Result<Vec<SwitchPosition>, Problem> {
        let mut turns = Vec::new();
        for (vendor, switches) in members(body, what)? {
            let vendors = self.worlds.vendors();
            let names = vendors.0.iter().map(|vendor| vendor.surface.vendor);
            let found = vendors
                .find(vendor)
                .ok_or_else(|| Problem::unknown_here("vendor", vendor, names))?;
            let surface = found.surface;
            for (name, value) in members(switches, vendor)? {
                let known = surface.variants.iter().position(|variant| variant.name == name);
                let variant = known.ok_or_else(|| {
                    Problem::unknown_here(
                        "variant",
                        name,
                        surface.variants.iter().map(|it| it.name),
                    )
                })?;
                let values = surface.variants[variant].values;
                let what = format!("position of {vendor}.{name}");
                let wanted = position_name(value, &what)?;
                let position = surface.variants[variant].position(&wanted).ok_or_else(|| {
                    Problem::unknown_here(&what, &wanted, values.iter().map(|it| it.name))
                })?;
                turns.push(SwitchPosition { vendor: surface.vendor, variant, position });
            }
        }
        Ok(turns)
    }
}

/// The name of a position. Some are called as a number or a truth value is written, and are taken
/// in either form.
fn position_name(value: &Value, what: &str) -> Result<String, Problem> {
    match value {
        Value::String(name) => Ok(name.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Problem::bad_request(format!("{what}: expected its name as a text, found {value}")))
        }
    }
}

fn members<'v>(
    value: &'v Value,
    what: &str,
) -> Result<impl Iterator<Item = (&'v str, &'v Value)>, Problem> {
    let object = value.as_object().ok_or_else(|| {
        Problem::bad_request(format!(
            "{what}: expected an object, as in {{\"vendor\":{{\"variant\":\"value\"}}}}"
        ))
    })?;
    Ok(object.iter().map(|(name, value)| (name.as_str(), value)))
}
