//! What a scenario may say of MOR: the section's tables of fields.

use crate::base::limits::ID_MAX;
use crate::contract::fields::{Field, Kind, Rows};
use crate::sim::outside::people::roster;
use crate::vendors::mor::model::{
    DISPOSITIONS, Level, NUMBER_STATUSES, USER_KINDS, check_addresses, check_number,
    check_separator, check_uniquehash,
};
use crate::vendors::mor::zone::{check_time_of_day, check_zone};

/// The section's fields, in the order in which they are loaded.
pub(crate) const SCENARIO: &[Field] = &[
    Field::optional("settings", Kind::Table(SETTINGS), "the administrator's API settings"),
    Field::optional(
        "whitelist",
        Kind::Rows(&Rows { fields: WHITELIST }),
        "the Whitelisted IPs list",
    ),
    Field::optional(
        "permission_groups",
        Kind::Rows(&Rows { fields: GROUPS }),
        "API permission groups",
    ),
    Field::optional(
        "users",
        Kind::Rows(&Rows { fields: USERS }),
        "who may call; the administrator is there anyway",
    ),
    Field::optional("campaigns", Kind::Rows(&Rows { fields: CAMPAIGNS }), "auto-dialer campaigns"),
    Field::optional(
        "numbers",
        Kind::Rows(&Rows { fields: NUMBERS }),
        "the campaigns' numbers, in the order of their ids",
    ),
    Field::optional(
        "people",
        Kind::Rows(&Rows { fields: PEOPLE }),
        "people of the scenario who are numbers of campaigns",
    ),
    Field::optional(
        "calls",
        Kind::Rows(&Rows { fields: CALLS }),
        "calls that have been made, for statistics",
    ),
];

/// Also the fields of the event that changes them.
pub(crate) const SETTINGS: &[Field] = &[
    Field::optional(
        "secret_key",
        Kind::Text,
        "API Secret Key of the administrator; empty where left out",
    ),
    Field::optional(
        "allow_api",
        Kind::Bool,
        "Allow API globally; where left out, whether there is a key",
    ),
    Field::optional("allow_get", Kind::Bool, "Allow GET API; false where left out"),
    Field::optional("disable_hash", Kind::Bool, "Disable hash checking; false where left out"),
    Field::optional("xml_extension", Kind::Bool, "XML API Extension; false where left out"),
    Field::optional("restrict_ip", Kind::Bool, "Restrict API access by IP; false where left out"),
    Field::optional(
        "csv_separator",
        Kind::Checked(check_separator),
        "the system's CSV separator; a comma where left out",
    ),
    Field::optional(
        "paid_addon",
        Kind::Bool,
        "whether the add-on is paid; without it a campaign holds 10 numbers",
    ),
    Field::optional(
        "auto_dial",
        Kind::Bool,
        "whether running campaigns dial by themselves, a call that is under way apart; true where left out",
    ),
];

const WHITELIST: &[Field] = &[
    Field::required(
        "ip",
        Kind::Checked(check_addresses),
        "an address, a network or a range of last octets",
    ),
    Field::optional("allow_api", Kind::Bool, "Allow API access; true where left out"),
];

const READ_LEVELS: &[&str] = &["disabled", "read"];

const GROUPS: &[Field] = &[
    Field::required("name", Kind::Text, "the group's name").unique(),
    Field::optional(
        "get_campaign_ivr_poll_results",
        Kind::OneOf(READ_LEVELS),
        "disabled where left out",
    ),
    Field::optional("get_campaign_statistics", Kind::OneOf(READ_LEVELS), "disabled where left out"),
    Field::optional(
        "change_campaign_status",
        Kind::OneOf(Level::NAMES),
        "disabled where left out; it needs write",
    ),
    Field::optional(
        "upload_numbers",
        Kind::OneOf(Level::NAMES),
        "disabled where left out; it needs write",
    ),
];

