use crate::base::seed::Seed;
use crate::base::time::{Instant, Span};
use crate::sim::fault::asked::Asked;
use crate::sim::fault::headers::Headers;
use crate::sim::fault::look::Look;
use crate::sim::fault::struck::Faults;
use crate::sim::fault::struck::Standing;
use http::{HeaderValue, Method};
use serde_json::json;

use crate::contract::operation::Call;
use crate::sim::fault::rule::*;
use crate::web::message::Request;
use crate::web::params::Params;

fn rule(on: On, then: Then) -> Rule {
    Rule { name: None, on, then, delay: None, close: false }
}

fn lose(on: On) -> Rule {
    rule(on, Then::LoseReply)
}

/// Asks about `n` requests at a moment each; answers the numbers of those that are struck, from 1.
fn struck(faults: &mut Faults, times_ms: impl Iterator<Item = i64>) -> Vec<usize> {
    let request = Request::new(Method::GET, "/toy?u=bob".parse().unwrap());
    let params = Params::from_query(request.query());
    let call = Call { request: &request, operation: None, params: &params };
    let mut struck = Vec::new();
    for (idx, now_ms) in times_ms.enumerate() {
        let now = Instant::clamped_from_millis(now_ms);
        let asked = Asked { now, vendor: "toy", call: &call };
        if faults.decide(Seed(7), &asked).is_some() {
            struck.push(idx + 1);
        }
    }
    struck
}

fn at(ms: i64) -> Instant {
    Instant::clamped_from_millis(ms)
}

fn with(rules: Vec<Rule>) -> Faults {
    let mut faults = Faults::default();
    faults.add(rules, Instant::MIN);
    faults
}

#[track_caller]
fn check(on: On, times_ms: impl Iterator<Item = i64>, expected: &[usize]) {
    assert_eq!(struck(&mut with(vec![lose(on)]), times_ms), expected);
}

