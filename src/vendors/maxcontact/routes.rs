//! Paths. Matched segment by segment, in any case and decoded; a decoded slash ends no segment.
//!
//! Source: maxcontact 1.1, 1.7, 2.

use crate::contract::operation::Operation;
use crate::contract::operation::Routed;
use crate::vendors::maxcontact::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Pairs, Params, decode_segment};

/// One path of an operation, below `services/`.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    /// `{Name}` is a variable.
    pub(crate) segments: &'static [&'static str],
}

const fn at(
    operation: &'static str,
    method: &'static str,
    segments: &'static [&'static str],
) -> Route {
    Route { operation, method, segments }
}

#[rustfmt::skip]
pub(crate) static ROUTES: &[Route] = &[
    at("log_in", "GET", &["apitoken", "login", "{login}"]),
    // The old form. Whether it is there is for the world to say.
    at("log_in", "GET", &["apitoken", "login", "{login}", "{password}"]),
    at("get_calls", "GET", &["telephony", "getcalls", "user", "{UserID}"]),
    at("go_ready", "GET", &["telephony", "goready", "user", "{UserID}"]),
    at("dial", "GET", &["telephony", "dial", "user", "{UserID}", "phone", "{PhoneNum}"]),
    at("hangup", "GET", &["telephony", "hangup", "user", "{UserID}", "call", "{CallID}"]),
    at("dispose", "GET", &["telephony", "dispose", "user", "{UserID}", "call", "{CallID}"]),
    at("hold", "GET", &["telephony", "hold", "user", "{UserID}", "call", "{CallID}"]),
    at("retrieve", "GET", &["telephony", "retrieve", "user", "{UserID}", "call", "{CallID}"]),
    at("stop_recording", "GET", &["telephony", "stoprecord", "user", "{UserID}", "call", "{CallID}"]),
    at("start_recording", "GET", &["telephony", "startrecord", "user", "{UserID}", "call", "{CallID}"]),
    at("list_campaigns", "GET", &["telephony", "campaigns", "user", "{UserID}"]),
    at("list_users", "GET", &["telephony", "users", "user", "{UserID}"]),
    at("list_result_codes", "GET", &["telephony", "resultcodes", "user", "{UserID}"]),
    at("list_acd_queues", "GET", &["telephony", "acdqueues", "user", "{UserID}"]),
    at("list_lead_phones", "GET", &["telephony", "leadphones", "user", "{UserID}", "lead", "{LeadID}"]),
    at("change_lead", "GET", &["telephony", "changelead", "user", "{UserID}", "call", "{CallID}", "leadphone", "{LeadPhoneID}"]),
    at("create_lead", "GET", &["telephony", "createnewlead", "user", "{UserID}", "call", "{CallID}", "phone", "{PhoneNum}"]),
    at("connect_calls", "GET", &["telephony", "connectcalls", "user", "{UserID}"]),
    at("add_lead", "POST", &["LeadManagement", "AddLead"]),
    at("import_csv_files", "POST", &["LeadManagement", "ImportCsvFiles"]),
    at("deactivate_lead_by_phone", "DELETE", &["LeadManagement", "DeactivateLeadByPhone", "{phoneNumber}"]),
    at("deactivate_lead_by_ref_id", "DELETE", &["LeadManagement", "DeactivateLeadByRefId", "{referenceId}"]),
    at("deactivate_lead_id", "DELETE", &["LeadManagement", "DeactivateLeadId", "{leadId}"]),
    at("dnc_lead_phone_number", "POST", &["LeadManagement", "DncLeadPhoneNumber", "{phoneNumber}"]),
    at("dnc_lead_id", "POST", &["LeadManagement", "DncLeadId", "{leadId}"]),
    at("reactivate_lead_by_phone", "POST", &["LeadManagement", "ReactivateLeadByPhone", "{phoneNumber}"]),
    // The variable may carry `&reactivateDnc=…`, as the vendor prints it.
    at("reactivate_lead_by_lead_id", "POST", &["LeadManagement", "ReactivateLeadByLeadId", "{leadId}"]),
    at("reactivate_lead_by_lead_by_ref_id", "POST", &["LeadManagement", "ReactivateLeadByLeadByRefId", "{referenceId}"]),
    at("move_lead_by_ref_id", "POST", &["LeadManagement", "MoveLeadByRefId", "{referenceId}"]),
];

