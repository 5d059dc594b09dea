//! People, and their way across the vendors.

use http::Method;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::parameters::{LIMIT, OFFSET};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always};
use crate::base::phone;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
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
];

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

impl Admin {
    pub(crate) async fn list_people(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let offset = asked.number("offset").unwrap_or_default();
        Ok(ok(&world.people(offset, asked.limit(), self.show_secrets).await?))
    }

    pub(crate) async fn show_person(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let number = asked.segment("phone");
        phone::check(number).map_err(|expected| {
            Problem::bad_request(format!("{number:?} is no number; expected {expected}"))
        })?;
        if let Some(way) = world.person(number, self.show_secrets).await? {
            return Ok(ok(&way));
        }
        let alike = world.numbers_alike(number).await?;
        let hint = if alike.is_empty() {
            format!("GET /v1/worlds/{}/people lists the people", world.name())
        } else {
            let ends = if alike.len() == 1 { "ends" } else { "end" };
            format!("{} {ends} alike; ask for it as it is written there", alike.join(", "))
        };
        let detail = format!("nobody has the number {number:?}, and no vendor has seen it; {hint}");
        Err(Problem::not_found("no-such-person", detail))
    }
}
