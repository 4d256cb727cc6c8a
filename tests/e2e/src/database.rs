//! A fresh PostgreSQL database for one test, when a server is there.

use anyhow::{Context, ensure};
use tokio::process::Command;

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
        let output = Command::new("psql")
            .args([&server, "-q", "-c", &statement])
            .output()
            .await;
        let output = output.context("failed to run psql")?;
        ensure!(
            output.status.success(),
            "{statement}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let (place, _) = server
        .rsplit_once('/')
        .context("the URL names no database")?;
    Ok(Some(format!("{place}/{name}")))
}
