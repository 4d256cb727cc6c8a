//! Open311 GeoReport v2 at `/open311/v2`: any city app lists services, posts reports and reads them back.
//!
//! A service is an item that a case can have and that is open to everybody; a request's id is the case's
//! public number. Only cases of the ordinary secrecy level show, and never who reported. JSON and XML.

mod fault;
mod form;
mod post;
mod query;
mod upload;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde_json::json;
use yiwang_contracts::{Actor, Catalog, ItemPolicy, Organisations};
use yiwang_kernel::{Clock, Fault, FaultKind, Position, Timestamp};
use yiwang_runtime::Open311Key;
use yiwang_store::Db;

use crate::api::refused_early;
use crate::model::{Attachment, NewIncident, Refused, RefusedReport, Source, Stored};
use crate::service::{IncidentService, Said};
use crate::store;
use fault::Open311Fault;
use form::{Form, Listing, answer, answer_one};
use post::Posted;
use query::RequestsQuery;

/// The level that everybody may see.
pub(crate) const PUBLIC_SECRECY: u8 = 1;

/// What the edge stands on.
pub(crate) struct Open311 {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) organisations: Arc<dyn Organisations>,
    pub(crate) incidents: Arc<IncidentService>,
    pub(crate) keys: Vec<Open311Key>,
}

type Answer = Result<Response, (Form, Open311Fault)>;

