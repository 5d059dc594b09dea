//! The switches for what the vendor's article leaves open: nearly everything but the names.

use crate::contract::evidence::Evidence::{Assumed, Inferred};
use crate::variants;

variants! {
    /// How a refusal is put; nobody outside the vendor knows, so a client should pass under all four.
    ErrorStyle "error_style" {
        Inband "inband" Assumed("maestro 5"), "200 with a line <code>,<message>, or the XML envelope with type=XML";
        Http "http" Assumed("maestro 5"), "400, 403 or 500 with the message as text";
        FalseLine "false_line" Assumed("maestro 5"), "200 with a line FALSE,<message>, as the Conductor API";
        Empty "empty" Assumed("maestro 5"), "200 with an empty list, as if nothing had been found";
    }

    /// What encloses the callers in XML.
    XmlShape "xml_shape" {
        Plain "plain" Assumed("maestro 4.5"), "root callers, one caller per row, indented";
        Envelope "envelope" Assumed("maestro 4.5"), "root response with code, message and value, as in the sibling API, on one line";
    }

    /// What stands in XML where there is no value.
    XmlNull "xml_null" {
        Empty "empty" Assumed("maestro 4.5"), "an empty element";
        Omit "omit" Inferred("maestro 4.5"), "no element, as the sibling API leaves absent members out";
    }

    /// Whether CSV begins with the names of the columns.
    CsvHeader "csv_header" {
        On "on" Assumed("maestro 4.4"), "a first row with the ten names";
        Off "off" Assumed("maestro 4.4"), "values from the first row on";
    }

    /// Which values of CSV stand in quotes.
    CsvQuote "csv_quote" {
        Minimal "minimal" Assumed("maestro 4.4"), "those with a comma, a quote or a line end (RFC 4180)";
        All "all" Assumed("maestro 4.4"), "all of them";
    }

    /// How a row of CSV ends, the last one too.
    CsvEol "csv_eol" {
        Crlf "crlf" Assumed("maestro 4.4"), "CR and LF";
        Lf "lf" Assumed("maestro 4.4"), "LF alone";
    }

    /// Whether CSV begins with a byte-order mark.
    CsvBom "csv_bom" {
        Off "off" Assumed("maestro 4.4"), "UTF-8 without a mark";
        On "on" Assumed("maestro 4.4"), "UTF-8 behind EF BB BF";
    }

    /// What CSV is when there are no rows.
    CsvEmpty "csv_empty" {
        HeaderOnly "header" Assumed("maestro 4.4"), "what it begins with, and nothing else";
        ZeroBytes "zero_bytes" Assumed("maestro 4.4"), "nothing at all";
    }

    /// What stands between several addresses in one value.
    EmailSep "email_sep" {
        Comma "comma" Inferred("maestro 4.4"), "a comma, so that CSV quotes the value";
        Semicolon "semicolon" Assumed("maestro 4.4"), "a semicolon";
    }

    /// How `callTime` is written.
    CallTimeFormat "call_time_format" {
        Sql "sql" Assumed("maestro 4.3"), "2015-09-14 17:00:02, as the parameters are";
        JavaDate "java_date" Inferred("maestro 4.3"), "Mon Sep 14 17:00:02 PDT 2015, as the sibling API answers";
    }

    /// The zone of `dateFrom`, `dateTo` and `callTime`.
    TimeZone "time_zone" {
        LosAngeles "los_angeles" Inferred("maestro 4.2"), "US Pacific with daylight saving";
        Utc "utc" Assumed("maestro 4.2"), "UTC";
    }

    /// Which instant a time in the doubled hour of autumn is.
    DoubledHour "doubled_hour" needs Setup {
        Earlier "earlier" Assumed("maestro 4.2"), "the first of the two, still daylight saving time";
        Later "later" Assumed("maestro 4.2"), "the second, already standard time";
    }

    /// Which instant a time in the skipped hour of spring is; it moves forward in both.
    SkippedHour "skipped_hour" {
        GapEnd "gap_end" Assumed("maestro 4.2"), "the end of the gap, so that windows laid end to end stay so";
        SameDistance "same_distance" Assumed("maestro 4.2"), "as far on as the gap is long (02:30 is 03:30), as Java's calendar does; windows can then overlap";
    }

    /// Whether CSV is offered as a file.
    ContentDisposition "content_disposition" {
        Absent "none" Assumed("maestro 1"), "no such header";
        Attachment "attachment" Assumed("maestro 1"), "attachment; filename=\"callers.csv\"";
    }

    /// Whether fetchCallersByCall takes the call as `callUID` too, as its output and the sibling API name it.
    AcceptCallUid "accept_call_uid" {
        Off "off" Assumed("maestro 7"), "only as call";
        On "on" Assumed("maestro 7"), "as callUID where there is no call";
    }

    /// What a window gives that ends before it begins.
    ReversedWindow "reversed_window" {
        EmptyList "empty" Assumed("maestro 4.1"), "an empty list";
        Error "error" Assumed("maestro 4.1"), "Invalid parameter: dateTo";
    }

    /// What a call UID gives that does not exist.
    UnknownCall "unknown_call" {
        EmptyList "empty" Assumed("maestro 4.1"), "an empty list";
        Error "error" Assumed("maestro 4.1"), "Invalid parameter: call";
    }

    /// Whether `type=xml` is XML.
    TypeCase "type_case" {
        Ignored "ignored" Assumed("maestro 4.5"), "in any capitals";
        Exact "exact" Assumed("maestro 4.5"), "only XML in capitals; anything else is CSV";
    }

    /// Where the functions are; the article prints no address.
    Mount "mount" {
        Access "access" Inferred("maestro 1"), "under /_access/, as the sibling API";
        Root "root" Assumed("maestro 7"), "under / as well";
    }
}
