//! Bytes as text that a QR code holds in its alphanumeric mode.
//!
//! Two bytes are three characters and a last single byte is two, the least significant digit first, as in
//! base 45 (RFC 9285); but 41³ is enough for two bytes too, so the characters that people and programs trip
//! over (space, `%`, `+`, `/`) are left out.

/// Digits, capitals and five marks: all of them in the alphanumeric mode of QR codes.
const ALPHABET: &[u8; 41] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*-.:";

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for chunk in bytes.chunks(2) {
        let mut number = chunk
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        for _ in 0..=chunk.len() {
            text.push(char::from(ALPHABET[number % 41]));
            number /= 41;
        }
    }
    text
}

/// `None` for what [`encode`] never writes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 2 / 3 + 1);
    for chunk in text.as_bytes().chunks(3) {
        let mut number = 0;
        for character in chunk.iter().rev() {
            let digit = ALPHABET.iter().position(|known| known == character)?;
            number = number * 41 + u32::try_from(digit).ok()?;
        }
        match chunk.len() {
            3 => bytes.extend(u16::try_from(number).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_stay() {
        assert_eq!(encode(b""), "");
        assert_eq!(encode(b"\0"), "00");
        assert_eq!(encode(b"\0\0"), "000");
        // 255 = 9 + 41·6; 65535 = 17 + 41·40 + 41²·38.
        assert_eq!(encode(b"\xff"), "96");
        assert_eq!(encode(b"\xff\xff"), "H:-");
    }

    #[test]
    fn every_pair_of_bytes_comes_back() {
        for number in 0..=u16::MAX {
            let bytes = number.to_be_bytes();
            assert_eq!(decode(&encode(&bytes)).as_deref(), Some(&bytes[..]));
        }
        for byte in 0..=u8::MAX {
            assert_eq!(decode(&encode(&[byte])), Some(vec![byte]));
        }
    }

    #[test]
    fn what_is_never_written_is_not_read() {
        for text in [
            "0", "0000", "a0", "0 0", "0%0", "::", ":::", "I:-", "A6", "가",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
