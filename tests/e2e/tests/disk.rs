//! A full disk: writes are refused clearly, reads go on, and when there is room again so do writes.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::process::Command;
use yiwang_e2e::{City, Options, Program};

const DISK_MIB: u32 = 64;
const WRITES_MAX: usize = 3000;

/// A small file system of its own; unmounted when dropped. `None` where mounting is not allowed.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    async fn mount() -> anyhow::Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let size = format!("size={DISK_MIB}m");
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output()
            .await?;
        Ok(status.status.success().then_some(Self { folder }))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes what room is left.
    async fn fill(&self) -> anyhow::Result<()> {
        let filler = self.path().join("filler");
        let output = Command::new("dd")
            .args(["if=/dev/zero", "bs=4096"])
            .arg(format!("of={}", filler.display()))
            .output();
        output.await.context("failed to run dd")?;
        Ok(())
    }

    fn make_room(&self) -> anyhow::Result<()> {
        std::fs::remove_file(self.path().join("filler")).map_err(Into::into)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, so that a failed test that still holds a file does not leave the mount behind.
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(self.folder.path())
            .status();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_recovers() -> anyhow::Result<()> {
    let Some(disk) = SmallDisk::mount().await? else {
        return Ok(());
    };
    let program = Program::start(&disk.path().join("data"), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let body = city.report("磁盘写满之前").await?;
    let mut stored = vec![city.create(&body).await?.id];

    disk.fill().await?;
    let file = [b"%PDF-1.7 ".as_slice(), vec![b' '; 1 << 20].as_slice()].concat();
    let refused = city.intake.upload(file.clone()).await?;
    ensure!(
        refused.status == 503 && refused.code() == "store.full",
        "a file on a full disk: {refused:?}"
    );
    let mut refusal = None;
    for _ in 0..WRITES_MAX {
        let answer = city.intake.post("/api/v1/incidents", &body).await?;
        if answer.status.is_success() {
            stored.push(answer.body["id"].as_str().unwrap_or_default().to_owned());
        } else {
            refusal = Some(answer);
            break;
        }
    }
    let refusal = refusal.context("the disk is full and every write was still taken")?;
    ensure!(refusal.status == 503, "a full disk answers {refusal:?}");
    ensure!(
        refusal.content_type.starts_with("application/problem+json"),
        "{refusal:?}"
    );

    for id in &stored {
        city.dispatcher
            .get(&format!("/api/v1/incidents/{id}"))
            .await?
            .ok()
            .context("reading on a full disk")?;
    }

    disk.make_room()?;
    let recovered = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            if let Ok(case) = city.create(&body).await {
                return case.id;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    stored.push(
        recovered
            .await
            .context("writes are still refused although there is room")?,
    );
    city.intake.upload(file).await?.ok()?;
    ensure!(program.stop().await?.success());

    let program = Program::start(&disk.path().join("data"), &Options::default()).await?;
    let city = city.at(&program.base);
    for id in &stored {
        city.dispatcher
            .get(&format!("/api/v1/incidents/{id}"))
            .await?
            .ok()?;
    }
    ensure!(program.stop().await?.success());
    crate::journey::audit_verifies(&disk.path().join("data"), &Options::default()).await
}
