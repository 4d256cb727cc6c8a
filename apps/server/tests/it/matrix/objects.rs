//! What there is to try every operation with, and the bodies to try it by.

use axum::http::Method;
use serde_json::{Value, json};

use super::{COMMANDS, NOT_THERE, Operation};
use crate::app::{ITEM, OPEN311_KEY, TOWN, TestApp};
use crate::media::{form, png};

/// The screen whose draft is kept below; it asks for no right.
const SCREEN: &str = "matrix";

/// What the operations are tried on.
pub(super) struct Objects {
    case: String,
    number: String,
    code: String,
    user: String,
    org: String,
    grant: String,
    draft: String,
    refusal: String,
    /// A gas detector that belongs to the bureau of cgj, and the alarm that it raised.
    device: String,
    alarm: String,
    /// A draft of its rule, a maintenance window and a shelf for it.
    rule_draft: String,
    window: String,
    shelf: String,
    /// A component of that bureau, by its code.
    component: String,
    /// A fence of that bureau.
    fence: String,
    /// Evidence of the case.
    media: String,
    /// What the citizen sent with another case: that case's number and code, and the file.
    sent: (String, String, String),
}

impl Objects {
    pub(super) async fn of(app: &TestApp) -> Self {
        let grid = app
            .client("admin.security")
            .get("/api/v1/grants?role=grid_worker")
            .await
            .ok();
        let village = grid["items"][0]["area"].clone();
        let village = village["code"].as_str().or(village.as_str()).unwrap();
        let mut case = app.registered(json!({"area_code": village})).await;
        case.step(
            "dispatcher",
            "dispatch",
            json!({"mode": "single", "lead": app.org_id("cgj-hw")}),
        )
        .await;
        let users = app
            .client("admin.system")
            .get("/api/v1/users?q=cgj.1")
            .await
            .ok();
        let grants = app
            .client("admin.security")
            .get("/api/v1/grants?role=handler&limit=1")
            .await
            .ok();
        let draft = app
            .client("analyst")
            .post("/api/v1/responsibility/drafts", json!({"title": "x"}))
            .await
            .ok();
        let refused = json!({"source": "hotline", "title": "", "description": ""});
        let answer = app
            .client("intake")
            .post("/api/v1/incidents", refused)
            .await;
        assert_eq!(answer.code(), "incident.intake.text_missing");
        let refusals = app.client("duty").get("/api/v1/intake/refusals").await.ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let dispatcher = app.client("dispatcher");
        let media = dispatcher.send_as(Method::POST, "/api/v1/media", None, png(1));
        let media = text(&media.await.ok()["id"]);
        let note = json!({"text": "x", "attachments": [{"media_id": media}]});
        case.step("dispatcher", "note", note).await;
        let (device, alarm) = alarmed(app).await;
        let (rule_draft, window, shelf) = quieted(app).await;
        shown(app).await;
        Self {
            component: drawn(app).await,
            fence: fenced(app).await,
            rule_draft,
            window,
            shelf,
            device,
            alarm,
            media,
            sent: sent(app).await,
            number: case.number().to_owned(),
            code: text(&case.detail["public"]["query_code"]),
            case: case.id,
            user: text(&users["items"][0]["id"]),
            org: text(&app.org_id("cgj")),
            grant: text(&grants["items"][0]["id"]),
            draft: text(&draft["id"]),
            refusal: refusals["items"][0]["id"].to_string(),
        }
    }

