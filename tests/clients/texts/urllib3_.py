import urllib3

print(urllib3.PoolManager().request("POST", "https://api.infocu5.com/dialer/", body='{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}', retries=False).data.decode())
