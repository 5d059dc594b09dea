//! What is done next: mostly what makes sense in the model's state, sometimes with a mistake.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::super::dice::Dice;
use super::ask::Request;
use super::contact::{FIELDS, Kind, TAG};
use super::dialler::FAR_ENDS;
use super::{CAMPAIGNS, CODES, Jtel, instant};

#[derive(Clone, Debug)]
pub(in super::super) enum Step {
    Ask(Request),
    /// So many seconds.
    Advance(i64),
    Event(&'static str, Value),
}

/// More contacts than this are seldom made; lists of them are read at every step.
const CONTACTS: usize = 20;

pub(super) const STATES: &[&str] = &[];

/// Switches that may stand otherwise, each with its other positions.
const SWITCHES: [(&str, &[&str]); 19] = [
    ("pick", &["highest_id"]),
    ("match_scope", &["client"]),
    ("lock_methods", &["patch", "put", "post", "get", "any"]),
    ("lock_conflict", &["conflict"]),
    ("date_style", &["z_micros", "naive_millis"]),
    ("empty_error_bodies", &["unauthorized", "always"]),
    ("length_policy", &["truncate"]),
    ("empty_text", &["kept"]),
    ("user_data_no_match", &["not_found"]),
    ("unknown_campaign", &["empty_list"]),
    ("history_empty", &["not_found"]),
    ("history_order", &["newest_first"]),
    ("request_content_type", &["lenient"]),
    ("overwrite_absent", &["true"]),
    ("overwrite_invalid", &["as_false"]),
    ("overwrite_extent", &["full"]),
    ("both_campaign_keys", &["name"]),
    ("batch_empty", &["empty_list"]),
    ("non_numeric_id", &["bad_request"]),
];

/// Every third world is as by default.
pub(super) fn switches(dice: &mut Dice) -> BTreeMap<&'static str, &'static str> {
    if dice.percent(33) {
        return BTreeMap::new();
    }
    let mut chosen = BTreeMap::new();
    for (name, positions) in SWITCHES {
        // A refusal of its own hangs on this one.
        let share = if name == "lock_conflict" { 60 } else { 25 };
        if dice.percent(share) {
            chosen.insert(name, *dice.of(positions));
        }
    }
    chosen
}

const USER_DATA: [&str; 8] = ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "NOBODY"];
const NAMES: [&str; 6] = ["Adler", "Brandt", "Castell", "Dorn", "Adler-Voss", "M\u{fc}ller"];
const WORDS: [&str; 5] = ["Kiel", "a \"quoted\" word", "b\\c/d", "Stra\u{df}e 5", "\u{1f600}"];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Jtel {
    pub(super) fn draw(&self, dice: &mut Dice) -> Step {
        match dice.below(100) {
            0..9 => Step::Advance(*dice.of(&[0, 1, 3, 5, 12, 67, 611, 3607, 90_000])),
            9..24 => self.draw_event(dice),
            _ => Step::Ask(self.draw_request(dice)),
        }
    }

    fn some_contact(&self, dice: &mut Dice) -> i64 {
        let ids: Vec<i64> = self.contacts.keys().copied().collect();
        if ids.is_empty() || dice.percent(6) {
            let gone = i64::try_from(dice.below(20)).unwrap_or(0);
            return self.last_contact - gone + 3;
        }
        *dice.of(&ids)
    }

    fn draw_event(&self, dice: &mut Dice) -> Step {
        let contact = self.some_contact(dice);
        match dice.below(12) {
            0..5 => {
                let most = if dice.percent(80) { 2 } else { 6 };
                let mut fields = json!({ "contact": contact, "number": 1 + dice.below(most) });
                if dice.percent(30) {
                    fields["user"] = (*dice.of(&[44, 45, 46, 88, 100])).into();
                }
                Step::Event("dial_contact", fields)
            }
            5..8 => self.draw_result(contact, dice),
            8..10 => {
                let number = self.contacts.get(&contact).map_or("5", |it| it.phone(dice.below(2)));
                let number = if number.is_empty() { "49405550001" } else { number };
                let client = *dice.of(&[7, 7, 7, 7, 8, 9]);
                Step::Event("incoming_call", json!({ "client": client, "number": number }))
            }
            _ => self.draw_token(dice),
        }
    }

    fn draw_result(&self, contact: i64, dice: &mut Dice) -> Step {
        let campaign = self.contacts.get(&contact).map_or(612, |it| it.campaign);
        let mine: Vec<i64> =
            CODES.iter().filter(|it| it.campaign == campaign).map(|it| it.id).collect();
        let code = if dice.percent(5) { dice.of(&CODES).id } else { *dice.of(&mine) };
        let mut fields = json!({ "contact": contact, "result_code": code });
        if dice.percent(20) {
            let hours = i64::try_from(dice.below(30)).unwrap_or(0) - 2;
            fields["at"] = instant(self.now + hours * 1_801_000).into();
        }
        Step::Event("record_result", fields)
    }

    fn draw_token(&self, dice: &mut Dice) -> Step {
        let client = *dice.of(&[7, 7, 7, 8]);
        let token = format!("T{client}{}", dice.of(&["A", "B", "C", "D"]));
        let known = self.known_tokens(client);
        let mut fields = json!({ "client": client, "token": token });
        if known.is_empty() {
            return Step::Event("add_token", fields);
        }
        match dice.below(4) {
            0 => {
                fields["token"] = dice.of(known).as_str().into();
                Step::Event("remove_token", fields)
            }
            1 => Step::Event("rotate_token", fields),
            2 => {
                fields["old_token"] = dice.of(known).as_str().into();
                Step::Event("rotate_token", fields)
            }
            _ => Step::Event("add_token", fields),
        }
    }

    fn draw_request(&self, dice: &mut Dice) -> Request {
        let client = if dice.percent(85) { 7 } else { 8 };
        let mut request = self.draw_operation(client, dice);
        request.path = format!("{client}/dialler/{}", request.path);
        let known = self.known_tokens(client);
        if !known.is_empty() {
            request.authorization = Some(format!("Bearer {}", dice.of(known)));
        }
        if dice.percent(12) {
            Self::spoil(&mut request, dice);
        }
        request
    }

    fn spoil(request: &mut Request, dice: &mut Dice) {
        match dice.below(9) {
            0 => request.authorization = None,
            1 => {
                let token = *dice.of(&["T7A", "T7B", "T7C", "T7D", "T8A", "T8B", "t7a"]);
                request.authorization = Some(format!("Bearer {token}"));
            }
            2 => request.authorization = request.authorization.take().map(|it| it[7..].to_owned()),
            3 => {
                let clients = ["7", "8", "9", "abc"];
                let end = request.path.find('/').unwrap_or(0);
                let client = *dice.of(&clients);
                request.path.replace_range(..end, client);
            }
            4 => {
                let paths = [
                    "7/dialler/nothing",
                    "7/dialler",
                    "7/dialler/contacts/301501/lock",
                    "7/dialer/contacts",
                    "7/dialler/contacts/contact/301501/history/1",
                ];
                (*dice.of(&paths)).clone_into(&mut request.path);
            }
            5 => request.media = *dice.of(&[None, Some("text/plain"), Some("application/xml")]),
            6 if request.method == "POST" => {
                let bodies = ["", "{", "[]", "7", "null", "\"{}\"", "{\"Name\":}"];
                (*dice.of(&bodies)).clone_into(&mut request.body);
            }
            7 if request.path.ends_with(|it: char| it.is_ascii_digit()) => {
                let begin = request.path.rfind('/').unwrap_or(0) + 1;
                let numbers = ["x", "-1", "1.0", "12a", "99999999999999999999"];
                let number = *dice.of(&numbers);
                request.path.replace_range(begin.., number);
            }
            _ => request.method = *dice.of(&METHODS),
        }
    }

    fn draw_operation(&self, client: i64, dice: &mut Dice) -> Request {
        let is_full = self.contacts.len() > CONTACTS;
        let get = |path: String| request("GET", path);
        let id = self.some_contact(dice);
        match dice.below(100) {
            0..4 => {
                let mut list = get("contacts".into());
                if dice.percent(80) {
                    let ids = ["612", "613", "614", "812", "999", "x", ""];
                    let most = if dice.percent(80) { 4 } else { 7 };
                    list.query.push(("diallerCampaignsID", dice.of(&ids[..most]).to_string()));
                }
                list
            }
            4..18 => get(format!("contacts/{}{id}", dice.of(&["", "contact/"]))),
            18..26 => user_data(get(dice.of(&["contacts", "contacts/contact"]).to_string()), dice),
            26..32 => self.draw_batch(id, dice),
            32..54 if !is_full => Self::draw_import(client, dice),
            32..46 | 57..60 => request("DELETE", format!("contacts/contact/{id}")),
            46..57 => user_data(request("DELETE", "contacts/contact".into()), dice),
            60..74 => {
                let on_call = self.calls.iter().find(|it| it.ended.is_none());
                let id = on_call.filter(|_| dice.percent(20)).map_or(id, |it| it.contact);
                let verb = dice.of(&["lock", "unlock", "unlock"]);
                let method = if dice.percent(80) {
                    match self.switches.get("lock_methods") {
                        Some(&"post") => "POST",
                        Some(&"get") => "GET",
                        Some(&"put") => "PUT",
                        _ => "PATCH",
                    }
                } else {
                    dice.of(&METHODS)
                };
                match dice.below(3) {
                    0 => request(method, format!("contacts/contact/{verb}/{id}")),
                    1 => request(method, format!("contacts/contact/{id}/{verb}")),
                    _ => user_data(request(method, format!("contacts/contact/{verb}")), dice),
                }
            }
            74..84 => get(format!("contacts/contact/{id}/history")),
            84..92 => user_data(get("contacts/contact/history".into()), dice),
            92..95 => get("campaigns".into()),
            _ => get(format!("campaigns/{}", dice.of(&[612, 613, 614, 812, 999]))),
        }
    }

    fn draw_batch(&self, id: i64, dice: &mut Dice) -> Request {
        let mut body = Map::new();
        if dice.percent(70) {
            let names: Vec<&str> = (0..dice.below(3)).map(|_| *dice.of(&USER_DATA)).collect();
            body.insert("UserDataList".into(), json!(names));
        }
        if dice.percent(70) {
            let ids: Vec<i64> = [id, self.some_contact(dice), 4711][..dice.below(4)].to_vec();
            body.insert("IDList".into(), json!(ids));
        }
        if dice.percent(5) {
            let name = *dice.of(&["UserDataList", "IDList"]);
            let wrong = [json!("U1"), json!([true]), json!({}), json!([[1]])];
            body.insert(name.into(), dice.of(&wrong).clone());
        }
        let mut batch = with_body("contacts", body);
        if dice.percent(60) {
            let languages = ["1", "2", "x"];
            let most = if dice.percent(90) { 2 } else { 3 };
            batch.query.push(("languagesID", dice.of(&languages[..most]).to_string()));
        }
        batch
    }

    fn draw_import(client: i64, dice: &mut Dice) -> Request {
        let mut body = Map::new();
        let mine: Vec<_> = CAMPAIGNS.iter().filter(|it| it.client == client).collect();
        let campaign = if dice.percent(4) { dice.of(&CAMPAIGNS) } else { dice.of(&mine) };
        let form = dice.below(10);
        if form < 7 {
            body.insert("DiallerCampaignsID".into(), campaign.id.into());
        }
        if form >= 6 {
            let name = if dice.percent(8) { "spring recall" } else { campaign.name };
            body.insert("DiallerCampaignsName".into(), name.into());
        }
        body.insert("Name".into(), (*dice.of(&NAMES)).into());
        if dice.percent(85) {
            body.insert("UserData".into(), (*dice.of(&USER_DATA[..7])).into());
        }
        for idx in 1..=[1, 1, 2, 2, 3, 6][dice.below(6)] {
            let ending = if dice.percent(97) { dice.of(&FAR_ENDS).0 } else { "99" };
            let number = format!("4940555{ending}");
            body.insert(format!("PhoneNumber{idx}"), number.into());
        }
        for _ in 0..dice.below(4) {
            let (name, _, kind) = dice.of(&FIELDS);
            if !["Name", "UserData"].contains(name) && !name.starts_with("Phone") {
                let value = match kind {
                    Kind::Int => json!(dice.below(1000)),
                    Kind::Number => json!(*dice.of(&[0.0, 12.5, -3.25])),
                    Kind::Text(_) => json!(dice.of(&WORDS)),
                };
                let value = if dice.percent(10) { Value::Null } else { value };
                body.insert((*name).to_owned(), value);
            }
        }
        if dice.percent(10) {
            body.insert(TAG.into(), json!(dice.of(&["vip", ""])));
        }
        if dice.percent(14) {
            mistake(&mut body, dice);
        }
        let mut import = with_body("contacts/import", body);
        if dice.percent(80) {
            let values = ["true", "true", "false", "yes", ""];
            let most = if dice.percent(95) { 3 } else { 5 };
            import.query.push(("overwriteDuplicates", dice.of(&values[..most]).to_string()));
        }
        import
    }
}