    pub(super) fn path(&self, operation: &Operation) -> String {
        if operation.path == "/api/v1/public/incidents/{number}/media/{id}" {
            let (number, code, media) = &self.sent;
            return format!("/api/v1/public/incidents/{number}/media/{media}?code={code}");
        }
        if operation.path.contains("/basemaps/") {
            // Without its key it has no tile for anybody.
            return "/api/v1/basemaps/tianditu-vec/tiles/12/3416/1664".to_owned();
        }
        if operation.path.contains("{layer}") {
            return self.on_the_map(operation);
        }
        let ids = [
            ("/users/", &self.user),
            ("/orgs/", &self.org),
            ("/grants/", &self.grant),
            ("/alarm-rules/drafts/", &self.rule_draft),
            ("/maintenance-windows/", &self.window),
            ("/alarm-shelves/", &self.shelf),
            ("/drafts/", &self.draft),
            ("/refusals/", &self.refusal),
            ("/media/", &self.media),
            ("/incidents/", &self.case),
            ("/open311/", &self.number),
            ("/devices/", &self.device),
            ("/fences/", &self.fence),
            ("/alarms/", &self.alarm),
        ];
        let is_end_of_fence =
            operation.method == Method::DELETE && operation.path.contains("/fences/");
        let id = ids
            .iter()
            // What is taken away can be taken away once only: it is tried on what is not there.
            .find(|(part, _)| !is_end_of_fence && operation.path.contains(part))
            .map_or(NOT_THERE, |(_, id)| id.as_str());
        // What takes long once it is allowed is tried on what is not there.
        let long = [
            "/drafts/{id}/check",
            "/drafts/{id}/diff",
            "/packs/{id}/diff",
            "/packs/{id}/check",
        ];
        let id = if long.iter().any(|end| operation.path.ends_with(end)) {
            NOT_THERE
        } else if operation.path.contains("/packs/") {
            "core"
        } else {
            id
        };
        let code = if operation.path.contains("/areas/") {
            TOWN
        } else if operation.path.contains("/codesets/") {
            "DUM-CJ214-events"
        } else if operation.path.contains("/alarm-rules/") {
            "gas-leak"
        } else if operation.path.contains("/indicators/") {
            "G06"
        } else if operation.path.contains("/screens/") {
            // What is taken away can be taken away once only: it is tried on what is not there.
            if operation.method == Method::DELETE {
                "nothing"
            } else {
                SCREEN
            }
        } else {
            ITEM
        };
        let path = operation
            .path
            .replace("{id}", id)
            .replace("{number}", &self.number)
            .replace("{code}", code);
        let path = path
            .replace("{name}", "office")
            .replace("{version}", "1")
            .replace("{channel}", "town")
            .replace("{feed}", "water.supply_day")
            .replace("{period}", "daily");
        let path = path.replace("{command}", operation.command.unwrap_or_default());
        let path = path.replace("{format}", "json");
        let joint = |query: &str| format!("{path}?{query}");
        match operation.path.as_str() {
            "/api/v1/incidents/{id}/reporter" | "/api/v1/intake/refusals/{id}/payload" => {
                joint("purpose=callback")
            }
            "/api/v1/positions/{device}/trail" => path.replace("{device}", "RQ1"),
            "/api/v1/places/search" => joint("q=abc"),
            "/api/v1/items/suggest" => joint("text=abc"),
            "/api/v1/areas/locate" | "/api/v1/places/at" => joint("lon=120.28&lat=31.91"),
            "/api/v1/areas.geojson" => joint("level=2"),
            "/api/v1/indicators/{code}/recompute" => joint("from=2020-01-01T00:00:00Z"),
            "/api/v1/incidents/numbers" => joint("by=status"),
            "/api/v1/incidents/flow" => joint("from=2026-11-20T00:00:00Z"),
            "/api/v1/incidents/map" => joint("bbox=120,31,121,32"),
            "/api/v1/incidents/escalations/dry-run" => joint("until=2026-11-24T00:00:00Z"),
            "/api/v1/responsibility/resolve" => joint(&format!("item={ITEM}&area={TOWN}")),
            "/api/v1/public/incidents/{number}" => joint(&format!("code={}", self.code)),
            _ => path,
        }
    }

