//! The token service.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderValue, header};
use rand::RngExt;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{Doing, InternalError, Reply};
use crate::vendors::maxcontact::auth;
use crate::vendors::maxcontact::cookies::COOKIE;
use crate::vendors::maxcontact::errors::{self, No, PATH, Stop};
use crate::vendors::maxcontact::ops::enter::{style, why_xml};
use crate::vendors::maxcontact::settings::{TOKEN_LIFETIME, TOKEN_LIFETIME_DEFAULT};
use crate::vendors::maxcontact::store::{self, NewToken};
use crate::vendors::maxcontact::variants::{
    LegacyLogin, LoginCookie, OlderTokens, TokenExpiry, TokenForm,
};
use crate::vendors::maxcontact::wire::answer;
use crate::vendors::maxcontact::wire::entities::Token;
use crate::vendors::maxcontact::wire::format::Format;
use crate::vendors::maxcontact::wire::service::Service;

/// Gives out a token for a login and its password.
///
/// Source: maxcontact 1.2, 2.1.
pub(crate) fn log_in(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let style = style(cx, call, Service::Telephony)?;
    let is_legacy = call.params.path.first("password").is_some();
    if is_legacy && cx.variant::<LegacyLogin>() == LegacyLogin::Off {
        let hint = "the login with the password in the path is an old one; send the password in \
                    Authorization, or switch legacy_login on";
        let found = "a login with a password in its path";
        let no = No::new(&PATH, &[], "the path of an endpoint", found, hint);
        return errors::refuse(cx, &style, Service::Telephony, no);
    }
    match granted(cx, call) {
        Ok(token) => {
            let mut response = answer::token(&style, &token);
            if cx.variant::<LoginCookie>() == LoginCookie::Set {
                response = response.header(header::SET_COOKIE, set_cookie(&token)?);
            }
            let mut reply = Reply::ok(response);
            // Once is enough: every client logs in, and many are content with XML.
            let why = why_xml(call, &style, |request| {
                Format::not_asked_for(request).or_else(|| Format::not_named(request))
            });
            reply.why = why.map(Box::new);
            Ok(reply)
        }
        Err(Stop::No(no)) => errors::refuse(cx, &style, Service::Telephony, *no),
        Err(Stop::Internal(error)) => Err(error),
    }
}

fn granted(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Token, Stop> {
    let login = call.params.path.first("login").unwrap_or_default();
    match call.params.path.first("password") {
        Some(password) => auth::password_in_path(cx, login, password)?,
        None => auth::password(cx, call.request, login)?,
    }
    if cx.variant::<OlderTokens>() == OlderTokens::Revoked {
        store::revoke_tokens_of(&cx.tx(), login, cx.now())?;
    }
    let nth = store::count_login(&cx.tx(), login)?;
    let token = new_key(cx, login, nth)?;
    let lifetime =
        store::length_setting(cx.db(), TOKEN_LIFETIME)?.unwrap_or(TOKEN_LIFETIME_DEFAULT);
    let expires = new_token(cx, login, nth, &token, lifetime)?;
    cx.effect(format!("login {nth} of {login}, token until {expires}"));
    let shows_expiry = cx.variant::<TokenExpiry>() == TokenExpiry::Expiry;
    Ok(Token { expires: shows_expiry.then_some(expires), key: Some(token) })
}

/// Keeps a token; answers when it expires.
pub(crate) fn new_token(
    cx: &Cx<'_>,
    login: &str,
    nth: i64,
    token: &str,
    lifetime: Span,
) -> rusqlite::Result<Instant> {
    let (issued, expires) = (cx.now(), cx.now().saturating_add(lifetime));
    store::put_token(&cx.tx(), &NewToken { token, login, nth, issued, expires })?;
    Ok(expires)
}

/// The token of an account's n-th login: the scenario's, or one that is drawn. Each login returns a new
/// one (maxcontact 1.2), so a token that has been out before is nobody's second time.
fn new_key(cx: &Cx<'_>, login: &str, nth: i64) -> rusqlite::Result<String> {
    if let Some(token) = store::fixed_token(cx.db(), login, nth)?
        && store::token(cx.db(), &token)?.is_none()
    {
        return Ok(token);
    }
    Ok(draw(cx, login, nth))
}

fn draw(cx: &Cx<'_>, login: &str, nth: i64) -> String {
    let bytes: [u8; 16] = cx.random("maxcontact.token", &[login, &nth.to_string()]).random();
    match cx.variant() {
        TokenForm::Guid => guid(bytes),
        TokenForm::Base64 => BASE64_STANDARD.encode(bytes),
    }
}

/// A GUID of version 4, as .NET's `Guid.NewGuid` makes them.
fn guid(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let hex = format!("{number:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn set_cookie(token: &Token) -> Result<HeaderValue, InternalError> {
    let key = token.key.as_deref().unwrap_or_default();
    let cookie = format!("{COOKIE}={key}; path=/");
    HeaderValue::from_str(&cookie).doing("write a token as a cookie")
}
