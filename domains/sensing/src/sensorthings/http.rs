//! The routes: any path below the root, by its method.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest as _, FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};
use yiwang_contracts::Scope;
use yiwang_http::{Now, RequestOrigin};
use yiwang_kernel::Timestamp;
use yiwang_odata::{Query, Segment, resource_path};

use super::address::{Address, ROOT};
use super::answer::{is_data_array, listing};
use super::caller::Caller;
use super::entity::Kind;
use super::fault::{Answer, StaFault};
use super::page::Spent;
use super::resource::Target;
use super::write::Change;
use super::{OBSERVATIONS_TOP_MAX, Reader};
use crate::SensingError;
use crate::service::SensingService;

/// The largest body, as of any other push.
const BODY_BYTES_MAX: usize = 16 << 20;

/// What the routes stand on.
struct Door {
    service: Arc<SensingService>,
    /// As the settings say; may be empty.
    public_url: String,
}

/// The routes; their paths are the standard's.
pub(crate) fn routes(service: Arc<SensingService>, public_url: String) -> Router {
    let door = Arc::new(Door {
        service,
        public_url,
    });
    Router::new()
        .route(ROOT, any(serve))
        .route("/sensorthings/v1.1/", any(serve))
        .route("/sensorthings/v1.1/{*path}", any(serve))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(door)
}

async fn serve(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let answered = answer(&door, &mut parts, body).await;
    answered.unwrap_or_else(StaFault::into_response)
}

async fn answer(door: &Door, parts: &mut Parts, body: Body) -> Answer<Response> {
    let caller = Caller::of(&door.service, parts).await?;
    let Now(now) = Now::from_request_parts(parts, &()).await?;
    let RequestOrigin(origin) = RequestOrigin::from_request_parts(parts, &()).await?;
    let path = decoded(parts.uri.path().strip_prefix(ROOT).unwrap_or_default())?;
    let segments = resource_path(&path)?;
    let options: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .map(|(name, text)| (name.into_owned(), text.into_owned()))
            .collect();
    let options = options
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let query = Query::parse(options)?;
    let base = Address::of(&door.public_url, &parts.headers);
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let reader = Reader {
        service: &door.service,
        scope: scope(&caller, reads, now)?,
        now,
        base: &base,
        spent: Spent::default(),
    };
    if reads {
        return read(&reader, &segments, &query).await;
    }
    let is_json_patch = has_type(&parts.headers, "json-patch");
    let method = parts.method.clone();
    let remote = origin.ip.unwrap_or_default();
    let whole = Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(whole, &())
        .await
        .map_err(|rejected| StaFault::new(rejected.status(), "body", rejected.body_text()))?;
    let change = Change {
        reader: &reader,
        caller: &caller,
        remote: &remote,
        is_json_patch,
    };
    change.answer(&method, &segments, &body).await
}

/// What may be seen; to post one has to find where to, so that the right to post is enough for that.
fn scope(caller: &Caller, reads: bool, now: Timestamp) -> Answer<Scope> {
    let actor = match caller {
        Caller::Device(_) if !reads => return Ok(Scope::all()),
        Caller::Device(_) => caller.account()?,
        Caller::Account(actor) => actor,
    };
    let mut scope = actor.scope("sensing.read", now);
    if !reads {
        scope
            .clauses
            .extend(actor.scope("sensing.ingest", now).clauses);
    }
    if scope.is_empty() {
        let action = "sensing.read";
        return Err(SensingError::Denied { action }.into());
    }
    Ok(scope)
}

fn has_type(headers: &HeaderMap, part: &str) -> bool {
    let media = headers.get(header::CONTENT_TYPE);
    media
        .and_then(|media| media.to_str().ok())
        .is_some_and(|media| media.contains(part))
}

