//! The MQTT edge over a real socket, with a client that shares no state with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use yiwang_kernel::{Fault as _, PageRequest, Timestamp, micros};
use yiwang_mqtt::packet::{Connect, FilterRequest, SubscriptionOptions, Will};
use yiwang_mqtt::{Client, ClientEvent, Message, Qos, Reason, Version};

use crate::command::CommandState;
use crate::testing::Net;
use crate::{EdgeAddresses, Hearing, Protocol};

/// What a client speaks through.
pub(super) trait Line: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// A client on its socket.
pub(super) struct Wire {
    socket: Box<dyn Line>,
    client: Client,
    seen: Vec<ClientEvent>,
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

impl Wire {
    pub(super) async fn connect(address: SocketAddr, connect: Connect) -> Self {
        let socket = TcpStream::connect(address).await.unwrap();
        Self::over(Box::new(socket), connect).await
    }

    pub(super) async fn over(socket: Box<dyn Line>, connect: Connect) -> Self {
        let mut client = Client::new(connect, 100, now());
        client.connect(now());
        let mut wire = Self {
            socket,
            client,
            seen: Vec::new(),
        };
        wire.send().await;
        wire
    }

    /// What cannot be sent any more is seen by what comes.
    async fn send(&mut self) {
        let output = self.client.take_output();
        let _gone = self.socket.write_all(&output).await;
        let _gone = self.socket.flush().await;
    }

    /// The next thing that comes; `None` when the connection has ended.
    pub(super) async fn next(&mut self) -> Option<ClientEvent> {
        let mut buffer = vec![0; 65_536];
        while self.seen.is_empty() {
            let count = self
                .socket
                .read(&mut buffer)
                .await
                .ok()
                .filter(|count| *count > 0)?;
            let bytes = bytes::Bytes::copy_from_slice(&buffer[..count]);
            self.client.receive(bytes, now(), &mut self.seen);
            self.send().await;
        }
        Some(self.seen.remove(0))
    }

    pub(super) async fn publish(&mut self, topic: &str, payload: &serde_json::Value) {
        let message = Message::new(topic.to_owned(), payload.to_string(), Qos::AtLeastOnce);
        let _written = self.client.publish(&Arc::new(message), now());
        self.send().await;
    }

