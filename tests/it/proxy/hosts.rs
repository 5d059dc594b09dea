//! Names that are given to vendors, and where they are listed.

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{ringback, run, serve, serve_with};
use crate::support::secure::ask;

const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");

#[test]
fn a_given_name_is_answered_by_its_vendor_and_listed() {
    let running = serve(&["--host", "jtel=portal.example.test", "--host", "mor=*.billing.test"]);
    let request = http(
        "GET",
        "/rest/v1.0/7/dialler/contacts/301501",
        &[("Host", "PORTAL.example.test:8443"), TOKEN],
        "",
    );
    let (reply, _) = ask(&mut running.secure("listen", "portal.example.test"), request.as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
    // Paths that are no vendor's show by their words whose host it is.
    let lost = |host: &str| {
        body_of(&running.raw("listen", http("GET", "/x", &[("Host", host)], "").as_bytes()))
    };
    assert!(!lost("a.billing.test").contains("no vendor takes"), "{}", lost("a.billing.test"));
    assert!(lost("billing.test").contains("no vendor takes"), "{}", lost("billing.test"));
    running.secure("listen", "a.billing.test");

    assert_eq!(running.ready["hosts"]["jtel"], json!(["portal.example.test"]));
    assert_eq!(running.ready["hosts"]["maxcontact"], json!(["*.maxcontact.com"]));
    let (_, listed) = running.admin("GET", "/v1/vendors", "");
    let vendors = listed["vendors"].as_array().unwrap();
    let hosts = |name: &str| {
        let of = vendors.iter().find(|it| it["name"] == name);
        of.map(|it| it["hosts"].clone()).unwrap_or_default()
    };
    assert_eq!(hosts("mor"), json!(["*.billing.test"]));
    assert_eq!(hosts("infocu5"), json!(["api.infocu5.com"]));
}

#[test]
fn they_come_from_the_environment_too_and_routes_tell_the_own_ones() {
    let hosts = "jtel=a.test,mor=b.test";
    let running = serve_with(&[], &[("RINGBACK_HOSTS", hosts)]);
    assert_eq!(running.ready["hosts"]["jtel"], json!(["a.test"]));
    assert_eq!(running.ready["hosts"]["mor"], json!(["b.test"]));
    let (code, out, _) = run(ringback().args(["routes", "maxcontact"]));
    assert_eq!(code, 0);
    assert!(out.contains("at *.maxcontact.com"), "{out}");
    let (_, out, _) = run(ringback().args(["routes", "jtel", "--json"]));
    let routes: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(routes["routes"][0]["hosts"], json!([]), "{out}");
}

#[test]
fn what_cannot_be_given_is_told() {
    for (hosts, expected) in [
        (&["nobody=a.test"][..], "--host nobody=…: expected one of"),
        (&["a.test"], "expected a vendor and its host"),
        (&["jtel=https://a.test"], "without a scheme"),
        (&["jtel=a.test:443"], "without a scheme, a port"),
        (&["jtel=a.test", "mor=a.test"], "given to jtel and to mor"),
        (&["jtel=api.infocu5.com"], "given to infocu5 and to jtel"),
    ] {
        let mut command = ringback();
        command.args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        for host in hosts {
            command.args(["--host", host]);
        }
        let (code, _, err) = run(&mut command);
        assert_eq!(code, 2, "{hosts:?}: {err}");
        assert!(err.contains(expected), "{hosts:?}: {err}");
    }
}