/// Methods of document version 1.8 whose paths nobody knows. Documented by name: maxcontact 2.3.
pub(crate) const TITLES_ONLY: &[&str] = &[
    "login",
    "logout",
    "gonotready",
    "requestbreak",
    "dialext",
    "dialpreview",
    "shotgundial",
    "transfertouser",
    "completetransfer",
];

pub(crate) fn route(request: &Request) -> Routed {
    let mut params = Params::from_query(request.query());
    let Some(segments) = below_services(request.path()) else {
        return Routed { operation: None, params };
    };
    let method = request.method.as_str();
    for route in ROUTES.iter().filter(|route| route.method == method) {
        if let Some(path) = matches(route, &segments) {
            params.path = path;
            return Routed { operation: operation(route.operation), params };
        }
    }
    Routed { operation: None, params }
}

fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The segments below `/webservices/services/`, or below `/{account}api/services/` as deployments of
/// 2016 had it.
fn below_services(path: &str) -> Option<Vec<&str>> {
    let mut segments = path.strip_prefix('/')?.split('/');
    // The platform decodes a segment before it compares it.
    let root = decode_segment(segments.next()?).to_ascii_lowercase();
    if root != "webservices" && !root.ends_with("api") {
        return None;
    }
    if !decode_segment(segments.next()?).eq_ignore_ascii_case("services") {
        return None;
    }
    Some(segments.collect())
}

fn matches(route: &Route, segments: &[&str]) -> Option<Pairs> {
    if route.segments.len() != segments.len() {
        return None;
    }
    let mut path = Pairs::default();
    for (known, given) in route.segments.iter().zip(segments) {
        match known.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if given.is_empty() => return None,
            Some(name) => path.push(name, decode_segment(given)),
            None if known.eq_ignore_ascii_case(&decode_segment(given)) => {}
            None => return None,
        }
    }
    Some(path)
}

/// The verb of an endpoint that is there and takes another one.
pub(crate) fn other_method(path: &str) -> Option<&'static Route> {
    let segments = below_services(path)?;
    ROUTES.iter().find(|route| matches(route, &segments).is_some())
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn found(method: Method, path: &str) -> (Option<&'static str>, Pairs) {
        let routed = route(&Request::new(method, path.parse().unwrap()));
        (routed.operation.map(|operation| operation.name), routed.params.path)
    }

    #[test]
    fn matches_in_any_case_and_below_either_root() {
        let (name, path) = found(
            Method::GET,
            "/WebServices/Services/TELEPHONY/Dial/User/101/Phone/07700%20900142",
        );
        assert_eq!(name, Some("dial"));
        assert_eq!(path.first("PhoneNum"), Some("07700 900142"));
        let (name, _) = found(Method::GET, "/webservices/%73ervices/telephony/%67etcalls/user/101");
        assert_eq!(name, Some("get_calls"));
        let (name, _) = found(Method::POST, "/acmeapi/services/leadmanagement/addlead");
        assert_eq!(name, Some("add_lead"));
        assert_eq!(
            found(Method::GET, "/webservices/services/telephony/dial/user//phone/1").0,
            None
        );
        assert_eq!(found(Method::GET, "/services/telephony/getcalls/user/1").0, None);
    }

    #[test]
    fn every_operation_has_a_route_and_every_route_an_operation() {
        for route in ROUTES {
            let known = operation(route.operation).expect(route.operation);
            assert_eq!(known.method, route.method, "{}", route.operation);
            let path = format!("/webservices/services/{}", route.segments.join("/"));
            let shown = known.path.split(['?', '&']).next().unwrap();
            assert!(shown == path || route.segments.contains(&"{password}"), "{path} {shown}");
        }
        for known in OPERATIONS {
            assert!(ROUTES.iter().any(|route| route.operation == known.name), "{}", known.name);
        }
    }

    #[test]
    fn tells_other_methods_from_unknown_paths() {
        let other = |below: &str| {
            other_method(&format!("/webservices/services/{below}")).map(|route| route.method)
        };
        assert_eq!(other("telephony/goready/user/1"), Some("GET"));
        assert_eq!(other("leadmanagement/addlead"), Some("POST"));
        assert_eq!(other("telephony/goready/user/1/"), None);
    }
}
