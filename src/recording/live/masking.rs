//! Puts pseudonyms in the places of credentials while a recording grows.

use serde_json::Value;

use crate::contract::recorded::RECORDED_KEY;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::live::part::{Exchange, Input, Start};
use crate::recording::mask::{Replacer, Whose, learn, names_secret};
use crate::recording::pseudonyms::Pseudonyms;
use crate::recording::sign;
use crate::web::mask::known::is_telling;

/// Shortest credential of a world's rows that is replaced wherever it stands: a shorter one stands for
/// other things too.
const ROW_SECRET_CHARS_MIN: usize = 6;

/// What is known of credentials so far.
#[derive(Debug)]
pub(crate) struct Masking {
    whose: Whose,
    pseudonyms: Pseudonyms,
    replacer: Replacer,
    /// For how many values the replacer was made.
    n_known: usize,
    /// Credentials of the worlds' rows, with which requests may be signed.
    keys: Vec<String>,
}

impl Masking {
    /// Nothing is known yet.
    ///
    /// # Errors
    /// Never: there is nothing to look for.
    pub(crate) fn new(whose: Whose) -> Result<Self, String> {
        let pseudonyms = Pseudonyms::default();
        let replacer = Replacer::new(&pseudonyms)?;
        Ok(Masking { whose, pseudonyms, replacer, n_known: 0, keys: Vec::new() })
    }

    /// Learns the credentials of a world's rows.
    pub(crate) fn learn_rows(&mut self, secrets: &[String]) {
        for secret in secrets {
            if is_replaced(secret) {
                self.pseudonyms.secret(secret);
            }
            if !self.keys.contains(secret) {
                self.keys.push(secret.clone());
            }
        }
    }

    /// Learns the credentials among the fields of an event.
    pub(crate) fn learn_fields(&mut self, vendor: &'static Vendor, fields: &Value) {
        let columns = vendor.surface.secret_columns();
        let is_secret = |name: &str| columns.contains(&name) || names_secret(name);
        for (name, value) in fields.as_object().into_iter().flatten() {
            if let Some(secret) = value.as_str().filter(|_| is_secret(name)) {
                self.pseudonyms.secret(secret);
                self.keys.push(secret.to_owned());
            }
        }
    }

    /// Learns the credentials of an exchange.
    pub(crate) fn learn(&mut self, exchange: &Exchange) {
        learn(exchange.vendor, &exchange.it, self.whose, &mut self.pseudonyms);
    }

    /// How a world began, with pseudonyms.
    ///
    /// # Errors
    /// Where there is too much to look for.
    pub(crate) fn start(&mut self, start: &Start) -> Result<Start, String> {
        self.renew()?;
        Ok(Start { at: start.at, scenario: self.value(start.scenario.clone()) })
    }

    /// An input with pseudonyms; `Err` says why it cannot be had.
    pub(crate) fn input(&mut self, input: &Input) -> Result<Input, String> {
        self.renew()?;
        match input {
            Input::Event(event) => {
                let fields = self.value(event.fields.clone());
                Ok(Input::Event(crate::recording::moves::Event { fields, ..event.clone() }))
            }
            Input::Exchange(exchange) => {
                let masked = self.replacer.exchange(&exchange.it).ok_or_else(|| {
                    let kind = crate::recording::mask::kind(&exchange.it.headers);
                    format!("{}: a body that is no text ({kind})", exchange.it.place)
                })?;
                let it = self.signed(exchange, masked);
                Ok(Input::Exchange(Box::new(Exchange { it, ..(**exchange).clone() })))
            }
        }
    }

    /// The exchange signed again, with what stands for the key.
    fn signed(&self, exchange: &Exchange, masked: Recorded) -> Recorded {
        let vendor = exchange.vendor;
        if self.whose == Whose::People {
            return sign::again(vendor, masked);
        }
        let keys = self.keys.iter().map(String::as_str);
        match sign::key_of(vendor, &exchange.it, keys) {
            Some(key) => sign::with(vendor, masked, self.pseudonyms.made(key).unwrap_or(key)),
            None => masked,
        }
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.replacer.text(&text).into(),
            Value::Array(items) => items.into_iter().map(|it| self.value(it)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, it)| (name, self.value(it))).collect()
            }
            plain => plain,
        }
    }

    /// What was replaced, without a value.
    pub(crate) fn told(&self) -> Vec<String> {
        self.pseudonyms.told()
    }

    fn renew(&mut self) -> Result<(), String> {
        if self.n_known != self.pseudonyms.len() {
            self.replacer = Replacer::new(&self.pseudonyms)?;
            self.n_known = self.pseudonyms.len();
        }
        Ok(())
    }
}

/// Whether a credential of a world's rows is replaced. The key of recordings stands for another one
/// already.
fn is_replaced(secret: &str) -> bool {
    let has = |what: fn(&char) -> bool| secret.chars().any(|it| what(&it));
    let is_mixed = has(char::is_ascii_digit) && has(|it| it.is_alphabetic());
    let is_long = secret.chars().count() >= ROW_SECRET_CHARS_MIN;
    secret != RECORDED_KEY && (is_telling(secret) || is_mixed && is_long)
}
