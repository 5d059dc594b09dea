//! The vendor's section of a scenario.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::contract::cx::Cx;
use crate::contract::fields::{Field, Kind, Row, Rows};
use crate::contract::section::{SeedError, Source};
use crate::sim::outside::people::roster;
use crate::vendors::mor::dialler::{self, answers_json};
use crate::vendors::mor::model::{
    ADMIN_ID, DISPOSITIONS, Level, NUMBER_STATUSES, Settings, Standing, USER_KINDS, UserKind,
    addresses, check_addresses, check_number, check_separator, check_time_of_day, check_uniquehash,
    check_zone, time_of_day_s,
};
use crate::vendors::mor::store::calls::{self, NewCall};
use crate::vendors::mor::store::campaigns::{self, NewCampaign};
use crate::vendors::mor::store::numbers::{self, NewNumber};
use crate::vendors::mor::store::settings;
use crate::vendors::mor::store::users::{self, NewGroup, NewUser};

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
        "whether running campaigns dial by themselves; true where left out",
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
        Kind::Integer { min: 0, max: i64::MAX },
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
    Field::required("id", Kind::Integer { min: 0, max: i64::MAX }, "the campaign's id").unique(),
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
    Field::required("campaign", Kind::Integer { min: 0, max: i64::MAX }, "the campaign")
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
    Field::required("campaign", Kind::Integer { min: 0, max: i64::MAX }, "the campaign")
        .refers("campaigns"),
    roster::FIRST,
    roster::COUNT,
];

const CALLS: &[Field] = &[
    Field::required("campaign", Kind::Integer { min: 0, max: i64::MAX }, "the campaign")
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

pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Source) -> Result<(), SeedError> {
    let tx = cx.tx();
    // What is left out stays as it is in a world that lives.
    let mut settings = Settings::clone(&*settings::settings(cx)?);
    if let Some(row) = source.table("settings")? {
        let had_key = !settings.secret_key.is_empty();
        change_settings(&mut settings, &row);
        // The first key switches the API on.
        let has_first_key = !had_key && !settings.secret_key.is_empty();
        settings.allow_api = row.bool_or("allow_api", settings.allow_api || has_first_key);
    }
    settings::set_settings(cx, &settings)?;
    source.rows("whitelist", &mut |row| {
        let allow_api = row.bool_or("allow_api", true);
        for entry in addresses(row.text("ip")).unwrap_or_default() {
            settings::insert_addresses(&tx, &entry, allow_api)?;
        }
        Ok(())
    })?;
    source.rows("permission_groups", &mut |row| {
        let level = |name: &str| {
            let word = row.opt_text(name).unwrap_or_default();
            let number = Level::NAMES.iter().position(|known| *known == word).unwrap_or(0);
            i64::try_from(number).unwrap_or(0)
        };
        let group = NewGroup {
            name: row.text("name"),
            poll_results: level("get_campaign_ivr_poll_results"),
            statistics: level("get_campaign_statistics"),
            change_status: level("change_campaign_status"),
            upload_numbers: level("upload_numbers"),
        };
        Ok(users::insert_group(&tx, group)?)
    })?;
    load_users(cx, source)?;
    // Whether each campaign has numbers to dial: one that ran out of them waits for more.
    let mut had_numbers = BTreeMap::new();
    source.rows("campaigns", &mut |row| {
        insert_campaign(cx, row)?;
        had_numbers.insert(row.int("id"), true);
        if row.bool_or("running", false) {
            dialler::resume(cx, row.int("id"), &settings)?;
        }
        Ok(())
    })?;
    let mut look = |cx: &Cx<'_>, row: &Row<'_>| -> rusqlite::Result<()> {
        let campaign_id = row.int("campaign");
        if let Entry::Vacant(vacant) = had_numbers.entry(campaign_id) {
            vacant.insert(numbers::has_free_numbers(cx.db(), campaign_id)?);
        }
        Ok(())
    };
    source.rows("numbers", &mut |row| {
        look(cx, row)?;
        insert_number(cx, row)
    })?;
    source.rows("people", &mut |row| {
        look(cx, row)?;
        insert_people(cx, row)
    })?;
    for (campaign_id, _) in had_numbers.into_iter().filter(|(_, had_numbers)| !had_numbers) {
        let campaign = campaigns::campaign(cx.db(), campaign_id)?;
        if campaign.is_some_and(|campaign| campaign.running)
            && numbers::has_free_numbers(cx.db(), campaign_id)?
        {
            dialler::resume(cx, campaign_id, &settings)?;
        }
    }
    source.rows("calls", &mut |row| insert_call(cx, row))
}

/// People's numbers; one that the campaign has already is passed over.
fn insert_people(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let (tx, campaign_id) = (cx.tx(), row.int("campaign"));
    let mut last_id = numbers::last_number_id(&tx, campaign_id)?;
    cx.each_person(row, |person| {
        if !numbers::has_number(&tx, campaign_id, &person.digits)? {
            last_id += 1;
            numbers::insert_free_number(&tx, campaign_id, last_id, &person.digits)?;
        }
        Ok(())
    })
}

