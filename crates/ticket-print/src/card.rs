//! The card: the event on the left, the stub with the QR code and the entry code on the right.

use crate::drawing::{Anchor, Colour, Item, Pen, QrMark, Step, Stroke, Style};
use crate::font::{Weight, width, wrap};
use crate::layout::{GREY, INK, LABEL, LEFT, MARGIN, RIGHT};
use crate::qr::{Matrix, QUIET_MODULES};
use crate::sheet::{TicketSheet, TicketState};

/// The dashed line between the event and the stub.
pub(crate) const SPLIT: f32 = RIGHT - STUB;
const STUB: f32 = 178.0;
const TOP: f32 = MARGIN;
const BAND: f32 = 32.0;
const PADDING: f32 = 22.0;
const CORNER: f32 = 12.0;
const NOTCH: f32 = 8.0;

/// 43 mm: at 35 mm and more, cheap cameras read a code of 41 modules from a hand's breadth.
const QR_SIDE: f32 = 122.0;

const CODE_SIZE: f32 = 48.0;

/// From the label to the upper edge of the digits.
const CODE_GAP: f32 = 10.0;

/// The height of digits, in units of the font size.
const DIGIT_HEIGHT: f32 = 0.72;
const NAME: Style = Style {
    size: 23.0,
    weight: Weight::Bold,
    colour: INK,
};
const NAME_LEADING: f32 = 29.0;
const VALUE: Style = Style {
    size: 13.0,
    weight: Weight::Bold,
    colour: INK,
};
const VALUE_LEADING: f32 = 17.0;

/// From the label to the first line of its value.
const LABEL_TO_VALUE: f32 = 17.0;

/// From the last line of a value to the next label.
const VALUE_TO_LABEL: f32 = 23.0;
const WHITE: Colour = Colour(0xff, 0xff, 0xff);
const BORDER: Colour = Colour(0xc3, 0xc8, 0xd2);
const RED: Colour = Colour(0xb9, 0x1c, 0x1c);

/// Draws the card and gives its lower edge.
pub(crate) fn draw(pen: &mut Pen, sheet: &TicketSheet, seat_count: usize) -> f32 {
    // What stands on the card decides its height, and the card must be painted first.
    let mut content = Pen::default();
    let below_event = draw_event(&mut content, sheet, seat_count);
    let below_stub = draw_stub(&mut content, sheet);
    let bottom = below_event.max(below_stub) + PADDING;
    draw_ground(pen, sheet.state, bottom);
    pen.items.append(&mut content.items);
    bottom
}

fn draw_ground(pen: &mut Pen, state: TicketState, bottom: f32) {
    let (colour, text) = match state {
        TicketState::Confirmed => (Colour(0x1e, 0x2a, 0x5a), "입장권  ADMISSION TICKET"),
        TicketState::CheckedIn => (Colour(0x16, 0x65, 0x34), "입장 완료  CHECKED IN"),
        TicketState::Cancelled => (RED, "취소됨  CANCELLED"),
    };
    pen.fill(band_outline(), colour);
    let border = Stroke {
        colour: BORDER,
        width: 1.0,
        dash: None,
    };
    pen.stroke(card_outline(bottom), border);
    let perforation = Stroke {
        dash: Some(4.0),
        ..border
    };
    pen.line(
        (SPLIT, TOP + BAND + 4.0),
        (SPLIT, bottom - NOTCH - 2.0),
        perforation,
    );
    let style = Style {
        size: 12.0,
        weight: Weight::Bold,
        colour: WHITE,
    };
    let y = TOP + BAND / 2.0 + 4.3;
    pen.write(
        LEFT + PADDING,
        y,
        Anchor::Start,
        style,
        text,
        SPLIT - LEFT - 2.0 * PADDING,
    );
    let brand = Style {
        size: 10.0,
        ..style
    };
    pen.write(
        RIGHT - PADDING,
        y - 0.5,
        Anchor::End,
        brand,
        "자리 Jari",
        STUB / 2.0,
    );
}

fn draw_event(pen: &mut Pen, sheet: &TicketSheet, seat_count: usize) -> f32 {
    let x = LEFT + PADDING;
    let room = SPLIT - x - PADDING;
    let mut y = TOP + BAND + PADDING + 17.0;
    for line in wrap(&sheet.event_name, NAME.weight, NAME.size, room, 3) {
        pen.write(x, y, Anchor::Start, NAME, &line, room);
        y += NAME_LEADING;
    }
    y += 1.0;
    for (label, value) in [
        ("일시  When", &sheet.starts_at_text),
        ("장소  Venue", &sheet.venue),
    ] {
        y = draw_field(pen, (x, y), label, value, room, 2) + VALUE_TO_LABEL;
    }
    let split = room * 0.7;
    let below_buyer = draw_field(
        pen,
        (x, y),
        "예매자  Name",
        &sheet.buyer_name,
        split - 10.0,
        2,
    );
    let count = seat_count.to_string();
    draw_field(
        pen,
        (x + split, y),
        "좌석 수  Seats",
        &count,
        room - split,
        1,
    );
    below_buyer
}

