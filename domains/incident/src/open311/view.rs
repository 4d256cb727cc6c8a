//! Services and requests in the words of the standard.

use serde_json::{Value, json};
use yiwang_contracts::{Catalog, ItemPolicy, OrgScope, Organisations, Scope, ScopeClause};
use yiwang_kernel::Timestamp;

use super::query::status_word;
use super::{PUBLIC_SECRECY, lat_long};
use crate::clocks;
use crate::model::{Incident, Source};

/// What everybody may see.
pub(super) fn public_scope() -> Scope {
    Scope {
        clauses: vec![ScopeClause {
            org: OrgScope::All,
            area: None,
            secrecy_max: PUBLIC_SECRECY,
        }],
    }
}

pub(super) fn discovery() -> Value {
    let formats = ["text/xml", "application/json"];
    json!({
        "changeset": env!("CARGO_PKG_VERSION"),
        "contact": "",
        "key_service": "",
        "endpoints": [{
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "/open311/v2",
            "changeset": env!("CARGO_PKG_VERSION"),
            "type": "production",
            "formats": formats,
        }],
    })
}

pub(super) fn service(item: &ItemPolicy) -> Value {
    let group = item
        .path
        .first()
        .map(|name| name.zh.as_str())
        .unwrap_or_default();
    let keywords: Vec<&str> = item.path.iter().map(|name| name.zh.as_str()).collect();
    json!({
        "service_code": item.code,
        "service_name": item.name.zh,
        "description": item.name.en.as_deref().unwrap_or(&item.name.zh),
        "metadata": true,
        "type": "realtime",
        "keywords": keywords.join(","),
        "group": group,
    })
}

/// The standard's fields say all that a report needs; the hub asks nothing it does not use.
pub(super) fn definition(item: &ItemPolicy) -> Value {
    json!({ "service_code": item.code, "attributes": [] })
}

/// What was reported here was said in public; of other ways in only the title is.
fn public_text(case: &Incident) -> &str {
    match case.source {
        Source::Open311 => &case.doc.description,
        _ => &case.title,
    }
}

pub(super) fn request(
    case: &Incident,
    catalog: &dyn Catalog,
    units: &dyn Organisations,
    now: Timestamp,
) -> Value {
    let (lat, long) = lat_long(case.position);
    let item = case
        .item_code
        .as_deref()
        .and_then(|code| catalog.item(code, case.created_at));
    let lead = case
        .lead_org()
        .and_then(|org| units.by_id(&[org]).into_iter().next().flatten());
    let due = clocks::summary(case, now)
        .due
        .map(|(due, _)| due.to_string());
    let updated = case.closed_at.unwrap_or(case.created_at);
    json!({
        "service_request_id": case.number,
        "status": status_word(case.status),
        "status_notes": case.status.zh(),
        "service_name": item.as_ref().map(|item| item.name.zh.as_str()),
        "service_code": case.item_code,
        "description": public_text(case),
        "agency_responsible": lead.map(|org| org.name.zh),
        "service_notice": null,
        "requested_datetime": case.created_at.to_string(),
        "updated_datetime": updated.to_string(),
        "expected_datetime": due,
        "address": case.address,
        "address_id": null,
        "zipcode": null,
        "lat": lat,
        "long": long,
        "media_url": public_link(case),
    })
}

/// A link that was reported in public. What was sent in as a file may show people, and is not.
fn public_link(case: &Incident) -> Option<&str> {
    let links = case.doc.attachments.iter();
    let mut links = links.filter(|attachment| attachment.media_id.is_none());
    links.next().map(|attachment| attachment.url.as_str())
}
