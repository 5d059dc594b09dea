//! What a client's environment had before: what leads elsewhere is told and gone, and the rest stays. And
//! whom it trusts where the certificate is the user's.

use std::fs;

use super::sealed::can_seal;
use super::{ended, run};
use crate::support::tool::tool;

#[test]
fn options_of_java_that_lead_elsewhere_are_taken_out_one_by_one() {
    for flags in [&[][..], &["--no-lever", "proxy"]] {
        let script = "echo \"$JAVA_TOOL_OPTIONS\"; echo \"${_JAVA_OPTIONS-none}\"; echo \"$JDK_JAVA_OPTIONS\"";
        let mut command = run(flags, &["sh", "-c", script]);
        command.env("JAVA_TOOL_OPTIONS", "-Xmx64m -Dhttp.nonProxyHosts=*");
        command.env("_JAVA_OPTIONS", "-Djavax.net.ssl.trustStore=/corporate.jks");
        command.env("JDK_JAVA_OPTIONS", "'-Da=b c' -Dhttps.proxyHost=corporate.test");
        let (_, out, err) = ended(&command.output().unwrap());
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[0].starts_with("-Xmx64m -Dhttp.proxyHost=127.0.0.1 "), "{out}");
        assert!(!lines[0].contains("nonProxyHosts"), "{out}");
        assert_eq!(lines[1..], ["none", "'-Da=b c'"], "{out}");
        for told in [
            "-Dhttp.nonProxyHosts of JAVA_TOOL_OPTIONS",
            "-Djavax.net.ssl.trustStore of _JAVA_OPTIONS",
            "-Dhttps.proxyHost of JDK_JAVA_OPTIONS",
        ] {
            assert!(err.contains(told), "{told}: {err}");
        }
    }
}

#[test]
fn a_wget_that_asks_no_proxy_is_led_all_the_same() {
    if tool("wget").is_none() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(".wgetrc"), "use_proxy = off\nuser_agent = mine\n").unwrap();
    let script = "grep user_agent \"$WGETRC\"; wget -qO /dev/null https://api.infocu5.com/dialer/";
    let mut command = run(&[], &["sh", "-c", script]);
    let (code, out, err) = ended(&command.env("HOME", home.path()).output().unwrap());
    assert_eq!((code, out.as_str()), (0, "user_agent = mine\n"), "{err}");
    assert!(err.contains("what was inherited is not used: use_proxy of WGETRC"), "{err}");
}

#[test]
fn a_wget_whose_system_leads_elsewhere_is_led_all_the_same() {
    if tool("wget").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let system = folder.path().join("wgetrc");
    let asks =
        ["wget", "-T", "5", "-t", "1", "-qO", "/dev/null", "https://api.infocu5.com/dialer/"];
    for line in
        ["use_proxy = off", "no_proxy = api.infocu5.com", "https_proxy = http://127.0.0.1:1/"]
    {
        fs::write(&system, format!("{line}\n")).unwrap();
        for flags in [&[][..], &["--sealed"]] {
            if !flags.is_empty() && !can_seal() {
                continue;
            }
            let mut command = run(flags, &asks);
            // It takes the place of /etc/wgetrc.
            let output = command.env("SYSTEM_WGETRC", &system).output().unwrap();
            let (code, _, err) = ended(&output);
            assert_eq!(code, 0, "{line} {flags:?}: {err}");
            assert!(err.contains("infocu5: 1 refused"), "{line} {flags:?}: {err}");
        }
    }
}

