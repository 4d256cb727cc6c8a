//! The edges with TLS, over real sockets and with real handshakes.

mod papers;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use yiwang_contracts::Actor;
use yiwang_kernel::{Fault as _, micros};
use yiwang_mqtt::packet::Connect;
use yiwang_mqtt::{ClientEvent, Reason, Version};

use self::papers::{Authority, Paper, connect, lay};
use super::mqtt::{UP, Wire, device};
use crate::testing::Net;
use crate::{DeviceId, EdgeAddresses, Hearing, ListenFault, Protocol, TlsFault, TlsFiles};

/// The clock of tests stands in November 2026.
const GOOD: (i32, i32) = (2026, 2060);
const OVER: (i32, i32) = (2020, 2026);

/// A node whose edges speak TLS.
struct City {
    net: Net,
    folder: tempfile::TempDir,
    signs: Authority,
    mqtt: SocketAddr,
    mqtts: SocketAddr,
    hj212s: SocketAddr,
}

impl City {
    async fn open(change: impl FnOnce(&mut TlsFiles)) -> Self {
        let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
        let folder = tempfile::tempdir().unwrap();
        let signs = Authority::new("city");
        let mut files = lay(&signs.signs("city.example", (2020, 2060)), folder.path());
        change(&mut files);
        let any = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let addresses = EdgeAddresses {
            mqtt: any,
            mqtts: any,
            hj212s: any,
            tls: Some(files),
            connections_max: 100,
            ..EdgeAddresses::default()
        };
        let open = net.service.listen(&net.platform, &addresses).await.unwrap();
        let names: Vec<_> = open.iter().map(crate::OpenEdge::name).collect();
        assert_eq!(names, ["mqtt", "mqtts", "hj212s"]);
        Self {
            net,
            folder,
            signs,
            mqtt: open[0].address,
            mqtts: open[1].address,
            hj212s: open[2].address,
        }
    }

    /// A device with a token and a certificate.
    async fn register(&self, code: &str, paper: &Paper) -> (DeviceId, String) {
        let (id, token) = self.net.register(Net::device(code)).await;
        self.name(id, paper).await;
        (id, token)
    }

    async fn name(&self, id: DeviceId, paper: &Paper) {
        let (actor, now) = (Actor::system("test"), self.net.platform.now());
        let service = &self.net.service;
        let named = service.set_certificate(&actor, id, &paper.certificate, now);
        assert!(named.await.unwrap().has_certificate);
    }

    /// A client in MQTT that shows `paper`.
    async fn wire(&self, paper: Option<&Paper>, asks: Connect) -> Wire {
        let client = self.signs.client(paper, false);
        let line = connect(&client, self.mqtts).await.unwrap();
        Wire::over(Box::new(line), asks).await
    }

    fn refused(&self, protocol: Protocol) -> BTreeMap<&'static str, u64> {
        self.net.service.intake().totals.of(protocol).view().refused
    }

    /// Waits for a refusal to be counted.
    async fn is_refused(&self, protocol: Protocol, code: &str) {
        while !self.refused(protocol).contains_key(code) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn ends(self) {
        self.net.platform.tasks.stop_token().cancel();
    }
}

fn nameless(version: Version) -> Connect {
    Connect::new(version, "device".to_owned())
}

