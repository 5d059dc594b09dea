//! Who is calling: the password of a login, and the token of everything else.
//!
//! Neither passwords nor tokens are ever named in a reason.

use http::header;
use subtle::ConstantTimeEq;

use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::maxcontact::cookies::{COOKIE, token_keys};
use crate::vendors::maxcontact::errors::{API_RIGHT, Stop, TOKEN_EXPIRED};
use crate::vendors::maxcontact::no_login::{self, Carried};
use crate::vendors::maxcontact::variants::{BasicPrefix, TwoTokenKeys};
use crate::vendors::maxcontact::{no_token, store};
use crate::web::message::Request;

/// What a client is told by. A token that a login draws is not known before; so the login and the
/// agent of a path can be claimed as well.
pub(crate) const CLAIMABLE: &[Credential] = &[
    Credential { name: COOKIE, text: "the cookie TokenKey", secret: true },
    Credential { name: LOGIN_NAME, text: "the login in the path of a login", secret: false },
    Credential { name: USER, text: "the UserID in the path", secret: false },
];

const LOGIN_NAME: &str = "login";
const USER: &str = "user";

/// The credentials of a request, whether they are good or not.
pub(crate) fn credentials(request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
    let mut sent: Vec<_> =
        token_keys(request).into_iter().map(|key| (COOKIE, key.into_owned())).collect();
    for (name, variable) in [(LOGIN_NAME, "login"), (USER, "UserID")] {
        let value = routed.params.path.first(variable);
        sent.extend(value.map(|value| (name, value.to_owned())));
    }
    sent
}

/// Checks the token of a request.
pub(crate) fn token(cx: &Cx<'_>, request: &Request) -> Result<(), Stop> {
    let keys = token_keys(request);
    let chosen = match cx.variant() {
        TwoTokenKeys::First => keys.first(),
        TwoTokenKeys::Last => keys.last(),
    };
    let Some(key) = chosen else { return Err(no_token::no_cookie(cx, request)?) };
    let Some(known) = store::token(cx.db(), key)? else {
        let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
        return Err(no_token::unknown(cx, key, &keys)?);
    };
    let login = &known.login;
    if known.revoked {
        let found = format!("a token of {login:?} that was revoked");
        return Err(no_token::refuse(found, "log in again"));
    }
    if cx.has_come(known.expires) {
        let expected = format!("a token whose Expiry lies after {}", cx.now());
        let found =
            format!("one of {login:?} from {} that expired at {}", known.issued, known.expires);
        let hint = "keep the Expiry of the login's answer, and log in again before it has passed";
        return Err(Stop::no(&TOKEN_EXPIRED, &[], expected, found, hint));
    }
    if !known.api {
        let expected = "a token of an account that may use the API";
        let found = format!("a valid token of {login:?}, which may not");
        let hint = "log in as another account; the scenario's accounts say so (api = false), or the \
                    event set_api_right took the right away";
        return Err(Stop::no(&API_RIGHT, &[], expected, found, hint));
    }
    Ok(())
}

/// Checks the password of a login that carries it in `Authorization`.
pub(crate) fn password(cx: &Cx<'_>, request: &Request, login: &str) -> Result<(), Stop> {
    let Some(value) = request.headers.get(header::AUTHORIZATION) else {
        return Err(no_login::no_header(request));
    };
    let value = value.to_str().unwrap_or_default().trim();
    let known = known_password(cx, login)?;
    let later = request.headers.get_all(header::AUTHORIZATION).iter().skip(1);
    let mut later = later.filter_map(|it| no_login::decode(it.to_str().ok()?));
    let is_first = no_login::decode(value).is_some_and(|given| is_same(&given, &known));
    if !is_first && later.any(|given| is_same(&given, &known)) {
        return Err(no_login::sent_twice());
    }
    let with_scheme = strip_scheme(value);
    let encoded = match (with_scheme, cx.variant()) {
        (Some(("Basic", rest)), BasicPrefix::Accepted) => rest,
        (Some(both), _) => return Err(no_login::with_scheme(cx, both, login, &known)?),
        (None, _) => value,
    };
    let Some(given) = no_login::decode(encoded) else {
        return Err(no_login::no_base64(cx, encoded, &known)?);
    };
    if is_same(&given, &known) {
        return Ok(());
    }
    let (given, account) = ((given.as_slice(), encoded), (login, known.as_str()));
    Err(no_login::wrong_password(cx, Carried::Header, given, account)?)
}

/// Checks the password of a login that carries it in the path.
pub(crate) fn password_in_path(cx: &Cx<'_>, login: &str, password: &str) -> Result<(), Stop> {
    let known = known_password(cx, login)?;
    if is_same(password.as_bytes(), &known) {
        return Ok(());
    }
    let (given, account) = ((password.as_bytes(), password), (login, known.as_str()));
    Err(no_login::wrong_password(cx, Carried::Path, given, account)?)
}

/// .NET's ASCII decoder turns other bytes into question marks, so a password with any other
/// character never matches.
fn is_same(given: &[u8], known: &str) -> bool {
    given.is_ascii() && bool::from(given.ct_eq(known.as_bytes()))
}

fn known_password(cx: &Cx<'_>, login: &str) -> Result<String, Stop> {
    match store::account(cx.db(), login)? {
        Some((password, _)) => Ok(password),
        None => Err(no_login::no_account(cx, login)?),
    }
}

/// `Basic xyz` taken apart.
fn strip_scheme(value: &str) -> Option<(&'static str, &str)> {
    let (word, rest) = value.split_once(' ')?;
    let schemes = ["Basic", "Bearer", "Token", "Digest"];
    let scheme = schemes.into_iter().find(|known| known.eq_ignore_ascii_case(word))?;
    Some((scheme, rest.trim()))
}
