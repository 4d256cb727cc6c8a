//! What every operation of the API document shares: the problem's schema and the ways to say who asks.

use utoipa::ToSchema as _;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, OpenApi};

use crate::{Problem, SESSION_COOKIE};

/// Adds to a document made of routes what [`crate::Problems`] and the credentials refer to.
pub fn complete_openapi(document: &mut OpenApi) {
    let mut schemas = vec![(
        Problem::name().into_owned(),
        <Problem as utoipa::PartialSchema>::schema(),
    )];
    Problem::schemas(&mut schemas);
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE)));
    let shared = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("token", token)
        .security_scheme("session", cookie)
        .build();
    let components = document.components.get_or_insert_default();
    components.schemas.extend(shared.schemas);
    components.security_schemes.extend(shared.security_schemes);
    let nothing: [&str; 0] = [];
    document.security.get_or_insert_default().extend([
        SecurityRequirement::new("token", nothing),
        SecurityRequirement::new("session", nothing),
    ]);
}
