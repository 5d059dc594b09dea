//! SQL, and rows into values: who may call, and campaigns with their numbers. What is dialled stands
//! in `store_calls`.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::contract::cx::{Cx, Tx};
use crate::statements;
use crate::vendors::mor::model::{
    Addresses, Caller, Campaign, Level, NoStart, Reseller, Settings, Standing, UserKind,
    check_start as check_start_of,
};
use crate::vendors::mor::wire::Statistics;

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
    SELECT_SETTINGS = "
        SELECT allow_api, allow_get, secret_key, disable_hash, xml_extension, restrict_ip,
            csv_separator, paid_addon, auto_dial
        FROM mor_setting WHERE id = 1";
    UPSERT_SETTINGS = "
        INSERT INTO mor_setting (id, allow_api, allow_get, secret_key, disable_hash, xml_extension,
            restrict_ip, csv_separator, paid_addon, auto_dial)
        VALUES (1, :allow_api, :allow_get, :secret_key, :disable_hash, :xml_extension,
            :restrict_ip, :csv_separator, :paid_addon, :auto_dial)
        ON CONFLICT (id) DO UPDATE SET allow_api = excluded.allow_api,
            allow_get = excluded.allow_get, secret_key = excluded.secret_key,
            disable_hash = excluded.disable_hash, xml_extension = excluded.xml_extension,
            restrict_ip = excluded.restrict_ip, csv_separator = excluded.csv_separator,
            paid_addon = excluded.paid_addon, auto_dial = excluded.auto_dial";

    INSERT_ADDRESSES = "
        INSERT INTO mor_whitelist (entry, ip_first, ip_last, allow_api)
        VALUES (:entry, :ip_first, :ip_last, :allow_api)";
    DELETE_ADDRESSES = "DELETE FROM mor_whitelist WHERE entry = :entry";
    EXISTS_ADDRESS = "
        SELECT EXISTS (SELECT 1 FROM mor_whitelist
            WHERE allow_api = 1 AND ip_first <= :ip AND ip_last >= :ip)";
    EXISTS_ADDRESS_WITHOUT_API = "
        SELECT EXISTS (SELECT 1 FROM mor_whitelist WHERE ip_first <= :ip AND ip_last >= :ip)";

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

    SELECT_CALLER_BY_USERNAME = concat!(select_caller!(), " WHERE caller.username = :username");
    SELECT_CALLER_BY_ID = concat!(select_caller!(), " WHERE caller.id = :id");
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

    SELECT_CAMPAIGN = "
        SELECT campaign.id, campaign.name, running, campaign.user_id, owner.username, owner.owner_id,
            allow_duplicates
        FROM mor_campaign AS campaign JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE campaign.id = :id";
    LIST_CAMPAIGN_IDS = "
        SELECT campaign.id FROM mor_campaign AS campaign
        JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE (:user_id IS NULL OR campaign.user_id = :user_id)
            AND (:owner_id IS NULL OR owner.owner_id = :owner_id)
        ORDER BY campaign.id LIMIT :limit";
    SELECT_START = "
        SELECT blocked, balance, credit, postpaid,
            EXISTS (SELECT 1 FROM mor_number INDEXED BY mor_number_free
                WHERE campaign_id = :campaign_id AND status = 'new'),
            EXISTS (SELECT 1 FROM mor_action WHERE campaign_id = :campaign_id)
        FROM mor_user WHERE id = :user_id";
    INSERT_CAMPAIGN = "
        INSERT INTO mor_campaign (id, name, user_id, running, start_s, stop_s, max_retries,
            retry_time_s, wait_time_s, device, callerid, allow_duplicates, answers)
        VALUES (:id, :name, :user_id, :running, :start_s, :stop_s, :max_retries,
            :retry_time_s, :wait_time_s, :device, :callerid, :allow_duplicates, :answers)";
    UPDATE_RUNNING = "UPDATE mor_campaign SET running = :running WHERE id = :id";
    INSERT_ACTION = "
        INSERT INTO mor_action (campaign_id, position, kind, data)
        VALUES (:campaign_id, :position, :kind, :data)";
    EXISTS_FREE_NUMBER = "
        SELECT EXISTS (SELECT 1 FROM mor_number INDEXED BY mor_number_free
            WHERE campaign_id = :campaign_id AND status = 'new')";
    EXISTS_NUMBER = "SELECT EXISTS (SELECT 1 FROM mor_number WHERE campaign_id = :campaign_id)";
    COUNT_NUMBERS = "
        SELECT COUNT(*), COUNT(*) FILTER (WHERE status = 'executed'),
            COUNT(*) FILTER (WHERE status = 'completed')
        FROM mor_number WHERE campaign_id = :campaign_id";
    COUNT_CALLS = "
        SELECT COALESCE(SUM(billed_s), 0), COALESCE(SUM(billed_s) FILTER (WHERE billed_s > 10), 0),
            COUNT(*) FILTER (WHERE disposition = 'answered'),
            COUNT(*) FILTER (WHERE disposition = 'no_answer'),
            COUNT(*) FILTER (WHERE disposition = 'busy'),
            COUNT(*) FILTER (WHERE disposition = 'failed')
        FROM mor_call WHERE campaign_id = :campaign_id AND at_ms BETWEEN :from_ms AND :to_ms";
    NEAREST_CALLS = "
        SELECT MAX(at_ms) FILTER (WHERE at_ms < :from_ms), MIN(at_ms) FILTER (WHERE at_ms > :to_ms)
        FROM mor_call WHERE campaign_id = :campaign_id";
    LIST_NUMBERS = "
        SELECT id, number, executed_ms, completed_ms, valid_from_ms, valid_till_ms
        FROM mor_number WHERE campaign_id = :campaign_id ORDER BY id";
    LIST_LOGS = "
        SELECT number_id, at_ms, text FROM mor_ivr_log WHERE campaign_id = :campaign_id
        ORDER BY number_id, at_ms, id";
    SELECT_LAST_NUMBER_ID = "
        SELECT COALESCE(MAX(id), 0) FROM mor_number WHERE campaign_id = :campaign_id";
    EXISTS_NUMBER_OF_CAMPAIGN = "
        SELECT EXISTS (
            SELECT 1 FROM mor_number WHERE campaign_id = :campaign_id AND number = :number)";
    INSERT_FREE_NUMBER = "
        INSERT INTO mor_number (campaign_id, id, number, status, n_tries)
        VALUES (:campaign_id, :id, :number, 'new', 0)";
    INSERT_NUMBER = "
        INSERT INTO mor_number (campaign_id, id, number, status, executed_ms, completed_ms, n_tries,
            valid_from_ms, valid_till_ms)
        VALUES (:campaign_id, :id, :number, :status, :executed_ms, :completed_ms, :n_tries,
            :valid_from_ms, :valid_till_ms)";
}

