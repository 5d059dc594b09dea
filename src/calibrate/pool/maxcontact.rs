//! Questions for MaxContact: a login first, and then what its token opens. What dials calls the number that
//! the user gave, as the first agent of the account; each such question readies that agent, and ends its calls.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Method;

use crate::calibrate::pool::source::{Pool, Source, encoded, rows, some, spoilt, text};
use crate::calibrate::question::{Ask, Question, Spot};

pub(super) static POOL: Pool = Pool {
    vendor: "maxcontact",
    credentials: &[("login", "an account's login"), ("password", "its password")],
    questions,
    drawn: &[],
    dials: true,
};

/// Most known rows of a kind that are asked for.
const ROWS_MAX: usize = 2;

const BASE: &str = "/webservices/services";

const TOKEN: Spot = Spot::Json(&["/TokenKey"]);

const JSON: &str = "application/json";

fn questions(source: Source<'_>) -> Vec<Question> {
    let (login, password) = (source.given.get("login"), source.given.get("password"));
    let secret = BASE64_STANDARD.encode(password);
    let path = format!("{BASE}/apitoken/login/{}", encoded(login));
    let log_in = |authorization: &str| {
        Ask::get(path.clone()).header("authorization", authorization).header("accept", JSON)
    };
    let enter = || log_in(&secret).capture("token", TOKEN);
    let mut found = vec![Question::reads("a login", log_in(&secret))];
    let wrong = log_in(&BASE64_STANDARD.encode(spoilt(password)));
    found.push(Question::reads("a login with a wrong password", wrong).refused());
    let basic = log_in(&format!("Basic {secret}"));
    found.push(Question::reads("a login with Basic before the password", basic).refused());
    let in_path = Ask::get(format!("{path}/{}", encoded(password))).header("accept", JSON);
    found.push(Question::reads("a login with the password in the path", in_path).refused());
    let mut after = |name: String, ask: Ask| {
        let question = Question::reads(name, enter());
        found.push(Question { asks: vec![enter(), ask], ..question });
    };
    let good = |path: &str| {
        let ask = Ask::get(format!("{BASE}{path}")).header("cookie", "TokenKey={{token}}");
        ask.header("accept", JSON)
    };
    let users = rows(source.rows, "users");
    let user = users.first().map_or_else(|| "1".to_owned(), |row| text(row, "id"));
    for user in some(&users, ROWS_MAX) {
        let user = text(user, "id");
        for what in ["users", "campaigns", "resultcodes", "acdqueues", "getcalls"] {
            let path = format!("/telephony/{what}/user/{user}");
            after(format!("{what} of user {user}"), good(&path));
        }
    }
    for lead in some(&rows(source.rows, "leads"), ROWS_MAX) {
        let lead = text(lead, "id");
        let path = format!("/telephony/leadphones/user/{user}/lead/{lead}");
        after(format!("the phones of lead {lead}"), good(&path));
    }
    let path = format!("/telephony/leadphones/user/{user}/lead/99999999");
    after("the phones of a lead that there is not".into(), good(&path));
    after("users of a user that is no number".into(), good("/telephony/users/user/none"));
    let users = format!("/telephony/users/user/{user}");
    after("users of a user that there is not".into(), good("/telephony/users/user/99999999"));
    for accept in ["*/*", "application/xml", "text/html, */*;q=0.8", "*/*, application/json"] {
        let ask = Ask::get(format!("{BASE}{users}")).header("cookie", "TokenKey={{token}}");
        after(format!("users with Accept {accept}"), ask.header("accept", accept));
    }
    let bare = Ask::get(format!("{BASE}{users}")).header("cookie", "TokenKey={{token}}");
    after("users without Accept".into(), bare.clone());
    after("users with a Content-Type".into(), bare.clone().header("content-type", JSON));
    let both = bare.header("accept", "*/*").header("content-type", JSON);
    after("users with a Content-Type and any Accept".into(), both);
    for cookie in ["TokenKey=none; TokenKey={{token}}", "TokenKey={{token}}; TokenKey=none"] {
        let ask = Ask::get(format!("{BASE}{users}")).header("cookie", cookie);
        let first = if cookie.starts_with("TokenKey=n") { "last" } else { "first" };
        after(format!("two tokens of which the {first} is good"), ask.header("accept", JSON));
    }
    let again = log_in(&secret).capture("second", TOKEN);
    let question = Question::reads("the first of two tokens", enter());
    found.push(Question { asks: vec![enter(), again, good(&users)], ..question });
    let none = Ask::get(format!("{BASE}{users}")).header("accept", JSON);
    found.push(Question::reads("no token", none.clone()).refused());
    let wrong = none.header("cookie", "TokenKey=ringback-nobody");
    found.push(Question::reads("a token that there is not", wrong).refused());
    let manage = |method: Method, path: &str| {
        let ask = Ask::new(method, format!("{BASE}/LeadManagement/{path}"));
        ask.header("cookie", "TokenKey={{token}}").header("accept", JSON)
    };
    let mut writes = |name: &str, ask: Ask| found.push(Question::writes(name, vec![enter(), ask]));
    let lost = manage(Method::DELETE, "DeactivateLeadByRefId/RINGBACK-NOBODY");
    writes("a lead that there is not deactivated", lost);
    for (name, list) in [
        ("a lead that there is not reactivated in a list that there is not", "99999999"),
        ("a lead that there is not reactivated in a list that is no number", "none"),
    ] {
        let path = format!(
            "ReactivateLeadByLeadByRefId/RINGBACK-NOBODY?listID={list}&reactivateDnc=false"
        );
        writes(name, manage(Method::POST, &path));
    }
    let path = "MoveLeadByRefId/RINGBACK-NOBODY?oldListID=0&newListID=99999999\
                &resetAttempts=false&updateFinal=false";
    let name = "a lead that there is not moved to a list that there is not";
    writes(name, manage(Method::POST, path));
    let codes = rows(source.rows, "result_codes");
    let code = codes.iter().find(|row| row["system"] != true).map(|row| text(row, "code"));
    if let (Some(number), Some(code)) = (&source.given.number, code) {
        let agent = Agent { base: format!("{BASE}/telephony"), user, number, code };
        found.extend(agent.questions(&enter()));
    }
    found
}

