//! A connection's bytes, plain or within TLS, read and written without holding anything while nothing comes.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// Who takes nothing for so long is let go.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes read at once.
const READ_BYTES: usize = 32 * 1_024;
/// Who was told the last word gets so long to read it.
const LINGER: Duration = Duration::from_secs(2);

thread_local! {
    /// Shared by all connections of a thread: an idle one holds no buffer.
    static BUFFER: std::cell::RefCell<Box<[u8]>> = std::cell::RefCell::new(vec![0; READ_BYTES].into());
}

/// One device's end. What TLS needs is apart, so that a plain connection does not pay for it.
pub(super) enum Socket {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

pub(super) enum Read {
    Bytes(Bytes),
    End,
    Broken,
}

impl Socket {
    pub(super) fn is_secure(&self) -> bool {
        matches!(self, Self::Secure(_))
    }

    /// What came; waits for it. Nothing is lost when it is not waited for to the end.
    pub(super) async fn read(&mut self) -> Read {
        poll_fn(|cx| self.poll_bytes(cx)).await
    }

    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Read> {
        BUFFER.with_borrow_mut(|buffer| {
            let mut buffer = ReadBuf::new(buffer);
            Poll::Ready(match ready!(Pin::new(self).poll_read(cx, &mut buffer)) {
                Ok(()) if buffer.filled().is_empty() => Read::End,
                Ok(()) => Read::Bytes(Bytes::copy_from_slice(buffer.filled())),
                // Devices hang up without a goodbye within TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Read::End,
                Err(_) => Read::Broken,
            })
        })
    }

    /// Sends all of it; says whether it has gone.
    pub(super) async fn send(&mut self, mut rest: Bytes) -> bool {
        if rest.is_empty() {
            return true;
        }
        // Most of the time the socket takes it at once, without a timer.
        let at_once = poll_fn(|cx| Poll::Ready(self.poll_send(cx, &mut rest))).await;
        if let Poll::Ready(sent) = at_once {
            return sent.is_ok();
        }
        let send = poll_fn(|cx| self.poll_send(cx, &mut rest));
        let sent = tokio::time::timeout(WRITE_TIMEOUT, send).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Sends what is left of `rest`, and what TLS has made of it, down to the system.
    fn poll_send(&mut self, cx: &mut Context<'_>, rest: &mut Bytes) -> Poll<io::Result<()>> {
        while !rest.is_empty() {
            let count = ready!(Pin::new(&mut *self).poll_write(cx, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let _sent = rest.split_to(count);
        }
        Pin::new(self).poll_flush(cx)
    }

    /// Says that nothing more comes and reads what is still under way for a moment: a socket that is closed with
    /// bytes unread resets the connection, and the other side never sees the last packet.
    pub(super) async fn see_off(&mut self) {
        let drain = async {
            let _gone = self.shutdown().await;
            while matches!(self.read().await, Read::Bytes(_)) {}
        };
        let _long_enough = tokio::time::timeout(LINGER, drain).await;
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Secure(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Secure(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
