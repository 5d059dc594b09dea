//! The page for people: its files, embedded, with the headers that keep it to itself.
//!
//! It uses the routes of the control plane as any client does. What a script or the sheet says to those
//! who read its source, its comments, is not sent, nor are the blanks and the ends of lines that only those need;
//! for clients that take gzip a file is packed, once, when it is first asked for. What the first paint needs comes in
//! one answer, the sheet within the document; what Exchanges needs comes in one more, and all else in a third.
//!
//! Not here: what is left out (`stripped`), how scripts are joined (`joined`), those routes (`answer`), who may
//! come in (`door`); the page itself (`page/`).

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::admin::joined::{Group, Joined};
use crate::admin::stripped::{tight, without_comments, without_notes};
use crate::base::hex::hex;
use crate::base::packed::packed;
use crate::web::message::{Request, Response};
use crate::web::page::sheet;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// What stands for the sheet in the document, and the sheet.
const SHEET_LINK: &str = "<link rel=\"stylesheet\" href=\"/page/page.css\">";

/// The script that a browser asks for first, and what is in it beside all that it imports: the part that
/// is shown at first.
const ENTRY: &str = "page";
const FIRST_PART: &str = "exchanges";
/// The script that all others are in. It is asked for with the first part, form or entry that needs one.
const LATER: &str = "parts";

/// What the page may do: run its own files and ask its own origin, and nothing that stands in a text. Of
/// sheets it may have the one whose digest this is.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let sheet = BASE64_STANDARD.encode(Sha256::digest(without_notes(sheet())));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'sha256-{sheet}'; img-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// A tag is as long as two files of a page need to differ.
const TAG_BYTES: usize = 12;

/// A file of the page.
#[derive(Debug)]
struct File {
    path: &'static str,
    media_type: &'static str,
    content: fn() -> &'static str,
}

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(File {
            path: concat!("/page/", $name),
            media_type: SCRIPT,
            content: packed!(concat!("src/admin/page/", $name)),
        }),*]
    };
}

const FIRST: &[File] = &[
    File { path: "/", media_type: HTML, content: packed!("src/admin/page/index.html") },
    File { path: "/page/icon.svg", media_type: SVG, content: packed!("src/admin/page/icon.svg") },
];

const SCRIPTS: &[File] = scripts![
    "address.js",
    "api.js",
    "asfile.js",
    "boards.js",
    "bodies.js",
    "bytes.js",
    "choice.js",
    "compare.js",
    "day.js",
    "dom.js",
    "events.js",
    "evidence.js",
    "exchanges.js",
    "faultform.js",
    "faults.js",
    "feed.js",
    "fold.js",
    "frame.js",
    "help.js",
    "hub.js",
    "keys.js",
    "later.js",
    "manual.js",
    "page.js",
    "pane.js",
    "people.js",
    "plots.js",
    "proof.js",
    "rows.js",
    "schema.js",
    "served.js",
    "shifts.js",
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

/// A file as it is sent, of one of the folder's or of many.
#[derive(Debug)]
struct Sent {
    path: String,
    media_type: &'static str,
    plain: Bytes,
    gzip: Bytes,
    tag: String,
}

static SENT: LazyLock<Vec<Sent>> = LazyLock::new(|| {
    let bare = SCRIPTS.iter().map(|it| (name_of(it), without_comments((it.content)())));
    let bare: BTreeMap<_, _> = bare.collect();
    let text = |name: &str| bare.get(name).map_or("", String::as_str);
    let names: Vec<_> = SCRIPTS.iter().map(name_of).collect();
    let ones =
        [Group { name: ENTRY, roots: &[FIRST_PART, ENTRY] }, Group { name: LATER, roots: &names }];
    let scripts = Joined::new(&ones, text).texts(text);
    let scripts = scripts.iter().map(|(one, text)| Sent::of(path_of(one), SCRIPT, tight(text)));
    let first = FIRST
        .iter()
        .map(|file| Sent::of(file.path.to_owned(), file.media_type, with_sheet((file.content)())));
    first.chain(scripts).collect()
});

/// A script's name, as others import it.
fn name_of(file: &File) -> &'static str {
    let name = file.path.strip_prefix("/page/").and_then(|it| it.strip_suffix(".js"));
    name.unwrap_or_default()
}

fn path_of(name: &str) -> String {
    format!("/page/{name}.js")
}

/// The document with the sheet in the place of the link to it.
fn with_sheet(document: &str) -> String {
    document.replace(SHEET_LINK, &format!("<style>{}</style>", without_notes(sheet())))
}

