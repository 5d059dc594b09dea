//! Worlds as files: out, and in again, also into another process.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{TOML, created, ok};
use crate::admin::shape::{Shape, always};
use crate::admin::shapes::WORLD;
use crate::contract::reply::{Doing, InternalError};
use crate::scenario::to_toml;
use crate::sim::blocking::blocking;
use crate::sim::world::StopWhenGone;
use crate::web::answer::Answered;
use crate::web::message::Response;
use crate::web::stream;

/// Media type of an exported world.
const DATABASE: &str = "application/vnd.sqlite3";

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "export_world",
        method: Method::GET,
        path: "/v1/worlds/{world}/export",
        text: "a world's state as one SQLite file, credentials included",
        query: &[],
        body: Body::None,
        replies: &[Told::file(200, "the file", DATABASE)],
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
        replies: &[Told::file(200, "the text", TOML)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_scenario_file(asked))),
    },
    Endpoint {
        name: "import_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/import",
        text: "makes a new world of an exported file",
        query: &[],
        body: Body::File(DATABASE),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(409, "there is a world of this name, or there are too many"),
            Told::problem(422, "the file is cut short, damaged, foreign or of a newer build"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.import_world(asked))),
    },
];

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

impl Admin {
    /// The world as one SQLite file. Nothing is masked in it: it would be no such world otherwise.
    pub(crate) async fn export_world(&self, asked: &Asked) -> Result<Answered, Problem> {
        let world = self.world(asked)?;
        let image = self.worlds.export(&world).await?;
        let name = format!("attachment; filename=\"{}.ringback.db\"", world.name());
        let name = HeaderValue::from_str(&name).map_err(InternalError::from)?;
        let response = Response::empty(StatusCode::OK)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(DATABASE))
            .header(header::CONTENT_DISPOSITION, name);
        Ok(Answered { stream: Some(stream::of(move |out| image.write_to(out))), ..response.into() })
    }

    /// The state as a scenario. Nothing is masked in it: it would not make the world again.
    pub(crate) async fn show_scenario(&self, asked: &Asked) -> Result<Response, Problem> {
        let read = self.world(asked)?.read_back().await?;
        Ok(ok(&json!({ "scenario": read.scenario, "omitted": read.omitted })))
    }

    /// The state as the text of a scenario file.
    pub(crate) async fn show_scenario_file(&self, asked: &Asked) -> Result<Response, Problem> {
        let read = self.world(asked)?.read_back().await?;
        let mut text = String::new();
        for omitted in &read.omitted {
            let (vendor, what) = (&omitted["vendor"], &omitted["what"]);
            let (vendor, what) = (vendor.as_str().unwrap_or(""), what.as_str().unwrap_or(""));
            text = format!("{text}# Not said here: {vendor} {what}: {}\n", omitted["count"]);
        }
        text.push_str(&to_toml(&read.scenario).doing("write the scenario as TOML")?);
        Ok(Response::with_body(StatusCode::OK, TOML, text))
    }

    /// A new world, of the name in the path, from an exported file.
    pub(crate) async fn import_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let (worlds, bytes) = (Arc::clone(&self.worlds), asked.bytes().to_vec());
        let name = asked.segment("world").to_owned();
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let world = blocking(move || worlds.import(&name, bytes, &call)).await??;
        Ok(created(&self.facts(&world)))
    }
}
