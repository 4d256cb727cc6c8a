//! The routes, through the whole edge, without a port.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use yiwang_contracts::Authenticate;
use yiwang_http::{Edge, EdgeOptions, finish};

use super::*;

struct Site {
    city: City,
    router: Router,
}

struct Answer {
    status: u16,
    etag: Option<String>,
    cookie: Option<String>,
    body: Value,
}

impl Site {
    async fn all() -> Vec<Self> {
        let mut sites = Vec::new();
        for test in yiwang_testkit::databases(&[yiwang_http::migrations(), migrations()]).await {
            let city = City::new(test).await;
            let authenticate = Arc::clone(&city.service) as Arc<dyn Authenticate>;
            let platform = &city.platform;
            let edge = Edge::new(
                platform.db.clone(),
                Arc::clone(&platform.clock),
                authenticate,
                platform.counters.clone(),
                EdgeOptions::default(),
            );
            let (routes, _) = city.domain.routes.clone().split_for_parts();
            sites.push(Self {
                router: finish(routes, None, &edge),
                city,
            });
        }
        sites
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        answer(response).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.send("GET", path, Some(token), &[], Value::Null).await
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send("POST", path, Some(token), &[], body).await
    }

    async fn token(&self, username: &str) -> String {
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = self.send("POST", "/sessions", None, &[], body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["token"].as_str().unwrap().to_owned()
    }
}

async fn answer(response: Response<Body>) -> Answer {
    let status = response.status();
    let text = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let (etag, cookie) = (text(header::ETAG), text(header::SET_COOKIE));
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes).unwrap()
    };
    assert!(status != StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    Answer {
        status: status.as_u16(),
        etag,
        cookie,
        body,
    }
}

#[tokio::test]
async fn sign_in_me_sign_out() {
    for site in Site::all().await {
        let wrong = json!({ "username": "sys", "password": "wrong" });
        let refused = site.send("POST", "/sessions", None, &[], wrong).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (401, &json!("session.bad_credentials"))
        );
        let body = json!({ "username": "sys", "password": PASSWORD });
        let signed_in = site.send("POST", "/sessions", None, &[], body).await;
        let cookie = signed_in.cookie.unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite"),
            "{cookie}"
        );
        let token = signed_in.body["token"].as_str().unwrap().to_owned();
        let me = site.get("/me", &token).await;
        assert_eq!((me.status, &me.body["username"]), (200, &json!("sys")));
        assert_eq!(me.body, signed_in.body["user"]);
        assert_eq!(me.body["org"]["code"], "jy");
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(
            site.send("GET", "/me", None, &[("cookie", pair)], Value::Null)
                .await
                .status,
            200
        );
        assert_eq!(
            site.send("GET", "/me", None, &[], Value::Null).await.status,
            401
        );
        assert_eq!(
            site.send(
                "DELETE",
                "/sessions/current",
                Some(&token),
                &[],
                Value::Null
            )
            .await
            .status,
            204
        );
        assert_eq!(site.get("/me", &token).await.status, 401);
        assert_eq!(site.get("/demo-accounts", "").await.status, 200);
        let odd = json!({ "username": "sys", "password": PASSWORD, "otp": "1" });
        assert_eq!(
            site.send("POST", "/sessions", None, &[], odd).await.status,
            422
        );
    }
}

