//! Switches, the other steps' reasons, scenarios that are refused, and what holds for every request.

use serde_json::{Value, json};

use super::{BOB, KEY, POLL, STATISTICS, STATUS, UPLOAD, owners, post, sha1};
use crate::testing::Stage;
use crate::vendors::mor::api::API;
use crate::vendors::mor::method::METHODS;
use crate::vendors::mor::surface::OPERATIONS;

#[test]
fn takes_what_a_switch_allows() {
    let world = |variant: &str, value: &str| {
        Stage::new(&json!({"mor": {
            "settings": {"secret_key": KEY},
            "users": [
                {"username": "admin", "type": "admin", "uniquehash": "0a1b2c3d4e"},
                {"username": "books", "type": "accountant"},
                {"username": "dialer_bob", "id": 7},
                {"username": "dialer_rima"},
            ],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob"}],
            "numbers": [{"campaign": 17, "number": "1"}],
            "variants": {variant: value},
        }}))
    };
    let signed = |query: &str, of: &str| format!("{query}&hash={}", sha1(&format!("{of}{KEY}")));
    let taken = |variant: &str, value: &str, query: &str| post(&world(variant, value), POLL, query);
    assert_eq!(taken("hash_u", "either", &signed(BOB, "17")), "1");
    assert_eq!(taken("hash_u", "either", &signed(BOB, "dialer_bob17")), "1");
    assert_eq!(taken("hash_u", "excluded", &signed(BOB, "dialer_bob17")), "Incorrect hash");
    assert_eq!(taken("hash_order", "any", &signed(BOB, "17dialer_bob")), "1");
    let upper = format!("{BOB}&hash={}", sha1(&format!("dialer_bob17{KEY}")).to_uppercase());
    assert_eq!(taken("hash_case", "ignored", &upper), "1");
    assert_eq!(taken("uniquehash", "accepted", &format!("{BOB}&hash=0a1b2c3d4e")), "1");
    assert_eq!(taken("uniquehash", "refused", &format!("{BOB}&hash=0a1b2c3d4e")), "Incorrect hash");
    assert_eq!(taken("check_order", "user_first", "u=nobody&id=17"), "Access Denied");
    assert_eq!(taken("check_order", "hash_first", "u=nobody&id=17"), "Incorrect hash");
    assert_eq!(taken("numeric_user", "everywhere", &signed("u=7&id=17", "717")), "1");
    assert_eq!(taken("accountant", "as_admin", &signed("u=books&id=17", "books17")), "1");
    let not_authorized = "You are not authorized to use this functionality";
    assert_eq!(
        taken("admin_reach", "statistics_only", &signed("u=admin&id=17", "admin17")),
        not_authorized
    );
    let foreign = signed("u=dialer_rima&id=17", "dialer_rima17");
    assert_eq!(taken("foreign_campaign", "not_authorized", &foreign), not_authorized);
    assert_eq!(taken("foreign_campaign", "not_found", &foreign), "Campaign was not found");
    let stage = world("upload_hash", "always");
    stage.event("mor", "set_setting", &json!({"disable_hash": true})).unwrap();
    assert_eq!(post(&stage, POLL, BOB), "1");
    assert_eq!(post(&stage, UPLOAD, BOB), "Incorrect hash");
    let stage = world("upload_hash", "honours_setting");
    stage.event("mor", "set_setting", &json!({"disable_hash": true})).unwrap();
    assert_eq!(post(&stage, UPLOAD, BOB), "Please provide a file");
}