    fn on_the_map(&self, operation: &Operation) -> String {
        // What is taken away can be taken away once only: it is tried on what is not there.
        let number = if operation.method == Method::DELETE {
            "1"
        } else {
            &self.component
        };
        if operation.path.ends_with("/crosswalk/{other}") {
            return "/api/v1/layers/town/crosswalk/village".to_owned();
        }
        let path = operation.path.replace("{layer}", "component");
        let path = path
            .replace("{number}", number)
            .replace("/imports/{id}", &format!("/imports/{NOT_THERE}"))
            .replace("{id}", number)
            .replace("{z}/{x}/{y}", "14/13666/6657");
        match (operation.method.as_str(), path.as_str()) {
            ("POST", path) if path.ends_with("/imports") => {
                format!("{path}?system=cgcs2000&rehearse=true")
            }
            _ => path,
        }
    }

    /// A body that is understood, and that as far as possible changes nothing.
    pub(super) fn body(&self, operation: &Operation) -> Option<Value> {
        if let Some(command) = operation.command {
            let (_, body) = COMMANDS.iter().find(|(name, _)| *name == command).unwrap();
            return Some(serde_json::from_str(&body.replace("$ID", NOT_THERE)).unwrap());
        }
        Some(match (operation.method.as_str(), operation.path.as_str()) {
            ("POST", "/api/v1/sessions/by-token") => json!({"token": "ywt_nobody"}),
            ("POST", "/api/v1/sessions") => json!({"username": "nobody", "password": "x"}),
            ("POST", "/api/v1/me/password") => json!({"old": "wrong", "new": "short"}),
            ("POST", "/api/v1/users") => json!({"username": "?", "name": "", "posts": []}),
            ("PATCH", "/api/v1/users/{id}" | "/api/v1/devices/{id}") => json!({"name": ""}),
            ("POST" | "PATCH", path) if path.starts_with("/sensorthings/") => {
                json!({"name": "", "wrong": 1})
            }
            ("POST", "/api/v1/users/{id}/password") => json!({"password": "short"}),
            ("POST", "/api/v1/grants") => {
                json!({"user_id": self.user, "role": "no_such_role", "secrecy_max": 1})
            }
            ("POST", "/api/v1/tokens") => {
                json!({"user_id": self.user, "name": "", "actions": [], "expires_at": "2026-11-24T00:00:00Z"})
            }
            ("POST", "/api/v1/deadlines/preview") => {
                json!({"calendar": "office", "start": "2026-11-23T01:00:00Z", "limit": "2wh"})
            }
            ("POST", "/api/v1/responsibility/drafts") => json!({"title": ""}),
            ("POST", "/api/v1/responsibility/drafts/{id}/publish") => {
                json!({"valid_from": "2026-11-23"})
            }
            ("POST", "/api/v1/incidents") => {
                json!({"source": "hotline", "title": "", "description": ""})
            }
            // No file: the right is looked at before the body.
            ("POST", "/api/v1/media") | ("PUT", "/api/v1/responsibility/drafts/{id}") => json!({}),
            ("POST", "/api/v1/incidents/duplicates") => json!({"item_code": ITEM, "text": "垃圾"}),
            ("POST", "/api/v1/public/incidents/{number}/rating") => {
                json!({"code": self.code, "score": 5, "solved": true})
            }
            ("POST", "/api/v1/public/incidents/{number}/reopen") => {
                json!({"code": self.code, "reason": ""})
            }
            ("POST", "/api/v1/intake/refusals/{id}/resubmit") => json!({"payload": {}}),
            ("POST", "/api/v1/intake/webhooks/{channel}") => json!({"ref": "1", "text": "x"}),
            ("POST", "/api/v1/devices") => {
                json!({"code": "?", "profile": "x", "name": "", "protocol": "http"})
            }
            ("POST", "/api/v1/places/near") => {
                let here = json!({"lon": 120.28, "lat": 31.91});
                json!({"places": [here], "among": {"layers": ["component"]}, "nearest": 1})
            }
            ("POST", "/api/v1/places/along") => {
                let line = json!([{"lon": 120.28, "lat": 31.91}, {"lon": 120.29, "lat": 31.91}]);
                json!({"line": line, "among": {"layers": ["component"]}, "within_m": 100})
            }
            ("POST", "/api/v1/places/holding") => {
                json!({"places": [{"lon": 120.28, "lat": 31.91}], "layers": ["unit-grid"]})
            }
            ("POST", "/api/v1/places/unreached") => {
                let among = json!({"layers": ["component"]});
                json!({"of": among, "by": among, "reach_m": 100})
            }
            ("POST", "/api/v1/fences") => json!({"name": "", "plan": plan()}),
            ("PATCH", "/api/v1/fences/{id}") => json!({"name": ""}),
            ("POST", "/api/v1/layers/{layer}/features") => json!({"geometry": {}}),
            ("POST", "/api/v1/layers/{layer}/imports") => {
                json!({"type": "FeatureCollection", "features": []})
            }
            ("PATCH", "/api/v1/layers/{layer}/features/{number}") => json!({"state": "?"}),
            ("POST", "/api/v1/devices/import") => json!({"devices": []}),
            ("POST", "/api/v1/devices/{id}/certificate") => json!({"pem": ""}),
            ("POST", "/api/v1/devices/{id}/commands") => json!({"command": "?"}),
            ("POST", "/api/v1/sensing/readings") => json!({"device": "nothing", "values": {}}),
            ("POST", "/api/v1/alarms/{id}/acknowledge") => json!({"note": "x".repeat(501)}),
            ("POST", "/api/v1/alarms/{id}/shelve") => {
                json!({"until": "2020-01-01T00:00:00Z", "reason": "x"})
            }
            ("POST", "/api/v1/alarms/{id}/verdict") => {
                json!({"verdict": "true", "note": "x".repeat(501)})
            }
            ("POST", "/api/v1/maintenance-windows") => {
                json!({"target": {}, "starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-01-01T00:00:00Z", "reason": ""})
            }
            ("PATCH", "/api/v1/maintenance-windows/{id}") => json!({"reason": "x".repeat(501)}),
            ("POST", "/api/v1/alarm-shelves") => {
                json!({"target": {}, "until": "2020-01-01T00:00:00Z", "reason": ""})
            }
            ("POST", "/api/v1/alarm-rules/drafts") | ("PUT", "/api/v1/alarm-rules/drafts/{id}") => {
                json!({"entry": []})
            }
            (
                "POST",
                "/api/v1/alarm-rules/drafts/{id}/publish"
                | "/api/v1/vital-notices/{id}/acknowledge",
            ) => json!({"note": ""}),
            ("POST", "/api/v1/alarm-rules/{code}/withdraw") => json!({"reason": ""}),
            ("POST", "/api/v1/alarm-rules/check") => json!({"entry": {}}),
            ("POST", "/api/v1/alarm-rules/backtest") => {
                json!({"rule": "gas-leak", "from": "2020-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z"})
            }
            // A draft without a screen, and a revision that no draft has.
            ("PUT", "/api/v1/screens/{code}/draft") => json!({"screen": []}),
            ("POST", "/api/v1/screens/{code}/publish") => json!({"revision": 0, "note": ""}),
            ("POST", "/api/v1/screens/{code}/restore") => json!({"version": 0, "note": ""}),
            ("POST", "/api/v1/lake/query") => json!({"sql": ""}),
            ("POST", "/api/v1/feeds/{feed}/values") => json!([]),
            ("POST", path) if path.starts_with("/open311/") => {
                json!({"api_key": OPEN311_KEY, "service_code": "nothing"})
            }
            _ => return None,
        })
    }
}

