<?php
// Streams read no proxy variables. A client that makes a context of its own is not led by this.
(static function () {
    $proxy = getenv('RINGBACK_PHP_PROXY');
    if ($proxy) {
        // A proxy is asked by the whole URL, which PHP does not by itself.
        stream_context_set_default(['http' => ['proxy' => $proxy, 'request_fulluri' => true]]);
    }
})();
// The file that settings name which ours stand over, as it would be without us: the last of them counts.
require_once (static function () {
    $hidden = __FILE__;
    $settings = array_merge([php_ini_loaded_file()], explode(',', (string) php_ini_scanned_files()));
    foreach (array_filter(array_map('trim', $settings)) as $file) {
        if (realpath(dirname($file)) === __DIR__ . '/php' || strpos((string) @file_get_contents($file), 'auto_prepend_file') === false) {
            continue;
        }
        $hidden = (@parse_ini_file($file) ?: [])['auto_prepend_file'] ?? $hidden;
    }
    return $hidden === '' || $hidden === 'none' ? __FILE__ : $hidden;
})();
