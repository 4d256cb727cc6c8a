//! Files of evidence: sending one in, looking at it, at a small picture of it, or at a part of it.

use std::io::SeekFrom;

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::Actor;
use yiwang_http::{CurrentActor, Json, Now, Path, Problem, Problems, Query};
use yiwang_kernel::{Position, Timestamp};
use yiwang_media::Kind;

use super::Hub;
use super::public::Key;
use super::range::{Part, part};
use crate::model::{Media, MediaId};
use crate::service::{IncidentService, MediaFault, PreviewSize, Received, Said};
use crate::view::MediaView;

/// Parts of a form at most; one of them is the file.
const PARTS_MAX: usize = 8;

/// What is said of a file that is sent in. Where the file says it itself, the file is believed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Described {
    /// What it is called. In a form the part's own name is taken.
    #[serde(default)]
    name: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    taken_at: Option<Timestamp>,
    /// Where it was taken, CGCS2000.
    #[serde(default)]
    lon: Option<f64>,
    #[serde(default)]
    lat: Option<f64>,
}

impl Described {
    fn said(self, name: Option<String>) -> Result<Said, MediaFault> {
        let position = match (self.lon, self.lat) {
            (None, None) => None,
            (Some(lon), Some(lat)) => match Position::new(lon, lat) {
                Ok(position) => Some(position),
                Err(yiwang_kernel::PositionFault::Null) => None,
                Err(_) => {
                    let (field, why) = ("lon", "this is no place on the ground");
                    return Err(MediaFault::BadWord { field, why });
                }
            },
            _ => {
                let (field, why) = ("lon", "lon and lat go together");
                return Err(MediaFault::BadWord { field, why });
            }
        };
        Ok(Said {
            name: name.or(self.name).unwrap_or_default(),
            taken_at: self.taken_at,
            position,
        })
    }
}

/// A form with one file in it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes a body that is read by hand")]
pub(crate) struct MediaForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Sends a file in: as a form with one file, or as nothing but its bytes. What it is, is told from the bytes.
///
/// Until a command or a report names its id, only its sender sees it, and after some time it is removed.
#[utoipa::path(post, path = "/api/v1/media", tag = "media", operation_id = "uploadMedia",
    params(Described),
    request_body(content((MediaForm = "multipart/form-data"), (Vec<u8> = "application/octet-stream"))),
    responses((status = 201, body = MediaView), Problems))]
pub(crate) async fn upload(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(described): Query<Described>,
    request: Request,
) -> Response {
    match take_in(&hub, &actor, now, described, request).await {
        Ok(response) => response,
        Err(problem) => refused_early(problem.into_response()),
    }
}

/// What was refused before it was read to its end leaves the rest on the line: nobody may use that line again.
pub(crate) fn refused_early(mut response: Response) -> Response {
    set(&mut response, header::CONNECTION, "close");
    response
}

async fn take_in(
    hub: &IncidentService,
    actor: &Actor,
    now: Timestamp,
    described: Described,
    request: Request,
) -> Result<Response, Problem> {
    hub.may_upload(actor, now)?;
    let headers = request.headers();
    check_length(hub, headers)?;
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        let detail = "a file is sent as it is, without content-encoding";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "http.unsupported_media_type", detail));
    }
    let (received, name) = if is_form(headers) {
        from_form(hub, request, now).await?
    } else {
        let pieces = request.into_body().into_data_stream();
        (hub.receive(pieces, now).await?, None)
    };
    let said = described.said(name)?;
    let media = hub.keep(received, said, actor, now).await?;
    let location = format!("/api/v1/media/{}", media.id);
    let view = Json(MediaView::of(&media, Vec::new()));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], view).into_response())
}

/// A body that says that it is too large need not be read.
fn check_length(hub: &IncidentService, headers: &HeaderMap) -> Result<(), MediaFault> {
    /// What a form may have around its file.
    const FORM_BYTES_MAX: u64 = 16 * 1024;
    let max = hub.room.bytes_max();
    let said = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match said {
        Some(bytes) if bytes > max.saturating_add(FORM_BYTES_MAX) => {
            Err(MediaFault::TooLarge { max })
        }
        _ => Ok(()),
    }
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| {
            kind.trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/form-data")
        })
}

async fn from_form(
    hub: &IncidentService,
    request: Request,
    now: Timestamp,
) -> Result<(Received, Option<String>), Problem> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_no_boundary| MediaFault::Unread)?;
    for _ in 0..PARTS_MAX {
        let Some(field) = form
            .next_field()
            .await
            .map_err(|_broken| MediaFault::Unread)?
        else {
            break;
        };
        if let Some(name) = field.file_name().map(str::to_owned) {
            return Ok((hub.receive(field, now).await?, Some(name)));
        }
    }
    Err(MediaFault::NoFile.into())
}

/// In which size a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MediaSize {
    /// A small JPEG for lists.
    Thumb,
    /// A JPEG for a screen.
    View,
}

