//! A contact, straight from its row: the hot way of a long list.

use rand::seq::SliceRandom;
use rusqlite::Row;
use rusqlite::types::{FromSql, Value, ValueRef};

use crate::contract::cx::Cx;
use crate::vendors::jtel::fields::{ContactField, FIELDS, FIRST_FIELD, Holds};
use crate::vendors::jtel::variants::{DateStyle, KeyOrder};
use crate::vendors::jtel::wire::value::{date, push, text};

/// How contacts are written in this world.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) dates: DateStyle,
    /// Where the keys are shuffled: the places of the fields in the order in which they go out.
    order: Option<Box<[usize]>>,
}

impl Form {
    pub(crate) fn of(cx: &Cx<'_>) -> Self {
        let order = (cx.variant::<KeyOrder>() == KeyOrder::Shuffled).then(|| {
            let mut places: Vec<usize> = (0..FIELDS.len()).collect();
            places.shuffle(&mut cx.random("jtel.key_order", &[]));
            places.into_boxed_slice()
        });
        Form { dates: cx.variant(), order }
    }
}

/// Writes a contact. The row has the columns of `fields::contact_columns`.
pub(crate) fn contact(out: &mut Vec<u8>, row: &Row<'_>, form: &Form) -> rusqlite::Result<()> {
    contact_open(out, row, form)?;
    out.push(b'}');
    Ok(())
}

/// A contact without its closing brace, for more members to follow.
pub(crate) fn contact_open(out: &mut Vec<u8>, row: &Row<'_>, form: &Form) -> rusqlite::Result<()> {
    head(out, row.get(0)?, row.get(1)?);
    members(out, form, |idx| row.get_ref(FIRST_FIELD + idx))
}

/// Writes a contact as it was written to its row. The values are in the order of `fields::FIELDS`.
pub(crate) fn contact_of(
    out: &mut Vec<u8>,
    (id, campaign_id): (i64, i64),
    values: &[Value],
    form: &Form,
) -> rusqlite::Result<()> {
    head(out, id, campaign_id);
    members(out, form, |idx| Ok(ValueRef::from(&values[idx])))?;
    out.push(b'}');
    Ok(())
}

/// About as much as a contact takes: most of its members are names with nothing behind them.
const CONTACT_BYTES: usize = 3 * 1024;

fn head(out: &mut Vec<u8>, id: i64, campaign_id: i64) {
    out.reserve(CONTACT_BYTES);
    push(out, format_args!(r#"{{"ID":{id},"DiallerCampaignsID":{campaign_id}"#));
}

fn members<'v>(
    out: &mut Vec<u8>,
    form: &Form,
    value: impl Fn(usize) -> rusqlite::Result<ValueRef<'v>>,
) -> rusqlite::Result<()> {
    match &form.order {
        None => {
            for (idx, field) in FIELDS.iter().enumerate() {
                member(out, field, value(idx)?, form.dates)?;
            }
        }
        Some(order) => {
            for idx in order {
                member(out, &FIELDS[*idx], value(*idx)?, form.dates)?;
            }
        }
    }
    Ok(())
}

fn member(
    out: &mut Vec<u8>,
    field: &ContactField,
    value: ValueRef<'_>,
    dates: DateStyle,
) -> rusqlite::Result<()> {
    if matches!(value, ValueRef::Null) {
        out.extend_from_slice(field.null.as_bytes());
        return Ok(());
    }
    out.extend_from_slice(field.key.as_bytes());
    match value {
        ValueRef::Text(bytes) => text(out, bytes),
        ValueRef::Integer(_) if field.holds == Holds::Time => {
            date(out, FromSql::column_result(value)?, dates);
        }
        ValueRef::Integer(flag) if field.holds == Holds::Flag => {
            out.extend_from_slice(if flag == 0 { b"false" } else { b"true" });
        }
        // Most counts are one digit.
        ValueRef::Integer(0) => out.push(b'0'),
        ValueRef::Integer(number) => push(out, format_args!("{number}")),
        // Always with a fraction or an exponent: 0.0 stays a decimal.
        ValueRef::Real(number) => push(out, format_args!("{number:?}")),
        ValueRef::Null | ValueRef::Blob(_) => out.extend_from_slice(b"null"),
    }
    Ok(())
}