#[test]
fn says_why_other_steps_refuse() {
    let stage = owners();
    let check = |method: &str, query: &str, of: &str, why: &str| {
        post(&stage, method, &format!("{query}&hash={}", sha1(&format!("{of}{KEY}"))));
        assert_eq!(stage.why(), why);
    };
    check(
        POLL,
        "u=Dialer_bob&id=17",
        "Dialer_bob17",
        "mor.user: expected u: the username of a user of this world, found \"Dialer_bob\", which is \
         none; \"dialer_bob\" differs in its capitals alone; names are compared letter by letter",
    );
    check(
        POLL,
        "u=dialer_bop&id=17",
        "dialer_bop17",
        "mor.user: expected u: the username of a user of this world, found \"dialer_bop\", which is \
         none; did you mean \"dialer_bob\"?",
    );
    check(
        POLL,
        "u=dialer_bob&id=21",
        "dialer_bob21",
        "mor.campaign: expected id: a campaign that \"dialer_bob\" sees, found 21, a campaign of \
         \"shop_carl\"; a user sees their own campaigns alone; \"dialer_bob\" sees 17, 18",
    );
    check(
        POLL,
        "u=dialer_bob&id=99",
        "dialer_bob99",
        "mor.campaign: expected id: a campaign that \"dialer_bob\" sees, found 99, which is none; \
         \"dialer_bob\" sees 17, 18",
    );
    check(
        STATISTICS,
        "u=dialer_bob&id=17&period_start=1767225600000",
        "dialer_bob171767225600000",
        "mor.period: expected period_start at or before period_end, found Unix second \
         1767225600000, which is in no year of four digits, and 2026-03-02 23:59:00; period_end was \
         not sent, so today 23:59 counts; period_start looks like milliseconds; send seconds: \
         1767225600",
    );
    check(
        STATUS,
        BOB,
        "dialer_bob17",
        "mor.start_actions: expected campaign 17 with an action, found it has none; it comes as \
         message, not as error; actions come from the scenario",
    );
    stage.request("POST /billing/api/get_campaign_statistics HTTP/1.1\n\n");
    assert!(
        stage.why().contains("did you mean autodialer_get_campaign_statistics?"),
        "{}",
        stage.why()
    );
    stage.request("POST /billing/api/change_campaign_status HTTP/1.1\n\n");
    assert!(
        stage.why().contains("did you mean autodialer_change_campaign_status?"),
        "{}",
        stage.why()
    );
}

#[test]
fn the_first_checks_come_before_an_unknown_function() {
    let world = |settings: Value| {
        Stage::new(&json!({"mor": {"settings": settings, "users": [{"username": "bob"}]}}))
    };
    let ask = |settings: Value, verb: &str| {
        let stage = world(settings);
        let response = stage.request(&format!("{verb} /billing/api/no_such_function HTTP/1.1\n\n"));
        String::from_utf8(response.body.to_vec()).unwrap()
    };
    let on = json!({"secret_key": KEY});
    assert!(ask(on.clone(), "POST").contains("Undefined method"));
    assert!(ask(on, "GET").contains("GET Requests are disabled"));
    let with_get = json!({"secret_key": KEY, "allow_get": true});
    assert!(ask(with_get, "GET").contains("Undefined method"));
    let off = json!({"secret_key": KEY, "allow_api": false});
    assert!(ask(off, "POST").contains("API Requests are disabled"));
    let restricted = json!({"secret_key": KEY, "restrict_ip": true});
    assert!(ask(restricted, "POST").contains("Access Denied"));
}

#[test]
fn an_unknown_function_is_shown_inline_wherever_test_stands() {
    let stage = owners();
    let ask = |query: &str, media: &str, body: &str| {
        let head = format!("POST /billing/api/no_such_function?{query} HTTP/1.1");
        stage.request(&format!("{head}\nContent-Type: {media}\n\n{body}"))
    };
    let form = "application/x-www-form-urlencoded";
    for (query, media, body, is_inline) in [
        ("", form, "", false),
        ("test=1", form, "", true),
        ("", form, "test=1", true),
        ("", "application/json", "{\"test\":1}", true),
        ("test=0", form, "test=1", false),
    ] {
        let response = ask(query, media, body);
        let is_file = response.headers.iter().any(|(name, _)| name == "content-disposition");
        assert_eq!(is_file, !is_inline, "{query:?}, {body:?}");
    }
}

#[test]
fn the_path_of_the_usage_line_leads_to_every_function() {
    let stage = owners();
    for method in METHODS {
        for prefix in ["/billing/api/", "/api/"] {
            let path = format!("{prefix}{}", method.function);
            let response = stage.request(&format!("POST {path} HTTP/1.1\n\n"));
            assert_eq!(response.status.as_u16(), 200, "{path}");
            assert!(stage.why().starts_with("mor.hash"), "{path}: {}", stage.why());
            let further = API.further.iter().filter(|it| it.operation == method.operation);
            let listed = OPERATIONS.iter().any(|it| it.path == path)
                || further.clone().any(|it| it.path == path && it.method == "POST");
            assert!(listed, "{path} is not listed");
            let with_id = format!("{path}/{{id}}");
            let verbs: Vec<_> =
                further.filter(|it| it.path == with_id).map(|it| it.method).collect();
            let expected: &[&str] = if method.post_only { &["POST"] } else { &["GET", "POST"] };
            assert_eq!(verbs, expected, "{with_id}");
        }
    }
}

