//! The fields of a contact, once: SQL columns, import, JSON, scenario and evidence all come from
//! this table.
//!
//! A row is: what it holds, who sets it, its column (and name in a scenario), the vendor's name, the
//! most characters (`ANY` for no limit), evidence, meaning. The order is the order on the wire.
//!
//! A world that is kept in a file has its columns from the day it was made, so a field that is added
//! later needs a schema script of its own.

use crate::base::limits::ID_MAX;
use crate::contract::fields::{Field, Kind};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    Integer,
    Number,
    Flag,
    /// Milliseconds in the database, a date in words on the wire.
    Time,
}

/// Who sets a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetBy {
    Import,
    /// The dialler; an import that names it is not heard (assumed: jtel 4.5).
    Dialler,
}

/// One field of a contact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContactField {
    /// The vendor's spelling.
    pub(crate) name: &'static str,
    /// The name as it goes on the wire, with the comma before it and the colon behind it.
    pub(crate) key: &'static str,
    /// The key with null behind it, as it stands in most fields of most contacts.
    pub(crate) null: &'static str,
    /// The name in a scenario.
    pub(crate) column: &'static str,
    pub(crate) holds: Holds,
    pub(crate) set_by: SetBy,
    /// The most characters: CSV limits of the vendor's current scheme.
    pub(crate) chars_max: Option<usize>,
}

