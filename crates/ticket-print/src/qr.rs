//! The modules of a QR code.

use qrcode::{Color, EcLevel, QrCode};

/// How far other marks stay away from a QR code, in modules (ISO/IEC 18004).
pub(crate) const QUIET_MODULES: f32 = 4.0;

/// The modules of a QR code as runs of dark ones: one path for both outputs.
pub(crate) struct Matrix {
    /// Modules along a side.
    pub(crate) modules: u16,
    pub(crate) runs: Vec<Run>,
}

/// Dark modules side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) x: u16,
    pub(crate) y: u16,
    pub(crate) length: u16,
}

impl Matrix {
    /// Encodes a text with medium error correction (15 % may be unreadable: paper gets creased). `None` if it
    /// is empty or longer than a QR code holds.
    pub(crate) fn encode(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let modules = u16::try_from(code.width()).ok()?;
        let mut runs: Vec<Run> = Vec::new();
        for (y, row) in (0..modules).zip(code.to_colors().chunks(code.width())) {
            for (x, _) in (0..modules).zip(row).filter(|(_, c)| **c == Color::Dark) {
                match runs.last_mut() {
                    Some(run) if run.y == y && run.x + run.length == x => run.length += 1,
                    Some(_) | None => runs.push(Run { x, y, length: 1 }),
                }
            }
        }
        Some(Self { modules, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_each_dark_module_once() {
        let matrix = Matrix::encode("0427").unwrap();
        let code = QrCode::with_error_correction_level("0427", EcLevel::M).unwrap();
        let mut dark = vec![0; code.width() * code.width()];
        for run in &matrix.runs {
            for x in run.x..run.x + run.length {
                dark[usize::from(run.y) * code.width() + usize::from(x)] += 1;
            }
        }
        let expected = code.to_colors();
        let agrees = |(count, color): (&i32, &Color)| *count == i32::from(*color == Color::Dark);
        assert!(dark.iter().zip(&expected).all(agrees));
    }

    #[test]
    fn an_entry_token_takes_41_modules() {
        let token = crate::sheet::tests::sheet().entry_token;
        assert_eq!(token.len(), 153);
        assert_eq!(Matrix::encode(&token).unwrap().modules, 41);
    }

    #[test]
    fn what_no_qr_code_holds_is_none() {
        assert!(Matrix::encode("").is_none());
        assert!(Matrix::encode(&"a".repeat(5000)).is_none());
    }
}
