//! What a fault `refuse` sends: of every rule of every vendor a text that the vendor can send, for
//! operations of every kind.

use serde_json::json;

use crate::contract::operation::Operation;
use crate::testing::Stage;
use crate::vendors;

/// Operations of a vendor that are asked for each rule, evenly taken from its table.
const OPERATIONS_EACH: usize = 4;

/// A request for an operation, its variables filled with what the demo has, or with what fits.
fn request(operation: &Operation) -> String {
    let filled = [
        ("{ClientsID}", "7"),
        ("{UserID}", "101"),
        ("{CallID}", "1000"),
        ("{PhoneNum}", "07700900142"),
        ("{phoneNumber}", "07700900142"),
        ("{leadId}", "50012"),
        ("{referenceId}", "R-1001"),
        ("{LeadID}", "50012"),
        ("{LeadPhoneID}", "90077"),
        ("{login}", "api.user"),
        ("{id}", "17"),
    ];
    let path = operation.path.split(' ').next().unwrap_or_default();
    let path = filled.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    format!("{} {} HTTP/1.1\n\n", operation.method, path.trim_end_matches('='))
}

/// A placeholder that nobody filled in.
fn unfilled(text: &str) -> Option<&str> {
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_lowercase());
    let named = |open: char, close: char| {
        text.split(open).skip(1).find_map(move |rest| {
            let inner = rest.split(close).next().filter(|inner| inner.len() < rest.len())?;
            is_name(inner).then_some(inner)
        })
    };
    named('{', '}')
        .or_else(|| text.contains("<count>").then_some("<count>"))
        .or_else(|| text.contains("<campaign name>").then_some("<campaign name>"))
}

#[test]
fn no_refusal_of_a_fault_has_a_placeholder() {
    let stage = Stage::demo();
    let (mut n_sent, mut n_struck, mut wrong) = (0, 0, Vec::new());
    for vendor in vendors::ALL {
        let surface = vendor.surface;
        for refusal in surface.refusals {
            let step = surface.operations.len().div_ceil(OPERATIONS_EACH).max(1);
            for operation in surface.operations.iter().step_by(step) {
                let name = format!("{} {}", refusal.rule, operation.name);
                let on = json!({
                    "vendor": surface.vendor, "operation": operation.name, "times": 1,
                });
                stage.fault(
                    &json!({ "name": name, "on": on, "then": "refuse", "error": refusal.rule }),
                );
                let response = stage.request(&request(operation));
                let body = String::from_utf8_lossy(&response.body).into_owned();
                n_sent += 1;
                if let Some(name) = unfilled(&body) {
                    wrong.push(format!("{}, {}: {name} in {body}", refusal.rule, operation.name));
                }
            }
            n_struck += stage.journal().iter().filter(|entry| !entry["fault"].is_null()).count();
            stage.reset();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Functions that the body names are not asked for here.
    assert!(n_struck > 200 && 10 * n_struck > 8 * n_sent, "{n_struck} of {n_sent}");
}
