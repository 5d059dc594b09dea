//! A person's way across the vendors, one line per step.

use serde_json::Value;

use super::fetch::Target;
use super::tail::TailError;
use crate::base::phone;

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
    pub(crate) async fn lines(&self) -> Result<Vec<String>, TailError> {
        phone::check(&self.phone).map_err(|expected| {
            TailError::Refused(format!("{:?} is no number; expected {expected}", self.phone))
        })?;
        let digits = phone::digits(&self.phone);
        let fetched =
            self.target.get(&format!("/v1/worlds/{}/people/{digits}", self.world)).await?;
        let not_ringback = || TailError::NotRingback(self.target.base.clone());
        let way: Value = serde_json::from_slice(&fetched.body).map_err(|_| not_ringback())?;
        if !fetched.status.is_success() {
            let detail = way["detail"].as_str().ok_or_else(not_ringback)?;
            return Err(TailError::Refused(detail.to_owned()));
        }
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

/// One line, whatever a client put into its data.
fn plain(line: &str) -> String {
    line.replace(|it: char| it.is_control(), " ")
}
