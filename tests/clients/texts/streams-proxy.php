<?php
$http = ['method' => 'POST', 'request_fulluri' => true, 'content' => '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}'];
if ($proxy = getenv('HTTP_PROXY')) {
    $http['proxy'] = str_replace('http://', 'tcp://', $proxy);
}
echo file_get_contents('https://api.infocu5.com/dialer/', false, stream_context_create(['http' => $http])), "\n";