/// Takes over what a row states of the settings.
pub(crate) fn change_settings(settings: &mut Settings, row: &Row<'_>) {
    let flags = [
        ("allow_api", &mut settings.allow_api),
        ("allow_get", &mut settings.allow_get),
        ("disable_hash", &mut settings.disable_hash),
        ("xml_extension", &mut settings.xml_extension),
        ("restrict_ip", &mut settings.restrict_ip),
        ("paid_addon", &mut settings.paid_addon),
        ("auto_dial", &mut settings.auto_dial),
    ];
    for (name, flag) in flags {
        *flag = row.bool_or(name, *flag);
    }
    let texts =
        [("secret_key", &mut settings.secret_key), ("csv_separator", &mut settings.csv_separator)];
    for (name, text) in texts {
        if let Some(value) = row.opt_text(name) {
            value.clone_into(text);
        }
    }
}

/// The administrator's name where the scenario gives none.
const ADMIN_NAME: &str = "admin";

fn load_users(cx: &mut Cx<'_>, source: &mut dyn Source) -> Result<(), SeedError> {
    let mut has_admin = false;
    source.rows("users", &mut |row| {
        has_admin |= row.opt_text("type") == Some("admin");
        insert_user(cx, row)
    })?;
    if has_admin || source.is_merge() {
        return Ok(());
    }
    if users::user_kind(cx.db(), ADMIN_NAME)?.is_some() {
        let message = format!(
            "a user is called {ADMIN_NAME:?}, but there is none of type admin; \
                               expected another name, or an administrator of another name"
        );
        source.refuse("users", None, message);
        return Ok(());
    }
    Ok(users::insert_user(&cx.tx(), &user(ADMIN_NAME, "admin", ADMIN_ID))?)
}

/// A user of the administrator's with nothing special.
fn user<'a>(username: &'a str, kind: &'a str, id: i64) -> NewUser<'a> {
    NewUser {
        id,
        username,
        kind,
        owner_id: ADMIN_ID,
        standing: Standing { blocked: false, balance: 0.0, credit: -1.0, postpaid: true },
        time_zone: "UTC",
        csv_separator: "",
        api_restricted: false,
        permission_group: "",
        password: "",
        uniquehash: "",
        allow_api: true,
        secret_key: "",
        disable_hash: false,
        autodialer: true,
    }
}

fn insert_user(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let kind = row.opt_text("type").unwrap_or("user");
    let base = user(row.text("username"), kind, user_id(cx, row, kind)?);
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    let standing = Standing {
        blocked: row.bool_or("blocked", base.standing.blocked),
        balance: row.opt_decimal("balance").unwrap_or(base.standing.balance),
        credit: row.opt_decimal("credit").unwrap_or(base.standing.credit),
        postpaid: row.bool_or("postpaid", base.standing.postpaid),
    };
    let user = NewUser {
        owner_id: owner_id(cx, row, kind)?,
        standing,
        time_zone: row.opt_text("time_zone").unwrap_or(base.time_zone),
        csv_separator: text("csv_separator"),
        api_restricted: row.bool_or("api_restricted", base.api_restricted),
        permission_group: text("permission_group"),
        password: text("password"),
        uniquehash: text("uniquehash"),
        allow_api: row.bool_or("allow_api", base.allow_api),
        secret_key: text("secret_key"),
        disable_hash: row.bool_or("disable_hash", base.disable_hash),
        autodialer: row.bool_or("autodialer", base.autodialer),
        ..base
    };
    let only_resellers = ["allow_api", "secret_key", "disable_hash", "autodialer"];
    for field in only_resellers.into_iter().filter(|_| kind != "reseller") {
        if *row.get(field) != crate::contract::fields::Cell::Absent {
            let message =
                format!("only a reseller has a {field} of their own; this is of type {kind}");
            return Err(SeedError::field(field, message));
        }
    }
    Ok(users::insert_user(&cx.tx(), &user)?)
}

/// The row's id, or the next that is free.
fn user_id(cx: &Cx<'_>, row: &Row<'_>, kind: &str) -> Result<i64, SeedError> {
    let is_taken = |id| users::username(cx.db(), id);
    if kind == "admin" {
        if row.opt_int("id").is_some_and(|id| id != ADMIN_ID) {
            return Err(SeedError::field("id", "the administrator's id is 0"));
        }
        return match is_taken(ADMIN_ID)? {
            None => Ok(ADMIN_ID),
            Some(name) => Err(SeedError::row(format!("{name:?} is the administrator already"))),
        };
    }
    match row.opt_int("id") {
        Some(ADMIN_ID) => Err(SeedError::field("id", "0 is the administrator's id")),
        Some(id) => match is_taken(id)? {
            None => Ok(id),
            Some(name) => Err(SeedError::field(
                "id",
                format!("{name:?} has it already; give the explicit ids first"),
            )),
        },
        None => loop {
            let id = cx.next_count("user", FIRST_USER_ID)?;
            if is_taken(id)?.is_none() {
                return Ok(id);
            }
        },
    }
}

