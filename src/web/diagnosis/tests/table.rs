//! Tables.

use super::check_all;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::Kind::*;
use crate::web::diagnosis::report::{Asked, Body, Wanted};

#[test]
fn tables() {
    check_all(
        &Asked::new(Wanted::Csv),
        &[
            (
                "name▸;phone\nAda;1\nBob;2\n",
                CsvDelimiter,
                "a semicolon",
                "name,phone\nAda,1\nBob,2\n",
            ),
            ("name▸\tphone\nAda\t1\n", CsvDelimiter, "a tab", "name,phone\nAda,1\n"),
            ("name▸|phone\nAda|1\n", CsvDelimiter, "a bar", "name,phone\nAda,1\n"),
            ("name,phone▸\rAda,1\r", CarriageReturns, "CR alone", "name,phone\nAda,1\n"),
            ("name▸;phone\rAda;1\r", CsvDelimiter, "a semicolon", "name,phone\nAda,1\n"),
            ("name,phone\n▸\"Ada,1\nBob,2\n", QuoteOpen, "close the quote", ""),
            ("name,phone\nAda,▸\"1 \"\" 2\n", QuoteOpen, "written twice", ""),
            ("▸\u{feff}name,phone\nAda,1\n", ByteOrderMark, "ef bb bf", "name,phone\nAda,1\n"),
            ("▸\u{feff}name;phone\nAda;1\n", ByteOrderMark, "ef bb bf", "name,phone\nAda,1\n"),
        ],
    );
    let known = ["Name", "PhoneNum"];
    check_all(
        &Asked::new(Wanted::Csv).knowing(&known),
        &[
            (
                "Name▸;PhoneNum\nLovelace, Ada;1\n",
                CsvDelimiter,
                "a semicolon",
                "Name,PhoneNum\n\"Lovelace, Ada\",1\n",
            ),
            ("Other▸;PhoneNum", CsvDelimiter, "a semicolon", "Other,PhoneNum\n"),
        ],
    );
    for text in [
        "a,b\n1,\"2\n3\"\n",
        "a\nb\n",
        "a,b;c\n1,2;3\n",
        "a;b\nx\n",
        "a \"b\",c\n",
        "a\r\nb\r\n",
        "\"a\"\"\",b\n",
        "x\r",
    ] {
        assert_eq!(
            diagnose(&Body::plain(text.as_bytes()), &Asked::new(Wanted::Csv)),
            None,
            "{text:?}"
        );
    }
}
