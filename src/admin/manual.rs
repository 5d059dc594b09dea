//! The manual, for the page and for whoever reads an error: its chapters, and which of them tells of a
//! route.
//!
//! Not here: their texts (`docs/`).

use std::iter;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::problem::Problem;
use crate::admin::reply::{MARKDOWN, ok};
use crate::admin::shape::{Shape, always};
use crate::sim::documents::chapters::{self, CHAPTERS, Chapter};
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "list_chapters",
        method: Method::GET,
        path: "/v1/manual",
        text: "the chapters of the manual",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the chapters, in the order of the contents", &LISTED)],
        serve: Serve::Now(|_, _| Ok(ok(&list_chapters()))),
    },
    Endpoint {
        name: "show_chapter",
        method: Method::GET,
        path: "/v1/manual/{chapter}",
        text: "a chapter of the manual",
        query: &[],
        body: Body::None,
        replies: &[
            Told::text(200, "the chapter", MARKDOWN),
            Told::problem(404, "there is no such chapter"),
        ],
        serve: Serve::Now(|_, asked| show_chapter(asked)),
    },
];

static LISTED: Shape = Shape::Object(&[always("chapters", Shape::List(&CHAPTER), "all of them")]);

static CHAPTER: Shape = Shape::Object(&[
    always("name", Shape::Text, "what it is asked for by"),
    always("title", Shape::Text, "its heading"),
]);

/// What is told where no other chapter tells of a route.
const OF_ALL: &str = "control-plane";

/// The chapter that tells of routes with a word in their path; the first that fits counts.
const OF_ROUTES: &[(&str, &str)] = &[
    ("faults", "faults"),
    ("clock", "time"),
    ("verify", "verify"),
    ("wait", "verify"),
    ("findings", "verify"),
    ("variants", "variants"),
    ("fidelity", "variants"),
    ("rules", "rules"),
    ("capsule", "replay"),
    ("people", "traffic"),
    ("worlds", "worlds"),
];

/// The address of the chapter that tells of a path of the control plane.
pub(super) fn of_path(path: &str) -> String {
    // A world may have a name that is such a word.
    let parts = path.split('/').zip(iter::once("").chain(path.split('/')));
    let words: Vec<&str> = parts.filter(|(_, before)| *before != "worlds").map(|it| it.0).collect();
    let has = |word: &str| words.contains(&word);
    let found = OF_ROUTES.iter().find(|(word, _)| has(word));
    format!("/v1/manual/{}", found.map_or(OF_ALL, |(_, chapter)| chapter))
}

fn list_chapters() -> Value {
    let told = CHAPTERS.iter().map(|it| json!({ "name": it.word(), "title": it.title() }));
    json!({ "chapters": told.collect::<Value>() })
}

fn show_chapter(asked: &Asked) -> Result<Response, Problem> {
    let name = asked.segment("chapter");
    let Some(chapter) = chapters::chapter(name) else {
        return Err(Problem::unknown("chapter", name, CHAPTERS.iter().map(Chapter::word)));
    };
    Ok(Response::with_body(StatusCode::OK, MARKDOWN, chapter.readable()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::endpoints;

    #[test]
    fn each_chapter_that_a_route_names_is_there_and_each_word_stands_in_a_route() {
        for (word, name) in OF_ROUTES {
            assert!(chapters::chapter(name).is_some(), "{name}");
            let is_used = endpoints::all().any(|it| it.path.split('/').any(|part| part == *word));
            assert!(is_used, "no route has {word}");
        }
        assert!(chapters::chapter(OF_ALL).is_some());
        assert_eq!(of_path("/v1/worlds/faults/clock/advance"), "/v1/manual/time");
        assert_eq!(of_path("/v1/nothing"), "/v1/manual/control-plane");
    }
}