/// A path without its percent signs.
fn decoded(path: &str) -> Answer<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let byte = behind.get(..2).and_then(|pair| hex::decode(pair).ok());
        let byte = byte.and_then(|byte| byte.first().copied());
        bytes.push(byte.ok_or_else(|| StaFault::bad("path", "a `%` without its two digits"))?);
        rest = behind.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_no_text| StaFault::bad("path", "the path is no text"))
}

async fn read(reader: &Reader<'_>, segments: &[Segment], query: &Query) -> Answer<Response> {
    let target = reader.target(segments).await?;
    Ok(match target {
        Target::Root => Json(root(reader.base)).into_response(),
        Target::List { source, path, .. } => {
            let is_array = is_data_array(query)?;
            if is_array && source.kind() != Kind::Observation {
                return Err(StaFault::bad(
                    "query",
                    "only observations come as a data array",
                ));
            }
            let listed = reader.list(&source, query, &path).await?;
            let values = if is_array {
                reader.data_array(&listed.entities, query)
            } else {
                reader.all_shown(&listed.entities, query).await?
            };
            Json(listing(values, listed.count, listed.next)).into_response()
        }
        Target::One(entity) => Json(reader.shown(&entity, query, true).await?).into_response(),
        Target::Links(target) => Json(links(reader, *target, query).await?).into_response(),
        Target::Count(source) => {
            let counted = Query {
                filter: query.filter.clone(),
                count: Some(true),
                top: Some(0),
                ..Query::default()
            };
            let listed = reader.list(&source, &counted, "").await?;
            listed.count.unwrap_or(0).to_string().into_response()
        }
        Target::Property {
            entity,
            name,
            is_raw,
        } => property(&entity.property(&name), &name, is_raw),
    })
}

fn property(value: &Value, name: &str, is_raw: bool) -> Response {
    match value {
        Value::Null => StatusCode::NO_CONTENT.into_response(),
        Value::String(text) if is_raw => text.clone().into_response(),
        value if is_raw => value.to_string().into_response(),
        value => Json(json!({ name: value })).into_response(),
    }
}

async fn links(reader: &Reader<'_>, target: Target, query: &Query) -> Answer<Value> {
    let link = |entity: &super::entity::Entity| json!({ "@iot.selfLink": reader.base.link(&entity.path()) });
    match target {
        Target::One(entity) => Ok(link(&entity)),
        Target::List { source, path, .. } => {
            let listed = reader.list(&source, query, &format!("{path}/$ref")).await?;
            let values = listed.entities.iter().map(link).collect();
            Ok(listing(values, listed.count, listed.next))
        }
        _ => Err(StaFault::not_found()),
    }
}

const CONFORMANCE: [&str; 26] = [
    "datamodel/thing",
    "datamodel/location",
    "datamodel/historical-location",
    "datamodel/datastream",
    "datamodel/sensor",
    "datamodel/observed-property",
    "datamodel/observation",
    "datamodel/feature-of-interest",
    "datamodel/entity-control-information",
    "resource-path/resource-path-to-entities",
    "request-data/order",
    "request-data/expand",
    "request-data/select",
    "request-data/status-codes",
    "request-data/query-status-code",
    "request-data/orderby",
    "request-data/top",
    "request-data/skip",
    "request-data/count",
    "request-data/filter",
    "request-data/built-in-filter-operations",
    "request-data/built-in-query-functions",
    "request-data/pagination",
    "data-array/data-array",
    "create-observations-via-mqtt/observations-creation",
    "receive-updates-via-mqtt/receive-updates",
];

fn root(base: &Address) -> Value {
    let sets = Kind::ALL.map(|kind| json!({ "name": kind.set(), "url": base.link(kind.set()) }));
    let conformance: Vec<String> = CONFORMANCE
        .iter()
        .map(|part| format!("http://www.opengis.net/spec/iot_sensing/1.1/req/{part}"))
        .collect();
    json!({
        "value": sets,
        "serverSettings": {
            "conformance": conformance,
            "limits": { "top": super::TOP_MAX, "observations_top": OBSERVATIONS_TOP_MAX },
        },
    })
}
