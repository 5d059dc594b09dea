<?php

// A small client of jtel's dialler: what the tests test. It knows nothing of Ringback, only a base address.

declare(strict_types=1);

namespace Example;

final class Dialler
{
    /** Answers that ask for another try. */
    private const BUSY = [429, 503];

    public function __construct(
        private string $base,
        private int $client,
        private string $token,
        private int $attempts = 3,
        private int $pauseMs = 1000,
    ) {
    }

    public function contact(int $id): array
    {
        return $this->call('GET', "/$id")['records'][0];
    }

    public function contacts(int $campaign): array
    {
        return $this->call('GET', "?diallerCampaignsID=$campaign")['records'];
    }

    public function add(int $campaign, string $key, string $name, string $phone): void
    {
        $contact = ['UserData' => $key, 'Name' => $name, 'PhoneNumber1' => $phone];
        $this->call('POST', '/import?overwriteDuplicates=true', ['DiallerCampaignsID' => $campaign] + $contact);
    }

    public function lock(int $id): void
    {
        $this->call('PATCH', "/contact/$id/lock");
    }

    public function history(int $id): array
    {
        return $this->call('GET', "/contact/$id/history")['records'];
    }

    private function call(string $method, string $path, ?array $body = null): array
    {
        $url = "{$this->base}/rest/v1.0/{$this->client}/dialler/contacts$path";
        for ($attempt = 1; ; $attempt++) {
            $context = stream_context_create(['http' => [
                'method' => $method,
                'header' => ["Authorization: Bearer {$this->token}", 'Content-Type: application/json'],
                'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
                'ignore_errors' => true,
                'timeout' => 10,
            ]]);
            $text = file_get_contents($url, false, $context);
            if ($text === false) {
                throw new Refused("$url does not answer");
            }
            preg_match('/ (\d{3})/', $http_response_header[0], $found);
            $status = (int) $found[1];
            if ($status < 300) {
                return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
            }
            if ($attempt === $this->attempts || !in_array($status, self::BUSY, true)) {
                throw new Refused("$status: $text", $status);
            }
            usleep($this->pauseMs * 1000);
        }
    }
}
