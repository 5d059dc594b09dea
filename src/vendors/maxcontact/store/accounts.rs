//! Accounts and their tokens.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::time::Instant;
use crate::contract::cx::{Cx, Tx};
use crate::statements;

statements! {
    INSERT_ACCOUNT = "
        INSERT INTO maxcontact_account (login, password, api, n_logins)
        VALUES (:login, :password, :api, 0)";
    SELECT_ACCOUNT = "SELECT password, n_logins FROM maxcontact_account WHERE login = :login";
    SELECT_ACCOUNT_IN_ANY_CASE = "
        SELECT login FROM maxcontact_account WHERE login = :login COLLATE NOCASE
        ORDER BY login LIMIT 1";
    COUNT_LOGIN = "
        UPDATE maxcontact_account SET n_logins = n_logins + 1 WHERE login = :login";
    SELECT_N_LOGINS = "SELECT n_logins FROM maxcontact_account WHERE login = :login";
    UPDATE_PASSWORD = "
        UPDATE maxcontact_account
        SET former_password = IIF(password = :password, former_password, password),
            replaced_ms = IIF(password = :password, replaced_ms, :now), password = :password
        WHERE login = :login";
    SELECT_FORMER_PASSWORD = "
        SELECT former_password, replaced_ms FROM maxcontact_account
        WHERE login = :login AND former_password <> ''";
    UPDATE_API = "UPDATE maxcontact_account SET api = :api WHERE login = :login";

    LIST_LOGINS = "SELECT login FROM maxcontact_account ORDER BY login LIMIT :limit";
    LIST_LATEST_TOKENS = "
        SELECT token FROM maxcontact_token ORDER BY issued_ms DESC, token LIMIT :limit";

    INSERT_FIXED_TOKEN = "
        INSERT INTO maxcontact_fixed_token (login, nth, token) VALUES (:login, :nth, :token)
        ON CONFLICT DO NOTHING";
    SELECT_FIXED_TOKEN = "
        SELECT token FROM maxcontact_fixed_token WHERE login = :login AND nth = :nth";

    UPSERT_TOKEN = "
        INSERT INTO maxcontact_token (token, login, nth, issued_ms, expires_ms, revoked)
        VALUES (:token, :login, :nth, :issued_ms, :expires_ms, 0)
        ON CONFLICT (token) DO UPDATE SET login = excluded.login, nth = excluded.nth,
            issued_ms = excluded.issued_ms, expires_ms = excluded.expires_ms, revoked = 0";
    SELECT_TOKEN = "
        SELECT token.login, token.issued_ms, token.expires_ms, token.revoked, account.api
        FROM maxcontact_token AS token
        JOIN maxcontact_account AS account ON account.login = token.login
        WHERE token = :token";
    SELECT_TOKEN_IN_ANY_CASE = "
        SELECT 1 FROM maxcontact_token WHERE token = :token COLLATE NOCASE
        ORDER BY token LIMIT 1";
    REVOKE_TOKEN = "UPDATE maxcontact_token SET revoked = 1 WHERE token = :token AND revoked = 0";
    REVOKE_TOKENS_BY_LOGIN = "
        UPDATE maxcontact_token SET revoked = 1
        WHERE login = :login AND revoked = 0 AND expires_ms > :now_ms";
    EXPIRE_TOKENS_BY_LOGIN = "
        UPDATE maxcontact_token SET expires_ms = :now_ms
        WHERE login = :login AND revoked = 0 AND expires_ms > :now_ms";
    DELETE_STALE_TOKENS = "
        DELETE FROM maxcontact_token
        WHERE login = :login AND nth <= :nth AND expires_ms <= :now_ms";
}

/// Tokens of one login that are kept after they have expired, so that "expired" can be told from
/// "unknown". A client that logs in before every request leaves one each time.
const STALE_TOKENS_MAX: i64 = 10_000;

pub(crate) fn insert_account(
    tx: &Tx<'_>,
    login: &str,
    password: &str,
    api: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_ACCOUNT)?
        .execute(named_params! { ":login": login, ":password": password, ":api": api })?;
    Ok(())
}

/// An account's password and how many times it has logged in.
pub(crate) fn account(db: &Connection, login: &str) -> rusqlite::Result<Option<(String, i64)>> {
    db.prepare_cached(SELECT_ACCOUNT)?
        .query_row(named_params! { ":login": login }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// An account whose login differs from this one only in capitals.
pub(crate) fn account_in_any_case(
    db: &Connection,
    login: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_ACCOUNT_IN_ANY_CASE)?
        .query_row(named_params! { ":login": login }, |row| row.get(0))
        .optional()
}

/// The first logins in their order.
pub(crate) fn some_logins(db: &Connection, limit: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_LOGINS)?
        .query_map(named_params! { ":limit": limit }, |row| row.get(0))?
        .collect()
}

/// The tokens that were given out last, valid or not, for a reason. They must not be shown.
pub(crate) fn latest_tokens(db: &Connection, limit: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_LATEST_TOKENS)?
        .query_map(named_params! { ":limit": limit }, |row| row.get(0))?
        .collect()
}

