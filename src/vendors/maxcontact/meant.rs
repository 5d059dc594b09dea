//! The endpoint that a path means which is none's. Its parts are looked at one by one: the service,
//! the method, the words and their values; the path that was meant is put together from what came.
//!
//! Not here: what other names there are (`other_words`), and paths that are taken (`routes`).

use crate::base::nearest::{is_same_name, nearest, nearest_function};
use crate::base::text::excerpt;
use crate::contract::api::Place;
use crate::vendors::maxcontact::api::API;
use crate::vendors::maxcontact::other_words::{
    METHODS, SERVICES, TITLES, UNKNOWN_SERVICES, WORDS, by_title_alone, off_the_list,
};
use crate::vendors::maxcontact::routes::{ROUTES, Route, TITLES_ONLY};
use crate::web::message::Request;
use crate::web::params::Pairs;

/// Characters of a part of a path that a reason shows.
const PART_CHARS_MAX: usize = 60;

/// Segments that are looked at: the longest path has eight, with room for slips.
const SEGMENTS_MAX: usize = 24;

/// What a path means.
#[derive(Debug)]
pub(crate) struct Meant {
    /// The verb and the path that was meant; the services or methods where that is not plain.
    pub(crate) expected: String,
    pub(crate) hint: String,
}

/// Reads what a request was meant for.
pub(crate) fn meant(request: &Request) -> Meant {
    let path = request.path();
    let segments: Vec<&str> =
        path.split('/').filter(|it| !it.is_empty()).take(SEGMENTS_MAX).collect();
    let is_root = |it: &&str| it.eq_ignore_ascii_case("services");
    let below = segments.iter().rposition(is_root);
    let mut below = &segments[below.map_or(0, |at| at + 1)..];
    let mut slips = Vec::new();
    if segments.iter().filter(|it| is_root(it)).count() > 1 {
        slips.push("the base URL stands in the path twice".to_owned());
    }
    if let [first, second, ..] = below
        && first.eq_ignore_ascii_case(second)
        && services().iter().any(|it| it.eq_ignore_ascii_case(first))
    {
        slips.push(format!("{first} stands in the path twice"));
        below = &below[1..];
    }
    if path.contains("//") {
        slips.push("two slashes are not one; does the base URL end with one?".to_owned());
    }
    let found = service(below, &mut slips).or_else(|| without_service(below, &mut slips));
    let Some((service, rest)) = found else { return no_service(below) };
    let Some(name) = rest.first() else { return no_method(service) };
    let title = other_name(TITLES, name).unwrap_or(name);
    // Who names two calls wants them connected.
    let names_two = request.query().is_some_and(|query| query.to_lowercase().contains("call2="));
    if service == "telephony"
        && TITLES_ONLY.iter().any(|it| it.eq_ignore_ascii_case(title))
        && !(title == "transfertouser" && names_two)
    {
        return title_only(name, title);
    }
    if service == "LeadManagement"
        && let Some((what, instead)) = by_title_alone(name)
    {
        return of_version_2(name, what, instead);
    }
    let Some((route, behind)) = method(service, rest, &mut slips) else {
        return no_method(service);
    };
    let built = values(route, behind, request, &mut slips);
    if request.method.as_str() != route.method {
        slips.push(format!("send it with {}", route.method));
    }
    if slips.is_empty() && path.ends_with('/') {
        slips.push("take the slash at the end away".into());
    }
    let hint = match slips.len() {
        0 => "paths are matched segment by segment, in any case".to_owned(),
        _ => slips.join("; "),
    };
    Meant { expected: format!("{} /webservices/services/{built}", route.method), hint }
}

fn services() -> Vec<&'static str> {
    let mut all: Vec<_> = ROUTES.iter().map(|route| route.segments[0]).collect();
    all.dedup();
    all
}

/// The names of a service's methods.
fn methods(service: &str) -> Vec<&'static str> {
    let own = ROUTES.iter().filter(|route| route.segments[0] == service);
    let mut all: Vec<_> = own.map(|route| route.segments[1]).collect();
    all.dedup();
    all
}

