//! What a world's journal shows of its clients.

use super::answer::{Admin, Asked, ok};
use super::journal::internal;
use super::problem::Problem;
use super::shape::{Shape, always};
use crate::sim::world::blocking;
use crate::web::message::Response;

pub(super) static FINDINGS: Shape = Shape::Object(&[
    always("findings", Shape::List(&FINDING), "by their first entry"),
    always("more", Shape::Integer, "how many further ones there are"),
    always("entries", Shape::Integer, "entries that were looked at"),
    always("evicted", Shape::Integer, "entries that went to make room and were not looked at"),
]);

static FINDING: Shape = Shape::Object(&[
    always("name", Shape::Text, "of what was found"),
    always("vendor", Shape::OrNull(&Shape::Text), "whose client it is"),
    always("what", Shape::Text, "what was seen"),
    always("entries", Shape::List(&Shape::Integer), "the entries that show it, the first of them"),
    always("count", Shape::Integer, "how many entries show it"),
    always("matters", Shape::Text, "why that is wrong"),
    always("remedy", Shape::Text, "what to do"),
]);

impl Admin {
    pub(super) async fn list_findings(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let show_secrets = self.show_secrets;
        let found = blocking(move || world.findings(show_secrets)).await;
        Ok(ok(&found.map_err(internal)?.map_err(internal)?.to_json()))
    }
}
