//! What a post brings: the fields of a form, or of JSON, and the files of a form that has parts.

use axum::body::to_bytes;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use yiwang_kernel::Timestamp;

use super::fault::Open311Fault;
use super::post::Posted;
use super::refused_as;
use crate::api::is_form;
use crate::service::{IncidentService, Received};

/// The largest body without a file.
const BODY_BYTES_MAX: usize = 1 << 20;
/// Parts of a form, files among them, and the bytes of one field.
const PARTS_MAX: usize = 64;
const FILES_MAX: usize = 5;
const FIELD_BYTES_MAX: usize = 64 * 1024;

/// Files that are whole and looked at, each with its name.
pub(super) type Files = Vec<(Received, String)>;

pub(super) async fn read(
    hub: &IncidentService,
    request: Request,
    now: Timestamp,
) -> Result<(Posted, Files), Open311Fault> {
    if is_form(request.headers()) {
        return parts(hub, request, now).await;
    }
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_longer| {
        let reason = "the body is larger than what a post without a file may have";
        Open311Fault::new(StatusCode::PAYLOAD_TOO_LARGE, reason)
    })?;
    Ok((Posted::read(&head.headers, &bytes)?, Files::new()))
}

async fn parts(
    hub: &IncidentService,
    request: Request,
    now: Timestamp,
) -> Result<(Posted, Files), Open311Fault> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_no_boundary| bad("the form has no boundary"))?;
    let (mut fields, mut files) = (Vec::new(), Files::new());
    for _ in 0..PARTS_MAX {
        let next = form.next_field().await;
        let Some(part) = next.map_err(|_broken| bad("the form broke off"))? else {
            return Ok((Posted::of_parts(fields), files));
        };
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            // A browser sends an empty part where no file was chosen.
            Some(file) if file.is_empty() => {}
            Some(_) if name != "media" => {
                return Err(bad("a file is sent in the part named media"));
            }
            Some(_) if files.len() == FILES_MAX => {
                return Err(bad("there are too many files in the form"));
            }
            Some(file) => {
                let received = hub.receive(part, now).await;
                files.push((received.map_err(|fault| refused_as(&fault))?, file));
            }
            None => fields.push((name, field(part).await?)),
        }
    }
    Err(bad("the form has too many parts"))
}

async fn field(mut part: Field<'_>) -> Result<String, Open311Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = part
        .chunk()
        .await
        .map_err(|_broken| bad("the form broke off"))?
    {
        bytes.extend_from_slice(&piece);
        if bytes.len() > FIELD_BYTES_MAX {
            return Err(bad("a field of the form is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_not_text| bad("the form is not UTF-8"))
}

fn bad(reason: &str) -> Open311Fault {
    Open311Fault::new(StatusCode::BAD_REQUEST, reason)
}
