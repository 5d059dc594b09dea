//! `ImportCsvFiles`: leads in bulk, by a map of columns that the system knows under a name.
//!
//! Form fields as a client of 2016 sends them; how a real system stores its maps is not known, so a
//! scenario declares them.
//!
//! Source: maxcontact 2.4.

use http::header;
use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{BODY, PARAM, Stop};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::{NewLead, NewPhone, check_phone};
use crate::vendors::maxcontact::ops::enter::{Asked, lead_management};
use crate::vendors::maxcontact::ops::lead_management::{check_list, diagnosed_body};
use crate::vendors::maxcontact::store;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{self as diagnosis, Wanted};
use crate::web::multipart::{self, Form};

/// What a column of an import map can become.
pub(crate) const COLUMNS: &[&str] =
    &["Name", "Name2", "ReferenceID", "PhoneNum", "PhoneTypeID", ""];

/// The parts of the form.
const KNOWN: &[&str] = &["mapname", "options", "file"];

const FORM: &str = "the form has the fields mapname and options and the file part file";

/// Imports the leads of a CSV file. A line without a usable number is passed over.
pub(crate) fn import_csv_files(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let form = form(asked)?;
        let name = form.fields.first("mapname").unwrap_or_default();
        let (columns, has_header) = map(cx, name)?;
        let list_id = list_of(&form)?;
        check_list(cx, "ListId", list_id)?;
        let Some(file) = form.uploads.iter().find(|upload| upload.name == "file") else {
            return Err(refuse("file", "a part named file with a file name", "none"));
        };
        let leads = read(&file.content, &columns, has_header, list_id)?;
        let n_lines = leads.len();
        let mut n_passed_over = 0;
        for lead in leads {
            if lead.phones.iter().all(|phone| check_phone(&phone.number).is_ok()) {
                floor::new_lead(cx, &lead)?;
            } else {
                n_passed_over += 1;
            }
        }
        let n_taken = n_lines - n_passed_over;
        cx.effect(format!("{n_taken} of {n_lines} lines imported into list {list_id}"));
        Ok(())
    })
}

fn refuse(name: &'static str, expected: impl Into<String>, found: impl Into<String>) -> Stop {
    Stop::no(&PARAM, &[("name", &name)], expected, found, FORM)
}

fn form(asked: &Asked<'_>) -> Result<Form, Stop> {
    let request = asked.call.request;
    let content_type = request.header(&header::CONTENT_TYPE).unwrap_or_default();
    multipart::parse(content_type, &request.body).map_err(|error| {
        let wanted = Wanted::Multipart;
        match diagnose(&diagnosed_body(request), &diagnosis::Asked::new(wanted).knowing(KNOWN)) {
            Some(found) => Stop::diagnosed(&BODY, found),
            None => Stop::no(&BODY, &[], wanted.words(), error.to_string(), FORM),
        }
    })
}

fn map(cx: &Cx<'_>, name: &str) -> Result<(Vec<String>, bool), Stop> {
    if let Some(map) = store::import_map(cx.db(), name)? {
        return Ok(map);
    }
    let known = store::import_map_names(cx.db())?;
    let expected = match known.len() {
        0 => "mapname: an import map; seed one in [maxcontact] import_maps".to_owned(),
        _ => format!("mapname: one of {}", known.join(", ")),
    };
    Err(refuse("mapname", expected, format!("{name:?}")))
}

/// `ListId` of the options, 0 where they name none.
fn list_of(form: &Form) -> Result<i64, Stop> {
    let Some(text) = form.fields.first("options") else { return Ok(0) };
    let broken =
        || refuse("options", r#"options: JSON text such as {"ListId":1}"#, format!("{text:?}"));
    let options: Value = serde_json::from_str(text).map_err(|_| broken())?;
    match &options["ListId"] {
        Value::Null => Ok(0),
        id => id.as_i64().ok_or_else(broken),
    }
}

fn read(
    content: &[u8],
    columns: &[String],
    has_header: bool,
    list_id: i64,
) -> Result<Vec<NewLead>, Stop> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(has_header).flexible(true).from_reader(content);
    let mut leads = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(|error| refuse("file", "a CSV file", error.to_string()))?;
        let mut lead = NewLead { list_id, ..NewLead::default() };
        let mut phone = NewPhone::default();
        for (column, cell) in columns.iter().zip(record.iter()) {
            let text = String::from_utf8_lossy(cell).trim().to_owned();
            match column.as_str() {
                "Name" => lead.name = text,
                "Name2" => lead.name2 = text,
                "ReferenceID" => lead.reference_id = text,
                "PhoneNum" => phone.number = text,
                "PhoneTypeID" => phone.type_id = text.parse().unwrap_or_default(),
                _ => {}
            }
        }
        lead.phones.push(phone);
        leads.push(lead);
    }
    Ok(leads)
}
