//! Parts of an exchange as the journal shows it, for those who write it in another form.

use serde_json::Value;

/// The headers of a request or a response, in their order.
pub(crate) fn headers(side: &Value) -> Vec<(&str, &str)> {
    let pairs = side["headers"].as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?))).collect()
}

pub(crate) fn header<'v>(side: &'v Value, name: &str) -> Option<&'v str> {
    headers(side).into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The whole address, with the host that was asked.
pub(crate) fn url(request: &Value) -> String {
    let target = request["target"].as_str().unwrap_or("/");
    if target.starts_with("http://") || target.starts_with("https://") {
        return target.to_owned();
    }
    format!("http://{}{target}", header(request, "host").unwrap_or("localhost"))
}
