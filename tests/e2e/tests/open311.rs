//! Open311 GeoReport v2, spoken by hand: JSON, XML, errors.

use anyhow::{Context, ensure};
use serde_json::Value;
use yiwang_e2e::{City, Options, Program, RawAnswer, exchange};

struct Client<'a>(&'a Program);

impl Client<'_> {
    async fn get(&self, path: &str) -> anyhow::Result<RawAnswer> {
        let host = self.0.authority();
        exchange(
            host,
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
        )
        .await
    }

    async fn post(&self, path: &str, form: &str) -> anyhow::Result<RawAnswer> {
        let host = self.0.authority();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        exchange(host, head.as_bytes()).await
    }
}

fn json(answer: &RawAnswer) -> anyhow::Result<Value> {
    serde_json::from_str(&answer.body).with_context(|| format!("{answer:?}"))
}

/// The text of the first `<name>` element.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

async fn reports(client: &Client<'_>, service: &str, place: &Value) -> anyhow::Result<()> {
    let (lon, lat) = (&place["lon"], &place["lat"]);
    let form = format!(
        "api_key=yiwang-demo&service_code={service}&lat={lat}&long={lon}&description=%E8%B7%AF%E7%81%AF%E4%B8%8D%E4%BA%AE\
         &address_string=Example+Road+1&email=a%40example.org&phone=10000004321&first_name=Li&media_url=https%3A%2F%2Fexample.org%2Fa.jpg"
    );
    let created = client.post("/open311/v2/requests.json", &form).await?;
    ensure!(matches!(created.status, 200 | 201), "{created:?}");
    let id = json(&created)?[0]["service_request_id"]
        .as_str()
        .context("no id")?
        .to_owned();

    let read = client
        .get(&format!("/open311/v2/requests/{id}.json"))
        .await?;
    let request = json(&read)?[0].clone();
    ensure!(request["service_request_id"] == id.as_str(), "{request}");
    ensure!(request["status"] == "open", "{request}");
    ensure!(request["description"] == "路灯不亮", "{request}");
    ensure!(request["service_code"] == service, "{request}");
    ensure!(
        !read.body.contains("10000004321") && !read.body.contains("a@example.org"),
        "personal data is public"
    );
    let near = |key: &str, wanted: &Value| {
        let found = request[key]
            .as_f64()
            .or_else(|| request[key].as_str()?.parse().ok());
        found
            .zip(wanted.as_f64())
            .is_some_and(|(found, wanted)| (found - wanted).abs() < 1e-4)
    };
    ensure!(near("lat", lat) && near("long", lon), "{request}");

    let xml = client
        .get(&format!("/open311/v2/requests/{id}.xml"))
        .await?;
    ensure!(
        xml.header("content-type")
            .is_some_and(|value| value.contains("xml")),
        "{xml:?}"
    );
    ensure!(
        element(&xml.body, "service_request_id") == Some(id.as_str()),
        "{xml:?}"
    );
    let list = client
        .get(&format!(
            "/open311/v2/requests.json?service_request_id={id}"
        ))
        .await?;
    ensure!(json(&list)?.as_array().map(Vec::len) == Some(1), "{list:?}");

    let by_xml = client.post("/open311/v2/requests.xml", &form).await?;
    ensure!(
        matches!(by_xml.status, 200 | 201) && element(&by_xml.body, "service_request_id").is_some(),
        "{by_xml:?}"
    );
    Ok(())
}

async fn faults(client: &Client<'_>, service: &str) -> anyhow::Result<()> {
    let posts = [
        (
            "no key",
            format!("service_code={service}&lat=31.9&long=120.2&description=x"),
        ),
        (
            "wrong key",
            format!("api_key=nobody&service_code={service}&lat=31.9&long=120.2&description=x"),
        ),
        (
            "no service",
            "api_key=yiwang-demo&lat=31.9&long=120.2&description=x".to_owned(),
        ),
        (
            "unknown service",
            "api_key=yiwang-demo&service_code=nope&lat=31.9&long=120.2&description=x".to_owned(),
        ),
        (
            "no place",
            format!("api_key=yiwang-demo&service_code={service}&description=x"),
        ),
        (
            "bad place",
            format!(
                "api_key=yiwang-demo&service_code={service}&lat=north&long=120.2&description=x"
            ),
        ),
    ];
    for (what, form) in posts {
        let answer = client.post("/open311/v2/requests.json", &form).await?;
        ensure!((400..500).contains(&answer.status), "{what}: {answer:?}");
        let first = json(&answer)?[0].clone();
        ensure!(
            first["code"].is_number() || first["code"].is_string(),
            "{what}: {answer:?}"
        );
        ensure!(
            first["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{what}: {answer:?}"
        );
    }
    let gone = client
        .get("/open311/v2/requests/YW00000000XXX000000.xml")
        .await?;
    ensure!(
        gone.status == 404 && element(&gone.body, "code").is_some(),
        "{gone:?}"
    );
    let service = client.get("/open311/v2/services/nope.json").await?;
    ensure!(service.status == 404, "{service:?}");
    Ok(())
}

#[tokio::test]
async fn any_open311_client_can_list_report_and_read_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let client = Client(&program);

    let discovery = client.get("/open311/v2/discovery.json").await?;
    ensure!(
        json(&discovery)?["endpoints"]
            .as_array()
            .is_some_and(|each| !each.is_empty()),
        "{discovery:?}"
    );
    let discovery = client.get("/open311/v2/discovery.xml").await?;
    ensure!(element(&discovery.body, "url").is_some(), "{discovery:?}");

    let services = json(&client.get("/open311/v2/services.json").await?)?;
    let first = services[0].clone();
    let service = first["service_code"].as_str().context("no services")?;
    for key in [
        "service_name",
        "description",
        "metadata",
        "type",
        "keywords",
        "group",
    ] {
        ensure!(first.get(key).is_some(), "a service lacks `{key}`: {first}");
    }
    let xml = client.get("/open311/v2/services.xml").await?;
    ensure!(
        element(&xml.body, "service_code") == Some(service),
        "{:?}",
        xml.head
    );
    let definition = client
        .get(&format!("/open311/v2/services/{service}.json"))
        .await?;
    ensure!(
        json(&definition)?["service_code"] == service,
        "{definition:?}"
    );

    let city = City::enter(&program.base).await?;
    let place = city.report("地点").await?["position"].clone();
    reports(&client, service, &place).await?;
    faults(&client, service).await?;
    ensure!(program.stop().await?.success());
    Ok(())
}
