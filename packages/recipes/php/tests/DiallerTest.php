<?php

// The tests of Dialler, each against a world of its own.

declare(strict_types=1);

namespace Example;

final class DiallerTest extends RingbackTestCase
{
    private Dialler $dialler;

    protected function setUp(): void
    {
        parent::setUp();
        $this->dialler = new Dialler($this->url('jtel'), 7, 'SIMTOKEN-7A', pauseMs: 0);
    }

    public function testAContactIsRead(): void
    {
        self::assertSame('Adler', $this->dialler->contact(301501)['Name']);
    }

    public function testAnImportTwiceLeavesOneContact(): void
    {
        $this->dialler->add(612, 'SIM-0003', 'Conrad', '4940555100');
        $this->dialler->add(612, 'SIM-0003', 'Conrad', '4940555100');
        $this->verify(['operation' => 'import_contact', 'outcome' => 'ok', 'exactly' => 2]);
        self::assertSame(['Adler', 'Brandt', 'Conrad'], array_column($this->dialler->contacts(612), 'Name'));
        // As it stands behind the wire.
        $rows = $this->state('jtel', 'contacts');
        self::assertCount(1, array_filter($rows, static fn (array $row): bool => $row['name'] === 'Conrad'));
    }

    public function testALockedContactIsNotDialled(): void
    {
        $this->dialler->lock(301501);
        $this->event('jtel', 'start_campaign', ['campaign' => 612]);
        $this->advance('3h');
        self::assertSame([], $this->dialler->history(301501));
    }

    public function testAContactThatIsNotLockedIsDialled(): void
    {
        $this->event('jtel', 'start_campaign', ['campaign' => 612]);
        $this->advance('3h');
        self::assertNotSame([], $this->dialler->history(301501));
    }

    public function testABusyVendorIsAskedAgain(): void
    {
        $this->fault(['then' => 'status', 'status' => 503, 'on' => ['vendor' => 'jtel', 'nth' => 1]]);
        $this->dialler->lock(301501);
        $this->verify(['operation' => 'lock_contact_by_id', 'exactly' => 2]);
    }

    public function testAContactThatIsNotThereIsRefused(): void
    {
        $this->expectException(Refused::class);
        $this->expectExceptionCode(404);
        $this->dialler->contact(1);
    }
}
