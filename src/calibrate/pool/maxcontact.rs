//! Questions for MaxContact: a login first, and then what its token opens. Nothing here dials.

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
    let lost = Ask::new(
        Method::DELETE,
        format!("{BASE}/LeadManagement/DeactivateLeadByRefId/RINGBACK-NOBODY"),
    );
    let lost = lost.header("cookie", "TokenKey={{token}}").header("accept", JSON);
    found.push(Question::writes("a lead that there is not deactivated", vec![enter(), lost]));
    found
}
