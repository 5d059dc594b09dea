<?php

// A world of Ringback's for each test, with a clock that stands still. A test that fails says what was refused
// in its world, and why, what nothing has read, and what happened last. Copy this file into a project of your own: it needs PHP 8.1 and PHPUnit 9.6 or newer.
//
// It finds Ringback by RINGBACK_ADMIN_URL and RINGBACK_URL, which `ringback run` sets; beside a container they are
// set by hand, with RINGBACK_ADMIN_TOKEN.

declare(strict_types=1);

namespace Example;

use PHPUnit\Framework\AssertionFailedError;
use PHPUnit\Framework\IncompleteTest;
use PHPUnit\Framework\SkippedTest;
use PHPUnit\Framework\TestCase;

abstract class RingbackTestCase extends TestCase
{
    private string $world = '';
    private string $told = '';

    /** Rows of a page: as many as are read at once. */
    private const PAGE = 100;

    /** Variables by which clients are told whom to trust. */
    private const TRUST = [
        'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE', 'HTTPLIB2_CA_CERTS',
        'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'GIT_SSL_CAINFO', 'NODE_EXTRA_CA_CERTS', 'DENO_CERT',
    ];

    /** Where the clock of each world stands when its test begins. */
    protected const BEGINS = '2026-03-02T09:00:00Z';

    /** The scenario that worlds are made of: a name that the program knows, or a whole scenario as an array. */
    protected const SCENARIO = 'demo';

    protected function setUp(): void
    {
        // PHPUnit 10 calls it otherwise.
        $test = method_exists($this, 'name') ? $this->name() : $this->getName(false);
        $name = strtolower((string) preg_replace('/[^A-Za-z0-9]+/', '-', $test));
        $this->world = substr($name, 0, 40) . '-' . bin2hex(random_bytes(5));
        $clock = ['mode' => 'frozen', 'at' => self::BEGINS];
        $this->admin('PUT', '', ['scenario' => static::SCENARIO, 'clock' => $clock]);
    }

    protected function tearDown(): void
    {
        try {
            $this->told = $this->told();
        } finally {
            $this->admin('DELETE', '');
        }
    }

    protected function onNotSuccessfulTest(\Throwable $t): never
    {
        if ($this->told === '' || $t instanceof SkippedTest || $t instanceof IncompleteTest) {
            throw $t;
        }
        throw new AssertionFailedError("{$t->getMessage()}\n\n{$this->told}", 0, $t);
    }

    /** The base address of a vendor in this test's world. */
    protected function url(string $vendor): string
    {
        return self::variable('RINGBACK_URL') . "/w/{$this->world}/$vendor";
    }

    /** Moves the clock on, such as by "3h"; returns when all that is due by then is done. */
    protected function advance(string $by): array
    {
        return $this->admin('POST', '/clock/advance', ['by' => $by]);
    }

    /** Lets something happen outside the vendor's API. */
    protected function event(string $vendor, string $event, array $fields): array
    {
        return $this->admin('POST', "/events/$vendor/$event", $fields);
    }

    /** Has requests go wrong. */
    protected function fault(array $rule): array
    {
        return $this->admin('POST', '/faults', $rule);
    }

    /** All rows of a table behind the wire, credentials masked. */
    protected function state(string $vendor, string $table): array
    {
        $rows = [];
        do {
            $page = $this->admin('GET', "/state/$vendor/$table?offset=" . count($rows) . '&limit=' . self::PAGE)['rows'];
            $rows = array_merge($rows, $page);
        } while (count($page) === self::PAGE);
        return $rows;
    }

    /**
     * Variables that lead a client as it is to this world, by the vendors' own names: proxies, and whom to trust. For
     * proc_open(env: $this->environ() + getenv()), or a putenv() of each before a client that reads them here.
     */
    protected function environ(): array
    {
        [$authority, $noRoots] = self::trust();
        // Some clients send no user that has no password; what that is does not matter.
        $proxy = str_replace('://', "://{$this->world}:world@", self::variable('RINGBACK_URL'));
        $found = ['no_proxy' => 'localhost,127.0.0.1,::1', 'NO_PROXY' => 'localhost,127.0.0.1,::1'];
        foreach (['http_proxy', 'https_proxy', 'all_proxy'] as $name) {
            $found[$name] = $found[strtoupper($name)] = $proxy;
        }
        // Nobody else is trusted, so that a client which slips past the proxy cannot take the real vendor for one.
        return $found + array_fill_keys(self::TRUST, $authority) + ['SSL_CERT_DIR' => $noRoots];
    }

