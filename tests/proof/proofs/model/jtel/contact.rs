//! A contact as the contract's table has it (3.1), and how it looks.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// What an import may say of a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Int,
    Number,
    /// Of at most so many characters.
    Text(usize),
}

const ANY_LENGTH: usize = usize::MAX;

/// Fields that an import takes: the name on the wire, the column, and what it holds.
pub(super) const FIELDS: [(&str, &str, Kind); 34] = [
    ("RandomSortOrder", "random_sort_order", Kind::Int),
    ("UserData", "user_data", Kind::Text(64)),
    ("Client", "client_name", Kind::Text(64)),
    ("Service", "service", Kind::Text(64)),
    ("ReferenceNumber", "reference_number", Kind::Text(64)),
    ("Name", "name", Kind::Text(64)),
    ("FirstName", "first_name", Kind::Text(64)),
    ("Salutation", "salutation", Kind::Text(16)),
    ("Title", "title", Kind::Text(16)),
    ("Company", "company", Kind::Text(64)),
    ("Address", "address", Kind::Text(64)),
    ("PostalCode", "postal_code", Kind::Text(10)),
    ("City", "city", Kind::Text(64)),
    ("Country", "country", Kind::Text(64)),
    ("Region", "region", Kind::Text(256)),
    ("AccountOwner", "account_owner", Kind::Text(64)),
    ("AccountBank", "account_bank", Kind::Text(32)),
    ("AccountNationalBankCode", "account_national_bank_code", Kind::Text(10)),
    ("AccountBIC", "account_bic", Kind::Text(11)),
    ("AccountNumber", "account_number", Kind::Text(20)),
    ("AccountIBAN", "account_iban", Kind::Text(34)),
    ("Amount", "amount", Kind::Number),
    ("PhoneNumber1", "phone_number1", Kind::Text(32)),
    ("PhoneNumber2", "phone_number2", Kind::Text(32)),
    ("PhoneNumber3", "phone_number3", Kind::Text(32)),
    ("PhoneNumber4", "phone_number4", Kind::Text(32)),
    ("PhoneNumber5", "phone_number5", Kind::Text(32)),
    ("PhoneNumber6", "phone_number6", Kind::Text(32)),
    ("FaxNumber", "fax_number", Kind::Text(32)),
    ("Email", "email", Kind::Text(256)),
    ("Website", "website", Kind::Text(ANY_LENGTH)),
    ("Comment", "comment", Kind::Text(ANY_LENGTH)),
    ("ExternalSystemLink", "external_system_link", Kind::Text(ANY_LENGTH)),
    ("Model", "model", Kind::Text(ANY_LENGTH)),
];
/// The last of the importable fields; the table above is long enough to read.
pub(super) const TAG: &str = "Tag";
const NAME: usize = 5;
const USER_DATA: usize = 1;
/// Where the first of the six numbers stands.
const PHONES: usize = 22;
pub(super) const N_PHONES: usize = 6;

#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) id: i64,
    pub(super) campaign: i64,
    pub(super) client: i64,
    /// Values of `FIELDS`, null where unset.
    pub(super) values: Vec<Value>,
    pub(super) tag: Value,
    pub(super) is_locked: bool,
    pub(super) imported: Option<i64>,
    /// When the dialler may take it again; 0 at once.
    pub(super) due: i64,
    pub(super) next_try: Option<i64>,
    /// Nothing is dialled any more.
    pub(super) is_closed: bool,
    pub(super) tries: [i64; N_PHONES],
    pub(super) invalid: [bool; N_PHONES],
    pub(super) causes: [Option<i64>; N_PHONES],
    pub(super) mailbox: Option<bool>,
    pub(super) result_code: Option<i64>,
}

impl Contact {
    pub(super) fn new(id: i64, campaign: i64, client: i64) -> Self {
        Contact {
            id,
            campaign,
            client,
            values: vec![Value::Null; FIELDS.len()],
            tag: Value::Null,
            is_locked: false,
            imported: None,
            due: 0,
            next_try: None,
            is_closed: false,
            tries: [0; N_PHONES],
            invalid: [false; N_PHONES],
            causes: [None; N_PHONES],
            mailbox: None,
            result_code: None,
        }
    }