/// The routes; their paths are the standard's.
pub(crate) fn routes(state: Arc<Open311>) -> Router {
    Router::new()
        .route(
            "/open311/v2/{collection}",
            // A form may hold a file; each way of reading a body has its own bound.
            get(collection)
                .post(create)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/open311/v2/services/{code}", get(definition))
        .route("/open311/v2/requests/{number}", get(request))
        .route("/open311/v2/tokens/{token}", get(token))
        .with_state(state)
}

fn finish(result: Answer) -> Response {
    result.unwrap_or_else(|(form, fault)| fault.answer(form))
}

async fn collection(
    State(hub): State<Arc<Open311>>,
    Path(last): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let (name, form) = Form::asked(&last, &headers);
    let query = Posted::form(&query.unwrap_or_default());
    finish(match name {
        "discovery" => Ok(answer_one(form, "discovery", &view::discovery())),
        "services" => Ok(hub.services(form)),
        "requests" => hub
            .requests(form, &query)
            .await
            .map_err(|fault| (form, fault)),
        _ => Err((form, Open311Fault::not_found("the resource"))),
    })
}

async fn definition(
    State(hub): State<Arc<Open311>>,
    Path(last): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (code, form) = Form::asked(&last, &headers);
    let found = hub
        .service(code)
        .ok_or_else(|| (form, Open311Fault::not_found("service_code")));
    finish(found.map(|item| answer_one(form, "service_definition", &view::definition(&item))))
}

async fn request(
    State(hub): State<Arc<Open311>>,
    Path(last): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (number, form) = Form::asked(&last, &headers);
    let numbers = [number.to_owned()];
    finish(
        hub.by_numbers(form, &numbers, true)
            .await
            .map_err(|fault| (form, fault)),
    )
}

/// Requests get their number at once, so a token is the number.
async fn token(
    State(hub): State<Arc<Open311>>,
    Path(last): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (token, form) = Form::asked(&last, &headers);
    let found = hub.by_numbers(form, &[token.to_owned()], true).await;
    let entries = vec![json!({ "service_request_id": token, "token": token })];
    let listing = Listing {
        wrapper: "service_requests",
        entry: "request",
        entries,
    };
    finish(
        found
            .map(|_| answer(StatusCode::OK, form, &listing))
            .map_err(|fault| (form, fault)),
    )
}

async fn create(
    State(hub): State<Arc<Open311>>,
    Path(last): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let (name, form) = Form::asked(&last, request.headers());
    if name != "requests" {
        return Open311Fault::not_found("the resource").answer(form);
    }
    let key = Posted::form(&query.unwrap_or_default());
    match hub.create(form, &key, request).await {
        Ok(response) => response,
        Err(fault) => refused_early(fault.answer(form)),
    }
}

impl Open311 {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn services(&self, form: Form) -> Response {
        let items = self.catalog.leaves(self.now());
        let open = items.iter().filter(|item| item.secrecy <= PUBLIC_SECRECY);
        let entries = open.map(|item| view::service(item)).collect();
        answer(
            StatusCode::OK,
            form,
            &Listing {
                wrapper: "services",
                entry: "service",
                entries,
            },
        )
    }

    fn service(&self, code: &str) -> Option<Arc<ItemPolicy>> {
        let leaves = self.catalog.leaves(self.now());
        leaves
            .into_iter()
            .find(|item| item.code == code && item.secrecy <= PUBLIC_SECRECY)
    }

    async fn requests(&self, form: Form, query: &Posted) -> Result<Response, Open311Fault> {
        let query = RequestsQuery::read(query, self.now())?;
        if !query.numbers.is_empty() {
            return self.by_numbers(form, &query.numbers, false).await;
        }
        let conn = self.db.read();
        let visible = store::visible_reach(conn, &view::public_scope(), None)
            .await
            .map_err(failed)?;
        let after = query.skip_to;
        let rows = store::list(conn, &visible, &query.filter, None, after + query.page_size)
            .await
            .map_err(failed)?;
        let page: Vec<_> = rows
            .iter()
            .skip(usize::try_from(after).unwrap_or(usize::MAX))
            .map(|row| row.id)
            .collect();
        self.answer_ids(form, &page).await
    }

    /// The cases with these numbers that everybody may see; `one` must be there.
    async fn by_numbers(
        &self,
        form: Form,
        numbers: &[String],
        one: bool,
    ) -> Result<Response, Open311Fault> {
        let mut ids = Vec::new();
        for number in numbers {
            if let Some(case) = store::load_by_number(self.db.read(), number)
                .await
                .map_err(failed)?
                && case.secrecy <= PUBLIC_SECRECY
            {
                ids.push(case.id.0);
            }
        }
        if one && ids.is_empty() {
            return Err(Open311Fault::not_found("service_request_id"));
        }
        self.answer_ids(form, &ids).await
    }

    async fn answer_ids(
        &self,
        form: Form,
        ids: &[yiwang_kernel::Uuid],
    ) -> Result<Response, Open311Fault> {
        let mut cases = store::load(self.db.read(), ids, false)
            .await
            .map_err(failed)?;
        let entries = ids
            .iter()
            .filter_map(|id| cases.remove(&yiwang_contracts::IncidentId(*id)))
            .map(|case| {
                view::request(
                    &case,
                    self.catalog.as_ref(),
                    self.organisations.as_ref(),
                    self.now(),
                )
            })
            .collect();
        Ok(answer(
            StatusCode::OK,
            form,
            &Listing {
                wrapper: "service_requests",
                entry: "request",
                entries,
            },
        ))
    }

    async fn create(
        &self,
        form: Form,
        key: &Posted,
        request: Request,
    ) -> Result<Response, Open311Fault> {
        // A key in the address is looked at before a file is read.
        if key.get("api_key").is_some() {
            self.client(key.get("api_key"))?;
        }
        let (posted, files) = upload::read(&self.incidents, request, self.now()).await?;
        let given = posted.get("api_key").or_else(|| key.get("api_key"));
        let client = self.client(given)?;
        let code = posted
            .get("service_code")
            .ok_or_else(|| Open311Fault::missing("service_code"))?;
        let Some(item) = self.service(code) else {
            let reason = format!("service_code {code} was not found");
            let fault = Open311Fault::new(StatusCode::NOT_FOUND, reason);
            self.note("open311.unknown_service", &fault, &posted)
                .await?;
            return Err(fault);
        };
        let mut case = match posted.case(&item.code, &item.name.zh) {
            Ok(case) => NewIncident {
                sent: Some(posted.sent()),
                ..case
            },
            Err(fault) => {
                self.note("open311.invalid", &fault, &posted).await?;
                return Err(fault);
            }
        };
        let actor = Actor::system(format!("Open311: {client}"));
        for (received, name) in files {
            let said = Said {
                name,
                ..Said::default()
            };
            let kept = self
                .incidents
                .keep(received, said, &actor, self.now())
                .await;
            let media = kept.map_err(|fault| refused_as(&fault))?;
            case.attachments.push(Attachment::file(media.id));
        }
        let stored = self.store(case, &actor).await?;
        let entries = vec![json!({
            "service_request_id": stored.number,
            "service_notice": "已收到，请用此编号查询办理进度",
            "account_id": null,
        })];
        let listing = Listing {
            wrapper: "service_requests",
            entry: "request",
            entries,
        };
        Ok(answer(StatusCode::CREATED, form, &listing))
    }

    /// The name of the client with this key. Keys are compared whole and in constant time.
    fn client(&self, key: Option<&str>) -> Result<&str, Open311Fault> {
        let key = key.ok_or_else(|| Open311Fault::missing("api_key"))?;
        let digest = yiwang_kernel::sha256(key.as_bytes());
        let known = self
            .keys
            .iter()
            .find(|known| yiwang_kernel::sha256(known.key.reveal().as_bytes()) == digest);
        known
            .map(|known| known.name.as_str())
            .ok_or_else(|| Open311Fault::new(StatusCode::FORBIDDEN, "api_key is not known here"))
    }

    /// A post that its client may not have meant to lose: counted and kept.
    async fn note(
        &self,
        code: &'static str,
        fault: &Open311Fault,
        posted: &Posted,
    ) -> Result<(), Open311Fault> {
        let refused = Refused {
            code,
            field: "",
            message: fault.reasons.join("; "),
        };
        let report = RefusedReport {
            refused,
            source_ref: None,
            sent: Some(posted.sent()),
        };
        let noted = self
            .incidents
            .note_refused(Source::Open311, vec![report], self.now())
            .await;
        noted.map_err(|fault| refused_as(&fault))
    }

    async fn store(&self, case: NewIncident, actor: &Actor) -> Result<Stored, Open311Fault> {
        let outcomes = self
            .incidents
            .create(vec![case], actor, self.now())
            .await
            .map_err(|fault| refused_as(&fault))?;
        match outcomes.into_iter().next() {
            Some(Ok(stored)) => Ok(stored),
            Some(Err(Refused { message, .. })) => {
                Err(Open311Fault::new(StatusCode::BAD_REQUEST, message))
            }
            None => Err(Open311Fault::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the request has no outcome",
            )),
        }
    }
}

fn failed(error: yiwang_store::StoreError) -> Open311Fault {
    refused_as(&error)
}

/// A fault of the hub in the standard's form; what is inside stays inside.
fn refused_as(fault: &dyn Fault) -> Open311Fault {
    let status = match fault.kind() {
        FaultKind::Unavailable | FaultKind::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        FaultKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FaultKind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    };
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(code = fault.code(), error = %fault, "Open311: a request failed");
        return Open311Fault::new(status, "the request could not be answered");
    }
    Open311Fault::new(status, fault.to_string())
}

/// A place as the standard names it.
pub(crate) fn lat_long(position: Option<Position>) -> (Option<f64>, Option<f64>) {
    (position.map(|at| at.lat), position.map(|at| at.lon))
}
