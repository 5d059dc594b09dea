const https = require("https");
const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
const sent = https.request("https://api.infocu5.com/dialer/", { method: "POST", agent }, (reply) => reply.pipe(process.stdout));
sent.end('{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}');
sent.on("close", () => agent.destroy());