/// Where a call that was dialled has its id.
const CALL: Spot = Spot::Json(&["/Data/CallId"]);

/// Who calls.
struct Agent<'s> {
    base: String,
    user: String,
    number: &'s str,
    /// What a call is said to have come to.
    code: String,
}

impl Agent<'_> {
    fn questions(&self, enter: &Ask) -> Vec<Question> {
        let over = |call: &'static str| [self.hangup(call), self.dispose(call)];
        let one =
            |between: &[Ask]| [&[self.ready(), self.dial("call")], between, &over("call")].concat();
        let two = |between: &[Ask], then: &[Ask]| {
            let calls = [over("second"), over("call")].concat();
            [&[self.ready(), self.dial("call")], between, &[self.dial("second")], then, &calls]
                .concat()
        };
        let (dial, calls) = (self.dial("second"), self.calls());
        let again = [&one(&[])[..], &[dial], &over("second")].concat();
        let wraps = [self.hangup("call"), calls.clone()];
        let readied = [self.hangup("call"), self.ready()];
        let found = [
            ("a call that was hung up, among the calls", one(&wraps)),
            ("an agent readied while wrapping", one(&readied)),
            ("a call after another was disposed of", again),
            ("a second call beside the first", two(&[], &[])),
            ("a second call while the first is held", two(&[self.hold("call")], &[calls])),
            (
                "a call taken back while another is dialled",
                two(&[self.hold("call")], &[self.retrieve("call")]),
            ),
        ];
        let with_token = |(name, asks): (&str, Vec<Ask>)| {
            Question::dials(name, [vec![enter.clone()], asks].concat())
        };
        found.into_iter().map(with_token).collect()
    }

    fn get(&self, path: &str) -> Ask {
        let ask = Ask::get(format!("{}/{path}", self.base));
        ask.header("cookie", "TokenKey={{token}}").header("accept", JSON)
    }

    fn of_call(&self, what: &str, call: &str) -> Ask {
        self.get(&format!("{what}/user/{}/call/{{{{{call}}}}}", self.user))
    }

    fn ready(&self) -> Ask {
        self.get(&format!("goready/user/{}", self.user))
    }

    fn dial(&self, call: &'static str) -> Ask {
        let path = format!("dial/user/{}/phone/{}", self.user, encoded(self.number));
        self.get(&path).capture(call, CALL)
    }

    fn calls(&self) -> Ask {
        self.get(&format!("getcalls/user/{}", self.user))
    }

    fn hold(&self, call: &str) -> Ask {
        self.of_call("hold", call)
    }

    fn retrieve(&self, call: &str) -> Ask {
        self.of_call("retrieve", call)
    }

    fn hangup(&self, call: &str) -> Ask {
        self.of_call("hangup", call).ending()
    }

    fn dispose(&self, call: &str) -> Ask {
        let ask = self.of_call("dispose", call).ending();
        let path = format!("{}?resultcode={}", ask.path, encoded(&self.code));
        Ask { path, ..ask }
    }
}
