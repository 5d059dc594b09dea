//! The vendor's section of a scenario: how its rows are loaded.

pub(crate) mod fields;

mod accounts;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::base::limits::ID_MAX;
use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::fields::Row;
use crate::contract::section::{Section, SeedError};
use crate::vendors::mor::dialler::{self, answers_json};
use crate::vendors::mor::model::{Level, Settings, UserKind, addresses};
use crate::vendors::mor::seed::accounts::load_users;
use crate::vendors::mor::store::calls::{self, NewCall};
use crate::vendors::mor::store::campaigns::{self, NewCampaign};
use crate::vendors::mor::store::numbers::{self, NewNumber};
use crate::vendors::mor::store::settings;
use crate::vendors::mor::store::users::{self, NewGroup};
use crate::vendors::mor::zone::time_of_day;

/// Loads the section.
pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
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
            last_id = id_after(last_id)?;
            numbers::insert_free_number(&tx, campaign_id, last_id, &person.digits)?;
        }
        Ok(())
    })
}

/// The next number's id.
fn id_after(last: i64) -> Result<i64, SeedError> {
    numbers::id_after(last).ok_or_else(|| {
        let message = format!("the campaign has no id left for a number; they end at {ID_MAX}");
        SeedError::field("campaign", message)
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

/// How long after an attempt the next is made, where the campaign does not say.
const RETRY_TIME: Span = Span::MINUTE;

/// How long the dialler waits between numbers, where the campaign does not say.
const WAIT_TIME: Span = Span::secs(10);

fn insert_campaign(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let username = row.text("user");
    let user_id = match users::user_kind(cx.db(), username)? {
        Some((id, UserKind::User)) => id,
        Some((_, kind)) => {
            let message =
                format!("{username:?} is {}; only simple users create campaigns", kind.noun());
            return Err(SeedError::field("user", message));
        }
        // The user's own row was refused, and the mistake is told already.
        None => return Ok(()),
    };
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    let start = time_of_day(text("start_time")).unwrap_or_default();
    let seconds = |name: &str, default| row.opt_int(name).map_or(default, Span::clamped_from_secs);
    let answers = answers_json(row.texts("answers"));
    let campaign = NewCampaign {
        id: row.int("id"),
        name: row.text("name"),
        user_id,
        running: row.bool_or("running", false),
        start,
        stop: time_of_day(text("stop_time")).unwrap_or(start),
        max_retries: row.opt_int("max_retries").unwrap_or(0),
        retry_time: seconds("retry_time", RETRY_TIME),
        wait_time: seconds("wait_time", WAIT_TIME),
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
    // The campaign's own row was refused, and the mistake is told already.
    let Some(campaign) = campaign else { return Ok(()) };
    let (executed, completed) = (row.opt_time("executed"), row.opt_time("completed"));
    let by_times = match (executed, completed) {
        (_, Some(_)) => "completed",
        (Some(_), None) => "executed",
        (None, None) => "new",
    };
    let number_id = id_after(numbers::last_number_id(&tx, campaign_id)?)?;
    let new = NewNumber {
        campaign_id,
        id: number_id,
        number,
        status: row.opt_text("status").unwrap_or(by_times),
        executed,
        completed,
        valid_from: row.opt_time("valid_from"),
        valid_till: row.opt_time("valid_till"),
    };
    if !campaign.allow_duplicates && numbers::has_number(&tx, campaign_id, number)? {
        let message =
            format!("campaign {campaign_id} has {number} already and allows no duplicates");
        return Err(SeedError::field("number", message));
    }
    numbers::insert_number(&tx, &new)?;
    for answer in row.rows("answers") {
        let (at, text) = (answer.time("at"), answer.text("text"));
        calls::insert_log(&tx, campaign_id, number_id, at, text)?;
    }
    Ok(())
}

fn insert_call(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let disposition = row.text("outcome");
    let billed = row.opt_int("billed").map_or(Span::ZERO, Span::clamped_from_secs);
    if !billed.is_zero() && disposition != "answered" {
        return Err(SeedError::field("billed", "only an answered call is billed"));
    }
    let call = NewCall {
        campaign_id: row.int("campaign"),
        number: row.text("number"),
        at: row.time("at"),
        disposition,
        billed,
    };
    Ok(calls::insert_call(&cx.tx(), &call)?)
}
