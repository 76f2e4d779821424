//! The little HTTP that asking a local server needs.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(5);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// GETs a path from a server on 127.0.0.1; `None` when no whole answer came.
#[must_use]
pub fn get(port: u16, path: &str) -> Option<Answer> {
    send(port, "GET", path, &[], "")
}

/// POSTs a text to a server on 127.0.0.1; `None` when no whole answer came.
#[must_use]
pub fn post(port: u16, path: &str, body: &str) -> Option<Answer> {
    send(port, "POST", path, &[], body)
}

/// Sends a request with these headers to a server on 127.0.0.1; `None` when no whole answer came.
#[must_use]
pub fn send(port: u16, method: &str, path: &str, headers: &[(&str, String)], body: &str) -> Option<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    // HTTP/1.0: the answer is neither chunked nor does it leave the connection open.
    let length = body.len();
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all((head + "\r\n" + body).as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    Some(Answer { status, headers, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_status_headers_and_body() {
        let answer = parse("HTTP/1.0 503 Service Unavailable\r\nA: b\r\n\r\nno\r\n\r\nreally").unwrap();
        let headers = BTreeMap::from([("a".into(), "b".into())]);
        assert_eq!(answer, Answer { status: 503, headers, body: "no\r\n\r\nreally".into() });
        assert_eq!(parse("HTTP/1.0 200 OK\r\n"), None);
    }
}
