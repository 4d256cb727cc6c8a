//! A full disk: writes are refused clearly, reads go on, and when there is room again so do writes.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;
use yiwang_e2e::{City, Fleet, Net, Options, Orders, Program, python};

use crate::sensing::{DUST, DUST_ANSWER, all_there_once, dust_monitor, now_ms, until};

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

    /// Takes what room is left, once more each time.
    async fn fill(&self) -> anyhow::Result<()> {
        let filler = self.path().join("filler");
        let output = Command::new("dd")
            .args(["if=/dev/zero", "bs=4096", "oflag=append", "conv=notrunc"])
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

/// Whether devices are told to wait, and why; nothing when all goes on.
async fn blocked(net: &Net) -> anyhow::Result<Option<String>> {
    let health = net.integrator.get("/api/v1/sensing/health").await?.ok()?;
    Ok(health["blocked"].as_str().map(str::to_owned))
}

/// Publishes that were acknowledged to a fleet while nothing else came for a second.
async fn quiet(fleet: &mut Fleet) -> anyhow::Result<usize> {
    loop {
        let before = fleet.answers();
        let more = tokio::time::timeout(Duration::from_secs(1), fleet.listen(before + 1)).await;
        match more {
            Err(_nothing_came) => return Ok(before),
            Ok(speaks) => ensure!(speaks?, "the devices gave up"),
        }
    }
}

#[tokio::test]
async fn on_a_full_disk_devices_wait_and_nothing_acknowledged_is_lost() -> anyhow::Result<()> {
    let (Some(disk), Some(python)) = (SmallDisk::mount().await?, python()?) else {
        return Ok(());
    };
    let data = disk.path().join("data");
    let program = Program::start(&data, &Options::default()).await?;
    let net = Net::enter(&program.base).await?;
    let gauges = net.gauges(2).await?;
    net.register(&dust_monitor()).await?;
    let orders = Orders {
        first: 0,
        base_ms: now_ms()? - 60_000,
        until: 0,
        version: 5,
    };
    let mut fleet = Fleet::start(&python, program.edge("mqtt")?, &gauges, &orders).await?;
    ensure!(fleet.listen(200).await?, "the devices gave up");

    // What is found free is taken until there is none: files that were being written give some back.
    let why = until(|| async {
        disk.fill().await?;
        blocked(&net).await
    })
    .await?;
    ensure!(why.contains("disk"), "devices wait because of: {why}");
    let before = quiet(&mut fleet).await?;
    let mut station = TcpStream::connect(program.edge("hj212")?).await?;
    station.write_all(DUST.as_bytes()).await?;
    let mut answer = vec![0; DUST_ANSWER.len()];
    let early = tokio::time::timeout(Duration::from_secs(2), station.read(&mut answer)).await;
    ensure!(early.is_err(), "answered without room: {answer:?}");
    ensure!(fleet.answers() == before, "acknowledged without room");

    disk.make_room()?;
    let told = tokio::time::timeout(Duration::from_secs(30), station.read_exact(&mut answer)).await;
    told.context("the station waits although there is room")??;
    ensure!(answer == DUST_ANSWER.as_bytes(), "{answer:?}");
    let goes_on = tokio::time::timeout(Duration::from_secs(30), fleet.listen(before + 200)).await;
    ensure!(goes_on.context("the devices wait although there is room")??);
    until(|| async { Ok(blocked(&net).await?.is_none().then_some(())) }).await?;

    ensure!(program.stop().await?.success());
    fleet.end().await?;
    let program = Program::start(&data, &Options::default()).await?;
    let net = net.at(&program.base);
    let acknowledged = fleet.acknowledged.iter();
    let acknowledged = acknowledged
        .map(|(code, numbers)| (code.clone(), numbers.iter().copied().collect()))
        .collect();
    all_there_once(&net, &acknowledged).await?;
    let dust = net
        .ask("SELECT count(*) FROM observations WHERE device = '320281YD9001'")
        .await?;
    ensure!(dust["rows"][0][0] == 3, "{dust}");
    ensure!(program.stop().await?.success());
    Ok(())
}
