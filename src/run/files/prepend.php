<?php
// Streams read no proxy variables. A client that makes a context of its own is not led by this.
(function () {
    $proxy = getenv('RINGBACK_PHP_PROXY');
    if ($proxy) {
        stream_context_set_default(['http' => ['proxy' => $proxy]]);
    }
})();
