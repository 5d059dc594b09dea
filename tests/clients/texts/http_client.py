from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

to = urlsplit("https://api.infocu5.com/dialer/")
connection = (HTTPSConnection if to.scheme == "https" else HTTPConnection)(to.hostname)
connection.request("POST", to.path, '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}')
print(connection.getresponse().read().decode())