#[tokio::test]
async fn people_grants_and_tokens() {
    for site in Site::all().await {
        let (sys, sec) = (site.token("sys").await, site.token("sec").await);
        let orgs = site.get("/orgs", &sys).await;
        assert_eq!(orgs.body["items"].as_array().unwrap().len(), 7);
        let cgj = site.get("/orgs?q=cgj", &sys).await.body["items"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let unit = site.get(&format!("/orgs/{cgj}"), &sys).await;
        assert_eq!(
            (
                &unit.body["path"][0]["code"],
                &unit.body["children"][0]["code"]
            ),
            (&json!("jy"), &json!("cgj-zf"))
        );
        assert_eq!(
            site.get("/roles", &sec).await.body["items"]
                .as_array()
                .unwrap()
                .len(),
            6
        );

        let new = json!({ "username": "new.one", "name": "新人", "password": PASSWORD, "must_change_password": false,
            "posts": [{ "org_id": cgj, "title": "科员" }] });
        assert_eq!(site.post("/users", &sec, new.clone()).await.status, 403);
        let made = site.post("/users", &sys, new.clone()).await;
        assert_eq!(
            (made.status, made.etag.as_deref()),
            (201, Some("\"1\"")),
            "{}",
            made.body
        );
        assert_eq!(site.post("/users", &sys, new).await.status, 409);
        let id = made.body["id"].as_str().unwrap();
        let path = format!("/users/{id}");
        let rename = json!({ "name": "改名" });
        let patched = site
            .send(
                "PATCH",
                &path,
                Some(&sys),
                &[("if-match", "\"1\"")],
                rename.clone(),
            )
            .await;
        assert_eq!(
            (patched.status, patched.etag.as_deref()),
            (200, Some("\"2\""))
        );
        let late = site
            .send("PATCH", &path, Some(&sys), &[("if-match", "\"1\"")], rename)
            .await;
        assert_eq!(
            (late.status, &late.body["data"]["changed_by"]),
            (409, &json!("sys"))
        );

        let wish = json!({ "user_id": id, "role": "handler", "org_id": cgj, "secrecy_max": 2 });
        assert_eq!(site.post("/grants", &sys, wish.clone()).await.status, 403);
        let given = site.post("/grants", &sec, wish).await;
        assert_eq!(
            (given.status, &given.body["org"]["name"]["zh"]),
            (201, &json!("城管局")),
            "{}",
            given.body
        );
        assert_eq!(given.body["granted_by"], "sec");
        let listed = site.get(&format!("/grants?user_id={id}"), &sec).await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
        let person = site.token("new.one").await;
        assert_eq!(
            site.get("/me", &person).await.body["roles"],
            json!(["handler"])
        );
        for hidden in [
            "/users",
            "/grants",
            "/tokens",
            "/audit",
            "/audit/verify",
            "/roles",
        ] {
            assert_eq!(site.get(hidden, &person).await.status, 403, "{hidden}");
        }
        let gone = format!("/grants/{}", given.body["id"].as_str().unwrap());
        assert_eq!(
            site.send("DELETE", &gone, Some(&sec), &[], Value::Null)
                .await
                .status,
            204
        );
        assert_eq!(site.get("/me", &person).await.body["roles"], json!([]));
        let weak = site
            .post(
                "/me/password",
                &person,
                json!({ "old": PASSWORD, "new": "short" }),
            )
            .await;
        assert_eq!(
            (weak.status, &weak.body["fields"][0]["path"]),
            (422, &json!("/new"))
        );
        let reset = site
            .post(
                &format!("{path}/password"),
                &sys,
                json!({ "password": "Fresh-1234" }),
            )
            .await;
        assert_eq!(reset.status, 204);
        assert_eq!(site.get("/me", &person).await.status, 401);
        assert_eq!(
            site.post(&format!("{path}/unlock"), &sec, Value::Null)
                .await
                .status,
            200
        );
        assert_eq!(site.get("/users/not-an-id", &sys).await.status, 400);
        let body = json!({ "user_id": id, "name": "t", "actions": ["incident.read"], "expires_at": "2026-12-01T00:00:00Z" });
        assert_eq!(
            site.post("/tokens", &sec, body).await.body["fields"][0]["code"],
            "not_a_service"
        );
    }
}

#[tokio::test]
async fn the_log_is_read_by_its_administrator() {
    for site in Site::all().await {
        let aud = site.token("aud").await;
        let log = site.get("/audit?action=session.&limit=1", &aud).await;
        assert_eq!(
            (log.status, &log.body["items"][0]["user_name"]),
            (200, &json!("aud"))
        );
        let check = site.get("/audit/verify", &aud).await;
        assert_eq!(
            (
                &check.body["intact"],
                check.body["verified"]["rows"].as_i64().unwrap() > 3
            ),
            (&json!(true), true)
        );
        let words = serde_json::to_string(&site.get("/audit?limit=500", &aud).await.body).unwrap();
        assert!(
            !words.contains(PASSWORD) && !words.contains(&aud),
            "no secret in the log"
        );
        drop(site.city);
    }
}
