//! A person's way across the vendors, in order of time, from the vendors' own tables.

use rusqlite::{Connection, named_params};
use serde_json::{Value, json};

use crate::base::phone;
use crate::base::time::Instant;
use crate::contract::vendor::Vendors;
use crate::sim::outside::people::person::Person;
use crate::sim::outside::people::roster;

/// Most rows of one trace; a number that was called more often is a test's, not a person's.
const ROWS_MAX: usize = 1000;

/// One thing that happened to a person.
#[derive(Debug)]
struct Step {
    at: Option<Instant>,
    vendor: &'static str,
    what: String,
}

/// A person's way as JSON; `None` where nobody knows the number.
pub(crate) fn way(
    db: &Connection,
    vendors: Vendors,
    number: &str,
) -> rusqlite::Result<Option<Value>> {
    let digits = phone::digits(number);
    let person = roster::by_phone(db, &digits)?;
    let mut steps = Vec::new();
    for vendor in vendors.0 {
        for trace in vendor.traces {
            let mut statement = db.prepare_cached(trace.rows)?;
            let mut rows = statement.query(named_params! { ":phone": digits })?;
            let mut n_rows = 0;
            while let Some(row) = rows.next()?.filter(|_| n_rows < ROWS_MAX) {
                let (at, what) = (row.get("at_ms")?, row.get("what")?);
                steps.push(Step { at, vendor: vendor.surface.vendor, what });
                n_rows += 1;
            }
        }
    }
    if person.is_none() && steps.is_empty() {
        return Ok(None);
    }
    // Stable, so that what is equal in time stays in the vendors' order.
    steps.sort_by_key(|step| step.at);
    let steps: Vec<Value> = steps.iter().map(Step::to_json).collect();
    let person = person.as_ref().map(person_json);
    Ok(Some(json!({ "phone": digits, "person": person, "steps": steps })))
}

/// A person as it is shown.
pub(crate) fn person_json(person: &Person) -> Value {
    json!({
        "phone": person.phone,
        "first_name": person.first_name,
        "name": person.name,
        "email": person.email,
    })
}

impl Step {
    fn to_json(&self) -> Value {
        let at = self.at.map(|at| at.to_string());
        json!({ "at": at, "vendor": self.vendor, "what": self.what })
    }
}
