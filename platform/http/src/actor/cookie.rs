//! The session cookie, and how a request shows that one of our own pages made it.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie that holds a session's token.
pub const SESSION_COOKIE: &str = "yw_session";

/// Pages of other sites cannot set it on a request.
pub const CSRF_HEADER: &str = "x-yiwang-csrf";

/// `Set-Cookie` of a session. `secure` when the public address is https.
pub fn session_cookie(token: &str, seconds: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    );
    HeaderValue::try_from(text).unwrap_or_else(|_error| clear_session_cookie())
}

/// `Set-Cookie` that takes the session away from the browser.
pub fn clear_session_cookie() -> HeaderValue {
    HeaderValue::from_static("yw_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

pub(super) fn session_token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == SESSION_COOKIE && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// True when the browser says that one of our own pages made the request, or it carries our header.
pub(super) fn from_our_own_page(headers: &HeaderMap) -> bool {
    let is = |name: &str, wanted: &str| {
        headers
            .get(name)
            .is_some_and(|value| value.as_bytes() == wanted.as_bytes())
    };
    is(CSRF_HEADER, "1") || is("sec-fetch-site", "same-origin")
}