    /// Sets an importable field.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        match FIELDS.iter().position(|(it, ..)| *it == name) {
            Some(at) => self.values[at] = value,
            None => self.tag = value,
        }
    }

    /// What helps to order the dialling; unset comes first.
    pub(super) fn sort_order(&self) -> Option<i64> {
        self.values[0].as_i64()
    }

    pub(super) fn name(&self) -> &str {
        self.values[NAME].as_str().unwrap_or_default()
    }

    /// Empty where unset.
    pub(super) fn user_data(&self) -> &str {
        self.values[USER_DATA].as_str().unwrap_or_default()
    }

    /// A number by its index from 0; empty where unset.
    pub(super) fn phone(&self, idx: usize) -> &str {
        self.values[PHONES + idx].as_str().unwrap_or_default()
    }

    pub(super) fn has_phone(&self, number: &str) -> bool {
        (0..N_PHONES).any(|idx| self.phone(idx) == number)
    }

    pub(super) fn n_tries(&self) -> i64 {
        self.tries.iter().sum()
    }

    /// The members of a record, without the braces around them.
    pub(super) fn write(&self, out: &mut String, date: impl Fn(i64) -> String) {
        let _ = write!(out, r#""ID":{},"DiallerCampaignsID":{}"#, self.id, self.campaign);
        for ((name, ..), value) in FIELDS.iter().zip(&self.values) {
            let _ = write!(out, r#","{name}":{value}"#);
        }
        let time = |it: Option<i64>| it.map_or("null".to_owned(), |it| format!("\"{}\"", date(it)));
        let _ = write!(out, r#","{TAG}":{}"#, self.tag);
        let _ = write!(out, r#","dtImported":{}"#, time(self.imported));
        let _ = write!(out, r#","dtNextTry":{}"#, time(self.next_try));
        for (idx, tries) in self.tries.iter().enumerate() {
            let _ = write!(out, r#","nTriesPhoneNumber{}":{tries}"#, idx + 1);
        }
        for (idx, is_invalid) in self.invalid.iter().enumerate() {
            let value = if *is_invalid { "true" } else { "null" };
            let _ = write!(out, r#","bPhoneNumber{}Invalid":{value}"#, idx + 1);
        }
        for (idx, cause) in self.causes.iter().enumerate() {
            let _ = write!(out, r#","nPhoneNumber{}LastCause":{}"#, idx + 1, json!(cause));
        }
        for idx in 0..N_PHONES {
            let _ = write!(out, r#","PhoneNumber{}LastAcdAgentEndReasonsID":null"#, idx + 1);
        }
        let _ = write!(
            out,
            r#","LastAcdAgentEndReasonsID":null,"bLastResultMailbox":{},"DiallerCampaignsResultCodesID":{}"#,
            json!(self.mailbox),
            json!(self.result_code)
        );
    }

    /// The row of `contacts`.
    pub(super) fn row(&self) -> Value {
        let mut row = Map::new();
        for ((_, column, _), value) in FIELDS.iter().zip(&self.values) {
            row.insert((*column).to_owned(), value.clone());
        }
        let others = json!({
            "id": self.id, "client_id": self.client, "campaign_id": self.campaign,
            "locked": i64::from(self.is_locked), "tag": self.tag,
            "imported_ms": self.imported, "next_try_ms": self.next_try,
            "last_result_mailbox": self.mailbox.map(i64::from), "result_code": self.result_code,
        });
        row.extend(others.as_object().cloned().unwrap_or_default());
        for idx in 0..N_PHONES {
            let number = idx + 1;
            row.insert(format!("tries{number}"), self.tries[idx].into());
            let invalid = if self.invalid[idx] { json!(1) } else { Value::Null };
            row.insert(format!("phone_number{number}_invalid"), invalid);
            row.insert(format!("phone_number{number}_cause"), json!(self.causes[idx]));
        }
        Value::Object(row)
    }

    /// As a scenario says it.
    pub(super) fn stated(&self) -> Value {
        let mut row = Map::new();
        for ((_, column, _), value) in FIELDS.iter().zip(&self.values) {
            if !value.is_null() {
                row.insert((*column).to_owned(), value.clone());
            }
        }
        row.insert("id".into(), self.id.into());
        row.insert("campaign".into(), self.campaign.into());
        Value::Object(row)
    }
}
