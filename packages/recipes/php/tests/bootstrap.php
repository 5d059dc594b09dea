<?php

// Finds the classes of both folders; in a project of your own Composer's vendor/autoload.php does so.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    foreach (['src', 'tests'] as $folder) {
        $file = dirname(__DIR__) . "/$folder/" . substr((string) strrchr($class, '\\'), 1) . '.php';
        if (str_starts_with($class, 'Example\\') && is_file($file)) {
            require $file;
        }
    }
});
