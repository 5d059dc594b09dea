//! Transcripts: a request in, the reply and the reason out.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::testing::Stage;
use crate::vendors::mor::hash::hex;

const KEY: &str = "sim-secret-1";
const POLL: &str = "get_campaign_ivr_poll_results";
const STATISTICS: &str = "get_campaign_statistics";
const STATUS: &str = "change_campaign_status";
const UPLOAD: &str = "upload_numbers";

fn sha1(text: &str) -> String {
    hex(&Sha1::digest(text.as_bytes()))
}

/// Posts a query to a method; answers the text of the innermost element.
fn post(stage: &Stage, method: &str, query: &str) -> String {
    let target = format!("/billing/api/autodialer_{method}?{query}");
    let response = stage.request(&format!("POST {target} HTTP/1.1\n\n"));
    assert_eq!(response.status.as_u16(), 200);
    inner(str::from_utf8(&response.body).unwrap())
}

/// The first text between two tags of one line, or over several.
fn inner(body: &str) -> String {
    let last_open = body.split("</").next().unwrap_or_default();
    last_open.rsplit('>').next().unwrap_or_default().to_owned()
}

/// A world of several owners, each with a key.
fn owners() -> Stage {
    Stage::new(&json!({"mor": {
        "settings": {"secret_key": KEY},
        "users": [
            {"username": "admin", "type": "admin", "uniquehash": "0a1b2c3d4e"},
            {"username": "dialer_bob", "password": "bobs-word", "uniquehash": "1234567890"},
            {"username": "ünal"},
            {"username": "jo+ann"},
            {"username": "shop", "type": "reseller", "secret_key": "resell-key-9"},
            {"username": "shop_carl", "owner": "shop"},
        ],
        "campaigns": [
            {"id": 17, "name": "Spring poll", "user": "dialer_bob"},
            {"id": 18, "name": "Other", "user": "dialer_bob"},
            {"id": 21, "name": "Shop survey", "user": "shop_carl"},
        ],
        "numbers": [{"campaign": 17, "number": "1"}],
    }}))
}

/// Sends a wrong hash and checks what the journal says of it.
#[track_caller]
fn says(method: &str, query: &str, hash: &str, hint: &str) {
    let stage = owners();
    let hash: String = form_urlencoded::byte_serialize(hash.as_bytes()).collect();
    assert_eq!(post(&stage, method, &format!("{query}&hash={hash}")), "Incorrect hash");
    let why = stage.why();
    assert!(why.starts_with("mor.hash: expected sha1("), "{why}");
    assert!(why.ends_with(hint), "{why}\n  expected {hint}");
    for secret in [KEY, "resell-key-9", "bobs-word", "0a1b2c3d4e", "1234567890"] {
        assert!(!why.contains(secret), "{why}");
    }
}

const BOB: &str = "u=dialer_bob&id=17";
const RULE: &str = "this method hashes u, then id, then the key";

#[test]
fn names_a_value_left_out_put_in_or_turned() {
    let stage = owners();
    post(&stage, POLL, &format!("{BOB}&hash={}", sha1(&format!("17{KEY}"))));
    assert_eq!(
        stage.why(),
        "mor.hash: expected sha1(\"dialer_bob\" + \"17\" + key) = 5bec2fa3…, found adf22268…; \
         your hash leaves out u; this method hashes u, then id, then the key"
    );
    let check = |made_of: &str, hint: &str| {
        says(POLL, BOB, &sha1(made_of), &format!("your hash {hint}; {RULE}"));
    };
    check(&format!("dialer_bob{KEY}"), "leaves out id");
    check(KEY, "leaves out u and id");
    check(&format!("17dialer_bob{KEY}"), "takes the order id, u");
    check(&format!("{KEY}dialer_bob17"), "puts the key first");
    check(&format!("{KEY}17"), "leaves out u and puts the key first");
    check("dialer_bob17", "leaves out the key");
    check("", "leaves out u and id and leaves out the key");
    says(
        UPLOAD,
        BOB,
        &sha1(&format!("dialer_bob17{KEY}")),
        "your hash puts in u; this method hashes id alone, then the key",
    );
    says(
        POLL,
        "p=bobs-word&u=dialer_bob&id=17&test=1",
        &sha1(&format!("dialer_bobbobs-word17{KEY}")),
        &format!("your hash puts in p; {RULE}"),
    );
    says(
        POLL,
        "id=17&test=1&u=dialer_bob",
        &sha1(&format!("171dialer_bob{KEY}")),
        &format!("your hash puts in test and takes another order; {RULE}"),
    );
}

