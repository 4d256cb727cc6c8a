//! Devices with certificates and the real program, through openssl and mosquitto's own programs.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::json;
use tokio::process::Command;
use yiwang_e2e::{Net, Options, Program};

use super::sensing::{has, now_ms, until};

const CODE: &str = "320281YL9001";
const TOPIC: &str = "yw/v1/rain-gauge/320281YL9001/up/props";

/// Makes a key and a certificate in `folder`, as docs/guide/devices.md shows it.
async fn openssl(folder: &Path, name: &str, more: &[&str]) -> anyhow::Result<()> {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let done = Command::new("openssl")
        .current_dir(folder)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:P-256", "-nodes", "-days", "365"])
        .args(["-subj", &format!("/CN={name}")])
        .args(["-keyout", &key, "-out", &certificate])
        .args(more)
        .output()
        .await?;
    let told = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "openssl: {told}");
    Ok(())
}

/// mosquitto_pub with QoS 1, knowing the city's authority, with whatever proof `more` says.
async fn publish(
    folder: &Path,
    server: SocketAddr,
    more: &[&str],
    number: i64,
) -> anyhow::Result<Output> {
    let body = json!({ "time": now_ms()?, "values": { "rain_total": number } }).to_string();
    let (host, port) = (server.ip().to_string(), server.port().to_string());
    let done = Command::new("mosquitto_pub")
        .current_dir(folder)
        .args(["-h", &host, "-p", &port, "-i", CODE, "-V", "311"])
        .args(["--cafile", "ca.pem", "-t", TOPIC, "-q", "1", "-m", &body])
        .args(more)
        .output()
        .await?;
    Ok(done)
}

/// An authority, what the city proves itself with, and certificates of a device and a stranger.
async fn make_papers(papers: &Path) -> anyhow::Result<()> {
    openssl(papers, "ca", &[]).await?;
    let signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext"];
    let named = ["subjectAltName=IP:127.0.0.1", "-addext"];
    let is_no_authority = ["basicConstraints=critical,CA:FALSE"];
    let city = [&signed[..], &named, &is_no_authority].concat();
    openssl(papers, "city", &city).await?;
    openssl(papers, "device", &[]).await?;
    openssl(papers, "stranger", &[]).await?;
    Ok(())
}

/// The program with a door for TLS.
async fn start(papers: &Path) -> anyhow::Result<Program> {
    let setting = |name: &str, value: &str| (format!("YIWANG__SENSING__{name}"), value.to_owned());
    let options = Options {
        settings: vec![
            setting("MQTTS", "127.0.0.1:0"),
            setting("TLS__CERTIFICATE", "city.pem"),
            setting("TLS__KEY", "city.key"),
        ],
        ..Options::default()
    };
    Program::start(papers, &options).await
}

/// A device is let in by its certificate or by its token, not by another's, and not once it is revoked.
#[tokio::test]
async fn mosquitto_proves_itself_with_a_certificate() -> anyhow::Result<()> {
    if !has("mosquitto_pub").await? || !has("openssl").await? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let papers = folder.path();
    make_papers(papers).await?;
    let program = start(papers).await?;
    let net = Net::enter(&program.base).await?;
    let (code, token) = net.gauges(1).await?.pop().context("no gauge")?;
    ensure!(code == CODE);
    let list = net.integrator.get("/api/v1/devices?q=320281YL9001").await?;
    let id = list.ok()?["items"][0]["id"]
        .as_str()
        .context("no id")?
        .to_owned();
    let pem = std::fs::read_to_string(papers.join("device.pem"))?;
    let path = format!("/api/v1/devices/{id}/certificate");
    let view = net
        .integrator
        .post(&path, &json!({ "pem": pem }))
        .await?
        .ok()?;
    ensure!(view["has_certificate"] == true, "{view}");

    let server = program.edge("mqtts")?;
    let own = ["--cert", "device.pem", "--key", "device.key"];
    let by_name = [&own[..], &["-u", CODE]].concat();
    let by_token = ["-u", CODE, "-P", &token];
    let other = [
        "--cert",
        "stranger.pem",
        "--key",
        "stranger.key",
        "-u",
        CODE,
    ];
    for (number, proof) in (1..).zip([&own[..], &by_name, &by_token]) {
        let done = publish(papers, server, proof, number).await?;
        let told = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "{proof:?}: {told}");
    }
    let refused = publish(papers, server, &other, 9).await?;
    ensure!(
        !refused.status.success(),
        "a stranger's certificate is let in"
    );
    let path = format!("/api/v1/devices/{id}/credentials");
    let revoked = net.integrator.send(Method::DELETE, &path, None).await?;
    revoked.ok()?;
    let refused = publish(papers, server, &own, 9).await?;
    ensure!(!refused.status.success(), "a revoked certificate is let in");

    let sql = format!("SELECT value FROM observations WHERE device = '{CODE}' ORDER BY value");
    let stored = net.ask(&sql).await?;
    ensure!(stored["rows"] == json!([[1.0], [2.0], [3.0]]), "{stored}");
    let told = until(|| async {
        let path = "/api/v1/sensing/refusals?code=unknown_certificate";
        let page = net.integrator.get(path).await?.ok()?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        Ok((items.len() == 2).then_some(items))
    })
    .await?;
    let is_told = |each: &serde_json::Value| each["message"].to_string().contains("certificate");
    ensure!(told.iter().all(is_told), "{told:?}");
    ensure!(program.stop().await?.success());
    Ok(())
}
