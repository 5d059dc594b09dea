//! `ImportCsvFiles`: leads in bulk, by a map of columns that the system knows under a name.
//!
//! Form fields as a client of 2016 sends them; how a real system stores its maps is not known, so a
//! scenario declares them.
//!
//! Source: maxcontact 2.4.

use http::header;
use serde_json::Value;

use crate::base::text::{counted, excerpt};
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::api::API;
use crate::vendors::maxcontact::errors::{BODY, NONE_IMPORTED, No, PARAM, Stop};
use crate::vendors::maxcontact::ops::add_lead::diagnosed_body;
use crate::vendors::maxcontact::ops::enter::{Asked, lead_management};
use crate::vendors::maxcontact::ops::no_match::check_list;
use crate::vendors::maxcontact::ops::sheet::Sheet;
use crate::vendors::maxcontact::{floor, no_number, store};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{self as diagnosis, Diagnosis, Wanted};
use crate::web::multipart::{self, Form};

/// What a column of an import map can become.
pub(crate) const COLUMNS: &[&str] =
    &["Name", "Name2", "ReferenceID", "PhoneNum", "PhoneTypeID", ""];

/// The parts of the form.
const KNOWN: &[&str] = &["mapname", "options", "file"];

/// The member of the options.
const LIST: &str = "ListId";

const FORM: &str = "the form has the fields mapname and options and the file part file";

/// Characters of a client's text that a reason shows.
const TEXT_CHARS_MAX: usize = 80;

/// Imports the leads of a CSV file. A line without a usable number is passed over.
pub(crate) fn import_csv_files(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let form = form(asked)?;
        let (columns, has_header) = map(cx, asked, &form)?;
        let list_id = list_of(&form)?;
        check_list(cx, LIST, list_id).map_err(|stop| no_list(stop, asked, &form, list_id))?;
        let Some(file) = form.uploads.iter().find(|upload| upload.name == "file") else {
            return Err(no_file(&form));
        };
        let mut sheet = Sheet::read(&file.content, &columns, has_header, list_id)
            .map_err(|error| refuse("file", "a CSV file", error.to_string()))?;
        let leads = std::mem::take(&mut sheet.leads);
        for lead in &leads {
            floor::new_lead(cx, lead)?;
        }
        let (n_taken, lines) = (leads.len(), counted(sheet.n_rows, "line", "lines"));
        let told = sheet.told();
        cx.effect(format!("{n_taken} of {lines} imported into list {list_id}"));
        let n_files = form.uploads.iter().filter(|upload| upload.name == "file").count();
        if n_files > 1 {
            cx.effect(format!(
                "{n_files} parts called file: the first counts, the rest is passed over"
            ));
        }
        for what in told.iter().chain(sheet.notes()) {
            cx.effect(format!("import into list {list_id}: {what}"));
        }
        if n_taken == 0 { Err(none_imported(&sheet, &told)) } else { Ok(()) }
    })
}

/// Why nothing of a file was taken, though the vendor calls it a success.
fn none_imported(sheet: &Sheet, told: &[String]) -> Stop {
    let found = match sheet.n_rows {
        0 => "no line of a lead".to_owned(),
        _ => told.join("; "),
    };
    let hint = match sheet.notes() {
        [] => match sheet.first_odd_number() {
            Some(number) => no_number::phone(number),
            None => "put a number into the column that the map reads as PhoneNum".to_owned(),
        },
        notes => notes.join("; "),
    };
    let expected =
        "a CSV file with a line whose PhoneNum is a number, cells between commas, in UTF-8";
    Stop::no(&NONE_IMPORTED, &[], expected, found, hint)
}

fn refuse(name: &'static str, expected: impl Into<String>, found: impl Into<String>) -> Stop {
    hinted(name, expected, found, FORM)
}

fn hinted(
    name: &'static str,
    expected: impl Into<String>,
    found: impl Into<String>,
    hint: impl Into<String>,
) -> Stop {
    Stop::no(&PARAM, &[("name", &name)], expected, found, hint)
}