fn other_name<'t>(table: &[(&str, &'t str)], sent: &str) -> Option<&'t str> {
    table.iter().find(|(other, _)| is_same_name(other, sent)).map(|(_, meant)| *meant)
}

/// The service, and what stands behind it.
fn service<'s, 'p>(
    below: &'s [&'p str],
    slips: &mut Vec<String>,
) -> Option<(&'static str, &'s [&'p str])> {
    for (at, segment) in below.iter().enumerate().take(2) {
        // An extension belongs to the platform's older services.
        let bare = segment.split('.').next().unwrap_or(segment);
        let known = services();
        let exact = known.iter().find(|it| it.eq_ignore_ascii_case(segment)).copied();
        let near = exact
            .or_else(|| other_name(SERVICES, bare))
            .or_else(|| nearest(bare, known.iter().copied()));
        let Some(service) = near else { continue };
        // A word such as `lead` before a method of that name is no service.
        if exact.is_none() && at > 0 {
            continue;
        }
        if at > 0 {
            let more = excerpt(below[0], PART_CHARS_MAX);
            slips.push(format!("nothing stands before {service}; take {more} away"));
        }
        if exact.is_none() {
            slips.push(format!("the service is called {service}"));
        }
        return Some((service, &below[at + 1..]));
    }
    None
}

fn no_service(below: &[&str]) -> Meant {
    let expected =
        "/webservices/services/ and then apitoken, telephony or LeadManagement".to_owned();
    let unknown =
        below.first().filter(|it| UNKNOWN_SERVICES.iter().any(|other| is_same_name(other, it)));
    let hint = match unknown {
        Some(name) => format!(
            "{name} is a service of the vendor's whose paths nobody outside knows; it is not \
             simulated"
        ),
        None => "these are the vendor's services of which the paths are known".to_owned(),
    };
    Meant { expected, hint }
}

fn no_method(service: &str) -> Meant {
    let hint = format!("{service} has {}", methods(service).join(", "));
    Meant { expected: format!("/webservices/services/{service}/ and then a method"), hint }
}

/// A path that begins with a method, whose service was left out.
fn without_service<'s, 'p>(
    below: &'s [&'p str],
    slips: &mut Vec<String>,
) -> Option<(&'static str, &'s [&'p str])> {
    let name = below.first()?;
    let is_it = |route: &&Route| route.segments[1].eq_ignore_ascii_case(name);
    let service = ROUTES.iter().find(is_it)?.segments[0];
    slips.push(format!("the service {service} stands before the method"));
    Some((service, below))
}

fn title_only(sent: &str, name: &str) -> Meant {
    let instead = match name.to_ascii_lowercase().as_str() {
        "login" => {
            "; the event agent_login does it, and a token comes from …/apitoken/login/{login}"
        }
        "logout" => "; the event agent_logout does it",
        "gonotready" => "; the event go_not_ready does it",
        "requestbreak" => "; the event request_break does it",
        "transfertouser" | "completetransfer" => {
            ", and it is not simulated; connectcalls connects two calls that one agent has in hand"
        }
        _ => ", and it is not simulated",
    };
    let sent = excerpt(sent, PART_CHARS_MAX);
    let sent = sent.trim_matches('"');
    let means = if sent.eq_ignore_ascii_case(name) { "" } else { ", or what it means," };
    let hint = format!(
        "{sent}{means} is a method of document version 1.8 whose path nobody outside the vendor \
         knows{instead}"
    );
    Meant { expected: "the path of an endpoint".into(), hint }
}

fn of_version_2(sent: &str, what: &str, instead: &str) -> Meant {
    let sent = excerpt(sent, PART_CHARS_MAX);
    let hint = format!(
        "{} would be {what}: version 2.0 of lead management lists that by title only, and it is not \
         simulated; {instead}",
        sent.trim_matches('"')
    );
    Meant { expected: "the path of an endpoint".into(), hint }
}

/// The method, and what stands behind it.
fn method<'s, 'p>(
    service: &'static str,
    rest: &'s [&'p str],
    slips: &mut Vec<String>,
) -> Option<(&'static Route, &'s [&'p str])> {
    let joined = rest.get(1).map(|next| format!("{}{next}", rest[0]));
    let known = methods(service);
    let exact = |sent: &str| known.iter().find(|it| it.eq_ignore_ascii_case(sent)).copied();
    if let Some(name) = exact(rest[0]) {
        return Some((route(service, name)?, &rest[1..]));
    }
    if let Some(name) = joined.as_deref().and_then(exact) {
        slips.push(format!("the method is called {name}, in one word"));
        return Some((route(service, name)?, &rest[2..]));
    }
    let elsewhere = ROUTES.iter().find(|route| route.segments[1].eq_ignore_ascii_case(rest[0]));
    // Where nothing stands behind it, it is the other service's.
    if let Some(route) = elsewhere.filter(|route| rest.len() == 1 && route.segments.len() == 2) {
        return Some((of_another_service(route, slips), &rest[1..]));
    }
    let of_service = METHODS.iter().filter(|(_, meant, _)| known.contains(meant));
    let mut usual = of_service.filter(|(other, ..)| is_same_name(other, rest[0]));
    if let Some((_, name, note)) = usual.next() {
        let note = if note.is_empty() { String::new() } else { format!("; {note}") };
        slips.push(format!("the method is called {name}{note}"));
        return Some((route(service, name)?, &rest[1..]));
    }
    if let Some(name) = off_the_list(rest[0]).filter(|name| known.contains(name)) {
        slips.push(format!("the method is called {name}; with reactivateDnc=true"));
        return Some((route(service, name)?, &rest[1..]));
    }
    if let Some(name) = nearest_function(rest[0], known.iter().copied()) {
        slips.push(format!("the method is called {name}"));
        return Some((route(service, name)?, &rest[1..]));
    }
    Some((of_another_service(elsewhere?, slips), &rest[1..]))
}

fn of_another_service(route: &'static Route, slips: &mut Vec<String>) -> &'static Route {
    slips.push(format!("{} belongs to the service {}", route.segments[1], route.segments[0]));
    route
}

fn route(service: &str, name: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.segments[0] == service && route.segments[1] == name)
}

/// The variable of a template's segment.
fn variable(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The path below the services with its variables filled from what came.
fn values(route: &Route, behind: &[&str], request: &Request, slips: &mut Vec<String>) -> String {
    let template = &route.segments[2..];
    let words: Vec<&str> = template.iter().copied().filter(|it| variable(it).is_none()).collect();
    let mut filled: Vec<Option<String>> = vec![None; template.len()];
    let (mut left, mut at, mut next_word) = (Vec::new(), 0, 0);
    while at < behind.len() {
        let sent = behind[at];
        let meant = words.iter().find(|it| it.eq_ignore_ascii_case(sent)).copied();
        let meant = meant
            .or_else(|| other_word(sent, &words))
            .or_else(|| nearest(sent, words.iter().copied()));
        let place = meant.and_then(|word| template.iter().position(|it| *it == word));
        let Some((word, place)) = meant.zip(place).filter(|(_, it)| filled[it + 1].is_none())
        else {
            left.push(sent);
            at += 1;
            continue;
        };
        if !word.eq_ignore_ascii_case(sent) {
            let sent = excerpt(sent, PART_CHARS_MAX);
            slips.push(format!("the word is {word}, not {sent}"));
        }
        if place < next_word {
            slips.push(format!("{} stands first", words[0]));
        }
        next_word = place;
        filled[place + 1] = behind.get(at + 1).map(|it| (*it).to_owned());
        at += 2;
    }
    fill_with_rest(template, &mut filled, &mut left, slips);
    fill_from_query(template, &mut filled, request, slips);
    if !left.is_empty() {
        slips.push(too_much(route, &left));
    }
    let missing: Vec<&str> = template
        .iter()
        .zip(&filled)
        .filter_map(|(it, value)| variable(it).filter(|_| value.is_none()))
        .collect();
    if !missing.is_empty() && !slips.iter().any(|it| it.contains("query")) {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        slips.push(format!("{} {verb} missing in the path", missing.join(" and ")));
    }
    let tail =
        template.iter().zip(filled).map(|(it, value)| value.unwrap_or_else(|| (*it).to_owned()));
    let head = route.segments[..2].iter().map(|it| (*it).to_owned());
    head.chain(tail).collect::<Vec<_>>().join("/")
}

/// The word of a template that another word stands for.
fn other_word<'w>(sent: &str, words: &[&'w str]) -> Option<&'w str> {
    let mut usual = WORDS.iter().filter(|(other, _)| is_same_name(other, sent));
    usual.find_map(|(_, meant)| words.iter().find(|it| *it == meant)).copied()
}

