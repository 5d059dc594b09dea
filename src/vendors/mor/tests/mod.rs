//! Transcripts: a request in, the reply and the reason out. Here is what they share.

mod campaigns;
mod hash;
mod rules;

use serde_json::json;
use sha1::{Digest, Sha1};

use crate::testing::Stage;
use crate::vendors::mor::hash::hex;

const KEY: &str = "sim-secret-1";
const POLL: &str = "get_campaign_ivr_poll_results";
const STATISTICS: &str = "get_campaign_statistics";
const STATUS: &str = "change_campaign_status";
const UPLOAD: &str = "upload_numbers";

/// What a user sends of their campaign.
const BOB: &str = "u=dialer_bob&id=17";

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
