//! Devices and the real program, through clients of third parties and plain sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use yiwang_e2e::{Fleet, Net, Options, Orders, Program, python};

const ROUNDS: usize = 3;
/// Acknowledged publishes after which the program is killed, round by round.
const ANSWERS_BEFORE_KILL: [usize; ROUNDS] = [300, 1_500, 700];
const DEVICES: usize = 6;

#[expect(
    clippy::disallowed_methods,
    reason = "the devices have clocks of their own"
)]
pub(super) fn now_ms() -> anyhow::Result<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_millis())?)
}

/// Every reading of the rain gauges that is stored, by device, with how often it is there.
async fn stored(net: &Net) -> anyhow::Result<BTreeMap<String, BTreeMap<u64, u64>>> {
    let mut all: BTreeMap<String, BTreeMap<u64, u64>> = BTreeMap::new();
    for number in 1..=DEVICES {
        let code = format!("320281YL9{number:03}");
        let answer = net
            .ask(&format!(
                "SELECT value, count(*) AS times FROM observations WHERE device = '{code}' AND property = 'rain_total' GROUP BY value"
            ))
            .await?;
        ensure!(answer["is_cut"] == false, "too many rows: {answer}");
        for row in answer["rows"].as_array().into_iter().flatten() {
            let value = row[0].as_f64().context("no value")?;
            let times = row[1].as_u64().context("no count")?;
            all.entry(code.clone())
                .or_default()
                .insert(value as u64, times);
        }
    }
    Ok(all)
}

/// What each device was told is durable.
pub(super) type Acknowledged = BTreeMap<String, BTreeSet<u64>>;

fn note(acknowledged: &mut Acknowledged, fleet: &Fleet) {
    for (code, numbers) in &fleet.acknowledged {
        acknowledged
            .entry(code.clone())
            .or_default()
            .extend(numbers);
    }
}

