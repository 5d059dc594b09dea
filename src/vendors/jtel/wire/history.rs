//! History entries and result codes. The inner shape is the contract's proposal (jtel 3.5); only
//! `StatisticsPartA` with `ID` and `bOutbound` is documented.

use rusqlite::Row;

use crate::vendors::jtel::variants::DateStyle;
use crate::vendors::jtel::wire::value::{date, flag, integer, key, opt_text, push};

/// Writes an entry. The row is that of `store::history::each`.
pub(crate) fn entry(out: &mut Vec<u8>, row: &Row<'_>, dates: DateStyle) -> rusqlite::Result<()> {
    let (id, contact_id): (i64, i64) = (row.get("id")?, row.get("contact_id")?);
    let code_id: Option<i64> = row.get("result_code")?;
    push(out, format_args!(r#"{{"ID":{id},"DiallerContactsID":{contact_id}"#));
    integer(out, "DiallerCampaignsResultCodesID", code_id);
    key(out, "DiallerCampaignsResultCodes");
    match code_id {
        Some(code_id) => code_object(out, code_id, row)?,
        None => out.extend_from_slice(b"null"),
    }
    key(out, "StatisticsPartA");
    match row.get::<_, Option<i64>>("call_id")? {
        Some(call_id) => call(out, call_id, row, dates)?,
        // A result code that was recorded without a call.
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
    Ok(())
}

fn call(out: &mut Vec<u8>, call_id: i64, row: &Row<'_>, dates: DateStyle) -> rusqlite::Result<()> {
    push(out, format_args!(r#"{{"ID":{call_id}"#));
    flag(out, "bOutbound", row.get("outbound")?);
    integer(out, "ClientsID", row.get("client_id")?);
    integer(out, "UsersID", row.get("users_id")?);
    opt_text(out, "BNumber", row.get_ref("number")?.as_bytes_or_null()?);
    key(out, "dtCallStart");
    date(out, row.get("at_ms")?, dates);
    key(out, "dtCallEnd");
    date(out, row.get("end_ms")?, dates);
    out.push(b'}');
    Ok(())
}

/// Writes a result code. The row has `id`, `export_key`, `kind` and `content`.
pub(crate) fn code(out: &mut Vec<u8>, row: &Row<'_>) -> rusqlite::Result<()> {
    code_object(out, row.get("id")?, row)
}

fn code_object(out: &mut Vec<u8>, id: i64, row: &Row<'_>) -> rusqlite::Result<()> {
    push(out, format_args!(r#"{{"ID":{id}"#));
    opt_text(out, "ExportKey", row.get_ref("export_key")?.as_bytes_or_null()?);
    opt_text(out, "Content", row.get_ref("content")?.as_bytes_or_null()?);
    let kind = row.get_ref("kind")?.as_bytes_or_null()?.unwrap_or_default();
    flag(out, "bDone", kind == b"done");
    flag(out, "bAborted", kind == b"abort");
    flag(out, "bDelay", kind == b"delay");
    flag(out, "bAppointment", kind == b"appointment");
    out.push(b'}');
    Ok(())
}
