// The seat map as `GET /api/events/{event_id}/map` answers it.

export type Category = { name: string; color: string; price: number | null };
export type Seat = {
  seat_id: string;
  number: string;
  x: number;
  y: number;
  category: string;
  accessible: boolean;
};
export type Row = { name: string; seats: Seat[] };
export type Section = { name: string; rows: Row[] };
export type Point = { x: number; y: number };
export type ShapeText = { text: string; x: number; y: number; size: number; color: string | null };

type Outline =
  | { kind: "rectangle"; width: number; height: number }
  | { kind: "circle"; radius: number }
  | { kind: "ellipse"; radius_x: number; radius_y: number }
  | { kind: "polygon"; points: Point[] }
  | { kind: "text" };
/** What is drawn round the seats: `x`, `y` is the left top of a rectangle, the centre of what is round. */
export type Shape = Outline & {
  x: number;
  y: number;
  rotation: number;
  color: string | null;
  border_color: string | null;
  text: ShapeText | null;
};

export type SeatMap = {
  map_version?: string;
  name: string;
  size: { width: number; height: number };
  focus: Point;
  categories: Category[];
  sections: Section[];
  shapes: Shape[];
};
