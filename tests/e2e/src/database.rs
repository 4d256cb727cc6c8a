//! A fresh PostgreSQL database for one test, when a server is there.

use anyhow::{Context, ensure};
use tokio::process::Command;

/// Runs one statement on a database, as somebody from outside would.
pub async fn postgres_run(url: &str, statement: &str) -> anyhow::Result<String> {
    let output = Command::new("psql")
        .args([
            url,
            "-q",
            "-t",
            "-A",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            statement,
        ])
        .output()
        .await
        .context("failed to run psql")?;
    ensure!(
        output.status.success(),
        "{statement}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The URL of a new, empty database named after `test`; `None` when `YIWANG_TEST_POSTGRES` is not set.
#[expect(
    clippy::disallowed_methods,
    reason = "a test learns from its caller where the database is"
)]
pub async fn postgres_database(test: &str) -> anyhow::Result<Option<String>> {
    let Ok(server) = std::env::var("YIWANG_TEST_POSTGRES") else {
        return Ok(None);
    };
    let name = format!("e2e_{test}_{}", std::process::id());
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        postgres_run(&server, &statement).await?;
    }
    let (place, _) = server
        .rsplit_once('/')
        .context("the URL names no database")?;
    Ok(Some(format!("{place}/{name}")))
}
