//! The operation whose path a request most likely meant, where none takes it.
//!
//! Paths are compared segment by segment: one may be missing, be too many or be misspelt, and a
//! variable takes what stands in its place. Of two that are as near, the one with the request's
//! method is meant; who reads is led to another method only where no read is near, and who changes
//! or deletes only to the same: a write is never told for a read, nor a read for a deletion.
//!
//! Not here: words for it (the vendors), and names that are no path (`base::nearest`).

use crate::base::nearest::nearest_function;
use crate::contract::api::Further;
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendors;
use crate::web::message::Request;

/// The nearest operation of a vendor as a method and a path, its variables filled from the request;
/// `None` where none is near.
pub fn nearest_operation(surface: &Surface, request: &Request) -> Option<String> {
    nearest_of(ways(surface), request)
}

/// The nearest operation of all vendors, where no vendor takes a request.
pub(crate) fn nearest_of_vendors(vendors: Vendors, request: &Request) -> Option<String> {
    nearest_of(vendors.0.iter().flat_map(|vendor| ways(vendor.surface)), request)
}

/// The methods and paths that lead to a vendor's operations, the operations' own first. A further way
/// by another method is left out: a switch may have closed it.
fn ways(surface: &Surface) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
    let operations = surface.operations;
    let is_own = move |way: &Further| {
        operations.iter().any(|it| it.name == way.operation && it.method == way.method)
    };
    let further = surface.api.further.iter().filter(move |way| is_own(way));
    let own = operations.iter().map(|operation| (operation.method, operation.path));
    own.chain(further.map(|way| (way.method, way.path)))
}

/// The nearest of some methods and paths.
fn nearest_of(
    ways: impl Iterator<Item = (&'static str, &'static str)>,
    request: &Request,
) -> Option<String> {
    let wanted = match request.method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    // Two slashes come of a base URL that ends with one.
    let segments = request.path().split('/').filter(|segment| !segment.is_empty());
    let given: Vec<&str> = segments.take(SEGMENTS_MAX + 1).collect();
    if given.len() > SEGMENTS_MAX {
        return None;
    }
    let ways = ways.filter(|(method, _)| *method == wanted || may_lead(wanted, method));
    let aligned = ways.map(|(method, path)| {
        // What stands behind the path picks the operation or names parameters.
        let known = path.split(['?', '&', ' ']).next().unwrap_or_default();
        let slash = if known.ends_with('/') { "/" } else { "" };
        let known: Vec<&str> = known.trim_matches('/').split('/').collect();
        let (cost, path) = if let Some(path) = behind_root(&given, &known) {
            (MISSING, path)
        } else {
            let (cost, path) = align(&given, &known);
            match behind_another(&given, &known) {
                Some((n_other, path)) if MISSING + n_other < cost => (MISSING + n_other, path),
                _ => (cost, path),
            }
        };
        let is_method = method == wanted;
        let cost = cost + if is_method { 0 } else { OTHER_METHOD };
        (cost, is_method, format!("{method} /{path}{slash}"))
    });
    let budget = budget(given.len());
    let is_read = wanted == "GET";
    let near = aligned.filter(|(cost, ..)| *cost <= budget);
    let near = near.min_by_key(|(cost, is_method, _)| (is_read && !is_method, *cost));
    near.map(|(.., near)| near)
}

/// The known path, where the given one is its end: all that is missing is the root that every path has.
fn behind_root(given: &[&str], known: &[&str]) -> Option<String> {
    let missing = known.len().checked_sub(given.len()).filter(|missing| *missing > 0)?;
    let behind = &known[missing..];
    let mut n_words = 0;
    for (given, known) in given.iter().zip(behind) {
        if is_variable(known) {
            continue;
        }
        if !given.eq_ignore_ascii_case(known) {
            return None;
        }
        n_words += 1;
    }
    let is_word = known.get(missing).is_some_and(|first| !is_variable(first));
    let filled = given
        .iter()
        .zip(behind)
        .map(|(given, known)| if is_variable(known) { *given } else { *known });
    let path: Vec<&str> = known[..missing].iter().copied().chain(filled).collect();
    (is_word && n_words >= ROOTLESS_WORDS_MIN).then(|| path.join("/"))
}