fn form(asked: &Asked<'_>) -> Result<Form, Stop> {
    let request = asked.call.request;
    let content_type = request.header(&header::CONTENT_TYPE).unwrap_or_default();
    multipart::parse(content_type, &request.body).map_err(|error| {
        let wanted = Wanted::Multipart;
        let asked = diagnosis::Asked::new(wanted).knowing(KNOWN);
        if let Some(found) = diagnose(&diagnosed_body(request), &asked) {
            return Stop::diagnosed(&BODY, found);
        }
        let media_type = request.media_type().filter(|it| it != "multipart/form-data");
        match media_type.filter(|it| !it.is_empty()) {
            None => Stop::no(&BODY, &[], wanted.words(), error.to_string(), FORM),
            Some(media_type) => {
                let found = format!("a body of type {}", excerpt(&media_type, TEXT_CHARS_MAX));
                let hint = "send a form of parts: curl -F mapname=… -F 'options={\"ListId\":…}' -F \
                            file=@leads.csv";
                Stop::no(&BODY, &[], wanted.words(), found, hint)
            }
        }
    })
}

/// A part of the form that may be meant by another name.
fn renamed<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    let fields = form.fields.iter().map(|(sent, _)| sent);
    let mut sent = fields.chain(form.uploads.iter().map(|it| it.name.as_str()));
    sent.find(|sent| !KNOWN.contains(sent) && API.near(sent, KNOWN.iter().copied()) == Some(name))
}

/// Whether a part stands in the query instead.
fn is_in_query(asked: &Asked<'_>, name: &str) -> bool {
    asked.query(name).is_some()
}

const IN_QUERY: &str = "it is a part of the form, not of the query";

fn map(cx: &Cx<'_>, asked: &Asked<'_>, form: &Form) -> Result<(Vec<String>, bool), Stop> {
    let name = form.fields.first("mapname").unwrap_or_default();
    if let Some(map) = store::import_map(cx.db(), name)? {
        return Ok(map);
    }
    let known = store::import_map_names(cx.db())?;
    let expected = match known.len() {
        0 => "mapname: an import map; seed one in [maxcontact] import_maps".to_owned(),
        _ => format!("mapname: one of {}", known.join(", ")),
    };
    if form.fields.first("mapname").is_none() {
        return Err(match renamed(form, "mapname") {
            Some(sent) => {
                let found = format!("no mapname, but {}", excerpt(sent, TEXT_CHARS_MAX));
                hinted("mapname", expected, found, "the field is called mapname")
            }
            None if is_in_query(asked, "mapname") => {
                hinted("mapname", expected, "no mapname, but one in the query", IN_QUERY)
            }
            None => refuse("mapname", expected, "no mapname"),
        });
    }
    let same = known.iter().find(|it| it.eq_ignore_ascii_case(name.trim()));
    let found = excerpt(name, TEXT_CHARS_MAX);
    Err(match same {
        Some(same) => {
            let hint = format!("did you mean {same:?}? Maps are compared letter by letter");
            hinted("mapname", expected, found, hint)
        }
        None if name.is_empty() => hinted(
            "mapname",
            expected,
            "an empty mapname",
            "is the variable set that it comes from?",
        ),
        None => hinted(
            "mapname",
            expected,
            found,
            match known.as_slice() {
                [] => "maps are the scenario's; no request makes one".to_owned(),
                [only] => format!("send {only:?}, or seed that map in [maxcontact] import_maps"),
                _ => "send one of them, or seed that map in [maxcontact] import_maps".to_owned(),
            },
        ),
    })
}

const OPTIONS: &str = r#"options: JSON text such as {"ListId":1}"#;