pub(crate) fn settings(cx: &Cx<'_>) -> rusqlite::Result<Arc<Settings>> {
    cx.kept(read_settings)
}

fn read_settings(db: &Connection) -> rusqlite::Result<Settings> {
    let found = db.prepare_cached(SELECT_SETTINGS)?.query_row([], |row| {
        Ok(Settings {
            allow_api: row.get(0)?,
            allow_get: row.get(1)?,
            secret_key: row.get(2)?,
            disable_hash: row.get(3)?,
            xml_extension: row.get(4)?,
            restrict_ip: row.get(5)?,
            csv_separator: row.get(6)?,
            paid_addon: row.get(7)?,
            auto_dial: row.get(8)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

pub(crate) fn set_settings(cx: &Cx<'_>, settings: &Settings) -> rusqlite::Result<()> {
    cx.forget::<Settings>();
    cx.tx().prepare_cached(UPSERT_SETTINGS)?.execute(named_params! {
        ":allow_api": settings.allow_api, ":allow_get": settings.allow_get,
        ":secret_key": settings.secret_key, ":disable_hash": settings.disable_hash,
        ":xml_extension": settings.xml_extension, ":restrict_ip": settings.restrict_ip,
        ":csv_separator": settings.csv_separator, ":paid_addon": settings.paid_addon,
        ":auto_dial": settings.auto_dial,
    })?;
    Ok(())
}

pub(crate) fn insert_addresses(
    tx: &Tx<'_>,
    addresses: &Addresses,
    allow_api: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_ADDRESSES)?.execute(named_params! {
        ":entry": addresses.entry, ":ip_first": addresses.first, ":ip_last": addresses.last,
        ":allow_api": allow_api,
    })?;
    Ok(())
}

/// Answers how many entries were taken off the list.
pub(crate) fn delete_addresses(tx: &Tx<'_>, addresses: &Addresses) -> rusqlite::Result<usize> {
    tx.prepare_cached(DELETE_ADDRESSES)?.execute(named_params! { ":entry": addresses.entry })
}

/// Whether an address may call the API.
pub(crate) fn is_whitelisted(db: &Connection, ip: u32) -> rusqlite::Result<bool> {
    exists(db, EXISTS_ADDRESS, ip)
}

/// Whether an address is on the list, with or without the API.
pub(crate) fn is_listed(db: &Connection, ip: u32) -> rusqlite::Result<bool> {
    exists(db, EXISTS_ADDRESS_WITHOUT_API, ip)
}

fn exists(db: &Connection, sql: &str, ip: u32) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?.query_row(named_params! { ":ip": ip }, |row| row.get(0))
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

pub(crate) fn campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<Campaign>> {
    db.prepare_cached(SELECT_CAMPAIGN)?
        .query_row(named_params! { ":id": id }, |row| {
            Ok(Campaign {
                id: row.get(0)?,
                name: row.get(1)?,
                running: row.get(2)?,
                user_id: row.get(3)?,
                username: row.get(4)?,
                owner_id: row.get(5)?,
                allow_duplicates: row.get(6)?,
            })
        })
        .optional()
}

/// The first campaigns of a user, or of all users of an owner.
pub(crate) fn campaign_ids(
    db: &Connection,
    user_id: Option<i64>,
    owner_id: Option<i64>,
    limit: i64,
) -> rusqlite::Result<Vec<i64>> {
    let params = named_params! { ":user_id": user_id, ":owner_id": owner_id, ":limit": limit };
    db.prepare_cached(LIST_CAMPAIGN_IDS)?.query_map(params, |row| row.get(0))?.collect()
}

/// Why a campaign cannot start; `None` where it can.
pub(crate) fn check_start(
    db: &Connection,
    campaign: &Campaign,
) -> rusqlite::Result<Option<NoStart>> {
    let params = named_params! { ":user_id": campaign.user_id, ":campaign_id": campaign.id };
    db.prepare_cached(SELECT_START)?.query_row(params, |row| {
        let standing = Standing {
            blocked: row.get(0)?,
            balance: row.get(1)?,
            credit: row.get(2)?,
            postpaid: row.get(3)?,
        };
        Ok(check_start_of(standing, row.get(4)?, row.get(5)?).err())
    })
}

/// A campaign as it is seeded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCampaign<'a> {
    pub(crate) id: i64,
    pub(crate) name: &'a str,
    pub(crate) user_id: i64,
    pub(crate) running: bool,
    pub(crate) start_s: i64,
    pub(crate) stop_s: i64,
    pub(crate) max_retries: i64,
    pub(crate) retry_time_s: i64,
    pub(crate) wait_time_s: i64,
    pub(crate) device: &'a str,
    pub(crate) callerid: &'a str,
    pub(crate) allow_duplicates: bool,
    /// A JSON array of texts.
    pub(crate) answers: &'a str,
}

pub(crate) fn insert_campaign(tx: &Tx<'_>, campaign: &NewCampaign<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CAMPAIGN)?.execute(named_params! {
        ":id": campaign.id, ":name": campaign.name, ":user_id": campaign.user_id,
        ":running": campaign.running, ":start_s": campaign.start_s, ":stop_s": campaign.stop_s,
        ":max_retries": campaign.max_retries, ":retry_time_s": campaign.retry_time_s,
        ":wait_time_s": campaign.wait_time_s, ":device": campaign.device,
        ":callerid": campaign.callerid, ":allow_duplicates": campaign.allow_duplicates,
        ":answers": campaign.answers,
    })?;
    Ok(())
}

pub(crate) fn set_running(tx: &Tx<'_>, id: i64, running: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_RUNNING)?.execute(named_params! { ":id": id, ":running": running })?;
    Ok(())
}

pub(crate) fn insert_action(
    tx: &Tx<'_>,
    campaign_id: i64,
    position: i64,
    kind: &str,
    data: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_ACTION)?.execute(named_params! {
        ":campaign_id": campaign_id, ":position": position, ":kind": kind, ":data": data,
    })?;
    Ok(())
}

