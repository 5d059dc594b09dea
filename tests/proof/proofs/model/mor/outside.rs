//! What happens outside the API: settings, users, and calls by hand.

use chrono::DateTime;
use serde_json::{Value, json};

use super::super::super::dice::Dice;
use super::super::{Body, Expected};
use super::campaign::{Call, Outcome, Status, Timer};
use super::{Mor, OWNERS, START_MS, Settings, Shop, Step, US, User};

#[derive(Clone, Debug)]
pub(in super::super) enum Setting {
    AllowApi(bool),
    AllowGet(bool),
    DisableHash(bool),
    XmlExtension(bool),
    RestrictIp(bool),
    PaidAddon(bool),
    AutoDial(bool),
}

#[derive(Clone, Debug)]
pub(in super::super) enum ShopSetting {
    AllowApi(bool),
    DisableHash(bool),
    Autodialer(bool),
}

#[derive(Clone, Debug)]
pub(in super::super) struct Dial {
    pub(super) campaign: usize,
    pub(super) number: usize,
    pub(super) outcome: Outcome,
    pub(super) talk_s: i64,
    /// Seconds before now; where none it ends now.
    pub(super) ago_s: Option<i64>,
    /// Seconds into the call, and the text.
    pub(super) answers: Vec<(i64, &'static str)>,
}

/// What happens outside the API.
impl Mor {
    pub(super) fn next_setting(dice: &mut Dice) -> Step {
        let (often, seldom) = (dice.percent(75), dice.percent(30));
        match dice.below(11) {
            0 => Step::Set(Setting::AllowApi(often)),
            1 => Step::Set(Setting::AllowGet(often)),
            2 => Step::Set(Setting::DisableHash(seldom)),
            3 => Step::Set(Setting::XmlExtension(often)),
            4 => Step::Set(Setting::RestrictIp(dice.percent(50))),
            5 => Step::Set(Setting::PaidAddon(!seldom)),
            9 | 10 => Step::Set(Setting::AutoDial(dice.percent(60))),
            6 => Step::RotateKey { of_shop: dice.percent(50) },
            7 => Step::List {
                entry: dice.one(&[US, "127.0.0.0/8", "10.1.2.3", "10.0.0.0/8"]),
                allowed: often,
            },
            _ => Step::Unlist(dice.one(&[US, "127.0.0.0/8", "10.1.2.3", "10.0.0.0/8"])),
        }
    }

    pub(super) fn next_owner(dice: &mut Dice) -> Step {
        let user = dice.one(&OWNERS);
        match dice.below(6) {
            0 => Step::SetShop(ShopSetting::AllowApi(dice.percent(70))),
            1 => Step::SetShop(ShopSetting::DisableHash(dice.percent(30))),
            2 => Step::SetShop(ShopSetting::Autodialer(dice.percent(70))),
            3 => Step::Block { user, blocked: dice.percent(40) },
            _ => Step::Money {
                user,
                balance: dice.one(&[0.0, 10.0, 2.5, -5.0, -5.0]),
                credit: dice.one(&[-1.0, 0.0, 0.0, 5.0, 5.5]),
                postpaid: dice.percent(60),
            },
        }
    }

    pub(super) fn change(&mut self, user: usize, change: impl FnOnce(&mut User)) {
        let could = self.users[user].can_pay();
        change(&mut self.users[user]);
        if could || !self.users[user].can_pay() {
            return;
        }
        for nth in 0..self.campaigns.len() {
            if self.campaigns[nth].user == user && self.campaigns[nth].running {
                self.dial_soon(nth);
            }
        }
    }

    /// The first call of a campaign that was started, or whose user can pay again; what is due sooner stays.
    pub(super) fn dial_soon(&mut self, nth: usize) {
        let timer = self.timer(self.now_ms + START_MS);
        let campaign = &mut self.campaigns[nth];
        let is_due = campaign.next_dial.is_some_and(|(at_ms, _)| at_ms <= timer.0);
        if self.settings.auto_dial && campaign.on_call.is_none() && !is_due {
            campaign.next_dial = Some(timer);
        }
    }

    pub(super) fn dial_all_soon(&mut self) {
        for nth in 0..self.campaigns.len() {
            if self.campaigns[nth].running {
                self.dial_soon(nth);
            }
        }
    }

    /// Goes on with a campaign that had run out of new numbers and has some again.
    pub(super) fn has_numbers(&mut self, nth: usize, had_new: bool) {
        let campaign = &self.campaigns[nth];
        if campaign.running && !had_new && campaign.has_new() {
            self.dial_soon(nth);
        }
    }