fn plan() -> Value {
    json!({"outline": {"kind": "circle", "centre": [120.28, 31.91], "radius_m": 100}})
}

/// A fence of that bureau.
async fn fenced(app: &TestApp) -> String {
    let fence = json!({"name": "x", "plan": plan(), "org": "cgj", "area": TOWN});
    let integrator = app.client("integrator");
    let made = integrator.post("/api/v1/fences", fence).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

/// A screen that everybody may see, with a draft of it.
async fn shown(app: &TestApp) {
    let screen = json!({"code": SCREEN, "title": {"zh": "x"},
        "layouts": {"16:9": {"columns": [1], "areas": ["a"]}}, "widgets": [{"area": "a", "kind": "clock"}]});
    let analyst = app.client("analyst");
    let path = format!("/api/v1/screens/{SCREEN}");
    let keep = |based_on: Option<i64>| json!({"screen": screen, "based_on": based_on});
    let draft = analyst.put(&format!("{path}/draft"), keep(None)).await.ok();
    let publish = json!({"revision": draft["revision"], "note": "x"});
    analyst.post(&format!("{path}/publish"), publish).await.ok();
    analyst
        .put(&format!("{path}/draft"), keep(Some(1)))
        .await
        .ok();
}

/// A component on the map.
async fn drawn(app: &TestApp) -> String {
    let component = json!({"code": "3202810103000001", "org": "cgj", "area": TOWN,
        "geometry": {"type": "Point", "coordinates": [120.28, 31.91]}});
    let integrator = app.client("integrator");
    let drawn = integrator.post("/api/v1/layers/component/features", component);
    drawn.await.ok()["number"].to_string()
}

/// A gas detector that has raised an alarm.
async fn alarmed(app: &TestApp) -> (String, String) {
    let integrator = app.client("integrator");
    let card = json!({"code": "RQ1", "profile": "gas-detector", "name": "x", "org": "cgj", "protocol": "http",
        "area": TOWN});
    let device = integrator.post("/api/v1/devices", card).await.ok();
    let reading = json!({"device": "RQ1", "time": app.now(), "values": {"gas": 45.0}});
    integrator
        .post("/api/v1/sensing/readings", reading)
        .await
        .ok();
    app.settle().await;
    let alarms = app.client("duty").get("/api/v1/alarms").await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&device["id"]), text(&alarms["items"][0]["id"]))
}