/// Where user ids count from.
const FIRST_USER_ID: i64 = 2;

fn owner_id(cx: &Cx<'_>, row: &Row<'_>, kind: &str) -> Result<i64, SeedError> {
    let Some(owner) = row.opt_text("owner") else { return Ok(ADMIN_ID) };
    match users::user_kind(cx.db(), owner)? {
        Some((ADMIN_ID, _)) => Ok(ADMIN_ID),
        Some((id, UserKind::Reseller)) if kind == "user" => Ok(id),
        Some((_, UserKind::Reseller)) => Err(SeedError::field(
            "owner",
            format!("a reseller owns users, not somebody of type {kind}"),
        )),
        Some((_, other)) => Err(SeedError::field(
            "owner",
            format!("{owner:?} is {}; expected a reseller", other.noun()),
        )),
        // The user's own row was refused, and told already.
        None => {
            Err(SeedError::field("owner", format!("{owner:?} is not usable; expected a reseller")))
        }
    }
}

fn insert_campaign(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let username = row.text("user");
    let user_id = match users::user_kind(cx.db(), username)? {
        Some((id, UserKind::User)) => id,
        Some((_, kind)) => {
            let message =
                format!("{username:?} is {}; only simple users create campaigns", kind.noun());
            return Err(SeedError::field("user", message));
        }
        None => return Err(SeedError::field("user", format!("{username:?} is not usable"))),
    };
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    let start_s = time_of_day_s(text("start_time")).unwrap_or(0);
    let answers = answers_json(row.texts("answers"));
    let campaign = NewCampaign {
        id: row.int("id"),
        name: row.text("name"),
        user_id,
        running: row.bool_or("running", false),
        start_s,
        stop_s: time_of_day_s(text("stop_time")).unwrap_or(start_s),
        max_retries: row.opt_int("max_retries").unwrap_or(0),
        retry_time_s: row.opt_int("retry_time").unwrap_or(60),
        wait_time_s: row.opt_int("wait_time").unwrap_or(10),
        device: text("device"),
        callerid: text("callerid"),
        allow_duplicates: row.bool_or("allow_duplicates", false),
        answers: &answers,
    };
    let tx = cx.tx();
    campaigns::insert_campaign(&tx, &campaign)?;
    for (position, action) in row.rows("actions").iter().enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let data = action.opt_text("data").unwrap_or_default();
        campaigns::insert_action(&tx, campaign.id, position, action.text("action"), data)?;
    }
    Ok(())
}

fn insert_number(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let tx = cx.tx();
    let (campaign_id, number) = (row.int("campaign"), row.text("number"));
    let campaign = campaigns::campaign(&tx, campaign_id)?;
    let Some(campaign) = campaign else {
        return Err(SeedError::field("campaign", format!("campaign {campaign_id} is not usable")));
    };
    let (executed_ms, completed_ms) = (row.opt_time_ms("executed"), row.opt_time_ms("completed"));
    let by_times = match (executed_ms, completed_ms) {
        (_, Some(_)) => "completed",
        (Some(_), None) => "executed",
        (None, None) => "new",
    };
    let number_id = numbers::last_number_id(&tx, campaign_id)? + 1;
    let new = NewNumber {
        campaign_id,
        id: number_id,
        number,
        status: row.opt_text("status").unwrap_or(by_times),
        executed_ms,
        completed_ms,
        valid_from_ms: row.opt_time_ms("valid_from"),
        valid_till_ms: row.opt_time_ms("valid_till"),
    };
    if !campaign.allow_duplicates && numbers::has_number(&tx, campaign_id, number)? {
        let message =
            format!("campaign {campaign_id} has {number} already and allows no duplicates");
        return Err(SeedError::field("number", message));
    }
    numbers::insert_number(&tx, &new)?;
    for answer in row.rows("answers") {
        let (at_ms, text) = (answer.time_ms("at"), answer.text("text"));
        calls::insert_log(&tx, campaign_id, number_id, at_ms, text)?;
    }
    Ok(())
}

fn insert_call(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let disposition = row.text("outcome");
    let billed_s = row.opt_int("billed").unwrap_or(0);
    if billed_s > 0 && disposition != "answered" {
        return Err(SeedError::field("billed", "only an answered call is billed"));
    }
    let call = NewCall {
        campaign_id: row.int("campaign"),
        number: row.text("number"),
        at_ms: row.time_ms("at"),
        disposition,
        billed_s,
    };
    Ok(calls::insert_call(&cx.tx(), &call)?)
}