#[test]
fn a_curl_whose_user_leads_it_elsewhere_is_led_all_the_same() {
    if tool("curl").is_none() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let asks = ["curl", "-sS", "-m", "5", "-o", "/dev/null", "https://api.infocu5.com/dialer/"];
    for line in [
        "proxy = http://127.0.0.1:1",
        "-x http://127.0.0.1:1",
        "noproxy = \"*\"",
        "cacert /none.pem",
    ] {
        let own = format!("user-agent = \"mine\"\n{line}\n");
        fs::write(home.path().join(".curlrc"), own).unwrap();
        for flags in [&[][..], &["--sealed"]] {
            if !flags.is_empty() && !can_seal() {
                continue;
            }
            let mut command = run(flags, &asks);
            let (code, _, err) = ended(&command.env("HOME", home.path()).output().unwrap());
            assert_eq!(code, 0, "{line} {flags:?}: {err}");
            assert!(err.contains("infocu5: 1 refused"), "{line} {flags:?}: {err}");
            assert!(err.contains(" of .curlrc"), "{line} {flags:?}: {err}");
        }
    }
    // What leads nowhere stays where it is.
    fs::write(home.path().join(".curlrc"), "user-agent = \"mine\"\n").unwrap();
    let mut command = run(&[], &["sh", "-c", "echo \"${CURL_HOME-none}\""]);
    let (_, out, _) = ended(&command.env("HOME", home.path()).output().unwrap());
    assert_eq!(out, "none\n");
    fs::write(home.path().join(".curlrc"), "user-agent = \"mine\"\nnoproxy = a\n").unwrap();
    let mut command = run(&[], &["sh", "-c", "cat \"$CURL_HOME/.curlrc\""]);
    let (_, out, _) = ended(&command.env("HOME", home.path()).output().unwrap());
    assert_eq!(out, "user-agent = \"mine\"\n");
}

#[test]
fn what_npm_hands_to_its_scripts_leads_here() {
    if tool("npm").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let settings = "proxy=http://127.0.0.1:1\nhttps-proxy=http://127.0.0.1:1\nnoproxy=a.test\n";
    fs::write(path(".npmrc"), settings).unwrap();
    let script =
        "echo at $npm_config_https_proxy $npm_config_proxy $npm_config_noproxy $NPM_CONFIG_PROXY";
    fs::write(path("package.json"), format!("{{\"scripts\":{{\"test\":\"{script}\"}}}}")).unwrap();
    let mut command = run(&[], &["npm", "test", "--silent"]);
    command.current_dir(folder.path()).env("HOME", folder.path());
    command.env("NPM_CONFIG_PROXY", "http://127.0.0.1:1");
    let (_, out, err) = ended(&command.output().unwrap());
    assert!(out.starts_with("at http://127.0.0.1:"), "{out}{err}");
    assert!(!out.contains("127.0.0.1:1 ") && !out.contains("a.test"), "{out}{err}");
    assert!(err.contains("what was inherited is not used: NPM_CONFIG_PROXY"), "{err}");
}

#[test]
fn a_file_that_php_runs_before_others_still_runs() {
    if tool("php").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("ini")).unwrap();
    let mine = path("mine.php");
    fs::write(path("ini/mine.ini"), format!("auto_prepend_file={}\n", mine.display())).unwrap();
    fs::write(mine, "<?php $mine = 'mine'; echo \"first\\n\";").unwrap();
    let asks =
        "<?php echo $mine, strlen(file_get_contents('https://api.infocu5.com/dialer/')) > 10;";
    fs::write(path("client.php"), asks).unwrap();
    let client = path("client.php");
    let mut command = run(&[], &["php", client.to_str().unwrap()]);
    command.env("PHP_INI_SCAN_DIR", format!(":{}", path("ini").display()));
    let (code, out, err) = ended(&command.output().unwrap());
    assert_eq!((code, out.as_str()), (0, "first\nmine1"), "{err}");
}

#[test]
fn a_certificate_of_the_users_is_trusted_with_all_that_is_in_its_file() {
    if tool("curl").is_none() || tool("python3").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let by = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(rcgen::DnType::CommonName, "root");
    let root = params.self_signed(&by).unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &by);
    let key = rcgen::KeyPair::generate().unwrap();
    let mut shown = rcgen::CertificateParams::new(vec!["api.infocu5.com".to_owned()]).unwrap();
    shown.use_authority_key_identifier_extension = true;
    let shown = shown.signed_by(&key, &issuer).unwrap();
    let chain = [shown.der(), root.der()].map(|der| pem("CERTIFICATE", der)).concat();
    fs::write(path("chain.pem"), chain).unwrap();
    fs::write(path("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
    let asks = "curl -sS -o /dev/null https://api.infocu5.com/dialer/ && \
                python3 -c 'import urllib.request as it; it.urlopen(\"https://api.infocu5.com/dialer/\")' && \
                grep -c BEGIN \"$RINGBACK_CA\"";
    let flags = ["--tls-cert", &path("chain.pem"), "--tls-key", &path("key.pem")];
    let (code, out, err) = ended(&run(&flags, &["sh", "-c", asks]).output().unwrap());
    assert_eq!((code, out.as_str()), (0, "2\n"), "{err}");
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let body = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
