//! Puts pseudonyms in the places of credentials while a recording grows.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::recorded::RECORDED_KEY;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::live::part::{Exchange, Input, Start};
use crate::recording::mask::{Replacer, Whose, learn, names_secret};
use crate::recording::pseudonyms::Pseudonyms;
use crate::recording::sign;
use crate::vendors::ALL;
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
    keys: BTreeSet<String>,
    /// Those of them with which one was.
    signing: BTreeSet<String>,
    /// How often a whole world was masked.
    #[cfg(test)]
    pub(super) n_starts: usize,
}

impl Masking {
    /// Nothing is known yet.
    ///
    /// # Errors
    /// Never: there is nothing to look for.
    pub(crate) fn new(whose: Whose) -> Result<Self, String> {
        let pseudonyms = Pseudonyms::default();
        let replacer = Replacer::new(&pseudonyms)?;
        let (keys, signing) = (BTreeSet::new(), BTreeSet::new());
        Ok(Masking {
            whose,
            pseudonyms,
            replacer,
            n_known: 0,
            keys,
            signing,
            #[cfg(test)]
            n_starts: 0,
        })
    }

    /// How many values are replaced: as long as there are no more of them, what was masked is masked
    /// the same again.
    pub(crate) fn n_known(&self) -> usize {
        self.pseudonyms.len()
    }

    /// Learns the credentials of a world's rows.
    pub(crate) fn learn_rows(&mut self, secrets: &[String]) {
        for secret in secrets {
            self.learn_row(secret);
        }
    }

    /// Learns the credentials of a world's scenario. All of its rows are there; a world reads no more of
    /// them for itself than it can look for in each entry of its journal.
    pub(crate) fn learn_scenario(&mut self, scenario: &Value) {
        for vendor in ALL {
            let columns = vendor.surface.secret_columns();
            let section = &scenario[vendor.surface.vendor];
            let mut secrets = BTreeSet::new();
            texts(section, &columns, false, &mut |text, is_secret| {
                if is_secret && is_replaced(text) {
                    secrets.insert(text);
                }
            });
            // What stands elsewhere on purpose, such as a login that is its own password, is none.
            texts(section, &columns, false, &mut |text, is_secret| {
                if !is_secret {
                    secrets.remove(text);
                }
            });
            for secret in secrets {
                self.learn_row(secret);
            }
        }
    }

    fn learn_row(&mut self, secret: &str) {
        if is_replaced(secret) {
            self.pseudonyms.secret(secret);
        }
        if !self.keys.contains(secret) {
            self.keys.insert(secret.to_owned());
        }
    }

    /// Learns the credentials among the fields of an event.
    pub(crate) fn learn_fields(&mut self, vendor: &'static Vendor, fields: &Value) {
        let columns = vendor.surface.secret_columns();
        let is_secret = |name: &str| columns.contains(&name) || names_secret(name);
        for (name, value) in fields.as_object().into_iter().flatten() {
            if let Some(secret) = value.as_str().filter(|_| is_secret(name)) {
                self.pseudonyms.secret(secret);
                self.keys.insert(secret.to_owned());
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
        #[cfg(test)]
        {
            self.n_starts += 1;
        }
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
    fn signed(&mut self, exchange: &Exchange, masked: Recorded) -> Recorded {
        let vendor = exchange.vendor;
        if self.whose == Whose::People {
            return sign::again(vendor, masked);
        }
        // A world may have thousands of credentials, and clients sign with the same few.
        let keys = self.signing.iter().chain(&self.keys).map(String::as_str);
        let Some(key) = sign::key_of(vendor, &exchange.it, keys).map(str::to_owned) else {
            return masked;
        };
        let signed = sign::with(vendor, masked, self.pseudonyms.made(&key).unwrap_or(&key));
        self.signing.insert(key);
        signed
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

/// Walks through the texts of a scenario's section, with whether they stand under one of the columns that
/// hold credentials.
fn texts<'v>(
    value: &'v Value,
    columns: &[&str],
    is_secret: bool,
    found: &mut dyn FnMut(&'v str, bool),
) {
    match value {
        Value::String(text) => found(text, is_secret),
        Value::Array(items) => {
            for item in items {
                texts(item, columns, is_secret, found);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                let is_one = is_secret || columns.contains(&name.as_str());
                // `tokens` of what is a `token`; rows are called so too, and stand for themselves.
                let is_list = item.as_array().is_some_and(|it| it.iter().all(Value::is_string))
                    && name.strip_suffix('s').is_some_and(|one| columns.contains(&one));
                texts(item, columns, is_one || is_list, found);
            }
        }
        _ => {}
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
