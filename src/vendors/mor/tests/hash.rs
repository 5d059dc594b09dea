//! What is said of a wrong hash: which of the usual mistakes made it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Method, header};
use md5::Md5;
use serde_json::json;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::{BOB, KEY, POLL, STATISTICS, STATUS, UPLOAD, owners, post, sha1};
use crate::vendors::mor::hash::hex;
use crate::web::message::Request;

const RULE: &str = "this method hashes u, then id, then the key";

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
    let other = if right.starts_with('0') { "1" } else { "0" };
    let hint = "your hash is right but for digit 1; let the client work it out";
    says(POLL, BOB, &format!("{other}{}", &right[1..]), hint);
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
        let mut request = Request::new(Method::POST, target.parse().unwrap());
        let media_type = HeaderValue::from_str(media_type).unwrap();
        request.headers.insert(header::CONTENT_TYPE, media_type);
        request.body = body.to_owned().into();
        stage.respond(request);
        stage.why()
    };
    for (media_type, text, found) in [
        ("application/json", "{\"u\":", "the end of the body"),
        ("application/json", "[1]", "a list"),
        ("application/json", "{'u': 'dialler_bob'}", "'"),
        ("application/x-www-form-urlencoded", "{\"u\":\"dialler_bob\"}", "JSON"),
        (
            "multipart/form-data",
            "--x\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\nb\r\n--x--\r\n",
            "boundary",
        ),
        ("text/xml", "<u/>", "XML"),
    ] {
        let why = body(media_type, text);
        assert!(why.starts_with("mor.hash: expected ") && why.contains(found), "{text}: {why}");
        assert!(!why.contains("send hash in the query or the body"), "{why}");
    }
    assert!(body("text/plain", "hello").ends_with("send a form, parts or JSON"));
    assert!(
        body("application/x-www-form-urlencoded", BOB)
            .ends_with("send hash in the query or the body")
    );
}

/// Whatever is missing, a body that could not be read is the reason.
#[test]
fn a_compressed_body_is_the_reason_for_what_is_missing() {
    let stage = owners();
    stage.event("mor", "set_setting", &json!({"disable_hash": true})).unwrap();
    let send = |method: &str, query: &str, body: &'static [u8], encoding: &'static str| {
        let target = format!("/billing/api/autodialer_{method}?{query}");
        let mut request = Request::new(Method::POST, target.parse().unwrap());
        request.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        request.body = body.into();
        stage.respond(request);
        stage.why()
    };
    let gzip: &'static [u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";
    for (method, query, rule) in [
        (POLL, "", "mor.user"),
        (POLL, "u=dialer_bob", "mor.campaign"),
        (UPLOAD, BOB, "mor.no_file"),
    ] {
        let why = send(method, query, gzip, "gzip");
        assert!(why.starts_with(rule) && why.contains("gzip"), "{why}");
    }
    // Nothing is said of a body that was not needed.
    let why = send(STATUS, "u=dialer_bob&id=99", gzip, "gzip");
    assert!(why.contains("99, which is none"), "{why}");
}
