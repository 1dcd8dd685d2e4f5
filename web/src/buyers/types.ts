// The API's types, by the names the pages use.

import type { components as queue } from "../shared/api/generated/queue-service";
import type { components } from "../shared/api/generated/ticketing-core";

type Schemas = components["schemas"];
export type SaleState = "scheduled" | "on_sale" | "sold_out" | "paused" | "closed";
export type Event = Omit<Schemas["EventBody"], "state"> & { state: SaleState };
export type Board = Omit<queue["schemas"]["BoardBody"], "state"> & { state: SaleState };
export type Place = queue["schemas"]["PlaceBody"];
export type Hold = Schemas["HoldBody"];
export type HoldState = Hold & { state: "held" | "confirmed" | "released" | "expired" };
export type Reservation = Schemas["ReservationBody"];
export type SeatLine = Schemas["SeatLine"];
