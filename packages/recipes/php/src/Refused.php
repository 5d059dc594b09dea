<?php

// The vendor said no; the code is the HTTP status.

declare(strict_types=1);

namespace Example;

final class Refused extends \RuntimeException
{
}