#[test]
fn names_what_was_hashed_beside_the_values() {
    let check = |made_of: &str, hint: &str| {
        says(POLL, BOB, &sha1(made_of), &format!("your hash {hint}; {RULE}"));
    };
    check(&format!("udialer_bobid17{KEY}"), "takes in names as well (namevalue…)");
    check(&format!("u=dialer_bob&id=17{KEY}"), "takes in names as well (name=value&…)");
    check(&format!("u=dialer_bob&id=17&key={KEY}"), "takes in names as well (name=value&…)");
    check(&format!("dialer_bob,17{KEY}"), "puts \",\" between the values");
    check(&format!("dialer_bob|17|{KEY}"), "puts \"|\" between the values and before the key");
    check(
        &format!("dialer_bob17{KEY}\n"),
        "has a line feed behind the key, as echo without -n adds it",
    );
    check(&format!("dialer_bob\n17\n{KEY}"), "puts \"\\n\" between the values and before the key");
    check(&format!("DIALER_BOB17{KEY}"), "takes in values in capitals");
}

#[test]
fn names_the_encoding_of_values() {
    let unal = "u=%C3%BCnal&id=17";
    says(
        POLL,
        unal,
        &sha1(&format!("%C3%BCnal17{KEY}")),
        &format!("your hash takes in percent-encoded values, not decoded ones; {RULE}"),
    );
    let latin1 = [b"\xfcnal17", KEY.as_bytes()].concat();
    says(
        POLL,
        unal,
        &hex(&Sha1::digest(latin1)),
        &format!("your hash takes in values in Latin-1, not UTF-8; {RULE}"),
    );
    says(
        POLL,
        "u=jo+ann&id=17",
        &sha1(&format!("jo+ann17{KEY}")),
        &format!(
            "your hash takes in + where a blank arrived; in a query a + is written %2B; {RULE}; \
             u \"jo ann\" names no user, so the administrator's key counts"
        ),
    );
    says(
        POLL,
        "u=%20dialer_bob%0A&id=17",
        &sha1(&format!("dialer_bob17{KEY}")),
        &format!(
            "your hash takes in trimmed values; values are not trimmed here; {RULE}; \
             u \" dialer_bob\\n\" names no user, so the administrator's key counts"
        ),
    );
}

#[test]
fn names_the_digest_and_its_form() {
    let message = format!("dialer_bob17{KEY}");
    let check =
        |hash: &str, hint: &str| says(POLL, BOB, hash, &format!("your hash {hint}; {RULE}"));
    check(&hex(&Md5::digest(&message)), "is MD5, not SHA-1");
    check(&hex(&Sha256::digest(&message)), "is SHA-256, not SHA-1");
    check(&hex(&Sha512::digest(&message)), "is SHA-512, not SHA-1");
    check(&sha1(&sha1(&message)), "is the SHA-1 of a SHA-1");
    let mut mac = Hmac::<Sha1>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(b"dialer_bob17");
    let hmac = hex(&mac.finalize().into_bytes());
    check(&hmac, "is HMAC-SHA1, not plain SHA-1 with the key at the end");
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    check(&hex(&mac.finalize().into_bytes()), "is HMAC-SHA256, not SHA-1");
    check(&sha1(&message).to_uppercase(), "is written in capitals");
    check(
        &BASE64_STANDARD.encode(Sha1::digest(&message)),
        "is written in Base64, not as hexadecimal digits",
    );
    check(&sha1(&format!("17{KEY}")).to_uppercase(), "leaves out u and is written in capitals");
    check(&hex(&Md5::digest(format!("17{KEY}"))), "leaves out u and is MD5, not SHA-1");
    let digits = "a hash has 40 digits";
    let right = sha1(&message);
    says(
        POLL,
        BOB,
        &right[..32],
        &format!("your hash is right as far as it goes, but cut; {digits}"),
    );
    let with_dash = format!("{right}  -\n");
    let hint = "is right, but carries the blanks and the dash that sha1sum prints";
    says(POLL, BOB, &with_dash, &format!("your hash {hint}; {digits}"));
    let hint = "is right, but has blanks or a line feed around it";
    says(POLL, BOB, &format!("{right}\n"), &format!("your hash {hint}; {digits}"));
}