pub(crate) fn has_free_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<bool> {
    has(db, EXISTS_FREE_NUMBER, campaign_id)
}

pub(crate) fn has_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<bool> {
    has(db, EXISTS_NUMBER, campaign_id)
}

fn has(db: &Connection, sql: &str, campaign_id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?
        .query_row(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))
}

/// The figures of a campaign's numbers, and of its calls between two instants, both included.
pub(crate) fn statistics(
    db: &Connection,
    campaign_id: i64,
    from_ms: i64,
    to_ms: i64,
) -> rusqlite::Result<Statistics> {
    let mut figures = db.prepare_cached(COUNT_CALLS)?.query_row(
        named_params! { ":campaign_id": campaign_id, ":from_ms": from_ms, ":to_ms": to_ms },
        |row| {
            Ok(Statistics {
                billed_s: row.get(0)?,
                billed_long_s: row.get(1)?,
                n_answered: row.get(2)?,
                n_no_answer: row.get(3)?,
                n_busy: row.get(4)?,
                n_failed: row.get(5)?,
                ..Statistics::default()
            })
        },
    )?;
    let params = named_params! { ":campaign_id": campaign_id };
    (figures.n_numbers, figures.n_executed, figures.n_completed) = db
        .prepare_cached(COUNT_NUMBERS)?
        .query_row(params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(figures)
}

/// How many numbers a campaign has.
pub(crate) fn count_numbers(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    let params = named_params! { ":campaign_id": campaign_id };
    db.prepare_cached(COUNT_NUMBERS)?.query_row(params, |row| row.get(0))
}

/// The last call before a period and the first one after it.
pub(crate) fn nearest_calls(
    db: &Connection,
    campaign_id: i64,
    from_ms: i64,
    to_ms: i64,
) -> rusqlite::Result<(Option<i64>, Option<i64>)> {
    db.prepare_cached(NEAREST_CALLS)?.query_row(
        named_params! { ":campaign_id": campaign_id, ":from_ms": from_ms, ":to_ms": to_ms },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// A number as poll results show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PollNumber<'r> {
    pub(crate) number: &'r str,
    pub(crate) executed_ms: Option<i64>,
    pub(crate) completed_ms: Option<i64>,
    pub(crate) valid_from_ms: Option<i64>,
    pub(crate) valid_till_ms: Option<i64>,
}

/// Hands over a campaign's numbers in the order in which they were added, and behind each its
/// answers, oldest first.
pub(crate) fn each_number<P>(
    db: &Connection,
    campaign_id: i64,
    poll: &mut P,
    mut number: impl FnMut(&mut P, PollNumber<'_>),
    mut answer: impl FnMut(&mut P, i64, &str),
) -> rusqlite::Result<()> {
    let params = named_params! { ":campaign_id": campaign_id };
    let (mut numbers, mut logs) = (db.prepare_cached(LIST_NUMBERS)?, db.prepare_cached(LIST_LOGS)?);
    let (mut numbers, mut logs) = (numbers.query(params)?, logs.query(params)?);
    // Both lists are in the order of the numbers' ids, so they are read side by side.
    let mut log = logs.next()?;
    while let Some(row) = numbers.next()? {
        let id: i64 = row.get(0)?;
        let shown = PollNumber {
            number: row.get_ref(1)?.as_str()?,
            executed_ms: row.get(2)?,
            completed_ms: row.get(3)?,
            valid_from_ms: row.get(4)?,
            valid_till_ms: row.get(5)?,
        };
        number(poll, shown);
        while let Some(logged) = log {
            let of_id: i64 = logged.get(0)?;
            if of_id != id {
                break;
            }
            answer(poll, logged.get(1)?, logged.get_ref(2)?.as_str()?);
            log = logs.next()?;
        }
    }
    Ok(())
}

/// The id of the number that was added to a campaign last; 0 where it has none.
pub(crate) fn last_number_id(db: &Connection, campaign_id: i64) -> rusqlite::Result<i64> {
    let params = named_params! { ":campaign_id": campaign_id };
    db.prepare_cached(SELECT_LAST_NUMBER_ID)?.query_row(params, |row| row.get(0))
}

/// A number to be added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewNumber<'a> {
    pub(crate) campaign_id: i64,
    pub(crate) id: i64,
    pub(crate) number: &'a str,
    pub(crate) status: &'a str,
    pub(crate) executed_ms: Option<i64>,
    pub(crate) completed_ms: Option<i64>,
    pub(crate) valid_from_ms: Option<i64>,
    pub(crate) valid_till_ms: Option<i64>,
}

/// Whether a campaign has a number.
pub(crate) fn has_number(
    db: &Connection,
    campaign_id: i64,
    number: &str,
) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_NUMBER_OF_CAMPAIGN)?
        .query_row(named_params! { ":campaign_id": campaign_id, ":number": number }, |row| {
            row.get(0)
        })
}

/// Adds a number that was not dialled yet.
pub(crate) fn insert_free_number(
    tx: &Tx<'_>,
    campaign_id: i64,
    id: i64,
    number: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":campaign_id": campaign_id, ":id": id, ":number": number };
    tx.prepare_cached(INSERT_FREE_NUMBER)?.execute(params)?;
    Ok(())
}

/// Adds a number with what is known of it.
pub(crate) fn insert_number(tx: &Tx<'_>, number: &NewNumber<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_NUMBER)?.execute(named_params! {
        ":campaign_id": number.campaign_id, ":id": number.id, ":number": number.number,
        ":status": number.status, ":executed_ms": number.executed_ms,
        ":completed_ms": number.completed_ms,
        ":n_tries": i64::from(number.executed_ms.is_some()),
        ":valid_from_ms": number.valid_from_ms, ":valid_till_ms": number.valid_till_ms,
    })?;
    Ok(())
}
