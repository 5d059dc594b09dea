//! Credentials that a world claims lead to it.

use serde_json::{Value, json};

use super::{CONTACT, exchanges, make};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, serve};

#[test]
fn a_claimed_credential_leads_to_its_world_until_that_goes() {
    let running = serve(&[]);
    let claims = json!([
        "jtel:SIMTOKEN-7A",
        "mor:u=dialer_bob",
        "infocu5:A7k2Qm9ZrT4x",
        "maestro:5c0e77a1d94b42f8a6e13b90cf28d451",
        "maxcontact:user=101",
    ]);
    let (status, made) =
        make(&running, &json!({ "name": "a", "scenario": "demo", "claims": claims }));
    assert_eq!(status, 201, "{made}");
    let shown = made["claims"].to_string();
    assert!(shown.contains("mor:u=dialer_bob") && !shown.contains("SIMTOKEN"), "{shown}");

    let jtel = http("GET", CONTACT, &[("Authorization", "Bearer SIMTOKEN-7A")], "");
    let maestro = "/_access/fetchCallersByCall?offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&offer_id=4711&call=K7Q2ZP0XN4V8T1RB";
    let mor = "/billing/api/autodialer_get_campaign_ivr_poll_results";
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let max = "/webservices/services/telephony/getcalls/user/101";
    let requests = [
        jtel.clone(),
        http("POST", "/dialer/", &[], AGENTS),
        http("GET", maestro, &[], ""),
        http(
            "POST",
            mor,
            &form,
            "u=dialer_bob&id=17&hash=5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24",
        ),
        http("GET", max, &[("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47")], ""),
    ];
    for (n_seen, request) in (1..).zip(&requests) {
        assert_eq!(status_of(&running.raw("listen", request.as_bytes())), 200, "{request}");
        assert_eq!(exchanges(&running, "a"), n_seen, "{request}");
    }
    // What is named goes before what is claimed, and other credentials go on to the default world.
    let header = [("Authorization", "Bearer SIMTOKEN-7A"), ("X-Ringback-World", "default")];
    running.raw("listen", http("GET", CONTACT, &header, "").as_bytes());
    let other = [("Authorization", "Bearer SIMTOKEN-8A")];
    running.raw("listen", http("GET", CONTACT, &other, "").as_bytes());
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "default")), (5, 2));

    let again =
        json!({ "name": "b", "scenario": "demo", "claims": ["jtel:free", "jtel:SIMTOKEN-7A"] });
    let (status, problem) = make(&running, &again);
    assert_eq!((status, &problem["holder"]), (409, &json!("a")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("claims/1: jtel:token is claimed"));
    assert!(!problem.to_string().contains("SIMTOKEN"));
    assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);

    // A reset keeps them, a fork has none, deletion frees them.
    assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "").0, 200);
    assert_eq!(
        running.admin("POST", "/v1/worlds/a/fork", r#"{"name":"f"}"#).1["claims"],
        json!([])
    );
    running.raw("listen", jtel.as_bytes());
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "f")), (6, 0));
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "").0, 200);
    running.raw("listen", jtel.as_bytes());
    assert_eq!(exchanges(&running, "default"), 3);
    assert_eq!(make(&running, &again).0, 201);
}

#[test]
fn claims_that_make_no_sense_are_refused_with_their_place() {
    let running = serve(&[]);
    let refused = |claims: Value| {
        let body = json!({ "name": "a", "scenario": "demo", "claims": claims });
        let (status, problem) = make(&running, &body);
        assert_eq!(status, 400, "{problem}");
        problem["detail"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused(json!("jtel:x")),
        "claims: expected a list of texts such as \"vendor:credential\""
    );
    assert!(refused(json!(["jtel"])).starts_with("claims/0: no colon"));
    assert!(refused(json!(["jtel:x", "jtl:y"])).ends_with("did you mean \"jtel\"?"));
    assert!(refused(json!(["mor:u="])).starts_with("claims/0: no value"));
    assert!(
        refused(json!(["jtel:x", "jtel:token=x"])).starts_with("claims/1: it stands there twice")
    );
    // A scenario with mistakes claims nothing.
    let broken =
        json!({ "name": "a", "scenario": { "jtel": { "nothing": [] } }, "claims": ["jtel:x"] });
    assert_eq!(make(&running, &broken).0, 400);
    assert_eq!(
        make(&running, &json!({ "name": "a", "scenario": "demo", "claims": ["jtel:x"] })).0,
        201
    );
}
