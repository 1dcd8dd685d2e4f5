//! A drawing as PDF.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, StrokeDash};
use krilla::surface::Surface;

use crate::PrintError;
use crate::drawing::{Anchor, Colour, Drawing, Item, QrMark, Shape, Step, Stroke, Text};
use crate::font::{embedded, shape, width};
use crate::layout::{A4_HEIGHT, A4_WIDTH};

pub(crate) fn write(drawing: &Drawing) -> Result<Vec<u8>, PrintError> {
    let mut document = Document::new();
    let metadata = Metadata::new().title(drawing.title.clone());
    document.set_metadata(metadata.language("ko".to_owned()));
    let settings = PageSettings::from_wh(A4_WIDTH, A4_HEIGHT)
        .ok_or_else(|| PrintError::Pdf("the size of the page".to_owned()))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    for item in &drawing.items {
        match item {
            Item::Text(text) => draw_text(&mut surface, text),
            Item::Shape(shape) => draw_shape(&mut surface, shape),
            Item::Qr(mark) => draw_qr(&mut surface, mark),
        }
    }
    surface.finish();
    page.finish();
    document
        .finish()
        .map_err(|error| PrintError::Pdf(error.to_string()))
}

fn draw_text(surface: &mut Surface<'_>, text: &Text) {
    let style = text.style;
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width(&text.content, style.weight, style.size) / 2.0,
        Anchor::End => width(&text.content, style.weight, style.size),
    };
    surface.set_stroke(None);
    surface.set_fill(Some(fill(style.colour)));
    surface.draw_glyphs(
        Point::from_xy(text.x - before, text.y),
        &shape(&text.content, style.weight),
        embedded(style.weight),
        &text.content,
        style.size,
        false,
    );
}

fn draw_shape(surface: &mut Surface<'_>, shape: &Shape) {
    if let Some(path) = path(&shape.outline) {
        surface.set_fill(shape.fill.map(fill));
        surface.set_stroke(shape.stroke.map(stroke));
        surface.draw_path(&path);
    }
}

/// One path of all modules, so that no seams show between them.
fn draw_qr(surface: &mut Surface<'_>, mark: &QrMark) {
    let mut builder = PathBuilder::new();
    for run in &mark.matrix.runs {
        let (x, y) = (f32::from(run.x), f32::from(run.y));
        if let Some(rect) = Rect::from_xywh(x, y, f32::from(run.length), 1.0) {
            builder.push_rect(rect);
        }
    }
    if let Some(path) = builder.finish() {
        let scale = mark.side / f32::from(mark.matrix.modules);
        surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, mark.x, mark.y));
        surface.set_stroke(None);
        surface.set_fill(Some(fill(mark.colour)));
        surface.draw_path(&path);
        surface.pop();
    }
}

fn path(outline: &[Step]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for step in outline {
        match *step {
            Step::Move(x, y) => builder.move_to(x, y),
            Step::Line(x, y) => builder.line_to(x, y),
            Step::Curve(ax, ay, bx, by, x, y) => builder.cubic_to(ax, ay, bx, by, x, y),
            Step::Close => builder.close(),
        }
    }
    builder.finish()
}

fn fill(colour: Colour) -> Fill {
    Fill {
        paint: rgb(colour).into(),
        ..Fill::default()
    }
}

fn stroke(stroke: Stroke) -> krilla::paint::Stroke {
    krilla::paint::Stroke {
        paint: rgb(stroke.colour).into(),
        width: stroke.width,
        dash: stroke.dash.map(|length| StrokeDash {
            array: vec![length],
            offset: 0.0,
        }),
        ..krilla::paint::Stroke::default()
    }
}

fn rgb(colour: Colour) -> rgb::Color {
    rgb::Color::new(colour.0, colour.1, colour.2)
}
