//! Which function a request asks for. The path only has to be one of four; the JSON member
//! `dialerFunction` decides.

use serde_json::Value;

use crate::contract::operation::Operation;
use crate::contract::operation::Routed;
use crate::vendors::infocu5::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Json, Params};

/// The script's addresses. The first is documented; that `index.php` is the same script and that
/// v3.1 has the test twin are inferred (infocu5 1, 4.8).
pub(crate) const PATHS: &[&str] =
    &["/dialer/", "/dialer/index.php", "/x_dialer/", "/x_dialer/index.php"];

/// The member that picks the function.
pub(crate) const FUNCTION_MEMBER: &str = "dialerFunction";

/// The functions and their operations.
const FUNCTIONS: &[(&str, &str)] =
    &[("getAgents", "get_agents"), ("getCalls", "get_calls"), ("getCampaigns", "get_campaigns")];

pub(crate) fn route(request: &Request) -> Routed {
    let mut params = Params { json: Json::parse(&request.body), ..Params::default() };
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

/// Reads a body in which commas before a closing brace or bracket do not count; `None` where it is
/// no JSON even so.
pub(crate) fn without_trailing_commas(body: &[u8]) -> Option<Value> {
    let mut kept = Vec::with_capacity(body.len());
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in body.iter().copied().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
        } else if byte == b'"' {
            in_string = true;
        } else if byte == b',' {
            let next = body[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
            if matches!(next, Some(b'}' | b']')) {
                continue;
            }
        }
        kept.push(byte);
    }
    serde_json::from_slice(&kept).ok()
}
