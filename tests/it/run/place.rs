//! Where the files of a run lie: every lever holds whatever the folder is called.

use std::fs;
use std::process::Command;

use super::{ended, run};
use crate::support::program::{ringback, serve};
use crate::support::tool::tool;

/// One client of each lever that names a file, in the folder above which they are.
const CLIENTS: &str = "cd \"$WITHIN\" && \
    node -e \"require('https').get('https://api.infocu5.com/dialer/', it => console.log('node', it.resume().statusCode))\" && \
    echo '<?php echo \"php \", strlen(file_get_contents(\"https://api.infocu5.com/dialer/\")) > 10, \"\\n\";' | php && \
    wget -qO wget.out https://api.infocu5.com/dialer/ && echo wget && \
    python3 -c 'import sys, sitecustomize; print(\"python\", sitecustomize.__file__.startswith(\"/\"))' && \
    java -XshowSettings:properties -version 2>&1 | grep -c ' javax.net.ssl.trustStore = /'";

fn has_clients() -> bool {
    ["node", "php", "wget", "python3", "java"].iter().all(|name| tool(name).is_some())
}

#[test]
fn levers_hold_in_a_folder_of_any_name() {
    if !has_clients() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, moved) in [
        ("a b", false),
        ("it's", true),
        ("a:b", true),
        ("a\"$b", true),
        (&*"long".repeat(25), true),
    ] {
        let files = folder.path().join(name);
        fs::create_dir(&files).unwrap();
        let mut command = run(&[], &["sh", "-c", CLIENTS]);
        command.env("TMPDIR", &files).env("WITHIN", folder.path());
        let (code, out, err) = ended(&command.output().unwrap());
        assert_eq!(code, 0, "{name}: {out}{err}");
        assert_eq!(out, "node 200\nphp 1\nwget\npython True\n1\n", "{name}: {err}");
        assert_eq!(err.contains("(TMPDIR)"), moved, "{name}: {err}");
        assert!(fs::read_dir(&files).unwrap().next().is_none(), "{name}");
    }
}

#[test]
fn a_folder_that_is_named_from_here_is_found_from_anywhere() {
    if !has_clients() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    fs::create_dir(folder.path().join("within")).unwrap();
    let mut command = run(&[], &["sh", "-c", CLIENTS]);
    command.env("TMPDIR", "files").env("WITHIN", "within").current_dir(folder.path());
    let (code, out, err) = ended(&command.output().unwrap());
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_folder_of_the_users_that_no_lever_can_name_is_refused_and_a_blank_is_not() {
    let running = serve(&["demo"]);
    let admin = running.ready["admin"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let env = |name: &str| {
        let mut command = ringback();
        command.args(["env", "--admin", admin, "--folder"]).arg(folder.path().join(name));
        ended(&command.output().unwrap())
    };
    let (code, out, err) = env("a:b");
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("--folder has to name another folder"), "{err}");
    assert!(!folder.path().join("a:b").exists());
    let (code, out, err) = env("a b");
    assert_eq!(code, 0, "{err}");
    if tool("node").is_none() {
        return;
    }
    let asked = "node -e \"require('https').get('https://api.infocu5.com/dialer/', it => console.log(it.resume().statusCode))\"";
    let output = Command::new("sh").args(["-c", &format!("{out}\n{asked}")]).output().unwrap();
    let (_, out, err) = ended(&output);
    assert_eq!(out, "200\n", "{err}");
}
