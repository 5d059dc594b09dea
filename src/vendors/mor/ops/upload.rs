//! `autodialer_upload_numbers`.

use crate::base::text::excerpt;
use crate::contract::cx::{Cx, Tx};
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{EMPTY_FILE, NO_FILE, NONE_IMPORTED, NOT_CSV, Stop};
use crate::vendors::mor::hash_diagnosis::cut;
use crate::vendors::mor::method::UPLOAD_NUMBERS;
use crate::vendors::mor::model::{Campaign, is_number};
use crate::vendors::mor::ops::enter::{Entered, run};
use crate::vendors::mor::ops::poll_results::separator;
use crate::vendors::mor::ops::upload_tally::{self, Skipped, Tally, UNPAID_NUMBERS_MAX};
use crate::vendors::mor::params::{BodyKind, body_kind};
use crate::vendors::mor::store::numbers;
use crate::vendors::mor::variants::CsvExtension;
use crate::vendors::mor::{dialler, unread, wire};
use crate::web::params::Upload;

/// Adds the numbers of a file to a campaign and says how many of its lines were.
///
/// Source: mor 2.4, 4.7.
pub(crate) fn upload_numbers(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, &UPLOAD_NUMBERS, import)
}

fn import(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Vec<u8>, Stop> {
    let upload = file(cx, entered)?;
    let campaign = &entered.campaign;
    let separator = separator(&entered.caller, &entered.settings).as_bytes();
    let room = if entered.settings.paid_addon {
        i64::MAX
    } else {
        UNPAID_NUMBERS_MAX - numbers::count_numbers(cx.db(), campaign.id)?
    };
    let tally = dialler::with_more_numbers(cx, campaign, &entered.settings, |cx| {
        add(&cx.tx(), &upload.content, separator, campaign, room)
    })?;
    cx.effect(tally.effect(campaign.id));
    if let Some(note) = upload_tally::note(&tally, &upload.content, separator) {
        cx.effect(format!("campaign {}: {note}", campaign.id));
    }
    let files = entered.asked.call.params.uploads.iter().filter(|it| it.name == "file").count();
    if files > 1 {
        cx.effect(format!(
            "campaign {}: the request has {files} parts called file, and the first alone is read",
            campaign.id
        ));
    }
    let Tally { imported, lines, .. } = tally;
    if imported == 0 {
        return Err(none_imported(&tally, &upload.content, separator));
    }
    Ok(wire::page("success", &format!("{imported} out of {lines} numbers were imported")))
}

/// Adds the numbers of a file, up to `room`.
fn add(
    tx: &Tx<'_>,
    content: &[u8],
    separator: &[u8],
    campaign: &Campaign,
    mut room: i64,
) -> rusqlite::Result<Tally> {
    let mut tally = Tally::default();
    let mut last_id = numbers::last_number_id(tx, campaign.id)?;
    let mut line = Vec::new();
    for raw in lines(content) {
        tally.lines += 1;
        line.clear();
        line.extend(raw.iter().filter(|byte| **byte != b'\r'));
        let number = first_column(&line, separator);
        tally.look(&line, number);
        let text = str::from_utf8(number).ok().filter(|_| is_number(number));
        let Some(text) = text else {
            tally.skip(Skipped::NoNumber, &line);
            continue;
        };
        // Two plain statements: one that reads and writes the table at once costs twice as much.
        if room <= 0 {
            tally.skip(Skipped::Over, &line);
        } else if !campaign.allow_duplicates && numbers::has_number(tx, campaign.id, text)? {
            tally.skip(Skipped::Known, &line);
        } else if let Some(id) = numbers::id_after(last_id) {
            numbers::insert_free_number(tx, campaign.id, id, text)?;
            last_id = id;
            tally.imported += 1;
            room -= 1;
        } else {
            tally.skip(Skipped::NoId, &line);
        }
    }
    Ok(tally)
}

/// The lines of a file. A line feed at the end begins no further line.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    content.split(|byte| *byte == b'\n')
}

fn first_column<'l>(line: &'l [u8], separator: &[u8]) -> &'l [u8] {
    let end = line.windows(separator.len().max(1)).position(|window| window == separator);
    &line[..end.unwrap_or(line.len())]
}

