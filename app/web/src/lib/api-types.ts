// Written by `make types` from openapi.json: not by hand.
export interface paths {
    "/api/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The configuration, the sounds, the versions of the bell tables and the calendars in one file (tar,
         *     gzip). Without password, keys, sessions and journal: who finds it cannot enter.
         */
        get: operations["get_api_backup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The certificate that is served. */
        get: operations["get_api_certificate"];
        /**
         * Puts a school's own certificate in the place of the one that is served, from the next connection
         *     on and without a restart. Nothing is replaced unless all of it is right.
         */
        put: operations["put_api_certificate"];
        post?: never;
        /**
         * Goes back to the certificate that the box makes for itself. The school's own is deleted where it
         *     was installed by `PUT`.
         */
        delete: operations["delete_api_certificate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/certificate.pem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chain as a file (PEM), for a computer that is to trust this box. */
        get: operations["get_api_certificate_pem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the first password of a new box, for who has read the code that the program prints. */
        post: operations["post_api_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration in force: every default filled in, every secret replaced by `***`. */
        get: operations["get_api_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page that shows this description: the viewer that `make web` builds in, else a plain one. */
        get: operations["get_api_docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens: `status` (first, and when it changes; as `/api/health` shows it),
         *     `playback` when one starts or has ended, and `line` when a line changes.
         */
        get: operations["get_api_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feed/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bells of last week and of the next four months, for calendars, in French: no sign-in but the address. */
        get: operations["get_api_feed__secret_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gateway": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the gateway fares. */
        get: operations["get_api_gateway"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the box fares. 200 even where it is degraded. */
        get: operations["get_api_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What rang, newest first. Of several conditions all must hold; the next page has the same ones
         *     and `before`.
         */
        get: operations["get_api_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that rang and meets the conditions, newest first, as a file for a spreadsheet: in English
         *     with commas, in French with semicolons and decimal commas. Texts that would be formulas are none.
         */
        get: operations["get_api_journal_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each line that is watched; `line` events tell what changes afterwards. */
        get: operations["get_api_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description (OpenAPI 3.1). */
        get: operations["get_api_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets another password. Every other browser is signed out. */
        put: operations["put_api_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/play/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rings a trigger. What plays is replaced. */
        get: operations["get_api_play__id_"];
        put?: never;
        /** Rings a trigger. What plays is replaced. */
        post: operations["post_api_play__id_"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads conf.json anew, as SIGHUP does. What is wrong in it is told by `/api/health`. */
        post: operations["post_api_reload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts what a backup holds in force: all of its configuration, and its sounds, versions of the bell
         *     tables and calendars beside those that are here. The password, the certificate and who is signed
         *     in stay this box's own. Nothing is replaced unless all of it is right.
         */
        post: operations["post_api_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bell tables in force. Their `ETag` leaves out `changes`, which have their own address. */
        get: operations["get_api_schedule"];
        /**
         * Publishes bell tables in the place of those in force, and keeps a version. Where the body has no
         *     `changes`, those of single days stay.
         */
        put: operations["put_api_schedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The school's own calendar: what is otherwise on single days and ranges of days. */
        get: operations["get_api_schedule_calendar"];
        /** Puts a calendar in the place of the school's own. */
        put: operations["put_api_schedule_calendar"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of single days, in the order in which they were made. */
        get: operations["get_api_schedule_changes"];
        put?: never;
        /** Changes a day: shifts its bells, silences hours, adds a bell or cancels one. */
        post: operations["post_api_schedule_changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/changes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a change of a day back. */
        delete: operations["delete_api_schedule_changes__id_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/day-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All day types, by id. */
        get: operations["get_api_schedule_day_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/day-types/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One day type. */
        get: operations["get_api_schedule_day_types__id_"];
        /** Puts a day type in the place of the one with this id, if any. */
        put: operations["put_api_schedule_day_types__id_"];
        post?: never;
        /** Deletes a day type that no day has. */
        delete: operations["delete_api_schedule_day_types__id_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a draft would change. Nothing is changed. */
        post: operations["post_api_schedule_diff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why it rings in the minute of a moment, or not: the chain of rules. */
        get: operations["get_api_schedule_explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is a feed of the bells. */
        get: operations["get_api_schedule_feed"];
        put?: never;
        /** Makes a secret address at which calendars read the bells; the one before is worth nothing then. */
        post: operations["post_api_schedule_feed"];
        /** Takes the address back. */
        delete: operations["delete_api_schedule_feed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads a calendar file (`.ics`) and tells its events that are not over, to choose from. The body
         *     is the file itself, at most 4 MiB. Nothing is kept.
         */
        post: operations["post_api_schedule_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/official": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of the school calendar that count: what ships, over it what was uploaded and fetched. */
        get: operations["get_api_schedule_official"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/official/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for a fresh school calendar now, at most once a minute, and waits for what comes of it: up
         *     to 60 s.
         */
        post: operations["post_api_schedule_official_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/official/subscription": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a fresh school calendar is fetched from, and what came of it. */
        get: operations["get_api_schedule_official_subscription"];
        /**
         * Sets the address that is asked for a fresh school calendar: at once, and then once a week. The
         *     answer does not wait for it.
         */
        put: operations["put_api_schedule_official_subscription"];
        post?: never;
        /** Fetches a fresh school calendar from nowhere any more. What was fetched goes on counting. */
        delete: operations["delete_api_schedule_official_subscription"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/official/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Takes an official file (iCalendar, CSV or JSON of the ministry) in the place of the one that was
         *     uploaded before. The body is the file itself, at most 4 MiB; its holidays count at once. One
         *     that cannot be read is refused, and changes nothing.
         */
        put: operations["put_api_schedule_official_upload"];
        post?: never;
        /** Forgets the file that was uploaded: what was known before it counts again. */
        delete: operations["delete_api_schedule_official_upload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The places where a school can be, and until when the holidays of each are known. */
        get: operations["get_api_schedule_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What rings on some days, as the tables stand now. */
        get: operations["get_api_schedule_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/proposal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a school's PRONOTE can be asked for tables, and when one was asked last. Asks nobody. */
        get: operations["get_api_schedule_proposal"];
        put?: never;
        /**
         * Asks a school's PRONOTE what it tells anybody before a login, and proposes tables that follow
         *     from it. A school is asked once a day at most, and an hour after a failure. Nothing is applied.
         */
        post: operations["post_api_schedule_proposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/school": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the school is. */
        get: operations["get_api_schedule_school"];
        /**
         * Says where the school is. Its school holidays and its public holidays follow from it, and ring
         *     no more by themselves at once; a version of the tables is kept.
         */
        put: operations["put_api_schedule_school"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions, newest first: the last 200. */
        get: operations["get_api_schedule_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version, with its tables. */
        get: operations["get_api_schedule_versions__number_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/versions/{number}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a version in force again; the changes of single days stay as they are. What was in force is
         *     a version too: this can be undone.
         */
        post: operations["post_api_schedule_versions__number__restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedule/weeks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which day of the week, or of the cycle, has which day type. */
        get: operations["get_api_schedule_weeks"];
        /** Sets which day of the week, or of the cycle, has which day type. */
        put: operations["put_api_schedule_weeks"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in by the cookie of this request. */
        get: operations["get_api_session"];
        put?: never;
        /** Signs a browser in: the cookie ends after twelve hours without use, and after thirty days. */
        post: operations["post_api_session"];
        /** Signs this browser out. */
        delete: operations["delete_api_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sounds, by name. */
        get: operations["get_api_sounds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sounds/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file itself, or a range of it. */
        get: operations["get_api_sounds__file_"];
        /**
         * Puts a sound into the folder, in the place of the one with this name, if any. The body is the
         *     file itself, at most 64 MiB; it is decoded to its end before it counts. With `If-Match` and the
         *     `ETag` of a GET, only where nobody has replaced it since; with `If-None-Match: *`, only where
         *     there is none.
         */
        put: operations["put_api_sounds__file_"];
        post?: never;
        /** Deletes a sound that no trigger plays. */
        delete: operations["delete_api_sounds__file_"];
        options?: never;
        head?: never;
        /**
         * Gives a sound another name; the triggers that play it follow in the same change. With `If-Match`
         *     and the `ETag` of a GET, only where nobody has replaced it since.
         */
        patch: operations["patch_api_sounds__file_"];
        trace?: never;
    };
    "/api/sounds/{file}/play": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rings a sound that no trigger need have, as a trigger with these values would. What plays is
         *     replaced; the journal has it with `trigger` null.
         */
        post: operations["post_api_sounds__file__play"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Silences what plays. */
        get: operations["get_api_stop"];
        put?: never;
        /** Silences what plays. */
        post: operations["post_api_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All triggers in force, by id. */
        get: operations["get_api_triggers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/triggers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trigger. */
        get: operations["get_api_triggers__id_"];
        /**
         * Puts a trigger in the place of the one with this id, if any. With `If-Match` and the `ETag` of a
         *     GET, only where nobody has changed it since; with `If-None-Match: *`, only where there is none.
         */
        put: operations["put_api_triggers__id_"];
        post?: never;
        /** Deletes a trigger. */
        delete: operations["delete_api_triggers__id_"];
        options?: never;
        head?: never;
        /** Merges a patch into a trigger (RFC 7396): `null` takes a key away. */
        patch: operations["patch_api_triggers__id_"];
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Numbers for Prometheus. */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
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
        /** @description A ring that was accepted. */
        Accepted: {
            playback: components["schemas"]["Playback"];
        };
        /** @description What happens in a minute. */
        Answer: {
            /** @enum {string} */
            answer: "rings";
            /** @description What. */
            bells: components["schemas"]["Bell"][];
        } | {
            /** @enum {string} */
            answer: "silenced";
            /** @description Which. */
            silenced: components["schemas"]["Silenced"][];
        } | {
            after?: components["schemas"]["Bell"] | null;
            /** @enum {string} */
            answer: "no_bell";
            before?: components["schemas"]["Bell"] | null;
        };
        /** @description The sound output. */
        AudioHealth: {
            /**
             * @description What it is, or why it is not ready.
             * @example 48000 Hz, 2 channels
             */
            detail: string;
            /**
             * @description As `audio.device` of the configuration names it.
             * @example default
             */
            device: string;
            /** @description Whether a ring is heard. */
            ready: boolean;
        };
        /** @description What of a sound is to be heard. All of it may be absent. */
        Audition: {
            /**
             * Format: double
             * @description Where in the file to end, in seconds; `null` or past its end: at its end.
             */
            end_seconds?: number | null;
            /**
             * Format: double
             * @description Where in the file to begin, in seconds.
             * @default 0
             */
            start_seconds: number | null;
            /**
             * Format: double
             * @description 0.0 to 1.0, linear.
             * @default 1
             */
            volume: number | null;
        };
        /** @description A bell of a date. */
        Bell: {
            /**
             * Format: date-time
             * @description The moment at which it rings.
             */
            at: string;
            /** @description The day type that has it; `None` where a change of the day added it. */
            day_type?: string | null;
            /**
             * @description Which bell of which date.
             * @example 2026-11-09T08:25:00/GPIO23
             */
            id: string;
            /** @description What it is for. May be empty. */
            label: string;
            /**
             * Format: int32
             * @description How many seconds late it may still ring.
             */
            late_seconds: number;
            /** @description When it is written down: before any shift. What a change that cancels it names. */
            planned: string;
            /** @description Why it rings: the day's chain, and what was done to this bell. */
            why: components["schemas"]["Step"][];
        };
        /** @description What watches the contacts. */
        BoardHealth: {
            /** @description Each board that the configuration asks for. */
            boards: components["schemas"]["OneBoard"][];
            /** @description Whether all boards are there. */
            ready: boolean;
        };
        /** @description A PRONOTE server that is left alone for now. */
        Breaker: {
            /**
             * @description `logins`: it counted too many failed logins; `suspended`: it has suspended our address.
             * @example suspended
             */
            cause: string;
            /**
             * @description Its host.
             * @example 0123456a.index-education.net
             */
            host: string;
            /**
             * Format: date-time
             * @description Until when: RFC 3339, UTC.
             */
            until: string;
        };
        /** @description Where a fresh calendar is fetched from. */
        CalendarAddress: {
            /**
             * @description The code of the place of an iCalendar file that names none.
             * @example zone-b
             */
            place?: string | null;
            /**
             * @description The https address of an official file.
             * @example https://fr.ftp.opendatasoft.com/openscol/fr-en-calendrier-scolaire/Zone-B.ics
             */
            url: string;
        };
        /** @description What came of asking for a fresh calendar. */
        CalendarOutcome: {
            /** @description What was left out of it or put right, a sentence each. */
            notes: string[];
            /** @enum {string} */
            outcome: "new";
        } | {
            /** @enum {string} */
            outcome: "unchanged";
        } | {
            /** @enum {string} */
            outcome: "failed";
            /** @description Why, in words. */
            why: string;
        };
        /** @description Why something rang or stopped; for a contact, also which input it is: two boards may name a line alike. */
        Cause: {
            /** @enum {string} */
            kind: "line";
            /** @description Which. */
            line: string;
        } | {
            /** @enum {string} */
            kind: "serial";
            /** @description The line it named. */
            line: string;
        } | {
            /** @enum {string} */
            kind: "api";
            /** @description The user who signed in. */
            user: string;
        } | {
            /** @enum {string} */
            kind: "cli";
        } | {
            /** @description Which bell of which date: `2026-11-09T08:25:00/GPIO23`, by the school's clock. */
            bell: string;
            /** @enum {string} */
            kind: "schedule";
            /** @description What it is for. May be empty. */
            label: string;
        };
        /** @description The certificate that is served. */
        CertificateFacts: {
            /**
             * @description SHA-256, as browsers show it.
             * @example AB:CD:EF:…
             */
            fingerprint: string;
            /** @description Who has signed it. */
            issuer: string;
            /**
             * @description The host names and addresses that it is for.
             * @example [
             *       "bell.school.example"
             *     ]
             */
            names: string[];
            /**
             * Format: date-time
             * @description Until when it counts.
             */
            not_after: string;
            /**
             * Format: date-time
             * @description From when it counts: RFC 3339, UTC.
             */
            not_before: string;
            /** @description What somebody should mend, in words. */
            problem?: string | null;
            /** @description Whether the box has made it; else it is the school's own. */
            self_signed: boolean;
        };
        /** @description What was changed for one date. */
        Change: components["schemas"]["ChangeKind"] & {
            /**
             * Format: date
             * @description The date.
             */
            date: string;
        };
        /** @description What is otherwise on one date. Changes are applied in the order in which they were made. */
        ChangeKind: {
            /** @enum {string} */
            change: "shift";
            /**
             * @description From when on, by the times that earlier changes have made.
             * @example 10:02
             */
            from: string;
            /**
             * Format: int32
             * @description How many minutes later; negative: earlier. Not 0, at most 12 hours either way.
             */
            minutes: number;
        } | (components["schemas"]["Span"] & {
            /** @enum {string} */
            change: "mute";
        }) | (components["schemas"]["WrittenBell"] & {
            /** @enum {string} */
            change: "bell";
        }) | {
            /** @enum {string} */
            change: "cancel";
            /**
             * @description The time at which it is written down: before any shift.
             * @example 10:30
             */
            time: string;
            /** @description What it rings. */
            trigger: string;
        };
        /** @description What makes a new box somebody's. */
        Claim: {
            /**
             * @description The code that the program has printed.
             * @example 8K2M-QX0T
             */
            code: string;
            /** @description The admin password from now on, at least 8 characters. */
            password: string;
        };
        /** @description The clock on the wall. */
        ClockHealth: {
            /**
             * @description Why it is, or is not.
             * @example the clock is synchronised with a time server
             */
            detail: string;
            /**
             * Format: double
             * @description How far it is from the time server's, where the system knows: positive where it is behind.
             */
            offset_seconds?: number | null;
            /** @description Whether it is to be believed: no bell rings by a clock that is not. */
            trusted: boolean;
        };
        /** @description What signs in. */
        Credentials: {
            password: string;
            /** @example admin */
            username: string;
        };
        /** @description A cycle of days, counted over open days only. */
        Cycle: {
            /**
             * Format: date
             * @description A date that is day 1.
             */
            anchor: string;
            /** @description The day type of day 1, day 2 …; `None`: no bells. */
            days: (string | null)[];
            /** @description The days of the week that count where they are no days off: `monday` … `sunday`. */
            open: string[];
        };
        /** @description A day on which the tables do not ring by themselves. */
        DayOff: {
            /** @description What makes it a day off. */
            kind: components["schemas"]["DayOffKind"];
            /** @description What people call it: `All Saints’ holidays`, `Vacances de la Toussaint`. */
            label: components["schemas"]["Words"];
        };
        /**
         * @description What makes a day off.
         * @enum {string}
         */
        DayOffKind: "school_holiday" | "public_holiday" | "closed";
        /** @description A kind of day. */
        DayType: {
            /** @description Its bells, in whatever order they are written. */
            bells: components["schemas"]["WrittenBell"][];
            /**
             * @description How a calendar shows it: `#rrggbb`.
             * @example #2e7d32
             */
            colour: string;
            /**
             * @description What people call it.
             * @example Journée normale
             */
            name: string;
        };
        /** @description What a draft would change. */
        Difference: {
            /** @description The days of the next 60 on which it would ring otherwise, in order. */
            days: components["schemas"]["OtherDay"][];
            /** @description A sentence for each thing that differs; none: they are the same. */
            words: components["schemas"]["Words"][];
        };
        /** @description What is otherwise from one date to another. */
        Entry: components["schemas"]["EntryDay"] & {
            /**
             * Format: date
             * @description Its first date.
             * @example 2027-05-24
             */
            from: string;
            /**
             * @description What people call it: `Brevet blanc`. May be empty.
             * @example Brevet blanc
             */
            label: string;
            /** @description Hours of its days at which no bell rings but those added by hand. */
            silent_hours: components["schemas"]["Span"][];
            /**
             * Format: date
             * @description Its last date: not before the first.
             * @example 2027-05-28
             */
            to: string;
        };
        /** @description What the days of an entry are. */
        EntryDay: {
            /** @enum {string} */
            day: "usual";
        } | {
            /** @enum {string} */
            day: "silent";
        } | {
            /** @enum {string} */
            day: "typed";
            /**
             * @description Which.
             * @example exam
             */
            day_type: string;
        };
        /** @description An entry of the calendar, by what people call it. */
        EntryName: {
            /**
             * Format: date
             * @description Its first date.
             */
            from: string;
            /** @description Its label. May be empty. */
            label: string;
            /**
             * Format: date
             * @description Its last date.
             */
            to: string;
        };
        /** @description When an event begins on its first day, and ends on its last. */
        EventHours: {
            /**
             * @description By the clock on the wall.
             * @example 08:00
             */
            from: string;
            /**
             * @description The same where it has no end; `00:00`: the end of the day.
             * @example 12:00
             */
            to: string;
        };
        /** @description Why it rings at a moment, or not, for people and for programs. */
        Explained: components["schemas"]["Explanation"] & {
            /** @description Which rule beats which. */
            precedence: components["schemas"]["Words"];
            /** @description For people: what happens, and then the chain of rules, a sentence each. */
            words: components["schemas"]["Words"][];
        };
        /** @description Why it rings at a moment, or not. */
        Explanation: components["schemas"]["Answer"] & {
            /**
             * @description What the clock on the wall shows at that moment, to the minute.
             * @example 2026-11-09T08:25:00
             */
            at: string;
            /** @description What the day is: the chain of rules, from the weakest to the strongest. */
            day: components["schemas"]["Step"][];
        };
        /** @description Whether there is a feed. */
        FeedState: {
            /** @description Whether somebody may read it who has its address. */
            open: boolean;
        };
        /** @description Until when a file knows the holidays of a place. */
        FileReach: {
            /** @description What people call it. */
            name: components["schemas"]["Words"];
            /**
             * @description The place's code.
             * @example zone-b
             */
            place: string;
            /**
             * Format: date
             * @description The last day.
             */
            until?: string | null;
        };
        /** @description Where it is that was asked for. */
        FoundPlace: {
            /** @description The academy. */
            academy: string;
            /**
             * @description Its place.
             * @example zone-b
             */
            place: string;
            /**
             * @description Its region.
             * @example metropole
             */
            region: string;
        };
        /** @description How the gateway fares. */
        GatewayHealth: {
            /** @description The PRONOTE servers that are left alone for now. */
            breakers: components["schemas"]["Breaker"][];
            /** @description Whether the configuration asks for one. */
            enabled: boolean;
            /** @description Whether it runs; the log says why not. */
            ready: boolean;
            /**
             * Format: int64
             * @description How many sessions live; `null` where the store of sessions does not answer.
             */
            sessions?: number | null;
        };
        /** @description How the box fares. */
        Health: {
            /** @description The sound output. */
            audio: components["schemas"]["AudioHealth"];
            /** @description What watches the contacts. */
            board: components["schemas"]["BoardHealth"];
            /** @description The keeping of the school's hours. */
            hours: components["schemas"]["HoursHealth"];
            playing?: components["schemas"]["PlayingNow"] | null;
            /**
             * @description What does not work, in words.
             * @example [
             *       "the sound output is not ready: hw:1,0: no such device"
             *     ]
             */
            reasons: string[];
            /** @description `degraded` where something does not work; what works goes on. */
            status: components["schemas"]["HealthStatus"];
            /**
             * Format: int64
             * @description Since the program started.
             */
            uptime_seconds: number;
            /**
             * @description Of the program.
             * @example 0.1.0
             */
            version: string;
        };
        /** @enum {string} */
        HealthStatus: "ok" | "degraded";
        /** @description The keeping of the school's hours. */
        HoursHealth: {
            /** @description The clock on the wall. */
            clock: components["schemas"]["ClockHealth"];
            next?: components["schemas"]["NextBell"] | null;
            /** @description Whether there are tables, and a clock that is to be believed: bells ring by themselves. */
            ready: boolean;
            /** @description Whether there are tables with any bell in them. */
            tables: boolean;
        };
        /** @description An event of a file. */
        ImportedEvent: {
            /**
             * Format: date
             * @description Its first day.
             */
            first: string;
            hours?: components["schemas"]["EventHours"] | null;
            /** @description Whether the school's calendar has an entry of these days and this title already. */
            known: boolean;
            /** @description Its title. May be empty. */
            label: string;
            /**
             * Format: date
             * @description Its last day.
             */
            last: string;
        };
        /** @description The events of a file that are not over. */
        ImportedEvents: {
            /** @description In order. */
            events: components["schemas"]["ImportedEvent"][];
            /** @description What was left out, a sentence each. */
            notes: string[];
        };
        /** @description What was installed. */
        Installed: {
            /** @description As it is served from the next connection on. */
            certificate: components["schemas"]["CertificateFacts"];
            /** @description What somebody should know although it can be used, in words. */
            remarks: string[];
        };
        /** @description One ring. The file holds it twice: when it starts and when it has ended; each line is whole. */
        JournalEntry: components["schemas"]["Outcome"] & {
            /** @description Why it rang. */
            cause: components["schemas"]["Cause"];
            /**
             * Format: int64
             * @description The playback's number.
             */
            id: number;
            /** @description What people called the trigger, or the sound. */
            name: string;
            /**
             * Format: double
             * @description How long it was to play; once it has ended, how long it played.
             */
            seconds: number;
            /**
             * @description The file in the sound folder; `null` where a bell of the tables was missed whose trigger
             *     does not exist.
             */
            sound?: string | null;
            /**
             * Format: date-time
             * @description When it started: RFC 3339, UTC.
             * @example 2026-09-01T08:00:00.012Z
             */
            time: string;
            /** @description The trigger; `null` where a sound was tried by itself. */
            trigger?: string | null;
        };
        /** @description The last time that it was asked. */
        LastAsked: components["schemas"]["CalendarOutcome"] & {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /** @description Where a line rests. */
        Line: components["schemas"]["Cause"] & {
            /** @description `active` or `inactive`. */
            state: string;
            /** @description Active for so long that the contact is probably stuck. */
            stuck: boolean;
        };
        /** @description A line that changed. */
        LineNews: components["schemas"]["Cause"] & {
            /** @description Whether it is already inactive again: a press that was seen whole. */
            momentary: boolean;
            /** @description `active` or `inactive`. */
            state: string;
        };
        /** @description A version, and whether it is what is in force. */
        ListedVersion: components["schemas"]["Version"] & {
            /** @description Whether its tables are those in force, changes of single days aside. */
            in_force: boolean;
        };
        /** @description A change of a day, and how it is called. */
        NamedChange: components["schemas"]["Change"] & {
            /** @description What takes it back. Two changes that say the same have the same. */
            id: string;
            /** @description The same in words. */
            words: components["schemas"]["Words"];
        };
        /** @description A day type, by what people call it. */
        NamedDay: {
            /** @description How a calendar shows it. */
            colour: string;
            /** @description Its id. */
            id: string;
            /** @description What people call it; its id where there is no such day type. */
            name: string;
        };
        /** @description A school's own certificate. */
        NewCertificate: {
            /**
             * @description PEM: the certificate and those of its issuers, in any order. May hold the key, too.
             * @example -----BEGIN CERTIFICATE-----
             *     …
             */
            certificate: string;
            /**
             * @description PEM: its key, without a passphrase. Empty where it is in the other text.
             * @example -----BEGIN PRIVATE KEY-----
             *     …
             */
            key?: string;
        };
        /** @description The address of a new feed. */
        NewFeed: {
            /**
             * @description Told this once: the box keeps only what it takes to know it again.
             * @example /api/feed/k5wzq….ics
             */
            path: string;
        };
        /** @description A new password. */
        NewPassword: {
            /** @description The one until now. */
            current: string;
            /** @description The one from now on, at least 8 characters. */
            password: string;
        };
        /** @description What rings next by the tables. */
        NextBell: {
            /**
             * Format: date-time
             * @description The moment: RFC 3339, UTC.
             * @example 2026-11-09T07:25:00Z
             */
            at: string;
            /**
             * @description Which bell of which date, by the school's clock.
             * @example 2026-11-09T08:25:00/GPIO23
             */
            bell: string;
            /** @description What it is for. May be empty. */
            label: string;
        };
        /** @description The files that count. */
        Official: {
            /** @description The files over it, the newest last. */
            files: components["schemas"]["ShownFile"][];
            /** @description What there is to say of them, a sentence each. */
            notes: string[];
            /** @description What ships with the program. */
            shipped: components["schemas"]["Shipped"];
        };
        OneBoard: {
            /** @description What it is, or why it is not ready. */
            detail: string;
            /** @example raspberry-pi */
            kind: string;
            ready: boolean;
        };
        /** @description A day on which it would ring otherwise. */
        OtherDay: {
            /**
             * Format: date
             * @description The date.
             */
            date: string;
            /** @description The times at which it rings now and would not. */
            gone: string[];
            is?: components["schemas"]["NamedDay"] | null;
            /** @description The times at which it would ring and does not now. */
            new: string[];
            was?: components["schemas"]["NamedDay"] | null;
        };
        /** @description How a playback ended. */
        Outcome: {
            /** @enum {string} */
            outcome: "playing";
        } | {
            /** @enum {string} */
            outcome: "played";
        } | {
            /** @enum {string} */
            outcome: "replaced";
        } | {
            /** @description Who. */
            by: components["schemas"]["Cause"];
            /** @enum {string} */
            outcome: "stopped";
        } | {
            /** @enum {string} */
            outcome: "failed";
            /** @description Why, in words. */
            reason: string;
        } | {
            /** @enum {string} */
            outcome: "missed";
            /** @description Why, in words. */
            reason: string;
        } | {
            /** @enum {string} */
            outcome: "interrupted";
        };
        /** @description Where a school can be. */
        Places: {
            found?: components["schemas"]["FoundPlace"] | null;
            /** @description The places, the mainland first. */
            places: components["schemas"]["ShownPlace"][];
            /** @description The regions with public holidays of their own. */
            regions: components["schemas"]["ShownRegion"][];
        };
        /** @description One run of a trigger's cue, or of one that is tried. */
        Playback: {
            /** @description Why it rings. */
            cause: components["schemas"]["Cause"];
            /**
             * Format: int64
             * @description Its number; the journal has it too.
             */
            id: number;
            /** @description What people call the trigger, or the sound. */
            name: string;
            /**
             * Format: double
             * @description How long it plays, or, once it has ended, has played.
             */
            seconds: number;
            /**
             * @description The file in the sound folder; `null` where a bell of the tables was missed whose trigger
             *     does not exist.
             */
            sound?: string | null;
            /** @description The trigger; `null` where a sound is tried by itself. */
            trigger?: string | null;
        };
        /** @description A playback that started or has ended. */
        PlaybackNews: components["schemas"]["Playback"] & components["schemas"]["Outcome"];
        /** @description What plays now; who asked for it is in the journal. */
        PlayingNow: {
            /** Format: int64 */
            id: number;
            /** @description What people call the trigger, or the sound. */
            name: string;
            /**
             * Format: double
             * @description How far it has come.
             */
            position_seconds: number;
            /**
             * Format: double
             * @description How long it plays in all.
             */
            seconds: number;
            /** @description The trigger; `null` where a sound is tried by itself. */
            trigger?: string | null;
        };
        /** @description What rings on some days. */
        Preview: {
            /**
             * @description The same, by the clock on the school's wall.
             * @example 2026-11-09T08:20:00
             */
            civil: string;
            /** @description The days, in order. */
            days: components["schemas"]["ShownDay"][];
            next?: components["schemas"]["ShownBell"] | null;
            /**
             * Format: date-time
             * @description The box's clock.
             */
            now: string;
            /** @description The zone of that clock. */
            time_zone: string;
            /** @description What somebody should look at on these days; none where only numbers were asked for. */
            warnings: components["schemas"]["Words"][];
        };
        /** @description Why a request was not done. */
        Problem: {
            /**
             * @description What was wanted and what was found, for a person.
             * @example end_seconds: 2 is before start_seconds 2.5
             */
            detail: string;
            /**
             * @description The field of the body that is wrong.
             * @example end_seconds
             */
            field?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description The status in words.
             * @example Unprocessable Entity
             */
            title: string;
        };
        /** @description What is asked. */
        ProposalQuestion: {
            /**
             * @description The address of the school's PRONOTE, as people paste it.
             * @example https://0123456a.index-education.net/pronote/eleve.html
             */
            address: string;
            /**
             * @description The trigger that the bells are to ring.
             * @example GPIO23
             */
            trigger: string;
        };
        /** @description Whether a PRONOTE can be asked, and what came of it last. */
        ProposalSource: {
            last?: components["schemas"]["SchoolAsked"] | null;
            /** @description Why none can be asked, in words; `null`: one can. */
            unavailable?: string | null;
        };
        /** @description Tables as a school's PRONOTE would have them. */
        ProposedTables: {
            /** @description When it was asked: now, or within the last day. */
            asked: components["schemas"]["SchoolAsked"];
            /** @description What to look at, a sentence each. */
            notes: string[];
            /**
             * @description Parts of the section `schedule` of conf.json: `day_types`, `weeks`, `calendar`. What PRONOTE
             *     says nothing of is not there.
             */
            schedule: Record<string, never>;
            /** @description The school's name; `null`: PRONOTE does not tell it. */
            school?: string | null;
        };
        /** @description What a file has of a place. */
        ReadPlace: {
            /** @description How many holidays and single days. */
            count: number;
            /**
             * Format: date
             * @description The day that the first ones begin on.
             */
            from?: string | null;
            /** @description What people call it. */
            name: components["schemas"]["Words"];
            /**
             * @description The place's code.
             * @example zone-b
             */
            place: string;
            /**
             * Format: date
             * @description The last day that they are known for.
             */
            until?: string | null;
        };
        /** @description What a restore has done. */
        Report: {
            /** @description What of the file was left out, and why, in words. */
            left_out: string[];
            /** @description What somebody should know or do now, in words. */
            remarks: string[];
            /**
             * @description The sounds that were restored. Others that the box had are still there.
             * @example [
             *       "bell.mp3"
             *     ]
             */
            sounds: string[];
            /**
             * @description The triggers that ring now.
             * @example [
             *       "GPIO23"
             *     ]
             */
            triggers: string[];
        };
        /** @description Which day type a day has where nothing else is said. */
        Rota: {
            /** @description By the day of the week, in weeks of one or several kinds. */
            weeks: components["schemas"]["Weeks"];
        } | {
            /** @description By counting open days. */
            cycle: components["schemas"]["Cycle"];
        };
        /** @description What a rule says. */
        Rule: {
            /** @enum {string} */
            rule: "no_rota";
        } | {
            /**
             * Format: date
             * @description The Monday of the week.
             */
            monday: string;
            /** @enum {string} */
            rule: "no_week";
        } | {
            /**
             * Format: date
             * @description The Monday of the week.
             */
            monday: string;
            /** @enum {string} */
            rule: "week_assigned";
            /** @description Its kind. */
            week: string;
        } | {
            /**
             * Format: date
             * @description Where the turns are counted from.
             */
            anchor: string;
            /**
             * Format: date
             * @description The Monday of the week.
             */
            monday: string;
            /** @enum {string} */
            rule: "week_turn";
            /** @description Whether only weeks with school are counted. */
            school_weeks: boolean;
            /** @description Its kind. */
            week: string;
        } | {
            /**
             * Format: date
             * @description The date, for its day of the week.
             */
            date: string;
            day_type?: components["schemas"]["NamedDay"] | null;
            /** @enum {string} */
            rule: "week_day";
            /** @description The week's kind; `None` where there is only one. */
            week?: string | null;
        } | {
            /**
             * Format: date
             * @description A date that is day 1.
             */
            anchor: string;
            day_type?: components["schemas"]["NamedDay"] | null;
            /**
             * Format: int32
             * @description From 1 on.
             */
            number: number;
            /**
             * Format: int32
             * @description How many days the cycle has.
             */
            of: number;
            /** @enum {string} */
            rule: "cycle_day";
        } | {
            /**
             * Format: date
             * @description The date, for its day of the week.
             */
            date: string;
            /** @enum {string} */
            rule: "cycle_closed";
        } | {
            /** @description Which. */
            off: components["schemas"]["DayOff"];
            /** @enum {string} */
            rule: "day_off";
        } | {
            day_type?: components["schemas"]["NamedDay"] | null;
            /** @description Which entry. */
            entry: components["schemas"]["EntryName"];
            /** @enum {string} */
            rule: "entry";
        } | {
            /** @description Which one was meant. */
            day_type: string;
            /** @enum {string} */
            rule: "unknown_day_type";
        } | {
            /** @description Which entry. */
            entry: components["schemas"]["EntryName"];
            /** @description Which hours. */
            hours: components["schemas"]["Span"];
            /** @enum {string} */
            rule: "silent_hours";
        } | {
            /** @description From when on. */
            from: string;
            /** @description Where it is. */
            is: string;
            /**
             * Format: int32
             * @description By how many minutes.
             */
            minutes: number;
            /** @enum {string} */
            rule: "shifted";
            /** @description Where the bell was. */
            was: string;
        } | {
            /** @description Which hours. */
            hours: components["schemas"]["Span"];
            /** @enum {string} */
            rule: "muted";
        } | {
            /** @enum {string} */
            rule: "cancelled";
        } | {
            /** @enum {string} */
            rule: "added";
        } | {
            /** @description When it rings. */
            rings: string;
            /** @enum {string} */
            rule: "clock_skips";
            /** @description When it is written down. */
            written: string;
        } | {
            /** @enum {string} */
            rule: "clock_skips_day";
        } | {
            /** @enum {string} */
            rule: "clock_repeats";
        } | {
            /** @enum {string} */
            rule: "once";
        };
        /** @description Everything that decides when a bell rings by itself. */
        Schedule: components["schemas"]["Rota"] & {
            /** @description What is otherwise on single days and ranges of days. */
            calendar: components["schemas"]["Entry"][];
            /** @description What was changed for one date, in the order in which it was. */
            changes: components["schemas"]["Change"][];
            /** @description The kinds of days. */
            day_types: {
                [key: string]: components["schemas"]["DayType"];
            };
            /**
             * @description Where the school is, as far as days off go. Whoever knows days off reads it; here it is kept
             *     as it is written.
             */
            school: Record<string, never>;
            /**
             * @description The zone in which the school's hours are written: an IANA name, `Europe/Paris`.
             * @example Europe/Paris
             */
            time_zone: string;
        };
        /** @description Where a school is. */
        School: {
            /**
             * @description The code of the place whose school holidays it has; `null`: no day is off by itself.
             * @example zone-b
             */
            place?: string | null;
            /**
             * @description The code of the region whose public holidays it has; `null`: the place's.
             * @example alsace-moselle
             */
            region?: string | null;
            /**
             * @description The zone in which its hours are written: an IANA name. Absent in a PUT: it stays.
             * @example Europe/Paris
             */
            time_zone?: string | null;
        };
        /** @description When a PRONOTE was asked, and what came of it. */
        SchoolAsked: {
            /**
             * @description Where its pages are.
             * @example https://0123456a.index-education.net/pronote/
             */
            address: string;
            /**
             * Format: date-time
             * @description From when on it is asked again: until then, what it said counts.
             */
            again: string;
            /**
             * Format: date-time
             * @description When it was asked.
             */
            at: string;
            /** @description Why it said nothing; `null`: it did. */
            failed?: string | null;
        };
        /** @description Who is signed in. */
        Session: {
            /** @description `false` on a new box: `/api/claim` sets its first password. */
            claimed: boolean;
            /**
             * @description The user, or `null`.
             * @example admin
             */
            user?: string | null;
        };
        /** @description What ships with the program. */
        Shipped: {
            /**
             * Format: date
             * @description The day on which it was put together.
             */
            at: string;
            /** @description From what. */
            sources: components["schemas"]["Words"][];
        };
        /** @description A bell that rings. */
        ShownBell: {
            /** @description Whether a change of the day has added it. */
            added: boolean;
            /**
             * Format: date-time
             * @description The moment.
             */
            at: string;
            /**
             * Format: date
             * @description Its date.
             */
            date: string;
            /** @description Which bell of which date. */
            id: string;
            /** @description What it is for. May be empty. */
            label: string;
            /** @description The time at which it is written down: before any shift. */
            planned: string;
            /** @description The time on the wall. */
            time: string;
            /** @description What it rings. */
            trigger: string;
        };
        /** @description A day. */
        ShownDay: {
            /** @description Why. */
            because: components["schemas"]["Words"];
            /** @description The bells that ring, in order; none where they were not asked for. */
            bells: components["schemas"]["ShownBell"][];
            /** @description How many bells ring. */
            count: number;
            /**
             * Format: date
             * @description The date.
             */
            date: string;
            day_type?: components["schemas"]["NamedDay"] | null;
            /** @description The bells that are written down for it and do not ring. */
            silenced: components["schemas"]["ShownSilenced"][];
            week?: components["schemas"]["ShownWeek"] | null;
        };
        /** @description A file that counts. */
        ShownFile: {
            /**
             * @description Which form it has: `csv`, `json` or `ics`.
             * @example ics
             */
            form: string;
            /** @description Its name. */
            name: string;
            /** @description The places that it is of. */
            places: components["schemas"]["FileReach"][];
            /**
             * Format: date-time
             * @description When it came.
             */
            received: string;
            /** @description How it came: `uploaded` or `fetched`. */
            way: string;
        };
        /** @description A place, and until when its school holidays are known. */
        ShownPlace: {
            /** @description What people call it. */
            name: components["schemas"]["Words"];
            /**
             * @description Its code.
             * @example zone-b
             */
            place: string;
            /**
             * @description Whose public holidays it has.
             * @example metropole
             */
            region: string;
            source?: components["schemas"]["Words"] | null;
            /** @description Its time zone. */
            time_zone: string;
            /**
             * Format: date
             * @description The last day that its school holidays are known for.
             */
            until?: string | null;
        };
        /** @description A region. */
        ShownRegion: {
            /** @description What people call it. */
            name: components["schemas"]["Words"];
            /**
             * @description Its code.
             * @example alsace-moselle
             */
            region: string;
        };
        /** @description A bell that does not ring. */
        ShownSilenced: {
            /** @description What silences it. */
            because: components["schemas"]["Words"];
            /** @description What it is for. May be empty. */
            label: string;
            /** @description When it is written down. */
            planned: string;
            /** @description When it would ring. */
            time: string;
            /** @description What it would ring. */
            trigger: string;
        };
        /** @description The kind of a week. */
        ShownWeek: {
            /** @description Whether it was set by hand for this week. */
            assigned: boolean;
            /** @description What people call it: `A`. */
            name: string;
        };
        /** @description A bell that does not ring. */
        Silenced: {
            /** @description What it is for. May be empty. */
            label: string;
            /** @description When it is written down: before any shift. */
            planned: string;
            /** @description When it would ring by the clock on the wall. */
            time: string;
            /** @description What it would ring. */
            trigger: string;
            /** @description Why not: the day's chain, what was done to this bell, and last what silences it. */
            why: components["schemas"]["Step"][];
        };
        /** @description A file in the sound folder. */
        Sound: {
            /**
             * Format: int64
             * @description Its size.
             */
            bytes: number;
            /** @description Whether it distorts: samples running lie at full scale. */
            clips: boolean;
            /**
             * Format: double
             * @description How long it plays; `null` where it cannot be read.
             */
            duration_seconds?: number | null;
            /**
             * @description Its name.
             * @example bell.mp3
             */
            file: string;
            /**
             * Format: double
             * @description How loud all of it is (EBU R 128 integrated, in LUFS), at full volume; `null` where it is
             *     shorter than 0.4 s, silent, or cannot be read.
             * @example -16.2
             */
            loudness_lufs?: number | null;
            /**
             * Format: double
             * @description The highest sample, in dB of full scale; `null` where it is silent or cannot be read.
             * @example -1
             */
            peak_dbfs?: number | null;
            /** @description Why it cannot be read, or not to its end. */
            problem?: string | null;
            /** @description The triggers that play it. */
            used_by: string[];
        };
        /** @description What of a sound can be changed. */
        SoundPatch: {
            /**
             * @description Its new name, with the same ending.
             * @example recess.mp3
             */
            file: string;
        };
        /** @description A part of a day, by the clock on the wall. */
        Span: {
            /**
             * @description Its first moment.
             * @example 08:00
             */
            from: string;
            /**
             * @description The first moment after it; `null`: the day's end.
             * @example 12:00
             */
            to?: string | null;
        };
        /** @description One rule that spoke. A chain has them from the weakest to the strongest. */
        Step: components["schemas"]["Rule"] & {
            /** @description Whether it holds; `false` where a later one in the chain beats it. */
            holds: boolean;
        };
        /** @description How many playbacks were silenced. */
        Stopped: {
            stopped: number;
        };
        /** @description Where it is fetched from, and what came of it. */
        SubscriptionState: {
            address?: components["schemas"]["CalendarAddress"] | null;
            /** @description Whether it is being asked at this moment. */
            asking: boolean;
            last?: components["schemas"]["LastAsked"] | null;
            /**
             * Format: date-time
             * @description When it is asked next by itself.
             */
            next?: string | null;
        };
        /** @description A trigger as the file and the API write it. Keys that it does not know are kept as they are. */
        TriggerBody: {
            /**
             * Format: double
             * @description Where in the file to end, in seconds, after the start; `null` or past its end: at its end.
             * @example 10
             */
            end_seconds?: number | null;
            /**
             * @description The bare name of a file in the sound folder: mp3, wav, flac, ogg or m4a.
             * @example bell.mp3
             */
            music_file: string;
            /**
             * @description What people call it. The trigger's id where it is absent.
             * @example Bouton entree
             */
            name?: string;
            /**
             * Format: double
             * @description Where in the file to begin, in seconds.
             * @default 0
             * @example 2.5
             */
            start_seconds: number;
            /**
             * @description The line that fires it (`GPIO23`), or `api` where only a caller does. A line fires one
             *     trigger.
             * @example GPIO23
             */
            type: string;
            /**
             * Format: double
             * @description 0.0 (silent) to 1.0 (as recorded), linear.
             * @default 1
             * @example 0.8
             */
            volume: number;
        };
        /** @description How several kinds of weeks take turns. */
        Turn: {
            /** @enum {string} */
            rule: "assigned";
        } | {
            /**
             * Format: date
             * @description A Monday whose week is of the first kind.
             */
            anchor: string;
            /** @enum {string} */
            rule: "every_week";
        } | {
            /**
             * Format: date
             * @description A Monday whose week is of the first kind.
             */
            anchor: string;
            /** @enum {string} */
            rule: "school_weeks";
        };
        /** @description What was read of a file that was uploaded. */
        Uploaded: {
            /**
             * @description Which form it has: `csv`, `json` or `ics`.
             * @example ics
             */
            form: string;
            /** @description What was left out of it or put right, a sentence each. */
            notes: string[];
            /** @description What it has of each place. */
            places: components["schemas"]["ReadPlace"][];
        };
        /** @description A version of the tables. */
        Version: {
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            /** @description Who made it; `null` where it was found in conf.json. */
            by?: string | null;
            /** @description What for, in the user's words. */
            comment: string;
            /** @description Tells apart what differs in anything but the changes of single days. */
            digest: string;
            /**
             * Format: int64
             * @description Its number: the newest has the highest.
             */
            number: number;
        };
        /** @description A version with its tables. */
        VersionText: components["schemas"]["Version"] & {
            /** @description As the section `schedule` was. */
            schedule: components["schemas"]["Schedule"];
        };
        /** @description A kind of week. */
        WeekTemplate: {
            /**
             * @description The day type of each day from Monday on; `None`: no bells. Written as an object: `monday` …
             *     `sunday` → the day type's id.
             */
            days: {
                [key: string]: string;
            };
            /**
             * @description What people call it: `A`.
             * @example A
             */
            name: string;
        };
        /** @description Weeks of one kind, or of several that take turns. */
        Weeks: {
            /** @description Weeks whose kind was set by hand: Monday → name. They do not move the turns of the others. */
            assigned: {
                [key: string]: string;
            };
            /** @description The kinds of weeks, in the order in which they take turns; names differ. */
            templates: components["schemas"]["WeekTemplate"][];
            /** @description How they take turns. A single kind is every week's. */
            turn: components["schemas"]["Turn"];
        };
        /** @description A sentence, or a part of one, in both languages. */
        Words: {
            /** @description In English. */
            en: string;
            /** @description In French. */
            fr: string;
        };
        /** @description A bell as it is written down: the same on each day that it is for. */
        WrittenBell: {
            /**
             * @description What it is for: `Début des cours`. May be empty.
             * @example Début des cours
             */
            label: string;
            /**
             * Format: int32
             * @description How many seconds late it may still ring, after an outage say.
             * @default 60
             */
            late_seconds: number;
            /**
             * @description When, by the clock on the wall: `08:25`, or `08:25:30`.
             * @example 08:25
             */
            time: string;
            /**
             * @description What it rings. There may be no such trigger: then it is said, and nothing rings.
             * @example GPIO23
             */
            trigger: string;
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
    get_api_backup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": number[];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The sound folder holds more than a backup does */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_certificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The certificate that is served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CertificateFacts"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_certificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCertificate"];
            };
        };
        responses: {
            /** @description It is served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Installed"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The certificate or the key cannot be used; the field says which */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_certificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The box's own is served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CertificateFacts"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_certificate_pem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The chain (PEM) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-pem-file": string;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_claim: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            /** @description It is yours, and you are signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The box has a password already, or conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The code or the password is wrong */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts at once */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events: status, playback, line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many listen already */
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
    get_api_feed__secret_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description iCalendar (RFC 5545) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description There is no such feed */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_gateway: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the gateway fares */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayHealth"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the box fares */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    get_api_journal: {
        parameters: {
            query?: {
                /** @description At most so many */
                limit?: number;
                /** @description Only those before the playback of this number */
                before?: number;
                /** @description Only those of this trigger */
                trigger?: string;
                /** @description Only those for this cause: line, serial, api, cli, schedule */
                cause?: string;
                /** @description Only those that ended so: playing, played, replaced, stopped, failed, missed, interrupted */
                outcome?: string;
                /** @description Not before this day (of the box) or moment (RFC 3339) */
                from?: string;
                /** @description Up to the end of this day, or before this moment */
                to?: string;
                /** @description Only those with this text in the name of the trigger, sound, line or user */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What rang, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalEntry"][];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_journal_csv: {
        parameters: {
            query?: {
                /** @description en or fr */
                language?: string;
                /** @description As for the journal */
                trigger?: string;
                /** @description As for the journal */
                cause?: string;
                /** @description As for the journal */
                outcome?: string;
                /** @description As for the journal */
                from?: string;
                /** @description As for the journal */
                to?: string;
                /** @description As for the journal */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description RFC 4180, UTF-8 with its mark */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_lines: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each line that is watched */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"][];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description The new one counts */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The current password is wrong, or the new one too short */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts at once */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_play__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It rings */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such trigger */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Its sound is missing or unreadable */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no sound output */
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
    post_api_play__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It rings */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such trigger */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Its sound is missing or unreadable */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no sound output */
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
    post_api_reload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it says is in force */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be read; what was in force stays */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_restore: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/gzip": number[];
            };
        };
        responses: {
            /** @description In force; what was left out is told */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing more came for 10 s */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is compressed in another way on top */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is damaged, or no backup */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Uploads or another restore are under way */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tables; their `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule: {
        parameters: {
            query?: {
                /** @description What for, kept with the version: 500 letters at most */
                comment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Schedule"];
            };
        };
        responses: {
            /** @description The tables in force now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The body is not JSON, or the comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed them since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in it is wrong; `field` says where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its entries; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"][];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_calendar: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Entry"][];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"][];
                };
            };
            /** @description The body is not JSON, or the comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_changes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamedChange"][];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_changes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description Changed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamedChange"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_schedule_changes__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_day_types: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description id → day type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["DayType"];
                    };
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_day_types__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The day type; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayType"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_day_types__id_: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DayType"];
            };
        };
        responses: {
            /** @description Replaced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayType"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayType"];
                };
            };
            /** @description The body is not JSON, or the comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since, or it exists */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_schedule_day_types__id_: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A week or the calendar has it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_diff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Schedule"];
            };
        };
        responses: {
            /** @description What differs from the tables in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Difference"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in it is wrong; `field` says where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_explain: {
        parameters: {
            query?: {
                /** @description A time of the school (2026-11-09T08:25) or a moment (2026-11-09T07:25:00Z); now where none is given */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explained"];
                };
            };
            /** @description The parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_feed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether there is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedState"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_feed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its address, told this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewFeed"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_schedule_feed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody reads it any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/calendar": string;
            };
        };
        responses: {
            /** @description Its events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedEvents"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing more came for 10 s */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is compressed */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is no calendar */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_official: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Official"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_official_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was asked: `last` says what came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionState"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No address is set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was asked less than a minute ago */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_official_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description From where; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionState"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_official_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarAddress"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionState"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The box does not go to that address; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_schedule_official_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is fetched */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_official_upload: {
        parameters: {
            query?: {
                /** @description Its name, by which days say where they are from */
                name?: string;
                /** @description The code of the place of an iCalendar file that names none */
                place?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description What was read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing more came for 10 s */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is compressed */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is no official file that can be read */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other uploads are under way */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_schedule_official_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_places: {
        parameters: {
            query?: {
                /** @description A postal code, a department or an academy: which place it is in */
                of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The places */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Places"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_preview: {
        parameters: {
            query?: {
                /** @description The first day (2026-09-01); today where none is given */
                from?: string;
                /** @description So many days; 30 where none is given */
                days?: number;
                /** @description no: only how many there are */
                bells?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_proposal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalSource"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_proposal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalQuestion"];
            };
        };
        responses: {
            /** @description The proposal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposedTables"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong, or the address may not be reached; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The school wants to be left alone for now; `Retry-After` says for how long */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The school's PRONOTE cannot be reached, or answers nonsense */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The gateway to PRONOTE is off, or stops */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The school's PRONOTE does not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_school: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it is; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["School"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_school: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["School"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["School"];
                };
            };
            /** @description The body is not JSON, or the comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such place, region or zone; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_versions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedVersion"][];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_versions__number_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionText"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_schedule_versions__number__restore: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tables in force now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed the tables since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not right any more */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_schedule_weeks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One of the keys `weeks` and `cycle`; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rota"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_schedule_weeks: {
        parameters: {
            query?: {
                /** @description What for */
                comment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rota"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rota"];
                };
            };
            /** @description The body is not JSON, or the comment is too long */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    post_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Signed in; the cookie says so from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is missing */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts at once */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_sounds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sounds, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sound"][];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_sounds__file_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": number[];
                };
            };
            /** @description The range that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": unknown;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is shorter */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_sounds__file_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description Replaced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sound"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sound"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing more came for 10 s */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has replaced it since, or it exists */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description That is no kind of sound that can be played */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be decoded, or is misnamed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other uploads are under way */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_sounds__file_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Triggers play it; they are named */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has replaced it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_api_sounds__file_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["SoundPatch"];
            };
        };
        responses: {
            /** @description The sound as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sound"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description That name is taken, or conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has replaced it since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description That is no name for it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_sounds__file__play: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Audition"];
            };
        };
        responses: {
            /** @description It rings */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no sound output */
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
    get_api_stop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many playbacks were silenced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stopped"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_stop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many playbacks were silenced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stopped"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of another site asked for it */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_triggers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description id → trigger */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["TriggerBody"];
                    };
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_triggers__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trigger; its `ETag` is for `If-Match` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerBody"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_api_triggers__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TriggerBody"];
            };
        };
        responses: {
            /** @description Replaced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerBody"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerBody"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since, or it exists */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_triggers__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since, or it exists */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_api_triggers__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description The trigger as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerBody"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conf.json is being edited by hand */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody has changed it since, or it exists */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body says that it is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field is wrong; `field` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full or read-only */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                };
            };
            /** @description The user name or the password is missing or wrong */
            401: {
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
