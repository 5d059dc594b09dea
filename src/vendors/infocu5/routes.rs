//! Which function a request asks for. The path only has to be one of four; the JSON member
//! `dialerFunction` decides.

use crate::vendors::infocu5::php_json;
use crate::vendors::infocu5::wire::without_trailing_commas;
use serde_json::Value;

use crate::contract::operation::{Operation, Routed};
use crate::vendors::infocu5::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Json, Params};

/// The script's addresses. The first is documented; that `index.php` is the same script and that
/// v3.1 has the test twin are inferred (infocu5 1, 4.8).
pub(crate) const PATHS: &[&str] =
    &["/dialer/", "/dialer/index.php", "/x_dialer/", "/x_dialer/index.php"];

/// The directories of the script without their slash, which Apache's `DirectorySlash` adds.
pub(crate) const DIRECTORIES: &[&str] = &["/dialer", "/x_dialer"];

/// The member that picks the function.
pub(crate) const FUNCTION_MEMBER: &str = "dialerFunction";

/// The functions and their operations.
const FUNCTIONS: &[(&str, &str)] =
    &[("getAgents", "get_agents"), ("getCalls", "get_calls"), ("getCampaigns", "get_campaigns")];

pub(crate) fn route(request: &Request) -> Routed {
    let json = match Json::parse(&request.body) {
        // PHP reads more than our parser does.
        Json::Broken(error) => {
            php_json::read(&request.body).map_or(Json::Broken(error), Json::Value)
        }
        read => read,
    };
    let mut params = Params { json, ..Params::default() };
    if !PATHS.contains(&request.path()) {
        return Routed { operation: None, params };
    }
    let operation = match &params.json {
        Json::Value(body) => operation(body),
        // Whether the comma is taken is for the world to say; which function was meant is not.
        Json::Broken(_) => without_trailing_commas(&request.body).as_ref().and_then(operation),
        Json::Absent => None,
    };
    params.query = crate::web::params::Pairs::parse(request.query().unwrap_or_default().as_bytes());
    Routed { operation, params }
}

fn operation(body: &Value) -> Option<&'static Operation> {
    let wanted = body.get(FUNCTION_MEMBER)?.as_str()?;
    let (_, name) = FUNCTIONS.iter().find(|(function, _)| *function == wanted)?;
    OPERATIONS.iter().find(|operation| operation.name == *name)
}

pub(crate) fn function_names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(function, _)| *function).collect()
}