impl From<MediaSize> for PreviewSize {
    fn from(size: MediaSize) -> Self {
        match size {
            MediaSize::Thumb => Self::Thumb,
            MediaSize::View => Self::View,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sized {
    /// Without it: the file as it was sent.
    #[param(inline)]
    #[serde(default)]
    size: Option<MediaSize>,
}

/// A file, to whoever may see its case. `Range`, `If-Range` and `If-None-Match` are heeded.
#[utoipa::path(get, path = "/api/v1/media/{id}", tag = "media", operation_id = "getMedia",
    params(("id" = String, Path, format = Uuid), Sized),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn media(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<MediaId>,
    Query(wanted): Query<Sized>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = hub.media(id, &actor, now).await?;
    match wanted.size {
        Some(size) => preview(&hub, &media, size.into(), &headers, now).await,
        None => original(&hub, &media, &headers).await,
    }
}

/// What is known of a file.
#[utoipa::path(get, path = "/api/v1/media/{id}/about", tag = "media", operation_id = "aboutMedia",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = MediaView), Problems))]
pub(crate) async fn about(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<MediaId>,
) -> Result<Json<MediaView>, Problem> {
    let media = hub.media(id, &actor, now).await?;
    Ok(Json(MediaView::of(&media, Vec::new())))
}

/// What the citizen sent with the case, to whoever holds its number and query code. Pictures are given out newly made,
/// without the marks of camera and place that the file may hold.
#[utoipa::path(get, path = "/api/v1/public/incidents/{number}/media/{id}", tag = "public", operation_id = "getPublicMedia",
    params(("number" = String, Path), ("id" = String, Path, format = Uuid), Key, Sized), security(()),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn public_media(
    State(hub): Hub,
    Now(now): Now,
    Path((number, id)): Path<(String, MediaId)>,
    Query(key): Query<Key>,
    Query(wanted): Query<Sized>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = hub.public_media(&number, &key.code, id).await?;
    match wanted.size {
        Some(size) => preview(&hub, &media, size.into(), &headers, now).await,
        None if media.kind.is_picture() => {
            preview(&hub, &media, PreviewSize::View, &headers, now).await
        }
        None => original(&hub, &media, &headers).await,
    }
}

async fn preview(
    hub: &IncidentService,
    media: &Media,
    size: PreviewSize,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Response, Problem> {
    let tag = format!("\"{}-{}\"", hex::encode(media.digest), size.as_str());
    if is_known(headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let jpeg = hub.room.preview(media, size, now).await?;
    Ok(dressed(media, Kind::Jpeg, &tag, jpeg.into_response()))
}

async fn original(
    hub: &IncidentService,
    media: &Media,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", hex::encode(media.digest));
    if is_known(headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let opened = hub.room.blobs().open(&media.digest).await;
    let (mut file, length) = opened?.ok_or(MediaFault::Missing)?;
    let if_range = text(headers, &header::IF_RANGE);
    let range = text(headers, &header::RANGE).filter(|_| if_range.is_none_or(|known| known == tag));
    let (status, from, count) = match part(range, length) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Range(range) => {
            let count = range.end() - range.start() + 1;
            (StatusCode::PARTIAL_CONTENT, *range.start(), count)
        }
        Part::Outside => {
            let detail = format!("the file has {length} bytes");
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let problem = Problem::new(status, "media.no_such_range", detail);
            let mut response = problem.into_response();
            set(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{length}"),
            );
            return Ok(response);
        }
    };
    if from > 0 {
        let moved = file.seek(SeekFrom::Start(from)).await;
        moved.map_err(yiwang_store::StoreError::from)?;
    }
    let body = Body::from_stream(ReaderStream::new(file.take(count)));
    let mut response = (status, body).into_response();
    set(&mut response, header::CONTENT_LENGTH, &count.to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{length}", from + count - 1);
        set(&mut response, header::CONTENT_RANGE, &range);
    }
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    Ok(dressed(media, media.kind, &tag, response))
}

/// A file is data: whatever is in it, a browser may show it and do nothing else with it.
fn dressed(media: &Media, kind: Kind, tag: &str, mut response: Response) -> Response {
    let shown = if kind == Kind::Pdf {
        "attachment"
    } else {
        "inline"
    };
    let name: String = form_name(&media.name);
    set(&mut response, header::CONTENT_TYPE, kind.content_type());
    set(&mut response, header::ETAG, tag);
    set(
        &mut response,
        header::CONTENT_DISPOSITION,
        &format!(
            "{shown}; filename=\"file.{}\"; filename*=UTF-8''{name}",
            kind.extension()
        ),
    );
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(
        &mut response,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox",
    );
    response
}

/// A name as RFC 8187 writes it.
fn form_name(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _written = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    text(headers, &header::IF_NONE_MATCH).is_some_and(|known| {
        known
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"))
            .any(|one| one == tag || one == "*")
    })
}

fn not_modified(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    set(&mut response, header::ETAG, tag);
    response
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