#[test]
fn the_nth_every_nth_and_so_many_times() {
    let still = || std::iter::repeat_n(0, 9);
    check(On::default(), still(), &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    check(On { nth: Some(3), ..On::default() }, still(), &[3]);
    check(On { every: Some(4), ..On::default() }, still(), &[4, 8]);
    check(On { times: Some(2), ..On::default() }, still(), &[1, 2]);
    check(On { every: Some(2), times: Some(3), ..On::default() }, still(), &[2, 4, 6]);
    check(On { vendor: Some("another".into()), ..On::default() }, still(), &[]);
}

#[test]
fn windows_of_world_time() {
    let ticks = || (0..10).map(|tick| tick * 100);
    check(On { from: Some(at(300)), until: Some(at(600)), ..On::default() }, ticks(), &[4, 5, 6]);
    check(On { lasts: Some(Span::millis(250)), ..On::default() }, ticks(), &[1, 2, 3]);
}

#[test]
fn a_probability_comes_from_the_seed_and_the_rule() {
    let one = On { probability: Some(0.3), ..On::default() };
    let strikes = |rules| struck(&mut with(rules), std::iter::repeat_n(0, 1000));
    let first = strikes(vec![lose(one.clone())]);
    assert!((200..400).contains(&first.len()), "{}", first.len());
    assert_eq!(first, strikes(vec![lose(one.clone())]));
    // A named rule draws the same wherever it stands.
    let named = Rule { name: Some("a".into()), ..lose(one) };
    let never = lose(On { vendor: Some("another".into()), ..On::default() });
    assert_eq!(strikes(vec![named.clone()]), strikes(vec![never, named]));
}

#[test]
fn the_first_rule_decides_and_all_count() {
    let second = On { nth: Some(2), ..On::default() };
    let mut faults =
        with(vec![lose(second.clone()), rule(second, Then::Reset), lose(On::default())]);
    assert_eq!(struck(&mut faults, std::iter::repeat_n(0, 3)), [1, 2, 3]);
    let counts: Vec<_> = faults.kept.iter().map(|(_, it)| (it.matched, it.fired)).collect();
    assert_eq!(counts, [(2, 1), (2, 0), (3, 2)]);
}

#[test]
fn a_rule_for_what_no_operation_takes_leaves_the_others_alone() {
    check(On { no_operation: true, ..On::default() }, [0].into_iter(), &[1]);
    let operation = crate::vendors::ALL[0].surface.operations.first();
    let request = Request::new(Method::GET, "/toy".parse().unwrap());
    let params = Params::from_query(None);
    let call = Call { request: &request, operation, params: &params };
    let asked = Asked { now: at(0), vendor: "toy", call: &call };
    let on = On { no_operation: true, ..On::default() };
    assert_eq!(with(vec![lose(on)]).decide(Seed(7), &asked), None);
}

#[test]
fn a_rate_limit_counts_in_stretches_of_world_time() {
    let limit =
        Then::RateLimit { most: 2, per: Span::millis(1000), status: 429, retry_after: None };
    let times_ms = [0, 1, 2, 3, 999, 1000, 1001, 1002].into_iter();
    assert_eq!(struck(&mut with(vec![rule(On::default(), limit)]), times_ms), [3, 4, 5, 8]);
}

#[test]
fn rules_look_at_parameters_headers_bodies_and_pointers() {
    let mut request = Request::new(Method::POST, "/toy/17?u=bob&id=1".parse().unwrap());
    request.headers.insert("x-step", HeaderValue::from_static("two"));
    request.body = r#"{"leads":[{"UserData":"X-1","n":5}]}"#.into();
    let params = Params::from_query(request.query());
    let call = Call { request: &request, operation: None, params: &params };
    let look = |at: &str, equals: &str| {
        let look = Look { at: at.into(), equals: Some(equals.into()), contains: None };
        assert!(look.is_sound(), "{at}");
        look.fits(&call)
    };
    assert!(look("query u", "bob") && look("param id", "1") && look("path", "/toy/17"));
    assert!(look("header X-Step", "two") && look("json /leads/0/n", "5"));
    assert!(!look("json /leads/1/n", "5") && !look("query u", "jo") && !look("form u", "bob"));
    let part = Look { at: "body".into(), equals: None, contains: Some("X-1".into()) };
    assert!(part.fits(&call));
    for broken in ["query", "json leads", "cookie a", "header a b", ""] {
        let look = Look { at: broken.into(), equals: None, contains: None };
        assert!(!look.is_sound(), "{broken:?} is no place");
    }
}

#[test]
fn delays_are_drawn_within_their_bounds() {
    let kept =
        |delay| Standing::new(Rule { delay: Some(delay), ..rule(On::default(), Then::Delay) });
    let late_by = |delay, matched| {
        let kept = Standing { matched, ..kept(delay) };
        kept.late_by(Seed(1), "a")
    };
    let uniform = Delay::Uniform { from: Span::millis(100), to: Span::millis(200) };
    let drawn: Vec<_> = (0..100).map(|nth| late_by(uniform, nth).as_millis()).collect();
    assert!(drawn.iter().all(|ms| (100..=200).contains(ms)));
    assert!(drawn.iter().any(|ms| *ms != drawn[0]));
    let median = Delay::LogNormal { median: Span::millis(800), sigma: 0.6 };
    let n_over = (0..1000).filter(|nth| late_by(median, *nth).as_millis() > 800).count();
    assert!((400..600).contains(&n_over), "{n_over}");
}

#[test]
fn what_is_kept_is_read_back() {
    let on = On { nth: Some(2), from: Some(at(5)), ..On::default() };
    let then = Then::Status {
        status: 502,
        body: Some("x".into()),
        content_type: None,
        headers: Headers::read(&json!({ "Retry-After": "30" })).unwrap(),
    };
    let delay = Some(Delay::LogNormal { median: Span::millis(10), sigma: 0.5 });
    let kept = Standing::new(Rule { name: Some("a".into()), on, then, delay, close: true });
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<Standing>(&text).unwrap(), kept);
}
