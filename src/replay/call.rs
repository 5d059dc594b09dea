//! The steps that are no request of a vendor's API, as calls of the control plane.

use serde_json::Value as Json;

use crate::embed;
use crate::replay::secrets::Secrets;
use crate::replay::verdict::clipped;
use crate::scenario::template::{NoValue, Variables, fill, fill_json};
use crate::web::mask::masker::Masker;

/// A call of the control plane.
pub(crate) struct Call {
    pub kind: &'static str,
    /// Below the world's own path.
    pub path: String,
    pub body: Json,
    /// What is to come of it, for a report.
    pub wanted: String,
    /// What was asked for, for a report.
    pub sent: String,
}

impl Call {
    /// Lets an event happen; a report shows its members without the vendor's secrets.
    ///
    /// # Errors
    /// Where a variable has no value.
    pub(crate) fn event(
        vendor: &str,
        name: &str,
        with: &Json,
        variables: &dyn Variables,
        (secrets, masker): (&Secrets, &Masker),
    ) -> Result<Call, NoValue> {
        let (vendor, name) = (fill(vendor, variables)?, fill(name, variables)?);
        let body = fill_json(with, variables)?;
        let shown = secrets.event(&vendor, body.clone());
        let sent = format!("event {vendor} {name} {}", clipped(masker, &shown.to_string()));
        let path = format!("/events/{vendor}/{name}");
        Ok(Call { kind: "event", path, body, wanted: "it to happen".into(), sent })
    }

    /// Moves the world's clock.
    ///
    /// # Errors
    /// Where a variable has no value.
    pub(crate) fn advance(step: &str, variables: &dyn Variables) -> Result<Call, NoValue> {
        let step = fill(step, variables)?;
        let body = embed::advance_body(&step);
        let path = "/clock/advance".to_owned();
        let sent = format!("advance {step}");
        Ok(Call { kind: "advance", path, body, wanted: "the clock to move".into(), sent })
    }

    /// Takes a piece of scenario into the world; a report shows which collections, not what is in them.
    ///
    /// # Errors
    /// Where a variable has no value.
    pub(crate) fn seed(piece: &Json, variables: &dyn Variables) -> Result<Call, NoValue> {
        let body = fill_json(piece, variables)?;
        let sections = body.as_object().into_iter().flatten();
        let collections = sections.flat_map(|(section, rows)| {
            let names = rows.as_object().into_iter().flat_map(|rows| rows.keys());
            names.map(move |name| format!("{section}.{name}"))
        });
        let sent = format!("seed {}", collections.collect::<Vec<_>>().join(", "));
        Ok(Call { kind: "seed", path: "/seed".into(), body, wanted: "it to be taken".into(), sent })
    }

    /// Verifies a condition.
    ///
    /// # Errors
    /// Where a variable has no value.
    pub(crate) fn verify(
        condition: &Json,
        variables: &dyn Variables,
        masker: &Masker,
    ) -> Result<Call, NoValue> {
        let body = fill_json(condition, variables)?;
        let wanted = clipped(masker, &body.to_string());
        let sent = format!("verify {wanted}");
        Ok(Call { kind: "verify", path: "/verify".into(), body, wanted, sent })
    }
}
