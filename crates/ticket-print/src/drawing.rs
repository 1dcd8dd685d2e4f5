//! What both outputs can draw. Lengths are in points (1/72 inch), y grows downwards.

use crate::font::{Weight, fit};
use crate::qr::Matrix;

/// A page and what stands on it, in the order of painting.
pub(crate) struct Drawing {
    pub(crate) width: f32,
    /// The height of the content with its margins; a page of paper may be higher.
    pub(crate) height: f32,
    pub(crate) title: String,
    pub(crate) items: Vec<Item>,
}

pub(crate) enum Item {
    Text(Text),
    Shape(Shape),
    Qr(QrMark),
}

/// One line of text; `y` is its baseline.
pub(crate) struct Text {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) anchor: Anchor,
    pub(crate) style: Style,
    pub(crate) content: String,
}

/// Which end of a text stands at its `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) colour: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// An outline, filled or stroked or both.
pub(crate) struct Shape {
    pub(crate) outline: Vec<Step>,
    pub(crate) fill: Option<Colour>,
    pub(crate) stroke: Option<Stroke>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub(crate) colour: Colour,
    pub(crate) width: f32,
    /// Length of dashes and gaps.
    pub(crate) dash: Option<f32>,
}

/// One step of an outline; a curve has two control points and an end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Curve(f32, f32, f32, f32, f32, f32),
    Close,
}

/// A QR code; `side` is the length of its side without the quiet zone.
pub(crate) struct QrMark {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) side: f32,
    pub(crate) colour: Colour,
    pub(crate) matrix: Matrix,
}

/// Collects what is drawn.
#[derive(Default)]
pub(crate) struct Pen {
    pub(crate) items: Vec<Item>,
}

impl Pen {
    /// Writes a line that ends with an ellipsis where it is wider than `room`.
    pub(crate) fn write(
        &mut self,
        x: f32,
        y: f32,
        anchor: Anchor,
        style: Style,
        text: &str,
        room: f32,
    ) {
        let content = fit(text, style.weight, style.size, room);
        if !content.is_empty() {
            self.items.push(Item::Text(Text {
                x,
                y,
                anchor,
                style,
                content,
            }));
        }
    }

    pub(crate) fn fill(&mut self, outline: Vec<Step>, colour: Colour) {
        self.items.push(Item::Shape(Shape {
            outline,
            fill: Some(colour),
            stroke: None,
        }));
    }

    pub(crate) fn stroke(&mut self, outline: Vec<Step>, stroke: Stroke) {
        self.items.push(Item::Shape(Shape {
            outline,
            fill: None,
            stroke: Some(stroke),
        }));
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        let outline = vec![Step::Move(from.0, from.1), Step::Line(to.0, to.1)];
        self.stroke(outline, stroke);
    }
}