/// `ListId` of the options, 0 where they name none.
fn list_of(form: &Form) -> Result<i64, Stop> {
    let Some(text) = form.fields.first("options") else { return Ok(0) };
    let options: Value = match serde_json::from_str(text) {
        Ok(options) => options,
        Err(_) => return Err(no_options(text)),
    };
    if !options.is_object() {
        return Err(no_options(text));
    }
    match &options[LIST] {
        Value::Null => Ok(0),
        id => id.as_i64().ok_or_else(|| {
            let digits = id.as_str().filter(|it| it.trim().parse::<i64>().is_ok());
            let hint = match digits {
                Some(digits) => format!("send {} without the quotation marks", digits.trim()),
                None => "ListId is the id of a list, a whole number".to_owned(),
            };
            hinted("options", OPTIONS, excerpt(&format!("{LIST}: {id}"), TEXT_CHARS_MAX), hint)
        }),
    }
}

/// Why a text is no object of options.
fn no_options(text: &str) -> Stop {
    let asked = diagnosis::Asked::new(Wanted::JsonObject).knowing(&[LIST]);
    let found = diagnose(&diagnosis::Body::plain(text.as_bytes()), &asked);
    let no = No::new(&PARAM, &[("name", &"options")], OPTIONS, excerpt(text, TEXT_CHARS_MAX), FORM);
    Stop::No(Box::new(match found {
        Some(Diagnosis { found, cure, .. }) => {
            // The part has no media type of its own.
            let cure = if cure.contains("Content-Type") {
                r#"write it as JSON, such as {"ListId":1}"#.to_owned()
            } else {
                cure.into_owned()
            };
            no.with_found(found, cure).with_place("the part options".into())
        }
        None => no,
    }))
}

/// Why no list was named, where that is why there is none.
fn no_list(stop: Stop, asked: &Asked<'_>, form: &Form, list_id: i64) -> Stop {
    let Stop::No(no) = stop else { return stop };
    if list_id != 0 {
        return Stop::No(no);
    }
    let options =
        form.fields.first("options").and_then(|it| serde_json::from_str::<Value>(it).ok());
    let members = options.as_ref().and_then(Value::as_object);
    let near = |sent: &&str| *sent != LIST && API.near(sent, [LIST]).is_some();
    let member = members.and_then(|it| it.keys().map(String::as_str).find(near));
    if let Some(sent) = member {
        let found = format!("no {LIST}, but {}", excerpt(sent, TEXT_CHARS_MAX));
        let no = no.with_found(found, format!("the member is called {LIST}"));
        return Stop::No(Box::new(no.with_place("the part options".into())));
    }
    if form.fields.first("options").is_none() {
        if let Some(sent) = renamed(form, "options") {
            let found = format!("no options, but {}", excerpt(sent, TEXT_CHARS_MAX));
            return Stop::No(Box::new(no.with_found(found, "the part is called options".into())));
        }
        if is_in_query(asked, "options") {
            let found = "no options, but some in the query".to_owned();
            return Stop::No(Box::new(no.with_found(found, IN_QUERY.into())));
        }
    }
    let is_list = |sent: &&str| API.near(sent, [LIST]).is_some();
    if let Some(sent) = form.fields.iter().map(|(sent, _)| sent).find(is_list) {
        let found = format!("{} as a part of its own", excerpt(sent, TEXT_CHARS_MAX));
        let hint = "it belongs into the part options: {\"ListId\":…}".to_owned();
        return Stop::No(Box::new(no.with_found(found, hint)));
    }
    Stop::No(no)
}

/// Why there is no file.
fn no_file(form: &Form) -> Stop {
    let expected = "a part named file with a file name";
    if form.fields.first("file").is_some() {
        let hint = "send it with a file name: curl -F file=@leads.csv, with the @";
        return hinted("file", expected, "file as a plain field", hint);
    }
    let other = form.uploads.first().map(|it| it.name.as_str()).or_else(|| renamed(form, "file"));
    match other {
        Some(sent) => {
            let found = format!("no file, but {}", excerpt(sent, TEXT_CHARS_MAX));
            hinted("file", expected, found, "the part is called file")
        }
        None => refuse("file", expected, "none"),
    }
}
