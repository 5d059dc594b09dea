use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;

use super::asked::cookie;
use super::gate::{Gate, Kind, Said};
use super::redirect::{Led, led};
use super::upstream::Upstream;
use crate::contract::vendor::Vendors;
use crate::vendors::ALL;
use crate::web::message::Request;

#[test]
fn redirects_lead_here_or_are_told() {
    let here = |text: &str| Led::Here(text.to_owned());
    for (location, base, expected) in [
        ("/a", "", here("/a")),
        ("/jtel/a?b=1", "/jtel", here("/a?b=1")),
        ("/jtel", "/jtel", here("/")),
        ("/jtelephone", "/jtel", here("/jtelephone")),
        ("next", "/jtel", here("next")),
        ("https://Portal.example.test/jtel/x", "/jtel", here("/x")),
        ("https://portal.example.test:443/x", "", here("/x")),
        ("//portal.example.test", "", here("/")),
        ("http://other.example.test/x", "", Led::Away("other.example.test".into())),
        ("//u:p@other.example.test/x", "", Led::Away("other.example.test".into())),
        ("https://portal.example.test:8443/x", "", Led::Away("portal.example.test:8443".into())),
        ("https://portal.example.test@other.test/x", "", Led::Away("other.test".into())),
    ] {
        assert_eq!(led(location, "portal.example.test", base), expected, "{location}");
    }
}

#[test]
fn cookies_are_kept_for_the_host_that_was_asked() {
    let set = "T=a=b; Path=/; Domain=.example.test; Secure; HttpOnly";
    assert_eq!(cookie(set), "T=a=b; Path=/; HttpOnly");
    assert_eq!(cookie("secure=1"), "secure=1");
}

#[test]
fn what_is_no_address_is_told() {
    for (url, told) in [
        ("portal.example.test", "neither https:// nor http://"),
        ("ftp://a.test", "neither"),
        ("https://u:p@a.test", "holds a user"),
        ("https://a.test/?b=1", "holds a query"),
        ("", "no address"),
    ] {
        let error = Upstream::new(url, None, Duration::from_secs(1)).unwrap_err();
        assert!(error.contains(told) && !error.contains("u:p"), "{url}: {error}");
    }
}

#[test]
fn a_request_is_what_it_is_behind_the_base_too() {
    let names = |vendor: &str, method: Method, path: &str, base: &str| -> Vec<&str> {
        let vendor = Vendors(ALL).find(vendor).unwrap();
        let request = Request::new(method, path.parse().unwrap());
        vendor.operations_at(&request, base).iter().map(|it| it.name).collect()
    };
    let lock = "/7/dialler/contacts/contact/301501/lock";
    assert!(names("jtel", Method::PATCH, lock, "").is_empty());
    assert_eq!(names("jtel", Method::PATCH, lock, "/rest/v1.0"), ["lock_contact_by_id"]);
    let whole = format!("/rest/v1.0{lock}");
    for base in ["", "/jtel"] {
        assert_eq!(names("jtel", Method::PATCH, &whole, base), ["lock_contact_by_id"]);
    }
}

#[tokio::test]
async fn what_may_change_something_is_asked_for_once_a_kind() {
    let vendor = Vendors(ALL).find("jtel").unwrap();
    let operation = |name: &str| {
        let mut all = vendor.surface.operations.iter();
        vec![all.find(|it| it.name == name).unwrap()]
    };
    let lock = operation("lock_contact_by_id");
    let shut = Gate::new(false, [], None);
    let read = operation("get_contact");
    assert_eq!(shut.pass(vendor, &Method::GET, "/", &read).await, Ok(()));
    // What is none of the vendor's may do anything, by GET too.
    let both = [read.clone(), lock.clone()].concat();
    for (method, operations) in [
        (Method::POST, &vec![]),
        (Method::GET, &vec![]),
        (Method::PATCH, &lock),
        (Method::GET, &both),
    ] {
        let told = shut.pass(vendor, &method, "/own", operations).await.unwrap_err();
        assert!(told.contains("--writes"), "{told}");
        assert_eq!(told.contains("--allow-operation"), !operations.is_empty(), "{told}");
    }
    let allowed =
        Gate::new(false, [Kind { vendor: "jtel", name: "lock_contact_by_id".to_owned() }], None);
    assert_eq!(allowed.pass(vendor, &Method::PATCH, "/", &lock).await, Ok(()));
    let n_asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&n_asked);
    let ask = move |question: &str| {
        assert!(question.contains("lock_contact_by_id"), "{question}");
        [Said::No, Said::Yes, Said::Always][counted.fetch_add(1, Ordering::Relaxed)]
    };
    let asking = Gate::new(false, [], Some(Arc::new(ask)));
    for expected in [false, true, true, true] {
        assert_eq!(asking.pass(vendor, &Method::PATCH, "/", &lock).await.is_ok(), expected);
    }
    assert_eq!(n_asked.load(Ordering::Relaxed), 3);
}
