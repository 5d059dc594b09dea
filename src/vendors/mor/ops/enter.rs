//! The checks that come before every method, in the vendor's order (mor 1.6): API on, GET allowed,
//! address, hash, user, permission, campaign.

use std::net::IpAddr;
use std::sync::Arc;

use http::Method as Verb;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::auth;
use crate::vendors::mor::errors::{self, ADDRESS, API_OFF, GET_OFF, PERMISSION, Stop};
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::method::{Method, STATISTICS, UPLOAD_NUMBERS};
use crate::vendors::mor::model::{Caller, Campaign, Level, Settings, UserKind};
use crate::vendors::mor::ops::campaign::own_campaign;
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::{settings, users};
use crate::vendors::mor::variants::{Accountant, AdminReach, CheckOrder, UploadGet};
use crate::vendors::mor::wire::{self, Form};
use crate::web::message::Request;

/// A request that has passed the checks.
#[derive(Debug)]
pub(crate) struct Entered<'c> {
    pub(crate) asked: Asked<'c>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) caller: Caller,
    pub(crate) campaign: Campaign,
}

/// Runs a method behind its checks, and turns a refusal into the vendor's words.
pub(crate) fn run(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    method: &'static Method,
    work: impl FnOnce(&mut Cx<'_>, &Entered<'_>) -> Result<Vec<u8>, Stop>,
) -> Result<Reply, InternalError> {
    let settings = settings::settings(cx)?;
    let asked = Asked::new(cx, call);
    let form = form(&settings, asked.get("test").as_deref());
    let answered = enter(cx, asked, settings, method).and_then(|entered| work(cx, &entered));
    match answered {
        Ok(body) => Ok(Reply::ok(wire::respond(form, body))),
        Err(Stop::No(no)) => Ok(errors::refuse(cx, form, *no)),
        Err(Stop::Internal(error)) => Err(error),
    }
}

pub(crate) fn form(settings: &Settings, test: Option<&str>) -> Form {
    Form { xml: settings.xml_extension, inline: test == Some("1") }
}

fn enter<'c>(
    cx: &Cx<'_>,
    asked: Asked<'c>,
    settings: Arc<Settings>,
    method: &'static Method,
) -> Result<Entered<'c>, Stop> {
    let caller = auth::caller(cx, &asked, method)?;
    let owner = KeyOwner::of(&settings, caller.as_ref());
    check_gate(cx, asked.call.request, owner, Some(method))?;
    if cx.variant::<CheckOrder>() == CheckOrder::UserFirst && caller.is_none() {
        return Err(auth::no_caller(cx, &asked, method)?);
    }
    auth::check_hash(cx, &asked, method, caller.as_ref(), owner)?;
    let Some(caller) = caller else { return Err(auth::no_caller(cx, &asked, method)?) };
    check_permission(cx, &caller, method)?;
    let campaign = own_campaign(cx, &asked, &caller)?;
    Ok(Entered { asked, settings, caller, campaign })
}

/// The checks that need neither a hash nor a caller: API on, GET allowed, address. They come first
/// whatever function is asked for, one that is none included (mor 1.5, 1.6).
pub(crate) fn check_gate(
    cx: &Cx<'_>,
    request: &Request,
    owner: KeyOwner<'_>,
    method: Option<&Method>,
) -> Result<(), Stop> {
    check_api(owner)?;
    check_get(cx, request, owner.settings, method)?;
    check_address(cx, request, owner.settings)
}

fn check_api(owner: KeyOwner<'_>) -> Result<(), Stop> {
    if !owner.settings.allow_api {
        let hint = if owner.settings.secret_key.is_empty() {
            "no key was entered: seed secret_key in [mor.settings], which switches the API on"
        } else {
            "set allow_api = true in [mor.settings], or with the event set_setting"
        };
        return Err(Stop::no(&API_OFF, "Allow API globally on", "it is off", hint));
    }
    match owner.reseller.filter(|reseller| !reseller.allow_api) {
        None => Ok(()),
        Some(reseller) => {
            let found = format!("it is off for {:?}", reseller.username);
            let hint = "the reseller's own Allow API counts for the reseller and all their users; the \
                        event set_reseller switches it on";
            Err(Stop::no(&API_OFF, "the reseller's Allow API on", found, hint))
        }
    }
}