#[test]
fn names_the_owner_of_another_key() {
    let admins = "where the key of the administrator counts";
    let check = |key: &str, what: &str| {
        let hash = sha1(&format!("dialer_bob17{key}"));
        says(POLL, BOB, &hash, &format!("your hash is made with {what}, {admins}; {RULE}"));
    };
    check("resell-key-9", "the key of reseller \"shop\"");
    check("bobs-word", "the password of user \"dialer_bob\"");
    check("1234567890", "the uniquehash of user \"dialer_bob\"");
    check("0a1b2c3d4e", "the uniquehash of admin \"admin\"");
    says(
        POLL,
        "u=shop_carl&id=21",
        &sha1(&format!("shop_carl21{KEY}")),
        &format!(
            "your hash is made with the administrator's key, where the key of reseller \"shop\" \
             counts; {RULE}"
        ),
    );
    says(
        POLL,
        BOB,
        &sha1("17resell-key-9"),
        &format!(
            "your hash leaves out u and is made with the key of reseller \"shop\", {admins}; {RULE}"
        ),
    );
    says(
        POLL,
        BOB,
        "1234567890",
        &format!(
            "the uniquehash of user \"dialer_bob\" was sent in place of a hash, which these methods \
             do not take; {RULE}"
        ),
    );
    says(POLL, BOB, KEY, &format!("the key itself was sent in place of a hash; {RULE}"));
}

#[test]
fn names_defaults_and_words_for_nothing() {
    let rule = "this method hashes u, then id, then period_start, then period_end, then the key";
    let check = |made_of: &str, hint: &str| {
        says(
            STATISTICS,
            BOB,
            &sha1(&format!("{made_of}{KEY}")),
            &format!("your hash {hint}; {rule}"),
        );
    };
    // The stage's clock stands on 2026-03-02.
    check(
        "dialer_bob1717724096001772495940",
        "takes in the default of period_start and period_end; only what is sent is hashed",
    );
    check(
        "dialer_bob171772409600",
        "takes in the default of period_start; only what is sent is hashed",
    );
    check(
        "dialer_bob17undefinedundefined",
        "takes in \"undefined\" for period_start and period_end, which was not sent",
    );
    let query = format!("{BOB}&period_start=1&period_end=2");
    let hash = sha1(&format!("dialer_bob17{KEY}"));
    says(
        STATISTICS,
        &query,
        &hash,
        &format!("your hash leaves out period_start and period_end; {rule}"),
    );
}

#[test]
fn names_the_request_that_a_hash_was_made_for() {
    says(
        POLL,
        BOB,
        &sha1(&format!("dialer_bob18{KEY}")),
        &format!("your hash is made for campaign 18, not for the id that was sent; {RULE}"),
    );
    says(
        POLL,
        "u=dialer_bob&id=17&id=18",
        &sha1(&format!("dialer_bob17{KEY}")),
        &format!("your hash takes id from another place than the one that counts; {RULE}"),
    );
    says(
        POLL,
        BOB,
        "38282ca5e65e63746498ef5b39a2fe71c6448999",
        &format!("that hash is a sample of the vendor's page and belongs to no known key; {RULE}"),
    );
}

#[test]
fn says_so_where_no_usual_mistake_explains_it() {
    let nothing = "none of the usual mistakes explains it";
    let check = "check the key, then the values";
    says(POLL, BOB, &sha1("something else"), &format!("{nothing}; {check}; {RULE}"));
    let of_forty = "(and a hash has 40 hexadecimal digits)";
    says(POLL, BOB, "abc", &format!("{nothing} {of_forty}; {check}; {RULE}"));
    says(POLL, BOB, &"é".repeat(40), &format!("{nothing}; {check}; {RULE}"));
    let long = format!("u={}&id=17", "x".repeat(5000));
    let stage = owners();
    post(&stage, POLL, &format!("{long}&hash={}", sha1("x")));
    assert!(stage.why().contains("the parameters are too long to try the usual mistakes"));
    assert!(stage.why().len() < 500, "{}", stage.why());
}

