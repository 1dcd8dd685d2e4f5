//! A drawing as SVG.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::drawing::{Anchor, Colour, Drawing, Item, QrMark, Shape, Step, Text};
use crate::font::Weight;

/// Pretendard as in the PDF, else what phones and desktops have for Hangul.
const FONT_FAMILY: &str =
    "Pretendard, 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";

/// Points to the millimetre.
const POINTS_PER_MM: f32 = 72.0 / 25.4;

pub(crate) fn write(drawing: &Drawing) -> String {
    // Room for a usual ticket, so that the text is not copied while it grows.
    let mut out = String::with_capacity(16 * 1024);
    // Writing into a String has no way to fail.
    let _ = write_document(&mut out, drawing);
    out
}

fn write_document(out: &mut String, drawing: &Drawing) -> fmt::Result {
    let (width, height) = (Number(drawing.width), Number(drawing.height));
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FONT_FAMILY}\" role=\"img\" lang=\"ko\" xml:space=\"preserve\">\n\
         <title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        Number(drawing.width / POINTS_PER_MM),
        Number(drawing.height / POINTS_PER_MM),
        escaped(&drawing.title),
    )?;
    for item in &drawing.items {
        match item {
            Item::Text(text) => write_text(out, text)?,
            Item::Shape(shape) => write_shape(out, shape)?,
            Item::Qr(mark) => write_qr(out, mark)?,
        }
    }
    out.write_str("</svg>\n")
}

fn write_text(out: &mut String, text: &Text) -> fmt::Result {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = match text.style.weight {
        Weight::Regular => "",
        Weight::Bold => " font-weight=\"700\"",
    };
    writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor} fill=\"{}\">{}</text>",
        Number(text.x),
        Number(text.y),
        Number(text.style.size),
        text.style.colour,
        escaped(&text.content),
    )
}

fn write_shape(out: &mut String, shape: &Shape) -> fmt::Result {
    out.write_str("<path d=\"")?;
    for step in &shape.outline {
        match *step {
            Step::Move(x, y) => write!(out, "M{} {}", Number(x), Number(y))?,
            Step::Line(x, y) => write!(out, "L{} {}", Number(x), Number(y))?,
            Step::Curve(ax, ay, bx, by, x, y) => {
                let [ax, ay, bx, by, x, y] = [ax, ay, bx, by, x, y].map(Number);
                write!(out, "C{ax} {ay} {bx} {by} {x} {y}")?;
            }
            Step::Close => out.write_char('Z')?,
        }
    }
    match shape.fill {
        Some(colour) => write!(out, "\" fill=\"{colour}\"")?,
        None => out.write_str("\" fill=\"none\"")?,
    }
    if let Some(stroke) = shape.stroke {
        let width = Number(stroke.width);
        write!(
            out,
            " stroke=\"{}\" stroke-width=\"{width}\"",
            stroke.colour
        )?;
        if let Some(dash) = stroke.dash {
            write!(out, " stroke-dasharray=\"{}\"", Number(dash))?;
        }
    }
    out.write_str("/>\n")
}

/// One path in units of modules, so that no seams show between them.
fn write_qr(out: &mut String, mark: &QrMark) -> fmt::Result {
    write!(
        out,
        "<path id=\"qr\" transform=\"translate({} {}) scale({:.5})\" fill=\"{}\" \
         shape-rendering=\"crispEdges\" d=\"",
        Number(mark.x),
        Number(mark.y),
        mark.side / f32::from(mark.matrix.modules),
        mark.colour,
    )?;
    for run in &mark.matrix.runs {
        write!(
            out,
            "M{} {}h{}v1h-{}z",
            run.x, run.y, run.length, run.length
        )?;
    }
    out.write_str("\"/>\n")
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A length with at most two decimals: a hundredth of a point is finer than any printer.
struct Number(f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.2}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Text as XML content or as an attribute in either kind of quotes. What XML does not allow at all is gone by
/// now: see [`crate::clean`].
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_no_idle_decimals() {
        for (number, text) in [(0.0, "0"), (1.5, "1.5"), (100.0, "100"), (0.126, "0.13")] {
            assert_eq!(Number(number).to_string(), text);
        }
    }

    #[test]
    fn every_mark_of_xml_is_escaped() {
        assert_eq!(
            escaped("<b a=\"1\" c='2'>&"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;"
        );
        assert!(matches!(escaped("plain"), Cow::Borrowed("plain")));
    }
}
