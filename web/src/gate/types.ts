// The API's types, by the names the pages use.

import type { paths } from "../shared/api/generated/staff-api";

type Json<T> = T extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : never;
type Event = "/staff/events/{event_id}";

export type StaffSession = Json<paths["/staff/session"]["get"]>;
export type DoorEvent = StaffSession["events"][number];
export type Party = Json<paths[`${Event}/lookup`]["post"]>;
export type PartySeat = Party["seats"][number];
export type Entry = Party["history"][number];
export type CheckIn = Json<paths[`${Event}/check-ins`]["post"]>;
export type SignedList = Json<paths[`${Event}/manifest`]["get"]>;
export type BatchAnswer = Json<paths[`${Event}/check-ins/batch`]["post"]>;
export type DoorStats = Json<paths[`${Event}/stats`]["get"]>;
