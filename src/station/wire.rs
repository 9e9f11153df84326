//! Frames between client and daemon: one byte of kind, four bytes of length (big endian), payload. Everything is
//! bounded before it is read. Knows bytes; must not know sessions.

use std::io::{self, Read, Write};

use crate::tui::runtime::Hello;

/// Version of the protocol, first byte of a hello.
pub(crate) const VERSION: u8 = 1;
/// Longest payload; longer output is sent in pieces.
pub(crate) const LONGEST: usize = 64 * 1024;
const LONGEST_TERM: usize = 64;
const LONGEST_ACCOUNT: usize = 64;

/// How a connection ended: what a script outside learns from the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person left.
    Left,
    /// The connection was not let in, or the person did not take the session over.
    Refused,
    /// The session was parted from this terminal: taken over, idle, the station stopped or went away.
    Cut,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Client: who and how large.
    Hello(Hello),
    /// Client: bytes of the terminal.
    Bytes(Vec<u8>),
    /// Client: the window changed.
    Resize(u16, u16),
    /// Client: going.
    Bye,
    /// Daemon: bytes for the terminal.
    Output(Vec<u8>),
    /// Daemon: the end, with a sentence for the person.
    Ended(End, String),
}

/// Why a frame could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    /// The bytes are no frame of this version.
    #[error("not a frame: {0}")]
    Bad(&'static str),
    /// A hello of another version.
    #[error("protocol version {0}, expected {VERSION}")]
    Version(u8),
}

impl Frame {
    fn parts(&self) -> Result<(u8, Vec<u8>), WireError> {
        Ok(match self {
            Self::Hello(hello) => {
                let mut payload = vec![VERSION];
                minicbor::encode(hello, &mut payload).map_err(|_| WireError::Bad("hello"))?;
                (1, payload)
            }
            Self::Bytes(bytes) => (2, bytes.clone()),
            Self::Resize(cols, rows) => (3, [cols.to_be_bytes(), rows.to_be_bytes()].concat()),
            Self::Bye => (4, Vec::new()),
            Self::Output(bytes) => (17, bytes.clone()),
            Self::Ended(end, message) => (18, [&[end_byte(*end)], message.as_bytes()].concat()),
        })
    }

    /// Writes the frame; bytes and output longer than [`LONGEST`] become several.
    pub(crate) fn write(&self, to: &mut impl Write) -> Result<(), WireError> {
        let (kind, payload) = self.parts()?;
        if payload.is_empty() {
            return Ok(write_one(to, kind, &[])?);
        }
        for piece in payload.chunks(LONGEST) {
            write_one(to, kind, piece)?;
        }
        Ok(to.flush()?)
    }

    /// Reads one frame; `None` at the end of the connection.
    pub(crate) fn read(from: &mut impl Read) -> Result<Option<Self>, WireError> {
        let mut kind = [0];
        if from.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(WireError::Bad("longer than 64 KiB"));
        }
        let mut payload = vec![0; length];
        from.read_exact(&mut payload)?;
        Self::parse(kind[0], payload).map(Some)
    }

    fn parse(kind: u8, payload: Vec<u8>) -> Result<Self, WireError> {
        Ok(match kind {
            1 => Self::Hello(hello(&payload)?),
            2 => Self::Bytes(payload),
            3 => match payload.as_slice() {
                [a, b, c, d] => Self::Resize(u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])),
                _ => return Err(WireError::Bad("size of a resize")),
            },
            4 if payload.is_empty() => Self::Bye,
            17 => Self::Output(payload),
            18 => ended(&payload)?,
            _ => return Err(WireError::Bad("unknown kind")),
        })
    }
}

fn end_byte(end: End) -> u8 {
    match end {
        End::Left => 0,
        End::Refused => 1,
        End::Cut => 2,
    }
}

fn ended(payload: &[u8]) -> Result<Frame, WireError> {
    let (end, message) = payload.split_first().ok_or(WireError::Bad("empty end"))?;
    let end = match end {
        0 => End::Left,
        1 => End::Refused,
        2 => End::Cut,
        _ => return Err(WireError::Bad("unknown end")),
    };
    let message = std::str::from_utf8(message).map_err(|_| WireError::Bad("text is not UTF-8"))?;
    Ok(Frame::Ended(end, message.to_owned()))
}

fn write_one(to: &mut impl Write, kind: u8, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(payload.len() + 5);
    frame.push(kind);
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(payload);
    to.write_all(&frame)
}

fn hello(payload: &[u8]) -> Result<Hello, WireError> {
    let (version, rest) = payload.split_first().ok_or(WireError::Bad("empty hello"))?;
    if *version != VERSION {
        return Err(WireError::Version(*version));
    }
    let hello: Hello = minicbor::decode(rest).map_err(|_| WireError::Bad("hello"))?;
    let plain = |text: &str, longest| text.len() <= longest && text.chars().all(|c| c.is_ascii_graphic());
    if !plain(&hello.term, LONGEST_TERM)
        || !hello.account.as_deref().is_none_or(|a| plain(a, LONGEST_ACCOUNT))
    {
        return Err(WireError::Bad("terminal or account name"));
    }
    Ok(hello)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(frame: &Frame) -> Frame {
        let mut bytes = Vec::new();
        frame.write(&mut bytes).unwrap();
        Frame::read(&mut bytes.as_slice()).unwrap().unwrap()
    }

    #[test]
    fn frames_read_back() {
        let hello = Hello { account: Some("qin01".into()), no_color: true, ..Hello::sized(80, 24) };
        for frame in [
            Frame::Hello(hello),
            Frame::Bytes(vec![0, 255]),
            Frame::Resize(400, 200),
            Frame::Bye,
            Frame::Output(b"\x1b[H".to_vec()),
            Frame::Ended(End::Left, "\u{5df2}\u{9000}\u{51fa}".into()),
            Frame::Ended(End::Cut, String::new()),
        ] {
            assert_eq!(round(&frame), frame);
        }
        assert!(Frame::read(&mut [].as_slice()).unwrap().is_none());
    }

    #[test]
    fn bad_frames_are_refused_before_they_are_read() {
        for bytes in [
            &[2, 0, 2, 0, 0][..],
            &[2, 255, 255, 255, 255],
            &[99, 0, 0, 0, 0],
            &[3, 0, 0, 0, 1, 0],
            &[1, 0, 0, 0, 0],
            &[1, 0, 0, 0, 2, 9, 0],
            &[1, 0, 0, 0, 2, 1, 0xff],
            &[2, 0, 0, 0, 9, 1],
            &[18, 0, 0, 0, 0],
            &[18, 0, 0, 0, 2, 0, 0xff],
            &[18, 0, 0, 0, 1, 3],
        ] {
            assert!(Frame::read(&mut { bytes }).is_err(), "{bytes:?}");
        }
        let mut bytes = Vec::new();
        Frame::Hello(Hello { term: "a\x1b]0;".into(), ..Hello::sized(1, 1) }).write(&mut bytes).unwrap();
        assert!(Frame::read(&mut bytes.as_slice()).is_err());
    }

    #[test]
    fn long_output_goes_in_pieces() {
        let mut bytes = Vec::new();
        Frame::Output(vec![b'x'; LONGEST + 1]).write(&mut bytes).unwrap();
        let mut rest = bytes.as_slice();
        assert_eq!(Frame::read(&mut rest).unwrap(), Some(Frame::Output(vec![b'x'; LONGEST])));
        assert_eq!(Frame::read(&mut rest).unwrap(), Some(Frame::Output(vec![b'x'])));
    }
}
