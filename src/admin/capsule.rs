//! What a world has done so far, as a file that does it again elsewhere.
//!
//! Not here: taking note of it (`recording::live`), and the file of a whole run (`cli::capsule`).

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::base::limits::JOURNAL_ROWS_MAX;
use crate::contract::reply::InternalError;
use crate::scenario::capsule::{Capsule, Kept};
use crate::sim::blocking::blocking;
use crate::sim::journal::tap::{Again, Tap};
use crate::sim::world::World;
use crate::sim::world::journal::Page;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[Endpoint {
    name: "show_capsule",
    method: Method::GET,
    path: "/v1/worlds/{world}/capsule",
    text: "what clients did in a world so far, as a capsule: ringback replay does it again elsewhere",
    query: &[],
    body: Body::None,
    replies: &[
        Told::json(200, "the capsule, with pseudonyms for credentials", &CAPSULE),
        Told::problem(
            409,
            "nobody takes note of what clients do, or no vendor was asked in the world",
        ),
    ],
    serve: Serve::Later(|admin, asked| Box::pin(admin.show_capsule(asked))),
}];

static CAPSULE: Shape = Shape::Object(&[
    always("ringback_capsule", Shape::Integer, "the number of its form"),
    always("made_by", Shape::Text, "the program with its version"),
    always(
        "scenarios",
        Shape::List(&Shape::Object(&[
            always("name", Shape::Text, "the world, with a number from its second beginning on"),
            always("scenario", Shape::Map(&Shape::Any), "in the shape of a scenario file"),
        ])),
        "one for each beginning of the world",
    ),
    always("report", Shape::Any, "what is in none of the scenarios, as left_out"),
    always("journal", Shape::Map(&Shape::Any), "worlds, with the entries of each"),
]);

impl Admin {
    pub(crate) async fn show_capsule(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let tap = self.worlds.tap().ok_or_else(|| {
            let detail = "this program takes no note of what clients do; expected one that was \
                          started with --capsules, or with --capsule FILE";
            Problem::new(StatusCode::CONFLICT, "no-recording", detail)
        })?;
        let name = world.name().to_owned();
        let capsule = blocking(move || capsule(&world, &*tap)).await??;
        let capsule = capsule.ok_or_else(|| {
            let detail =
                format!("no vendor was asked in the world {name}, so there is nothing to do again");
            Problem::new(StatusCode::CONFLICT, "nothing-done", detail)
        })?;
        Ok(ok(&serde_json::to_value(capsule).map_err(InternalError::from)?))
    }
}

/// `None` where nothing was done.
fn capsule(world: &Arc<World>, tap: &dyn Tap) -> Result<Option<Capsule>, InternalError> {
    let Again { scenarios, left_out } = tap.again(world.name());
    if scenarios.is_empty() && left_out.is_empty() {
        return Ok(None);
    }
    let kept = scenarios.into_iter().enumerate().map(|(idx, scenario)| {
        let name = match idx {
            0 => world.name().to_owned(),
            idx => format!("{} {}", world.name(), idx + 1),
        };
        Kept { name, scenario }
    });
    // Credentials leave the machine with such a file, so they are masked whoever asks.
    let page = Page { limit: JOURNAL_ROWS_MAX, show_secrets: false, ..Page::default() };
    let journal = serde_json::to_value(world.journal_page(&page)?)?;
    let journal = json!({ "worlds": { world.name(): journal["entries"] } });
    let report = if left_out.is_empty() { Value::Null } else { json!({ "left_out": left_out }) };
    Ok(Some(Capsule::new(kept.collect(), report, journal)))
}
