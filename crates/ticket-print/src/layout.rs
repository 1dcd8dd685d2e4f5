//! Where everything stands on the page. Lengths are in points.

use crate::card;
use crate::clean::clean;
use crate::drawing::{Anchor, Colour, Drawing, Pen, Stroke, Style};
use crate::font::Weight;
use crate::seats;
use crate::sheet::{MAX_SEATS, SeatLine, TicketSheet};

pub(crate) const A4_WIDTH: f32 = 595.28;
pub(crate) const A4_HEIGHT: f32 = 841.89;

/// Printers leave a few millimetres blank; this is 13 mm.
pub(crate) const MARGIN: f32 = 36.0;
pub(crate) const LEFT: f32 = MARGIN;
pub(crate) const RIGHT: f32 = A4_WIDTH - MARGIN;

pub(crate) const INK: Colour = Colour(0x11, 0x18, 0x27);
pub(crate) const GREY: Colour = Colour(0x6b, 0x72, 0x80);
pub(crate) const HAIRLINE: Colour = Colour(0xe2, 0xe5, 0xea);

pub(crate) const LABEL: Style = Style {
    size: 8.5,
    weight: Weight::Regular,
    colour: GREY,
};

/// Between the card and the table, and between the table and the notes.
const GAP: f32 = 26.0;

const NOTES: [&str; 4] = [
    "입장할 때 QR 코드 또는 입장 코드를 직원에게 보여 주세요. 인쇄하거나 화면으로 보여 주실 수 있습니다.",
    "Show the QR code or the entry code to the staff at the door, on paper or on a screen.",
    "QR 코드로 누구나 입장할 수 있으니 다른 사람과 공유하거나 온라인에 올리지 마세요.",
    "Whoever has the QR code can enter with it: do not share it or post it online.",
];
const NOTE_LEADING: f32 = 12.5;

/// The height that the notes take below the table.
const NOTES_HEIGHT: f32 = GAP + 5.0 * NOTE_LEADING;

/// Draws a ticket.
pub(crate) fn draw(sheet: &TicketSheet) -> Drawing {
    let unlisted = sheet.seats.len().saturating_sub(MAX_SEATS);
    let sheet = cleaned(sheet);
    let mut pen = Pen::default();
    let below_card = card::draw(&mut pen, &sheet, sheet.seats.len() + unlisted);
    let bottom = A4_HEIGHT - MARGIN - NOTES_HEIGHT;
    let below_seats = seats::draw(&mut pen, &sheet, unlisted, below_card + GAP, bottom);
    let below_notes = draw_notes(&mut pen, &sheet, below_seats + GAP);
    Drawing {
        width: A4_WIDTH,
        height: (below_notes + MARGIN).min(A4_HEIGHT),
        title: format!("{} — 티켓 Ticket", sheet.event_name),
        items: pen.items,
    }
}

fn draw_notes(pen: &mut Pen, sheet: &TicketSheet, top: f32) -> f32 {
    let hairline = Stroke {
        colour: HAIRLINE,
        width: 0.75,
        dash: None,
    };
    pen.line((LEFT, top - GAP / 2.0), (RIGHT, top - GAP / 2.0), hairline);
    let room = RIGHT - LEFT;
    let mut y = top + 4.0;
    for note in NOTES {
        pen.write(LEFT, y, Anchor::Start, LABEL, note, room);
        y += NOTE_LEADING;
    }
    let reservation = format!("예매 번호 Reservation  {}", sheet.reservation_id);
    pen.write(LEFT, y, Anchor::Start, LABEL, &reservation, room);
    y
}

/// The sheet with all its texts as they can be printed, and no more seats than are listed.
fn cleaned(sheet: &TicketSheet) -> TicketSheet {
    let clean_seat = |seat: &SeatLine| SeatLine {
        section: clean(&seat.section),
        row: clean(&seat.row),
        number: clean(&seat.number),
        category: clean(&seat.category),
        price_text: clean(&seat.price_text),
    };
    TicketSheet {
        event_name: clean(&sheet.event_name),
        venue: clean(&sheet.venue),
        starts_at_text: clean(&sheet.starts_at_text),
        code: clean(&sheet.code),
        seats: sheet.seats.iter().take(MAX_SEATS).map(clean_seat).collect(),
        total_text: clean(&sheet.total_text),
        buyer_name: clean(&sheet.buyer_name),
        reservation_id: clean(&sheet.reservation_id),
        // Not shown as text, and must be read at the door exactly as it was signed.
        entry_token: sheet.entry_token.clone(),
        state: sheet.state,
    }
}
