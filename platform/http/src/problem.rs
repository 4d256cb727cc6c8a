//! RFC 9457 problem details: the one form in which anything that went wrong leaves the process.
//!
//! The kind of a fault decides the status, its `code` is what clients match on. Sources of faults are
//! logged where they stop, here, and never shown.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{RefOr, Response as OpenApiResponse};
use utoipa::{PartialSchema, ToSchema};
use yiwang_kernel::{Fault, FaultKind, FieldFault, IntoFault};

/// The media type of every problem.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// What a handler answers when it cannot do what was asked.
#[derive(Debug, Clone)]
pub struct Problem(Box<ProblemBody>);

/// The body of a [`Problem`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:yiwang:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// In plain words, the same for every problem of a status.
    pub title: String,
    pub status: u16,
    /// Stable and dotted; match on this, never on text.
    pub code: String,
    /// What was wrong this time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The fields of the request at fault: JSON pointers in a body, names of parameters elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldFault>,
    /// Facts for the client, such as who changed the row.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
    /// Sent as the `Retry-After` header.
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

impl Problem {
    /// A problem of the edge itself; domains answer with their [`Fault`]s.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemBody {
            kind: format!("urn:yiwang:problem:{code}"),
            title: title(status).into_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            fields: Vec::new(),
            data: Value::Null,
            retry_after_seconds: None,
        }))
    }

    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldFault>) -> Self {
        self.0.fields = fields;
        self
    }

    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        self.0.data = data;
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn code(&self) -> &str {
        &self.0.code
    }

    pub fn body(&self) -> &ProblemBody {
        &self.0
    }

    /// Nobody is signed in.
    pub fn auth_required() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "auth.required",
            "sign in, or send a bearer token that is still good",
        )
    }

    /// Known who it is, and not theirs to do.
    pub fn denied(action: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "auth.denied",
            format!("no grant of yours carries {action}"),
        )
        .with_data(serde_json::json!({ "action": action }))
    }

    /// There is nothing here, or nothing that the asker may see.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "http.not_found",
            "there is nothing here",
        )
    }

    /// What is answered when we broke a promise; the log has the rest.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong on our side; the log holds it under this request's id",
        )
    }
}

/// The status of each kind of fault; nothing else decides it.
pub fn status_of(kind: FaultKind) -> StatusCode {
    match kind {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        FaultKind::Denied => StatusCode::FORBIDDEN,
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Conflict | FaultKind::Refused => StatusCode::CONFLICT,
        FaultKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FaultKind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        FaultKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// How long a client should wait before it repeats what could not be done now.
const UNAVAILABLE_RETRY_SECONDS: u64 = 2;

impl<E: IntoFault> From<E> for Problem {
    fn from(fault: E) -> Self {
        let fault = fault.into_fault();
        let kind = fault.kind();
        match kind {
            FaultKind::Internal => {
                tracing::error!(
                    code = fault.code(),
                    "internal fault: {}",
                    chain(fault.as_ref())
                );
                let mut problem = Self::internal();
                fault.code().clone_into(&mut problem.0.code);
                problem.0.kind = format!("urn:yiwang:problem:{}", fault.code());
                return problem;
            }
            FaultKind::Unavailable => {
                tracing::warn!(
                    code = fault.code(),
                    "unavailable: {}",
                    chain(fault.as_ref())
                );
            }
            _ => {}
        }
        let problem = Self::new(status_of(kind), fault.code(), fault.to_string())
            .with_fields(fault.fields())
            .with_data(fault.data());
        match kind {
            FaultKind::Unavailable | FaultKind::TooMany => {
                problem.with_retry_after(UNAVAILABLE_RETRY_SECONDS)
            }
            _ => problem,
        }
    }
}

/// The fault and what caused it, outermost first.
fn chain(fault: &dyn Fault) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn title(status: StatusCode) -> Cow<'static, str> {
    Cow::Borrowed(match status.as_u16() {
        400 => "请求无法读懂 (the request cannot be read)",
        401 => "请先登录 (sign in first)",
        403 => "没有权限 (not allowed)",
        404 => "没有找到 (not found)",
        405 => "此处不支持该操作 (this cannot be done here)",
        408 | 504 => "超时 (it took too long)",
        409 => "现在不能这样做 (this cannot be done as things stand)",
        413 => "内容过大 (too large)",
        415 => "不支持的内容类型 (content type not supported)",
        422 => "内容有误 (something in the request is wrong)",
        428 => "缺少版本条件 (a version is needed)",
        429 => "请求过于频繁 (too many requests)",
        500 => "系统内部错误 (something went wrong on our side)",
        503 => "暂时无法处理 (cannot be done right now)",
        _ => return Cow::Borrowed(status.canonical_reason().unwrap_or("problem")),
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.0.retry_after_seconds;
        let mut response = (status, Json(&*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(PROBLEM_MEDIA_TYPE),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.0.status, self.0.code, self.0.detail)
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemBody::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProblemBody::schemas(schemas);
    }
}

/// The problems that any operation may answer with: `responses((status = 200, body = View), Problems)`.
pub struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, RefOr<OpenApiResponse>> {
        [400_u16, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503]
            .into_iter()
            .filter_map(|status| {
                let status = StatusCode::from_u16(status).ok()?;
                let content = utoipa::openapi::ContentBuilder::new()
                    .schema(Some(utoipa::openapi::Ref::from_schema_name("Problem")))
                    .build();
                let response = utoipa::openapi::ResponseBuilder::new()
                    .description(title(status))
                    .content(PROBLEM_MEDIA_TYPE, content)
                    .build();
                Some((status.as_str().to_owned(), RefOr::T(response)))
            })
            .collect()
    }
}
