//! What is told of a path that is no endpoint's.

use http::Method;

use crate::vendors::maxcontact::meant::meant;
use crate::web::message::Request;

fn is(verb: Method, below: &str, expected: &str, hint: &str) {
    let uri = format!("/webservices/services/{below}").parse().unwrap();
    let found = meant(&Request::new(verb, uri));
    let told = found.expected.replace("/webservices/services/", "");
    assert_eq!(told, expected, "{below}: {}", found.hint);
    assert!(found.hint.contains(hint), "{below}: {}", found.hint);
}

#[test]
fn the_path_is_put_together_from_what_came() {
    let get = |below: &str, expected: &str, hint: &str| {
        is(Method::GET, below, &format!("GET telephony/{expected}"), hint);
    };
    get("telephony/getcalls/agent/101", "getcalls/user/101", "the word is user");
    get("telephony/getcalls/101", "getcalls/user/101", "the word user");
    get("telephony/getcalls?user=101", "getcalls/user/101", "not into the query");
    get("telephony/getcalls/user/101/", "getcalls/user/101", "slash at the end");
    get("telephony//getcalls/user/101", "getcalls/user/101", "two slashes");
    get("telephony.svc/getcalls/user/101", "getcalls/user/101", "called telephony");
    get("v1/telephony/getcalls/user/101", "getcalls/user/101", "take \"v1\" away");
    get("telephony/unhold/user/101/call/1000", "retrieve/user/101/call/1000", "called retrieve");
    get("telephony/hold/call/1000/user/101", "hold/user/101/call/1000", "user stands first");
    get("telephony/hold/user/101", "hold/user/101/call/{CallID}", "CallID is missing");
    get(
        "telephony/dispose/user/101/call/1000/SALE",
        "dispose/user/101/call/1000",
        "?resultcode=SALE",
    );
    get(
        "telephony/dial/user/101/phone/0770/lead/50012",
        "dial/user/101/phone/0770",
        "?leadid=50012",
    );
    get("telephony/start/record/user/101/call/1000", "startrecord/user/101/call/1000", "one word");
    is(
        Method::POST,
        "telephony/AddLead",
        "POST LeadManagement/AddLead",
        "the service LeadManagement",
    );
    is(
        Method::DELETE,
        "LeadManagement/DeleteLead/50012",
        "DELETE LeadManagement/DeactivateLeadId/50012",
        "not deleted",
    );
    is(
        Method::POST,
        "LeadManagement/UndoDncLeadId/7",
        "POST LeadManagement/ReactivateLeadByLeadId/7",
        "reactivateDnc=true",
    );
    is(
        Method::POST,
        "LeadManagement/ReactivateLeadId/7",
        "POST LeadManagement/ReactivateLeadByLeadId/7",
        "called ReactivateLeadByLeadId",
    );
}

#[test]
fn no_method_is_told_for_one_that_does_something_else() {
    let none = |verb: Method, service: &str, name: &str| {
        let below = format!("{service}/{name}/07700900142");
        let expected = format!("/webservices/services/{service}/ and then a method");
        let uri = format!("/webservices/services/{below}").parse().unwrap();
        let found = meant(&Request::new(verb, uri));
        assert_eq!(found.expected, expected, "{below}: {}", found.hint);
    };
    for name in ["GetLeadPhoneNumber", "CallLeadPhoneNumber", "DncLeadByRefId"] {
        none(Method::POST, "LeadManagement", name);
    }
    for name in ["nohold", "holdoff", "nodial"] {
        none(Method::GET, "telephony", name);
    }
    for (name, instead) in [
        ("AllowLeadPhoneNumber", "ReactivateLeadByPhone"),
        ("UnblockLeadPhoneNumber", "ReactivateLeadByPhone"),
        ("NoDncLeadId", "ReactivateLeadByLeadId"),
        ("Un-Dnc-Lead-Id", "ReactivateLeadByLeadId"),
        ("DncLeadIdOff", "ReactivateLeadByLeadId"),
        ("RemoveLeadPhoneFromDnc", "ReactivateLeadByPhone"),
        ("LeadPhoneDncRemove", "ReactivateLeadByPhone"),
        ("NoDncLeadByRefId", "ReactivateLeadByLeadByRefId"),
    ] {
        let expected = format!("POST LeadManagement/{instead}/7");
        is(Method::POST, &format!("LeadManagement/{name}/7"), &expected, "reactivateDnc=true");
    }
    // Letters of other words ask for nothing.
    for (name, meant) in [
        ("DncLeadPhoneNo", "DncLeadPhoneNumber"),
        ("DncPhoneNo", "DncLeadPhoneNumber"),
        ("DncLeadNo", "DncLeadId"),
    ] {
        let expected = format!("POST LeadManagement/{meant}/7");
        is(Method::POST, &format!("LeadManagement/{name}/7"), &expected, "the method is called");
    }
    for name in ["DncNow", "DncLeadAccount", "NowDncLead", "UniqueDncLead", "DncUnknownLead"] {
        none(Method::POST, "LeadManagement", name);
    }
    is(
        Method::DELETE,
        "LeadManagement/DeleteLeadPhoneNumber/7",
        "DELETE LeadManagement/DeactivateLeadByPhone/7",
        "not deleted",
    );
    is(
        Method::GET,
        "goready/user/101",
        "GET telephony/goready/user/101",
        "the service telephony stands before the method",
    );
}

#[test]
fn what_nobody_knows_is_told_so() {
    is(Method::GET, "telephony/fly", "telephony/ and then a method", "getcalls, goready");
    is(Method::GET, "telephony/logout/user/1", "the path of an endpoint", "agent_logout");
    is(Method::GET, "telephony/unready/user/1", "the path of an endpoint", "go_not_ready");
    for below in ["transfer/user/101/call/1000", "blindtransfer/user/101", "dialextension/user/1"] {
        let below = format!("telephony/{below}");
        is(Method::GET, &below, "the path of an endpoint", "document version 1.8");
    }
    for (below, hint) in [
        ("MoveLeadByPhone/1", "a move by phone number"),
        ("MoveLeadByPhoneNumber/1?newListID=12", "a move by phone number"),
        ("DeactivateLeadsByRefIds", "many leads at once"),
        ("ReactivateLeadsByRefIds", "many leads at once"),
        ("DeactivateLeadsByIds", "many leads at once"),
        ("GetLeadInfoByRefId/R-1", "what a lead holds"),
        ("UpdateLeadPhoneByRefId/R-1", "an update of a lead's phone"),
        ("UpdateLeadPhoneNumber/0770", "an update of a lead's phone"),
    ] {
        let below = format!("LeadManagement/{below}");
        is(Method::POST, &below, "the path of an endpoint", hint);
    }
    // Of these the titles say nothing.
    for (verb, name, meant) in [
        (Method::POST, "MoveLeadsByRefIds", "MoveLeadByRefId"),
        (Method::DELETE, "DeactivateLeadByPhones", "DeactivateLeadByPhone"),
        (Method::POST, "ReactivateLeadsByPhones", "ReactivateLeadByPhone"),
    ] {
        let expected = format!("{verb} LeadManagement/{meant}/1");
        is(verb, &format!("LeadManagement/{name}/1"), &expected, "the method is called");
    }
    for name in ["GetLeadById", "GetLeads", "UpdateLeadPhoneById"] {
        let below = format!("LeadManagement/{name}/1");
        is(Method::GET, &below, "LeadManagement/ and then a method", "LeadManagement has");
    }
    is(
        Method::GET,
        "callbacks/list",
        " and then apitoken, telephony or LeadManagement",
        "not simulated",
    );
}