#[test]
fn says_why_there_is_no_hash() {
    says(
        POLL,
        &format!("{BOB}&Hash=1"),
        "",
        "there is a parameter Hash; it has to be called hash, in small letters",
    );
    says(POLL, BOB, "", "hash was sent empty");
    let stage = owners();
    let body = |media_type: &str, body: &str| {
        let target = format!("/billing/api/autodialer_{POLL}");
        stage.request(&format!("POST {target} HTTP/1.1\nContent-Type: {media_type}\n\n{body}"));
        stage.why().rsplit("; ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        body("application/json", "{\"u\":"),
        "the body is no JSON (EOF while parsing a value at line 1, column 5)"
    );
    assert_eq!(
        body("application/json", "[1]"),
        "the body is JSON, but no object, so it gives no parameters"
    );
    assert_eq!(
        body("multipart/form-data", "--x"),
        "the body cannot be read as parts: the Content-Type names no boundary of 1 to 70 characters"
    );
    assert_eq!(body("text/xml", "<u/>"), "send a form, parts or JSON");
    assert_eq!(
        body("application/x-www-form-urlencoded", BOB),
        "send hash in the query or the body"
    );
}

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
         \"shop_carl\"; a user sees their own campaigns, a reseller those of their users, the \
         administrator those of users without a reseller",
    );
    check(
        POLL,
        "u=dialer_bob&id=99",
        "dialer_bob99",
        "mor.campaign: expected id: a campaign that \"dialer_bob\" sees, found 99, which is none; \
         there are 17, 18",
    );
    check(
        STATISTICS,
        "u=dialer_bob&id=17&period_start=1767225600000",
        "dialer_bob171767225600000",
        "mor.period: expected period_start at or before period_end, found 9999-12-31 00:00:00 and \
         2026-03-02 23:59:00; period_start looks like milliseconds; send seconds; period_end was \
         not sent, so today 23:59 counts",
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
fn toggles_and_journals_what_it_did() {
    let stage = Stage::demo();
    let query = format!("{BOB}&hash={}", sha1(&format!("dialer_bob17{KEY}")));
    let effects = || {
        let last = stage.journal().pop().unwrap_or_default();
        last["effects"].as_array().unwrap().iter().map(|it| it["text"].clone()).collect::<Value>()
    };
    assert_eq!(post(&stage, STATUS, &query), "Campaign started");
    assert_eq!(effects(), json!(["campaign 17 started"]));
    assert_eq!(post(&stage, STATUS, &query), "Campaign stopped");
    assert_eq!(effects(), json!(["campaign 17 stopped"]));
    stage.advance(Duration::from_hours(1));
    assert_eq!(stage.table("mor", "numbers")[0]["status"], "new");
}

#[test]
fn a_running_campaign_dials_retries_and_takes_more_numbers() {
    let stage = Stage::new(&json!({
        "line": [{"ends_with": "01", "attempt": 1, "then": "busy", "ring": "1s"},
                 {"ends_with": "01", "attempt": 2, "then": "answers", "ring": "2s", "talk": "30s"}],
        "mor": {
            "settings": {"secret_key": KEY},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "max_retries": 1,
                           "start_time": "10:00", "stop_time": "18:00", "answers": ["yes"],
                           "actions": [{"action": "IVR", "data": 4}]}],
            "numbers": [{"campaign": 17, "number": "3701"}],
        },
    }));
    // The clock stands at 09:00, before the campaign's hours.
    stage.event("mor", "start_campaign", &json!({"campaign": 17})).unwrap();
    stage.advance(Duration::from_hours(1));
    let first = |column: &str| stage.table("mor", "numbers")[0][column].clone();
    assert_eq!(first("status"), "executed");
    stage.advance(Duration::from_mins(1));
    assert_eq!(first("n_tries"), 2);
    stage.advance(Duration::from_secs(32));
    assert_eq!(first("status"), "completed");
    let query = format!("{BOB}&hash={}", sha1(&format!("dialer_bob17{KEY}")));
    let row = post(&stage, POLL, &query);
    assert!(
        row.starts_with("3701,2026-03-02 10:01:00,2026-03-02 10:01:32,2026-03-02 10:01:"),
        "{row}"
    );
    assert!(row.ends_with(",yes"), "{row}");
    let calls = stage.table("mor", "calls");
    let brief = |call: &Value| (call["disposition"].clone(), call["billed_s"].clone());
    let calls: Vec<_> = calls.iter().map(brief).collect();
    assert_eq!(calls, [(json!("busy"), json!(0)), (json!("answered"), json!(30))]);
    // Out of numbers, it waits for more.
    stage.event("mor", "reactivate_number", &json!({"campaign": 17, "number": "3701"})).unwrap();
    stage.advance(Duration::from_mins(5));
    assert_eq!(stage.table("mor", "calls").len(), 3);
    let stopped = stage.event("mor", "stop_campaign", &json!({"campaign": 17}));
    assert_eq!(stopped, Ok(json!({"campaign": 17, "running": false})));
}