/// Hands the rows of the table to another macro.
macro_rules! contact_fields {
    ($then:ident) => {
        $then! {
            Integer Import "random_sort_order" "RandomSortOrder" ANY Assumed("jtel 3.1"), "dial-order helper; an integer where set (assumed)";
            Text Import "user_data" "UserData" 64 Documented("jtel 3.1"), "key of the foreign system; not unique";
            Text Import "client_name" "Client" 64 Documented("jtel 3.1"), "free text";
            Text Import "service" "Service" 64 Documented("jtel 3.1"), "free text";
            Text Import "reference_number" "ReferenceNumber" 64 Documented("jtel 3.1"), "foreign reference";
            Name Import "name" "Name" 64 Inferred("jtel 3.1"), "surname; the list is sorted by it";
            Text Import "first_name" "FirstName" 64 Documented("jtel 3.1"), "first name";
            Text Import "salutation" "Salutation" 16 Documented("jtel 3.1"), "salutation";
            Text Import "title" "Title" 16 Documented("jtel 3.1"), "title";
            Text Import "company" "Company" 64 Documented("jtel 3.1"), "company";
            Text Import "address" "Address" 64 Documented("jtel 3.1"), "street";
            Text Import "postal_code" "PostalCode" 10 Documented("jtel 3.1"), "postal code";
            Text Import "city" "City" 64 Documented("jtel 3.1"), "city";
            Text Import "country" "Country" 64 Documented("jtel 3.1"), "country";
            Text Import "region" "Region" 256 Inferred("jtel 3.1"), "region; known from CSV";
            Text Import "account_owner" "AccountOwner" 64 Documented("jtel 3.1"), "bank data";
            Text Import "account_bank" "AccountBank" 32 Documented("jtel 3.1"), "bank data";
            Text Import "account_national_bank_code" "AccountNationalBankCode" 10 Documented("jtel 3.1"), "bank data";
            Text Import "account_bic" "AccountBIC" 11 Documented("jtel 3.1"), "bank data";
            Text Import "account_number" "AccountNumber" 20 Documented("jtel 3.1"), "bank data";
            Text Import "account_iban" "AccountIBAN" 34 Documented("jtel 3.1"), "bank data";
            Number Import "amount" "Amount" ANY Documented("jtel 3.1"), "decimal";
            Text Import "phone_number1" "PhoneNumber1" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "phone_number2" "PhoneNumber2" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "phone_number3" "PhoneNumber3" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "phone_number4" "PhoneNumber4" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "phone_number5" "PhoneNumber5" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "phone_number6" "PhoneNumber6" 32 Inferred("jtel 3.1"), "E.164; digits are not checked";
            Text Import "fax_number" "FaxNumber" 32 Inferred("jtel 3.1"), "known from CSV";
            Text Import "email" "Email" 256 Documented("jtel 3.1"), "e-mail address";
            Text Import "website" "Website" ANY Inferred("jtel 3.1"), "known from CSV";
            Text Import "comment" "Comment" ANY Inferred("jtel 3.1"), "known from CSV";
            Text Import "external_system_link" "ExternalSystemLink" ANY Documented("jtel 3.1"), "link into the foreign system";
            Text Import "model" "Model" ANY Documented("jtel 3.1"), "purpose not explained";
            Text Import "tag" "Tag" ANY Documented("jtel 3.1"), "free text";
            Time Dialler "imported" "dtImported" ANY Inferred("jtel 3.1"), "time of the import";
            Time Dialler "next_try" "dtNextTry" ANY Inferred("jtel 3.1"), "earliest next attempt; null where no wait is set";
            Count Dialler "tries1" "nTriesPhoneNumber1" ANY Inferred("jtel 3.1"), "attempts on the number";
            Count Dialler "tries2" "nTriesPhoneNumber2" ANY Inferred("jtel 3.1"), "attempts on the number";
            Count Dialler "tries3" "nTriesPhoneNumber3" ANY Inferred("jtel 3.1"), "attempts on the number";
            Count Dialler "tries4" "nTriesPhoneNumber4" ANY Inferred("jtel 3.1"), "attempts on the number";
            Count Dialler "tries5" "nTriesPhoneNumber5" ANY Inferred("jtel 3.1"), "attempts on the number";
            Count Dialler "tries6" "nTriesPhoneNumber6" ANY Inferred("jtel 3.1"), "attempts on the number";
            Flag Dialler "phone_number1_invalid" "bPhoneNumber1Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Flag Dialler "phone_number2_invalid" "bPhoneNumber2Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Flag Dialler "phone_number3_invalid" "bPhoneNumber3Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Flag Dialler "phone_number4_invalid" "bPhoneNumber4Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Flag Dialler "phone_number5_invalid" "bPhoneNumber5Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Flag Dialler "phone_number6_invalid" "bPhoneNumber6Invalid" ANY Inferred("jtel 3.1"), "the number was found bad";
            Integer Dialler "phone_number1_cause" "nPhoneNumber1LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number2_cause" "nPhoneNumber2LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number3_cause" "nPhoneNumber3LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number4_cause" "nPhoneNumber4LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number5_cause" "nPhoneNumber5LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number6_cause" "nPhoneNumber6LastCause" ANY Inferred("jtel 3.1"), "last signalling cause";
            Integer Dialler "phone_number1_end_reason" "PhoneNumber1LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "phone_number2_end_reason" "PhoneNumber2LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "phone_number3_end_reason" "PhoneNumber3LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "phone_number4_end_reason" "PhoneNumber4LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "phone_number5_end_reason" "PhoneNumber5LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "phone_number6_end_reason" "PhoneNumber6LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason on the number; never set by the dialler";
            Integer Dialler "last_end_reason" "LastAcdAgentEndReasonsID" ANY Assumed("jtel 3.1"), "last end reason; never set by the dialler";
            Flag Dialler "last_result_mailbox" "bLastResultMailbox" ANY Inferred("jtel 3.1"), "the last attempt met a mailbox";
            Code Dialler "result_code" "DiallerCampaignsResultCodesID" ANY Inferred("jtel 3.1"), "current result code";
        }
    };
}

macro_rules! column_name {
    (Time $column:literal) => {
        concat!($column, "_ms")
    };
    ($kind:ident $column:literal) => {
        $column
    };
}

macro_rules! column_type {
    (Text $column:literal) => {
        "TEXT"
    };
    (Name $column:literal) => {
        "TEXT NOT NULL"
    };
    (Number $column:literal) => {
        "REAL"
    };
    (Count $column:literal) => {
        "INTEGER NOT NULL"
    };
    (Flag $column:literal) => {
        concat!("INTEGER CHECK (", $column, " IN (0, 1))")
    };
    ($kind:ident $column:literal) => {
        "INTEGER"
    };
}

/// `id, campaign_id, random_sort_order, …`: the columns of a contact in the order on the wire.
macro_rules! contact_columns {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        concat!("id, campaign_id", $(", ", column_name!($kind $column)),+)
    };
}

/// The columns with their types, behind the fixed ones.
macro_rules! contact_declarations {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        concat!($(", ", column_name!($kind $column), " ", column_type!($kind $column)),+)
    };
}

/// `?, ?, …`: one for `id`, `campaign_id` and each field.
macro_rules! contact_placeholders {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        concat!("?, ?", $(placeholder!($column)),+)
    };
}

