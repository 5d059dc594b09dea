//! Worlds as files: out, and in again, also into another process.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};

use super::answer::{Admin, Asked};
use super::door::DATABASE;
use super::journal::internal;
use super::making::not_made;
use super::problem::{Problem, json_response};
use crate::sim::world::{blocking, stream_image};
use crate::web::answer::Answered;
use crate::web::message::Response;

impl Admin {
    /// The world as one SQLite file. Nothing is masked in it: it would be no such world otherwise.
    pub(super) async fn export_world(&self, asked: &Asked) -> Result<Answered, Problem> {
        let world = self.world(asked)?;
        let image = self.worlds.export(&world).await.map_err(not_made)?;
        let name = format!("attachment; filename=\"{}.ringback.db\"", world.name());
        let name = HeaderValue::from_str(&name).map_err(internal)?;
        let response = Response::empty(StatusCode::OK)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(DATABASE))
            .header(header::CONTENT_DISPOSITION, name);
        Ok(Answered { stream: Some(stream_image(image)), ..response.into() })
    }

    /// A new world, of the name in the path, from an exported file.
    pub(super) async fn import_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let (worlds, bytes) = (Arc::clone(&self.worlds), asked.bytes().to_vec());
        let name = asked.segment("world").to_owned();
        let made = blocking(move || worlds.import(&name, bytes)).await.map_err(internal)?;
        let world = made.map_err(not_made)?;
        Ok(json_response(StatusCode::CREATED, &self.facts(&world)))
    }
}