/// The file, checked in the vendor's order: missing, empty, extension.
fn file<'c>(cx: &Cx<'_>, entered: &Entered<'c>) -> Result<&'c Upload, Stop> {
    let call = entered.asked.call;
    // A browser sends an unchosen file as a part with an empty name.
    let mut uploads = call.params.uploads.iter();
    let upload = uploads.find(|upload| upload.name == "file" && !upload.file_name.is_empty());
    let Some(upload) = upload else {
        return Err(no_file(entered));
    };
    if upload.content.is_empty() {
        let found = format!("{:?} of 0 bytes", cut(&upload.file_name));
        return Err(Stop::no(
            &EMPTY_FILE,
            "a file with at least one line",
            found,
            "the part is there, its content is not",
        ));
    }
    let extension = upload.file_name.rsplit_once('.').map(|(_, extension)| extension);
    let is_csv = match cx.variant() {
        CsvExtension::AnyCase => extension.is_some_and(|it| it.eq_ignore_ascii_case("csv")),
        CsvExtension::Exact => extension == Some("csv"),
    };
    if !is_csv {
        let found = format!("{:?}", cut(&upload.file_name));
        let hint = "the name that the part carries counts, not its media type";
        return Err(Stop::no(&NOT_CSV, "a file name that ends in .csv", found, hint));
    }
    Ok(upload)
}

/// Why nothing of a file was taken, though the vendor calls it a success.
fn none_imported(tally: &Tally, content: &[u8], separator: &[u8]) -> Stop {
    let expected =
        "a file of one number per line, digits only, that the campaign does not have yet";
    let mut stop = Stop::no(
        &NONE_IMPORTED,
        expected,
        tally.skipped(),
        upload_tally::cure(tally, content, separator),
    );
    if let Stop::No(no) = &mut stop {
        no.filled = Some(tally.lines.to_string());
    }
    stop
}

fn no_file(entered: &Entered<'_>) -> Stop {
    let params = entered.asked.call.params;
    let expected = "a part called file, with a file name, in a multipart/form-data body";
    let refuse = |found: String, hint: String| Stop::no(&NO_FILE, expected, found, hint);
    if let Some(other) = params.uploads.iter().find(|upload| upload.name != "file") {
        let found = format!("a file in the part {:?}", cut(&other.name));
        return refuse(found, "the part has to be called file".into());
    }
    if !params.uploads.is_empty() {
        return refuse("a part file with an empty file name".into(), "no file was chosen".into());
    }
    if entered.asked.get("file").is_some() {
        let hint = "send it as a file: curl -F file=@numbers.csv, with the @";
        return refuse("file as a plain parameter".into(), hint.into());
    }
    if let Some(found) = unread::file(entered.asked.call) {
        return Stop::diagnosed(&NO_FILE, found);
    }
    let request = entered.asked.call.request;
    let is_parts = body_kind(request) == BodyKind::Multipart;
    if request.body.is_empty() || is_parts {
        return refuse("no part called file".into(), "send one: curl -F file=@numbers.csv".into());
    }
    let media_type = request.media_type().filter(|it| !it.is_empty());
    let found = match media_type {
        Some(media_type) => format!("a body of type {}", excerpt(&media_type, TYPE_CHARS_MAX)),
        None => "a body without a type".to_owned(),
    };
    let hint = "send the file as a part of a form, with curl -F file=@numbers.csv and not with \
                --data-binary";
    refuse(found, hint.into())
}

/// Characters of a media type that a reason shows.
const TYPE_CHARS_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::base::limits::ID_MAX;

    #[test]
    fn numbers_of_a_campaign_end_with_the_ids() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../schema/0001.sql")).unwrap();
        let tx = Tx::open(&db);
        let campaign = Campaign {
            id: 17,
            name: String::new(),
            running: false,
            user_id: 2,
            username: String::new(),
            owner_id: 0,
            allow_duplicates: false,
        };
        numbers::insert_free_number(&tx, campaign.id, ID_MAX - 1, "1").unwrap();
        let tally = add(&tx, b"2\n3\n2", b",", &campaign, i64::MAX).unwrap();
        assert_eq!(
            tally.effect(campaign.id),
            "campaign 17: 1 number imported, 1 skipped (repeated or there already: line 3 \"2\"), 1 \
             skipped (the campaign has no id left for a number: line 2 \"3\")"
        );
        assert_eq!(numbers::last_number_id(&db, campaign.id).unwrap(), ID_MAX);
    }

    #[test]
    fn reads_lines_and_columns() {
        let read = |content: &'static [u8]| lines(content).collect::<Vec<_>>();
        assert_eq!(read(b"1\n2"), [b"1", b"2"]);
        assert_eq!(read(b"1\n2\n"), [b"1", b"2"]);
        assert_eq!(read(b"1\n\n"), [&b"1"[..], b""]);
        assert_eq!(read(b"\n"), [b""]);
        assert_eq!(first_column(b"1,2", b","), b"1");
        assert_eq!(first_column(b"12", b","), b"12");
        assert_eq!(first_column(b"", b","), b"");
        assert_eq!(first_column("1§2".as_bytes(), "§".as_bytes()), b"1");
    }
}
