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

/// Digits at the end of two numbers from which on they look alike: a number within its town or network.
const TAIL_DIGITS: usize = 7;

/// Digits of the longest country code.
const COUNTRY_DIGITS: usize = 3;

/// Most numbers that are named as alike.
const ALIKE_MAX: usize = 5;

/// A person's way as JSON; `None` where nobody knows the number.
pub(crate) fn way(
    db: &Connection,
    vendors: Vendors,
    number: &str,
) -> rusqlite::Result<Option<Value>> {
    let digits = phone::digits(number);
    let person = roster::by_phone(db, &digits)?;
    let mut steps = steps(db, vendors, &digits)?;
    if person.is_none() && steps.is_empty() {
        return Ok(None);
    }
    // Stable, so that what is equal in time stays in the vendors' order.
    steps.sort_by_key(|step| step.at);
    let steps: Vec<Value> = steps.iter().map(Step::to_json).collect();
    let person = person.as_ref().map(person_json);
    Ok(Some(json!({ "phone": digits, "person": person, "steps": steps })))
}

/// The numbers that somebody has or a vendor has seen and that end as this one does: with a country
/// code or without, in the national way or not.
pub(crate) fn alike(
    db: &Connection,
    vendors: Vendors,
    number: &str,
) -> rusqlite::Result<Vec<String>> {
    let digits = phone::digits(number);
    let Some(n_before) = digits.len().checked_sub(TAIL_DIGITS) else { return Ok(Vec::new()) };
    let mut found = roster::ending(db, &digits[n_before..], ALIKE_MAX)?;
    for n_digits in 1..=COUNTRY_DIGITS.min(n_before) {
        let national = &digits[n_digits..];
        for candidate in [national.to_owned(), format!("0{national}")] {
            if !found.contains(&candidate) && !steps(db, vendors, &candidate)?.is_empty() {
                found.push(candidate);
            }
        }
    }
    found.truncate(ALIKE_MAX);
    Ok(found)
}

/// What happened to a number, vendor by vendor.
fn steps(db: &Connection, vendors: Vendors, digits: &str) -> rusqlite::Result<Vec<Step>> {
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
    Ok(steps)
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