/// The known path, where the given one ends in it behind segments of somebody else's, such as a customer's
/// own root or a base URL that was not set; and how many those are.
fn behind_another(given: &[&str], known: &[&str]) -> Option<(usize, String)> {
    let is_whole = |rest: &[&str]| rest.len() == known.len() && align(rest, known).0 == 0;
    (1..=OTHER_SEGMENTS_MAX.min(given.len())).find_map(|n_other| {
        let rest = &given[n_other..];
        let path =
            if is_whole(rest) { Some(align(rest, known).1) } else { behind_root(rest, known) };
        Some((n_other, path?))
    })
}

/// Segments of another root in front of a vendor's path.
const OTHER_SEGMENTS_MAX: usize = 3;

/// Words that tell a path whose root was left out from one of another API.
const ROOTLESS_WORDS_MIN: usize = 2;

/// What it costs to make the known path of the given one, and that path with its variables filled.
fn align(given: &[&str], known: &[&str]) -> (usize, String) {
    // costs[i][j]: of the first i given segments and the first j known ones.
    let mut costs = vec![vec![0; known.len() + 1]; given.len() + 1];
    for i in 0..=given.len() {
        for j in 0..=known.len() {
            costs[i][j] = match (i, j) {
                (0, _) => j * MISSING,
                (_, 0) => i * EXTRA,
                _ => {
                    let other = replaced(given[i - 1], known[j - 1]);
                    let other = other.map_or(usize::MAX, |cost| costs[i - 1][j - 1] + cost);
                    other.min(costs[i][j - 1] + MISSING).min(costs[i - 1][j] + EXTRA)
                }
            };
        }
    }
    let mut path: Vec<&str> = Vec::new();
    let (mut i, mut j) = (given.len(), known.len());
    while j > 0 {
        let other = (i > 0).then(|| replaced(given[i - 1], known[j - 1])).flatten();
        if is_variable(known[j - 1]) && costs[i][j] == costs[i][j - 1] + MISSING {
            // What could as well be a word further left is no value.
            j -= 1;
            path.push(known[j]);
        } else if other.is_some_and(|cost| costs[i][j] == costs[i - 1][j - 1] + cost) {
            (i, j) = (i - 1, j - 1);
            path.push(if is_variable(known[j]) { given[i] } else { known[j] });
        } else if i > 0 && costs[i][j] == costs[i - 1][j] + EXTRA {
            i -= 1;
        } else {
            j -= 1;
            path.push(known[j]);
        }
    }
    path.reverse();
    (costs[given.len()][known.len()], path.join("/"))
}

/// Whether who sends one method may be led to another: nobody to a deletion, and who plainly changes
/// something to no read. A POST may mean anything.
fn may_lead(sent: &str, to: &str) -> bool {
    match sent {
        "DELETE" => false,
        "PUT" | "PATCH" => to != "DELETE" && to != "GET",
        _ => to != "DELETE",
    }
}

fn is_variable(known: &str) -> bool {
    known.starts_with('{')
}

/// What it costs to take one segment for the other; `None` where they have nothing in common.
fn replaced(given: &str, known: &str) -> Option<usize> {
    if is_variable(known) {
        let has_digit = given.bytes().any(|byte| byte.is_ascii_digit());
        return (!given.is_empty()).then_some(if has_digit { 0 } else { WORD_FOR_VARIABLE });
    }
    if given == known {
        Some(0)
    } else if given.eq_ignore_ascii_case(known) {
        Some(OTHER_CASE)
    } else {
        nearest_function(given, [known]).map(|_| MISSPELT)
    }
}

/// Longest path that is compared, in segments: thrice what any vendor's has, since the comparison
/// takes the product of both lengths.
const SEGMENTS_MAX: usize = 32;

/// A segment that the operation has and the request has not.
const MISSING: usize = 4;

/// A segment that the request has and the operation has not. With the above, more than two words that
/// have nothing in common may cost.
const EXTRA: usize = 6;

/// A word of the same meaning, to all appearances.
const MISSPELT: usize = 2;

const OTHER_CASE: usize = 1;

/// A word without a digit where a variable stands: more likely one of no meaning here.
const WORD_FOR_VARIABLE: usize = 4;

const OTHER_METHOD: usize = 3;

