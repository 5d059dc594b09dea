//! The campaign that a request names, and why it is none that the caller sees.

use crate::contract::cx::Cx;
use crate::vendors::mor::errors::{CAMPAIGN, PERMISSION, Stop};
use crate::vendors::mor::hash_diagnosis::cut;
use crate::vendors::mor::model::{ADMIN_ID, Caller, Campaign, UserKind};
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::campaigns;
use crate::vendors::mor::variants::ForeignCampaign;
use crate::vendors::mor::{missing, unread};
use crate::web::diagnosis::digits::plain_digit;
use crate::web::diagnosis::disguise::unfilled;
use crate::web::diagnosis::thousands::thousands;

/// Campaigns that a reason lists.
const CAMPAIGNS_SHOWN_MAX: i64 = 10;

/// The campaign of a request, where the caller sees it.
pub(crate) fn own_campaign(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    caller: &Caller,
) -> Result<Campaign, Stop> {
    let expected = format!("id: a campaign that {:?} sees", caller.username);
    let refuse =
        |found: String, hint: String| Err(Stop::no(&CAMPAIGN, expected.clone(), found, hint));
    let Some(sent) = asked.given("id") else {
        if missing::other_name(asked, "id").is_none()
            && let Some(stop) = unread::parameters(asked.call, &CAMPAIGN)
        {
            return Err(stop);
        }
        let (found, hint) = missing::parameter(asked, "id");
        return refuse(found, hint);
    };
    let is_number = sent.bytes().all(|byte| byte.is_ascii_digit());
    let Some(id) = sent.parse::<i64>().ok().filter(|_| is_number) else {
        return refuse(format!("{:?}", cut(&sent)), no_id(cx, &sent, caller)?);
    };
    let Some(campaign) = campaigns::campaign(cx.db(), id)? else {
        return refuse(format!("{id}, which is none"), those_seen(cx, caller)?);
    };
    if campaign.is_visible_to(caller) {
        return Ok(campaign);
    }
    let refusal = match cx.variant() {
        ForeignCampaign::NotFound => &CAMPAIGN,
        ForeignCampaign::NotAuthorized => &PERMISSION,
    };
    let found = format!("{id}, a campaign of {:?}", campaign.username);
    let whose = match caller.kind {
        UserKind::User => "a user sees their own campaigns alone",
        UserKind::Reseller => "a reseller sees those of their own users alone",
        UserKind::Admin | UserKind::Accountant => "those of a reseller's users are the reseller's",
    };
    let hint = format!("{whose}; {}", those_seen(cx, caller)?);
    Err(Stop::no(refusal, expected, found, hint))
}

/// What is wrong with an id that is no number.
fn no_id(cx: &Cx<'_>, sent: &str, caller: &Caller) -> Result<String, Stop> {
    if sent.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(format!("no id is as large as that; {}", those_seen(cx, caller)?));
    }
    if let Some(unfilled) = unfilled(sent) {
        return Ok(unfilled.cure().into());
    }
    let sees = |digits: &str| -> Result<Option<i64>, Stop> {
        let Ok(id) = digits.parse::<i64>() else { return Ok(None) };
        let campaign = campaigns::campaign(cx.db(), id)?;
        Ok(campaign.filter(|it| it.is_visible_to(caller)).map(|it| it.id))
    };
    let is_list = match thousands(sent) {
        Some(thousands) => thousands.are_all(|id| sees(id).map(|it| it.is_some()))?,
        None => sent.contains([',', ';']) && as_number(sent).is_none(),
    };
    if is_list {
        return Ok("one campaign per request".into());
    }
    if let Some((how, digits)) = as_number(sent)
        && let Some(id) = sees(&digits)?
    {
        return Ok(format!("{how}; is id={id} meant?"));
    }
    for id in seen_by(cx, caller)? {
        let name = campaigns::campaign(cx.db(), id)?.map(|campaign| campaign.name);
        if name.is_some_and(|name| name.to_lowercase() == sent.trim().to_lowercase()) {
            return Ok(format!("that is the name of campaign {id}; send id={id}"));
        }
    }
    // Something around the digits, but nothing between them.
    let digits = sent.trim_matches(|it: char| !it.is_ascii_digit());
    let is_near = sent.len() < digits.len() + SIGNS_MAX;
    Ok(match sees(digits)? {
        Some(id) if is_near => {
            format!("an id is a number without anything around it; is id={id} meant?")
        }
        _ => format!("an id is a whole number, in digits alone; {}", those_seen(cx, caller)?),
    })
}

/// The digits of an id that was written as another kind of number, with what is wrong with it.
fn as_number(sent: &str) -> Option<(&'static str, String)> {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let hex = sent.strip_prefix("0x").or_else(|| sent.strip_prefix("0X"));
    if let Some(number) = hex.and_then(|digits| i64::from_str_radix(digits, 16).ok()) {
        return Some(("an id is written in decimal digits", number.to_string()));
    }
    let plain: String = sent.chars().map(|it| plain_digit(it).unwrap_or(it)).collect();
    if plain != sent && all_digits(&plain) {
        return Some(("write the digits of ASCII, 0 to 9", plain));
    }
    if let Some((whole, rest)) = sent.split_once(['.', ','])
        && all_digits(whole)
        && all_digits(rest)
        && rest.bytes().all(|it| it == b'0')
        && rest.len() < 3
    {
        return Some(("an id has no fraction", whole.into()));
    }
    thousands(sent).map(|it| ("an id has no sign between its thousands", it.number))
}

/// Characters round an id's digits beyond which it is no id with something round it.
const SIGNS_MAX: usize = 4;

/// The campaigns that a caller sees, as the end of a hint.
fn those_seen(cx: &Cx<'_>, caller: &Caller) -> Result<String, Stop> {
    let ids: Vec<String> = seen_by(cx, caller)?.iter().map(i64::to_string).collect();
    let name = &caller.username;
    Ok(match ids.len() {
        0 => format!("{name:?} sees none; campaigns come from the scenario, not from the API"),
        _ => format!("{name:?} sees {}", ids.join(", ")),
    })
}

fn seen_by(cx: &Cx<'_>, caller: &Caller) -> rusqlite::Result<Vec<i64>> {
    let (user_id, owner_id) = match caller.kind {
        UserKind::User => (Some(caller.id), None),
        UserKind::Reseller => (None, Some(caller.id)),
        UserKind::Admin | UserKind::Accountant => (None, Some(ADMIN_ID)),
    };
    campaigns::campaign_ids(cx.db(), user_id, owner_id, CAMPAIGNS_SHOWN_MAX)
}
