//! Files of evidence: sending in, limits, hostile files, who may see what, parts of files, ways in.

use std::io::Cursor;

use axum::http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_store::Examined;

use crate::app::{Answer, Client, Engine, OPEN311_KEY, TestApp};

const PATH: &str = "/api/v1/media";
const BOUNDARY: &str = "----of-parts";

/// A picture that differs from others by its shade.
pub(crate) fn png(shade: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 400, |x, y| {
        Rgb([shade, (x % 256) as u8, (y % 256) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

pub(crate) fn form(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

async fn send(client: &Client, path: &str, content: &[u8]) -> Answer {
    let kind = Some("application/octet-stream");
    client
        .send_as(Method::POST, path, kind, content.to_vec())
        .await
}

/// Sends a picture in; answers its id.
async fn sent(client: &Client, shade: u8) -> String {
    let view = send(client, PATH, &png(shade)).await.ok();
    view["id"].as_str().unwrap().to_owned()
}

/// Status, headers and bytes of a GET.
async fn bytes(client: &Client, path: &str) -> (u16, HeaderMap, Vec<u8>) {
    let response = client.respond(Method::GET, path, None, Vec::new()).await;
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (head.status.as_u16(), head.headers, body)
}

#[tokio::test]
async fn a_file_is_sent_in_as_a_form_or_as_its_bytes_and_read_back_in_parts() {
    let app = TestApp::start().await;
    let handler = app.client("handler");
    let content = png(1);
    let (kind, body) = form(&[("note", None, b"x"), ("file", Some("现场 1.png"), &content)]);
    let answer = handler.send_as(Method::POST, PATH, Some(&kind), body).await;
    assert_eq!(answer.status, 201);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("{PATH}/{id}"));
    let view = answer.ok();
    assert_eq!(view["name"], "现场 1.png");
    assert_eq!(
        (&view["kind"], &view["width"]),
        (&json!("png"), &json!(640))
    );
    let path = format!("{PATH}/{id}");

    let (status, headers, whole) = bytes(&handler, &path).await;
    assert_eq!((status, &whole), (200, &content));
    let header = |name: &str| headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(header("accept-ranges"), "bytes");
    assert_eq!(header("cache-control"), "private, no-cache");
    assert!(
        header("content-disposition")
            .starts_with("inline; filename=\"file.png\"; filename*=UTF-8''%E7")
    );
    let tag = header("etag").to_owned();

    let part = handler.clone().with("range", "bytes=10-19");
    let (status, headers, some) = bytes(&part, &path).await;
    assert_eq!((status, some.as_slice()), (206, &content[10..20]));
    let range = format!("bytes 10-19/{}", content.len());
    assert_eq!(headers["content-range"].to_str().unwrap(), range);
    let beyond = handler.clone().with("range", "bytes=99999999-");
    let answer = beyond.get(&path).await;
    answer.refused(416, "media.no_such_range");
    let stale = part.with("if-range", "\"another\"");
    assert_eq!(bytes(&stale, &path).await.0, 200);
    let known = handler.clone().with("if-none-match", &tag);
    assert_eq!(bytes(&known, &path).await.0, 304);

    for (size, width) in [("thumb", 320), ("view", 640)] {
        for _ in 0..2 {
            let (status, headers, jpeg) = bytes(&handler, &format!("{path}?size={size}")).await;
            assert_eq!(
                (status, headers["content-type"].to_str().unwrap()),
                (200, "image/jpeg")
            );
            assert_eq!(image::load_from_memory(&jpeg).unwrap().width(), width);
        }
    }
    handler
        .get(&format!("{path}?size=huge"))
        .await
        .refused(400, "http.invalid_query");
    let about = handler.get(&format!("{path}/about")).await.ok();
    assert_eq!(about["sha256"], view["sha256"]);
}

#[tokio::test]
async fn what_the_sender_says_counts_where_the_file_says_nothing() {
    let app = TestApp::start().await;
    let handler = app.client("handler");
    let said = format!("{PATH}?name=a.png&taken_at=2026-11-23T00:30:00Z&lon=120.28&lat=31.91");
    let view = send(&handler, &said, &png(2)).await.ok();
    assert_eq!(view["taken_at"], "2026-11-23T00:30:00Z");
    assert_eq!(view["position"], json!({"lon": 120.28, "lat": 31.91}));
    for bad in ["lon=120.28", "lon=500&lat=31"] {
        let answer = send(&handler, &format!("{PATH}?{bad}"), &png(2)).await;
        answer.refused(422, "media.bad_word");
    }
}

#[tokio::test]
async fn hostile_and_oversized_files_are_refused_and_leave_nothing() {
    let app = TestApp::start_with(&[
        ("media.bytes_max", "100000"),
        ("media.pixels_max", "200000"),
    ])
    .await;
    let handler = app.client("handler");
    let mut bomb = png(1);
    // 60 000 x 60 000, with the checksum of that.
    bomb.splice(16..24, [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    bomb.splice(29..33, 0x0FB0_E215_u32.to_be_bytes());
    let table: [(&str, Vec<u8>, u16, &str); 9] = [
        ("nothing", Vec::new(), 422, "media.empty"),
        (
            "html",
            b"<!doctype html><script>alert(1)</script>".to_vec(),
            415,
            "media.unsupported",
        ),
        (
            "svg",
            b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            415,
            "media.unsupported",
        ),
        (
            "zip",
            b"PK\x03\x04\x14\0\0\0\x08\0 a bomb .................".to_vec(),
            415,
            "media.unsupported",
        ),
        (
            "heic",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            415,
            "media.unsupported",
        ),
        (
            "a lie",
            [b"\x89PNG\r\n\x1a\n".as_slice(), &[b'<'; 400]].concat(),
            422,
            "media.broken",
        ),
        ("too many pixels", png(1), 413, "media.too_many_pixels"),
        (
            "too many bytes",
            [b"%PDF-1.7 ".as_slice(), vec![0; 100_000].as_slice()].concat(),
            413,
            "media.too_large",
        ),
        (
            "far too many",
            [b"%PDF-1.7 ".as_slice(), vec![0; 300_000].as_slice()].concat(),
            413,
            "media.too_large",
        ),
    ];
    for (what, content, status, code) in table {
        let answer = send(&handler, PATH, &content).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (status, code),
            "{what}: {}",
            answer.text
        );
        let (kind, body) = form(&[("file", Some("innocent.jpg"), &content)]);
        let answer = handler.send_as(Method::POST, PATH, Some(&kind), body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (status, code),
            "{what} in a form"
        );
    }
    let problem = send(&handler, PATH, &bomb)
        .await
        .refused(413, "media.too_many_pixels");
    assert_eq!(problem["data"]["pixels"], 3_600_000_000_u64);
    let (kind, body) = form(&[("text", None, b"no file at all")]);
    let answer = handler.send_as(Method::POST, PATH, Some(&kind), body).await;
    answer.refused(422, "media.no_file");
    let (kind, mut body) = form(&[("file", Some("a.pdf"), b"%PDF-1.7 cut off in the middle, or")]);
    body.truncate(body.len() - 30);
    let answer = handler.send_as(Method::POST, PATH, Some(&kind), body).await;
    answer.refused(422, "media.unread");
    let zipped = handler.clone().with("content-encoding", "gzip");
    send(&zipped, PATH, b"%PDF-1.7")
        .await
        .refused(415, "http.unsupported_media_type");
    let drafts = std::fs::read_dir(app.blobs.root().join("drafts"));
    assert_eq!(drafts.map_or(0, Iterator::count), 0);
    let kept = send(&handler, PATH, b"%PDF-1.7 of the right size").await;
    assert_eq!(kept.status, 201);
    let path = format!("{PATH}/{}", kept.body["id"].as_str().unwrap());
    let (_, headers, _) = bytes(&handler, &path).await;
    assert!(
        headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment;")
    );
    handler
        .get(&format!("{path}?size=thumb"))
        .await
        .refused(404, "media.no_preview");
}

#[tokio::test]
async fn kinds_that_the_settings_leave_out_are_refused() {
    let app = TestApp::start_with(&[("media.kinds", r#"["jpeg"]"#)]).await;
    let problem = send(&app.client("handler"), PATH, &png(1))
        .await
        .refused(415, "media.unsupported");
    assert_eq!(problem["data"]["kinds"], json!(["jpeg"]));
}

#[tokio::test]
async fn only_those_who_can_use_a_file_may_send_one() {
    let app = TestApp::start().await;
    send(&app.anybody(), PATH, &png(1))
        .await
        .refused(401, "auth.required");
    for account in ["admin.audit", "admin.system", "analyst"] {
        let answer = send(&app.client(account), PATH, &png(1)).await;
        assert_eq!(answer.status, 403, "{account}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_report_with_pictures_from_the_handler_to_the_verifier() {
    for engine in Engine::all() {
        let app = TestApp::start_on(engine).await;
        let (handler, verifier) = (app.client("handler"), app.client("verifier"));
        let mut case = app.handling().await;
        let (before, after) = (sent(&handler, 10).await, sent(&handler, 20).await);
        for id in [&before, &after] {
            let path = format!("{PATH}/{id}");
            assert_eq!(bytes(&handler, &path).await.0, 200);
            for other in ["verifier", "duty", "dispatcher", "grid"] {
                app.client(other)
                    .get(&path)
                    .await
                    .refused(404, "media.not_found");
            }
        }
        let task = case.lead_task();
        let report = |id: &str| {
            json!({"task_id": task, "result": "solved", "text": "已清运", "evidence": [
                {"kind": "photo_before", "media_id": before}, {"kind": "photo_after", "media_id": id},
            ]})
        };
        let strange = sent(&verifier, 30).await;
        case.refused(
            "handler",
            "report",
            report(&strange),
            "incident.unknown_media",
        )
        .await;
        case.step("handler", "report", report(&after)).await;

        let detail = case.reload().await.clone();
        let media = detail["media"].as_array().unwrap();
        assert_eq!(media.len(), 2);
        let piece = &detail["tasks"][0]["evidence"][1];
        assert_eq!(piece["sha256"], media[1]["sha256"]);
        let line = case.timeline().await.pop().unwrap();
        assert_eq!(line["after"]["evidence"][1]["sha256"], media[1]["sha256"]);
        assert_eq!(line["after"]["evidence"][1]["media_id"], json!(after));

        let path = format!("{PATH}/{after}");
        assert_eq!(bytes(&verifier, &path).await.0, 200);
        assert_eq!(bytes(&verifier, &format!("{path}?size=thumb")).await.0, 200);
        app.client("grid")
            .get(&path)
            .await
            .refused(404, "media.not_found");
        app.anybody().get(&path).await.refused(401, "auth.required");

        let checks = case.required("close");
        let verified = json!({"passed": true, "checks": checks, "text": "已复核",
            "evidence": [{"kind": "photo", "media_id": strange}]});
        case.step("verifier", "verify", verified).await;
        assert_eq!(case.detail["verification"][0]["media_id"], json!(strange));
        let found = yiwang_incident::verify_media(&app.city.node.platform().db, &app.blobs);
        assert_eq!(found.await.unwrap().broken_total, 0);
        app.settle().await;
    }
}

#[tokio::test]
async fn the_verifier_is_told_of_what_looks_odd() {
    let app = TestApp::start().await;
    let handler = app.client("handler");
    let (first, mut second) = (app.handling().await, app.handling().await);
    let report = |task: Value, before: &str, after: &str| {
        json!({"task_id": task, "result": "solved", "text": "已清运", "evidence": [
            {"kind": "photo_before", "media_id": before}, {"kind": "photo_after", "media_id": after},
        ]})
    };
    let (before, after) = (sent(&handler, 1).await, sent(&handler, 2).await);
    let body = report(first.lead_task(), &before, &after);
    handler.command(&first.id, "report", body).await.ok();
    let early = format!("{PATH}?taken_at=2026-11-01T00:00:00Z");
    let again = send(&handler, &early, &png(2)).await.ok();
    let again = again["id"].as_str().unwrap().to_owned();
    let body = report(second.lead_task(), &sent(&handler, 3).await, &again);
    handler.command(&second.id, "report", body).await.ok();
    let media = second.reload().await["media"].clone();
    let odd = media
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == json!(again))
        .unwrap();
    let kinds: Vec<&str> = odd["doubts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|doubt| doubt["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["used_elsewhere", "before_task"]);
    app.settle().await;
}

#[tokio::test]
async fn a_report_at_the_desk_brings_its_pictures() {
    let app = TestApp::start().await;
    let intake = app.client("intake");
    let id = sent(&intake, 5).await;
    let case = app
        .create(json!({"attachments": [{"media_id": id}, {"url": "https://example.org/a.jpg", "name": "a"}]}))
        .await;
    let attachments = &case.detail["attachments"];
    assert_eq!(attachments[0]["url"], format!("{PATH}/{id}"));
    assert_eq!(attachments[1]["url"], "https://example.org/a.jpg");
    let created = &case.timeline().await[0];
    assert_eq!(created["after"]["evidence"][0]["media_id"], json!(id));
    let again = TestApp::report(json!({"attachments": [{"media_id": id}]}));
    let problem = intake
        .post("/api/v1/incidents", again)
        .await
        .refused(422, "incident.intake.unknown_media");
    assert_eq!(problem["fields"][0]["path"], "/attachments");
    let empty = TestApp::report(json!({"attachments": [{"name": "a"}]}));
    intake
        .post("/api/v1/incidents", empty)
        .await
        .refused(422, "incident.intake.attachment_empty");
    app.settle().await;
}

#[tokio::test]
async fn an_open311_client_sends_a_picture_that_only_the_citizen_and_the_officers_see() {
    let app = TestApp::start().await;
    let anybody = app.anybody();
    let picture = png(7);
    let fields: [(&str, Option<&str>, &[u8]); 5] = [
        ("media", Some("照片.png"), &picture),
        ("api_key", None, OPEN311_KEY.as_bytes()),
        ("service_code", None, crate::app::ITEM.as_bytes()),
        ("address_string", None, "示例路 1 号".as_bytes()),
        ("description", None, "垃圾桶满了".as_bytes()),
    ];
    let post = async |fields: &[(&str, Option<&str>, &[u8])]| {
        let (kind, body) = form(fields);
        anybody
            .send_as(Method::POST, "/open311/v2/requests.json", Some(&kind), body)
            .await
    };
    let answer = post(&fields).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let number = answer.body[0]["service_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let public = anybody
        .get(&format!("/open311/v2/requests/{number}.json"))
        .await
        .ok();
    assert_eq!(
        public[0]["media_url"],
        Value::Null,
        "what may show people is not published"
    );

    let list = app
        .client("intake")
        .get(&format!("/api/v1/incidents?q={number}"))
        .await
        .ok();
    let id = list["items"][0]["id"].as_str().unwrap();
    let detail = app
        .client("intake")
        .get(&format!("/api/v1/incidents/{id}"))
        .await
        .ok();
    assert_eq!(detail["media"][0]["from_citizen"], true);
    let code = detail["public"]["query_code"].as_str().unwrap();
    let media = detail["media"][0]["id"].as_str().unwrap();
    let at = format!("/api/v1/public/incidents/{number}");
    let status = anybody.get(&format!("{at}?code={code}")).await.ok();
    assert_eq!(status["media"][0]["id"], json!(media));
    let (status, headers, jpeg) = bytes(&anybody, &format!("{at}/media/{media}?code={code}")).await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "image/jpeg")
    );
    assert_eq!(image::load_from_memory(&jpeg).unwrap().width(), 640);
    for wrong in [
        format!("{at}/media/{media}?code=AAAAAAAA"),
        format!("{at}/media/{id}?code={code}"),
    ] {
        anybody.get(&wrong).await.refused(404, "media.not_found");
    }

    // Refused posts keep no file.
    let mut no_key = fields;
    no_key[1] = ("api_key", None, b"nobody");
    assert_eq!(post(&no_key).await.status, 403);
    let mut page = fields;
    page[0] = (
        "media",
        Some("a.jpg"),
        b"<html>not a picture</html>.........",
    );
    assert_eq!(post(&page).await.status, 415);
    let swept = app
        .blobs
        .sweep_drafts("2200-01-01T00:00:00Z".parse().unwrap())
        .await;
    assert_eq!(swept.unwrap(), 0);
    app.settle().await;
}

#[tokio::test]
async fn files_that_nobody_used_are_gone_after_a_day() {
    let app = TestApp::start().await;
    let handler = app.client("handler");
    let id = sent(&handler, 1).await;
    let digest = yiwang_kernel::sha256(&png(1));
    app.pass(SignedDuration::from_hours(25)).await;
    handler
        .get(&format!("{PATH}/{id}"))
        .await
        .refused(404, "media.not_found");
    assert_eq!(app.blobs.examine(&digest).await.unwrap(), Examined::Missing);
    let metrics = app.anybody().get("/metrics").await;
    assert!(
        metrics.text.contains("media_swept_total 1"),
        "{}",
        metrics.text
    );
}
