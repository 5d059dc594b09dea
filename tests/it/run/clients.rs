//! One tiny client per library, unchanged, with the vendor's host in its text: over https and over
//! http.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

use super::sealed::can_seal;
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

#[test]
fn php_streams_reach_this_machine_as_they_would_without_us() {
    if tool("php").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let client = folder.path().join("client.php");
    // The test's own server, the control plane, and somebody else's host.
    let asks = "<?php echo file_get_contents(getenv('OWN')), \
                json_decode(file_get_contents(getenv('RINGBACK_ADMIN_URL') . '/v1/worlds/default'))->name, \
                file_get_contents('https://api.infocu5.com/dialer/') ? ' vendor' : '', \
                @file_get_contents('http://other.test/') === false ? ' nobody' : '';";
    fs::write(&client, asks).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = format!("http://localhost:{}/", server.local_addr().unwrap().port());
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut head = [0; 4096];
        let read = stream.read(&mut head).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nown ").unwrap();
        String::from_utf8_lossy(&head[..read]).into_owned()
    });
    let mut command = run(&[], &["php", client.to_str().unwrap()]);
    let (code, out, err) = ended(&command.env("OWN", own).output().unwrap());
    assert_eq!((code, out.as_str()), (0, "own default vendor nobody"), "{err}");
    assert!(serving.join().unwrap().starts_with("GET / HTTP/1.1\r\n"));
    assert!(err.contains("refused host other.test, 1 time"), "{err}");
    assert_eq!(err.matches("refused host").count(), 1, "{err}");
}

#[test]
fn php_with_a_proxy_in_its_own_text_asks_by_the_whole_url() {
    let own = "<?php echo file_get_contents('{url}', false, stream_context_create(['http' => [\
               'method' => 'POST', 'content' => '{body}', 'request_fulluri' => true, \
               'proxy' => str_replace('http://', 'tcp://', getenv('HTTP_PROXY'))]]));";
    crosses("php request_fulluri", &["php"], "c.php", own);
}

#[test]
fn what_node_starts_in_a_thread_is_led_and_http2_is_told() {
    let fetch = "fetch('{url}', { method: 'POST', body: `{body}` }).then((it) => it.text()).then((it) => console.log(it));";
    let within = format!(
        "const {{ Worker, isMainThread }} = require('worker_threads'); \
         if (isMainThread) new Worker(__filename); else {fetch}"
    );
    crosses("node worker_threads", &["node"], "c.cjs", &within);
    if tool("node").is_none() {
        return;
    }
    for (scheme, told) in [
        ("https", "the client offers no HTTP/1.1 (ALPN); allow http/1.1 beside h2"),
        ("http", "the client speaks HTTP/2 and does not ask before"),
    ] {
        let asks = format!(
            "const c = require('http2').connect('{scheme}://api.infocu5.com'); \
             const end = () => {{ console.log('end'); process.exit(0); }}; \
             c.on('error', end); c.on('close', end);"
        );
        let (code, out, err) = ended(&run(&[], &["node", "-e", &asks]).output().unwrap());
        assert_eq!((code, out.as_str()), (4, "end\n"), "{scheme}: {err}");
        assert!(err.contains(told) && err.contains("(protocol)"), "{scheme}: {err}");
    }
}

#[test]
fn what_reads_nothing_from_outside_is_led_where_it_is_sealed_off() {
    if tool("python3").is_none() || !can_seal() {
        return;
    }
    let client = format!(
        "import http.client\n\
         it = http.client.HTTPSConnection('api.infocu5.com', timeout=5)\n\
         it.request('POST', '/dialer/', '{AGENTS}')\n\
         print(it.getresponse().read().decode())\n"
    );
    let (code, out, err) =
        ended(&run(&["--sealed"], &["python3", "-c", &client]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(ANSWER), "{out}{err}");
    let (code, _, err) = ended(&run(&[], &["python3", "-c", &client]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("verdict inconclusive"), "{err}");
}
