//! Worlds as files: out, and in again, also into another process.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::door::DATABASE;
use crate::admin::making::not_made;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal, json_response};
use crate::scenario::to_toml;
use crate::sim::blocking::blocking;
use crate::web::answer::Answered;
use crate::web::message::Response;
use crate::web::stream;

/// Media type of a scenario file.
pub(crate) const TOML: &str = "application/toml";

impl Admin {
    /// The world as one SQLite file. Nothing is masked in it: it would be no such world otherwise.
    pub(crate) async fn export_world(&self, asked: &Asked) -> Result<Answered, Problem> {
        let world = self.world(asked)?;
        let image = self.worlds.export(&world).await.map_err(not_made)?;
        let name = format!("attachment; filename=\"{}.ringback.db\"", world.name());
        let name = HeaderValue::from_str(&name).map_err(internal)?;
        let response = Response::empty(StatusCode::OK)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(DATABASE))
            .header(header::CONTENT_DISPOSITION, name);
        Ok(Answered { stream: Some(stream::of(move |out| image.write_to(out))), ..response.into() })
    }

    /// The state as a scenario. Nothing is masked in it: it would not make the world again.
    pub(crate) async fn show_scenario(&self, asked: &Asked) -> Result<Response, Problem> {
        let read = self.world(asked)?.unseed().await.map_err(internal)?;
        Ok(ok(&json!({ "scenario": read.scenario, "omitted": read.omitted })))
    }

    /// The same as the text of a file.
    pub(crate) async fn show_scenario_file(&self, asked: &Asked) -> Result<Response, Problem> {
        let read = self.world(asked)?.unseed().await.map_err(internal)?;
        let mut text = String::new();
        for omitted in &read.omitted {
            let (vendor, what) = (&omitted["vendor"], &omitted["what"]);
            let (vendor, what) = (vendor.as_str().unwrap_or(""), what.as_str().unwrap_or(""));
            text = format!("{text}# Not said here: {vendor} {what}: {}\n", omitted["count"]);
        }
        text.push_str(&to_toml(&read.scenario).map_err(internal)?);
        Ok(Response::with_body(StatusCode::OK, TOML, text))
    }

    /// A new world, of the name in the path, from an exported file.
    pub(crate) async fn import_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let (worlds, bytes) = (Arc::clone(&self.worlds), asked.bytes().to_vec());
        let name = asked.segment("world").to_owned();
        let made = blocking(move || worlds.import(&name, bytes)).await.map_err(internal)?;
        let world = made.map_err(not_made)?;
        Ok(json_response(StatusCode::CREATED, &self.facts(&world)))
    }
}
