//! What happens outside the vendor's API: what people do in the vendor's GUI, and calls.

use serde_json::{Value, json};

use crate::base::limits::ID_MAX;
use crate::base::text::counted;
use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::reply::InternalError;
use crate::vendors::mor::model::{
    self, Campaign, DISPOSITIONS, Settings, addresses, check_addresses, check_number,
};
use crate::vendors::mor::store::calls::{self, NewCall};
use crate::vendors::mor::store::users::{self, ResellerChange, UserChange};
use crate::vendors::mor::store::{campaigns, in_progress, old_keys, settings};
use crate::vendors::mor::{dialler, seed};

const CAMPAIGN: Field =
    Field::required("campaign", Kind::Integer { min: 0, max: ID_MAX }, "the campaign's id");

const NUMBER: Field = Field::required("number", Kind::Checked(check_number), "digits only");

const DIAL_NUMBER: &[Field] = &[
    CAMPAIGN,
    NUMBER,
    Field::required("outcome", Kind::OneOf(DISPOSITIONS), "how the call ended"),
    Field::optional(
        "talk",
        Kind::Duration,
        "how long an answered call lasted, in whole seconds; 30s where left out",
    ),
    Field::optional("at", Kind::Time, "when it was dialled; where left out, so that it ends now"),
    Field::optional(
        "answers",
        Kind::Rows(&Rows { fields: ANSWERS }),
        "what IVR steps logged, oldest first",
    ),
];

const ANSWERS: &[Field] = &[
    Field::required("after", Kind::Duration, "how long after the dialling it was logged"),
    Field::required("text", Kind::Text, "the text of the IVR's author"),
];

const BLOCK_USER: &[Field] = &[
    Field::required("user", Kind::Text, "the username"),
    Field::optional("blocked", Kind::Bool, "true where left out"),
];

const SET_USER: &[Field] = &[
    Field::required("user", Kind::Text, "the username"),
    Field::optional("balance", Kind::Decimal, "money"),
    Field::optional("credit", Kind::Decimal, "what a postpaid user may owe; -1 is unlimited"),
    Field::optional("postpaid", Kind::Bool, "postpaid or prepaid"),
];

const SET_RESELLER: &[Field] = &[
    Field::required("reseller", Kind::Text, "the username"),
    Field::optional("allow_api", Kind::Bool, "Allow API"),
    Field::optional("disable_hash", Kind::Bool, "Disable hash checking"),
    Field::optional(
        "autodialer",
        Kind::Bool,
        "whether the reseller's group grants the Auto-Dialer",
    ),
];

const ROTATE_KEY: &[Field] = &[
    Field::required("secret_key", Kind::Text, "the new API Secret Key"),
    Field::optional("reseller", Kind::Text, "whose; the administrator's where left out"),
];

const WHITELIST_IP: &[Field] = &[
    Field::required(
        "ip",
        Kind::Checked(check_addresses),
        "an address, a network or a range of last octets",
    ),
    Field::optional("allow_api", Kind::Bool, "Allow API access; true where left out"),
];

pub(crate) static EVENTS: &[Event] = &[
    Event {
        name: "start_campaign",
        text: "a campaign is started in the GUI, under the API's conditions",
        fields: &[CAMPAIGN],
    },
    Event { name: "stop_campaign", text: "a campaign is stopped in the GUI", fields: &[CAMPAIGN] },
    Event {
        name: "dial_number",
        text: "a number was dialled, whether the campaign runs or not; the call has ended",
        fields: DIAL_NUMBER,
    },
    Event {
        name: "reactivate_number",
        text: "a number is new again; its times stay",
        fields: &[CAMPAIGN, NUMBER],
    },
    Event {
        name: "redial_failed",
        text: "numbers that were dialled and not completed are new again, but for one on a call",
        fields: &[CAMPAIGN],
    },
    Event {
        name: "set_setting",
        text: "the administrator changes API settings; what is left out stays",
        fields: seed::fields::SETTINGS,
    },
    Event {
        name: "set_reseller",
        text: "a reseller's API settings and rights change; what is left out stays",
        fields: SET_RESELLER,
    },
    Event {
        name: "rotate_key",
        text: "an API Secret Key changes; hashes made with the old one are refused from now on",
        fields: ROTATE_KEY,
    },
    Event { name: "block_user", text: "a user is blocked, or let in again", fields: BLOCK_USER },
    Event {
        name: "set_user",
        text: "a user's money changes; what is left out stays",
        fields: SET_USER,
    },
    Event {
        name: "whitelist_ip",
        text: "an address is put on the Whitelisted IPs list",
        fields: WHITELIST_IP,
    },
    Event {
        name: "unlist_ip",
        text: "an address is taken off the Whitelisted IPs list",
        fields: &[WHITELIST_IP[0]],
    },
];