    /** Fails, with what came closest, unless a condition over the world's journal holds. */
    protected function verify(array $condition): void
    {
        $verdict = $this->admin('POST', '/verify', $condition, 422);
        if (($verdict['verdict'] ?? '') !== 'pass') {
            self::fail($verdict['explanation'] ?? json_encode($verdict));
        }
        $this->addToAssertionCount(1);
    }

    /** What was refused, a paragraph each; what was sent and nothing has read; and what happened last. */
    private function told(): string
    {
        $journal = $this->admin('GET', '/journal?last=100')['entries'];
        $lines = array_merge($this->refused(), self::notRead($journal));
        $happened = array_filter($journal, static fn (array $entry): bool => isset($entry['request'])
            || in_array($entry['action'] ?? '', ['event', 'advance', 'due', 'clock', 'seed', 'reset'], true));
        foreach (array_slice($happened, -10) as $entry) {
            $lines[] = 'happened: ' . self::line($entry);
            $effects = array_filter(array_column($entry['effects'] ?? [], 'text'));
            foreach (array_slice($effects, 0, 5) as $effect) {
                $lines[] = "  did $effect";
            }
            if (count($effects) > 5) {
                $lines[] = '  and ' . (count($effects) - 5) . ' more';
            }
        }
        return implode("\n", $lines);
    }

    private static function notRead(array $journal): array
    {
        $lines = [];
        foreach ($journal as $entry) {
            foreach ($entry['unread'] ?? [] as $unread) {
                $near = isset($unread['near']) ? "; did you mean {$unread['near']}?" : '';
                $belongs = isset($unread['belongs']) ? "; it is read in the {$unread['belongs']}" : '';
                $lines[] = "not read: {$entry['operation']}: {$unread['place']} {$unread['name']}$near$belongs";
            }
        }
        return array_values(array_unique($lines));
    }

    private function refused(): array
    {
        $lines = [];
        foreach ($this->admin('GET', '/journal?outcome=refused&last=10')['entries'] as $entry) {
            $lines[] = 'refused: ' . self::line($entry);
            $why = $entry['why'] ?? null;
            $lines[] = $why === null ? "  {$entry['error']}" : "  {$why['rule']}: expected {$why['expected']}, found {$why['found']}";
            if (isset($why['hint'])) {
                $lines[] = "  {$why['hint']}";
            }
        }
        return $lines;
    }

    /** A refused event is no request, and a fault may have left a request without a reply. */
    private static function line(array $entry): string
    {
        if (!isset($entry['request'])) {
            return trim($entry['action'] . ' ' . ($entry['vendor'] ?? '') . ' ' . ($entry['detail']['event'] ?? ''));
        }
        $status = $entry['response']['status'] ?? 'no reply';
        return "{$entry['request']['method']} {$entry['request']['path']} -> $status";
    }

    private function admin(string $method, string $path, ?array $body = null, int $fine = 200): array
    {
        $text = self::ask($method, "/v1/worlds/{$this->world}$path", $body, $fine);
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }

    private static function ask(string $method, string $path, ?array $body = null, int $fine = 200): string
    {
        $url = self::variable('RINGBACK_ADMIN_URL') . $path;
        $token = getenv('RINGBACK_ADMIN_TOKEN');
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => array_merge(['Content-Type: application/json'], $token ? ["Authorization: Bearer $token"] : []),
            'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
        ]]);
        $text = file_get_contents($url, false, $context);
        if ($text === false) {
            throw new \RuntimeException("$method $url: nobody answers");
        }
        preg_match('/ (\d{3})/', $http_response_header[0], $found);
        if ((int) $found[1] >= 300 && (int) $found[1] !== $fine) {
            throw new \RuntimeException("$method $url: $text");
        }
        return $text;
    }

    /** The file with Ringback's certificate, and a folder that holds none; gone when the tests are over. */
    private static function trust(): array
    {
        static $found = null;
        if ($found === null) {
            $folder = sys_get_temp_dir() . '/ringback-' . bin2hex(random_bytes(8));
            mkdir("$folder/none", 0700, true);
            $found = ["$folder/ca.pem", "$folder/none"];
            file_put_contents($found[0], self::ask('GET', '/ca.pem'));
            register_shutdown_function(static function () use ($folder): void {
                array_map('unlink', glob("$folder/*.pem") ?: []);
                rmdir("$folder/none");
                rmdir($folder);
            });
        }
        return $found;
    }

    private static function variable(string $name): string
    {
        return getenv($name) ?: throw new \RuntimeException("expected $name; ringback run -- phpunit sets it");
    }
}