fn check_get(
    cx: &Cx<'_>,
    request: &Request,
    settings: &Settings,
    method: Option<&Method>,
) -> Result<(), Stop> {
    if request.method != Verb::GET {
        return Ok(());
    }
    let is_post_only = method.is_some_and(|method| method.post_only);
    if is_post_only && cx.variant::<UploadGet>() == UploadGet::Refused {
        let hint = "send the file with POST; Allow GET API makes no difference here";
        return Err(Stop::no(&GET_OFF, "POST", "GET", hint));
    }
    if settings.allow_get {
        return Ok(());
    }
    let hint = "send it with POST, parameters may stay in the query; or set allow_get = true in \
                [mor.settings]";
    Err(Stop::no(&GET_OFF, "POST, or Allow GET API on", "GET, and it is off", hint))
}

fn check_address(cx: &Cx<'_>, request: &Request, settings: &Settings) -> Result<(), Stop> {
    if !settings.restrict_ip {
        return Ok(());
    }
    let peer = request.peer;
    let expected = "an IPv4 address of the Whitelisted IPs list with Allow API access";
    let refuse = |hint: &str| Err(Stop::no(&ADDRESS, expected, peer.to_string(), hint));
    let IpAddr::V4(ip) = peer.to_canonical() else {
        return refuse("the list holds IPv4 addresses only; connect by IPv4");
    };
    if settings::is_whitelisted(cx.db(), ip.into())? {
        return Ok(());
    }
    if settings::is_listed(cx.db(), ip.into())? {
        return refuse(
            "the address is on the list, but without Allow API access; the event whitelist_ip \
             gives it with allow_api = true",
        );
    }
    refuse("add it with the event whitelist_ip, or set restrict_ip = false in [mor.settings]")
}

fn check_permission(cx: &Cx<'_>, caller: &Caller, method: &Method) -> Result<(), Stop> {
    let refuse = |expected: String, found: String, hint: &str| {
        Err(Stop::no(&PERMISSION, expected, found, hint))
    };
    let function = method.function;
    let who = format!("{:?}, {}", caller.username, caller.kind.noun());
    let is_staff = matches!(caller.kind, UserKind::User | UserKind::Accountant);
    if is_staff && caller.api_restricted {
        let group = caller.permission_group.as_str();
        let level = users::group_level(cx.db(), group, method.operation)?;
        if level.unwrap_or(Level::Disabled) < method.level {
            let needed = method.level.name();
            let expected = format!("{function} allowed as {needed}");
            let found = match level {
                None => format!("{who}, restricted and in no permission group"),
                Some(level) => format!("{who}, in group {group:?} with level {}", level.name()),
            };
            let hint = match level {
                None => {
                    format!("seed a group for the user that has {} = {needed:?}", method.operation)
                }
                Some(_) => format!("seed {} = {needed:?} in that group", method.operation),
            };
            return refuse(expected, found, &hint);
        }
    }
    if let Some(reseller) = caller.reseller.as_ref().filter(|reseller| !reseller.autodialer) {
        let expected = format!("Auto-Dialer enabled for reseller {:?}", reseller.username);
        let hint = "the reseller's group grants add-ons; seed autodialer = true for the reseller, or \
                    set it with the event set_reseller";
        return refuse(expected, "it is disabled".into(), hint);
    }
    if method.operation == UPLOAD_NUMBERS.operation && caller.kind != UserKind::User {
        let hint = "numbers are uploaded by the simple user who owns the campaign";
        return refuse("u: a simple user".into(), who, hint);
    }
    let is_refused = match caller.kind {
        UserKind::Accountant => cx.variant::<Accountant>() == Accountant::Refused,
        UserKind::Admin => {
            cx.variant::<AdminReach>() == AdminReach::StatisticsOnly
                && method.operation != STATISTICS.operation
        }
        UserKind::Reseller | UserKind::User => false,
    };
    if is_refused {
        let hint = match caller.kind {
            UserKind::Accountant => "the switch accountant = as_admin lets accountants in",
            _ => "the switch admin_reach = all lets the administrator in",
        };
        return refuse(format!("an account type that may use {function}"), who, hint);
    }
    Ok(())
}