/// A draft of the rule of that alarm, a maintenance window and a shelf for its device.
async fn quieted(app: &TestApp) -> (String, String, String) {
    let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let from = json!({"from": "gas-leak"});
    let draft = app
        .client("analyst")
        .post("/api/v1/alarm-rules/drafts", from)
        .await
        .ok();
    let target = json!({"devices": ["RQ1"]});
    let later = "2026-12-01T00:00:00Z";
    let window = json!({"target": target, "starts_at": app.now(), "ends_at": later, "reason": "x"});
    let duty = app.client("duty");
    let window = duty.post("/api/v1/maintenance-windows", window).await.ok();
    let shelf = json!({"target": target, "until": later, "reason": "x"});
    let shelf = duty.post("/api/v1/alarm-shelves", shelf).await.ok();
    (text(&draft), text(&window), text(&shelf))
}

/// A case that a citizen reported with a picture.
async fn sent(app: &TestApp) -> (String, String, String) {
    let picture = png(2);
    let fields: [(&str, Option<&str>, &[u8]); 4] = [
        ("api_key", None, OPEN311_KEY.as_bytes()),
        ("service_code", None, ITEM.as_bytes()),
        ("address_string", None, b"x"),
        ("media", Some("a.png"), &picture),
    ];
    let (kind, body) = form(&fields);
    let path = "/open311/v2/requests.json";
    let anybody = app.anybody();
    let made = anybody.send_as(Method::POST, path, Some(&kind), body);
    let number = made.await.ok()[0]["service_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let intake = app.client("intake");
    let list = intake
        .get(&format!("/api/v1/incidents?q={number}"))
        .await
        .ok();
    let id = list["items"][0]["id"].as_str().unwrap();
    let detail = intake.get(&format!("/api/v1/incidents/{id}")).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        number,
        text(&detail["public"]["query_code"]),
        text(&detail["media"][0]["id"]),
    )
}
