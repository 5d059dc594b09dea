//! People, and their way across the vendors.

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal};
use crate::base::phone;
use crate::web::message::Response;

impl Admin {
    pub(crate) async fn list_people(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let offset = asked.number("offset").unwrap_or_default();
        let page = world.people(offset, asked.limit()).await;
        Ok(ok(&page.map_err(internal)?))
    }

    pub(crate) async fn show_person(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let number = asked.segment("phone");
        phone::check(number).map_err(|expected| {
            Problem::bad_request(format!("{number:?} is no number; expected {expected}"))
        })?;
        let way = world.person(number).await.map_err(internal)?;
        way.map(|way| ok(&way)).ok_or_else(|| {
            let detail = format!(
                "nobody has the number {number:?}, and no vendor has seen it; \
                 GET /v1/worlds/{}/people lists the people",
                world.name()
            );
            Problem::not_found("no-such-person", detail)
        })
    }
}
