// Made by npm run types.
export interface paths {
    "/api/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first. */
        get: operations["admin_audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All events, drafts too, by id. */
        get: operations["admin_list_events"];
        put?: never;
        /** Makes an event, as a draft. */
        post: operations["admin_create_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event, drafts too. */
        get: operations["admin_show_event"];
        put?: never;
        post?: never;
        /** Throws a draft away. */
        delete: operations["admin_delete_event"];
        options?: never;
        head?: never;
        /** Changes some fields; null clears an optional one. */
        patch: operations["admin_change_event"];
        trace?: never;
    };
    "/api/admin/events/{event_id}/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Takes seats off sale and puts others on sale again, all or none. */
        put: operations["admin_blocks_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the sale for good. */
        post: operations["admin_lifecycle_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The seat map of any event, drafts too. */
        get: operations["admin_show_map"];
        /** Imports a seat map: a pretix seating plan, a CSV of row ranges, or this API's own JSON. */
        put: operations["admin_import_map"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes the event. */
        post: operations["admin_lifecycle_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops holds and admissions for now. */
        post: operations["admin_lifecycle_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reservations, in the order of confirming. */
        get: operations["admin_list_reservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/reservations.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All reservations as CSV, one line a seat, sent as it is read. */
        get: operations["admin_list_reservations_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Goes on after a pause. */
        post: operations["admin_lifecycle_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The figures of a sale. */
        get: operations["admin_stats_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/events/{event_id}/stats/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same, once a second. */
        get: operations["admin_stats_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/reservations/{reservation_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The operator cancels a reservation, also one that was used at the door. */
        post: operations["admin_cancel_reservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/reservations/{reservation_id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issues a new receipt; the old one ends. */
        post: operations["admin_reissue_receipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/staff-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys, without the keys themselves. */
        get: operations["admin_staff_keys_list"];
        put?: never;
        /** Makes a key; it is shown this once. */
        post: operations["admin_staff_keys_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/staff-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraws a key. Repeating it changes nothing. */
        delete: operations["admin_staff_keys_remove"];
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
        /** The published events, by id. */
        get: operations["events_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One published event. */
        get: operations["events_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which seats are free, held, sold or blocked. */
        get: operations["availability_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/availability/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as they happen: the whole state first, or what is new since `since` or `Last-Event-ID`. */
        get: operations["availability_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Holds seats, all or none, for whoever shows a pass. */
        post: operations["holds_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/holds/{hold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hold, for whoever shows its token. */
        get: operations["holds_show"];
        put?: never;
        post?: never;
        /** Gives a hold back. Repeating it changes nothing. */
        delete: operations["holds_release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The seat map of a published event. */
        get: operations["events_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{event_id}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turns a hold into a reservation, exactly once; answered after it is durable. */
        post: operations["reservations_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{reservation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A reservation, for whoever shows its receipt. */
        get: operations["reservations_show"];
        put?: never;
        post?: never;
        /** The buyer cancels; the seats are free again. Repeating it changes nothing. */
        delete: operations["reservations_cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{reservation_id}/ticket.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ticket to print. */
        get: operations["reservations_ticket_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{reservation_id}/ticket.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ticket to show on a screen. */
        get: operations["reservations_ticket_svg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server's time, never cached. */
        get: operations["server_time"];
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
        /** @description A new key. */
        AddRequest: {
            event_ids: string[];
            name: string;
        };
        /** @description An event as operators see it. */
        AdminEventBody: components["schemas"]["EventBody"] & {
            /** @description The event's own prices by category, in minor units; they win over prices in the map. */
            prices: {
                [key: string]: number;
            };
            queue: components["schemas"]["QueueBody"];
        };
        /** @description Who did what. */
        AuditBody: {
            /** @example event.open */
            action: string;
            at: components["schemas"]["Utc"];
            detail?: string | null;
            event_id?: string | null;
            /** @description `operator`, or the staff key. */
            who: string;
        };
        /** @description A page of the record. */
        AuditList: {
            items: components["schemas"]["AuditBody"][];
            next_cursor?: string | null;
        };
        /** @description The states of all seats. */
        Availability: {
            /** Format: int32 */
            blocked: number;
            /** Format: int32 */
            free: number;
            full: boolean;
            /** Format: int32 */
            held: number;
            map_version: string;
            /** Format: int32 */
            seats_total: number;
            /** Format: int32 */
            sold: number;
            /** @description Base64 of two bits a seat by index, four seats a byte, lowest bits first: 0 free, 1 held, 2 sold, 3 blocked. */
            states: string;
            /** Format: int64 */
            version: number;
        };
        /** @description The best seats next to each other. */
        BestAvailable: {
            /** @description Accessible seats, and only those. */
            accessible?: boolean | null;
            category?: string | null;
            /** Format: int32 */
            quantity: number;
            section?: string | null;
        };
        /** @description How many are blocked and free now. */
        BlocksBody: {
            /** Format: int32 */
            blocked: number;
            /** Format: int32 */
            free: number;
        };
        /** @description Seats to take off sale, and seats to put on sale again. */
        BlocksRequest: {
            block?: string[] | null;
            unblock?: string[] | null;
        };
        /** @description Who bought. */
        BuyerBody: {
            contact: string;
            name: string;
        };
        /** @description Who buys. */
        BuyerRequest: {
            contact: string;
            name: string;
        };
        /** @description Why it is cancelled. */
        CancelRequest: {
            reason: string;
        };
        /** @description What changed since a version. */
        ChangesBody: {
            /** @description Index and state of each seat that changed. */
            changes: [
                number,
                number
            ][];
            full: boolean;
            map_version: string;
            /** Format: int64 */
            since: number;
            /** Format: int64 */
            version: number;
        };
        /** @description What is bought, and by whom. */
        ConfirmRequest: {
            buyer: components["schemas"]["BuyerRequest"];
            hold_token: string;
        };
        /** @description An event as everyone sees it. */
        EventBody: {
            /**
             * Format: int32
             * @description Digits of the reservation codes; null in a draft while it is open.
             */
            code_digits?: number | null;
            /** @description ISO 4217. */
            currency: string;
            description?: string | null;
            event_id: string;
            /** Format: int32 */
            hold_seconds: number;
            /** @description The version of the seat map, if there is one yet. */
            map_version?: string | null;
            /** Format: int32 */
            max_seats_per_buyer: number;
            name: string;
            sale_closes_at?: components["schemas"]["Utc"] | null;
            sale_opens_at?: components["schemas"]["Utc"] | null;
            /**
             * Format: int32
             * @description Seats that are free.
             */
            seats_left: number;
            /** Format: int32 */
            seats_total: number;
            starts_at: components["schemas"]["Utc"];
            /** @description `draft` (operators only), `scheduled`, `on_sale`, `sold_out`, `paused` or `closed`. */
            state: string;
            /** @example Asia/Seoul */
            time_zone: string;
            venue: string;
        };
        /** @description The fields of an event: all of them when one is made, some of them when one is changed. */
        EventForm: {
            /** Format: int32 */
            code_digits?: number | null;
            /** @example KRW */
            currency?: string | null;
            description?: string | null;
            /** @example spring-gala */
            event_id?: string | null;
            /**
             * Format: int32
             * @default 300
             */
            hold_seconds: number | null;
            /**
             * Format: int32
             * @default 4
             */
            max_seats_per_buyer: number | null;
            name?: string | null;
            prices?: {
                [key: string]: number;
            } | null;
            queue?: components["schemas"]["QueueForm"] | null;
            sale_closes_at?: components["schemas"]["Utc"] | null;
            sale_opens_at?: components["schemas"]["Utc"] | null;
            starts_at?: components["schemas"]["Utc"] | null;
            /** @default Asia/Seoul */
            time_zone: string | null;
            venue?: string | null;
        };
        /** @description A page of events. */
        EventList_AdminEventBody: {
            items: (components["schemas"]["EventBody"] & {
                /** @description The event's own prices by category, in minor units; they win over prices in the map. */
                prices: {
                    [key: string]: number;
                };
                queue: components["schemas"]["QueueBody"];
            })[];
            next_cursor?: string | null;
        };
        /** @description A page of events. */
        EventList_EventBody: {
            items: {
                /**
                 * Format: int32
                 * @description Digits of the reservation codes; null in a draft while it is open.
                 */
                code_digits?: number | null;
                /** @description ISO 4217. */
                currency: string;
                description?: string | null;
                event_id: string;
                /** Format: int32 */
                hold_seconds: number;
                /** @description The version of the seat map, if there is one yet. */
                map_version?: string | null;
                /** Format: int32 */
                max_seats_per_buyer: number;
                name: string;
                sale_closes_at?: components["schemas"]["Utc"] | null;
                sale_opens_at?: components["schemas"]["Utc"] | null;
                /**
                 * Format: int32
                 * @description Seats that are free.
                 */
                seats_left: number;
                /** Format: int32 */
                seats_total: number;
                starts_at: components["schemas"]["Utc"];
                /** @description `draft` (operators only), `scheduled`, `on_sale`, `sold_out`, `paused` or `closed`. */
                state: string;
                /** @example Asia/Seoul */
                time_zone: string;
                venue: string;
            }[];
            next_cursor?: string | null;
        };
        /** @description A hold. */
        HoldBody: {
            currency: string;
            event_id: string;
            expires_at: components["schemas"]["Utc"];
            /** Format: int64 */
            expires_in_seconds: number;
            hold_id: string;
            hold_token: string;
            seats: components["schemas"]["SeatLine"][];
            server_time: components["schemas"]["Utc"];
            /**
             * Format: int64
             * @description Minor units.
             */
            total: number;
        };
        /** @description What became of the file. */
        ImportBody: {
            map?: Record<string, never> | null;
            /** @description The version of the map; with `dry_run` the one that it would have. */
            map_version?: string | null;
            problems: ({
                /** @enum {string} */
                severity: "error" | "warning";
                what: string;
                where: {
                    line?: number;
                    path?: string;
                    seat_id?: string;
                };
            } & ({
                /** @enum {string} */
                code: "not_utf8";
            } | {
                /** @enum {string} */
                code: "not_json";
                values: {
                    reason: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_csv";
            } | {
                /** @enum {string} */
                code: "not_an_object";
                values: {
                    found: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_list";
                values: {
                    found: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_text";
                values: {
                    found: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_number";
                values: {
                    found: string | number;
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_flag";
                values: {
                    found: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_price";
                values: {
                    found: string | number;
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_size";
            } | {
                /** @enum {string} */
                code: "not_positions";
            } | {
                /** @enum {string} */
                code: "not_a_color";
                values: {
                    color: string | number;
                };
            } | {
                /** @enum {string} */
                code: "field_missing";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "field_unknown";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "name_empty";
                values: {
                    whose: string | number;
                };
            } | {
                /** @enum {string} */
                code: "name_too_long";
                values: {
                    most: string | number;
                    text: string | number;
                    whose: string | number;
                };
            } | {
                /** @enum {string} */
                code: "name_unprintable";
                values: {
                    text: string | number;
                    whose: string | number;
                };
            } | {
                /** @enum {string} */
                code: "category_twice";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "category_with_two_prices";
                values: {
                    first: string | number;
                    name: string | number;
                    other: string | number;
                };
            } | {
                /** @enum {string} */
                code: "category_without_price";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "category_without_seats";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "category_unknown";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "accessible_category_unknown";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "section_twice";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "section_without_seats";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "zone_nameless";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "no_seats";
            } | {
                /** @enum {string} */
                code: "not_a_seat_id";
            } | {
                /** @enum {string} */
                code: "seat_id_twice";
            } | {
                /** @enum {string} */
                code: "seat_id_on_two_lines";
                values: {
                    first_line: string | number;
                };
            } | {
                /** @enum {string} */
                code: "seat_without_category";
            } | {
                /** @enum {string} */
                code: "seat_without_position";
            } | {
                /** @enum {string} */
                code: "some_without_position";
            } | {
                /** @enum {string} */
                code: "half_a_position";
            } | {
                /** @enum {string} */
                code: "same_place";
                values: {
                    other: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_seats";
                values: {
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_seats_in_row";
                values: {
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_sections";
                values: {
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_categories";
                values: {
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_shapes";
                values: {
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "size_without_positions";
            } | {
                /** @enum {string} */
                code: "size_enlarged";
            } | {
                /** @enum {string} */
                code: "out_of_sight";
            } | {
                /** @enum {string} */
                code: "shape_unknown";
                values: {
                    shape: string | number;
                };
            } | {
                /** @enum {string} */
                code: "too_many_columns";
                values: {
                    count: string | number;
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "column_missing";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "seat_column_missing";
            } | {
                /** @enum {string} */
                code: "seat_column_twice";
            } | {
                /** @enum {string} */
                code: "position_column_missing";
            } | {
                /** @enum {string} */
                code: "positions_of_ranges";
            } | {
                /** @enum {string} */
                code: "column_twice";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_commas";
            } | {
                /** @enum {string} */
                code: "column_unknown";
                values: {
                    name: string | number;
                };
            } | {
                /** @enum {string} */
                code: "line_too_short";
                values: {
                    count: string | number;
                    wanted: string | number;
                };
            } | {
                /** @enum {string} */
                code: "line_too_long";
                values: {
                    count: string | number;
                    wanted: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_accessible";
                values: {
                    found: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_position";
                values: {
                    found: string | number;
                    most: string | number;
                };
            } | {
                /** @enum {string} */
                code: "range_missing";
                values: {
                    text: string | number;
                };
            } | {
                /** @enum {string} */
                code: "not_a_range";
                values: {
                    text: string | number;
                };
            } | {
                /** @enum {string} */
                code: "range_downwards";
                values: {
                    text: string | number;
                };
            } | {
                /** @enum {string} */
                code: "range_too_long";
                values: {
                    most: string | number;
                    text: string | number;
                };
            } | {
                /** @enum {string} */
                code: "more";
                values: {
                    left: string | number;
                };
            }))[];
            seats_total: number;
            /** @description How many sections there are. */
            sections: number;
        };
        /** @description A reservation as operators see it. */
        ListedBody: {
            buyer: components["schemas"]["BuyerBody"];
            code: string;
            confirmed_at: components["schemas"]["Utc"];
            currency: string;
            event_id: string;
            reservation_id: string;
            seats: components["schemas"]["SeatLine"][];
            state: string;
            /** Format: int64 */
            total: number;
        };
        /** @description The seat map. Seats are numbered 0, 1, 2 … in the order in which they stand here: that is a seat's index. */
        MapBody: {
            categories: unknown[];
            /** @description Where one looks: the stage, the pitch. */
            focus: unknown;
            map_version: string;
            name: string;
            sections: unknown[];
            shapes: unknown[];
            size: unknown;
        };
        /** @description One minute. */
        MinuteFigures: {
            /** Format: int32 */
            admitted: number;
            /** Format: int32 */
            cancelled: number;
            /** Format: int32 */
            confirmed: number;
            /** Format: int32 */
            entered: number;
            /** Format: int32 */
            held: number;
            minute: components["schemas"]["Utc"];
        };
        /** @description A message for those who wait. */
        PauseRequest: {
            message?: string | null;
        };
        /** @description Which seats are wanted: either by id, or the best ones together. */
        PlaceRequest: {
            best_available?: components["schemas"]["BestAvailable"] | null;
            seats?: string[] | null;
        };
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
        /** @description How the line lets people in. */
        QueueBody: {
            /** Format: int32 */
            capacity: number;
            /** Format: int32 */
            max_admitted_per_second: number;
            /** Format: int32 */
            pass_seconds: number;
        };
        /** @description The line. */
        QueueFigures: {
            /** Format: int64 */
            admitted: number;
            /** Format: int32 */
            admitted_per_minute: number;
            /** Format: int32 */
            capacity: number;
            /** Format: int64 */
            parked: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description How the line lets people in. */
        QueueForm: {
            /**
             * Format: int32
             * @default 100
             */
            capacity: number | null;
            /**
             * Format: int32
             * @default 50
             */
            max_admitted_per_second: number | null;
            /**
             * Format: int32
             * @default 600
             */
            pass_seconds: number | null;
        };
        /** @description The new receipt. */
        ReceiptBody: {
            receipt_token: string;
        };
        /** @description A reservation. */
        ReservationBody: {
            buyer: components["schemas"]["BuyerBody"];
            /**
             * @description With its leading zeros.
             * @example 0427
             */
            code: string;
            confirmed_at: components["schemas"]["Utc"];
            currency: string;
            /** @description The content of the QR code. */
            entry_token: string;
            event_id: string;
            receipt_token: string;
            reservation_id: string;
            seats: components["schemas"]["SeatLine"][];
            /** @description `confirmed`, `cancelled` or `checked_in`. */
            state: string;
            /**
             * Format: int64
             * @description Minor units.
             */
            total: number;
        };
        /** @description A page of reservations. */
        ReservationList: {
            items: components["schemas"]["ListedBody"][];
            next_cursor?: string | null;
        };
        /** @description The seats. */
        SeatFigures: {
            /** Format: int32 */
            blocked: number;
            /** Format: int32 */
            free: number;
            /** Format: int32 */
            held: number;
            /** Format: int32 */
            sold: number;
        };
        /** @description A seat of a hold or a reservation. */
        SeatLine: {
            /** @description Its category. */
            category: string;
            /** @description The number on it. */
            number: string;
            /**
             * Format: int64
             * @description What it costs, in minor units.
             */
            price: number;
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
        /** @description The server's clock. */
        ServerTime: {
            server_time: components["schemas"]["Utc"];
        };
        /** @description What an operator is shown of a service. */
        ServiceFigures: {
            /**
             * Format: double
             * @description Requests a second that were answered with a 5xx.
             */
            errors_per_second: number;
            /** @description The service's name. */
            name: string;
            /**
             * Format: double
             * @description Half of the requests took no longer, in milliseconds.
             */
            p50_ms: number;
            /**
             * Format: double
             * @description 99 of 100 requests took no longer, in milliseconds.
             */
            p99_ms: number;
            /**
             * Format: double
             * @description Requests a second.
             */
            requests_per_second: number;
        };
        /** @description A hold and what became of it. */
        ShownHold: components["schemas"]["HoldBody"] & {
            reservation_id?: string | null;
            /** @description `held`, `confirmed`, `released` or `expired`. */
            state: string;
        };
        /** @description A staff key; the key itself only in the answer that makes it. */
        StaffKeyBody: {
            event_ids: string[];
            id: string;
            key?: string | null;
            name: string;
        };
        /** @description A page of keys. */
        StaffKeyList: {
            items: components["schemas"]["StaffKeyBody"][];
            next_cursor?: string | null;
        };
        /** @description The figures of a sale. */
        StatsBody: {
            currency: string;
            per_minute: components["schemas"]["MinuteFigures"][];
            queue: components["schemas"]["QueueFigures"];
            /**
             * Format: int64
             * @description Minor units, without what was cancelled.
             */
            revenue: number;
            seats: components["schemas"]["SeatFigures"];
            services: components["schemas"]["ServiceFigures"][];
        };
        /**
         * Format: date-time
         * @example 2026-11-23T06:36:41.123Z
         */
        Utc: string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    admin_audit_list: {
        parameters: {
            query?: {
                /** @description How many items at most: 1–1000, 100 if nothing is said. */
                limit?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["AuditList"];
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
    admin_list_events: {
        parameters: {
            query?: {
                /** @description How many items at most: 1–1000, 100 if nothing is said. */
                limit?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["EventList_AdminEventBody"];
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
    admin_create_event: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_show_event: {
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
                    "application/json": components["schemas"]["AdminEventBody"];
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
    admin_delete_event: {
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
            /** @description No Content */
            204: {
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
            /** @description Conflict */
            409: {
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
    admin_change_event: {
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
                "application/json": components["schemas"]["EventForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_blocks_set: {
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
                "application/json": components["schemas"]["BlocksRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlocksBody"];
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
            /** @description Conflict */
            409: {
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
    admin_lifecycle_close: {
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
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_show_map: {
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
                    "application/json": components["schemas"]["MapBody"];
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
    admin_import_map: {
        parameters: {
            query?: {
                /** @description Only check the file; the answer has the map in it. */
                dry_run?: boolean;
                /** @description The category whose seats are accessible. */
                accessible_category?: string;
            };
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/vnd.pretix.seating-plan+json": unknown;
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportBody"];
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
            /** @description Conflict */
            409: {
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
    admin_lifecycle_open: {
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
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_lifecycle_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseRequest"] | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_list_reservations: {
        parameters: {
            query?: {
                /** @description Part of a code, name, contact or seat id, without regard to case. */
                q?: string;
                /** @description How many items at most: 1–1000. */
                limit?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
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
                    "application/json": components["schemas"]["ReservationList"];
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
    admin_list_reservations_csv: {
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
                    "text/csv": unknown;
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
    admin_lifecycle_resume: {
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
                    "application/json": components["schemas"]["AdminEventBody"];
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
            /** @description Conflict */
            409: {
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
    admin_stats_show: {
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
                    "application/json": components["schemas"]["StatsBody"];
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
    admin_stats_stream: {
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
                    "text/event-stream": components["schemas"]["StatsBody"];
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
    admin_cancel_reservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationBody"];
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
    admin_reissue_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
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
                    "application/json": components["schemas"]["ReceiptBody"];
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
    admin_staff_keys_list: {
        parameters: {
            query?: {
                /** @description How many items at most: 1–1000, 100 if nothing is said. */
                limit?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["StaffKeyList"];
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
    admin_staff_keys_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffKeyBody"];
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
    admin_staff_keys_remove: {
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
            /** @description No Content */
            204: {
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
    events_list: {
        parameters: {
            query?: {
                /** @description How many items at most: 1–1000, 100 if nothing is said. */
                limit?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["EventList_EventBody"];
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
    events_show: {
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
                    "application/json": components["schemas"]["EventBody"];
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
    availability_show: {
        parameters: {
            query?: {
                /** @description The version that the client has: only what changed since is answered, if that is still known. */
                since?: number;
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
                    "application/json": components["schemas"]["Availability"];
                };
            };
            /** @description Not Modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    availability_stream: {
        parameters: {
            query?: {
                /** @description The version that the client has: only what changed since is answered, if that is still known. */
                since?: number;
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
                    "text/event-stream": components["schemas"]["ChangesBody"];
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
    holds_place: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldBody"];
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
            /** @description Conflict */
            409: {
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
    holds_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                hold_id: string;
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
                    "application/json": components["schemas"]["ShownHold"];
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
    holds_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                hold_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
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
            /** @description Conflict */
            409: {
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
    events_map: {
        parameters: {
            query?: {
                /** @description A `map_version`: the answer never changes and may be kept. */
                version?: string;
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
                    "application/json": components["schemas"]["MapBody"];
                };
            };
            /** @description Not Modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    reservations_confirm: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmRequest"];
            };
        };
        responses: {
            /** @description confirmed before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationBody"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationBody"];
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
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Gone */
            410: {
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
    reservations_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
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
                    "application/json": components["schemas"]["ReservationBody"];
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
    reservations_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
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
            /** @description Conflict */
            409: {
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
    reservations_ticket_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
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
                    "application/pdf": unknown;
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
    reservations_ticket_svg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reservation_id: string;
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
                    "image/svg+xml": unknown;
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
    server_time: {
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
                    "application/json": components["schemas"]["ServerTime"];
                };
            };
        };
    };
}