#[test]
fn refuses_scenarios_that_break_its_rules() {
    let mistakes = |mor: Value| Stage::mistakes(&json!({"mor": mor}));
    let campaign = |user: &str| json!([{"id": 1, "name": "a", "user": user}]);
    let users = json!([{"username": "shop", "type": "reseller"}, {"username": "bob"}]);
    let cases = [
        (
            json!({"users": users, "campaigns": campaign("shop")}),
            "only simple users create campaigns",
        ),
        (
            json!({"users": [{"username": "bob", "secret_key": "x"}]}),
            "only a reseller has a secret_key",
        ),
        (
            json!({"users": [{"username": "bob"}, {"username": "eve", "owner": "bob"}]}),
            "expected a reseller",
        ),
        (json!({"users": [{"username": "admin"}]}), "none of type admin"),
        (
            json!({"users": [{"username": "bob", "id": 9_007_199_254_740_992_i64}]}),
            "9007199254740991",
        ),
        (
            json!({"users": [{"username": "bob", "time_zone": "Mars"}]}),
            "a zone such as Europe/Vilnius",
        ),
        (json!({"whitelist": [{"ip": "::1"}]}), "an IPv4 address"),
        (
            json!({"users": users, "campaigns": campaign("bob"),
                "numbers": [{"campaign": 1, "number": "5"}, {"campaign": 1, "number": "5"}]}),
            "allows no duplicates",
        ),
        (
            json!({"users": users, "campaigns": campaign("bob"),
                "numbers": [{"campaign": 1, "number": "+5"}]}),
            "a number of digits only",
        ),
    ];
    for (scenario, expected) in cases {
        let found = mistakes(scenario);
        assert!(found.contains(expected), "{found}\n  expected {expected}");
    }
}

#[test]
fn shows_no_secret() {
    let stage = owners();
    stage.event("mor", "rotate_key", &json!({"secret_key": "new-key-22"})).unwrap();
    post(&stage, POLL, "u=dialer_bob&p=bobs-word&id=17&hash=0");
    let shown = Value::from(stage.journal()).to_string()
        + &Value::from(stage.table("mor", "users")).to_string()
        + &Value::from(stage.table("mor", "settings")).to_string();
    for secret in [KEY, "new-key-22", "resell-key-9", "bobs-word", "0a1b2c3d4e", "1234567890"] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
    }
}

#[test]
fn no_input_is_a_panic() {
    let stage = Stage::demo();
    let long = "9".repeat(400);
    for value in ["", "%00", "%ff%fe", "-1", "1e9", "99999999999999999999", "%F0%9F%98%80", &long] {
        for method in [POLL, STATISTICS, STATUS, UPLOAD] {
            let query =
                format!("u={value}&id={value}&period_start={value}&hash={value}&test={value}");
            post(&stage, method, &query);
            let query = format!("u=dialer_bob&id=17&period_start={value}&period_end={value}");
            post(&stage, method, &query);
        }
        stage.request(&format!("POST /billing/api/{value}/{value} HTTP/1.1\n\n"));
    }
    stage.event("mor", "set_setting", &json!({"disable_hash": true})).unwrap();
    for seconds in [i64::MIN, i64::MAX, -1, 253_402_300_800] {
        let query = format!("{BOB}&period_start={}&period_end={seconds}", i64::MIN);
        post(&stage, STATISTICS, &query);
    }
    assert!(stage.journal().iter().all(|shown| shown["outcome"] != "error"));
}

#[test]
fn a_list_of_campaigns_is_not_one_in_groups_of_thousands() {
    let campaign = |id: i64| json!({"id": id, "name": format!("C{id}"), "user": "dialer_bob"});
    let stage = Stage::new(&json!({"mor": {
        "settings": {"secret_key": KEY},
        "users": [{"username": "dialer_bob"}],
        "campaigns": [campaign(24), campaign(301), campaign(501), campaign(1234), campaign(301_501)],
    }}));
    for (id, expected) in [
        ("1'234", "an id has no sign between its thousands; is id=1234 meant?"),
        ("1 234", "an id has no sign between its thousands; is id=1234 meant?"),
        ("1,234", "an id has no sign between its thousands; is id=1234 meant?"),
        ("2,4", "one campaign per request"),
        ("301,501", "one campaign per request"),
    ] {
        let hash = sha1(&format!("dialer_bob{id}{KEY}"));
        let sent = id.replace('\'', "%27").replace(' ', "%20");
        let query = format!("u=dialer_bob&id={sent}&hash={hash}");
        assert_eq!(post(&stage, POLL, &query), "Campaign was not found", "{id}");
        assert!(stage.why().contains(expected), "{id}: {}", stage.why());
    }
}
