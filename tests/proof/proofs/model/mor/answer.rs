//! What the vendor answers, check by check.

use std::collections::BTreeSet;

use chrono::DateTime;
use ringback::inside::base::hex::hex;
use sha1::{Digest, Sha1};

use super::super::{Body, Expected};
use super::ask::{Ask, Hash, Params};
use super::campaign::{Call, Number};
use super::file::{File, file_text};
use super::{DAY_MS, GROUPS, Kind, Mor, POLL, SHOP, STATISTICS, TOGGLE, UNPAID_MAX, UPLOAD, USERS};

/// What the vendor answers.
impl Mor {
    pub(super) fn answer(&mut self, ask: &Ask) -> Expected {
        let params = ask.params(self);
        let (mut expected, is_page) = match self.work(ask, &params) {
            Ok(done) => (done, true),
            Err(refused) => *refused,
        };
        if expected.status != 200 {
            return expected;
        }
        let has_former = self.settings.n_keys + self.shop.n_keys > 0;
        if expected.rule == Some("mor.hash") && ask.hash == Hash::KeyBefore && has_former {
            expected = expected.shows("key of before");
        }
        if let Body::Text(inner) = &expected.body {
            expected.body = Body::Text(enclosed(inner, is_page));
        }
        let is_inline = param(&params, "test") == "1";
        let (media, file) = match (self.settings.xml_extension, is_inline) {
            (false, false) => ("text/html", Some("attachment; filename=\"mor_api_response.html\"")),
            (true, false) => ("text/xml", Some("attachment; filename=\"mor_api_response.xml\"")),
            (false, true) => ("text/html", None),
            (true, true) => ("application/xml", None),
        };
        if media == "text/xml" {
            expected = expected.shows("as text/xml");
        }
        expected = ask.states(expected);
        if is_inline {
            expected = expected.shows("shown inline");
        }
        expected = expected.header("content-type", media);
        match file {
            Some(file) => expected.header("content-disposition", file),
            None => expected.without("content-disposition"),
        }
    }

    /// The checks in the contract's order; a refusal with whether it stands in a page.
    pub(super) fn work(
        &mut self,
        ask: &Ask,
        params: &Params,
    ) -> Result<Expected, Box<(Expected, bool)>> {
        let what = ask.what();
        if !["GET", "POST"].contains(&ask.method) {
            let refused = Expected::refused("-", 404, "mor.route", Body::Any);
            return Err(Box::new((refused, false)));
        }
        let caller = caller(what, params);
        self.gate(ask, what, params, caller)
            .map_err(|(rule, text)| Box::new((refused(what, rule, "error", text), false)))?;
        if what == "-" {
            return Err(Box::new((undefined(ask.function), false)));
        }
        let in_page = |rule, text: &str| Box::new((refused(what, rule, "error", text), true));
        let caller = caller.ok_or_else(|| in_page("mor.user", "Access Denied"))?;
        if !self.may(what, caller) {
            let text = "You are not authorized to use this functionality";
            return Err(in_page("mor.permission", text));
        }
        let nth = self
            .campaign(caller, param(params, "id"))
            .ok_or_else(|| in_page("mor.campaign", "Campaign was not found"))?;
        let done = match what {
            POLL => self.poll(nth, caller),
            STATISTICS => self.statistics(nth, caller, params),
            TOGGLE => Ok(self.toggle(nth)),
            _ => self.upload(nth, &ask.file),
        };
        done.map_err(|(rule, text)| in_page(rule, text))
    }

    /// What is looked at before the caller is known.
    pub(super) fn gate(
        &self,
        ask: &Ask,
        what: &'static str,
        params: &Params,
        caller: Option<usize>,
    ) -> Result<(), (&'static str, &'static str)> {
        let reseller = caller.and_then(|it| match USERS[it].kind {
            Kind::Reseller => Some(it),
            _ => USERS[it].owner,
        });
        if !self.settings.allow_api || reseller == Some(SHOP) && !self.shop.allow_api {
            return Err(("mor.api_off", "API Requests are disabled"));
        }
        if ask.method == "GET" && (!self.settings.allow_get || what == UPLOAD) {
            return Err(("mor.get_off", "GET Requests are disabled"));
        }
        if self.settings.restrict_ip && !self.may_connect() {
            return Err(("mor.address", "Access Denied"));
        }
        if what == "-"
            || self.settings.disable_hash
            || reseller == Some(SHOP) && self.shop.disable_hash
        {
            return Ok(());
        }
        let Some(key) = self.key_for(reseller) else {
            return Err(("mor.no_key", "API must have Secret Key"));
        };
        let right = hashed(what, params, &key);
        if param(params, "hash") == right { Ok(()) } else { Err(("mor.hash", "Incorrect hash")) }
    }

    pub(super) fn may_connect(&self) -> bool {
        self.whitelist.iter().any(|(entry, allowed)| *allowed && entry.starts_with("127."))
    }

