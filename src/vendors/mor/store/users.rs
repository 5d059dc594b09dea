//! SQL, and rows into values: who may call, and campaigns with their numbers. What is dialled stands
//! in `store_calls`.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::contract::cx::Tx;
use crate::statements;
use crate::vendors::mor::model::{Caller, Level, Reseller, Standing, UserKind};

/// The caller with the reseller whose settings count: the caller, or the owner.
macro_rules! select_caller {
    () => {
        "
        SELECT caller.id, caller.username, caller.kind, caller.time_zone, caller.csv_separator,
            caller.api_restricted, caller.permission_group,
            reseller.username, reseller.allow_api, reseller.secret_key, reseller.disable_hash,
            reseller.autodialer, reseller.csv_separator, reseller.uniquehash
        FROM mor_user AS caller LEFT JOIN mor_user AS reseller
            ON reseller.kind = 'reseller'
                AND reseller.id = CASE caller.kind WHEN 'reseller' THEN caller.id ELSE caller.owner_id END"
    };
}

statements! {
    SELECT_CALLER_BY_USERNAME = concat!(select_caller!(), " WHERE caller.username = :username");
    SELECT_CALLER_BY_ID = concat!(select_caller!(), " WHERE caller.id = :id");
    INSERT_GROUP = "
        INSERT INTO mor_permission_group (name, poll_results, statistics, change_status, upload_numbers)
        VALUES (:name, :poll_results, :statistics, :change_status, :upload_numbers)";
    SELECT_GROUP_LEVEL = "
        SELECT CASE :operation
            WHEN 'get_campaign_ivr_poll_results' THEN poll_results
            WHEN 'get_campaign_statistics' THEN statistics
            WHEN 'change_campaign_status' THEN change_status
            ELSE upload_numbers END
        FROM mor_permission_group WHERE name = :name";
    SELECT_USERNAME_BY_ID = "SELECT username FROM mor_user WHERE id = :id";
    LIST_USERNAMES = "SELECT username FROM mor_user ORDER BY id LIMIT :limit";
    SELECT_ADMIN_UNIQUEHASH = "SELECT uniquehash FROM mor_user WHERE id = 0";
    SELECT_USER_KIND = "SELECT id, kind FROM mor_user WHERE username = :username";
    INSERT_USER = "
        INSERT INTO mor_user (id, username, kind, owner_id, blocked, balance, credit, postpaid,
            time_zone, csv_separator, api_restricted, permission_group, password, uniquehash,
            allow_api, secret_key, disable_hash, autodialer)
        VALUES (:id, :username, :kind, :owner_id, :blocked, :balance, :credit, :postpaid,
            :time_zone, :csv_separator, :api_restricted, :permission_group, :password, :uniquehash,
            :allow_api, :secret_key, :disable_hash, :autodialer)";
    UPDATE_USER = "
        UPDATE mor_user SET blocked = COALESCE(:blocked, blocked),
            balance = COALESCE(:balance, balance), credit = COALESCE(:credit, credit),
            postpaid = COALESCE(:postpaid, postpaid)
        WHERE username = :username";
    UPDATE_RESELLER = "
        UPDATE mor_user SET allow_api = COALESCE(:allow_api, allow_api),
            secret_key = COALESCE(:secret_key, secret_key),
            disable_hash = COALESCE(:disable_hash, disable_hash),
            autodialer = COALESCE(:autodialer, autodialer)
        WHERE username = :username AND kind = 'reseller'";
    LIST_SECRETS = "
        SELECT username, kind, secret_key, uniquehash, password FROM mor_user
        WHERE secret_key <> '' OR uniquehash <> '' OR password <> '' ORDER BY id LIMIT :limit";
}

/// A permission group with its levels by number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewGroup<'a> {
    pub(crate) name: &'a str,
    pub(crate) poll_results: i64,
    pub(crate) statistics: i64,
    pub(crate) change_status: i64,
    pub(crate) upload_numbers: i64,
}

pub(crate) fn insert_group(tx: &Tx<'_>, group: NewGroup<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_GROUP)?.execute(named_params! {
        ":name": group.name, ":poll_results": group.poll_results,
        ":statistics": group.statistics, ":change_status": group.change_status,
        ":upload_numbers": group.upload_numbers,
    })?;
    Ok(())
}

/// The level that a permission group gives for an operation; `None` where there is no such group.
pub(crate) fn group_level(
    db: &Connection,
    group: &str,
    operation: &str,
) -> rusqlite::Result<Option<Level>> {
    db.prepare_cached(SELECT_GROUP_LEVEL)?
        .query_row(named_params! { ":name": group, ":operation": operation }, |row| {
            row.get(0).map(Level::from_number)
        })
        .optional()
}

pub(crate) fn caller(db: &Connection, username: &str) -> rusqlite::Result<Option<Caller>> {
    db.prepare_cached(SELECT_CALLER_BY_USERNAME)?
        .query_row(named_params! { ":username": username }, caller_from_row)
        .optional()
}

pub(crate) fn caller_by_id(db: &Connection, id: i64) -> rusqlite::Result<Option<Caller>> {
    db.prepare_cached(SELECT_CALLER_BY_ID)?
        .query_row(named_params! { ":id": id }, caller_from_row)
        .optional()
}

