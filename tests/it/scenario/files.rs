//! Files, and what is wrong with CSV.

use std::io;
use std::path::Path;

use ringback::inside::scenario::{Document, Files, Folder};

use super::{SHAPE, check, toml, toml_with, transcript};

/// The rows of one CSV file of contacts, or what is wrong with it.
fn csv(text: &'static str) -> String {
    #[derive(Debug)]
    struct One(&'static str);
    impl Files for One {
        fn read(&self, path: &str, _bytes_max: u64) -> io::Result<Vec<u8>> {
            assert_eq!(path, "contacts.csv");
            Ok(self.0.as_bytes().to_vec())
        }
    }
    let scenario = r#"
        [jtel]
        clients = [{ id = 7 }]
        campaigns = [{ id = 1, client = 7, name = "Spring" }]
        contacts = { csv = "contacts.csv" }
    "#;
    transcript(Document::from_toml_text("demo.toml", scenario, Box::new(One(text)), SHAPE))
}

#[test]
fn csv_header_is_checked() {
    check(
        &csv("id,amout,name,id\n1,,x,1\n"),
        r#"
        contacts.csv:1:1: column "campaign" is missing; expected text
        contacts.csv:1:4: unknown column "amout"; expected one of id, campaign, name, phone, amount, locked, tags, tries, next_try, of; did you mean "amount"?
        contacts.csv:1:15: column "id" stands here twice; expected each column once
        "#,
    );
    check(
        &csv(""),
        "contacts.csv:1:1: the CSV is empty; expected a first line with the names of the columns",
    );
    check(
        &toml_with(
            "[jtel]\ncampaigns = { csv = \"c.csv\" }",
            &[("c.csv", "id,client,name,lists\n")],
        ),
        r#"c.csv:1:16: column "lists" holds tables; expected the rows in the scenario itself, not in CSV"#,
    );
}

#[test]
fn csv_cells_are_told_by_line_and_column() {
    check(
        &csv("id,campaign,name,phone,amount,locked,tries,next_try\n\
              1,Sprng,\"a\n\"\"b\",12,,yes,,\n\
              \n\
              ,Spring,x,,\"12,5\",,1.5,2026-03-02\n\
              1,Spring\n\
              13,Spring,x,,,,,\n"),
        r#"
        contacts.csv:2:3: "campaign" is "Sprng"; expected the name of one of campaigns; did you mean "Spring"?
        contacts.csv:3:6: "phone" is "12"; expected a phone number such as "+15550100"
        contacts.csv:3:10: "locked" is "yes"; expected true or false
        contacts.csv:5:1: "id" is empty; expected an id (text or an integer)
        contacts.csv:5:12: "amount" is "12,5"; expected a number
        contacts.csv:5:20: "tries" is "1.5"; expected an integer
        contacts.csv:5:24: "next_try" is "2026-03-02"; expected a time with its offset, such as "2026-03-02T09:00:00Z"; time of day and offset are missing; append T00:00:00Z for midnight UTC
        contacts.csv:6:1: a row of 2 cells; expected 8 cells as in the header
        contacts.csv:7:1: contact 13 is never taken
        "#,
    );
    check(
        &csv("id,campaign,name\n1,Spring,x\n2,Spring,\"y\n3,Spring,z\n"),
        r#"contacts.csv:3:10: a quote is never closed; expected " at the end of the cell"#,
    );
}

#[test]
fn csv_files_stay_in_the_folder_of_the_scenario() {
    let paths = ["../x.csv", "/etc/x.csv", "a/../../x.csv", "", "gone.csv"];
    let told: Vec<String> =
        paths.iter().map(|path| toml(&format!("[mor]\nusers = {{ csv = {path:?} }}"))).collect();
    check(
        &told.join("\n"),
        r#"
        demo.toml:2:17: "csv" is "../x.csv"; expected a path inside the scenario's folder: relative, without ".."
        demo.toml:2:17: "csv" is "/etc/x.csv"; expected a path inside the scenario's folder: relative, without ".."
        demo.toml:2:17: "csv" is "a/../../x.csv"; expected a path inside the scenario's folder: relative, without ".."
        demo.toml:2:17: "csv" is ""; expected a path inside the scenario's folder: relative, without ".."
        demo.toml:2:17: the CSV file "gone.csv" cannot be read; expected a file beside the scenario; there is no such file
        "#,
    );
    check(
        &toml("[mor]\nusers = { csv = 5 }"),
        r#"demo.toml:2:17: "csv" is the integer 5; expected the name of a CSV file"#,
    );
}

#[test]
fn missing_file_does_not_make_its_references_dangle() {
    check(
        &toml(
            r#"
            [jtel]
            clients = { csv = "gone.csv" }
            campaigns = [{ id = 1, client = 7, name = "Spring" }]
        "#,
        ),
        r#"demo.toml:3:31: the CSV file "gone.csv" cannot be read; expected a file beside the scenario; there is no such file"#,
    );
}

#[test]
fn missing_column_does_not_make_references_dangle() {
    check(
        &toml_with(
            r#"
            [jtel]
            clients = { csv = "c.csv" }
            campaigns = [{ id = 1, client = 7, name = "Spring" }]
            "#,
            &[("c.csv", "tokens\na|b\n")],
        ),
        r#"c.csv:1:1: column "id" is missing; expected an id (text or an integer)"#,
    );
}

#[test]
fn files_are_read_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.toml");
    std::fs::write(
        &path,
        "[mor]\nusers = [{ csv = \"a.csv\" }, { csv = \"b.csv\" }, { csv = \"c\" }]",
    )
    .unwrap();
    // A byte order mark, as spreadsheet programs write it, and Latin-1.
    std::fs::write(folder.path().join("a.csv"), b"\xEF\xBB\xBFusername\nbob\n").unwrap();
    std::fs::write(folder.path().join("b.csv"), b"username,type\nJ\xF6rg,user\nx,boss\n").unwrap();
    std::fs::create_dir(folder.path().join("c")).unwrap();
    let told = transcript(Document::from_toml_file(&path, SHAPE));
    check(
        &told.replace(&format!("{}/", folder.path().display()), ""),
        r#"
        demo.toml:2:56: the CSV file "c" cannot be read; expected a file beside the scenario; not a regular file
        b.csv:2:2: a byte that is not UTF-8; expected text in UTF-8; save the file as UTF-8
        b.csv:3:3: "type" is "boss"; expected one of "user", "admin"
        "#,
    );
    let gone = transcript(Document::from_toml_file(Path::new("no/such.toml"), SHAPE));
    check(&gone, "no/such.toml: the scenario cannot be read; there is no such file");
    let folder_of = |path: &Path| Folder(path.parent().unwrap().to_path_buf());
    assert!(folder_of(&path).read("a.csv", 3).is_err(), "larger than allowed");
}

