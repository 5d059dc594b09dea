//! A token that no client could send is refused at the start, in words that do not show it.

use crate::support::program::{ringback, run};

#[test]
fn a_token_that_no_client_could_send_is_refused_at_the_start() {
    for (token, said) in [
        ("", "is empty"),
        (" ", "a blank"),
        ("s3cret\n", "a line end at character 7"),
        ("s3cret\r\n", "a line end at character 7"),
        (" s3cret", "a blank at character 1"),
        ("s3cret ", "a blank at character 7"),
        ("geheim-ä", "outside ASCII"),
        ("a\u{1}b", "a control character"),
    ] {
        let mut command = ringback();
        command.env("RINGBACK_ADMIN_TOKEN", token).args(["serve", "--admin", "0.0.0.0:0"]);
        let (code, _, found) = run(command.args(["--listen", "127.0.0.1:0"]));
        assert_eq!(code, 2, "{token:?}: {found}");
        assert!(found.contains("RINGBACK_ADMIN_TOKEN") && found.contains(said), "{found}");
        assert!(!found.contains("s3cret"), "{found}");
    }
}