fn caller_from_row(row: &Row<'_>) -> rusqlite::Result<Caller> {
    let kind = UserKind::parse(row.get_ref(2)?.as_str()?).unwrap_or(UserKind::User);
    let reseller: Option<String> = row.get(7)?;
    let reseller = match reseller {
        None => None,
        Some(username) => Some(Reseller {
            username,
            allow_api: row.get(8)?,
            secret_key: row.get(9)?,
            disable_hash: row.get(10)?,
            autodialer: row.get(11)?,
            csv_separator: row.get(12)?,
            uniquehash: row.get(13)?,
        }),
    };
    Ok(Caller {
        id: row.get(0)?,
        username: row.get(1)?,
        kind,
        reseller,
        time_zone: row.get(3)?,
        csv_separator: row.get(4)?,
        api_restricted: row.get(5)?,
        permission_group: row.get(6)?,
    })
}

pub(crate) fn username(db: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_USERNAME_BY_ID)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

pub(crate) fn usernames(db: &Connection, limit: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_USERNAMES)?
        .query_map(named_params! { ":limit": limit }, |row| row.get(0))?
        .collect()
}

/// Empty where the administrator has none.
pub(crate) fn admin_uniquehash(db: &Connection) -> rusqlite::Result<String> {
    let found = db.prepare_cached(SELECT_ADMIN_UNIQUEHASH)?.query_row([], |row| row.get(0));
    Ok(found.optional()?.unwrap_or_default())
}

/// A user's id and account type.
pub(crate) fn user_kind(
    db: &Connection,
    username: &str,
) -> rusqlite::Result<Option<(i64, UserKind)>> {
    db.prepare_cached(SELECT_USER_KIND)?
        .query_row(named_params! { ":username": username }, |row| {
            let kind = UserKind::parse(row.get_ref(1)?.as_str()?).unwrap_or(UserKind::User);
            Ok((row.get(0)?, kind))
        })
        .optional()
}

/// A user as it is seeded.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a check box of the vendor's")]
pub(crate) struct NewUser<'a> {
    pub(crate) id: i64,
    pub(crate) username: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) owner_id: i64,
    pub(crate) standing: Standing,
    pub(crate) time_zone: &'a str,
    pub(crate) csv_separator: &'a str,
    pub(crate) api_restricted: bool,
    pub(crate) permission_group: &'a str,
    pub(crate) password: &'a str,
    pub(crate) uniquehash: &'a str,
    pub(crate) allow_api: bool,
    pub(crate) secret_key: &'a str,
    pub(crate) disable_hash: bool,
    pub(crate) autodialer: bool,
}

pub(crate) fn insert_user(tx: &Tx<'_>, user: &NewUser<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_USER)?.execute(named_params! {
        ":id": user.id, ":username": user.username, ":kind": user.kind,
        ":owner_id": user.owner_id, ":blocked": user.standing.blocked,
        ":balance": user.standing.balance, ":credit": user.standing.credit,
        ":postpaid": user.standing.postpaid, ":time_zone": user.time_zone,
        ":csv_separator": user.csv_separator, ":api_restricted": user.api_restricted,
        ":permission_group": user.permission_group, ":password": user.password,
        ":uniquehash": user.uniquehash, ":allow_api": user.allow_api,
        ":secret_key": user.secret_key, ":disable_hash": user.disable_hash,
        ":autodialer": user.autodialer,
    })?;
    Ok(())
}

/// What changes in a user; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UserChange {
    pub(crate) blocked: Option<bool>,
    pub(crate) balance: Option<f64>,
    pub(crate) credit: Option<f64>,
    pub(crate) postpaid: Option<bool>,
}

/// `false` where there is no such user.
pub(crate) fn change_user(
    tx: &Tx<'_>,
    username: &str,
    change: UserChange,
) -> rusqlite::Result<bool> {
    let n_changed = tx.prepare_cached(UPDATE_USER)?.execute(named_params! {
        ":username": username, ":blocked": change.blocked, ":balance": change.balance,
        ":credit": change.credit, ":postpaid": change.postpaid,
    })?;
    Ok(n_changed == 1)
}

/// What changes in a reseller's own settings; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ResellerChange<'a> {
    pub(crate) allow_api: Option<bool>,
    pub(crate) secret_key: Option<&'a str>,
    pub(crate) disable_hash: Option<bool>,
    pub(crate) autodialer: Option<bool>,
}

/// `false` where there is no such reseller.
pub(crate) fn change_reseller(
    tx: &Tx<'_>,
    username: &str,
    change: ResellerChange<'_>,
) -> rusqlite::Result<bool> {
    let n_changed = tx.prepare_cached(UPDATE_RESELLER)?.execute(named_params! {
        ":username": username, ":allow_api": change.allow_api,
        ":secret_key": change.secret_key, ":disable_hash": change.disable_hash,
        ":autodialer": change.autodialer,
    })?;
    Ok(n_changed == 1)
}

/// A secret of somebody's, for the diagnosis of a hash. It must not be shown.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// What it is, for people: `the key of reseller "shop"`.
    pub(crate) what: String,
    pub(crate) secret: String,
    pub(crate) is_key: bool,
}

/// The keys, uniquehashes and passwords of the first `limit` users who have any.
pub(crate) fn known_secrets(db: &Connection, limit: i64) -> rusqlite::Result<Vec<Known>> {
    let mut statement = db.prepare_cached(LIST_SECRETS)?;
    let mut rows = statement.query(named_params! { ":limit": limit })?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (username, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let mut add = |what: &str, secret: String, is_key: bool| {
            if !secret.is_empty() {
                all.push(Known {
                    what: format!("the {what} of {kind} {username:?}"),
                    secret,
                    is_key,
                });
            }
        };
        add("key", row.get(2)?, true);
        add("uniquehash", row.get(3)?, false);
        add("password", row.get(4)?, false);
    }
    Ok(all)
}
