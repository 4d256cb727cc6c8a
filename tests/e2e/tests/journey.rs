//! A case from the call to its end, on both databases.

use anyhow::ensure;
use yiwang_e2e::{Api, City, Options, Program, postgres_database, run_to_end};

async fn journey(options: Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &options).await?;
    let city = City::enter(&program.base).await?;

    let case = city.live_through("门口垃圾无人清理").await?;
    ensure!(case.status() == "closed", "status {}", case.status());
    ensure!(
        case.detail["outcome"] == "solved",
        "outcome {}",
        case.detail["outcome"]
    );
    let clocks = case.detail["clocks"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    ensure!(!clocks.is_empty(), "a closed case keeps its clocks");
    ensure!(
        clocks.iter().all(|clock| clock["state"] != "running"),
        "a clock of a closed case runs: {clocks:?}"
    );

    let timeline = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{}/timeline", case.id))
        .await?
        .ok()?;
    let commands: Vec<_> = timeline
        .as_array()
        .into_iter()
        .flatten()
        .map(|action| action["command"].clone())
        .collect();
    for command in [
        "accept", "register", "dispatch", "sign", "report", "verify", "close",
    ] {
        ensure!(
            commands.iter().any(|each| each == command),
            "{command} is not in the timeline: {commands:?}"
        );
    }
    let chain = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{}/timeline/verify", case.id))
        .await?;
    ensure!(chain.status.is_success(), "{chain:?}");

    citizen(&program, &case.detail).await?;
    counters(&city, 1).await?;
    hidden_and_forbidden(&city, &case.id).await?;

    let status = program.stop().await?;
    ensure!(status.success(), "exit {status}");
    audit_verifies(folder.path(), &options).await
}

/// The public page names the unit and reveals nobody.
async fn citizen(program: &Program, detail: &serde_json::Value) -> anyhow::Result<()> {
    let nobody = Api::anonymous(&program.base)?;
    let number = detail["public"]["number"].as_str().unwrap_or_default();
    let code = detail["public"]["query_code"].as_str().unwrap_or_default();
    let page = nobody
        .get(&format!("/api/v1/public/incidents/{number}?code={code}"))
        .await?
        .ok()?;
    ensure!(page["can_rate"] == true, "{page}");
    ensure!(
        !page.to_string().contains("10000001234"),
        "a telephone number is public"
    );
    let guessed = nobody
        .get(&format!("/api/v1/public/incidents/{number}?code=000000"))
        .await?;
    ensure!(
        guessed.status == 404,
        "a guessed code answers {}",
        guessed.status
    );
    Ok(())
}

/// in = stored + duplicate + refused + shed, for every source.
async fn counters(city: &City, stored: i64) -> anyhow::Result<()> {
    let rows = city.dispatcher.get("/api/v1/counters").await?;
    let rows = if rows.status.is_success() {
        rows.ok()?
    } else {
        city.intake.get("/api/v1/counters").await?.ok()?
    };
    let rows = rows
        .as_array()
        .or_else(|| rows["items"].as_array())
        .cloned()
        .unwrap_or_default();
    let sum = |value: &serde_json::Value| -> i64 {
        value
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, count)| count.as_i64())
            .sum()
    };
    let count = |row: &serde_json::Value, key: &str| row[key].as_i64().unwrap_or_default();
    for row in &rows {
        let out = count(row, "stored")
            + count(row, "duplicate")
            + sum(&row["refused"])
            + sum(&row["shed"]);
        ensure!(
            count(row, "received") == out,
            "what came in is not what is accounted for: {row}"
        );
    }
    let hotline = rows
        .iter()
        .find(|row| row["source"] == "hotline")
        .cloned()
        .unwrap_or_default();
    ensure!(count(&hotline, "stored") >= stored, "{hotline}");
    Ok(())
}

async fn hidden_and_forbidden(city: &City, id: &str) -> anyhow::Result<()> {
    let nothing = city
        .dispatcher
        .get("/api/v1/incidents/01999999-0000-7000-8000-000000000000")
        .await?;
    ensure!(nothing.status == 404, "{nothing:?}");
    let forbidden = city.handler.get("/api/v1/audit").await?;
    ensure!(
        forbidden.status == 403
            && forbidden
                .content_type
                .starts_with("application/problem+json"),
        "{forbidden:?}"
    );
    let refused = city
        .dispatcher
        .post(
            &format!("/api/v1/incidents/{id}/commands/accept"),
            &serde_json::json!({}),
        )
        .await?;
    ensure!(
        refused.status.is_client_error() && !refused.code().is_empty(),
        "{refused:?}"
    );
    Ok(())
}

pub(crate) async fn audit_verifies(
    data: &std::path::Path,
    options: &Options,
) -> anyhow::Result<()> {
    let data = data.to_string_lossy();
    let mut arguments = vec!["doctor", "--data", data.as_ref()];
    if let Some(url) = &options.database {
        arguments.extend(["--database", url]);
    }
    arguments.push("audit");
    let (status, text) = run_to_end(&arguments).await?;
    ensure!(status.success(), "doctor audit: {status}: {text}");
    Ok(())
}

#[tokio::test]
async fn a_call_becomes_a_closed_case() -> anyhow::Result<()> {
    journey(Options::default()).await
}

#[tokio::test]
async fn a_call_becomes_a_closed_case_on_postgres() -> anyhow::Result<()> {
    match postgres_database("journey").await? {
        Some(url) => {
            journey(Options {
                database: Some(url),
                ..Options::default()
            })
            .await
        }
        None => Ok(()),
    }
}
