//! Users, resellers and the administrator of a scenario.

use crate::contract::cx::Cx;
use crate::contract::fields::{Cell, Row};
use crate::contract::section::{Section, SeedError};
use crate::vendors::mor::model::{ADMIN_ID, Standing, UserKind};
use crate::vendors::mor::store::users::{self, NewUser};

/// The administrator's name where the scenario gives none.
const ADMIN_NAME: &str = "admin";

/// Loads them, with an administrator who is always there.
pub(crate) fn load_users(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    let mut has_admin = false;
    source.rows("users", &mut |row| {
        has_admin |= row.opt_text("type") == Some("admin");
        insert_user(cx, row)
    })?;
    if has_admin || source.is_merge() {
        return Ok(());
    }
    if users::user_kind(cx.db(), ADMIN_NAME)?.is_some() {
        let message = format!(
            "a user is called {ADMIN_NAME:?}, but there is none of type admin; \
                               expected another name, or an administrator of another name"
        );
        source.refuse("users", None, message);
        return Ok(());
    }
    Ok(users::insert_user(&cx.tx(), &user(ADMIN_NAME, "admin", ADMIN_ID))?)
}

/// A user of the administrator's with nothing special.
fn user<'a>(username: &'a str, kind: &'a str, id: i64) -> NewUser<'a> {
    NewUser {
        id,
        username,
        kind,
        owner_id: ADMIN_ID,
        standing: Standing { blocked: false, balance: 0.0, credit: -1.0, postpaid: true },
        time_zone: "UTC",
        csv_separator: "",
        api_restricted: false,
        permission_group: "",
        password: "",
        uniquehash: "",
        allow_api: true,
        secret_key: "",
        disable_hash: false,
        autodialer: true,
    }
}

fn insert_user(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let kind = row.opt_text("type").unwrap_or("user");
    let base = user(row.text("username"), kind, user_id(cx, row, kind)?);
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    let standing = Standing {
        blocked: row.bool_or("blocked", base.standing.blocked),
        balance: row.opt_decimal("balance").unwrap_or(base.standing.balance),
        credit: row.opt_decimal("credit").unwrap_or(base.standing.credit),
        postpaid: row.bool_or("postpaid", base.standing.postpaid),
    };
    let user = NewUser {
        owner_id: owner_id(cx, row, kind)?,
        standing,
        time_zone: row.opt_text("time_zone").unwrap_or(base.time_zone),
        csv_separator: text("csv_separator"),
        api_restricted: row.bool_or("api_restricted", base.api_restricted),
        permission_group: text("permission_group"),
        password: text("password"),
        uniquehash: text("uniquehash"),
        allow_api: row.bool_or("allow_api", base.allow_api),
        secret_key: text("secret_key"),
        disable_hash: row.bool_or("disable_hash", base.disable_hash),
        autodialer: row.bool_or("autodialer", base.autodialer),
        ..base
    };
    let only_resellers = ["allow_api", "secret_key", "disable_hash", "autodialer"];
    for field in only_resellers.into_iter().filter(|_| kind != "reseller") {
        if *row.get(field) != Cell::Absent {
            let message =
                format!("only a reseller has a {field} of their own; this is of type {kind}");
            return Err(SeedError::field(field, message));
        }
    }
    Ok(users::insert_user(&cx.tx(), &user)?)
}

/// The row's id, or the next that is free.
fn user_id(cx: &Cx<'_>, row: &Row<'_>, kind: &str) -> Result<i64, SeedError> {
    let is_taken = |id| users::username(cx.db(), id);
    if kind == "admin" {
        if row.opt_int("id").is_some_and(|id| id != ADMIN_ID) {
            return Err(SeedError::field("id", "the administrator's id is 0"));
        }
        return match is_taken(ADMIN_ID)? {
            None => Ok(ADMIN_ID),
            Some(name) => Err(SeedError::row(format!("{name:?} is the administrator already"))),
        };
    }
    match row.opt_int("id") {
        Some(ADMIN_ID) => Err(SeedError::field("id", "0 is the administrator's id")),
        Some(id) => match is_taken(id)? {
            None => Ok(id),
            Some(name) => Err(SeedError::field(
                "id",
                format!("{name:?} has it already; give the explicit ids first"),
            )),
        },
        None => loop {
            let id = cx.next_count("user", FIRST_USER_ID)?;
            if is_taken(id)?.is_none() {
                return Ok(id);
            }
        },
    }
}

/// Where user ids count from.
const FIRST_USER_ID: i64 = 2;

fn owner_id(cx: &Cx<'_>, row: &Row<'_>, kind: &str) -> Result<i64, SeedError> {
    let Some(owner) = row.opt_text("owner") else { return Ok(ADMIN_ID) };
    match users::user_kind(cx.db(), owner)? {
        // Where there is none, the owner's own row was refused, and the mistake is told already.
        None | Some((ADMIN_ID, _)) => Ok(ADMIN_ID),
        Some((id, UserKind::Reseller)) if kind == "user" => Ok(id),
        Some((_, UserKind::Reseller)) => Err(SeedError::field(
            "owner",
            format!("a reseller owns users, not somebody of type {kind}"),
        )),
        Some((_, other)) => Err(SeedError::field(
            "owner",
            format!("{owner:?} is {}; expected a reseller", other.noun()),
        )),
    }
}
