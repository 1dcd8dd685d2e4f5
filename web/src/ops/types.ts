// The API's types, by the names the pages use.

import type { SeatMap } from "../map/types";
import type { components } from "../shared/api/generated/ticketing-core";

type Schemas = components["schemas"];
export type AdminEvent = Schemas["EventList_AdminEventBody"]["items"][number];
export type Stats = Schemas["StatsBody"];
export type Reservation = Schemas["ListedBody"];
export type StaffKey = Schemas["StaffKeyBody"];
export type AuditEntry = Schemas["AuditBody"];
export type Page<T> = { items: T[]; next_cursor?: string | null };

export type MapProblem = Schemas["ImportBody"]["problems"][number];
export type { Category, Seat, SeatMap } from "../map/types";
export type ImportReport = {
  map_version?: string | null;
  seats_total: number;
  sections: number;
  problems: MapProblem[];
  map?: SeatMap | null;
};
export type SaleState = "draft" | "scheduled" | "on_sale" | "sold_out" | "paused" | "closed";
