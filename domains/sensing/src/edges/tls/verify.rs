//! Which client certificates a handshake lets pass. Whose a certificate is, is asked afterwards: here it must be one,
//! be in its time, be signed by the authority where one is named, and be shown by whoever has its key.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};
use yiwang_kernel::{Clock, Digest, Timestamp};

use crate::certificate::Certificate;

tokio::task_local! {
    /// The certificate that the client of this task's handshake showed: whose it is can be told although it was
    /// refused, and a connection that fails leaves nothing else behind.
    pub(super) static PRESENTED: Cell<Option<Digest>>;
}

/// The node's clock for the handshake.
pub(super) struct Watch(pub Arc<dyn Clock>);

impl Watch {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

impl TimeProvider for Watch {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Looks at the certificates of devices.
#[derive(Debug)]
pub(super) struct DeviceCertificates {
    watch: Watch,
    algorithms: WebPkiSupportedAlgorithms,
    /// Who must have signed them; without one the registered digest alone decides.
    authority: Option<Arc<dyn ClientCertVerifier>>,
}

impl DeviceCertificates {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        provider: &Arc<CryptoProvider>,
        authority: Option<RootCertStore>,
    ) -> Result<Self, tokio_rustls::rustls::server::VerifierBuilderError> {
        let verifier = |roots| {
            let provider = Arc::clone(provider);
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
        };
        Ok(Self {
            watch: Watch(clock),
            algorithms: provider.signature_verification_algorithms,
            authority: authority.map(verifier).transpose()?,
        })
    }
}

impl ClientCertVerifier for DeviceCertificates {
    /// A device may show its token instead.
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.authority
            .as_ref()
            .map_or(&[], |authority| authority.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let certificate = Certificate::read(end_entity).ok_or(CertificateError::BadEncoding)?;
        let _outside_of_a_handshake_nobody_asks =
            PRESENTED.try_with(|shown| shown.set(Some(certificate.digest)));
        let at = self.watch.now();
        if certificate.is_over(at) {
            return Err(CertificateError::Expired.into());
        }
        if certificate.not_before > at {
            return Err(CertificateError::NotValidYet.into());
        }
        match &self.authority {
            Some(authority) => authority.verify_client_cert(end_entity, intermediates, now),
            None => Ok(ClientCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
