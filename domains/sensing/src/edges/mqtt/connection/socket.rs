//! Reading and writing without waiting where nothing has to be waited for.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_kernel::Timestamp;

/// A client that takes nothing for so long is let go.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes read at once.
const READ_BYTES: usize = 32 * 1_024;

pub(super) enum Read {
    Bytes(Bytes),
    Nothing,
    End,
}

thread_local! {
    /// Shared by all connections of a thread: an idle one holds no buffer.
    static BUFFER: std::cell::RefCell<Box<[u8]>> = std::cell::RefCell::new(vec![0; READ_BYTES].into());
}

pub(super) fn try_read(socket: &TcpStream) -> Read {
    BUFFER.with_borrow_mut(|buffer| match socket.try_read(buffer) {
        Ok(0) => Read::End,
        Ok(count) => Read::Bytes(Bytes::copy_from_slice(buffer.get(..count).unwrap_or(&[]))),
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Read::Nothing,
        Err(_) => Read::End,
    })
}

pub(super) async fn write(socket: &mut TcpStream, bytes: Bytes) -> bool {
    if bytes.is_empty() {
        return true;
    }
    // Most of the time the socket takes it at once, without a timer.
    let at_once = match socket.try_write(&bytes) {
        Ok(count) if count == bytes.len() => return true,
        Ok(count) => count,
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => 0,
        Err(_) => return false,
    };
    let rest = bytes.slice(at_once..);
    let written = tokio::time::timeout(WRITE_TIMEOUT, socket.write_all(&rest)).await;
    matches!(written, Ok(Ok(())))
}

/// Says that nothing more comes and reads what is still under way for a moment: a socket that is closed with bytes
/// unread resets the connection, and the client never sees the last packet.
pub(super) async fn see_off(socket: &mut TcpStream) {
    const LINGER: Duration = Duration::from_secs(2);
    let _gone = socket.shutdown().await;
    let drain = async {
        while !matches!(try_read(socket), Read::End) {
            if socket.readable().await.is_err() {
                return;
            }
        }
    };
    let _long_enough = tokio::time::timeout(LINGER, drain).await;
}

/// Waits until the budget allows reading again; for ever when there is nothing to wait for.
pub(super) async fn rest(until: Option<tokio::time::Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

pub(super) async fn until(at: Option<Timestamp>, now: Timestamp) {
    match at {
        Some(at) => {
            let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
            tokio::time::sleep(wait).await;
        }
        None => std::future::pending().await,
    }
}