pub(crate) fn happen(cx: &mut Cx<'_>, name: &str, row: &Row<'_>) -> Result<Value, EventError> {
    match name {
        "start_campaign" => start_campaign(cx, row),
        "stop_campaign" => {
            let campaign = campaign(cx, row)?;
            if !campaign.running {
                return Err(EventError::Refused(format!(
                    "campaign {} is not running",
                    campaign.id
                )));
            }
            dialler::stop(cx, campaign.id)?;
            Ok(json!({ "campaign": campaign.id, "running": false }))
        }
        "dial_number" => dial_number(cx, row),
        "reactivate_number" => {
            let (campaign, number) = number(cx, row)?;
            let settings = settings::settings(cx)?;
            dialler::with_more_numbers(cx, &campaign, &settings, |cx| {
                calls::reactivate(&cx.tx(), campaign.id, number.id)
            })?;
            cx.effect(format!("campaign {}: {} is new again", campaign.id, number.digits));
            Ok(json!({ "campaign": campaign.id, "number": number.digits }))
        }
        "redial_failed" => {
            let campaign = campaign(cx, row)?;
            let settings = settings::settings(cx)?;
            let n_numbers = dialler::with_more_numbers(cx, &campaign, &settings, |cx| {
                let on_call = in_progress::number_on_call(cx.db(), campaign.id)?;
                calls::redial_failed(&cx.tx(), campaign.id, on_call)
            })?;
            let numbers = counted(n_numbers, "number is", "numbers are");
            cx.effect(format!("campaign {}: {numbers} new again", campaign.id));
            Ok(json!({ "campaign": campaign.id, "numbers": n_numbers }))
        }
        "set_setting" => set_setting(cx, row),
        "set_reseller" => set_reseller(cx, row),
        "rotate_key" => rotate_key(cx, row),
        "block_user" => {
            let blocked = row.bool_or("blocked", true);
            change_user(cx, row, UserChange { blocked: Some(blocked), ..UserChange::default() })
        }
        "set_user" => {
            let change = UserChange {
                blocked: None,
                balance: row.opt_decimal("balance"),
                credit: row.opt_decimal("credit"),
                postpaid: row.opt_bool("postpaid"),
            };
            change_user(cx, row, change)
        }
        "whitelist_ip" => {
            let allow_api = row.bool_or("allow_api", true);
            let entries = addresses(row.text("ip")).unwrap_or_default();
            for entry in &entries {
                settings::delete_addresses(&cx.tx(), entry)?;
                settings::insert_addresses(&cx.tx(), entry, allow_api)?;
            }
            cx.effect(format!("{} on the Whitelisted IPs list", row.text("ip")));
            Ok(json!({ "entries": entries.len() }))
        }
        "unlist_ip" => unlist_ip(cx, row.text("ip")),
        other => Err(InternalError::new(format!("event {other} is not written")).into()),
    }
}

fn campaign(cx: &Cx<'_>, row: &Row<'_>) -> Result<Campaign, EventError> {
    let id = row.int("campaign");
    let found = campaigns::campaign(cx.db(), id)?;
    found.ok_or_else(|| EventError::Refused(format!("there is no campaign {id} in this world")))
}