macro_rules! placeholder {
    ($column:literal) => {
        ", ?"
    };
}

/// `random_sort_order = ?, …`: each field.
macro_rules! contact_assignments {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        concat!($(column_name!($kind $column), " = ?, "),+)
    };
}

macro_rules! field_read_back {
    (Time $column:literal) => {
        concat!($column, "_ms AS ", $column)
    };
    (Count $column:literal) => {
        concat!("NULLIF(", $column, ", 0) AS ", $column)
    };
    ($kind:ident $column:literal) => {
        $column
    };
}

/// All contacts as rows of a scenario.
macro_rules! contact_read_back {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        concat!(
            "SELECT id, campaign_id AS campaign",
            $(", ", field_read_back!($kind $column)),+,
            ", NULLIF(locked, 0) AS locked FROM jtel_contact ORDER BY id"
        )
    };
}

pub(crate) use {
    column_name, column_type, contact_assignments, contact_columns, contact_declarations,
    contact_fields, contact_placeholders, contact_read_back, field_read_back, placeholder,
};

macro_rules! holds {
    (Name) => {
        Holds::Text
    };
    (Count) => {
        Holds::Integer
    };
    (Code) => {
        Holds::Integer
    };
    ($kind:ident) => {
        Holds::$kind
    };
}

macro_rules! chars_max {
    (ANY) => {
        None
    };
    ($chars:literal) => {
        Some($chars)
    };
}

macro_rules! scenario_field {
    (Name $column:literal $text:literal) => {
        Field::required($column, Kind::Text, $text)
    };
    (Code $column:literal $text:literal) => {
        Field::optional($column, Kind::INTEGER, $text).refers("result_codes")
    };
    (Count $column:literal $text:literal) => {
        Field::optional($column, Kind::Integer { min: 0, max: i64::MAX }, $text)
    };
    (Text $column:literal $text:literal) => {
        Field::optional($column, Kind::Text, $text)
    };
    (Integer $column:literal $text:literal) => {
        Field::optional($column, Kind::INTEGER, $text)
    };
    (Number $column:literal $text:literal) => {
        Field::optional($column, Kind::Decimal, $text)
    };
    (Flag $column:literal $text:literal) => {
        Field::optional($column, Kind::Bool, $text)
    };
    (Time $column:literal $text:literal) => {
        Field::optional($column, Kind::Time, $text)
    };
}

macro_rules! declare {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        /// The fields behind `ID` and `DiallerCampaignsID`, in the order on the wire.
        pub(crate) static FIELDS: &[ContactField] = &[$(ContactField {
            name: $name,
            key: concat!(",\"", $name, "\":"),
            null: concat!(",\"", $name, "\":null"),
            column: $column,
            holds: holds!($kind),
            set_by: SetBy::$by,
            chars_max: chars_max!($chars),
        }),+];

        /// A contact in a scenario. The fields of [`FIELDS`] stand in the middle, in their order.
        pub(crate) const CONTACTS: &[Field] = &[
            Field::required("id", Kind::Integer { min: 1, max: ID_MAX }, "contact ID").unique(),
            Field::required("campaign", Kind::INTEGER, "the campaign that it belongs to")
                .refers("campaigns"),
            $(scenario_field!($kind $column $text)),+,
            Field::optional("locked", Kind::Bool, "whether it is locked; false where left out"),
        ];
    };
}

contact_fields!(declare);

/// The place of a field by the vendor's name; a name that the table does not have stops the build.
pub(crate) const fn place(column: &str) -> usize {
    // The scenario's table has two cells in front.
    crate::contract::fields::column(CONTACTS, column) - FIRST_FIELD
}

/// How many columns stand before the first field: `id` and `campaign_id`.
pub(crate) const FIRST_FIELD: usize = 2;

/// How many numbers a contact has.
pub(crate) const NUMBERS: usize = 6;

pub(crate) const NAME: usize = place("name");
pub(crate) const FIRST_NAME: usize = place("first_name");
pub(crate) const EMAIL: usize = place("email");
pub(crate) const USER_DATA: usize = place("user_data");
pub(crate) const PHONE_NUMBER1: usize = place("phone_number1");
pub(crate) const IMPORTED: usize = place("imported");
pub(crate) const NEXT_TRY: usize = place("next_try");
pub(crate) const TRIES1: usize = place("tries1");
pub(crate) const RESULT_CODE: usize = place("result_code");