impl Sent {
    fn of(path: String, media_type: &'static str, plain: String) -> Self {
        let plain = plain.into_bytes();
        let tag = hex(&Sha256::digest(&plain)[..TAG_BYTES]);
        let gzip = packed(&plain).into();
        Sent { path, media_type, plain: plain.into(), gzip, tag }
    }

    /// The tag of one of its two forms: those differ in their bytes, so they differ in their tags.
    fn tag(&self, is_packed: bool) -> String {
        format!("\"{}{}\"", self.tag, if is_packed { "-gz" } else { "" })
    }
}

fn sent(path: &str) -> Option<&'static Sent> {
    // Whoever asks for something else does not wait until they are joined and packed.
    if path != path_of(LATER) {
        files().find(|it| it.path == path)?;
    }
    SENT.iter().find(|it| it.path == path)
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let written = packer.write_all(plain).and_then(|()| packer.finish());
    written.expect("a list of bytes takes all that is written")
}

/// Whether a path is a file of the page's. They tell nothing of a world, and need no token.
pub(super) fn has(path: &str) -> bool {
    sent(path).is_some()
}

/// Whether a client takes gzip: it names it, or all codings, and not with a weight of nothing.
fn takes_gzip(request: &Request) -> bool {
    let accepted = request.header(&header::ACCEPT_ENCODING).unwrap_or_default();
    let weight = |name: &str| {
        let mut codings = accepted.split(',').map(|it| it.split(';').map(str::trim));
        let mut coding =
            codings.find(|it| it.clone().next().is_some_and(|it| it.eq_ignore_ascii_case(name)))?;
        let weight = coding.find_map(|it| it.strip_prefix("q=").map(str::to_owned));
        Some(weight.is_none_or(|it| it.parse::<f32>().is_ok_and(|it| it > 0.0)))
    };
    weight("gzip").or_else(|| weight("*")).unwrap_or(false)
}

