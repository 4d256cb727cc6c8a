//! The address under which clients know the service, for links.

use axum::http::HeaderMap;
use yiwang_http::own_address;

pub(crate) const ROOT: &str = "/sensorthings/v1.1";

/// The service's own address, without a slash at its end.
#[derive(Debug, Clone)]
pub(crate) struct Address(String);

impl Address {
    /// As the settings say, else by what the client called us.
    pub(crate) fn of(public_url: &str, headers: &HeaderMap) -> Self {
        Self(format!("{}{ROOT}", own_address(public_url, headers)))
    }

    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }

    /// For links in messages, whose readers came by no address.
    pub(crate) fn relative() -> Self {
        Self(ROOT.to_owned())
    }
}
