// Made by npm run types.
export interface paths {
    "/staff/check-ins/{check_in_id}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes an entry: its seats are not checked in any more. It stays in the history. */
        post: operations["void_check_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events/{event_id}/check-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries since the last time, for devices that keep up. */
        get: operations["list_check_ins"];
        put?: never;
        /**
         * Lets people in by code or QR code. Wrong codes are counted against the key, together with those of
         *     look-ups; entry tokens are not limited.
         */
        post: operations["make_check_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events/{event_id}/check-ins/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes what a device did while it was offline. An item that is wrong keeps no other out; sending a batch
         *     again changes nothing.
         */
        post: operations["take_check_ins"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events/{event_id}/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The reservation that has a code. Wrong codes are counted against the key: after 20 in a minute nothing is
         *     looked up for a while.
         */
        post: operations["look_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events/{event_id}/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a device needs to go on without a network, signed. */
        get: operations["show_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events/{event_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who came in so far. Entries that were undone, and conflicts, do not count. */
        get: operations["show_door_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose key it is, and what it is for. */
        get: operations["show_session"];
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
        /** @description What became of each. */
        BatchAnswerBody: {
            /** @description In the order of the request. */
            items: components["schemas"]["ItemAnswer"][];
        };
        /** @description What a device did while it was offline. */
        BatchRequest: {
            /** @description In the order in which it was done. Each needs `nonce` and `occurred_at`. */
            items: components["schemas"]["CheckInBody"][];
        };
        /** @description What the door does now. */
        CheckInAnswerBody: {
            /** @description The seats that come in now. */
            admitted: components["schemas"]["Seat"][];
            /**
             * Format: uuid
             * @description The entry made; null where none was.
             */
            check_in_id?: string | null;
            /** @description The reservation's entries, oldest first. */
            history: components["schemas"]["Entry"][];
            outcome: components["schemas"]["Outcome"];
            /** @description The seats of the reservation that have not come in yet. */
            remaining: components["schemas"]["Seat"][];
        };
        /** @description Somebody at the door. */
        CheckInBody: {
            /**
             * @description The code that they say, with its leading zeros; or `entry_token`.
             * @example 0427
             */
            code?: string | null;
            /** @description The content of the QR code on their ticket; or `code`. */
            entry_token?: string | null;
            /**
             * @description Where.
             * @example North
             */
            gate?: string | null;
            /** @description Chosen by the device, unique in the event: the same again gives the same answer. */
            nonce?: string | null;
            occurred_at?: components["schemas"]["Utc"] | null;
            /** @description The ids of the seats to let in; without it all that remain. */
            seats?: string[] | null;
        };
        /** @description What happened at the door. */
        CheckIns: {
            /**
             * @description Entries made or undone, in the order in which they became known, each as it is now: an entry that is
             *     undone comes a second time.
             */
            items: components["schemas"]["ListedEntry"][];
            /** @description Where to go on, now or later: never null. */
            next_cursor: string;
        };
        /** @description An entry at the door. */
        Entry: {
            /** @description When; for a device that was offline, by its own clock. */
            at: components["schemas"]["Utc"];
            /**
             * Format: uuid
             * @description Its id.
             */
            check_in_id: string;
            /** @description Whether these seats had been let in elsewhere already. */
            conflict: boolean;
            /** @description Where. */
            gate?: string | null;
            /** @description The seats that came in with it. */
            seats: components["schemas"]["Seat"][];
            voided_at?: components["schemas"]["Utc"] | null;
        };
        /** @description A reservation as the door sees it. */
        FoundReservation: {
            /**
             * @description All but the first and the last character masked, of two the second.
             * @example J*****h
             */
            buyer_name: string;
            /** @description With its leading zeros. */
            code: string;
            confirmed_at: components["schemas"]["Utc"];
            /** @description Its entries at the door, oldest first. */
            history: components["schemas"]["Entry"][];
            /** Format: uuid */
            reservation_id: string;
            seats: components["schemas"]["FoundSeat"][];
            /** @description `confirmed`, `cancelled` or `checked_in`. */
            state: string;
        };
        /** @description A seat of a reservation, and whether somebody sits there. */
        FoundSeat: components["schemas"]["Seat"] & {
            /** @description Whether it has been let in. */
            checked_in: boolean;
        };
        /** @description Seats let in at one gate. */
        GateStats: {
            /** Format: int32 */
            admitted: number;
            /** @description Null: entries that named none. */
            gate?: string | null;
        };
        /** @description What became of one. */
        ItemAnswer: components["schemas"]["Taken"] | components["schemas"]["Problem"];
        /** @description An entry at the door, and whose it is. */
        ListedEntry: components["schemas"]["Entry"] & {
            /** Format: uuid */
            reservation_id: string;
        };
        /** @description The code that a visitor says. */
        LookUpRequest: {
            /**
             * @description With its leading zeros.
             * @example 0427
             */
            code: string;
        };
        /**
         * @description What a device needs to go on without a network. A salted hash is SHA-256 over the 16 bytes of the salt
         *     followed by the text.
         */
        Manifest: {
            /**
             * Format: int32
             * @description How many digits the event's codes have.
             */
            code_digits: number;
            event_id: string;
            /**
             * @description The number of the event in its entry tokens: 16 hexadecimal digits.
             * @example 0123456789abcdef
             */
            event_uid: string;
            /** @description The key that entry tokens and this manifest are signed with: Ed25519, 32 bytes in base64url. */
            public_key: string;
            /** @description In the order of confirming, cancelled ones too. Where a code stands twice, the later reservation has it. */
            reservations: components["schemas"]["ManifestReservation"][];
            /** @description 32 hexadecimal digits; the same as long as the event lives. */
            salt: string;
        };
        /** @description What a device needs to know of one reservation: no names. */
        ManifestReservation: {
            /** @description The ids of the seats that are in. */
            checked_in: string[];
            /** @description Salted hash of the code with its leading zeros, in hexadecimal. */
            code_hash: string;
            /** @description Salted hash of the reservation's id as the entry token names it: 36 characters, lower case, in hexadecimal. */
            reservation_id_hash: string;
            /** @description The ids of its seats. */
            seats: string[];
            /** @description `confirmed`, `cancelled` or `checked_in`. */
            state: string;
        };
        /** @description Seats let in within one minute. */
        MinuteStats: {
            /** Format: int32 */
            admitted: number;
            /** @description Its start. */
            minute: components["schemas"]["Utc"];
        };
        /**
         * @description How it ended.
         * @enum {string}
         */
        Outcome: "admitted" | "already_admitted" | "cancelled" | "conflict";
        /** @description How a problem looks in `OpenAPI`. */
        Problem: {
            /** @description The stable code. */
            code: string;
            /** @description What happened and what to do. */
            detail: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The code in words. */
            title: string;
            /**
             * @description `/problems/<code>`.
             * @example /problems/not_found
             */
            type: string;
        };
        /** @description Where a seat is. */
        Seat: {
            /** @description Its category. */
            category: string;
            /** @description The number on it. */
            number: string;
            /** @description Its row. */
            row: string;
            /**
             * @description Its id in the map.
             * @example RS-F-12
             */
            seat_id: string;
            /** @description Its section. */
            section: string;
        };
        /** @description Whose key it is, and what it is for. */
        Session: {
            /** @description The events it is for. */
            events: components["schemas"]["SessionEvent"][];
            /**
             * @description Whose key it is.
             * @example North gate
             */
            name: string;
        };
        /** @description An event that a key is for. */
        SessionEvent: {
            /**
             * Format: int32
             * @description How many digits its codes have; null in a draft that does not say yet.
             */
            code_digits?: number | null;
            event_id: string;
            name: string;
            starts_at: components["schemas"]["Utc"];
        };
        /**
         * @description What a device needs to go on without a network, and proof of where it comes from.
         *
         *     `signature` is Ed25519 over `"jari manifest\n"` followed by `manifest` as canonical JSON (RFC 8785: members
         *     sorted by name, no spaces), in UTF-8; its bytes are the ones in this body. The key is `public_key`.
         */
        SignedManifest: {
            manifest: components["schemas"]["Manifest"];
            /** @description Base64url without padding. */
            signature: string;
        };
        /** @description Who came in so far. */
        Stats: {
            /**
             * Format: int32
             * @description Seats let in.
             */
            admitted_seats: number;
            /**
             * Format: int32
             * @description Seats sold.
             */
            confirmed_seats: number;
            /** @description Seats let in by gate. */
            gates: components["schemas"]["GateStats"][];
            /** @description Seats let in by minute, of the last hour, oldest first; minutes without any are left out. */
            last_minutes: components["schemas"]["MinuteStats"][];
        };
        /** @description An item that is known now. */
        Taken: components["schemas"]["CheckInAnswerBody"] & {
            /** @description The item's. */
            nonce: string;
        };
        /**
         * Format: date-time
         * @example 2026-11-23T06:36:41.123Z
         */
        Utc: string;
        /** @description Why an entry is undone. */
        VoidRequest: {
            /**
             * @description Kept in the record of who did what: leave names out.
             * @example scanned the wrong ticket
             */
            reason: string;
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
    void_check_in: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                check_in_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
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
    list_check_ins: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the last answer; without it from the first entry on. */
                since?: string;
                /** @description The same as `since`. */
                cursor?: string;
                /** @description How many items at most: 1–1000, 100 if nothing is said. */
                limit?: string;
            };
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckIns"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
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
    make_check_in: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckInBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInAnswerBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
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
    take_check_ins: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswerBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
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
    look_up: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookUpRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundReservation"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
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
    show_manifest: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string | null;
            };
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedManifest"];
                };
            };
            /** @description Not Modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
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
    show_door_stats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
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
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
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
}
