const session = require("http2").connect("https://api.infocu5.com");
const sent = session.request({ ":method": "POST", ":path": "/dialer/" });
sent.on("data", (it) => process.stdout.write(it)).on("end", () => session.close());
sent.end('{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}');
