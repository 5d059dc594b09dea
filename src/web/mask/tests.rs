//! What the tests of the masker share.

mod forms;
mod innocents;
mod linear;
mod named;
mod near;
mod spellings;
mod standing;
mod valued;

use super::known::Known;
use super::masker::Masker;
use super::names::{Form, Names, Rule};

const fn rule(name: &'static str, form: Form, always: bool) -> Rule<'static> {
    Rule { name, form, always }
}

/// Names as five vendors have them.
const RULES: &[Rule<'static>] = &[
    rule("affiliateKey", Form::Named, false),
    rule("leadCCNumber", Form::Named, true),
    rule("offer_token", Form::Named, false),
    rule("token", Form::Named, false),
    rule("TokenKey", Form::Named, false),
    rule("password", Form::Named, false),
    rule("secret_key", Form::Named, false),
    rule("uniquehash", Form::Named, false),
    rule("hash", Form::Named, false),
    rule("p", Form::Parameter, false),
    rule("/apitoken/login/{login}/{password}", Form::Segment, false),
];

/// Credentials as a world has them.
const SECRETS: &[&str] = &[
    "SIMTOKEN-7A",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47",
    "Pa55word!",
    "sim-secret-1",
    "a+b c/d&e=f\"g'h<7>",
    "pässwörd-17",
];

fn masker(show: bool) -> Masker {
    let mut known = Known::builder();
    for secret in SECRETS {
        known.secret(secret);
    }
    // Too short or too plain to be looked for.
    for weak in ["17", "4711", "Smith", "agent101", "SIM-0001", "492214710123", "Wilhelmina"] {
        known.secret(weak);
    }
    Masker::new(&Names::new(RULES.iter().copied()), &known.build().unwrap(), show)
}
