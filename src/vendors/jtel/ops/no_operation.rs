//! What jtel answers to a request that no operation takes.

use http::Method;

use crate::base::nearest::nearest_function;
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::near::nearest_operation;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::errors::{self, BAD_ID, NO_ENDPOINT, Stop};
use crate::vendors::jtel::ops::change::{lock_allowed, lock_method, lock_methods};
use crate::vendors::jtel::ops::meant::{known_word, meant};
use crate::vendors::jtel::ops::slips;
use crate::vendors::jtel::routes::{self, Untaken};
use crate::vendors::jtel::surface::SURFACE;
use crate::web::message::Request;

/// Answers what no operation takes. Comes before the token is looked at (assumed: jtel 5).
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let request = call.request;
    let found = format!("{} {}", request.method, request.path());
    let lock = lock_method(cx.variant(), &request.method);
    let stop = match routes::find(request) {
        Err(Untaken::WrongMethod(allowed)) => {
            let is_lock = request.path().contains("/lock") || request.path().contains("/unlock");
            // The switch says which of them it takes.
            let allowed = if is_lock { lock_allowed(cx.variant()) } else { allowed };
            let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            let expected =
                if is_lock { lock_methods(cx.variant()).to_owned() } else { names.join(" or ") };
            let sent = request.method.as_str();
            let in_capitals = names.iter().find(|name| name.eq_ignore_ascii_case(sent));
            let hint = match (in_capitals, meant(request, lock)) {
                (Some(name), _) => {
                    format!(
                        "write the method in capitals: {name}; methods are compared letter by letter"
                    )
                }
                (None, Some(hint)) => hint,
                (None, None) => "the path is known; only the method is another one".to_owned(),
            };
            Stop::method(allowed, expected, found, hint)
        }
        Err(Untaken::BadId(id)) => bad_id(cx, request, &id, lock)?,
        _ => {
            let expected = "a path under /rest/v1.0/{ClientsID}/dialler/ that the vendor has";
            Stop::no(&NO_ENDPOINT, expected, found, no_path(request, lock))
        }
    };
    errors::finish(cx, Err(stop))
}

/// Why a segment is no ID.
fn bad_id(cx: &Cx<'_>, request: &Request, id: &str, lock: &str) -> rusqlite::Result<Stop> {
    let expected = "an ID of digits in the path";
    let no = |found: String, hint: String| Ok(Stop::of("ID", &BAD_ID, expected, found, hint));
    if let Some((found, hint)) = known_word(cx, request, id, lock)? {
        return no(found, hint);
    }
    if let Some(word) = nearest_function(id, ["contact", "import"]) {
        // The last segment of that name is the ID's; `contacts` stands before it too.
        let (before, behind) =
            request.path().rsplit_once(&format!("/{id}")).unwrap_or((request.path(), ""));
        let path = format!("{before}/{word}{behind}");
        let method = if word == "import" { "POST" } else { request.method.as_str() };
        let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
        let query = excerpt(&query, QUERY_CHARS_MAX).trim_matches('"').to_owned();
        let hint = format!("did you mean {method} {path}{query}?");
        return no(format!("{id:?}, which is not {word:?}"), hint);
    }
    let is_campaign = request.path().contains("/campaigns/");
    let hint = match slips::no_integer(id) {
        Some(hint) => hint,
        None if is_campaign => {
            "IDs are integers that the vendor gives out; GET …/dialler/campaigns \
                                lists them with their names"
                .into()
        }
        None => match (meant(request, lock), digits_alike(id)) {
            (Some(hint), _) => hint,
            (None, Some(digits)) => format!("letters stand in it for digits: {digits}"),
            (None, None) if id.eq_ignore_ascii_case("all") || id.eq_ignore_ascii_case("list") => {
                "all contacts are listed with GET …/dialler/contacts".into()
            }
            (None, None) if id.eq_ignore_ascii_case("count") => {
                "GET …/dialler/contacts tells how many there are as count".into()
            }
            (None, None) => {
                "IDs are integers that the vendor gives out; a key of your own goes into \
                             the query as userData"
                    .into()
            }
        },
    };
    no(format!("{id:?}"), hint)
}

/// The digits that a text is but for letters that look like some; `None` where it is another text.
fn digits_alike(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .map(|it| match it {
            'O' | 'o' => '0',
            'I' | 'l' => '1',
            other => other,
        })
        .collect();
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && 2 * n_digits > text.len()).then_some(digits)
}

/// Characters of a query that a reason repeats.
const QUERY_CHARS_MAX: usize = 120;

