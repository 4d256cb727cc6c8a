//! Requests that mean harm or make no sense: a clear 4xx, and nothing changed.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use yiwang_e2e::{Answer, Api, City, Options, Program, RawAnswer, exchange};

/// A raw POST with the token of a person who may create.
fn post(program: &Program, token: &str, path: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let host = program.authority();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn is_problem(answer: &RawAnswer) -> bool {
    (400..500).contains(&answer.status)
        && answer
            .header("content-type")
            .is_some_and(|value| value.starts_with("application/problem+json"))
        && serde_json::from_str::<Value>(&answer.body).is_ok_and(|body| body["code"].is_string())
}

async fn bodies(program: &Program, token: &str) -> anyhow::Result<()> {
    let path = "/api/v1/incidents";
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let large = format!(
        r#"{{"source":"hotline","title":"x","description":"{}"}}"#,
        "x".repeat(3_000_000)
    );
    let long_title = format!(
        r#"{{"source":"hotline","title":"{}","description":"x"}}"#,
        "x".repeat(200_000)
    );
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("nothing", "application/json", Vec::new()),
        ("half a document", "application/json", br#"{"source": "hotline", "title": "#.to_vec()),
        ("a list", "application/json", b"[1, 2, 3]".to_vec()),
        ("null", "application/json", b"null".to_vec()),
        ("a wrong type", "application/json", br#"{"source":"hotline","title":7,"description":"x"}"#.to_vec()),
        ("an unknown source", "application/json", br#"{"source":"nowhere","title":"x","description":"x"}"#.to_vec()),
        ("an unknown field", "application/json", br#"{"source":"hotline","title":"x","description":"x","is_admin":true}"#.to_vec()),
        ("an empty title", "application/json", br#"{"source":"hotline","title":"","description":""}"#.to_vec()),
        ("a place off the globe", "application/json", br#"{"source":"hotline","title":"x","description":"x","position":{"lon":999,"lat":-999}}"#.to_vec()),
        ("an item that is not", "application/json", br#"{"source":"hotline","title":"x","description":"x","item_code":"99.99"}"#.to_vec()),
        ("not UTF-8", "application/json", b"{\"source\":\"hotline\",\"title\":\"\xff\xfe\"}".to_vec()),
        ("NaN", "application/json", br#"{"source":"hotline","title":"x","position":{"lon":NaN,"lat":1}}"#.to_vec()),
        ("depth", "application/json", deep.into_bytes()),
        ("size", "application/json", large.into_bytes()),
        ("a very long title", "application/json", long_title.into_bytes()),
        ("another content type", "text/plain", br#"{"source":"hotline","title":"x","description":"x"}"#.to_vec()),
        ("a form", "application/x-www-form-urlencoded", b"source=hotline&title=x".to_vec()),
        ("XML", "application/xml", b"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>".to_vec()),
    ];
    for (what, content_type, body) in cases {
        let answer = exchange(
            program.authority(),
            &post(program, token, path, content_type, &body),
        )
        .await?;
        ensure!(
            is_problem(&answer),
            "{what}: {} {:.300} {:.300}",
            answer.status,
            answer.head,
            answer.body
        );
    }
    Ok(())
}

/// Bytes that are not HTTP, or HTTP that means two things.
async fn wire(program: &Program) -> anyhow::Result<()> {
    let host = program.authority();
    let long_header = "x".repeat(600_000);
    let requests = [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}hello\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        format!("GET / HTTP/9.9\r\nHost: {host}\r\n\r\n"),
        format!("POST /api/v1/sessions HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n"),
        format!(
            "POST /api/v1/sessions HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
        ),
        format!(
            "GET /healthz HTTP/1.1\r\nHost: {host}\r\nX-Long: {long_header}\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "GET /{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
            "a".repeat(200_000)
        ),
    ];
    for request in requests {
        let answer = exchange(host, request.as_bytes()).await?;
        ensure!(
            answer.status == 0 || (400..506).contains(&answer.status),
            "{request:.60}: {answer:?}"
        );
        ensure!(answer.status != 500, "{request:.60}: {answer:?}");
    }
    Ok(())
}

/// Paths that try to leave the house: nothing of the machine, and nothing but the console or a 4xx.
async fn paths(program: &Program) -> anyhow::Result<()> {
    let host = program.authority();
    for path in [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/..\\..\\etc\\passwd",
        "/assets/%00",
        "//etc/passwd",
        "/api/v1/incidents/../../../etc/passwd",
        "/api/v1/incidents/..%2f..%2fusers",
        "/api/v1/incidents/not-a-uuid",
        "/api/v1/incidents/%ff%fe",
        "/yiwang.db",
        "/data/yiwang.db",
        "/yiwang.toml",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = exchange(host, request.as_bytes()).await?;
        ensure!(answer.status < 500, "{path}: {answer:?}");
        ensure!(
            !answer.body.contains("root:"),
            "{path} shows a file of the machine"
        );
        ensure!(
            !answer.body.contains("SQLite format"),
            "{path} shows the database"
        );
        if path.starts_with("/api/") {
            ensure!(
                (400..500).contains(&answer.status),
                "{path}: {}",
                answer.status
            );
        }
    }
    Ok(())
}

async fn queries(city: &City) -> anyhow::Result<()> {
    for query in [
        "q='%20OR%201=1%20--",
        "q=%25%27%3B%20DROP%20TABLE%20incident%3B--",
        "item='%20OR%20''='",
        "area=%27%3BDELETE%20FROM%20incident",
        "cursor=garbage",
        "cursor=eyJhIjoxfQ",
        "limit=-1",
        "limit=99999999999999999999",
        "limit=abc",
        "status=nonsense",
        "from=yesterday",
        "sort=password",
        "org=1",
        "breaches_within=forever",
        "bbox=1,2,3",
    ] {
        let answer = city
            .dispatcher
            .get(&format!("/api/v1/incidents?{query}"))
            .await?;
        let fine = answer.status == 200 || is_problem_answer(&answer);
        ensure!(fine, "?{query}: {answer:?}");
    }
    Ok(())
}

fn is_problem_answer(answer: &Answer) -> bool {
    answer.status.is_client_error()
        && answer.content_type.starts_with("application/problem+json")
        && !answer.code().is_empty()
}

/// Nobody in particular reads nothing, and forged credentials are nobody.
async fn strangers(program: &Program, city: &City) -> anyhow::Result<()> {
    let nobody = Api::anonymous(&program.base)?;
    // The real token but for its first letter.
    let first = if city.intake.token().starts_with('A') {
        'B'
    } else {
        'A'
    };
    let almost: String = std::iter::once(first)
        .chain(city.intake.token().chars().skip(1))
        .collect();
    let forged = ["x", "null", "' OR 1=1 --", &"a".repeat(4000), &almost];
    let mut strangers = vec![nobody.clone()];
    strangers.extend(forged.iter().map(|token| nobody.with_token(token)));
    for stranger in strangers {
        for path in [
            "/api/v1/incidents",
            "/api/v1/tasks",
            "/api/v1/me",
            "/api/v1/users",
            "/api/v1/audit",
            "/api/v1/orgs",
            "/api/v1/counters",
            "/api/v1/grants",
            "/api/v1/tokens",
            "/api/v1/packs",
            "/api/v1/system/queues",
            "/api/v1/live",
        ] {
            let answer = stranger.get(path).await?;
            ensure!(
                answer.status == 401 && is_problem_answer(&answer),
                "{path}: {answer:?}"
            );
        }
    }
    let wrong = nobody
        .post(
            "/api/v1/sessions",
            &json!({"username": "intake", "password": "' OR ''='"}),
        )
        .await?;
    ensure!(
        wrong.status == 401 && is_problem_answer(&wrong),
        "{wrong:?}"
    );
    Ok(())
}

/// A browser that was lured to send the cookie must not change anything.
async fn cross_site(program: &Program, city: &City) -> anyhow::Result<()> {
    let host = program.authority();
    let body = r#"{"source":"hotline","title":"x","description":"x"}"#;
    let request = format!(
        "POST /api/v1/incidents HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: yw_session={}\r\n\
         Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        city.intake.token(),
        body.len()
    );
    let answer = exchange(host, request.as_bytes()).await?;
    ensure!(answer.status == 403 && is_problem(&answer), "{answer:?}");
    Ok(())
}

async fn total(city: &City) -> anyhow::Result<Value> {
    let numbers = city
        .dispatcher
        .get("/api/v1/incidents/numbers?by=status")
        .await?
        .ok()?;
    Ok(numbers["total"].clone())
}

#[tokio::test]
async fn hostile_requests_get_a_clear_4xx_and_change_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let case = city.create(&city.report("原样不动").await?).await?;
    let before = total(&city).await?;

    bodies(&program, city.intake.token())
        .await
        .context("bodies")?;
    wire(&program).await.context("wire")?;
    paths(&program).await.context("paths")?;
    queries(&city).await.context("queries")?;
    strangers(&program, &city).await.context("strangers")?;
    cross_site(&program, &city).await.context("cross site")?;
    for command in ["close", "destroy", "../../users", "accept%00"] {
        let path = format!("/api/v1/incidents/{}/commands/{command}", case.id);
        let answer = city
            .dispatcher
            .post(&path, &json!({"surprise": true}))
            .await?;
        ensure!(is_problem_answer(&answer), "{command}: {answer:?}");
    }

    ensure!(total(&city).await? == before, "something was created");
    let after = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{}", case.id))
        .await?
        .ok()?;
    ensure!(
        after["version"] == case.detail["version"],
        "the case was changed"
    );
    ensure!(program.stop().await?.success());
    Ok(())
}

/// Text is text: what looks like SQL or markup is kept as it was typed.
#[tokio::test]
async fn hostile_text_is_kept_as_text() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    for title in [
        "'; DROP TABLE incident; --",
        "<script>alert(1)</script>",
        "${jndi:ldap://x}",
        "垃圾\u{202e}反转 🚮",
    ] {
        let mut body = city.report("x").await?;
        body["title"] = json!(title);
        let case = city.create(&body).await?;
        let detail = city
            .dispatcher
            .get(&format!("/api/v1/incidents/{}", case.id))
            .await?
            .ok()?;
        ensure!(
            detail["title"] == title,
            "{} became {}",
            title,
            detail["title"]
        );
    }
    ensure!(program.stop().await?.success());
    Ok(())
}