    pub(super) fn timer(&mut self, at_ms: i64) -> Timer {
        self.n_timers += 1;
        (at_ms, self.n_timers)
    }

    pub(super) fn start(&mut self, nth: usize) {
        self.campaigns[nth].running = true;
        self.dial_soon(nth);
    }

    /// The reason's rule and text.
    pub(super) fn cannot_start(&self, nth: usize) -> Option<(&'static str, String)> {
        let campaign = &self.campaigns[nth];
        let user = &self.users[campaign.user];
        let for_campaign = |text: &str| format!("{text} for Campaign: {}", campaign.name);
        if user.blocked {
            Some(("mor.start_blocked", "User is blocked".to_owned()))
        } else if !user.postpaid && user.balance <= 0.0 {
            Some(("mor.start_balance", "User has empty balance".to_owned()))
        } else if !user.can_pay() {
            Some(("mor.start_credit", "User has no credit left".to_owned()))
        } else if !campaign.has_new() {
            Some(("mor.start_numbers", for_campaign("No free numbers")))
        } else if !campaign.has_actions {
            Some(("mor.start_actions", for_campaign("No actions")))
        } else {
            None
        }
    }

    pub(super) fn dial_outside(&mut self, dial: &Dial) -> Expected {
        let (at_ms, end_ms) = dial.times_ms(self);
        let campaign = &mut self.campaigns[dial.campaign];
        let Some((nth, _)) = campaign.only(dial.number) else { return conflict("dial_number") };
        let is_on_call = campaign.on_call.as_ref().is_some_and(|it| it.number == nth);
        let is_late = dial.answers.iter().any(|(after_s, _)| *after_s > dial.talk_s);
        let number = &mut campaign.numbers[nth];
        let is_answered = dial.outcome == Outcome::Answered;
        let is_earlier = number.executed_ms.is_some_and(|it| it > at_ms);
        let is_late = is_late || is_answered && is_earlier;
        if is_on_call || is_late || number.status == Status::Completed || end_ms > self.now_ms {
            return conflict("dial_number");
        }
        number.dial(at_ms);
        if is_answered {
            number.complete(end_ms);
            let answers =
                dial.answers.iter().map(|(after_s, text)| (at_ms + after_s * 1000, *text));
            number.answers.extend(answers);
            number.answers.sort_by_key(|(at_ms, _)| *at_ms);
        }
        let status = number.status.word();
        let billed_s = (end_ms - at_ms) / 1000;
        self.calls.push(Call { campaign: campaign.id, at_ms, outcome: dial.outcome, billed_s });
        let body = Body::Has(json!({ "result": { "status": status } }));
        let expected = Expected::ok("dial_number", body);
        if is_earlier { expected.shows("earlier call of a number") } else { expected }
    }

    pub(super) fn reactivate(&mut self, nth: usize, number: usize) -> Expected {
        let campaign = &mut self.campaigns[nth];
        let Some((number, _)) = campaign.only(number) else { return conflict("reactivate_number") };
        if campaign.on_call.as_ref().is_some_and(|it| it.number == number) {
            return conflict("reactivate_number");
        }
        let had_new = campaign.has_new();
        let number = &mut campaign.numbers[number];
        let was_new = number.status == Status::New;
        (number.status, number.n_tries) = (Status::New, 0);
        self.has_numbers(nth, had_new);
        let expected = Expected::ok("reactivate_number", Body::Any);
        if was_new { expected } else { expected.shows("number is new again") }
    }

    pub(super) fn redial(&mut self, nth: usize) -> Expected {
        let campaign = &mut self.campaigns[nth];
        let on_call = campaign.on_call.as_ref().map(|it| it.number);
        let (had_new, mut n_new) = (campaign.has_new(), 0);
        for (nth, number) in campaign.numbers.iter_mut().enumerate() {
            if number.status == Status::Executed && on_call != Some(nth) {
                (number.status, number.executed_ms, number.n_tries) = (Status::New, None, 0);
                n_new += 1;
            }
        }
        self.has_numbers(nth, had_new);
        let body = Body::Has(json!({ "result": { "numbers": n_new } }));
        let expected = Expected::ok("redial_failed", body);
        if n_new > 0 { expected.shows("numbers are redialled") } else { expected }
    }
}

pub(super) fn conflict(what: &'static str) -> Expected {
    Expected { status: 409, ..Expected::ok(what, Body::Any) }.shows("event refused")
}

impl Setting {
    /// Those that cannot be edited while the API is off.
    pub(super) fn is_of_api(&self) -> bool {
        !matches!(self, Setting::AllowApi(_) | Setting::PaidAddon(_) | Setting::AutoDial(_))
    }