/// What to do about a path that is none.
fn no_path(request: &Request, lock: &str) -> String {
    let near = || {
        let near = nearest_operation(&SURFACE, request)?;
        let is_lock = near.split('/').any(|it| it == "lock" || it == "unlock");
        // Which method locks is the world's to say.
        let near = match near.split_once(' ').filter(|_| is_lock) {
            Some((_, path)) => format!("{lock} {path}"),
            None => near,
        };
        let lacks_account = near.contains("{ClientsID}");
        let why =
            if lacks_account { "The client account's ID stands behind v1.0" } else { LETTERS };
        Some(format!("did you mean {near}? {why}"))
    };
    if let Some(hint) = slip(request, lock) {
        return hint;
    }
    match meant(request, lock).or_else(near) {
        Some(hint) if hint.ends_with('?') => format!("{hint} {LETTERS}"),
        Some(hint) => hint,
        None if request.path().contains("/dialler/") => {
            "no function of the vendor's is known there; `ringback routes jtel` lists those that are".into()
        }
        None if has_account(request.path()) => {
            "of the vendor's APIs the dialler's alone is here: paths begin with \
             /rest/v1.0/{ClientsID}/dialler/"
                .into()
        }
        None => "the base URL is http(s)://{host}/rest/v1.0/{ClientsID}".into(),
    }
}

/// Whether a path has a client account where one belongs, and something behind it.
fn has_account(path: &str) -> bool {
    let mut segments = path.split('/').skip(3);
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    path.starts_with("/rest/v1.0/")
        && segments.next().is_some_and(is_number)
        && segments.next().is_some_and(|next| !next.is_empty())
}

const LETTERS: &str = "Paths are compared letter by letter";

/// What is wrong with a path that is right but for how it was put together.
fn slip(request: &Request, lock: &str) -> Option<String> {
    let path = request.path();
    let leads_to = |path: &str| {
        let mended = Request::new(request.method.clone(), path.parse().ok()?);
        let (operation, _) = routes::find(&mended).ok()?;
        let is_lock = operation.name.contains("lock_");
        let method = if is_lock { lock } else { request.method.as_str() };
        Some(format!("{method} {path}"))
    };
    if let Some(at) = path.get(1..).and_then(|rest| rest.rfind("/rest/"))
        && let Some(near) = leads_to(&path[at + 1..])
    {
        return Some(format!("the base URL stands in the path twice: did you mean {near}?"));
    }
    let joined: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let joined = format!("/{}", joined.join("/"));
    if path.contains("//")
        && let Some(near) = leads_to(&joined)
    {
        let why = "Two slashes come of a base URL that ends with one";
        return Some(format!("did you mean {near}? {why}"));
    }
    if path.ends_with('/')
        && let Some(near) = leads_to(&joined)
    {
        return Some(format!("did you mean {near}? It has no slash at its end"));
    }
    let lower = path.to_ascii_lowercase();
    let slashes = lower.replace("%2f", "/").replace("%5c", "/").replace('\\', "/");
    if slashes != lower
        && let Some(near) = leads_to(&slashes)
    {
        let why = if path.contains('\\') {
            "Segments are joined by /, not by a backslash"
        } else {
            "The slashes between segments are sent as they are, not percent-encoded"
        };
        return Some(format!("did you mean {near}? {why}"));
    }
    if let Some(near) = without_dots(path).and_then(|path| leads_to(&path)) {
        return Some(format!("did you mean {near}? Nobody resolves . and .. in a path"));
    }
    if let Some(digits) = path.strip_prefix("/rest/v1.0").filter(|it| !it.starts_with('/'))
        && let Some(near) = leads_to(&format!("/rest/v1.0/{digits}"))
    {
        return Some(format!("did you mean {near}? A slash stands behind v1.0"));
    }
    // Parameters begin with a question mark.
    if let Some((before, behind)) = path.split_once(['&', ';'])
        && behind.contains('=')
        && let Some(near) = leads_to(before)
    {
        return Some(format!("did you mean {near}?{behind}? The query begins with ?"));
    }
    if let Some(at) = lower.find("%3f")
        && let Some(near) = leads_to(&path[..at])
    {
        let query = &path[at + "%3f".len()..];
        return Some(format!("did you mean {near}?{query}? The question mark was percent-encoded"));
    }
    let near = leads_to(&of_version(path)?)?;
    Some(format!("did you mean {near}? The version is v1.0"))
}

/// The path with its dot segments resolved; `None` where it has none.
fn without_dots(path: &str) -> Option<String> {
    let is_dots = |segment: &str| segment == "." || segment == "..";
    if !path.split('/').any(is_dots) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            other => kept.push(other),
        }
    }
    Some(format!("/{}", kept.join("/")))
}

/// The path with the right version in it.
fn of_version(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/rest/")?;
    let (first, behind) = rest.split_once('/')?;
    let is_version = first.starts_with(['v', 'V']) && first != "v1.0";
    let is_account = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    if is_version {
        Some(format!("/rest/v1.0/{behind}"))
    } else {
        is_account.then(|| format!("/rest/v1.0/{rest}"))
    }
}