#[test]
fn a_campaign_that_is_seeded_running_dials() {
    let world = |auto_dial: bool| {
        let stage = Stage::new(&json!({"mor": {
            "settings": {"secret_key": KEY, "auto_dial": auto_dial},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "running": true}],
            "numbers": [{"campaign": 17, "number": "37060000001"}],
        }}));
        stage.advance(Duration::from_mins(5));
        stage.table("mor", "numbers")[0]["status"].clone()
    };
    assert_eq!(world(true), "executed");
    assert_eq!(world(false), "new");
}

#[test]
fn events_keep_the_rules() {
    let stage = Stage::demo();
    let refused = |event: &str, body: Value| stage.event("mor", event, &body).unwrap_err();
    assert_eq!(
        refused("set_setting", json!({"secret_key": ""})),
        "Invalid API secret key: the API cannot be on without one; set secret_key too"
    );
    assert_eq!(
        refused("set_setting", json!({"allow_api": false, "allow_get": true})),
        "allow_get cannot be edited while allow_api is off; switch it on first"
    );
    assert_eq!(
        refused("dial_number", json!({"campaign": 17, "number": "37060000003", "outcome": "busy"})),
        "37060000003 is completed and is not dialled again; reactivate it first"
    );
    assert_eq!(
        refused(
            "dial_number",
            json!({"campaign": 17, "number": "37060000001", "outcome": "busy", "talk": "5s"})
        ),
        "a call that ends as busy has no talk"
    );
    let late = json!({"campaign": 17, "number": "37060000001", "outcome": "answered", "at": "2026-03-02T09:00:00Z"});
    assert!(refused("dial_number", late).starts_with("the call would end after the world's time"));
    assert_eq!(
        refused("start_campaign", json!({"campaign": 18})),
        "campaign 18 cannot start: it has no free numbers"
    );
    assert_eq!(refused("stop_campaign", json!({"campaign": 17})), "campaign 17 is not running");
    assert_eq!(
        refused("rotate_key", json!({"reseller": "dialer_bob", "secret_key": "another"})),
        "there is no reseller \"dialer_bob\" in this world"
    );
    let query = format!("{BOB}&hash={}", sha1("dialer_bob17new-key-22"));
    stage.event("mor", "rotate_key", &json!({"secret_key": "new-key-22"})).unwrap();
    assert!(post(&stage, POLL, &query).starts_with("37060000001"));
    let answered = json!({"campaign": 17, "number": "37060000001", "outcome": "answered", "talk": "43s",
        "at": "2026-03-01T10:00:19Z", "answers": [{"after": "22s", "text": "Answer 1 yes"}]});
    stage.event("mor", "dial_number", &answered).unwrap();
    let row =
        "37060000001,2026-03-01 10:00:19,2026-03-01 10:01:02,2026-03-01 10:00:41,Answer 1 yes\n";
    assert!(post(&stage, POLL, &query).starts_with(row));
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
fn takes_a_hundred_thousand_lines() {
    let stage = Stage::demo();
    let query = format!("{BOB}&hash={}", sha1(&format!("17{KEY}")));
    let lines: Vec<String> = (0..100_000).map(|n| format!("3706{n:07}\r\n")).collect();
    let lines = lines.concat();
    let request = format!(
        "POST /billing/api/autodialer_{UPLOAD}?{query} HTTP/1.1\r\n\
         Content-Type: multipart/form-data; boundary=xx\r\n\r\n\
         --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"leads.csv\"\r\n\r\n\
         {lines}\r\n--xx--\r\n"
    );
    let answer = inner(&stage.send(&request));
    // Four of them are in the campaign already.
    assert_eq!(answer, "99996 out of 100000 numbers were imported");
    assert_eq!(stage.table("mor", "campaigns")[0]["numbers"], 100_000);
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
fn refuses_scenarios_that_break_its_rules() {
    let mistakes = |mor: Value| {
        let result = std::panic::catch_unwind(|| Stage::new(&json!({"mor": mor})));
        let panic = result.expect_err("the scenario is refused");
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    };
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