/// Counts one more login; answers which it is.
pub(crate) fn count_login(tx: &Tx<'_>, login: &str) -> rusqlite::Result<i64> {
    tx.prepare_cached(COUNT_LOGIN)?.execute(named_params! { ":login": login })?;
    tx.prepare_cached(SELECT_N_LOGINS)?
        .query_row(named_params! { ":login": login }, |row| row.get(0))
}

/// `false` where there is no such account.
pub(crate) fn set_password(cx: &Cx<'_>, login: &str, password: &str) -> rusqlite::Result<bool> {
    let params = named_params! { ":login": login, ":password": password, ":now": cx.now() };
    Ok(cx.tx().prepare_cached(UPDATE_PASSWORD)?.execute(params)? == 1)
}

/// The password that an account had before its present one, and when it was replaced.
pub(crate) fn former_password(
    db: &Connection,
    login: &str,
) -> rusqlite::Result<Option<(String, Instant)>> {
    db.prepare_cached(SELECT_FORMER_PASSWORD)?
        .query_row(named_params! { ":login": login }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// `false` where there is no such account.
pub(crate) fn set_api(tx: &Tx<'_>, login: &str, api: bool) -> rusqlite::Result<bool> {
    let params = named_params! { ":login": login, ":api": api };
    Ok(tx.prepare_cached(UPDATE_API)?.execute(params)? == 1)
}

/// `false` where the token is somebody's already.
pub(crate) fn insert_fixed_token(
    tx: &Tx<'_>,
    login: &str,
    nth: i64,
    token: &str,
) -> rusqlite::Result<bool> {
    let params = named_params! { ":login": login, ":nth": nth, ":token": token };
    Ok(tx.prepare_cached(INSERT_FIXED_TOKEN)?.execute(params)? == 1)
}

/// The token that the scenario names for an account's n-th login.
pub(crate) fn fixed_token(
    db: &Connection,
    login: &str,
    nth: i64,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_FIXED_TOKEN)?
        .query_row(named_params! { ":login": login, ":nth": nth }, |row| row.get(0))
        .optional()
}

/// A token to be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewToken<'a> {
    pub(crate) token: &'a str,
    pub(crate) login: &'a str,
    /// The login that it comes from.
    pub(crate) nth: i64,
    pub(crate) issued: Instant,
    pub(crate) expires: Instant,
}

pub(crate) fn put_token(tx: &Tx<'_>, new: &NewToken<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(UPSERT_TOKEN)?.execute(named_params! {
        ":token": new.token, ":login": new.login, ":nth": new.nth,
        ":issued_ms": new.issued, ":expires_ms": new.expires,
    })?;
    if new.nth > STALE_TOKENS_MAX {
        let nth = new.nth - STALE_TOKENS_MAX;
        tx.prepare_cached(DELETE_STALE_TOKENS)?
            .execute(named_params! { ":login": new.login, ":nth": nth, ":now_ms": new.issued })?;
    }
    Ok(())
}

/// A token as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct KnownToken {
    pub(crate) login: String,
    pub(crate) issued: Instant,
    pub(crate) expires: Instant,
    pub(crate) revoked: bool,
    /// Whether its account may use the API.
    pub(crate) api: bool,
}

pub(crate) fn token(db: &Connection, token: &str) -> rusqlite::Result<Option<KnownToken>> {
    db.prepare_cached(SELECT_TOKEN)?
        .query_row(named_params! { ":token": token }, |row| {
            Ok(KnownToken {
                login: row.get(0)?,
                issued: row.get(1)?,
                expires: row.get(2)?,
                revoked: row.get(3)?,
                api: row.get(4)?,
            })
        })
        .optional()
}

/// Whether a token differs from this text only in capitals.
pub(crate) fn has_token_in_any_case(db: &Connection, token: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(SELECT_TOKEN_IN_ANY_CASE)?.exists(named_params! { ":token": token })
}

/// `false` where there is no such token, or it was revoked before.
pub(crate) fn revoke_token(tx: &Tx<'_>, token: &str) -> rusqlite::Result<bool> {
    Ok(tx.prepare_cached(REVOKE_TOKEN)?.execute(named_params! { ":token": token })? == 1)
}

/// Revokes all tokens of an account that are still valid; answers how many those were.
pub(crate) fn revoke_tokens_of(tx: &Tx<'_>, login: &str, now: Instant) -> rusqlite::Result<usize> {
    tx.prepare_cached(REVOKE_TOKENS_BY_LOGIN)?
        .execute(named_params! { ":login": login, ":now_ms": now })
}

/// Lets all tokens of an account expire now; answers how many those were.
pub(crate) fn expire_tokens_of(tx: &Tx<'_>, login: &str, now: Instant) -> rusqlite::Result<usize> {
    tx.prepare_cached(EXPIRE_TOKENS_BY_LOGIN)?
        .execute(named_params! { ":login": login, ":now_ms": now })
}