/// Every acknowledged reading is stored, none more than once.
pub(super) async fn all_there_once(net: &Net, acknowledged: &Acknowledged) -> anyhow::Result<()> {
    let stored = stored(net).await?;
    for (code, numbers) in acknowledged {
        let own = stored
            .get(code)
            .with_context(|| format!("nothing of {code}"))?;
        let lost: Vec<_> = numbers
            .iter()
            .filter(|each| !own.contains_key(each))
            .collect();
        ensure!(
            lost.is_empty(),
            "{code}: {} acknowledged readings are gone: {lost:?}",
            lost.len()
        );
        let twice: Vec<_> = own.iter().filter(|(_, times)| **times > 1).collect();
        ensure!(twice.is_empty(), "{code}: there more than once: {twice:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_acknowledged_over_mqtt_survives_kill_9_and_is_there_once() -> anyhow::Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let mut program = Program::start(folder.path(), &Options::default()).await?;
    let mut net = Net::enter(&program.base).await?;
    let gauges = net.gauges(DEVICES).await?;
    let base_ms = now_ms()? - 60_000;
    let mut acknowledged = Acknowledged::new();
    let mut first = 0;
    for answers in ANSWERS_BEFORE_KILL {
        let orders = Orders {
            first,
            base_ms,
            until: 0,
            version: if first == 0 { 4 } else { 5 },
        };
        let mut fleet = Fleet::start(&python, program.edge("mqtt")?, &gauges, &orders).await?;
        let speaks = tokio::time::timeout(Duration::from_secs(90), fleet.listen(answers)).await;
        let words = program.last_words();
        program.kill().await?;
        ensure!(
            speaks.context("too few answers")??,
            "the devices gave up: {words}"
        );
        fleet.end().await?;
        note(&mut acknowledged, &fleet);
        // Like a device that saw no answer: what was sent last is sent once more, acknowledged or not.
        let newest = fleet
            .sent
            .values()
            .flatten()
            .max()
            .copied()
            .unwrap_or(first);
        first = newest.saturating_sub(30).max(first);
        program = Program::start(folder.path(), &Options::default()).await?;
        net = net.at(&program.base);
    }
    // The last words once more, answered this time.
    let orders = Orders {
        first,
        base_ms,
        until: 60,
        version: 4,
    };
    let mut fleet = Fleet::start(&python, program.edge("mqtt")?, &gauges, &orders).await?;
    fleet.end().await?;
    ensure!(
        fleet.answers() == 60 * DEVICES,
        "{} answers",
        fleet.answers()
    );
    note(&mut acknowledged, &fleet);
    all_there_once(&net, &acknowledged).await?;
    ensure!(program.stop().await?.success());
    Ok(())
}

/// The answer to a frame, up to its end mark.
async fn say(
    program: &Program,
    protocol: &str,
    frame: &[u8],
    end: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(program.edge(protocol)?).await?;
    socket.write_all(frame).await?;
    let mut answer = Vec::new();
    let read = async {
        while !answer.ends_with(end) {
            if socket.read_buf(&mut answer).await? == 0 {
                break;
            }
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .context("no answer")??;
    Ok(answer)
}

pub(super) const DUST: &str = "##0194QN=20261123101500000;ST=39;CN=2011;PW=123456;MN=320281YD0000000000000001;Flag=5;CP=&&DataTime=20261123101500;a34001-Rtd=0.186,a34001-Flag=N;a34002-Rtd=0.082,a34002-Flag=N;LA-Rtd=62.4,LA-Flag=N&&B8C1\r\n";
pub(super) const DUST_ANSWER: &str = "##0087QN=20261123101500000;ST=91;CN=9014;PW=123456;MN=320281YD0000000000000001;Flag=4;CP=&&&&03C0\r\n";

/// The device that says [`DUST`].
pub(super) fn dust_monitor() -> Value {
    json!({ "code": "320281YD9001", "profile": "dust-monitor", "name": "一号工地", "org": "slj",
        "protocol": "hj212", "address": "320281YD0000000000000001", "secret": "123456", "interval_seconds": 60 })
}

#[tokio::test]
async fn a_frame_over_a_plain_socket_is_answered_and_a_wrong_one_is_kept_with_its_reason()
-> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let net = Net::enter(&program.base).await?;
    let id = net.register(&dust_monitor()).await?;

    let answer = say(&program, "hj212", DUST.as_bytes(), b"\r\n").await?;
    ensure!(
        answer == DUST_ANSWER.as_bytes(),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    let view = net
        .integrator
        .get(&format!("/api/v1/devices/{id}"))
        .await?
        .ok()?;
    let values = view["last"].as_array().context("no values")?;
    let tsp = values
        .iter()
        .find(|each| each["property"] == "tsp")
        .context("no TSP")?;
    ensure!(tsp["value"] == 0.186, "{tsp}");
    let counted = net
        .ask("SELECT property, value FROM observations WHERE device = '320281YD9001' ORDER BY property")
        .await?;
    ensure!(
        counted["rows"] == json!([["noise", 62.4], ["pm10", 0.082], ["tsp", 0.186]]),
        "{counted}"
    );

    // The checksum is wrong; then the frame of a device that nobody registered.
    let broken = DUST.replace("&&B8C1", "&&B8C2");
    let stranger = DUST.replace("MN=320281YD0000000000000001", "MN=320281YD0000000000000002");
    let stranger = with_checksum(&stranger);
    for frame in [&broken, &stranger] {
        let mut socket = TcpStream::connect(program.edge("hj212")?).await?;
        socket.write_all(frame.as_bytes()).await?;
        socket.shutdown().await?;
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).await?;
    }
    let refusals = until(|| async {
        let page = net
            .integrator
            .get("/api/v1/sensing/refusals?edge=hj212")
            .await?
            .ok()?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        Ok((items.len() >= 2).then_some(items))
    })
    .await?;
    for (code, words) in [
        ("hj212.crc", "B8C2"),
        ("unknown_device", "320281YD0000000000000002"),
    ] {
        let found = refusals.iter().find(|each| each["code"] == code);
        let found = found.with_context(|| format!("no {code} among {refusals:?}"))?;
        let told = format!("{} {}", found["message"], found["text"]);
        ensure!(told.contains(words), "{found}");
    }
    ensure!(program.stop().await?.success());
    Ok(())
}

/// Asks again and again, for a while.
pub(super) async fn until<T, F: Future<Output = anyhow::Result<Option<T>>>>(
    ask: impl Fn() -> F,
) -> anyhow::Result<T> {
    let asking = async {
        loop {
            if let Some(found) = ask().await? {
                return anyhow::Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking)
        .await
        .context("it does not come")?
}

/// The frame with the checksum of HJ 212, annex A.
fn with_checksum(frame: &str) -> String {
    let body = frame.get(6..frame.len() - 6).unwrap_or_default();
    let mut crc = 0xFFFF_u16;
    for byte in body.bytes() {
        crc = (crc >> 8) ^ u16::from(byte);
        for _ in 0..8 {
            let odd = crc & 1 == 1;
            crc >>= 1;
            if odd {
                crc ^= 0xA001;
            }
        }
    }
    format!("{}{body}{crc:04X}\r\n", frame.get(..6).unwrap_or_default())
}

pub(super) async fn has(program: &str) -> anyhow::Result<bool> {
    let found = Command::new(program).arg("--help").output().await;
    #[expect(
        clippy::disallowed_methods,
        reason = "a test learns from its caller what may be left out"
    )]
    let is_ci = std::env::var("CI").is_ok();
    ensure!(
        found.is_ok() || !is_ci,
        "{program} is not installed; `scripts/test.sh e2e` installs it"
    );
    Ok(found.is_ok())
}

/// mosquitto_sub as a person with rights, once it has subscribed; it ends after two messages.
async fn listener(net: &Net, server: SocketAddr, topic: &str) -> anyhow::Result<Listener> {
    let (host, port) = (server.ip().to_string(), server.port().to_string());
    // Into a pipe it writes only when much has come together, unless it is told to write each line.
    let mut child = Command::new("stdbuf")
        .args(["-oL", "mosquitto_sub"])
        .args(["-h", &host, "-p", &port, "-u", "integrator", "-P"])
        .arg(net.integrator.token())
        .args(["-t", topic, "-q", "1", "-C", "2", "-W", "40", "-d"])
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut output = child.stdout.take().context("no output")?;
    let (mut heard, mut buffer) = (String::new(), [0; 4_096]);
    while !heard.contains("SUBACK") {
        let count = output.read(&mut buffer).await?;
        ensure!(count > 0, "the listener ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(
            buffer.get(..count).unwrap_or_default(),
        ));
    }
    Ok(Listener {
        child,
        output,
        heard,
    })
}

struct Listener {
    child: tokio::process::Child,
    output: tokio::process::ChildStdout,
    heard: String,
}

impl Listener {
    /// Everything that it heard until it ended.
    async fn end(mut self) -> anyhow::Result<String> {
        self.output.read_to_string(&mut self.heard).await?;
        let status = self.child.wait().await?;
        ensure!(status.success(), "the listener gave up: {}", self.heard);
        Ok(self.heard)
    }
}

/// mosquitto_pub as a device, with QoS 1.
async fn publish(
    server: SocketAddr,
    version: &str,
    (code, token): (&str, &str),
    (topic, body): (&str, &str),
) -> anyhow::Result<std::process::Output> {
    let (host, port) = (server.ip().to_string(), server.port().to_string());
    let done = Command::new("mosquitto_pub")
        .args(["-h", &host, "-p", &port, "-V", version, "-i", code])
        .args(["-u", code, "-P", token, "-t", topic, "-q", "1", "-m", body])
        .output()
        .await?;
    Ok(done)
}

/// mosquitto's own programs: a device publishes in both versions, a person with rights listens, a stranger is told no.
#[tokio::test]
async fn mosquittos_programs_publish_and_subscribe() -> anyhow::Result<()> {
    if !has("mosquitto_pub").await? || !has("mosquitto_sub").await? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let net = Net::enter(&program.base).await?;
    let gauges = net.gauges(1).await?;
    let (code, token) = gauges.first().context("no gauge")?;
    let server = program.edge("mqtt")?;
    let topic = format!("yw/v1/rain-gauge/{code}/up/props");
    let listener = listener(&net, server, &topic).await?;
    let base_ms = now_ms()?;
    for (version, number) in [("311", 1), ("5", 2)] {
        let body =
            json!({ "time": base_ms + number, "values": { "rain_total": number } }).to_string();
        let done = publish(server, version, (code, token), (&topic, &body)).await?;
        let told = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "MQTT {version}: {told}");
    }
    let heard = listener.end().await?;
    ensure!(
        heard.contains("\"rain_total\":1") && heard.contains("\"rain_total\":2"),
        "{heard}"
    );
    let refused = publish(server, "311", (code, "wrong"), (&topic, "{}")).await?;
    ensure!(!refused.status.success(), "a wrong token is let in");
    let stored: Value = net
        .ask(&format!(
            "SELECT value FROM observations WHERE device = '{code}' ORDER BY value"
        ))
        .await?;
    ensure!(stored["rows"] == json!([[1.0], [2.0]]), "{stored}");
    ensure!(program.stop().await?.success());
    Ok(())
}