    async fn subscribe(&mut self, filter: &str) -> Reason {
        let request = FilterRequest {
            filter: filter.into(),
            options: SubscriptionOptions {
                qos: Qos::AtLeastOnce,
                ..SubscriptionOptions::default()
            },
        };
        let _id = self.client.subscribe(vec![request], None, now());
        self.send().await;
        match self.next().await.unwrap() {
            ClientEvent::Subscribed(answer) => answer.reasons[0],
            other => panic!("{other:?}"),
        }
    }
}

pub(super) fn device(version: Version, code: &str, token: &str) -> Connect {
    let mut connect = Connect::new(version, code.to_owned());
    connect.user_name = Some(code.into());
    connect.password = Some(token.to_owned().into());
    connect
}

async fn net() -> (Net, SocketAddr) {
    let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    let addresses = EdgeAddresses {
        mqtt: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        connections_max: 100,
        ..EdgeAddresses::default()
    };
    let open = net.service.listen(&net.platform, &addresses).await.unwrap();
    assert_eq!(open[0].protocol, Protocol::Mqtt);
    (net, open[0].address)
}

pub(super) const UP: &str = "yw/v1/river-station/R1/up/props";

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_is_acknowledged_once_it_is_durable() {
    for version in [Version::V3, Version::V5] {
        let (net, address) = net().await;
        let (id, token) = net.register(Net::device("R1")).await;
        let mut wire = Wire::connect(address, device(version, "R1", &token)).await;
        assert!(matches!(wire.next().await, Some(ClientEvent::Connected(_))));
        let at = net.platform.now();
        wire.publish(UP, &json!({ "time": at, "values": { "level": 1.5 } }))
            .await;
        let acknowledged = wire.next().await.unwrap();
        assert!(
            matches!(acknowledged, ClientEvent::Acknowledged { .. }),
            "{acknowledged:?}"
        );
        assert_eq!(net.memory.values("R1", "level"), [(micros(at), 1.5)]);

        // No room: no answer to the publish, and the ping is answered all the same.
        net.memory.is_full.store(true, Ordering::Release);
        let later = at + jiff::SignedDuration::from_secs(1);
        wire.publish(UP, &json!({ "time": later, "values": { "level": 1.6 } }))
            .await;
        wire.client.ping(now());
        wire.send().await;
        let early = tokio::time::timeout(Duration::from_millis(300), wire.next()).await;
        assert!(early.is_err(), "{early:?}");
        net.memory.is_full.store(false, Ordering::Release);
        assert!(matches!(
            wire.next().await,
            Some(ClientEvent::Acknowledged { .. })
        ));
        assert_eq!(net.memory.values("R1", "level").len(), 2);

        let actor = yiwang_contracts::Actor::system("test");
        let view = net.service.device(&actor, id, later).unwrap();
        assert_eq!((view.hearing, view.connections.len()), (Hearing::Online, 1));
        net.service
            .revoke_credentials(&actor, id, later)
            .await
            .unwrap();
        while wire.next().await.is_some() {}
        let view = net.service.device(&actor, id, later).unwrap();
        assert_eq!(
            (view.hearing, view.hearing_reason),
            (Hearing::Offline, "revoked")
        );
        net.platform.tasks.stop_token().cancel();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_has_its_own_topics_only() {
    let (net, address) = net().await;
    let (_, token) = net.register(Net::device("R1")).await;
    let mut stranger = Wire::connect(address, device(Version::V5, "R1", "wrong")).await;
    assert_eq!(
        stranger.next().await,
        Some(ClientEvent::Refused(Reason::BadCredentials))
    );
    let mut wire = Wire::connect(address, device(Version::V5, "R1", &token)).await;
    wire.next().await;
    let other = "yw/v1/river-station/R2/up/props";
    wire.publish(other, &json!({ "values": { "level": 1 } }))
        .await;
    let Some(ClientEvent::Acknowledged { reason, .. }) = wire.next().await else {
        panic!()
    };
    assert_eq!(reason, Reason::NotAuthorized);
    wire.publish(UP, &json!("no object")).await;
    let Some(ClientEvent::Acknowledged { reason, .. }) = wire.next().await else {
        panic!()
    };
    assert_eq!(reason, Reason::PayloadFormatInvalid);
    assert_eq!(
        wire.subscribe("yw/v1/river-station/+/down/#").await,
        Reason::NotAuthorized
    );
    assert_eq!(
        wire.subscribe("yw/v1/river-station/R1/down/#").await,
        Reason::GrantedQos1
    );
    let message = Message::new("yw/v1/river-station/R1/down/cmd", "{}", Qos::AtLeastOnce);
    net.service
        .broker
        .publish(message, None, net.platform.now());
    let Some(ClientEvent::Message(publish)) = wire.next().await else {
        panic!()
    };
    assert_eq!(&*publish.topic, "yw/v1/river-station/R1/down/cmd");
    net.platform.tasks.stop_token().cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_leaves_its_will_and_a_session_keeps_what_comes() {
    let (net, address) = net().await;
    let (id, token) = net.register(Net::device("R1")).await;
    let mut connect = device(Version::V5, "R1", &token);
    connect.clean_start = false;
    connect.session_expiry_seconds = 3_600;
    connect.will = Some(Box::new(Will {
        topic: "yw/v1/river-station/R1/up/reply".into(),
        payload: "gone".into(),
        qos: Qos::AtLeastOnce,
        retain: false,
        delay_seconds: 0,
        properties: None,
    }));
    let mut wire = Wire::connect(address, connect.clone()).await;
    wire.next().await;
    assert_eq!(
        wire.subscribe("yw/v1/river-station/R1/down/#").await,
        Reason::GrantedQos1
    );
    drop(wire);
    let actor = yiwang_contracts::Actor::system("test");
    while net
        .service
        .device(&actor, id, net.platform.now())
        .unwrap()
        .hearing
        == Hearing::Online
    {
        tokio::task::yield_now().await;
    }
    let view = net.service.device(&actor, id, net.platform.now()).unwrap();
    assert_eq!(view.hearing_reason, "will");
    let message = Message::new("yw/v1/river-station/R1/down/cmd", "{}", Qos::AtLeastOnce);
    assert_eq!(
        net.service
            .broker
            .publish(message, None, net.platform.now()),
        1
    );
    let mut wire = Wire::connect(address, connect).await;
    let Some(ClientEvent::Connected(connack)) = wire.next().await else {
        panic!()
    };
    assert!(connack.session_present);
    let Some(ClientEvent::Message(publish)) = wire.next().await else {
        panic!()
    };
    assert_eq!(&publish.payload[..], b"{}");
    net.platform.tasks.stop_token().cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_replaced_by_the_same_client_is_told_so_and_loses_nothing() {
    let (net, address) = net().await;
    let (id, token) = net.register(Net::device("R1")).await;
    let mut connect = device(Version::V5, "R1", &token);
    (connect.clean_start, connect.session_expiry_seconds) = (false, 3_600);
    let mut before = Wire::connect(address, connect.clone()).await;
    before.next().await;
    before.subscribe("yw/v1/river-station/R1/down/#").await;
    let mut after = Wire::connect(address, connect).await;
    after.next().await;
    let gone = ClientEvent::Disconnected(Reason::SessionTakenOver);
    assert_eq!(before.next().await, Some(gone));
    assert_eq!(before.next().await, None);
    let actor = yiwang_contracts::Actor::system("test");
    let view = net.service.device(&actor, id, net.platform.now()).unwrap();
    assert_eq!(view.hearing, Hearing::Online);
    let message = Message::new("yw/v1/river-station/R1/down/cmd", "{}", Qos::AtLeastOnce);
    net.service
        .broker
        .publish(message, None, net.platform.now());
    assert!(matches!(after.next().await, Some(ClientEvent::Message(_))));
    net.platform.tasks.stop_token().cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_platforms_topics_are_read_as_the_profile_says() {
    let (net, address) = net().await;
    let (_, token) = net.register(Net::device("R1")).await;
    let mut wire = Wire::connect(address, device(Version::V5, "R1", &token)).await;
    wire.next().await;
    // The batch has no time: it is of the time of its arrival.
    let at = net.platform.now() - jiff::SignedDuration::from_secs(1);
    for (topic, payload, reason) in [
        (
            "vendor/R1/data",
            json!({ "at": at, "m": { "h": 1.25 } }),
            Reason::Success,
        ),
        (
            "vendor/batch",
            json!({ "sn": "R1", "h": "1.5" }),
            Reason::Success,
        ),
        (
            "vendor/R2/data",
            json!({ "at": at, "m": { "h": 9 } }),
            Reason::NotAuthorized,
        ),
        (
            "vendor/batch",
            json!({ "sn": "R2", "h": 9 }),
            Reason::NotAuthorized,
        ),
        (
            "vendor/R1/data",
            json!({ "at": at }),
            Reason::PayloadFormatInvalid,
        ),
        ("vendor/other", json!({ "h": 9 }), Reason::NotAuthorized),
    ] {
        wire.publish(topic, &payload).await;
        let Some(ClientEvent::Acknowledged { reason: told, .. }) = wire.next().await else {
            panic!("{topic} {payload}")
        };
        assert_eq!(told, reason, "{topic} {payload}");
    }
    let values = net.memory.values("R1", "level");
    assert!(values.contains(&(micros(at), 1.25)), "{values:?}");
    assert!(
        values.iter().any(|(_, value)| (value - 1.5).abs() < 1e-9),
        "{values:?}"
    );
    net.platform.tasks.stop_token().cancel();
}

async fn states(net: &Net, id: crate::DeviceId) -> Vec<(CommandState, Option<String>)> {
    let actor = yiwang_contracts::Actor::system("test");
    let now = net.platform.now();
    net.service.settle_commands(now).await.unwrap();
    let page = PageRequest::default();
    let page = net.service.commands(&actor, id, &page, now).await;
    let items = page.unwrap().items;
    items
        .into_iter()
        .map(|each| (each.state, each.answer))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_reaches_the_device_and_its_answer_is_kept() {
    let (net, address) = net().await;
    let mut gauge = Net::device("R1");
    gauge["protocol"] = json!("mqtt");
    let (id, token) = net.register(gauge).await;
    let send = |seconds: f64| {
        let wanted = json!({ "command": "set_interval", "parameters": { "seconds": seconds } });
        let wanted = serde_json::from_value(wanted).unwrap();
        let actor = yiwang_contracts::Actor::system("test");
        let net = &net;
        async move {
            let now = net.platform.now();
            net.service.send_command(&actor, id, wanted, now).await
        }
    };
    // Nobody listens yet.
    assert_eq!(send(60.0).await.unwrap().state, CommandState::Failed);
    let refused = send(5.0).await.unwrap_err();
    assert_eq!(refused.code(), "sensing.invalid");

    let mut wire = Wire::connect(address, device(Version::V5, "R1", &token)).await;
    wire.next().await;
    wire.subscribe("yw/v1/river-station/R1/down/#").await;
    for (ok, state) in [(true, CommandState::Done), (false, CommandState::Failed)] {
        let command = send(60.0).await.unwrap();
        assert_eq!(command.state, CommandState::Waiting);
        let Some(ClientEvent::Message(told)) = wire.next().await else {
            panic!()
        };
        let told: serde_json::Value = serde_json::from_slice(&told.payload).unwrap();
        assert_eq!(told["parameters"], json!({ "seconds": 60.0 }));
        let reply = json!({ "id": told["id"], "ok": ok, "message": "知道了" });
        wire.publish("yw/v1/river-station/R1/up/reply", &reply)
            .await;
        let acknowledged = wire.next().await;
        assert!(matches!(
            acknowledged,
            Some(ClientEvent::Acknowledged { .. })
        ));
        let states = states(&net, id).await;
        assert_eq!(states[0], (state, Some("知道了".to_owned())));
    }
    send(60.0).await.unwrap();
    net.clock.advance(jiff::SignedDuration::from_secs(61));
    assert_eq!(states(&net, id).await[0], (CommandState::Expired, None));
    net.platform.tasks.stop_token().cancel();
}

fn account(token: &str) -> Connect {
    let mut connect = Connect::new(Version::V5, token.to_owned());
    connect.user_name = Some("anybody".into());
    connect.password = Some(token.to_owned().into());
    connect
}

#[tokio::test(flavor = "multi_thread")]
async fn observations_are_told_and_taken_by_the_topics_of_sensorthings() {
    let (net, address) = net().await;
    let (_, token) = net.register(Net::device("R1")).await;
    net.register(Net::device("R2")).await;
    let own = "v1.1/Datastreams('R1:level')/Observations";
    let other = "v1.1/Datastreams('R2:level')/Observations";
    let everything = "v1.1/Observations";

    // Who reads the water unit hears of its devices, and of everything only who may see everything.
    let mut water = Wire::connect(address, account("water")).await;
    water.next().await;
    assert_eq!(water.subscribe(own).await, Reason::GrantedQos1);
    assert_eq!(water.subscribe(everything).await, Reason::NotAuthorized);
    let mut air = Wire::connect(address, account("air")).await;
    air.next().await;
    assert_eq!(air.subscribe(own).await, Reason::NotAuthorized);
    let mut all = Wire::connect(address, account("all")).await;
    all.next().await;
    assert_eq!(all.subscribe(everything).await, Reason::GrantedQos1);
    let mut wire = Wire::connect(address, device(Version::V5, "R1", &token)).await;
    wire.next().await;
    assert_eq!(wire.subscribe(other).await, Reason::NotAuthorized);

    let at = net.platform.now();
    wire.publish(own, &json!({ "phenomenonTime": at, "result": 1.5 }))
        .await;
    let acknowledged = wire.next().await.unwrap();
    assert!(
        matches!(
            acknowledged,
            ClientEvent::Acknowledged {
                reason: Reason::Success,
                ..
            }
        ),
        "{acknowledged:?}"
    );
    assert_eq!(net.memory.values("R1", "level"), [(micros(at), 1.5)]);
    for (hears, topic) in [(&mut water, own), (&mut all, everything)] {
        let Some(ClientEvent::Message(publish)) = hears.next().await else {
            panic!()
        };
        assert_eq!(&*publish.topic, topic);
        let told: serde_json::Value = serde_json::from_slice(&publish.payload).unwrap();
        assert_eq!(
            (&told["result"], &told["phenomenonTime"]),
            (&json!(1.5), &json!(at))
        );
        assert_eq!(told["@iot.id"], format!("R1:level:{}", micros(at)));
    }
    wire.is_answered(own, other).await;
    net.platform.tasks.stop_token().cancel();
}

impl Wire {
    /// What a device may publish by the topics of SensorThings, and what not.
    async fn is_answered(&mut self, own: &str, other: &str) {
        let everything = "v1.1/Observations";
        for (topic, body, expected) in [
            (other, json!({ "result": 1 }), Reason::NotAuthorized),
            (
                own,
                json!({ "result": "much" }),
                Reason::PayloadFormatInvalid,
            ),
            (
                everything,
                json!({ "result": 1 }),
                Reason::PayloadFormatInvalid,
            ),
            (
                everything,
                json!({ "result": 1, "Datastream": { "@iot.id": "R1:rain" } }),
                Reason::Success,
            ),
        ] {
            self.publish(topic, &body).await;
            let Some(ClientEvent::Acknowledged { reason, .. }) = self.next().await else {
                panic!()
            };
            assert_eq!(reason, expected, "{topic} {body}");
        }
    }
}
