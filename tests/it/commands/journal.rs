//! `journal` and its page: from the end, by the run that a request belongs to, and what is told of names
//! that nobody has.

use serde_json::Value;

use super::{ask, told};
use crate::support::http::http;
use crate::support::program::{AGENTS, Running, serve};

const RUN: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn seqs(page: &Value) -> Vec<u64> {
    page["entries"].as_array().unwrap().iter().map(|it| it["seq"].as_u64().unwrap()).collect()
}

fn journal(running: &Running, query: &str) -> (u16, Value) {
    running.admin("GET", &format!("/v1/worlds/default/journal?{query}"), "")
}

#[test]
fn it_is_read_from_its_end() {
    let running = serve(&[]);
    for _ in 0..6 {
        running.post("/dialer/", AGENTS);
    }
    running.post("/dialer/", "{");
    let of = |query: &str| seqs(&journal(&running, query).1);
    assert_eq!(of("last=2"), [6, 7]);
    assert_eq!(of("last=2&outcome=ok"), [5, 6]);
    assert_eq!(of("before=4"), [1, 2, 3]);
    assert_eq!(of("before=4&limit=2"), [2, 3]);
    assert_eq!(of("before=4&last=1"), [3]);
    assert_eq!(of("after=2&last=9"), [3, 4, 5, 6, 7]);
    assert_eq!(of("after=4&before=4"), [] as [u64; 0]);
    assert_eq!(of("last=2&limit=3"), [6, 7]);
    assert_eq!(of("last=3&limit=2"), [6, 7]);
    assert_eq!(journal(&running, "last=0").0, 400);
    let archive = running.admin("GET", "/v1/worlds/default/journal.har?last=1", "").1;
    assert_eq!(archive["log"]["entries"].as_array().unwrap().len(), 1);

    let first = |args: &[&str]| -> Vec<String> {
        let lines = told(&running, args);
        lines.lines().map(|it| it.trim_start().split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(first(&["journal", "--last", "2"]), ["6", "7"]);
    assert_eq!(first(&["journal", "--before", "3"]), ["1", "2"]);
    assert_eq!(ask(&running, &["journal", "--last", "2", "--limit", "3"]).0, 2);

    for path in ["/nothing", "/nothing/2", "/nothing/3"] {
        running.raw("listen", http("GET", path, &[], "").as_bytes());
    }
    assert_eq!(seqs(&running.admin("GET", "/v1/journal?last=2", "").1), [2, 3]);
    assert_eq!(seqs(&running.admin("GET", "/v1/journal?before=3&limit=1", "").1), [2]);
}

#[test]
fn an_entry_tells_the_run_of_its_request() {
    let running = serve(&[]);
    let send = |headers: &[(&str, &str)]| {
        running.raw("listen", http("POST", "/dialer/", headers, AGENTS).as_bytes());
    };
    let parent = format!("00-{RUN}-00f067aa0ba902b7-01");
    send(&[("traceparent", &parent), ("X-Request-ID", "r-1")]);
    send(&[("X-Request-ID", "r-2")]);
    send(&[]);
    let (_, page) = journal(&running, "");
    let traces: Vec<&Value> =
        page["entries"].as_array().unwrap().iter().map(|it| &it["trace"]).collect();
    assert_eq!(traces, [&Value::from(parent.as_str()), &Value::from("r-2"), &Value::Null]);
    assert_eq!(seqs(&journal(&running, &format!("trace={RUN}")).1), [1]);
    assert_eq!(seqs(&journal(&running, "trace=r-2").1), [2]);
    assert_eq!(seqs(&journal(&running, "trace=r-1").1), [] as [u64; 0]);
    let shown = told(&running, &["tail", "--no-follow", "-v", "--trace", RUN]);
    assert!(shown.contains(&format!("\n      trace {parent}\n")), "{shown}");
    assert!(!shown.contains("r-2"), "{shown}");
    let shown = told(&running, &["journal", "2"]);
    assert!(shown.contains("\n      trace r-2\n"), "{shown}");
}

#[test]
fn a_name_that_nobody_has_is_told_with_the_near_one() {
    let running = serve(&[]);
    for (query, near) in [
        ("vendor=maxcontct", "maxcontact"),
        ("operation=get_agent", "get_agents"),
        ("vendor=jtel&operation=get_contct", "get_contact"),
        ("outcome=refusd", "refused"),
        ("vendr=jtel", "vendor"),
    ] {
        for path in ["journal", "journal/stream"] {
            let path = format!("/v1/worlds/default/{path}?{query}");
            let (status, problem) = running.admin("GET", &path, "");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                status == 400 && detail.contains(&format!("did you mean {near:?}?")),
                "{detail}"
            );
        }
    }
    // An operation of another vendor is none of this one's.
    let (status, problem) = journal(&running, "vendor=jtel&operation=get_agents");
    let detail = problem["detail"].as_str().unwrap();
    assert!(status == 400 && !detail.contains("get_campaigns"), "{detail}");
    let (code, _, said) = ask(&running, &["tail", "--no-follow", "--vendor", "jtl"]);
    assert!(code == 2 && said.contains("did you mean \"jtel\"?"), "{said}");
}

#[test]
fn a_step_to_the_next_timer_says_whether_one_is_set() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let made = running.admin("POST", "/v1/worlds", r#"{"name":"idle","scenario":{}}"#);
    assert_eq!(made.0, 201, "{}", made.1);
    let advance = |world: &str, body: &str| {
        running.admin("POST", &format!("/v1/worlds/{world}/clock/advance"), body).1
    };
    assert_eq!(advance("idle", r#"{"by":"1s"}"#).get("due"), None);
    let told_of = advance("idle", r#"{"to":"next"}"#);
    assert_eq!((told_of.get("due"), &told_of["fired"]), (Some(&Value::Null), &Value::from(0)));
    let shown = told(&running, &["advance", "next", "--world", "idle"]);
    assert!(shown.contains("nothing is due: no timer is set"), "{shown}");

    let busy = running.admin("POST", "/v1/worlds", r#"{"name":"busy","scenario":"working-day"}"#);
    assert_eq!(busy.0, 201, "{}", busy.1);
    let next = running.admin("GET", "/v1/worlds/busy/clock", "").1["next_due"].clone();
    assert!(next.is_string(), "a working day has no timer");
    let told_of = advance("busy", r#"{"to":"next"}"#);
    assert_eq!((&told_of["due"], &told_of["now"]), (&next, &next));
}
