//! `autodialer_upload_numbers`.

use crate::contract::cx::{Cx, Tx};
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{EMPTY_FILE, NO_FILE, NOT_CSV, Stop};
use crate::vendors::mor::hash_diagnosis::cut;
use crate::vendors::mor::method::UPLOAD_NUMBERS;
use crate::vendors::mor::model::{Campaign, is_number};
use crate::vendors::mor::ops::enter::{Entered, run};
use crate::vendors::mor::ops::poll_results::separator;
use crate::vendors::mor::store::numbers;
use crate::vendors::mor::variants::CsvExtension;
use crate::vendors::mor::{dialler, unread, wire};
use crate::web::params::Upload;

/// Numbers that a campaign holds without the paid add-on (mor 4.7).
const UNPAID_NUMBERS_MAX: i64 = 10;

/// Adds the numbers of a file to a campaign and says how many of its lines were.
///
/// Source: mor 2.4, 4.7.
pub(crate) fn upload_numbers(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, &UPLOAD_NUMBERS, import)
}

/// What became of a file's lines: how many of each.
#[derive(Debug, Default)]
struct Counted {
    lines: i64,
    imported: i64,
    no_number: i64,
    known: i64,
    over: i64,
    no_id: i64,
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
    let counted = dialler::with_more_numbers(cx, campaign, &entered.settings, |cx| {
        add(&cx.tx(), &upload.content, separator, campaign, room)
    })?;
    cx.effect(counted.effect(campaign.id));
    let Counted { imported, lines, .. } = counted;
    Ok(wire::page("success", &format!("{imported} out of {lines} numbers were imported")))
}

/// Adds the numbers of a file, up to `room`.
fn add(
    tx: &Tx<'_>,
    content: &[u8],
    separator: &[u8],
    campaign: &Campaign,
    mut room: i64,
) -> rusqlite::Result<Counted> {
    let mut counted = Counted::default();
    let mut last_id = numbers::last_number_id(tx, campaign.id)?;
    let mut line = Vec::new();
    for raw in lines(content) {
        counted.lines += 1;
        line.clear();
        line.extend(raw.iter().filter(|byte| **byte != b'\r'));
        let number = first_column(&line, separator);
        let text = str::from_utf8(number).ok().filter(|_| is_number(number));
        let Some(text) = text else {
            counted.no_number += 1;
            continue;
        };
        // Two plain statements: one that reads and writes the table at once costs twice as much.
        if room <= 0 {
            counted.over += 1;
        } else if !campaign.allow_duplicates && numbers::has_number(tx, campaign.id, text)? {
            counted.known += 1;
        } else if let Some(id) = numbers::id_after(last_id) {
            numbers::insert_free_number(tx, campaign.id, id, text)?;
            last_id = id;
            counted.imported += 1;
            room -= 1;
        } else {
            counted.no_id += 1;
        }
    }
    Ok(counted)
}

impl Counted {
    fn effect(&self, campaign_id: i64) -> String {
        let imported = format!("campaign {campaign_id}: {} numbers imported", self.imported);
        let over = format!("over the {UNPAID_NUMBERS_MAX} of a campaign without the paid add-on");
        let skipped = [
            (self.no_number, "not digits only"),
            (self.known, "repeated or there already"),
            (self.over, &over),
            (self.no_id, "the campaign has no id left for a number"),
        ];
        let skipped = skipped.iter().filter(|(lines, _)| *lines > 0);
        let skipped = skipped.map(|(lines, reason)| format!("{lines} skipped ({reason})"));
        std::iter::once(imported).chain(skipped).collect::<Vec<_>>().join(", ")
    }
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
    match unread::file(entered.asked.call) {
        Some(found) => Stop::diagnosed(&NO_FILE, found),
        None => refuse("no part called file".into(), "curl -F file=@numbers.csv".into()),
    }
}

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
        let counted = add(&tx, b"2\n3\n2", b",", &campaign, i64::MAX).unwrap();
        assert_eq!(
            counted.effect(campaign.id),
            "campaign 17: 1 numbers imported, 1 skipped (repeated or there already), 1 skipped \
             (the campaign has no id left for a number)"
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