#[test]
fn columns_count_characters() {
    check(
        &toml("[jtel]\nclients = [{ id = \"é→\", x = 1 }]"),
        r#"demo.toml:2:25: unknown key "x" in [[jtel.clients]]; expected one of id, tokens"#,
    );
    check(
        &csv("id,campaign,name,amount\n1,Spring,é→,x\n"),
        r#"contacts.csv:2:13: "amount" is "x"; expected a number"#,
    );
}

#[test]
fn a_sheet_has_only_so_many_columns() {
    let header = format!("id,campaign,name{}\n", ",x".repeat(1_000_000));
    check(
        &csv(Box::leak(header.into_boxed_str())),
        "contacts.csv:1:1: a row of 1000003 cells; expected at most 1000 columns",
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("scenarios");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(folder.path().join("secret.csv"), "id\n7\n").unwrap();
    std::fs::write(inside.join("real.csv"), "id\n7\n").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.csv"), inside.join("out.csv")).unwrap();
    std::os::unix::fs::symlink("real.csv", inside.join("in.csv")).unwrap();
    let read = |name: &str| Folder(inside.clone()).read(name, 100).map_err(|it| it.to_string());
    assert_eq!(read("in.csv"), Ok(b"id\n7\n".to_vec()));
    assert_eq!(read("out.csv"), Err("it is a link out of the scenario's folder".to_owned()));
}
