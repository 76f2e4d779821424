//! Numbers, strings and bytes as the CEL grammar writes them.

use super::token::Token;
use crate::error::ParseError;
use crate::span::Span;

type Scanned<T> = Result<(T, usize), ParseError>;

/// Reads a number at the start of `text`: the token and its length.
///
/// # Errors
/// A number out of range, or followed at once by a letter.
pub(super) fn number(text: &str) -> Scanned<Token> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    if text.starts_with("0x") {
        let rest = text.get(2..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        return integer(text, 2 + length, u64::from_str_radix(rest.get(..length).unwrap_or_default(), 16).ok());
    }
    let whole = digits(0);
    let mut end = whole;
    if text.get(end..).is_some_and(|rest| rest.starts_with('.')) && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if text.get(end..).is_some_and(|rest| rest.starts_with(['e', 'E'])) {
        let sign = usize::from(text.get(end + 1..).is_some_and(|rest| rest.starts_with(['+', '-'])));
        let exponent = digits(end + 1 + sign);
        end += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    let written = text.get(..end).unwrap_or_default();
    if end == whole {
        return integer(text, end, written.parse().ok());
    }
    let value: f64 = written.parse().map_err(|_| ParseError::new(Span::new(0, end), "invalid number"))?;
    if value.is_infinite() {
        return Err(ParseError::new(Span::new(0, end), "the number is out of range for double"));
    }
    after_number(text, end, Token::Double(value))
}

fn integer(text: &str, end: usize, value: Option<u64>) -> Scanned<Token> {
    let Some(value) = value else {
        return Err(ParseError::new(Span::new(0, end), "the integer is out of range or has no digits"));
    };
    if text.get(end..).is_some_and(|rest| rest.starts_with(['u', 'U'])) {
        return after_number(text, end + 1, Token::Uint(value));
    }
    after_number(text, end, Token::Int(value))
}

fn after_number(text: &str, end: usize, token: Token) -> Scanned<Token> {
    let next = text.get(end..).and_then(|rest| rest.chars().next());
    if next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(ParseError::new(Span::new(0, end + 1), "a number runs into a name"));
    }
    Ok((token, end))
}

/// Reads a string or bytes at the start of `text`, or gives nothing when neither starts there.
pub(super) fn string(text: &str) -> Option<Scanned<Token>> {
    let bytes = usize::from(text.starts_with(['b', 'B']));
    let raw = usize::from(text.get(bytes..)?.starts_with(['r', 'R']));
    let open = bytes + raw;
    let quote = text.get(open..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(body(text, open, quote, raw == 1, bytes == 1))
}

fn body(text: &str, open: usize, quote: char, raw: bool, bytes: bool) -> Scanned<Token> {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let long = text.get(open..).is_some_and(|rest| rest.starts_with(&triple));
    let close = if long { triple } else { quote.to_string() };
    let mut at = open + close.len();
    let mut out = Vec::new();
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(&close) {
            return finish(out, bytes, at + close.len());
        }
        let unclosed = || ParseError::new(Span::new(0, at), "the string is not closed");
        let next = rest.chars().next().ok_or_else(unclosed)?;
        if !long && matches!(next, '\n' | '\r') {
            return Err(unclosed());
        }
        if next == '\\' && !raw {
            at += escape(rest, at, bytes, &mut out)?;
            continue;
        }
        out.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes());
        at += next.len_utf8();
    }
}

fn finish(out: Vec<u8>, bytes: bool, length: usize) -> Scanned<Token> {
    if bytes {
        return Ok((Token::Bytes(out), length));
    }
    let invalid = |_| ParseError::new(Span::new(0, length), "the string is not valid text");
    String::from_utf8(out).map(|text| (Token::Str(text), length)).map_err(invalid)
}

/// Reads one escape at the start of `rest` into `out` and gives its length.
fn escape(rest: &str, at: usize, bytes: bool, out: &mut Vec<u8>) -> Result<usize, ParseError> {
    let invalid = |length: usize| ParseError::new(Span::new(at, at + length), "invalid escape in a string");
    let kind = rest.chars().nth(1).ok_or_else(|| invalid(1))?;
    let simple = match kind {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        '\\' | '?' | '"' | '\'' | '`' => u8::try_from(kind).ok(),
        _ => None,
    };
    if let Some(byte) = simple {
        out.push(byte);
        return Ok(2);
    }
    let (from, digits, radix) = match kind {
        'x' | 'X' => (2, 2, 16),
        'u' if !bytes => (2, 4, 16),
        'U' if !bytes => (2, 8, 16),
        '0'..='3' => (1, 3, 8),
        _ => return Err(invalid(1 + kind.len_utf8())),
    };
    let written = rest.get(from..from + digits).filter(|text| text.chars().all(|c| c.is_digit(radix)));
    let code = written.and_then(|text| u32::from_str_radix(text, radix).ok()).ok_or_else(|| invalid(2))?;
    if bytes {
        out.push(u8::try_from(code).map_err(|_| invalid(from + digits))?);
        return Ok(from + digits);
    }
    let letter = char::from_u32(code).ok_or_else(|| invalid(from + digits))?;
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(from + digits)
}
