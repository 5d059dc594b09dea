//! Turning a world's switches.

use http::StatusCode;
use serde_json::Value;

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal};
use crate::contract::variant::Turn;
use crate::web::message::Response;

impl Admin {
    /// `{"vendor": {"variant": "value"}}`: the switches that are named are turned, the others
    /// stay. All or none.
    pub(crate) async fn set_variants(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let body = asked.body();
        let turns = self.turns(body, "the body")?;
        world.set_variants(turns, body.clone()).await.map_err(internal)?;
        Ok(ok(&world.variants().await))
    }

    /// The switches that a body, or `what` of it, turns.
    pub(crate) fn turns(&self, body: &Value, what: &str) -> Result<Vec<Turn>, Problem> {
        let mut turns = Vec::new();
        for (vendor, switches) in members(body, what)? {
            let vendors = self.worlds.vendors();
            let names = vendors.0.iter().map(|vendor| vendor.surface.vendor);
            let found = vendors.find(vendor).ok_or_else(|| unknown("vendor", vendor, names))?;
            let surface = found.surface;
            for (name, value) in members(switches, vendor)? {
                let known = surface.variants.iter().position(|variant| variant.name == name);
                let variant = known.ok_or_else(|| {
                    unknown("variant", name, surface.variants.iter().map(|it| it.name))
                })?;
                let values = surface.variants[variant].values;
                let wanted = value.as_str().unwrap_or_default();
                let position = surface.variants[variant]
                    .position(wanted)
                    .ok_or_else(|| unknown("value", wanted, values.iter().map(|it| it.name)))?;
                turns.push(Turn { vendor: surface.vendor, variant, position });
            }
        }
        Ok(turns)
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

fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Problem {
    Problem::unknown(StatusCode::BAD_REQUEST, what, name, &known.collect::<Vec<_>>())
}
