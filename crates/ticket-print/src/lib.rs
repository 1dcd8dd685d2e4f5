//! The printable ticket: SVG and PDF with a QR code.
//!
//! [`svg()`] and [`pdf()`] are pure functions of a [`TicketSheet`] and draw the same picture: a card with the
//! event, the QR code and the entry code in large digits, and below it a table of the seats. Labels are in
//! Korean and English. The PDF carries the glyphs it needs of the embedded Pretendard, and its text can be
//! selected and searched; the SVG names the font and falls back to what the viewer has.
//!
//! Any text is accepted: what cannot be shown is left out, what the font lacks is drawn as a box, what is
//! too long is cut with an ellipsis.

mod card;
mod clean;
mod drawing;
mod font;
mod layout;
mod pdf;
mod qr;
mod seats;
mod sheet;
mod svg;

#[cfg(test)]
mod tests;

pub use sheet::{MAX_SEATS, SeatLine, TicketSheet, TicketState};

/// Why a ticket could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The PDF could not be put together; the text is for a log and names nobody.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// The ticket as an SVG document, as wide as A4 and as high as its content.
pub fn svg(sheet: &TicketSheet) -> String {
    svg::write(&layout::draw(sheet))
}

/// The ticket as a PDF document of one A4 page.
///
/// # Errors
/// [`PrintError::Pdf`] if the document cannot be put together, which no content is known to cause.
pub fn pdf(sheet: &TicketSheet) -> Result<Vec<u8>, PrintError> {
    pdf::write(&layout::draw(sheet))
}
