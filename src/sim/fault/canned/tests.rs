use http::Method;
use serde_json::json;

use super::pattern::{fits, mistake};
use super::reply::{Canned, CannedBody, CannedOn};
use super::standing::{Replies, StandingReply};
use crate::base::time::Instant;
use crate::contract::operation::Call;
use crate::sim::fault::asked::Asked;
use crate::sim::fault::headers::Headers;
use crate::sim::fault::rule_id::RuleId;
use crate::web::message::Request;
use crate::web::params::Params;

#[test]
fn patterns_of_paths() {
    for (pattern, path, expected) in [
        ("/a/b", "/a/b", true),
        ("/a/b", "/a/b/", false),
        ("/a/{id}/c", "/a/17/c", true),
        ("/a/{id}/c", "/a//c", false),
        ("/a/{id}", "/a/1/2", false),
        ("/a/*", "/a/", true),
        ("/a/*", "/a/1/2", true),
        ("/a/get_*", "/a/get_users", true),
        ("/a/get_*", "/a/put_users", false),
        ("/a/*", "/b/1", false),
    ] {
        assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
    }
    for broken in ["a", "/a?b=1", "/a/{}", "/a/x{id}", "/a/*/b", "/a b"] {
        assert!(mistake(broken).is_some(), "{broken}");
    }
    assert_eq!(mistake("/a/{id}/get_*"), None);
}

fn on(on: CannedOn) -> Canned {
    let on = CannedOn { vendor: "toy".into(), ..on };
    let (status, headers, body) = (200, Headers::default(), CannedBody::None);
    Canned { name: None, on, status, headers, body }
}

/// Which of the replies, from 0, answers each of so many requests alike.
fn answering(replies: Vec<Canned>, request: &Request, n_requests: usize) -> Vec<Option<i64>> {
    let mut id = RuleId::default();
    let kept = replies.into_iter().map(|reply| {
        id = id.next();
        (id, StandingReply::new(reply))
    });
    let mut replies = Replies(kept.collect());
    let params = Params::from_query(request.query());
    let call = Call { request, operation: None, params: &params };
    let asked = Asked { now: Instant::MIN, vendor: "toy", call: &call };
    let ask =
        |_| replies.decide(&asked).0.map(|it| it.rule.to_string().parse::<i64>().unwrap() - 1);
    (0..n_requests).map(ask).collect()
}

#[test]
fn replies_are_counted_and_ordered() {
    let request = Request::new(Method::GET, "/toy".parse().unwrap());
    let once = CannedOn { times: Some(1), ..CannedOn::default() };
    let third = CannedOn { nth: Some(3), ..CannedOn::default() };
    let found = answering(vec![on(once), on(third), on(CannedOn::default())], &request, 4);
    // The second counts the first request as well, which the first answered.
    assert_eq!(found, [Some(0), Some(2), Some(1), Some(2)]);
}

#[test]
fn replies_look_at_all_that_they_name() {
    let mut request = Request::new(Method::POST, "/x/17?u=bob&id=1".parse().unwrap());
    request.body = r#"{"a":[{"b":5}],"c":"<x>"}"#.into();
    let fits = |wanted: CannedOn| answering(vec![on(wanted)], &request, 1) == [Some(0)];
    let texts = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
    let json = |pointer: &str, value| {
        [(pointer.to_owned(), value)].into_iter().collect::<serde_json::Map<_, _>>()
    };
    let any = CannedOn::default;
    assert!(fits(CannedOn { method: Some("POST".into()), path: Some("/x/{id}".into()), ..any() }));
    assert!(!fits(CannedOn { method: Some("GET".into()), ..any() }));
    assert!(fits(CannedOn { query: texts("u", "bob"), ..any() }));
    assert!(!fits(CannedOn { query: texts("u", "jo"), ..any() }));
    assert!(fits(CannedOn { json: json("/a/0/b", json!(5)), ..any() }));
    assert!(!fits(CannedOn { json: json("/a/0/b", json!("5")), ..any() }));
    assert!(!fits(CannedOn { xml: texts("/a/b", "5"), ..any() }));
    request.body = "<s:e xmlns:s='x'><b> 5 </b></s:e>".into();
    let fits = |wanted: CannedOn| answering(vec![on(wanted)], &request, 1) == [Some(0)];
    assert!(fits(CannedOn { xml: texts("/e/b", "5"), ..any() }));
    request.body = "u=bob&v=a%20b".into();
    let fits = |wanted: CannedOn| answering(vec![on(wanted)], &request, 1) == [Some(0)];
    assert!(fits(CannedOn { form: texts("v", "a b"), ..any() }));
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    assert_eq!(CannedBody::of(b"abc".to_vec()), CannedBody::Text("abc".into()));
    assert_eq!(CannedBody::of(vec![0xff, 0]), CannedBody::Base64("/wA=".into()));
    assert_eq!(CannedBody::of(Vec::new()), CannedBody::None);
}
