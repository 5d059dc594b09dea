<?php

// A world of Ringback's for each test, with a clock that stands still. A test that fails says what was refused
// in its world, and why. Copy this file into a project of your own: it needs PHP 8.1 and PHPUnit 9.6 or newer.
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
    private string $refusals = '';

    /** Where the clock of each world stands when its test begins. */
    protected const BEGINS = '2026-03-02T09:00:00Z';

    /** The scenario that worlds are made of: a name that the program knows, or a whole scenario as an array. */
    protected const SCENARIO = 'demo';

    protected function setUp(): void
    {
        static $made = 0;
        // PHPUnit 10 calls it otherwise.
        $test = method_exists($this, 'name') ? $this->name() : $this->getName(false);
        $name = strtolower((string) preg_replace('/[^A-Za-z0-9]+/', '-', $test));
        $this->world = substr($name, 0, 40) . '-' . getmypid() . '-' . ++$made;
        $clock = ['mode' => 'frozen', 'at' => self::BEGINS];
        $this->admin('PUT', '', ['scenario' => static::SCENARIO, 'clock' => $clock]);
    }

    protected function tearDown(): void
    {
        try {
            $this->refusals = $this->told();
        } finally {
            $this->admin('DELETE', '');
        }
    }

    protected function onNotSuccessfulTest(\Throwable $t): never
    {
        if ($this->refusals === '' || $t instanceof SkippedTest || $t instanceof IncompleteTest) {
            throw $t;
        }
        throw new AssertionFailedError("{$t->getMessage()}\n\n{$this->refusals}", 0, $t);
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

    /** Fails, with what came closest, unless a condition over the world's journal holds. */
    protected function verify(array $condition): void
    {
        $verdict = $this->admin('POST', '/verify', $condition, 422);
        self::assertSame('pass', $verdict['verdict'] ?? '', $verdict['explanation'] ?? json_encode($verdict));
    }

    /** What was refused, a paragraph each. */
    private function told(): string
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
        return implode("\n", $lines);
    }

    /** A refused event is no request, and a fault may have left a request without a reply. */
    private static function line(array $entry): string
    {
        if (!isset($entry['request'])) {
            return trim($entry['action'] . ' ' . ($entry['vendor'] ?? ''));
        }
        $status = $entry['response']['status'] ?? 'no reply';
        return "{$entry['request']['method']} {$entry['request']['path']} -> $status";
    }

    private function admin(string $method, string $path, ?array $body = null, int $fine = 200): array
    {
        $url = self::variable('RINGBACK_ADMIN_URL') . "/v1/worlds/{$this->world}$path";
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
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }

    private static function variable(string $name): string
    {
        return getenv($name) ?: throw new \RuntimeException("expected $name; ringback run -- phpunit sets it");
    }
}
