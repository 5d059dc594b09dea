//! A person's way across the vendors, one line per step.

use http::Method;
use serde_json::Value;

use super::control::{ControlError, escaped};
use super::fetch::Target;
use super::plain::plain;
use crate::base::phone;

/// Why there is no way to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineageError {
    #[error("{phone:?} is no number; expected {expected}")]
    Phone { phone: String, expected: String },
    #[error(transparent)]
    Control(#[from] ControlError),
}

/// Whose way to show.
#[derive(Clone, Debug)]
pub(crate) struct Lineage {
    pub target: Target,
    pub world: String,
    pub phone: String,
}

impl Lineage {
    /// The lines: who it is, then what happened, oldest first.
    ///
    /// # Errors
    /// Where the number is none, the server cannot be reached, or it knows no such world or person.
    pub(crate) async fn lines(&self) -> Result<Vec<String>, LineageError> {
        phone::check(&self.phone).map_err(|expected| LineageError::Phone {
            phone: self.phone.clone(),
            expected: expected.clone(),
        })?;
        let digits = phone::digits(&self.phone);
        let path = format!("/v1/worlds/{}/people/{digits}", escaped(&self.world));
        let way = self.target.call(Method::GET, &path, &Value::Null).await?;
        let not_ringback = || ControlError::NotRingback(self.target.base.clone());
        let steps = way["steps"].as_array().ok_or_else(not_ringback)?;
        let person = std::iter::once(who(&way));
        Ok(person.chain(steps.iter().map(line)).collect())
    }
}

fn who(way: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let person = &way["person"];
    if person.is_null() {
        return format!("{} is nobody among the people of the scenario", text(&way["phone"]));
    }
    let (first_name, name) = (text(&person["first_name"]), text(&person["name"]));
    let line = format!("{first_name} {name} {} {}", text(&person["phone"]), text(&person["email"]));
    plain(line.trim())
}

fn line(step: &Value) -> String {
    let text = |name: &str| step[name].as_str().unwrap_or("-");
    plain(&format!("{:<24} {:<10} {}", text("at"), text("vendor"), text("what")))
}