/// A number that nobody is on the phone with.
fn number(cx: &Cx<'_>, row: &Row<'_>) -> Result<(Campaign, calls::Number), EventError> {
    let campaign = campaign(cx, row)?;
    let text = row.text("number");
    let found = calls::number(cx.db(), campaign.id, text)?;
    let missing = || EventError::Refused(format!("campaign {} has no number {text}", campaign.id));
    let number = found.ok_or_else(missing)?;
    if in_progress::number_on_call(cx.db(), campaign.id)? == Some(number.id) {
        let reason = format!(
            "{text} is on a call of campaign {}; advance the clock to the call's end first",
            campaign.id
        );
        return Err(EventError::Refused(reason));
    }
    Ok((campaign, number))
}

fn start_campaign(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let campaign = campaign(cx, row)?;
    if campaign.running {
        return Err(EventError::Refused(format!("campaign {} is running already", campaign.id)));
    }
    if let Some(reason) = campaigns::check_start(cx.db(), &campaign)? {
        let (id, reason) = (campaign.id, reason.words());
        return Err(EventError::Refused(format!("campaign {id} cannot start: {reason}")));
    }
    let settings = settings::settings(cx)?;
    dialler::start(cx, campaign.id, &settings)?;
    Ok(json!({ "campaign": campaign.id, "running": true }))
}

/// How long an answered call lasts where the event does not say.
const TALK: Span = Span::secs(30);

fn dial_number(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let refuse = |reason: String| Err(EventError::Refused(reason));
    let (campaign, number) = number(cx, row)?;
    let disposition = row.text("outcome");
    let is_answered = disposition == "answered";
    if number.status == "completed" {
        let text = &number.digits;
        return refuse(format!(
            "{text} is completed and is not dialled again; reactivate it first"
        ));
    }
    let talk = match (row.opt_duration("talk"), is_answered) {
        (None, true) => TALK,
        (None | Some(Span::ZERO), false) => Span::ZERO,
        (Some(talk), true) if talk.subsec_millis() == 0 => talk,
        (Some(_), true) => return refuse("talk is billed in whole seconds".into()),
        (Some(_), false) => {
            return refuse(format!("a call that ends as {disposition} has no talk"));
        }
    };
    let at = row.opt_time("at").unwrap_or(cx.now().saturating_sub(talk));
    let Some(ends) = at.checked_add(talk).filter(|ends| *ends <= cx.now()) else {
        return refuse(
            "the call would end after the world's time; advance the clock, or set at".into(),
        );
    };
    if let Some(last) = number.executed.filter(|last| is_answered && *last > at) {
        return refuse(format!(
            "{} was dialled again at {last}, and is not once somebody has answered; leave at out, or set a \
             later one",
            number.digits
        ));
    }
    let mut answers = Vec::new();
    for answer in row.rows("answers") {
        let (after, text) = (answer.duration("after"), answer.text("text"));
        if !is_answered {
            return refuse(format!(
                "a call that ends as {disposition} has no answers: nobody took it; leave answers out, \
                 or set outcome = answered"
            ));
        }
        if after > talk {
            return refuse(format!("the answer {text:?} comes after the end of the call"));
        }
        answers.push((at.saturating_add(after), text.to_owned()));
    }
    let call =
        NewCall { campaign_id: campaign.id, number: &number.digits, at, disposition, billed: talk };
    let completed = is_answered.then_some(ends);
    dialler::record(cx, &number, &call, completed, &answers)?;
    let status = if is_answered { "completed" } else { "executed" };
    Ok(json!({ "campaign": campaign.id, "number": number.digits, "status": status }))
}

fn set_setting(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let mut settings = Settings::clone(&*settings::settings(cx)?);
    let dialled = settings.auto_dial;
    seed::change_settings(&mut settings, row);
    if settings.allow_api && settings.secret_key.is_empty() {
        // The GUI's own words (mor 1.5).
        let reason = "Invalid API secret key: the API cannot be on without one; set secret_key too";
        return Err(EventError::Refused(reason.into()));
    }
    let given = row.fields().iter().zip(row.cells()).filter(|(_, cell)| **cell != Cell::Absent);
    let names: Vec<&str> = given.map(|(field, _)| field.name).collect();
    let api = ["allow_get", "disable_hash", "xml_extension", "restrict_ip"];
    if let Some(greyed) = names.iter().find(|name| !settings.allow_api && api.contains(name)) {
        let reason =
            format!("{greyed} cannot be edited while allow_api is off; switch it on first");
        return Err(EventError::Refused(reason));
    }
    keep_key(cx, &settings.secret_key)?;
    settings::set_settings(cx, &settings)?;
    if settings.auto_dial && !dialled {
        dialler::resume_all(cx, &settings)?;
    }
    cx.effect(format!("settings changed: {}", names.join(", ")));
    Ok(json!({ "changed": names }))
}

