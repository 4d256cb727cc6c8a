//! Why a handshake came to nothing, in words for whoever looks after the device. Pure.

use std::io;
use std::time::Duration;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use crate::reading::Refused;

/// Nothing, or not enough, came in time.
pub(super) fn too_slow(limit: Duration) -> Refused {
    let message = format!(
        "the client has not finished the handshake within {} s",
        limit.as_secs_f64()
    );
    Refused::new("tls_timeout", message)
}

/// What broke the handshake off.
pub(super) fn broken(error: &io::Error) -> Refused {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::InvalidCertificate(fault)) => certificate(fault),
        Some(Error::AlertReceived(alert)) => told(*alert),
        Some(Error::InvalidMessage(fault)) => Refused::new(
            "not_tls",
            format!("what came is no TLS ({fault:?}); is the client told to use TLS at this port?"),
        ),
        Some(Error::PeerIncompatible(fault)) => Refused::new(
            "tls_incompatible",
            format!(
                "the client and this node have no TLS in common ({fault:?}); TLS 1.2 and 1.3 are spoken here"
            ),
        ),
        Some(fault) => Refused::new("tls_failed", format!("the handshake failed: {fault}")),
        None => Refused::new(
            "tls_closed",
            "the client closed the connection during the handshake",
        ),
    }
}

fn certificate(fault: &CertificateError) -> Refused {
    let (code, message) = match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "certificate_expired",
            "the time of the client's certificate is over; give the device a new one and register it".to_owned(),
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "certificate_not_yet_valid",
            "the time of the client's certificate has not begun; was the clock right where it was made?".to_owned(),
        ),
        CertificateError::UnknownIssuer => (
            "certificate_not_trusted",
            "the client's certificate is not signed by an authority of sensing.tls.client_ca".to_owned(),
        ),
        other => (
            "certificate_invalid",
            format!("the client's certificate cannot be used: {other}"),
        ),
    };
    Refused::new(code, message)
}

/// What the client said before it went.
fn told(alert: AlertDescription) -> Refused {
    let distrusts = matches!(
        alert,
        AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
    );
    if distrusts {
        let message = format!(
            "the client does not accept this node's certificate ({alert:?}); does it know the authority that signed \
             it, and the name that it connects to?"
        );
        return Refused::new("tls_not_accepted", message);
    }
    let message = format!("the client broke the handshake off ({alert:?})");
    Refused::new("tls_alert", message)
}

#[cfg(test)]
mod tests {
    use tokio_rustls::rustls::InvalidMessage;

    use super::*;

    #[test]
    fn each_failure_has_its_reason() {
        let of = |error: Error| broken(&io::Error::new(io::ErrorKind::InvalidData, error)).code;
        for (error, code) in [
            (CertificateError::Expired.into(), "certificate_expired"),
            (
                CertificateError::NotValidYet.into(),
                "certificate_not_yet_valid",
            ),
            (
                CertificateError::UnknownIssuer.into(),
                "certificate_not_trusted",
            ),
            (CertificateError::BadSignature.into(), "certificate_invalid"),
            (
                Error::AlertReceived(AlertDescription::UnknownCA),
                "tls_not_accepted",
            ),
            (
                Error::AlertReceived(AlertDescription::UserCanceled),
                "tls_alert",
            ),
            (InvalidMessage::InvalidContentType.into(), "not_tls"),
            (Error::DecryptError, "tls_failed"),
        ] {
            assert_eq!(of(error), code);
        }
        let closed = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(broken(&closed).code, "tls_closed");
    }
}