    pub(super) fn fields(&self) -> Value {
        match self {
            Setting::AllowApi(on) => json!({ "allow_api": on }),
            Setting::AllowGet(on) => json!({ "allow_get": on }),
            Setting::DisableHash(on) => json!({ "disable_hash": on }),
            Setting::XmlExtension(on) => json!({ "xml_extension": on }),
            Setting::RestrictIp(on) => json!({ "restrict_ip": on }),
            Setting::PaidAddon(on) => json!({ "paid_addon": on }),
            Setting::AutoDial(on) => json!({ "auto_dial": on }),
        }
    }

    pub(super) fn put(&self, settings: &mut Settings) {
        match self {
            Setting::AllowApi(on) => settings.allow_api = *on,
            Setting::AllowGet(on) => settings.allow_get = *on,
            Setting::DisableHash(on) => settings.disable_hash = *on,
            Setting::XmlExtension(on) => settings.xml_extension = *on,
            Setting::RestrictIp(on) => settings.restrict_ip = *on,
            Setting::PaidAddon(on) => settings.paid_addon = *on,
            Setting::AutoDial(on) => settings.auto_dial = *on,
        }
    }
}

impl ShopSetting {
    pub(super) fn fields(&self) -> Value {
        let (name, on) = match self {
            ShopSetting::AllowApi(on) => ("allow_api", on),
            ShopSetting::DisableHash(on) => ("disable_hash", on),
            ShopSetting::Autodialer(on) => ("autodialer", on),
        };
        json!({ "reseller": "shop", name: on })
    }

    pub(super) fn put(&self, shop: &mut Shop) {
        match self {
            ShopSetting::AllowApi(on) => shop.allow_api = *on,
            ShopSetting::DisableHash(on) => shop.disable_hash = *on,
            ShopSetting::Autodialer(on) => shop.autodialer = *on,
        }
    }
}

impl Dial {
    pub(super) fn draw(campaign: usize, number: usize, dice: &mut Dice) -> Self {
        let outcome = dice.one(&[
            Outcome::Answered,
            Outcome::Answered,
            Outcome::NoAnswer,
            Outcome::Busy,
            Outcome::Failed,
        ]);
        let talk_s = if outcome == Outcome::Answered { dice.one(&[0, 1, 10, 11, 43]) } else { 0 };
        let n_answers = if outcome == Outcome::Answered { dice.below(3) } else { 0 };
        let mut answer = || {
            let after_s = dice.one(&[0, talk_s, talk_s / 2, talk_s, talk_s + 1]);
            (after_s, dice.one(&["Answer 1 yes", "a,b;c|d", "Q & A"]))
        };
        let answers = (0..n_answers).map(|_| answer()).collect();
        let ago_s = dice.one(&[None, None, Some(0), Some(60), Some(3600), Some(86_400), Some(-60)]);
        Dial { campaign, number, outcome, talk_s, ago_s, answers }
    }

    /// When it began and ended.
    pub(super) fn times_ms(&self, model: &Mor) -> (i64, i64) {
        let at_ms = model.now_ms - self.ago_s.unwrap_or(self.talk_s) * 1000;
        (at_ms, at_ms + self.talk_s * 1000)
    }

    pub(super) fn fields(&self, model: &Mor) -> Value {
        let campaign = &model.campaigns[self.campaign];
        let mut fields = json!({
            "campaign": campaign.id,
            "number": campaign.only(self.number).map_or("999", |(_, it)| &it.text),
            "outcome": self.outcome.word(),
        });
        if self.outcome == Outcome::Answered {
            fields["talk"] = format!("{}s", self.talk_s).into();
        }
        if self.ago_s.is_some() {
            let at = DateTime::from_timestamp_millis(self.times_ms(model).0).unwrap_or_default();
            fields["at"] = at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string().into();
        }
        if !self.answers.is_empty() {
            let answers = self
                .answers
                .iter()
                .map(|(after_s, text)| json!({ "after": format!("{after_s}s"), "text": text }));
            fields["answers"] = answers.collect();
        }
        fields
    }
}
