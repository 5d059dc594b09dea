const axios = require("axios");
const https = require("https");
const agent = new https.Agent({ keepAlive: true });
axios
  .post("https://api.infocu5.com/dialer/", '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}', { responseType: "text", httpAgent: agent, httpsAgent: agent, proxy: false })
  .then((it) => console.log(it.data))
  .then(() => agent.destroy());
