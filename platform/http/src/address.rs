//! The address under which clients know this server, for links.

use axum::http::{HeaderMap, header};

/// As the settings say, else by what the client called us. Without a slash at its end.
pub fn own_address(public_url: &str, headers: &HeaderMap) -> String {
    if !public_url.is_empty() {
        return public_url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}
