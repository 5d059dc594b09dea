<?php
// Reads what the people said whom a campaign of MOR has called, and prints it as a table.
//
//   php poll.php 17
//
// The address of MOR stands here and nowhere else.

const MOR = 'https://pbx.example.test/billing/api/';

/** The answer of a method: its hash is that of the listed values and the key, with nothing between them. */
function mor(string $method, array $values): SimpleXMLElement {
    $key = getenv('MOR_KEY') ?: 'sim-secret-1';
    $values['hash'] = sha1(implode('', $values) . $key);
    $curl = curl_init(MOR . $method);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => http_build_query($values),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $body = curl_exec($curl);
    if ($body === false) {
        fail(curl_error($curl));
    }
    $page = simplexml_load_string($body);
    // An error comes with status 200, as its own element or within the page.
    $error = $page->xpath('//error');
    if ($error) {
        fail((string) $error[0]);
    }
    return $page;
}

function fail(string $why): never {
    fwrite(STDERR, "MOR: $why\n");
    exit(1);
}

$page = mor('autodialer_get_campaign_ivr_poll_results', ['u' => 'dialer_bob', 'id' => $argv[1]]);
$lines = explode("\n", trim((string) $page->status->ivr_poll_results_string));
foreach ($lines as $line) {
    // A number, when it was dialled, when all was over, and then a time and an answer each.
    $cells = explode(',', $line);
    $answers = array_filter(array_slice($cells, 3), fn ($place) => $place % 2 === 1, ARRAY_FILTER_USE_KEY);
    printf("%-12s %s\n", $cells[0], $answers ? implode('; ', $answers) : '-');
}