/// Answers a request for a file of the page; `None` where the path is none, or nothing is read.
pub(super) fn answer(request: &Request) -> Option<Response> {
    if ![Method::GET, Method::HEAD].contains(&request.method) {
        return None;
    }
    let sent = sent(request.path())?;
    let is_packed = takes_gzip(request);
    let tag = sent.tag(is_packed);
    let known = request.header(&header::IF_NONE_MATCH).unwrap_or_default();
    let is_same = |it: &str| it == "*" || it.trim_start_matches("W/") == tag;
    let is_known = known.split(',').any(|it| is_same(it.trim()));
    let body = if is_packed { &sent.gzip } else { &sent.plain };
    let mut response = if is_known {
        Response::empty(StatusCode::NOT_MODIFIED)
    } else {
        Response::with_body(StatusCode::OK, sent.media_type, body.clone())
    };
    if is_packed && !is_known {
        response = response.header(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let tag = HeaderValue::from_str(&tag).expect("a tag is made of digits");
    let policy = HeaderValue::from_str(&POLICY).expect("a policy is made of signs");
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::ETAG, tag),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
        // Kept, but asked about each time: another build has other files under these names.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, policy),
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
    use crate::admin::stripped::{LOOSE, uncommented};
    use crate::contract::fields::Kind;
    use crate::scenario::built_in::BUILT_IN;
    use crate::sim::fault::declare::FAULT;

    fn asked(method: Method, path: &'static str) -> Option<Response> {
        answer(&Request::new(method, http::Uri::from_static(path)))
    }

    fn of(response: &Response, name: &HeaderName) -> String {
        let found = response.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn each_file_of_the_folder_is_there_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/admin/page");
        let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
        let names: BTreeSet<_> = names
            .map(|it| it.into_string().unwrap())
            .filter(|it| !it.ends_with(".d.ts"))
            .map(|it| if it == "index.html" { "/".to_owned() } else { format!("/page/{it}") })
            .collect();
        let mut there: BTreeSet<_> = files().map(|it| it.path.to_owned()).collect();
        there.insert("/page/page.css".to_owned());
        assert_eq!(there, names);
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
    fn the_form_of_a_fault_knows_every_kind_and_preset() {
        let form = include_str!("page/faultform.js");
        let faults = include_str!("page/faults.js");
        let field = |name: &str| FAULT.iter().find(|field| field.name == name).unwrap();
        for (name, script) in [("then", form), ("preset", faults)] {
            let Kind::OneOf(words) = field(name).kind else { panic!("{name} is one of several") };
            for word in words {
                let is_told = [format!("  {word}: "), format!("  \"{word}\": ")]
                    .iter()
                    .any(|it| script.contains(it));
                assert!(is_told, "{name} {word}");
            }
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
        assert_ne!(tag, of(&asked(Method::GET, "/page/page.js").unwrap(), &header::ETAG));

        let mut again = Request::new(Method::GET, http::Uri::from_static("/"));
        again.headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        let known = answer(&again).unwrap();
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        assert!(known.body.is_empty());
    }

    #[test]
    fn what_is_no_file_or_is_no_reading_is_left_to_the_routes() {
        assert!(asked(Method::HEAD, "/page/page.js").is_some());
        for path in ["/page/", "/page/../api.js", "/page/types.d.ts", "/page/dom.js", "/v1/worlds"]
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
                assert!(!(file.content)().contains(word), "{} has {word}", file.path);
            }
            let addresses =
                (file.content)().match_indices("http").map(|(at, _)| &(file.content)()[at..]);
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

    fn with_encoding(path: &'static str, accepted: &str) -> Response {
        let mut request = Request::new(Method::GET, http::Uri::from_static(path));
        request.headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
        answer(&request).unwrap()
    }

    #[test]
    fn who_takes_gzip_gets_it_and_nobody_else() {
        for accepted in ["gzip", "gzip, deflate, br", "br;q=1, GZIP;q=0.5", "*", "br, *;q=0.1"] {
            let response = with_encoding("/page/page.js", accepted);
            assert_eq!(of(&response, &header::CONTENT_ENCODING), "gzip", "{accepted}");
            let mut plain = String::new();
            let mut reader = flate2::read::GzDecoder::new(&response.body[..]);
            std::io::Read::read_to_string(&mut reader, &mut plain).unwrap();
            assert_eq!(plain.as_bytes(), with_encoding("/page/page.js", "br").body);
        }
        for accepted in ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, *", "gzipped"] {
            let response = with_encoding("/page/page.js", accepted);
            assert_eq!(of(&response, &header::CONTENT_ENCODING), "", "{accepted}");
            assert_eq!(of(&response, &header::VARY), "Accept-Encoding");
        }
    }

    #[test]
    fn each_form_of_a_file_has_a_tag_of_its_own() {
        let [packed, plain] =
            ["gzip", "identity"].map(|it| of(&with_encoding("/", it), &header::ETAG));
        assert_ne!(packed, plain);
        let mut request = Request::new(Method::GET, http::Uri::from_static("/"));
        request.headers.insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
        for (tag, status) in [(&packed, 304), (&plain, 200)] {
            request.headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
            assert_eq!(answer(&request).unwrap().status.as_u16(), status, "{tag}");
        }
    }

    /// What stands in quotes in a line, or between the values of a text. Where texts begin that is harder to tell, the
    /// scripts' own test tells, which reads them by their grammar.
    fn texts_of(line: &str) -> Vec<&str> {
        if line.contains('`') {
            let texts: Vec<_> = line.split('`').skip(1).step_by(2).collect();
            let is_whole = |it: &&str| it.matches("${").count() == it.matches('}').count();
            if !texts.iter().all(is_whole) {
                return Vec::new();
            }
            let between = texts.iter().flat_map(|it| it.split("${"));
            return between.map(|it| it.rsplit('}').next().unwrap()).collect();
        }
        if line.contains(['\'', '\\', '/']) {
            return Vec::new();
        }
        line.split('"').skip(1).step_by(2).collect()
    }

    /// All that stands in quotes is sent as it is written.
    #[test]
    fn no_text_of_a_script_is_sent_otherwise() {
        let mut count = 0;
        for file in SCRIPTS {
            let bare = without_comments((file.content)());
            let sent = tight(&bare);
            let mut rest = sent.as_str();
            for line in bare.lines() {
                for text in texts_of(line) {
                    let at = rest.find(text);
                    let at = at.unwrap_or_else(|| panic!("{}: {text} of {line}", file.path));
                    rest = &rest[at + text.len()..];
                    count += 1;
                }
            }
        }
        assert!(count > 1000, "{count}");
    }

    #[test]
    fn no_text_of_the_sheet_looks_like_a_comment() {
        let sheet = sheet();
        for line in sheet.lines() {
            for (at, _) in line.match_indices("/*").chain(line.match_indices("*/")) {
                let is_open = |quote| !line[..at].matches(quote).count().is_multiple_of(2);
                assert!(!is_open('"'), "{line}");
            }
            for text in line.split('"').skip(1).step_by(2) {
                assert!(!LOOSE.iter().any(|(loose, _)| text.contains(loose)), "{line}");
            }
        }
        assert_eq!(sheet.matches("/*").count(), sheet.matches("*/").count());
    }

    #[test]
    fn no_text_of_a_script_looks_like_a_comment() {
        for file in files().filter(|file| file.media_type == SCRIPT) {
            let mut is_inside = false;
            for (at, line) in (file.content)().lines().enumerate() {
                let place = format!("{}:{}", file.path, at + 1);
                for (before, _) in line.match_indices("/**").map(|(at, _)| line.split_at(at)) {
                    let is_open = |quote| !before.matches(quote).count().is_multiple_of(2);
                    assert!(!['"', '\'', '`'].into_iter().any(is_open), "{place}");
                }
                let code = uncommented(line, &mut is_inside);
                assert!(
                    code.matches('`').count().is_multiple_of(2),
                    "{place} has a text over several lines"
                );
            }
            assert!(!is_inside, "{}", file.path);
        }
    }

    #[test]
    fn the_document_has_the_sheet_that_its_policy_names() {
        let response = asked(Method::GET, "/").unwrap();
        let document = std::str::from_utf8(&response.body).unwrap();
        let (_, rest) = document.split_once("<style>").unwrap();
        let (sheet, rest) = rest.split_once("</style>").unwrap();
        assert!(sheet.contains(":root") && !sheet.contains('<') && !rest.contains("<style"));
        let digest = BASE64_STANDARD.encode(Sha256::digest(sheet));
        let policy = of(&response, &header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains(&format!("style-src 'sha256-{digest}';")), "{policy}");
        assert!(!document.contains("page.css"));
    }

    /// Every script is of the form that can be joined: whatever it imports stands first, in braces, and
    /// what it exports is declared where it is exported. It is in one of those that are sent, and in no other.
    #[test]
    fn scripts_are_joined_whole() {
        let ones = [ENTRY, LATER].map(|it| &sent(&path_of(it)).unwrap().plain);
        let ones = ones.map(|it| std::str::from_utf8(it).unwrap());
        assert_eq!(SENT.len(), FIRST.len() + ones.len());
        for file in SCRIPTS {
            let name = name_of(file);
            let exports: Vec<_> =
                (file.content)().lines().filter_map(|line| line.strip_prefix("export ")).collect();
            for line in &exports {
                let kinds = ["async function ", "function ", "class ", "const "];
                assert!(kinds.iter().any(|kind| line.starts_with(kind)), "{name}: export {line}");
            }
            let there = ones.map(|it| it.matches(&format!("let ${name}=(")).count());
            assert_eq!(there.iter().sum::<usize>(), usize::from(name != ENTRY), "{name}");
            assert_eq!(sent(file.path).is_some(), name == ENTRY, "{name}");
        }
        for one in ones {
            for rest in one.split("\"./").skip(1) {
                let from = rest.split('"').next().unwrap();
                assert!(sent(&format!("/page/{from}")).is_some(), "{from} is asked for");
            }
            assert_eq!(one.matches("export{").count(), 1);
        }
        let [first, later] = ones.map(|it| it.matches("import{").count());
        assert_eq!((first, later), (0, 1));
        assert!(ones[1].starts_with("import{$"));
        assert!(!ones.iter().any(|it| it.contains("import {")));
    }

    /// What a browser reads before Exchanges is shown, and what all parts are together; with gzip.
    #[test]
    fn the_page_is_light() {
        const FIRST_BYTES_MAX: usize = 125_000;
        const FIRST_PACKED_MAX: usize = 40_000;
        const ALL_BYTES_MAX: usize = 250_000;
        const ALL_PACKED_MAX: usize = 82_000;
        let is_first = |sent: &&Sent| {
            FIRST.iter().any(|it| it.path == sent.path) || sent.path == path_of(ENTRY)
        };
        let sum = |all: &mut dyn Iterator<Item = &'static Sent>| {
            all.fold((0, 0), |(plain, gzip), it| (plain + it.plain.len(), gzip + it.gzip.len()))
        };
        let (first, first_packed) = sum(&mut SENT.iter().filter(is_first));
        let (all, all_packed) = sum(&mut SENT.iter());
        assert!(first < FIRST_BYTES_MAX, "{first} bytes before anything is shown");
        assert!(
            first_packed < FIRST_PACKED_MAX,
            "{first_packed} packed bytes before anything is shown"
        );
        assert!(all < ALL_BYTES_MAX, "{all} bytes in all");
        assert!(all_packed < ALL_PACKED_MAX, "{all_packed} packed bytes in all");
    }
}