const USERS: &[Field] = &[
    Field::required("username", Kind::Text, "the value of u").unique(),
    Field::optional(
        "id",
        Kind::Integer { min: 0, max: ID_MAX },
        "counts up where left out; the administrator is 0",
    )
    .unique(),
    Field::optional("type", Kind::OneOf(USER_KINDS), "account type; user where left out"),
    Field::optional(
        "owner",
        Kind::Text,
        "the reseller that the user belongs to; the administrator's where left out",
    )
    .refers("users.username"),
    Field::optional("blocked", Kind::Bool, "whether the user is blocked; false where left out"),
    Field::optional("balance", Kind::Decimal, "money; 0 where left out"),
    Field::optional(
        "credit",
        Kind::Decimal,
        "what a postpaid user may owe; -1 is unlimited, and meant where left out",
    ),
    Field::optional("postpaid", Kind::Bool, "true where left out"),
    Field::optional(
        "time_zone",
        Kind::Checked(check_zone),
        "for printed times; UTC where left out",
    ),
    Field::optional(
        "csv_separator",
        Kind::Checked(check_separator),
        "the reseller's or the system's where left out",
    ),
    Field::optional(
        "api_restricted",
        Kind::Bool,
        "whether the permission group counts; users and accountants only",
    ),
    Field::optional("permission_group", Kind::Text, "the API permission group")
        .refers("permission_groups"),
    Field::optional(
        "password",
        Kind::Text,
        "not used by these methods; known to the diagnosis of a hash",
    ),
    Field::optional("uniquehash", Kind::Checked(check_uniquehash), "10 hexadecimal digits"),
    Field::optional("allow_api", Kind::Bool, "a reseller's own Allow API; true where left out"),
    Field::optional("secret_key", Kind::Text, "a reseller's own API Secret Key"),
    Field::optional(
        "disable_hash",
        Kind::Bool,
        "a reseller's own Disable hash checking; false where left out",
    ),
    Field::optional(
        "autodialer",
        Kind::Bool,
        "whether the reseller's group grants the Auto-Dialer; true where left out",
    ),
];

const CAMPAIGNS: &[Field] = &[
    Field::required("id", Kind::Integer { min: 0, max: ID_MAX }, "the campaign's id").unique(),
    Field::required("name", Kind::Text, "campaign_name"),
    Field::required("user", Kind::Text, "the simple user who owns it").refers("users.username"),
    Field::optional("running", Kind::Bool, "whether it is enabled; false where left out"),
    Field::optional(
        "start_time",
        Kind::Checked(check_time_of_day),
        "when dialling begins each day, in the user's zone; 00:00 where left out",
    ),
    Field::optional(
        "stop_time",
        Kind::Checked(check_time_of_day),
        "when it ends; the start time, which means never, where left out",
    ),
    Field::optional(
        "max_retries",
        Kind::Integer { min: 0, max: 1000 },
        "further attempts at a number; 0 where left out",
    ),
    Field::optional(
        "retry_time",
        Kind::Integer { min: 60, max: 1_000_000 },
        "seconds between attempts; 60 where left out",
    ),
    Field::optional(
        "wait_time",
        Kind::Integer { min: 10, max: 1_000_000 },
        "seconds between numbers; 10 where left out",
    ),
    Field::optional("device", Kind::Text, "the device that calls are billed to"),
    Field::optional("callerid", Kind::Text, "the number shown"),
    Field::optional(
        "allow_duplicates",
        Kind::Bool,
        "whether a number may be there twice; false where left out",
    ),
    Field::optional(
        "actions",
        Kind::Rows(&Rows { fields: ACTIONS }),
        "what a call consists of, in this order",
    ),
    Field::optional(
        "answers",
        Kind::List(&Kind::Text),
        "what the called may answer to the poll when the campaign dials by itself",
    ),
];

const ACTIONS: &[Field] = &[
    Field::required("action", Kind::OneOf(&["PLAY", "WAIT", "IVR"]), "the kind of step"),
    Field::optional("data", Kind::Id, "the file, the seconds, or the IVR's id"),
];

const NUMBERS: &[Field] = &[
    Field::required("campaign", Kind::Integer { min: 0, max: ID_MAX }, "the campaign")
        .refers("campaigns"),
    Field::required("number", Kind::Checked(check_number), "digits only"),
    Field::optional("status", Kind::OneOf(NUMBER_STATUSES), "where left out, what the times say"),
    Field::optional("executed", Kind::Time, "when it was last dialled"),
    Field::optional("completed", Kind::Time, "when the answered call ended"),
    Field::optional(
        "answers",
        Kind::Rows(&Rows { fields: ANSWERS }),
        "what IVR steps logged, oldest first",
    ),
    Field::optional("valid_from", Kind::Time, "shown only with poll_columns = \"validity\""),
    Field::optional("valid_till", Kind::Time, "shown only with poll_columns = \"validity\""),
];

const ANSWERS: &[Field] = &[
    Field::required("at", Kind::Time, "when it was logged"),
    Field::required("text", Kind::Text, "the text of the IVR's author"),
];

const PEOPLE: &[Field] = &[
    Field::required("campaign", Kind::Integer { min: 0, max: ID_MAX }, "the campaign")
        .refers("campaigns"),
    roster::FIRST,
    roster::COUNT,
];

const CALLS: &[Field] = &[
    Field::required("campaign", Kind::Integer { min: 0, max: ID_MAX }, "the campaign")
        .refers("campaigns"),
    Field::required("number", Kind::Checked(check_number), "the number dialled"),
    Field::required("at", Kind::Time, "when it was dialled"),
    Field::required("outcome", Kind::OneOf(DISPOSITIONS), "how it ended"),
    Field::optional(
        "billed",
        Kind::Integer { min: 0, max: 1_000_000 },
        "billed seconds, of an answered call only",
    ),
];