/// Keeps the administrator's key where another takes its place.
fn keep_key(cx: &Cx<'_>, secret_key: &str) -> rusqlite::Result<()> {
    let former = settings::settings(cx)?;
    if former.secret_key == secret_key {
        return Ok(());
    }
    old_keys::keep(cx, "", &former.secret_key)
}

fn set_reseller(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let reseller = row.text("reseller");
    let change = ResellerChange {
        allow_api: row.opt_bool("allow_api"),
        secret_key: None,
        disable_hash: row.opt_bool("disable_hash"),
        autodialer: row.opt_bool("autodialer"),
    };
    if !users::change_reseller(&cx.tx(), reseller, change)? {
        return Err(EventError::Refused(format!(
            "there is no reseller {reseller:?} in this world"
        )));
    }
    cx.effect(format!("settings of reseller {reseller:?} changed"));
    Ok(json!({ "reseller": reseller }))
}

fn rotate_key(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let secret_key = row.text("secret_key");
    let Some(reseller) = row.opt_text("reseller") else {
        let mut settings = Settings::clone(&*settings::settings(cx)?);
        if settings.allow_api && secret_key.is_empty() {
            let reason = "Invalid API secret key: the API is on and needs one";
            return Err(EventError::Refused(reason.into()));
        }
        keep_key(cx, secret_key)?;
        secret_key.clone_into(&mut settings.secret_key);
        settings::set_settings(cx, &settings)?;
        cx.effect("the administrator has a new key");
        return Ok(json!({ "owner": "administrator" }));
    };
    let former = users::caller(cx.db(), reseller)?.and_then(|caller| caller.reseller);
    if let Some(former) = former.filter(|former| former.secret_key != secret_key) {
        old_keys::keep(cx, reseller, &former.secret_key)?;
    }
    let change = ResellerChange { secret_key: Some(secret_key), ..ResellerChange::default() };
    if !users::change_reseller(&cx.tx(), reseller, change)? {
        return Err(EventError::Refused(format!(
            "there is no reseller {reseller:?} in this world"
        )));
    }
    cx.effect(format!("reseller {reseller:?} has a new key"));
    Ok(json!({ "owner": reseller }))
}

fn change_user(cx: &mut Cx<'_>, row: &Row<'_>, change: UserChange) -> Result<Value, EventError> {
    let user = row.text("user");
    let waiting = dialler::waiting_for_user(cx, user)?;
    if !users::change_user(&cx.tx(), user, change)? {
        return Err(EventError::Refused(format!("there is no user {user:?} in this world")));
    }
    cx.effect(match change.blocked {
        Some(true) => format!("user {user:?} is blocked"),
        Some(false) => format!("user {user:?} is not blocked"),
        None => format!("the money of user {user:?} changed"),
    });
    let settings = settings::settings(cx)?;
    dialler::go_on(cx, &waiting, &settings)?;
    Ok(json!({ "user": user }))
}

fn unlist_ip(cx: &mut Cx<'_>, ip: &str) -> Result<Value, EventError> {
    let mut n_removed = 0;
    for entry in model::addresses(ip).unwrap_or_default() {
        n_removed += settings::delete_addresses(&cx.tx(), &entry)?;
    }
    if n_removed == 0 {
        return Err(EventError::Refused(format!(
            "{ip} is not an entry of the Whitelisted IPs list"
        )));
    }
    cx.effect(format!("{ip} off the Whitelisted IPs list"));
    Ok(json!({ "entries": n_removed }))
}