    pub(super) fn may(&self, what: &str, caller: usize) -> bool {
        let known = &USERS[caller];
        let reseller = if known.kind == Kind::Reseller { Some(caller) } else { known.owner };
        let has_dialer = reseller != Some(SHOP) || self.shop.autodialer;
        let right = known.group.map(|group| match what {
            POLL => GROUPS[group][0] != "disabled",
            STATISTICS => GROUPS[group][1] != "disabled",
            TOGGLE => GROUPS[group][2] == "write",
            _ => GROUPS[group][3] == "write",
        });
        let may_upload = what != UPLOAD || known.kind == Kind::User;
        known.kind != Kind::Accountant && has_dialer && may_upload && right.unwrap_or(true)
    }

    pub(super) fn campaign(&self, caller: usize, id: &str) -> Option<usize> {
        let id: u64 = id.parse().ok()?;
        let nth = self.campaigns.iter().position(|it| it.id == id)?;
        let owner = self.campaigns[nth].user;
        let is_seen = match USERS[caller].kind {
            Kind::User => owner == caller,
            Kind::Reseller => USERS[owner].owner == Some(caller),
            Kind::Admin | Kind::Accountant => USERS[owner].owner.is_none(),
        };
        is_seen.then_some(nth)
    }

    pub(super) fn key_for(&self, reseller: Option<usize>) -> Option<String> {
        match reseller {
            None => Some(self.key_of_admin(self.settings.n_keys)),
            Some(SHOP) => Some(self.key_of_shop(self.shop.n_keys)),
            // The other one has none.
            Some(_) => None,
        }
    }

    #[expect(clippy::unused_self, reason = "it stands beside the other")]
    pub(super) fn key_of_admin(&self, nth: u32) -> String {
        format!("sim-secret-{nth}")
    }

    #[expect(clippy::unused_self, reason = "it stands beside the other")]
    pub(super) fn key_of_shop(&self, nth: u32) -> String {
        format!("resell-key-{nth}")
    }

    pub(super) fn poll(
        &self,
        nth: usize,
        caller: usize,
    ) -> Result<Expected, (&'static str, &'static str)> {
        let campaign = &self.campaigns[nth];
        if campaign.numbers.is_empty() {
            return Err(("mor.no_numbers", "Campaign does not have any Numbers"));
        }
        let (known, separator) = (&USERS[caller], separator(caller));
        let mut states = BTreeSet::new();
        let mut rows = Vec::new();
        for number in &campaign.numbers {
            let mut row = number.text.clone();
            let mut put = |text: &str| {
                row.push_str(separator);
                row.push_str(text);
            };
            for at_ms in [number.executed_ms, number.completed_ms].into_iter().flatten() {
                put(&printed(at_ms, caller));
                states.extend((known.zone.1 != 0).then_some("times of another zone"));
            }
            for (at_ms, text) in &number.answers {
                put(&printed(*at_ms, caller));
                put(&text.replace(separator, ""));
                states.insert("poll answer");
                let is_shorter = text.contains(separator);
                states.extend(is_shorter.then_some("answer without its separator"));
            }
            rows.push(escaped(&row));
        }
        let text = rows.join("\n");
        let text = format!("<ivr_poll_results_string>{text}</ivr_poll_results_string>");
        let expected = Expected::ok(POLL, Body::Text(text));
        Ok(Expected { states: states.into_iter().collect(), ..expected })
    }

    pub(super) fn statistics(
        &self,
        nth: usize,
        caller: usize,
        params: &Params,
    ) -> Result<Expected, (&'static str, &'static str)> {
        let zone_ms = USERS[caller].zone.1 * 60_000;
        let today_ms = (self.now_ms + zone_ms).div_euclid(DAY_MS) * DAY_MS - zone_ms;
        let sent_ms = |name: &str| param(params, name).parse().ok().map(|it: i64| it * 1000);
        let (from_sent, till_sent) = (sent_ms("period_start"), sent_ms("period_end"));
        let from_ms = from_sent.unwrap_or(today_ms);
        let till_ms = till_sent.unwrap_or(today_ms + DAY_MS - 60_000);
        if from_ms > till_ms {
            return Err(("mor.period", "Date from is greater than date till"));
        }
        let campaign = &self.campaigns[nth];
        if campaign.numbers.is_empty() {
            return Err(("mor.no_numbers", "Campaign does not have any Numbers"));
        }
        let is_meant =
            |it: &&Call| it.campaign == campaign.id && (from_ms..=till_ms).contains(&it.at_ms);
        let calls: Vec<&Call> = self.calls.iter().filter(is_meant).collect();
        if calls.is_empty() {
            let text = "Campaign does not have any Calls in selected time period";
            return Err(("mor.no_calls", text));
        }
        let is_today = from_sent.is_none() && till_sent.is_none();
        let state = if is_today { "statistics of today" } else { "statistics of a period" };
        let period = [printed(from_ms, caller), printed(till_ms, caller)];
        let text = campaign.statistics(&period, &calls);
        Ok(Expected::ok(STATISTICS, Body::Text(text)).shows(state))
    }

