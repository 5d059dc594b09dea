//! One tiny client per library, unchanged, with the vendor's host in its text: over https and over
//! http.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs;

use super::{ended, run};
use crate::support::program::AGENTS;
use crate::support::tool::tool;

/// What a reply to the question holds.
const ANSWER: &str = "50017";

/// Runs a program of a client's text with both schemes; `{url}` and `{body}` are put in.
fn crosses(client: &str, program: &[&str], file: &str, source: &str) {
    if tool(program[0]).is_none() {
        return;
    }
    for scheme in ["https", "http"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        let url = format!("{scheme}://api.infocu5.com/dialer/");
        let module = if scheme == "https" { "https" } else { "http" };
        let source = source.replace("{url}", &url).replace("{module}", module);
        fs::write(&path, source.replace("{body}", AGENTS)).unwrap();
        let command = [program, &[path.to_str().unwrap()]].concat();
        let output = run(&[], &command).current_dir(folder.path()).output().unwrap();
        let (code, out, err) = ended(&output);
        if err.contains("No module named") || err.contains("Cannot find module") {
            eprintln!("skipped: {client} is not installed");
            return;
        }
        assert!(out.contains(ANSWER), "{client} {scheme}: {out}\n{err}");
        assert_eq!(code, 0, "{client} {scheme}: {err}");
        assert!(err.contains("infocu5: 1 ok"), "{client} {scheme}: {err}");
    }
}

#[test]
fn curl_and_wget() {
    crosses("curl", &["sh"], "c.sh", "curl -sS -d '{body}' {url}");
    if tool("wget").is_some() {
        crosses("wget", &["sh"], "c.sh", "wget -q -O - --post-data='{body}' {url}");
    }
}

#[test]
fn python_clients() {
    let urllib = "import urllib.request\nprint(urllib.request.urlopen('{url}', b'''{body}''').read().decode())\n";
    crosses("urllib", &["python3"], "c.py", urllib);
    let requests = "import requests\nprint(requests.post('{url}', data='''{body}''').text)\n";
    crosses("requests", &["python3"], "c.py", requests);
    let httpx = "import httpx\nprint(httpx.post('{url}', content='''{body}''').text)\n";
    crosses("httpx", &["python3"], "c.py", httpx);
    let aiohttp = "import aiohttp, asyncio\nasync def main():\n    async with aiohttp.ClientSession() as s:\n        async with s.post('{url}', data='''{body}''') as r:\n            print(await r.text())\nasyncio.run(main())\n";
    crosses("aiohttp", &["python3"], "c.py", aiohttp);
}

#[test]
fn a_run_within_a_run_leads_to_its_own() {
    if tool("python3").is_none() {
        return;
    }
    let ask = format!(
        "import urllib.request\n\
         urllib.request.urlopen('https://api.infocu5.com/dialer/', b'{AGENTS}')\n"
    );
    let inner = [env!("CARGO_BIN_EXE_ringback"), "run", "--", "python3", "-c", &ask];
    let (code, _, err) = ended(&run(&["--inconclusive", "pass"], &inner).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("infocu5: 1 ok"), "{err}");
    // What is Python's own at its start works as well.
    assert!(!err.contains("sitecustomize"), "{err}");
}

#[test]
fn node_clients() {
    let told =
        "(res) => { res.setEncoding('utf8'); res.on('data', (it) => process.stdout.write(it)); }";
    let plain = format!(
        "const r = require('{{module}}').request('{{url}}', {{ method: 'POST' }}, {told}); r.end(`{{body}}`);"
    );
    crosses("node https", &["node"], "c.cjs", &plain);
    let own = format!(
        "const m = require('{{module}}'); const agent = new m.Agent({{ keepAlive: true }}); \
         const r = m.request('{{url}}', {{ method: 'POST', agent }}, {told}); r.end(`{{body}}`); \
         r.on('close', () => agent.destroy());"
    );
    crosses("node own agent", &["node"], "c.cjs", &own);
    let esm = format!(
        "import {{ request }} from 'node:{{module}}'; \
         const r = request('{{url}}', {{ method: 'POST' }}, {told}); r.end(`{{body}}`);"
    );
    crosses("node esm", &["node"], "c.mjs", &esm);
    let fetch = "fetch('{url}', { method: 'POST', body: `{body}` }).then((it) => it.text()).then((it) => console.log(it));";
    crosses("node fetch", &["node"], "c.cjs", fetch);
}

#[test]
fn java_clients() {
    let old = r#"
import java.net.*; import java.nio.charset.StandardCharsets;
public class C { public static void main(String[] a) throws Exception {
  HttpURLConnection c = (HttpURLConnection) new URL("{url}").openConnection();
  c.setDoOutput(true); c.getOutputStream().write("""
{body}""".getBytes());
  System.out.println(new String(c.getInputStream().readAllBytes(), StandardCharsets.UTF_8)); } }
"#;
    crosses("HttpURLConnection", &["java"], "C.java", old);
    let new = r#"
import java.net.*; import java.net.http.*;
public class C { public static void main(String[] a) throws Exception {
  HttpClient c = HttpClient.newHttpClient();
  HttpRequest r = HttpRequest.newBuilder(URI.create("{url}")).POST(HttpRequest.BodyPublishers.ofString("""
{body}""")).build();
  System.out.println(c.send(r, HttpResponse.BodyHandlers.ofString()).body()); } }
"#;
    crosses("java.net.http", &["java"], "C.java", new);
}

#[test]
fn php_and_perl_clients() {
    let curl = "<?php $c = curl_init('{url}'); curl_setopt_array($c, [CURLOPT_POST => 1, CURLOPT_POSTFIELDS => '{body}']); curl_exec($c);";
    crosses("php curl", &["php"], "c.php", curl);
    let perl = "use LWP::UserAgent; my $u = LWP::UserAgent->new(env_proxy => 1); print $u->post('{url}', Content => '{body}')->decoded_content;";
    if tool("perl").is_some()
        && std::process::Command::new("perl")
            .args(["-MLWP::Protocol::https", "-e", "1"])
            .output()
            .unwrap()
            .status
            .success()
    {
        crosses("perl LWP", &["perl"], "c.pl", perl);
    } else {
        eprintln!("skipped: perl LWP is not installed");
    }
}