/// Draws a label and its value below it, and gives the last baseline.
fn draw_field(
    pen: &mut Pen,
    (x, y): (f32, f32),
    label: &str,
    value: &str,
    room: f32,
    max_lines: usize,
) -> f32 {
    pen.write(x, y, Anchor::Start, LABEL, label, room);
    let mut baseline = y + LABEL_TO_VALUE - VALUE_LEADING;
    for line in wrap(value, VALUE.weight, VALUE.size, room, max_lines) {
        baseline += VALUE_LEADING;
        pen.write(x, baseline, Anchor::Start, VALUE, &line, room);
    }
    baseline
}

fn draw_stub(pen: &mut Pen, sheet: &TicketSheet) -> f32 {
    let centre = SPLIT + STUB / 2.0;
    let is_void = sheet.state == TicketState::Cancelled;
    let top = TOP + BAND + PADDING;
    draw_qr(
        pen,
        &sheet.entry_token,
        (centre, top),
        if is_void { GREY } else { INK },
    );
    let mut y = top + QR_SIDE + 28.0;
    pen.write(
        centre,
        y,
        Anchor::Middle,
        LABEL,
        "입장 코드  Entry code",
        STUB,
    );
    let room = STUB - 24.0;
    let size = (room / width(&sheet.code, Weight::Bold, 1.0).max(1.0)).min(CODE_SIZE);
    y += CODE_GAP + size * DIGIT_HEIGHT;
    let style = Style {
        size,
        weight: Weight::Bold,
        colour: if is_void { GREY } else { INK },
    };
    pen.write(centre, y, Anchor::Middle, style, &sheet.code, STUB);
    if is_void {
        let half = width(&sheet.code, style.weight, size) / 2.0 + 8.0;
        let strike = Stroke {
            colour: RED,
            width: 3.0,
            dash: None,
        };
        let middle = y - size * DIGIT_HEIGHT / 2.0;
        pen.line((centre - half, middle), (centre + half, middle), strike);
    }
    y
}

fn draw_qr(pen: &mut Pen, entry_token: &str, (centre, top): (f32, f32), colour: Colour) {
    let Some(matrix) = Matrix::encode(entry_token) else {
        // The code alone opens the door too.
        let y = top + QR_SIDE / 2.0;
        pen.write(centre, y, Anchor::Middle, LABEL, "QR 코드 없음", STUB);
        pen.write(
            centre,
            y + 12.0,
            Anchor::Middle,
            LABEL,
            "No QR code: use the entry code",
            STUB,
        );
        return;
    };
    // Coarse codes need a wider quiet zone than the stub leaves: they give up some of their size.
    let modules = f32::from(matrix.modules);
    let side = QR_SIDE.min((STUB - 4.0) / (modules + 2.0 * QUIET_MODULES) * modules);
    pen.items.push(Item::Qr(QrMark {
        x: centre - side / 2.0,
        y: top + (QR_SIDE - side) / 2.0,
        side,
        colour,
        matrix,
    }));
}

/// The card with rounded corners, notched where the stub is torn off.
fn card_outline(bottom: f32) -> Vec<Step> {
    let mut outline = upper_edge();
    outline.push(Step::Line(RIGHT, bottom - CORNER));
    outline.push(quarter(
        (RIGHT, bottom - CORNER),
        (RIGHT - CORNER, bottom),
        true,
    ));
    outline.push(Step::Line(SPLIT + NOTCH, bottom));
    outline.push(quarter(
        (SPLIT + NOTCH, bottom),
        (SPLIT, bottom - NOTCH),
        true,
    ));
    outline.push(quarter(
        (SPLIT, bottom - NOTCH),
        (SPLIT - NOTCH, bottom),
        false,
    ));
    outline.push(Step::Line(LEFT + CORNER, bottom));
    outline.push(quarter(
        (LEFT + CORNER, bottom),
        (LEFT, bottom - CORNER),
        false,
    ));
    outline.push(Step::Close);
    outline
}

/// The coloured band along the upper edge of the card.
fn band_outline() -> Vec<Step> {
    let mut outline = upper_edge();
    outline.push(Step::Line(RIGHT, TOP + BAND));
    outline.push(Step::Line(LEFT, TOP + BAND));
    outline.push(Step::Close);
    outline
}

/// From the left end of the upper left corner to the lower end of the upper right one.
fn upper_edge() -> Vec<Step> {
    vec![
        Step::Move(LEFT, TOP + CORNER),
        quarter((LEFT, TOP + CORNER), (LEFT + CORNER, TOP), true),
        Step::Line(SPLIT - NOTCH, TOP),
        quarter((SPLIT - NOTCH, TOP), (SPLIT, TOP + NOTCH), true),
        quarter((SPLIT, TOP + NOTCH), (SPLIT + NOTCH, TOP), false),
        Step::Line(RIGHT - CORNER, TOP),
        quarter((RIGHT - CORNER, TOP), (RIGHT, TOP + CORNER), false),
    ]
}

/// A quarter of a circle as a Bézier curve; it leaves `from` upright or level.
fn quarter(from: (f32, f32), to: (f32, f32), upright: bool) -> Step {
    /// How far the control points lie towards the corner: 4/3 · tan(π/8), the usual approximation.
    const REACH: f32 = 0.552_285;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let rest = 1.0 - REACH;
    if upright {
        Step::Curve(
            from.0,
            from.1 + dy * REACH,
            from.0 + dx * rest,
            to.1,
            to.0,
            to.1,
        )
    } else {
        Step::Curve(
            from.0 + dx * REACH,
            from.1,
            to.0,
            from.1 + dy * rest,
            to.0,
            to.1,
        )
    }
}