/// One mistake in an import: of several, which is told is nobody's promise.
fn mistake(body: &mut Map<String, Value>, dice: &mut Dice) {
    match dice.below(8) {
        0 => {
            body.remove("Name");
        }
        1 => {
            body.insert("Name".into(), dice.of(&[json!(""), Value::Null]).clone());
        }
        2 => {
            body.remove("DiallerCampaignsID");
            body.remove("DiallerCampaignsName");
        }
        3 => body.retain(|name, _| !name.starts_with("PhoneNumber")),
        4 => {
            let name = *dice.of(&["City", "UserData", "PhoneNumber2", "Name", "Amount"]);
            let wrong = if name == "Amount" { json!("1.5") } else { json!(5) };
            body.insert(name.into(), wrong);
        }
        5 => {
            body.insert("UnknownKey".into(), json!([1, { "a": null }]));
            body.insert("nTriesPhoneNumber1".into(), json!(77));
            body.insert("dtNextTry".into(), json!("2030-01-01T00:00:00Z"));
        }
        6 => {
            body.insert("City".into(), "\u{e4}".repeat(64).into());
        }
        _ => {
            let (name, length) = *dice.of(&[("City", 65), ("Title", 17), ("AccountBIC", 12)]);
            body.insert(name.into(), "\u{e4}".repeat(length).into());
        }
    }
}

fn request(method: &'static str, path: String) -> Request {
    Request {
        method,
        path,
        query: Vec::new(),
        authorization: None,
        media: None,
        body: String::new(),
    }
}

fn with_body(path: &str, body: Map<String, Value>) -> Request {
    Request {
        media: Some("application/json"),
        body: Value::Object(body).to_string(),
        ..request("POST", path.to_owned())
    }
}

fn user_data(mut request: Request, dice: &mut Dice) -> Request {
    if dice.percent(97) {
        request.query.push(("userData", dice.of(&USER_DATA).to_string()));
    } else if dice.percent(50) {
        request.query.push(("userData", String::new()));
    }
    request
}
