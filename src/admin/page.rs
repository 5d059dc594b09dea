//! The page for people: its files, embedded, with the headers that keep it to itself.
//!
//! It uses the routes of the control plane as any client does. Not here: those routes (`answer`),
//! who may come in (`door`); the page itself (`page/`).

use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::base::hex::hex;
use crate::web::message::{Request, Response};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// What the page may do: run its own files and ask its own origin, and nothing that stands in a text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A tag is as long as two files of a page need to differ.
const TAG_BYTES: usize = 12;

/// A file of the page.
#[derive(Debug)]
struct File {
    path: &'static str,
    media_type: &'static str,
    content: &'static str,
}

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(File {
            path: concat!("/page/", $name),
            media_type: SCRIPT,
            content: include_str!(concat!("page/", $name)),
        }),*]
    };
}

const FIRST: &[File] = &[
    File { path: "/", media_type: HTML, content: include_str!("page/index.html") },
    File { path: "/page/page.css", media_type: CSS, content: include_str!("page/page.css") },
    File { path: "/page/icon.svg", media_type: SVG, content: include_str!("page/icon.svg") },
];

const SCRIPTS: &[File] = scripts![
    "address.js",
    "api.js",
    "asfile.js",
    "boards.js",
    "bodies.js",
    "compare.js",
    "day.js",
    "dom.js",
    "evidence.js",
    "exchanges.js",
    "faultform.js",
    "faults.js",
    "feed.js",
    "frame.js",
    "hub.js",
    "keys.js",
    "page.js",
    "pane.js",
    "people.js",
    "plots.js",
    "proof.js",
    "rows.js",
    "schema.js",
    "stream.js",
    "time.js",
    "turn.js",
    "vendors.js",
    "verdict.js",
    "when.js",
    "words.js",
    "worlds.js",
];

fn files() -> impl Iterator<Item = &'static File> {
    FIRST.iter().chain(SCRIPTS)
}

fn file(path: &str) -> Option<&'static File> {
    files().find(|file| file.path == path)
}

/// Whether a path is a file of the page's. They tell nothing of a world, and need no token.
pub(super) fn has(path: &str) -> bool {
    file(path).is_some()
}

/// Answers a request for a file of the page; `None` where the path is none, or nothing is read.
pub(super) fn answer(request: &Request) -> Option<Response> {
    if ![Method::GET, Method::HEAD].contains(&request.method) {
        return None;
    }
    let file = file(request.path())?;
    let tag = format!("\"{}\"", hex(&Sha256::digest(file.content)[..TAG_BYTES]));
    let known = request.header(&header::IF_NONE_MATCH).unwrap_or_default();
    let is_known = known.split(',').any(|it| it.trim().trim_start_matches("W/") == tag);
    let response = if is_known {
        Response::empty(StatusCode::NOT_MODIFIED)
    } else {
        Response::with_body(StatusCode::OK, file.media_type, file.content)
    };
    let tag = HeaderValue::from_str(&tag).expect("a tag is made of digits");
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::ETAG, tag),
        // Kept, but asked about each time: another build has other files under these names.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    Some(headers.into_iter().fold(response, |response, (name, value)| response.header(name, value)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::scenario::built_in::BUILT_IN;

    fn asked(method: Method, path: &'static str) -> Option<Response> {
        answer(&Request::new(method, http::Uri::from_static(path)))
    }

    fn of(response: &Response, name: &HeaderName) -> String {
        let found = response.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn each_file_of_the_folder_is_served_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/admin/page");
        let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
        let names: BTreeSet<_> = names
            .map(|it| it.into_string().unwrap())
            .filter(|it| !it.ends_with(".d.ts"))
            .map(|it| if it == "index.html" { "/".to_owned() } else { format!("/page/{it}") })
            .collect();
        let served: BTreeSet<_> = files().map(|it| it.path.to_owned()).collect();
        assert_eq!(served, names);
    }

    #[test]
    fn worlds_are_made_of_every_scenario_that_is_built_in() {
        let mut offered = include_str!("page/worlds.js").lines();
        let offered = offered.find(|line| line.starts_with("const BUILT_IN")).unwrap();
        for scenario in BUILT_IN {
            assert!(offered.contains(&format!("\"{}\"", scenario.name)), "{}", scenario.name);
        }
    }

    #[test]
    fn a_file_comes_with_its_type_its_tag_and_what_it_may_do() {
        let response = asked(Method::GET, "/?part=time&world=a").unwrap();
        assert_eq!(response.status, StatusCode::OK);
        assert_eq!(of(&response, &header::CONTENT_TYPE), HTML);
        let policy = of(&response, &header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(of(&response, &header::REFERRER_POLICY), "no-referrer");
        let tag = of(&response, &header::ETAG);
        assert_ne!(tag, of(&asked(Method::GET, "/page/page.css").unwrap(), &header::ETAG));

        let mut again = Request::new(Method::GET, http::Uri::from_static("/"));
        again.headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        let known = answer(&again).unwrap();
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        assert!(known.body.is_empty());
    }

    #[test]
    fn what_is_no_file_or_is_no_reading_is_left_to_the_routes() {
        assert!(asked(Method::HEAD, "/page/page.js").is_some());
        for path in ["/page/", "/page/../api.js", "/page/types.d.ts", "/page/none.js", "/v1/worlds"]
        {
            assert!(asked(Method::GET, path).is_none(), "{path}");
        }
        assert!(asked(Method::POST, "/").is_none());
    }

    #[test]
    fn nothing_in_the_files_asks_elsewhere_or_puts_markup_in() {
        for file in files() {
            for word in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                " style=\"",
            ] {
                assert!(!file.content.contains(word), "{} has {word}", file.path);
            }
            let addresses = file.content.match_indices("http").map(|(at, _)| &file.content[at..]);
            for address in
                addresses.filter(|it| it.starts_with("http://") || it.starts_with("https://"))
            {
                let near = ["http://127.0.0.1", "http://www.w3.org/", "http://${"];
                assert!(
                    near.iter().any(|it| address.starts_with(it)),
                    "{}: {address:.40}",
                    file.path
                );
            }
        }
    }

    /// What a browser reads before Exchanges is shown, and what all parts are together.
    #[test]
    fn the_page_is_light() {
        const FIRST_BYTES_MAX: usize = 150_000;
        const ALL_BYTES_MAX: usize = 260_000;
        let later = [
            "boards",
            "compare",
            "day",
            "evidence",
            "faultform",
            "faults",
            "people",
            "plots",
            "schema",
            "time",
            "vendors",
            "verdict",
            "worlds",
        ];
        let is_first = |file: &&File| !later.iter().any(|it| file.path == format!("/page/{it}.js"));
        let first: usize = files().filter(is_first).map(|file| file.content.len()).sum();
        let all: usize = files().map(|file| file.content.len()).sum();
        assert!(first < FIRST_BYTES_MAX, "{first} bytes before anything is shown");
        assert!(all < ALL_BYTES_MAX, "{all} bytes in all");
    }
}
