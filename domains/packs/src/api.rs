//! Routes; no decisions.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_contracts::Diagnostic;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, require};
use yiwang_kernel::Page;

use crate::diff::PackDiff;
use crate::error::PackError;
use crate::load::has_errors;
use crate::service::{PackDetail, PackService};
use crate::store::InstalledPack;

const READ: &str = "pack.read";

/// A pack by id: installed, on the shelf, or both.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PackView {
    id: String,
    installed: Option<InstalledPack>,
    /// Could it be installed (again) from the shelf?
    on_shelf: bool,
}

/// What a check says of a pack on the shelf.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PackCheck {
    id: String,
    version: String,
    /// Could it be installed as it is?
    is_installable: bool,
    /// By file and line.
    findings: Vec<Diagnostic>,
}

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<PackService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_packs))
        .routes(routes!(read_pack))
        .routes(routes!(diff_pack))
        .routes(routes!(check_pack))
        .with_state(service)
}

/// Every pack that is installed or could be.
#[utoipa::path(get, path = "/api/v1/packs", tag = "packs", operation_id = "listPacks",
    responses((status = 200, body = Page<PackView>), Problems))]
async fn list_packs(
    State(service): State<Arc<PackService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<PackView>> {
    require(&actor, READ, now)?;
    let installed = service.installed().await?;
    let shelf = service.shelf().ids()?;
    let mut ids: Vec<String> = installed
        .iter()
        .map(|pack| pack.id.clone())
        .chain(shelf.iter().cloned())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let view = |id: String| PackView {
        installed: installed.iter().find(|pack| pack.id == id).cloned(),
        on_shelf: shelf.contains(&id),
        id,
    };
    Ok(Json(Page {
        items: ids.into_iter().map(view).collect(),
        next: None,
    }))
}

/// An installed pack.
#[utoipa::path(get, path = "/api/v1/packs/{id}", tag = "packs", operation_id = "readPack",
    params(("id" = String, Path)), responses((status = 200, body = PackDetail), Problems))]
async fn read_pack(
    State(service): State<Arc<PackService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<String>,
) -> ApiResult<PackDetail> {
    require(&actor, READ, now)?;
    Ok(Json(service.detail(&id).await?))
}

/// What installing the pack on the shelf would change.
#[utoipa::path(get, path = "/api/v1/packs/{id}/diff", tag = "packs", operation_id = "diffPack",
    params(("id" = String, Path)), responses((status = 200, body = PackDiff), Problems))]
async fn diff_pack(
    State(service): State<Arc<PackService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<String>,
) -> ApiResult<PackDiff> {
    require(&actor, READ, now)?;
    // Reading a whole pack takes long enough to hold up other requests on this thread.
    let handle = tokio::runtime::Handle::current();
    let read = move || handle.block_on(async move { service.diff_of_shelf(&id).await });
    let diff = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| PackError::Interrupted(error.to_string()))?;
    Ok(Json(diff?))
}

/// Everything that is wrong with the pack on the shelf, together with what is installed.
#[utoipa::path(get, path = "/api/v1/packs/{id}/check", tag = "packs", operation_id = "checkPack",
    params(("id" = String, Path)), responses((status = 200, body = PackCheck), Problems))]
async fn check_pack(
    State(service): State<Arc<PackService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<String>,
) -> ApiResult<PackCheck> {
    require(&actor, READ, now)?;
    // As with the comparison: a whole pack is read and judged.
    let handle = tokio::runtime::Handle::current();
    let read = move || handle.block_on(async move { service.check_of_shelf(&id).await });
    let loaded = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| PackError::Interrupted(error.to_string()))??;
    Ok(Json(PackCheck {
        id: loaded.pack.manifest.id,
        version: loaded.pack.manifest.version.to_string(),
        is_installable: !has_errors(&loaded.diagnostics),
        findings: loaded.diagnostics,
    }))
}