/// Values without a word before them stand for what has none yet: in order, and where the template
/// has words only numbers, since another word may be one that nobody knows.
fn fill_with_rest(
    template: &[&'static str],
    filled: &mut [Option<String>],
    left: &mut Vec<&str>,
    slips: &mut Vec<String>,
) {
    for (at, segment) in template.iter().enumerate() {
        let Some(_) = variable(segment).filter(|_| filled[at].is_none()) else { continue };
        let word = at.checked_sub(1).map(|before| template[before]);
        let word = word.filter(|before| variable(before).is_none());
        let is_value = |it: &&str| {
            let bare = it.strip_prefix('+').unwrap_or(it);
            word.is_none() || bare.starts_with(|it: char| it.is_ascii_digit())
        };
        let has_digit = |it: &&str| it.bytes().any(|byte| byte.is_ascii_digit());
        let most_like = left.iter().position(|it| is_value(it) && has_digit(it));
        let Some(idx) = most_like.or_else(|| left.iter().position(is_value)) else { continue };
        // A word that nobody knows stands before it.
        if let (Some(word), Some(before)) = (word, idx.checked_sub(1)) {
            let other = excerpt(left.remove(before), PART_CHARS_MAX);
            slips.push(format!("the word is {word}, not {other}"));
            filled[at] = Some(left.remove(before).to_owned());
            continue;
        }
        if let Some(word) = word {
            slips.push(format!("the word {word} stands before the value"));
        }
        filled[at] = Some(left.remove(idx).to_owned());
    }
}

fn fill_from_query(
    template: &[&'static str],
    filled: &mut [Option<String>],
    request: &Request,
    slips: &mut Vec<String>,
) {
    let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
    for (at, segment) in template.iter().enumerate() {
        let Some(name) = variable(segment).filter(|_| filled[at].is_none()) else { continue };
        let word = at.checked_sub(1).map_or("", |before| template[before]);
        let is_it = |sent: &str| {
            is_same_name(sent, name)
                || is_same_name(sent, word)
                || other_word(sent, &[word]).is_some()
                || API.near(sent, [name]).is_some()
        };
        if let Some((_, value)) = query.iter().find(|(sent, _)| is_it(sent)) {
            slips.push(format!("{name} belongs into the path, not into the query"));
            filled[at] = Some(value.to_owned());
        }
    }
}

/// What is to be said of segments that no variable takes.
fn too_much(route: &Route, left: &[&str]) -> String {
    let in_query = API.params(route.operation).filter(|param| param.places.contains(&Place::Query));
    let names: Vec<&str> = in_query.map(|param| param.name).collect();
    let found = match left {
        [value] if names.len() == 1 => vec![(names[0], *value)],
        _ => pairs_of_query(&names, left),
    };
    if found.is_empty() {
        return format!("take {} away", excerpt(&format!("/{}", left.join("/")), PART_CHARS_MAX));
    }
    let shown = |value: &str| {
        let value = excerpt(value, PART_CHARS_MAX);
        value.trim_matches('"').to_owned()
    };
    let words: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    let pairs: Vec<String> =
        found.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
    let verb = if words.len() == 1 { "belongs" } else { "belong" };
    format!("{} {verb} into the query: ?{}", words.join(" and "), pairs.join("&"))
}

/// Words and values that are parameters of the query; none where one of them is not.
fn pairs_of_query<'v>(names: &[&'static str], left: &[&'v str]) -> Vec<(&'static str, &'v str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for pair in left.chunks(2) {
        let [word, value] = pair else { return Vec::new() };
        let open =
            names.iter().copied().filter(|name| !found.iter().any(|(taken, _)| taken == name));
        let Some(name) = API.near(word, open.collect::<Vec<_>>()) else { return Vec::new() };
        found.push((name, value));
    }
    found
}
