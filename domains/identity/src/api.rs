//! Routes and bodies; no decisions.

mod audit;
mod grants;
mod orgs;
mod sessions;
mod tokens;
mod users;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::IdentityService;

type Service = axum::extract::State<Arc<IdentityService>>;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<IdentityService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(sessions::open_session))
        .routes(routes!(sessions::enter_by_token))
        .routes(routes!(sessions::close_session))
        .routes(routes!(sessions::me))
        .routes(routes!(sessions::change_password))
        .routes(routes!(sessions::demo_accounts))
        .routes(routes!(orgs::list_orgs))
        .routes(routes!(orgs::read_org))
        .routes(routes!(orgs::list_roles))
        .routes(routes!(users::list_users, users::create_user))
        .routes(routes!(users::read_user, users::update_user))
        .routes(routes!(users::unlock_user))
        .routes(routes!(users::reset_password))
        .routes(routes!(grants::list_grants, grants::create_grant))
        .routes(routes!(grants::delete_grant))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(audit::list_audit))
        .routes(routes!(audit::verify_audit))
        .with_state(service)
}