async fn is_let_in(wire: &mut Wire) {
    let answer = wire.next().await;
    assert!(
        matches!(answer, Some(ClientEvent::Connected(_))),
        "{answer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_lets_its_device_in_until_it_is_revoked() {
    for is_old in [false, true] {
        let city = City::open(|_| {}).await;
        let paper = Paper::own("R1", GOOD);
        let (id, _) = city.register("R1", &paper).await;
        let client = city.signs.client(Some(&paper), is_old);
        for asks in [
            nameless(Version::V3),
            nameless(Version::V5),
            device(Version::V5, "R1", "no token"),
        ] {
            let line = connect(&client, city.mqtts).await.unwrap();
            let mut wire = Wire::over(Box::new(line), asks).await;
            is_let_in(&mut wire).await;
            let at = city.net.platform.now();
            wire.publish(UP, &json!({ "time": at, "values": { "level": 1.5 } }))
                .await;
            let acknowledged = wire.next().await;
            assert!(matches!(
                acknowledged,
                Some(ClientEvent::Acknowledged { .. })
            ));
            assert_eq!(city.net.memory.values("R1", "level"), [(micros(at), 1.5)]);
        }

        let line = connect(&client, city.mqtts).await.unwrap();
        let mut wire = Wire::over(Box::new(line), nameless(Version::V5)).await;
        is_let_in(&mut wire).await;
        let (actor, now) = (Actor::system("test"), city.net.platform.now());
        let service = &city.net.service;
        let view = service.device(&actor, id, now).unwrap();
        let shown = view.connections.last().unwrap();
        assert!(shown.starts_with("mqtt tls 127.0.0.1:") && shown.ends_with(" certificate"));
        assert_eq!(view.certificate_sha256.map(|digits| digits.len()), Some(64));
        service.revoke_credentials(&actor, id, now).await.unwrap();
        while wire.next().await.is_some() {}
        let view = service.device(&actor, id, now).unwrap();
        assert_eq!(
            (view.hearing, view.hearing_reason),
            (Hearing::Offline, "revoked")
        );
        let mut wire = city.wire(Some(&paper), nameless(Version::V5)).await;
        let answer = wire.next().await;
        assert_eq!(answer, Some(ClientEvent::Refused(Reason::BadCredentials)));
        assert_eq!(city.refused(Protocol::Mqtt)["unknown_certificate"], 1);
        city.ends();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_speaks_for_no_other_device_and_a_token_goes_on() {
    let city = City::open(|_| {}).await;
    let (one, two) = (Paper::own("R1", GOOD), Paper::own("R2", GOOD));
    let (_, token) = city.register("R1", &one).await;
    let (id, other) = city.register("R2", &two).await;
    // Not even with the other's token.
    let mut wire = city
        .wire(Some(&one), device(Version::V5, "R2", &other))
        .await;
    let answer = wire.next().await;
    assert_eq!(answer, Some(ClientEvent::Refused(Reason::NotAuthorized)));
    let of = |code: &str| city.net.service.registry().by_code(code).unwrap();
    assert_eq!(of("R1").counts.view().refused["other_certificate"], 1);
    assert_eq!(of("R2").counts.view().refused.len(), 0);

    let (stranger, asks) = (Paper::own("R1", GOOD), device(Version::V5, "R1", &token));
    for paper in [None, Some(&one), Some(&stranger)] {
        is_let_in(&mut city.wire(paper, asks.clone()).await).await;
    }
    is_let_in(&mut Wire::connect(city.mqtt, asks).await).await;
    let mut wire = city.wire(None, device(Version::V5, "R1", "wrong")).await;
    let answer = wire.next().await;
    assert_eq!(answer, Some(ClientEvent::Refused(Reason::BadCredentials)));

    // A certificate is one device's, and a new one ends what stands on the old one.
    let (actor, now) = (Actor::system("test"), city.net.platform.now());
    let service = &city.net.service;
    let taken = service.set_certificate(&actor, id, &one.certificate, now);
    assert_eq!(taken.await.unwrap_err().code(), "sensing.taken");
    let mut wire = city.wire(Some(&two), nameless(Version::V5)).await;
    is_let_in(&mut wire).await;
    city.name(id, &stranger).await;
    while wire.next().await.is_some() {}
    is_let_in(&mut city.wire(Some(&stranger), nameless(Version::V5)).await).await;
    city.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_whose_time_is_over_is_refused_at_its_device() {
    let city = City::open(|_| {}).await;
    let paper = Paper::own("R1", (2026, 2027));
    let (id, _) = city.register("R1", &paper).await;
    is_let_in(&mut city.wire(Some(&paper), nameless(Version::V5)).await).await;
    city.net.clock.advance(SignedDuration::from_hours(24 * 60));
    let mut wire = city.wire(Some(&paper), nameless(Version::V5)).await;
    assert_eq!(wire.next().await, None);
    city.is_refused(Protocol::Mqtt, "certificate_expired").await;
    let slot = city.net.service.registry().by_code("R1").unwrap();
    assert_eq!(slot.counts.view().refused["certificate_expired"], 1);

    let (actor, now) = (Actor::system("test"), city.net.platform.now());
    for pem in [&Paper::own("R1", OVER).certificate, "R1"] {
        let named = city.net.service.set_certificate(&actor, id, pem, now);
        assert_eq!(named.await.unwrap_err().code(), "sensing.invalid");
    }
    city.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_an_authority_is_named_it_must_have_signed() {
    let authority = Authority::new("devices");
    let pem = authority.certificate.clone();
    let city = City::open(|files| {
        let path = files.key.with_file_name("devices.pem");
        std::fs::write(&path, pem).unwrap();
        files.client_ca = Some(path);
    })
    .await;
    let (signed, own) = (authority.signs("R1", GOOD), Paper::own("R2", GOOD));
    city.register("R1", &signed).await;
    city.register("R2", &own).await;
    is_let_in(&mut city.wire(Some(&signed), nameless(Version::V5)).await).await;
    let mut wire = city.wire(Some(&own), nameless(Version::V5)).await;
    assert_eq!(wire.next().await, None);
    city.is_refused(Protocol::Mqtt, "certificate_not_trusted")
        .await;
    city.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_or_no_tls_costs_nobody_else() {
    let city = City::open(|files| files.handshake_max = Duration::from_secs(3)).await;
    let (_, token) = city.net.register(Net::device("R1")).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(city.mqtts).await.unwrap());
    }
    is_let_in(&mut city.wire(None, device(Version::V5, "R1", &token)).await).await;
    for mut each in silent {
        let count = each.read(&mut [0; 16]).await;
        assert!(count.is_err() || count.is_ok_and(|count| count == 0));
    }
    let mut plain = Wire::connect(city.mqtts, device(Version::V5, "R1", &token)).await;
    // What it gets is an alert of TLS, which is no MQTT.
    let answer = plain.next().await;
    assert!(
        !matches!(answer, Some(ClientEvent::Connected(_))),
        "{answer:?}"
    );
    drop(TcpStream::connect(city.mqtts).await.unwrap());
    for code in ["tls_timeout", "not_tls", "tls_closed"] {
        city.is_refused(Protocol::Mqtt, code).await;
    }
    assert_eq!(city.refused(Protocol::Mqtt)["tls_timeout"], 20);
    let told = city.net.platform.counters.render();
    let count = "sensing_tls_handshakes_total{edge=\"mqtts\",outcome=\"tls_timeout\"} 20";
    assert!(told.contains(count), "{told}");
    city.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_of_the_node_is_taken_up_and_a_bad_one_is_not() {
    let city = City::open(|_| {}).await;
    let (_, token) = city.net.register(Net::device("R1")).await;
    let mut before = city.wire(None, device(Version::V5, "R1", &token)).await;
    is_let_in(&mut before).await;
    let service = &city.net.service;
    let look = || service.look_at_certificate(city.net.platform.now());
    let shown = async || {
        let client = city.signs.client(None, false);
        let line = connect(&client, city.mqtts).await.unwrap();
        let (_, session) = line.get_ref();
        session.peer_certificates().unwrap()[0].to_vec()
    };
    let (first, folder) = (shown().await, city.folder.path());
    assert!(!look().await.unwrap());

    std::fs::write(folder.join("city.pem"), "no certificate").unwrap();
    assert!(matches!(look().await, Err(TlsFault::NoCertificate { .. })));
    lay(&city.signs.signs("city.example", OVER), folder);
    assert!(matches!(look().await, Err(TlsFault::Over { .. })));
    std::fs::write(folder.join("city.key"), Paper::own("other", GOOD).key).unwrap();
    assert!(matches!(look().await, Err(TlsFault::OtherKey { .. })));
    assert_eq!(shown().await, first);

    lay(&city.signs.signs("city.example", (2026, 2027)), folder);
    assert!(look().await.unwrap());
    assert!(!look().await.unwrap());
    assert_ne!(shown().await, first);
    let told = city.net.platform.counters.render();
    let seconds = SignedDuration::from_hours(39 * 24 - 1).as_secs();
    let left = format!("sensing_tls_certificate_seconds_left {seconds}");
    assert!(told.contains(&left), "{told}");
    // What stands goes on.
    before
        .publish(UP, &json!({ "values": { "level": 1 } }))
        .await;
    let acknowledged = before.next().await;
    assert!(matches!(
        acknowledged,
        Some(ClientEvent::Acknowledged { .. })
    ));
    city.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_another_device_than_the_certificates_is_refused() {
    let city = City::open(|_| {}).await;
    let paper = Paper::own("D1", GOOD);
    for (code, address) in [("D1", "A1"), ("D2", "A2")] {
        let mut station = Net::device(code);
        (station["protocol"], station["address"]) = (json!("hj212"), json!(address));
        let (id, _) = city.net.register(station).await;
        if code == "D1" {
            city.name(id, &paper).await;
        }
    }
    let frame = |address: &str| {
        let body = format!(
            "QN=20261123090000000;ST=21;CN=2011;PW=1;MN={address};Flag=5;CP=&&DataTime=20261123090000;w01010-Rtd=1&&"
        );
        format!(
            "##{:04}{body}{:04X}\r\n",
            body.len(),
            yiwang_hj212::crc(body.as_bytes())
        )
    };
    let client = city.signs.client(Some(&paper), false);
    let mut line = connect(&client, city.hj212s).await.unwrap();
    let both = [frame("A2"), frame("A1")].concat();
    line.write_all(both.as_bytes()).await.unwrap();
    line.flush().await.unwrap();
    // Only its own frame is answered.
    let mut answer = [0; 512];
    let count = line.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(
        answer.contains("MN=A1") && !answer.contains("MN=A2"),
        "{answer}"
    );
    assert_eq!(city.refused(Protocol::Hj212)["other_certificate"], 1);

    // Without a certificate the frame's own proof is enough.
    let mut line = connect(&city.signs.client(None, false), city.hj212s)
        .await
        .unwrap();
    line.write_all(frame("A2").as_bytes()).await.unwrap();
    line.flush().await.unwrap();
    let mut answer = [0; 512];
    let count = line.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..count]).contains("MN=A2"));
    city.ends();
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_at_the_start() {
    let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    let folder = tempfile::tempdir().unwrap();
    let files = lay(&Paper::own("city.example", GOOD), folder.path());
    let mut addresses = EdgeAddresses {
        mqtts: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        connections_max: 1,
        ..EdgeAddresses::default()
    };
    let open = async |addresses: &EdgeAddresses| {
        let opened = net.service.listen(&net.platform, addresses).await;
        opened.unwrap_err()
    };
    assert!(matches!(
        open(&addresses).await,
        ListenFault::NoCertificate("mqtts")
    ));
    std::fs::write(folder.path().join("empty"), "").unwrap();
    for (setting, path) in [
        ("certificate", "empty"),
        ("key", "empty"),
        ("client_ca", "nowhere"),
    ] {
        let mut files = files.clone();
        let path = folder.path().join(path);
        match setting {
            "certificate" => files.certificate.clone_from(&path),
            "key" => files.key.clone_from(&path),
            _ => files.client_ca = Some(path.clone()),
        }
        addresses.tls = Some(files);
        let told = open(&addresses).await.to_string();
        let named = format!("sensing.tls.{setting}: ");
        assert!(
            told.starts_with(&named) && told.contains(&*path.to_string_lossy()),
            "{told}"
        );
    }
}
