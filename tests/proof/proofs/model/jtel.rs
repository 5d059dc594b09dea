//! jtel's dialler contacts.

use serde_json::{Value, json};

use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{Body, Expected, Model};

#[derive(Debug)]
pub(super) struct Jtel;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Campaign(u64),
}

impl Model for Jtel {
    const VENDOR: &'static str = "jtel";
    const BEYOND: &'static [(&'static str, &'static str)] = &[];
    const STATES: &'static [&'static str] = &[];
    type Step = Step;

    fn begin(_dice: &mut Dice) -> Self {
        Jtel
    }

    fn scenario(&self) -> Value {
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
            "jtel": {
                "clients": [{ "id": 7, "tokens": ["T7"] }],
                "campaigns": [{ "id": 612, "client": 7, "name": "Spring", "language": 2 }],
            },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        Step::Campaign(*dice.of(&[612, 613]))
    }

    fn input(&self, step: &Step) -> Input {
        let Step::Campaign(id) = step;
        Input::Vendor {
            method: "GET".into(),
            path: format!("/rest/v1.0/7/dialler/campaigns/{id}"),
            headers: vec![("Authorization".into(), "Bearer T7".into())],
            body: Vec::new(),
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        let Step::Campaign(id) = step;
        if *id == 612 {
            return Expected::ok(
                "get_campaign",
                Body::Has(json!({ "count": 1, "status": 200, "records": [{ "ID": 612 }] })),
            );
        }
        let body = json!({ "status": 404, "error": "Dialler campaign not found" });
        Expected::refused("get_campaign", 404, "jtel.campaign", Body::Json(body))
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        vec![("campaigns", vec![json!({ "id": 612, "name": "Spring" })])]
    }
}
