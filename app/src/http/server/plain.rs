//! Somebody typed http:// where https:// was meant: told in their own protocol.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The first byte of a TLS connection: a record that carries a handshake (RFC 8446, section 5.1).
pub const TLS_HANDSHAKE: u8 = 0x16;

// A sentence, no redirect: who sends a password along would send it in the clear each time and never notice.
const SENTENCE: &str =
    "This port speaks HTTPS only: write https:// instead of http:// in the address.\n";

/// How much of a request is read before the answer and after it.
const READ_BYTES: usize = 16 * 1024;

/// Answers and closes. The caller bounds the time.
pub async fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut request = Vec::with_capacity(1024);
    while request.len() < READ_BYTES && !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let length = SENTENCE.len();
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{SENTENCE}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // A socket closed over unread bytes resets the connection, and the answer with it.
    let mut rest = stream.take(READ_BYTES as u64);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
    Ok(())
}
