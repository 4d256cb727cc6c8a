//! `yiwang import`: counts that add up, refused rows named, a second run that changes nothing.

use std::path::Path;

use anyhow::ensure;
use yiwang_e2e::{City, Options, Program, run_to_end};

/// Three good rows, one of them twice, and one whose time cannot be read.
const MESSAGES: &str = "留言编号,留言用户,留言主题,留言时间,留言详情\n\
    L-1,甲,路灯不亮,2025-03-01 08:00:00,路口的灯坏了\n\
    L-2,乙,积水,2025-03-02 09:30:00,\"下雨后积水,过不去\"\n\
    L-1,甲,路灯不亮,2025-03-01 08:00:00,路口的灯坏了\n\
    L-3,丙,噪声,前天晚上,夜里施工\n\
    L-4,丁,垃圾,2025-03-04 10:00:00,没人清理\n";

async fn import(file: &Path, data: &Path, more: &[&str]) -> anyhow::Result<String> {
    let mapping =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hotline-messages.yaml");
    let [file, mapping, data] =
        [file, &mapping, data].map(|path| path.to_string_lossy().into_owned());
    let mut arguments = vec![
        "import",
        "incidents",
        &file,
        "--mapping",
        &mapping,
        "--data",
        &data,
    ];
    arguments.extend(more);
    let (status, text) = run_to_end(&arguments).await?;
    ensure!(status.success(), "{status}: {text}");
    Ok(text)
}

#[tokio::test]
async fn an_import_accounts_for_every_row_and_can_be_run_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (file, data) = (
        folder.path().join("messages.csv"),
        folder.path().join("data"),
    );
    std::fs::write(&file, MESSAGES)?;
    ensure!(
        Program::start(&data, &Options::default())
            .await?
            .stop()
            .await?
            .success()
    );

    let tried = import(&file, &data, &["--dry-run"]).await?;
    ensure!(tried.contains("5 rows"), "{tried}");
    let done = import(&file, &data, &[]).await?;
    ensure!(
        done.contains("5 rows: 3 stored") && done.contains("1 there already, 1 refused"),
        "{done}"
    );
    let again = import(&file, &data, &[]).await?;
    ensure!(
        again.contains("5 rows: 0 stored") && again.contains("4 there already, 1 refused"),
        "{again}"
    );
    let refused = std::fs::read_to_string(file.with_extension("refused.csv"))?;
    ensure!(refused.contains("前天晚上"), "{refused}");

    let program = Program::start(&data, &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let numbers = city
        .dispatcher
        .get("/api/v1/incidents/numbers?by=status")
        .await?
        .ok()?;
    ensure!(numbers["total"] == 3, "{numbers}");
    ensure!(program.stop().await?.success());
    Ok(())
}
