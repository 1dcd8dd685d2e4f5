//! HTTP/1.1 as bytes, as much of it as a crowd needs. The generator shares the machine with the server that it measures:
//! what a client costs is taken from the server.

use bytes::Bytes;

/// The longest beginning of an answer: servers take no longer ones either.
const HEAD_AT_MOST: usize = 64 << 10;
/// The largest answer: the map of a stadium several times over.
const BODY_AT_MOST: usize = 64 << 20;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// When to ask again, in seconds.
    pub retry_after: Option<u32>,
    /// The whole body.
    pub body: Bytes,
}

/// It is no answer in HTTP/1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what came is no answer in HTTP/1.1: {0}")]
pub struct Garbled(&'static str);

/// How far an answer has come.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// More bytes are needed.
    Partial,
    /// It is whole.
    Whole(Whole),
}

/// A whole answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Whole {
    /// What it says.
    pub response: Response,
    /// How many bytes it had.
    pub length: usize,
    /// Whether the connection may be asked again.
    pub stays_open: bool,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Bytes(usize),
    Chunks,
    UntilClosed,
}

struct Head {
    status: u16,
    retry_after: Option<u32>,
    extent: Extent,
    stays_open: bool,
    length: usize,
}

/// Reads what has come so far; `is_closed` says that nothing more will.
pub fn read(bytes: &[u8], is_closed: bool) -> Result<Progress, Garbled> {
    let mut skipped = 0;
    let head = loop {
        let Some(head) = head(&bytes[skipped..])? else {
            return Ok(Progress::Partial);
        };
        // 1xx announces another one.
        if head.status >= 200 {
            break head;
        }
        skipped += head.length;
    };
    let begins = skipped + head.length;
    let rest = &bytes[begins..];
    let found = match head.extent {
        Extent::Bytes(length) if length > BODY_AT_MOST => return Err(Garbled("it is too long")),
        Extent::Bytes(length) => rest
            .get(..length)
            .map(|body| (Bytes::copy_from_slice(body), length)),
        Extent::Chunks => chunks(rest)?,
        Extent::UntilClosed => is_closed.then(|| (Bytes::copy_from_slice(rest), rest.len())),
    };
    if found.is_none() && rest.len() > BODY_AT_MOST {
        return Err(Garbled("it is too long"));
    }
    Ok(found.map_or(Progress::Partial, |(body, length)| {
        Progress::Whole(Whole {
            response: Response {
                status: head.status,
                retry_after: head.retry_after,
                body,
            },
            length: begins + length,
            stays_open: head.stays_open && head.extent != Extent::UntilClosed,
        })
    }))
}

fn head(bytes: &[u8]) -> Result<Option<Head>, Garbled> {
    let Some(end) = find(bytes, END_OF_HEAD) else {
        return if bytes.len() > HEAD_AT_MOST {
            Err(Garbled("its head does not end"))
        } else {
            Ok(None)
        };
    };
    let text = &bytes[..end];
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let status = lines.next().and_then(status_of);
    let status = status.ok_or(Garbled("its first line"))?;
    let mut head = Head {
        status,
        retry_after: None,
        extent: match status {
            ..200 | 204 | 304 => Extent::Bytes(0),
            _ => Extent::UntilClosed,
        },
        stays_open: true,
        length: end + END_OF_HEAD.len(),
    };
    let has_body = head.extent == Extent::UntilClosed;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.ok_or(Garbled("a header"))?);
        let value = value[1..].trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") && has_body {
            let length = number(value).ok_or(Garbled("its length"))?;
            // Where both are said the chunks count.
            if head.extent == Extent::UntilClosed {
                head.extent = Extent::Bytes(length);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") && has_body {
            head.extent = Extent::Chunks;
        } else if name.eq_ignore_ascii_case(b"retry-after") {
            head.retry_after = number(value).and_then(|seconds| u32::try_from(seconds).ok());
        } else if name.eq_ignore_ascii_case(b"connection") {
            head.stays_open = !value.eq_ignore_ascii_case(b"close");
        }
    }
    Ok(Some(head))
}

/// Of `HTTP/1.1 200 OK`.
fn status_of(line: &[u8]) -> Option<u16> {
    let rest = line.strip_prefix(b"HTTP/1.1 ")?;
    let status = rest.get(..3).and_then(number)?;
    u16::try_from(status).ok()
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A body in chunks, and how many bytes it took; nothing if it is not whole.
fn chunks(mut rest: &[u8]) -> Result<Option<(Bytes, usize)>, Garbled> {
    let (all, mut body) = (rest.len(), Vec::new());
    loop {
        let Some(end) = find(rest, b"\r\n") else {
            return Ok(None);
        };
        let size = rest[..end].split(|byte| *byte == b';').next();
        let size = size.and_then(|size| std::str::from_utf8(size.trim_ascii()).ok());
        let size = size.and_then(|size| usize::from_str_radix(size, 16).ok());
        let size = size.filter(|size| *size <= BODY_AT_MOST);
        let size = size.ok_or(Garbled("the size of a chunk"))?;
        rest = &rest[end + 2..];
        let Some(chunk) = rest.get(..size + 2) else {
            return Ok(None);
        };
        if !chunk.ends_with(b"\r\n") {
            return Err(Garbled("the end of a chunk"));
        }
        body.extend_from_slice(&chunk[..size]);
        rest = &rest[size + 2..];
        if size == 0 {
            return Ok(Some((body.into(), all - rest.len())));
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer, however it is cut into pieces on its way.
    fn told(bytes: &[u8]) -> Whole {
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut], false), Ok(Progress::Partial), "{cut}");
        }
        match read(bytes, false) {
            Ok(Progress::Whole(whole)) => whole,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_is_read_once_it_is_whole() {
        let bytes = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 5\r\n\r\nhello";
        let whole = told(bytes);
        assert_eq!(
            (whole.response.status, whole.response.retry_after),
            (503, Some(30))
        );
        assert_eq!(
            (&whole.response.body[..], whole.length),
            (&b"hello"[..], bytes.len())
        );
        assert!(whole.stays_open);
        let none = told(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        assert!(none.response.body.is_empty() && !none.stays_open);
        let announced =
            told(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(announced.response.status, 200);
    }

    #[test]
    fn a_body_may_come_in_chunks_or_end_with_the_connection() {
        let whole = told(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
        assert_eq!(&whole.response.body[..], b"hello");
        let bytes = b"HTTP/1.1 200 OK\r\n\r\nhello";
        assert_eq!(read(bytes, false), Ok(Progress::Partial));
        let Ok(Progress::Whole(whole)) = read(bytes, true) else {
            panic!("it has ended");
        };
        assert!(!whole.stays_open && &whole.response.body[..] == b"hello");
    }

    #[test]
    fn what_is_no_answer_is_told() {
        for bytes in [
            &b"SSH-2.0-OpenSSH\r\n\r\n"[..],
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
        ] {
            assert!(
                read(bytes, false).is_err(),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
        let endless = vec![b'x'; HEAD_AT_MOST + 1];
        assert!(read(&endless, false).is_err());
    }
}