/// What may differ at the most: a missing segment and the method, or one in four of a long path.
fn budget(n_segments: usize) -> usize {
    n_segments.max(MISSING + OTHER_METHOD)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::contract::evidence::Evidence;
    use crate::contract::operation::{Access, Operation};

    const fn operation(method: &'static str, path: &'static str) -> Operation {
        Operation {
            name: "any",
            text: "",
            method,
            path,
            access: Access::Reads,
            evidence: Evidence::Assumed("test"),
            answer: |_, _| Err(crate::contract::reply::InternalError::new("not asked")),
        }
    }

    static OPERATIONS: &[Operation] = &[
        operation("GET", "/v1/{account}/people/{id}"),
        operation("GET", "/v1/{account}/people?name="),
        operation("PATCH", "/v1/{account}/people/person/{id}/lock"),
        operation("GET", "/v1/{account}/people/person/{id}/past"),
        operation("POST", "/v1/{account}/groups/"),
        operation("DELETE", "/v1/{account}/robots/{id}"),
    ];

    fn near(method: Method, path: &str) -> Option<String> {
        let surface = Surface { operations: OPERATIONS, ..Surface::BARE };
        nearest_operation(&surface, &Request::new(method, path.parse().unwrap()))
    }

    fn is(method: Method, path: &str, expected: &str) {
        assert_eq!(near(method, path).as_deref(), Some(expected), "{path}");
    }

    #[test]
    fn a_segment_may_be_missing_too_many_or_misspelt() {
        is(Method::PATCH, "/v1/7/people/301/lock", "PATCH /v1/7/people/person/301/lock");
        is(Method::GET, "/v1/7/people/all/301", "GET /v1/7/people/301");
        is(Method::GET, "/v1/7/people/person/301/pats", "GET /v1/7/people/person/301/past");
        is(Method::GET, "/V1/7/peopel/", "GET /v1/7/people");
        is(Method::GET, "/v1/people/301", "GET /v1/{account}/people/301");
    }

    #[test]
    fn the_method_decides_between_two() {
        is(Method::PUT, "/v1/7/people/301/lock", "PATCH /v1/7/people/person/301/lock");
        is(Method::GET, "/v1/7/groups", "POST /v1/7/groups/");
    }

    #[test]
    fn who_reads_is_not_led_to_a_write() {
        is(Method::HEAD, "/v1/7/poeple/301", "GET /v1/7/people/301");
        assert_eq!(near(Method::POST, "/v1/7/robots/301"), None);
        assert_eq!(near(Method::DELETE, "/v1/7/people/301"), None);
        assert_eq!(near(Method::PUT, "/v1/7/peopel"), None);
        is(Method::DELETE, "/v1/7/robot/301", "DELETE /v1/7/robots/301");
    }

    #[test]
    fn the_root_may_be_left_out() {
        is(Method::GET, "/people/person/301/past", "GET /v1/{account}/people/person/301/past");
        is(Method::PATCH, "/person/301/lock", "PATCH /v1/{account}/people/person/301/lock");
        assert_eq!(near(Method::GET, "/groups"), None);
    }

    #[test]
    fn another_root_may_stand_in_front() {
        is(Method::GET, "/customer/v1/7/people/301", "GET /v1/7/people/301");
        is(
            Method::GET,
            "/customer/api/people/person/301/past",
            "GET /v1/{account}/people/person/301/past",
        );
        is(
            Method::PATCH,
            "/undefined/person/301/lock",
            "PATCH /v1/{account}/people/person/301/lock",
        );
        assert_eq!(near(Method::GET, "/a/b/c/d/v1/7/people/301"), None, "too much in front");
        assert_eq!(near(Method::GET, "/customer/groups"), None);
    }

    #[test]
    fn two_slashes_are_one() {
        is(Method::GET, "//v1/7//people/301", "GET /v1/7/people/301");
    }

    #[test]
    fn what_has_nothing_in_common_is_not_near() {
        for path in ["/", "/v1/7/planets", "/somewhere/else", "/v1/7/people/person/301/wings"] {
            assert_eq!(near(Method::GET, path), None, "{path}");
        }
        assert_eq!(near(Method::GET, &"/v1/7/people".repeat(20)), None);
    }
}
