const { Worker, isMainThread } = require("worker_threads");
if (isMainThread) new Worker(__filename);
else fetch("https://api.infocu5.com/dialer/", { method: "POST", body: '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}' }).then((it) => it.text()).then(console.log);