    pub(super) fn toggle(&mut self, nth: usize) -> Expected {
        if self.campaigns[nth].running {
            self.campaigns[nth].stop();
            return success(TOGGLE, "Campaign stopped").shows("campaign stops");
        }
        if let Some((rule, text)) = self.cannot_start(nth) {
            return refused(TOGGLE, rule, "message", &text);
        }
        self.start(nth);
        success(TOGGLE, "Campaign started").shows("campaign starts")
    }

    pub(super) fn upload(
        &mut self,
        nth: usize,
        file: &File,
    ) -> Result<Expected, (&'static str, &'static str)> {
        let File::Of { name, lines, end } = file else {
            return Err(("mor.no_file", "Please provide a file"));
        };
        let campaign = &mut self.campaigns[nth];
        let text = file_text(campaign, lines, end);
        if text.is_empty() {
            return Err(("mor.empty_file", "File is empty"));
        }
        if !name.to_lowercase().ends_with(".csv") {
            return Err(("mor.not_csv", "Please provide CSV file"));
        }
        let (had_new, mut n_lines, mut n_new) = (campaign.has_new(), 0, 0);
        let mut states = Vec::new();
        for line in text.lines() {
            n_lines += 1;
            let number = line.split(separator(campaign.user)).next().unwrap_or_default();
            let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
            let is_there = campaign.numbers.iter().any(|it| it.text == number);
            let is_full = !self.settings.paid_addon && campaign.numbers.len() >= UNPAID_MAX;
            if is_number && is_full {
                states.push("numbers beyond the cap");
            } else if is_number && is_there && campaign.duplicates {
                states.push("numbers twice");
            }
            if !is_number || is_full || is_there && !campaign.duplicates {
                states.push("numbers skipped");
                continue;
            }
            n_new += 1;
            campaign.numbers.push(Number::new(number));
        }
        let text = format!("{n_new} out of {n_lines} numbers were imported");
        if n_new == 0 {
            return Ok(refused(UPLOAD, "mor.none_imported", "success", &text));
        }
        self.has_numbers(nth, had_new);
        states.push("numbers imported");
        Ok(Expected { states, ..success(UPLOAD, &text) })
    }
}

pub(super) fn success(what: &'static str, text: &str) -> Expected {
    Expected::ok(what, Body::Text(format!("<success>{text}</success>")))
}

pub(super) fn refused(
    what: &'static str,
    rule: &'static str,
    element: &str,
    text: &str,
) -> Expected {
    let inner = format!("<{element}>{}</{element}>", escaped(text));
    Expected::refused(what, 200, rule, Body::Text(inner))
}

pub(super) fn undefined(function: &str) -> Expected {
    let text = format!("<error><type>Undefined method</type><name>{function}</name></error>");
    // As it stands: neither a page nor a status.
    Expected::refused("-", 200, "mor.function", Body::Text(text))
}

/// What stands in `status`, which may stand in `page`; what is no such element stands by itself.
pub(super) fn enclosed(inner: &str, is_page: bool) -> String {
    const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    if inner.starts_with("<error><type>") {
        return inner.to_owned();
    }
    if is_page {
        format!("{DECLARATION}<page>\n  <status>\n    {inner}\n  </status>\n</page>\n")
    } else {
        format!("{DECLARATION}<status>\n  {inner}\n</status>\n")
    }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A time as the caller reads it.
pub(super) fn printed(at_ms: i64, caller: usize) -> String {
    let at_ms = at_ms + USERS[caller].zone.1 * 60_000;
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The user's own, else the reseller's, else the system's.
pub(super) fn separator(user: usize) -> &'static str {
    let of_owner = USERS[user].owner.and_then(|it| USERS[it].separator);
    USERS[user].separator.or(of_owner).unwrap_or(",")
}

/// Who calls, by name or, where that is taken, by number.
pub(super) fn caller(what: &str, params: &Params) -> Option<usize> {
    // Whose an unknown function is, nobody asks.
    if what == "-" {
        return None;
    }
    let name = param(params, "u");
    let by_name = USERS.iter().position(|it| it.name == name);
    let by_number = || name.parse().ok().filter(|it: &usize| *it < USERS.len());
    by_name.or_else(|| if what == STATISTICS { by_number() } else { None })
}

/// The value of a parameter, empty where there is none; that of the query comes first.
pub(super) fn param<'p>(params: &'p Params, name: &str) -> &'p str {
    params.iter().find(|(it, _)| *it == name).map_or("", |(_, value)| value)
}

/// SHA-1 over the listed values, in the listed order, and the key.
pub(super) fn hashed(what: &str, params: &Params, key: &str) -> String {
    let listed: &[&str] = match what {
        UPLOAD => &["id"],
        STATISTICS => &["u", "id", "period_start", "period_end"],
        _ => &["u", "id"],
    };
    let values: String = listed.iter().map(|name| param(params, name)).collect();
    sha1(&format!("{values}{key}"))
}

pub(super) fn sha1(text: &str) -> String {
    hex(&Sha1::digest(text))
}
