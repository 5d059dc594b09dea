// The control plane's calls and shapes, made from its own /openapi.json by packages/node/types. Not for editing.

export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** says that the process runs; needs no token */
        get: operations["show_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** says whether requests are served; needs no token */
        get: operations["show_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the version of the program */
        get: operations["show_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** this document: OpenAPI 3.1 of the control plane */
        get: operations["show_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi/{vendor}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** OpenAPI 3.1 of a vendor's own surface */
        get: operations["show_vendor_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vendors/{vendor}/contract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** all that is known of a vendor, or one section of it: what `source` names by number */
        get: operations["show_contract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{rule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what a rule is about by which a request is refused, what commonly breaks it, and the cure */
        get: operations["show_rule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vendors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the vendors with their operations, tables, events and findings */
        get: operations["list_vendors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fidelity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** how each operation, refusal, field and switch is known to be the vendor's */
        get: operations["show_fidelity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/manual": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the chapters of the manual */
        get: operations["list_chapters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/manual/{chapter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a chapter of the manual */
        get: operations["show_chapter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ca.pem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the certificate of the authority that signs for this program; needs no token */
        get: operations["show_ca"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** counts for Prometheus: requests, time in worlds, worlds, timers, faults, memory */
        get: operations["show_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the worlds */
        get: operations["list_worlds"];
        put?: never;
        /** makes a world from a scenario, by name or inline */
        post: operations["make_world"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** one world */
        get: operations["show_world"];
        /** makes a world of this name where there is none; where it is there and was made of the same, nothing is done */
        put: operations["ensure_world"];
        post?: never;
        /** deletes a world with its journal and checkpoints */
        delete: operations["delete_world"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** puts a world back to its seed; journal and checkpoints stay */
        post: operations["reset_world"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** makes a new world that begins where this one is now */
        post: operations["fork_world"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** keeps the state as it is now under a name */
        post: operations["keep_checkpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** puts the state back to a checkpoint */
        post: operations["roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/seed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** takes a piece of scenario into a world as it is, all or nothing; a reset goes back to the seed without it */
        post: operations["seed_world"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's state as one SQLite file, credentials included */
        get: operations["export_world"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/scenario": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's state as a scenario that makes it again, credentials included; what no scenario can say is listed */
        get: operations["show_scenario"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/scenario.toml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the same as the text of a file; what it cannot say stands above it as comments */
        get: operations["show_scenario_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** makes a new world of an exported file */
        post: operations["import_world"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's time, how it passes, and what is due next */
        get: operations["show_clock"];
        /** freezes, frees or scales a world's clock; what is due on the way is done */
        put: operations["set_clock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/clock/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** moves a world's clock on; answers when all due work is done */
        post: operations["advance_clock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the switches for what the vendors' papers leave open */
        get: operations["list_variants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's switches as they stand */
        get: operations["show_variants"];
        /** turns the switches that are named; the others stay; all or none */
        put: operations["set_variants"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's rules for faults, with what has come of them */
        get: operations["list_faults"];
        put?: never;
        /** lets requests go wrong, from the next on; a rule as in a scenario's [[fault]] */
        post: operations["add_fault"];
        /** takes all rules for faults away */
        delete: operations["clear_faults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/faults/{fault}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** takes one rule for faults away */
        delete: operations["remove_fault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** requests that no world or vendor took */
        get: operations["list_strays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a page of a world's journal */
        get: operations["list_journal"];
        put?: never;
        post?: never;
        /** empties a world's journal; sequence numbers go on */
        delete: operations["clear_journal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/journal/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a world's journal as it grows, as server-sent events; Last-Event-ID goes on from there */
        get: operations["stream_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/journal/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** one journal entry */
        get: operations["show_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/journal.har": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the exchanges of a world's journal as an HTTP archive, HAR 1.2 */
        get: operations["show_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/capsule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what clients did in a world so far, as a capsule: ringback replay does it again elsewhere */
        get: operations["show_capsule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/state/{vendor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the tables in which a vendor's state can be seen */
        get: operations["list_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/state/{vendor}/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a page of a vendor's state */
        get: operations["show_table"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/events/{vendor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what a test can bring about outside the vendor's API */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/events/{vendor}/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** brings an event about; its fields are the body */
        post: operations["send_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** which rows of the vendors' tables differ between a world and its seed, a checkpoint of it, or another world */
        get: operations["show_differences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a page of the fictional persons whom vendors draw on */
        get: operations["list_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/people/{phone}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a person's way across the vendors, in order of time */
        get: operations["show_person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what clients do wrong although they are answered, as the journal shows it */
        get: operations["list_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/strict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what a world expects of its run */
        get: operations["show_strict"];
        /** makes a world strict, or not, and says what is expected of its run */
        put: operations["set_strict"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** how much of what the vendors declare the journal shows, and what clients never met */
        get: operations["show_coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** says whether a condition over the journal holds, and what came closest where not */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worlds/{world}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** waits until a condition over the journal holds, or its timeout has passed */
        post: operations["wait"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /** @description the same URN for all errors of a kind */
            type: string;
            /** @description the words of the status */
            title: string;
            /** @description the HTTP status */
            status: number;
            /** @description what was expected and what was found */
            detail: string;
            /** @description the field of a fault that is wrong */
            field?: string;
            /** @description each mistake with its place */
            mistakes?: unknown[];
            /** @description how many mistakes there are beyond those */
            more?: number;
            /**
             * Format: date-time
             * @description the world's time, where that is in the way
             */
            now?: string;
            /** @description in what a world is not the one asked for */
            differs?: string[];
            /** @description methods that the path takes */
            allow?: string;
            /** @description the path of the chapter that tells of the route */
            manual?: string;
        };
        /** @description name of the vendor */
        Match: string | number | boolean | {
            /** @description the value itself, where it is an object */
            equals?: unknown;
            /** @description any of these */
            one_of?: unknown[];
            /** @description a part of a text, or an element of a list */
            contains?: string;
            /** @description a regular expression; not anchored */
            regex?: string;
            /** @description that there is any value, or none */
            present?: boolean;
        };
        Condition: {
            /** @description name of the vendor */
            vendor?: components["schemas"]["Match"];
            /** @description name of the operation */
            operation?: components["schemas"]["Match"];
            /** @description name of an admin action: event, advance, reset, … */
            action?: components["schemas"]["Match"];
            /** @description name of an event outside the vendor's API */
            event?: components["schemas"]["Match"];
            /** @description ok, refused, error or faulted */
            outcome?: components["schemas"]["Match"];
            /** @description HTTP status of the response */
            status?: components["schemas"]["Match"];
            /** @description rule behind a refusal, such as mor.hash */
            why?: components["schemas"]["Match"];
            /** @description HTTP method */
            method?: components["schemas"]["Match"];
            /** @description path as the vendor sees it, without query */
            path?: components["schemas"]["Match"];
            /** @description kind of the fault that was injected */
            fault?: components["schemas"]["Match"];
            /** @description what went wrong in Ringback itself */
            error?: components["schemas"]["Match"];
            /** @description one of the changes to the world */
            effect?: components["schemas"]["Match"];
            /** @description all of the request's body as text */
            body?: components["schemas"]["Match"];
            /** @description by name */
            query?: {
                [key: string]: components["schemas"]["Match"];
            };
            /** @description by name */
            form?: {
                [key: string]: components["schemas"]["Match"];
            };
            /** @description by name, wherever the vendor takes it from */
            param?: {
                [key: string]: components["schemas"]["Match"];
            };
            /** @description by name */
            header?: {
                [key: string]: components["schemas"]["Match"];
            };
            /** @description by JSON pointer; * is every element of a list */
            json?: {
                [key: string]: unknown;
            };
            /** @description by path, such as /Lead/Phone[1]/@type or //Error */
            xml?: {
                [key: string]: components["schemas"]["Match"];
            };
            /** @description the same of the response */
            response?: {
                /** @description the HTTP status */
                status?: components["schemas"]["Match"];
                /** @description all of the body as text */
                body?: components["schemas"]["Match"];
                /** @description by name */
                header?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description by JSON pointer; * is every element of a list */
                json?: {
                    [key: string]: unknown;
                };
                /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                xml?: {
                    [key: string]: components["schemas"]["Match"];
                };
            };
            /** @description of an action, by JSON pointer */
            detail?: {
                [key: string]: unknown;
            };
            /** @description how many entries meet all rules */
            exactly?: number;
            /** @description the same; 1 where nothing is said */
            at_least?: number;
            /** @description the same */
            at_most?: number;
            /** @description true: none does */
            never?: boolean;
            /** @description entries that meet these, one after the other */
            in_order?: {
                /** @description name of the vendor */
                vendor?: components["schemas"]["Match"];
                /** @description name of the operation */
                operation?: components["schemas"]["Match"];
                /** @description name of an admin action: event, advance, reset, … */
                action?: components["schemas"]["Match"];
                /** @description name of an event outside the vendor's API */
                event?: components["schemas"]["Match"];
                /** @description ok, refused, error or faulted */
                outcome?: components["schemas"]["Match"];
                /** @description HTTP status of the response */
                status?: components["schemas"]["Match"];
                /** @description rule behind a refusal, such as mor.hash */
                why?: components["schemas"]["Match"];
                /** @description HTTP method */
                method?: components["schemas"]["Match"];
                /** @description path as the vendor sees it, without query */
                path?: components["schemas"]["Match"];
                /** @description kind of the fault that was injected */
                fault?: components["schemas"]["Match"];
                /** @description what went wrong in Ringback itself */
                error?: components["schemas"]["Match"];
                /** @description one of the changes to the world */
                effect?: components["schemas"]["Match"];
                /** @description all of the request's body as text */
                body?: components["schemas"]["Match"];
                /** @description by name */
                query?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description by name */
                form?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description by name, wherever the vendor takes it from */
                param?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description by name */
                header?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description by JSON pointer; * is every element of a list */
                json?: {
                    [key: string]: unknown;
                };
                /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                xml?: {
                    [key: string]: components["schemas"]["Match"];
                };
                /** @description the same of the response */
                response?: {
                    /** @description the HTTP status */
                    status?: components["schemas"]["Match"];
                    /** @description all of the body as text */
                    body?: components["schemas"]["Match"];
                    /** @description by name */
                    header?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description by JSON pointer; * is every element of a list */
                    json?: {
                        [key: string]: unknown;
                    };
                    /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                    xml?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                };
                /** @description of an action, by JSON pointer */
                detail?: {
                    [key: string]: unknown;
                };
            }[];
            /** @description only entries with a greater sequence number */
            since?: number;
            /** @description only entries up to this sequence number */
            until?: number;
            /**
             * Format: date-time
             * @description only entries of this world time or later
             */
            after?: string;
            /**
             * Format: date-time
             * @description only entries before this world time
             */
            before?: string;
        };
        Verdict: {
            /**
             * @description whether it holds
             * @enum {unknown}
             */
            verdict: "pass" | "fail" | "inconclusive";
            /** @description the condition in words */
            expected: string;
            /** @description how many entries meet it, or how many steps were reached */
            found: number;
            /** @description their sequence numbers */
            matched: number[];
            /** @description what was found instead */
            reason?: string;
            /** @description the entries that came closest, the best first */
            closest?: {
                /** @description number of the entry */
                seq: number;
                /**
                 * Format: date-time
                 * @description its world time
                 */
                at: string;
                /** @description request and reply on one line */
                exchange: string;
                /** @description rule by rule */
                rules: {
                    /** @description what is looked at */
                    rule: string;
                    /** @description null: cannot be told */
                    matched: boolean | null;
                    /** @description in words */
                    expected: string;
                    /** @description in words */
                    found: string;
                    /** @description what to change */
                    hint?: string;
                }[];
                /** @description why the vendor refused it */
                why?: string;
            }[];
            /** @description entries by operation or event, where none came close */
            seen?: {
                [key: string]: number;
            };
            /** @description all of it as text */
            explanation?: string;
        };
        WorldFacts: {
            /** @description as in paths */
            name: string;
            /** @description of its scenario */
            title: string;
            /** @description of its random values */
            seed: number;
            /** @description the world's clock */
            clock: {
                /**
                 * @description how it moves
                 * @enum {unknown}
                 */
                mode: "frozen" | "real" | "scaled";
                /**
                 * Format: date-time
                 * @description the world's time
                 */
                now: string;
            };
            /** @description how many inputs it has taken */
            inputs: number;
            /** @description whether it is kept in a file */
            persistent: boolean;
            /** @description memory that it shares with no other world */
            own_bytes: number;
            /** @description names of its checkpoints */
            checkpoints: string[];
            /** @description the address that is its own */
            listen: string | null;
            /** @description how long it lives unused */
            ttl: string | null;
            /** @description the credentials that lead to it */
            claims: string[];
            /** @description whether a long input has it just now */
            busy: boolean;
            /**
             * @description it is served
             * @enum {unknown}
             */
            state: "open";
        };
        Fault: {
            /** @description its name in the journal and for its draws */
            name?: string;
            /** @description which requests; all where left out */
            on?: {
                /** @description requests to this vendor */
                vendor?: string;
                /** @description requests for this operation */
                operation?: string;
                /**
                 * @description requests for operations that only read, or that may write
                 * @enum {unknown}
                 */
                access?: "reads" | "writes";
                /** @description true: only requests to a vendor that none of its operations takes */
                no_operation?: boolean;
                /** @description what stands in the request; all of it */
                match?: ({
                    /** @description where: param NAME, query NAME, form NAME, header NAME, json POINTER, path or body */
                    at: string;
                    /** @description the whole value, as the client wrote it */
                    equals?: string | number;
                    /** @description a part of it */
                    contains?: string;
                } | {
                    csv: string;
                })[] | {
                    csv: string;
                };
                /** @description only the n-th request that fits, counted since the rule was added */
                nth?: number;
                /** @description only every n-th request that fits */
                every?: number;
                /** @description each with this probability, 0 to 1, from the seed */
                probability?: number;
                /**
                 * Format: date-time
                 * @description only from this moment of world time on
                 */
                from?: string;
                /**
                 * Format: date-time
                 * @description only before this moment of world time
                 */
                until?: string;
                /** @description so many times at the most */
                times?: number;
                /**
                 * @description only for so long after it was added, in world time
                 * @example 30s
                 * @example 90m
                 * @example 1h30m
                 */
                for?: string;
            };
            /**
             * @description what goes wrong; needed unless preset is given
             * @enum {unknown}
             */
            then?: "delay" | "drip" | "malform" | "truncate" | "reset_after_head" | "lose_reply" | "close" | "status" | "refuse" | "fail" | "rate_limit" | "reset" | "hang";
            /**
             * @description a set of rules that belong together
             * @enum {unknown}
             */
            preset?: "flaky" | "slow-vendor" | "outage-10m" | "lost-replies";
            /**
             * @description how late the reply is, in real time; with delay_to the least, with sigma the median
             * @example 30s
             * @example 90m
             * @example 1h30m
             */
            delay?: string;
            /**
             * @description how late at the most; drawn evenly from delay on
             * @example 30s
             * @example 90m
             * @example 1h30m
             */
            delay_to?: string;
            /** @description spread of a log-normal delay, 0.1 (narrow) to 2 (wide) */
            sigma?: number;
            /** @description drip: bytes in a piece (16); truncate: bytes of the body that are sent (half of it) */
            bytes?: number;
            /**
             * @description drip: between two pieces (100ms), in real time
             * @example 30s
             * @example 90m
             * @example 1h30m
             */
            pause?: string;
            /** @description status: the HTTP status (503); rate_limit: that of what is too much (429) */
            status?: number;
            /** @description status: the body; none where left out */
            body?: string;
            /** @description status: its media type (text/plain) */
            content_type?: string;
            /** @description status, refuse: more headers of the reply by name, in place of those that it has */
            headers?: {
                [key: string]: string;
            };
            /** @description refuse: the vendor's rule, as `ringback fidelity` names it */
            error?: string;
            /** @description rate_limit: requests that pass in each stretch of time */
            most?: number;
            /**
             * @description rate_limit: the stretch, in world time (1s)
             * @example 30s
             * @example 90m
             * @example 1h30m
             */
            per?: string;
            /**
             * @description rate_limit: sends Retry-After, when the stretch ends, in world time; none where left out
             * @enum {unknown}
             */
            retry_after?: "seconds" | "date";
            /** @description whether the connection is closed after the reply, told by Connection: close */
            close?: boolean;
        };
        ClockFacts: {
            /**
             * @description how it moves
             * @enum {unknown}
             */
            mode: "frozen" | "real" | "scaled";
            /** @description world seconds to a real one, where scaled */
            rate: number | null;
            /**
             * Format: date-time
             * @description the world's time
             */
            now: string;
            /** @description when the next timer is due */
            next_due: string | null;
            /** @description how many wait */
            timers: number;
            /** @description how many were switched off because they failed */
            timers_failed: number;
            /** @description how many fired on the way, where the clock was set */
            fired?: number;
        };
        Advanced: {
            /**
             * Format: date-time
             * @description the world's time before
             */
            from: string;
            /**
             * Format: date-time
             * @description the world's time now
             */
            now: string;
            /** @description of a step to the next timer: when that was due; null where none is set */
            due?: string | null;
            /** @description how many timers fired */
            fired: number;
            /** @description how many, by vendor and kind */
            kinds: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /** @description the first of them */
            firings: {
                [key: string]: unknown;
            }[];
            /** @description what came of it, the first of it */
            effects: {
                [key: string]: unknown;
            }[];
        };
        Findings: {
            /** @description by their first entry */
            findings: {
                /** @description of what was found */
                name: string;
                /** @description whose client it is */
                vendor: string | null;
                /** @description what was seen */
                what: string;
                /** @description the entries that show it, the first of them */
                entries: number[];
                /** @description how many entries show it */
                count: number;
                /** @description why that is wrong */
                matters: string;
                /** @description what to do */
                remedy: string;
            }[];
            /** @description how many further ones there are */
            more: number;
            /** @description entries that were looked at */
            entries: number;
            /** @description entries that went to make room and were not looked at */
            evicted: number;
            /** @description of a strict world: whether its run is as expected */
            strict: {
                /**
                 * @description of the run so far
                 * @enum {unknown}
                 */
                verdict: "pass" | "fail" | "inconclusive";
                /** @description the first hundred requests that were not expected */
                unexpected: {
                    /** @description number of the entry */
                    seq: number;
                    /** @description request and reply */
                    line: string;
                    /** @description why it should not be there */
                    reason: string;
                }[];
                /** @description how many there are */
                unexpected_count: number;
                /** @description expectations that do not hold */
                unmet: components["schemas"]["Verdict"][];
                /** @description entries that went to make room and were not judged */
                evicted: number;
            } | null;
        };
        Differences: {
            /** @description what the world is held against */
            from: string;
            /** @description whether no row differs */
            same: boolean;
            /** @description rows that the world has and the other has not */
            added: number;
            /** @description rows that the other has and the world has not */
            removed: number;
            /** @description rows that both have, with other values */
            changed: number;
            /** @description how many of them are shown */
            shown: number;
            /** @description the tables in which rows differ */
            tables: {
                /** @description whose table it is */
                vendor: string;
                /** @description its name, as in paths */
                table: string;
                /** @description rows that came */
                added: number;
                /** @description rows that went */
                removed: number;
                /** @description rows that have other values */
                changed: number;
                /** @description the first of them */
                rows: {
                    /**
                     * @description how it differs
                     * @enum {unknown}
                     */
                    how: "added" | "removed" | "changed";
                    /** @description the row; of a changed one what tells which it is */
                    row: {
                        [key: string]: unknown;
                    };
                    /** @description of a changed one the fields that differ */
                    fields?: {
                        [key: string]: {
                            /** @description the value there */
                            from: unknown;
                            /** @description the value in the world */
                            to: unknown;
                        };
                    };
                }[];
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description `ok` or `ready` */
                        status: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description a listener does not run */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description requests are served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description `ok` or `ready` */
                        status: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the worlds are still being loaded or cannot be written, or a listener cannot accept */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as in 0.1.0 */
                        version: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_vendor_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_contract: {
        parameters: {
            query?: {
                /** @description its number: `1.3`; all where left out */
                section?: string;
            };
            header?: never;
            path: {
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the contract, or the section */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a rule by which requests are refused, as in `why` */
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the rule, explained */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as in `why` */
                        rule: string;
                        /** @description whose it is */
                        vendor: string;
                        /** @description a request is refused where this is so */
                        when: string;
                        /** @description what the rule is there for, a paragraph each */
                        why: string[];
                        /** @description what commonly breaks it */
                        mistakes: {
                            /** @description what clients do */
                            what: string;
                            /** @description what to do in place of it; empty where nothing is said */
                            cure: string;
                        }[];
                        /**
                         * @description how it is known
                         * @enum {unknown}
                         */
                        evidence: "documented" | "observed" | "inferred" | "assumed";
                        /** @description where it is known from */
                        source: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is no such rule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_vendors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the vendors */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the addresses that all vendors share */
                        listen: string[];
                        /** @description in the order of the build */
                        vendors: {
                            /** @description as in paths, scenarios and the journal */
                            name: string;
                            /** @description company, product, version of the API */
                            title: string;
                            /** @description the paths that are its on a shared listener */
                            paths: string[];
                            /** @description its host names, and those that `--host` and the scenarios of worlds gave it */
                            hosts: string[];
                            /** @description where it is served for the world `default`; other worlds stand behind `/w/NAME` */
                            url: string | null;
                            /** @description its operations */
                            operations: {
                                /** @description as in journal, faults and fixtures */
                                name: string;
                                /** @description HTTP method */
                                method: string;
                                /** @description the path, with what else picks the operation */
                                path: string;
                                /** @description what it does */
                                text: string;
                                /**
                                 * @description how it is known
                                 * @enum {unknown}
                                 */
                                evidence: "documented" | "observed" | "inferred" | "assumed";
                                /** @description where it is known from */
                                source: string;
                            }[];
                            /** @description names of its tables */
                            tables: string[];
                            /** @description how its tables are shown to people, the most telling first */
                            boards: {
                                /** @description the table */
                                table: string;
                                /** @description its heading */
                                title: string;
                                /** @description the column whose value is the lane that a row stands in */
                                lane?: string;
                                /** @description values of it whose lanes stand even when empty */
                                lanes?: string[];
                                /** @description the column that says since when a row is in its lane */
                                since?: string;
                                /** @description the column that names a row to a person */
                                head?: string;
                                /** @description lines of a card; a cell in braces is a column, or `column>table.column` */
                                lines?: string[];
                                /** @description cells of a row; all columns where left out */
                                columns?: string[];
                            }[];
                            /** @description names of its events */
                            events: string[];
                            /** @description habits of its clients that are looked for */
                            findings: {
                                /** @description as in the findings of a world */
                                name: string;
                                /** @description the operation or parameter, where it is one */
                                about: string;
                                /** @description why it matters */
                                matters: string;
                                /** @description what to do */
                                remedy: string;
                            }[];
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_fidelity: {
        parameters: {
            query?: {
                /** @description a world; positions that its scenario says were seen at the vendor are told as observed then */
                world?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all facts with their evidence */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description one report each */
                        vendors: {
                            /** @description its name */
                            vendor: string;
                            /** @description company, product, version of the API */
                            title: string;
                            /** @description number of facts of each grade */
                            totals: {
                                [key: string]: number;
                            };
                            /** @description all of them */
                            facts: {
                                /** @description operation, refusal, field, variant or not simulated */
                                kind: string;
                                /** @description the entity of a field, the name of a switch */
                                group: string;
                                /** @description of the fact */
                                name: string;
                                /** @description what it says */
                                text: string;
                                /**
                                 * @description how it is known
                                 * @enum {unknown}
                                 */
                                evidence: "documented" | "observed" | "inferred" | "assumed";
                                /** @description where it is known from */
                                source: string;
                            }[];
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is no such world */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_chapters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the chapters, in the order of the contents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description all of them */
                        chapters: {
                            /** @description what it is asked for by */
                            name: string;
                            /** @description its heading */
                            title: string;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_chapter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a chapter; GET /v1/manual lists them */
                chapter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the chapter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is no such chapter */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_ca: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the certificate */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-pem-file": string;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the program serves with a certificate of its user's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no authority can be made */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the counts, as text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_worlds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the worlds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description by name; those that do not serve come last */
                        worlds: (components["schemas"]["WorldFacts"] | {
                            /** @description of the world, or of what stands in its place */
                            name: string;
                            /**
                             * @description `busy` while it is being made or deleted; what is `unreadable` is left as it is
                             * @enum {unknown}
                             */
                            state: "busy" | "unreadable";
                            /** @description why it does not serve */
                            why: string;
                        })[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_world: {
        parameters: {
            query?: {
                /** @description of the new world; needed with TOML */
                name?: string;
                /** @description with TOML: in place of the scenario's own */
                seed?: number;
                /** @description with TOML, in place of the scenario's own: real, frozen@2026-03-02T09:00:00Z, scaled:60@2026-03-02T09:00:00Z */
                clock?: string;
                /** @description with TOML: as in a JSON body */
                strict?: boolean;
                /** @description with TOML: with commas between them */
                claims?: string;
                /** @description with TOML: as in a JSON body */
                listen?: string;
                /** @description with TOML: as in a JSON body */
                ttl?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description of the new world */
                    name: string;
                    /** @description the name of a scenario, or one as an object */
                    scenario: string | {
                        [key: string]: unknown;
                    };
                    /** @description in place of the scenario's own */
                    seed?: number;
                    /** @description in place of the scenario's own */
                    clock?: {
                        /**
                         * @description how it moves
                         * @enum {unknown}
                         */
                        mode: "frozen" | "real" | "scaled";
                        /**
                         * Format: date-time
                         * @description where it begins; needed unless it is real
                         */
                        at?: string;
                        /** @description world seconds to a real one, where scaled */
                        rate?: number;
                    };
                    /** @description by vendor and name; those that are not named stay */
                    variants?: {
                        [key: string]: {
                            [key: string]: string;
                        };
                    };
                    /** @description whether its run fails on whatever was not expected */
                    strict?: boolean;
                    /** @description in place of the scenario's own */
                    expect?: components["schemas"]["Condition"][];
                    /** @description credentials that lead to it, as in `vendor:credential` */
                    claims?: string[];
                    /** @description an address for it alone, such as 127.0.0.1:0 */
                    listen?: string;
                    /** @description how long it lives unused, such as 10m */
                    ttl?: string;
                };
                "application/toml": string;
            };
        };
        responses: {
            /** @description the new world */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the name, a claim, a host or the address is another's, or there are too many of them */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the machine does not have the address to listen on */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the world */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ensure_world: {
        parameters: {
            query?: {
                /** @description with TOML: in place of the scenario's own */
                seed?: number;
                /** @description with TOML, in place of the scenario's own: real, frozen@2026-03-02T09:00:00Z, scaled:60@2026-03-02T09:00:00Z */
                clock?: string;
                /** @description with TOML: as in a JSON body */
                strict?: boolean;
                /** @description with TOML: with commas between them */
                claims?: string;
                /** @description with TOML: as in a JSON body */
                listen?: string;
                /** @description with TOML: as in a JSON body */
                ttl?: string;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description as in the path */
                    name?: string;
                    /** @description the name of a scenario, or one as an object */
                    scenario: string | {
                        [key: string]: unknown;
                    };
                    /** @description in place of the scenario's own */
                    seed?: number;
                    /** @description in place of the scenario's own */
                    clock?: {
                        /**
                         * @description how it moves
                         * @enum {unknown}
                         */
                        mode: "frozen" | "real" | "scaled";
                        /**
                         * Format: date-time
                         * @description where it begins; needed unless it is real
                         */
                        at?: string;
                        /** @description world seconds to a real one, where scaled */
                        rate?: number;
                    };
                    /** @description by vendor and name; those that are not named stay */
                    variants?: {
                        [key: string]: {
                            [key: string]: string;
                        };
                    };
                    /** @description whether its run fails on whatever was not expected */
                    strict?: boolean;
                    /** @description in place of the scenario's own */
                    expect?: components["schemas"]["Condition"][];
                    /** @description credentials that lead to it, as in `vendor:credential` */
                    claims?: string[];
                    /** @description an address for it alone, such as 127.0.0.1:0 */
                    listen?: string;
                    /** @description how long it lives unused, such as 10m */
                    ttl?: string;
                };
                "application/toml": string;
            };
        };
        responses: {
            /** @description it was there, made of the same; it is as it has become */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description the new world */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world that is there was made of something else, a claim, a host or the address is another's, or there are too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the machine does not have the address to listen on */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description its name */
                        deleted: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the default world always exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description it is as it was made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the journal's marker entry */
                        seq: number;
                        /** @description as it is now */
                        world: components["schemas"]["WorldFacts"];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fork_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description of the new world */
                    name: string;
                    /** @description its clock, where it is not to go on as here */
                    clock?: {
                        /**
                         * @description how time passes
                         * @enum {unknown}
                         */
                        mode: "frozen" | "real" | "scaled";
                        /**
                         * Format: date-time
                         * @description where it is to stand; not before now
                         */
                        at?: string;
                        /** @description world seconds to a real one; only if it is scaled */
                        rate?: number;
                    };
                };
            };
        };
        responses: {
            /** @description the new world */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a world of this name, there are too many, or time would have to go back */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keep_checkpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the name of a world or checkpoint */
                    name: string;
                };
            };
        };
        responses: {
            /** @description it is kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the journal's entry */
                        seq: number;
                        /** @description its name */
                        checkpoint: string;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there are too many checkpoints */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roll_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the name of a world or checkpoint */
                    name: string;
                };
            };
        };
        responses: {
            /** @description it is as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the journal's marker entry */
                        seq: number;
                        /** @description as it is now */
                        world: components["schemas"]["WorldFacts"];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    seed_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/toml": string;
            };
        };
        responses: {
            /** @description it is there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the journal's entry */
                        seq: number;
                        /** @description rows of the piece by vendor and collection; `world` for what is no vendor's */
                        added: {
                            [key: string]: {
                                [key: string]: number;
                            };
                        };
                        /** @description as it is now */
                        world: components["schemas"]["WorldFacts"];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": unknown;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_scenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the scenario, and what is not in it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description in the shape of a scenario file */
                        scenario: {
                            [key: string]: unknown;
                        };
                        /** @description what is in the world and not in the scenario */
                        omitted: {
                            /** @description whose it is; empty for the world's own */
                            vendor: string;
                            /** @description what it is */
                            what: string;
                            /** @description how many there are */
                            count: number;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_scenario_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/toml": unknown;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_world: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/vnd.sqlite3": unknown;
            };
        };
        responses: {
            /** @description the new world */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a world of this name, or there are too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the file is cut short, damaged, foreign or of a newer build */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_clock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the clock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_clock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description how time passes
                     * @enum {unknown}
                     */
                    mode: "frozen" | "real" | "scaled";
                    /**
                     * Format: date-time
                     * @description where it is to stand; not before now
                     */
                    at?: string;
                    /** @description world seconds to a real one; only if it is scaled */
                    rate?: number;
                };
            };
        };
        responses: {
            /** @description the clock as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockFacts"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description time never goes back, or the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description it could not be kept, or the program stopped on the way */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    advance_clock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description how far to move the clock on: 30s, 90m, 8h
                     * @example 30s
                     * @example 90m
                     * @example 1h30m
                     */
                    by?: string;
                    /** @description a moment, or "next" for the next due timer */
                    to?: string;
                };
            };
        };
        responses: {
            /** @description the time now, and what fired */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Advanced"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description time never goes back, or the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description it could not be kept, or the program stopped on the way */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_variants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the switches with their positions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description one list each */
                        vendors: {
                            /** @description its name */
                            vendor: string;
                            /** @description its switches */
                            variants: {
                                /** @description of the switch */
                                name: string;
                                /** @description the question that it answers */
                                text: string;
                                /** @description the position when nothing is said */
                                default: string;
                                /** @description the positions */
                                values: {
                                    /** @description of the position */
                                    name: string;
                                    /** @description what it does */
                                    text: string;
                                    /**
                                     * @description how it is known
                                     * @enum {unknown}
                                     */
                                    evidence: "documented" | "observed" | "inferred" | "assumed";
                                    /** @description where it is known from */
                                    source: string;
                                }[];
                            }[];
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_variants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description by vendor and name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: {
                            [key: string]: string;
                        };
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_variants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description the switches as they stand now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: {
                            [key: string]: string;
                        };
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_faults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the rules, in the order in which they are asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description each with id, name, then, on, work (done or not), added, matched, fired and active */
                        faults: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_fault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Fault"];
            };
        };
        responses: {
            /** @description the rules have these ids */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the new rules, in order */
                        ids: number[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the name is taken, or there are too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clear_faults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description they are gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description how many rules are gone */
                        removed: number;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_fault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description id of a rule for faults */
                fault: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description how many rules are gone */
                        removed: number;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_strays: {
        parameters: {
            query?: {
                /** @description only entries with a greater sequence number */
                after?: number;
                /** @description only entries with a smaller sequence number, the newest of them */
                before?: number;
                /** @description so many of the newest, and no more than limit */
                last?: number;
                /** @description how many to show at the most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description oldest first */
                        entries: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_journal: {
        parameters: {
            query?: {
                /** @description only entries with a greater sequence number */
                after?: number;
                /** @description only entries with a smaller sequence number, the newest of them */
                before?: number;
                /** @description so many of the newest, and no more than limit */
                last?: number;
                /** @description how many to show at the most */
                limit?: number;
                /** @description only this vendor's */
                vendor?: string;
                /** @description only this operation's */
                operation?: string;
                /** @description only with this outcome */
                outcome?: "ok" | "refused" | "error" | "faulted" | "canned";
                /** @description only of this run: a request's traceparent, the trace id in one, or its X-Request-ID */
                trace?: string;
                /** @description seconds to wait for an entry where there is none yet */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entries, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description oldest first */
                        entries: {
                            [key: string]: unknown;
                        }[];
                        /** @description the newest sequence number of the world */
                        last_seq: number;
                        /** @description entries that had to go to make room */
                        evicted: number;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clear_journal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is empty */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description true */
                        cleared: boolean;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_journal: {
        parameters: {
            query?: {
                /** @description only entries with a greater sequence number */
                after?: number;
                /** @description only this vendor's */
                vendor?: string;
                /** @description only this operation's */
                operation?: string;
                /** @description only with this outcome */
                outcome?: "ok" | "refused" | "error" | "faulted" | "canned";
                /** @description only of this run: a request's traceparent, the trace id in one, or its X-Request-ID */
                trace?: string;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description an event `entry` for each; `cleared` where entries up to a number were taken away */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_entry: {
        parameters: {
            query?: {
                /** @description curl: a line for the shell that sends the request again */
                as?: "entry" | "curl";
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description number of a journal entry */
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entry, or its seq and curl */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description a curl line is asked for, and the entry is no exchange */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_archive: {
        parameters: {
            query?: {
                /** @description only entries with a greater sequence number */
                after?: number;
                /** @description only entries with a smaller sequence number, the newest of them */
                before?: number;
                /** @description so many of the newest, and no more than limit */
                last?: number;
                /** @description how many to show at the most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_capsule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the capsule, with pseudonyms for credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the number of its form */
                        ringback_capsule: number;
                        /** @description the program with its version */
                        made_by: string;
                        /** @description one for each beginning of the world */
                        scenarios: {
                            /** @description the world, with a number from its second beginning on */
                            name: string;
                            /** @description in the shape of a scenario file */
                            scenario: {
                                [key: string]: unknown;
                            };
                        }[];
                        /** @description what is in none of the scenarios, as left_out */
                        report: unknown;
                        /** @description worlds, with the entries of each */
                        journal: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description nobody takes note of what clients do, or no vendor was asked in the world */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tables: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the tables */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the vendor's tables */
                        tables: {
                            /** @description as in paths */
                            name: string;
                            /** @description what it shows */
                            text: string;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_table: {
        parameters: {
            query?: {
                /** @description how many rows to leave out */
                offset?: number;
                /** @description how many to show at the most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
                /** @description name of a table; GET …/state/{vendor} lists them */
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the events with their fields */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the vendor's events */
                        events: {
                            /** @description as in paths */
                            name: string;
                            /** @description what happens */
                            text: string;
                            /** @description what the body holds */
                            fields: {
                                /** @description of the field */
                                name: string;
                                /** @description what it means */
                                text: string;
                                /** @description whether it has to be there */
                                required: boolean;
                                /** @description what it takes, as JSON Schema 2020-12 */
                                schema: {
                                    [key: string]: unknown;
                                };
                            }[];
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description name of a vendor; GET /v1/vendors lists them */
                vendor: string;
                /** @description name of an event; GET …/events/{vendor} lists them */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description it has happened */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of the journal's entry */
                        seq: number;
                        /** @description what the vendor says of it */
                        result: unknown;
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description it cannot happen now, with the reason */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_differences: {
        parameters: {
            query?: {
                /** @description what it is held against: `seed`, `checkpoint:NAME` or `world:NAME`; its seed where left out */
                from?: string;
                /** @description how many to show at the most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what differs, by table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Differences"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_people: {
        parameters: {
            query?: {
                /** @description how many rows to leave out */
                offset?: number;
                /** @description how many to show at the most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description how many were left out */
                        offset: number;
                        /** @description how many there are */
                        total: number;
                        /** @description the people */
                        people: {
                            /** @description as the scenario writes it */
                            phone: string;
                            /** @description empty where there is none */
                            first_name: string;
                            /** @description surname */
                            name: string;
                            /** @description empty where there is none */
                            email: string;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
                /** @description a telephone number, written in any way */
                phone: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the person, and what happened */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the number, digits alone */
                        phone: string;
                        /** @description who it is; null where the scenario has nobody */
                        person: {
                            /** @description as the scenario writes it */
                            phone: string;
                            /** @description empty where there is none */
                            first_name: string;
                            /** @description surname */
                            name: string;
                            /** @description empty where there is none */
                            email: string;
                        } | null;
                        /** @description what happened, oldest first */
                        steps: {
                            /** @description when; null where nobody knows */
                            at: string | null;
                            /** @description where */
                            vendor: string;
                            /** @description what happened, in words */
                            what: string;
                        }[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description nobody knows the number */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_findings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the findings, by their first entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Findings"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_strict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what it expects */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description whether a run fails on whatever was not expected */
                        strict: boolean;
                        /** @description conditions that have to hold in the end */
                        expect: components["schemas"]["Condition"][];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_strict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description whether a run fails on whatever was not expected; true if left out */
                    strict?: boolean;
                    /** @description conditions that have to hold in the end */
                    expect?: components["schemas"]["Condition"][];
                };
            };
        };
        responses: {
            /** @description what it expects now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description whether a run fails on whatever was not expected */
                        strict: boolean;
                        /** @description conditions that have to hold in the end */
                        expect: components["schemas"]["Condition"][];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_coverage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description by vendor */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description requests that vendors answered */
                        exchanges: number;
                        /** @description entries that went to make room and were not looked at */
                        evicted: number;
                        /** @description the vendors that were asked */
                        vendors: {
                            /** @description its name */
                            vendor: string;
                            /** @description all that it declares */
                            operations: {
                                /** @description how often each was */
                                asked: {
                                    [key: string]: number;
                                };
                                /** @description the others */
                                never: string[];
                            };
                            /** @description all that it declares */
                            refusals: {
                                /** @description how often each was, by rule */
                                met: {
                                    [key: string]: number;
                                };
                                /** @description the others */
                                never: string[];
                            };
                            /** @description all that it declares, by name */
                            switches: {
                                [key: string]: {
                                    /** @description positions in which it stood while it was asked */
                                    shown: string[];
                                    /** @description the others */
                                    never: string[];
                                };
                            };
                            /** @description what goes from state to state, by name */
                            machines: {
                                [key: string]: {
                                    /** @description how often each move was, as `ringing -> connected` */
                                    made: {
                                        [key: string]: number;
                                    };
                                    /** @description the others */
                                    never: string[];
                                };
                            };
                        }[];
                        /** @description the other vendors */
                        not_asked: string[];
                        /** @description kinds of fault that struck */
                        faults: string[];
                        /** @description what clients usually meet and these never did */
                        never_met: string[];
                    };
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Condition"];
            };
        };
        responses: {
            /** @description it holds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description it does not hold, or that cannot be told */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wait: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description name of a world; `default` always exists */
                world: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description name of the vendor */
                    vendor?: components["schemas"]["Match"];
                    /** @description name of the operation */
                    operation?: components["schemas"]["Match"];
                    /** @description name of an admin action: event, advance, reset, … */
                    action?: components["schemas"]["Match"];
                    /** @description name of an event outside the vendor's API */
                    event?: components["schemas"]["Match"];
                    /** @description ok, refused, error or faulted */
                    outcome?: components["schemas"]["Match"];
                    /** @description HTTP status of the response */
                    status?: components["schemas"]["Match"];
                    /** @description rule behind a refusal, such as mor.hash */
                    why?: components["schemas"]["Match"];
                    /** @description HTTP method */
                    method?: components["schemas"]["Match"];
                    /** @description path as the vendor sees it, without query */
                    path?: components["schemas"]["Match"];
                    /** @description kind of the fault that was injected */
                    fault?: components["schemas"]["Match"];
                    /** @description what went wrong in Ringback itself */
                    error?: components["schemas"]["Match"];
                    /** @description one of the changes to the world */
                    effect?: components["schemas"]["Match"];
                    /** @description all of the request's body as text */
                    body?: components["schemas"]["Match"];
                    /** @description by name */
                    query?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description by name */
                    form?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description by name, wherever the vendor takes it from */
                    param?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description by name */
                    header?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description by JSON pointer; * is every element of a list */
                    json?: {
                        [key: string]: unknown;
                    };
                    /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                    xml?: {
                        [key: string]: components["schemas"]["Match"];
                    };
                    /** @description the same of the response */
                    response?: {
                        /** @description the HTTP status */
                        status?: components["schemas"]["Match"];
                        /** @description all of the body as text */
                        body?: components["schemas"]["Match"];
                        /** @description by name */
                        header?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description by JSON pointer; * is every element of a list */
                        json?: {
                            [key: string]: unknown;
                        };
                        /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                        xml?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                    };
                    /** @description of an action, by JSON pointer */
                    detail?: {
                        [key: string]: unknown;
                    };
                    /** @description how many entries meet all rules */
                    exactly?: number;
                    /** @description the same; 1 where nothing is said */
                    at_least?: number;
                    /** @description the same */
                    at_most?: number;
                    /** @description true: none does */
                    never?: boolean;
                    /** @description entries that meet these, one after the other */
                    in_order?: {
                        /** @description name of the vendor */
                        vendor?: components["schemas"]["Match"];
                        /** @description name of the operation */
                        operation?: components["schemas"]["Match"];
                        /** @description name of an admin action: event, advance, reset, … */
                        action?: components["schemas"]["Match"];
                        /** @description name of an event outside the vendor's API */
                        event?: components["schemas"]["Match"];
                        /** @description ok, refused, error or faulted */
                        outcome?: components["schemas"]["Match"];
                        /** @description HTTP status of the response */
                        status?: components["schemas"]["Match"];
                        /** @description rule behind a refusal, such as mor.hash */
                        why?: components["schemas"]["Match"];
                        /** @description HTTP method */
                        method?: components["schemas"]["Match"];
                        /** @description path as the vendor sees it, without query */
                        path?: components["schemas"]["Match"];
                        /** @description kind of the fault that was injected */
                        fault?: components["schemas"]["Match"];
                        /** @description what went wrong in Ringback itself */
                        error?: components["schemas"]["Match"];
                        /** @description one of the changes to the world */
                        effect?: components["schemas"]["Match"];
                        /** @description all of the request's body as text */
                        body?: components["schemas"]["Match"];
                        /** @description by name */
                        query?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description by name */
                        form?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description by name, wherever the vendor takes it from */
                        param?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description by name */
                        header?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description by JSON pointer; * is every element of a list */
                        json?: {
                            [key: string]: unknown;
                        };
                        /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                        xml?: {
                            [key: string]: components["schemas"]["Match"];
                        };
                        /** @description the same of the response */
                        response?: {
                            /** @description the HTTP status */
                            status?: components["schemas"]["Match"];
                            /** @description all of the body as text */
                            body?: components["schemas"]["Match"];
                            /** @description by name */
                            header?: {
                                [key: string]: components["schemas"]["Match"];
                            };
                            /** @description by JSON pointer; * is every element of a list */
                            json?: {
                                [key: string]: unknown;
                            };
                            /** @description by path, such as /Lead/Phone[1]/@type or //Error */
                            xml?: {
                                [key: string]: components["schemas"]["Match"];
                            };
                        };
                        /** @description of an action, by JSON pointer */
                        detail?: {
                            [key: string]: unknown;
                        };
                    }[];
                    /** @description only entries with a greater sequence number */
                    since?: number;
                    /** @description only entries up to this sequence number */
                    until?: number;
                    /**
                     * Format: date-time
                     * @description only entries of this world time or later
                     */
                    after?: string;
                    /**
                     * Format: date-time
                     * @description only entries before this world time
                     */
                    before?: string;
                    /** @description a length of real time such as 30s */
                    timeout?: string;
                };
            };
        };
        responses: {
            /** @description it holds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description a parameter or the body is not as expected */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a token, and the request does not carry it */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request comes from a page of another site, or by another name */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the path names something that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the request was not complete in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the world was deleted on the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description there is a body, of another media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the time has passed, or it can no longer hold */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description the head is too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description the disk does not take it, or the program stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
