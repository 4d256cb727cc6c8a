//! The domain as a whole, on both engines.

mod last_values;
mod mqtt;
mod sensorthings;
mod tls;

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use yiwang_contracts::Actor;
use yiwang_kernel::{Fault as _, PageRequest, micros};

use crate::service::{DeviceFilter, IngestOutcome, RefusalQuery, Sender};
use crate::slot::Slot;
use crate::testing::{Net, actor, org};
use crate::{Hearing, SensingError};

async fn nets() -> Vec<Net> {
    let mut nets = Vec::new();
    for test in yiwang_testkit::databases(&[crate::migrations()]).await {
        nets.push(Net::open(test).await);
    }
    nets
}

impl Net {
    pub(super) async fn push(
        &self,
        code: &str,
        token: &str,
        body: &Value,
    ) -> Result<IngestOutcome, SensingError> {
        let slot = self.service.authenticate(code, token.as_bytes())?;
        let body = body.to_string();
        let sender = Sender::Device(slot);
        self.service
            .ingest(
                sender,
                body.as_bytes(),
                false,
                "10.0.0.1",
                self.platform.now(),
            )
            .await
    }

    /// Every reading is in one of the four.
    pub(super) fn assert_counted(&self, code: &str) {
        let counts = self.service.registry().by_code(code).unwrap().counts.view();
        let settled = counts.stored
            + counts.duplicate
            + counts.refused.values().sum::<u64>()
            + counts.shed.values().sum::<u64>();
        assert_eq!(counts.received, settled, "{counts:?}");
    }
}

fn outcome(received: u64, stored: u64, duplicate: u64, refused: u64) -> IngestOutcome {
    IngestOutcome {
        received,
        stored,
        duplicate,
        refused,
        reasons: Vec::new(),
    }
}

#[tokio::test]
async fn readings_are_stored_once_and_what_is_wrong_is_told_and_kept() {
    for net in nets().await {
        let (id, token) = net.register(Net::device("R1")).await;
        let at = net.platform.now();
        let earlier = at - jiff::SignedDuration::from_mins(10);
        let message =
            json!({ "time": at, "values": { "level": 1.23456, "rain": 0.6, "door": "open" } });
        assert_eq!(
            net.push("R1", &token, &message).await.unwrap(),
            outcome(3, 3, 0, 0)
        );
        assert_eq!(
            net.push("R1", &token, &message).await.unwrap(),
            outcome(3, 0, 3, 0)
        );
        assert_eq!(net.memory.values("R1", "level"), [(micros(at), 1.235)]);
        assert_eq!(net.memory.values("R1", "rain"), [(micros(at), 0.5)]);

        // A correction at the same time, then what is late, twice.
        let corrected = json!({ "time": at, "values": { "level": 1.5 } });
        assert_eq!(
            net.push("R1", &token, &corrected).await.unwrap(),
            outcome(1, 1, 0, 0)
        );
        let late = json!([{ "time": earlier, "values": { "level": 1.1 } }]);
        assert_eq!(
            net.push("R1", &token, &late).await.unwrap(),
            outcome(1, 1, 0, 0)
        );
        assert_eq!(
            net.push("R1", &token, &late).await.unwrap(),
            outcome(1, 0, 1, 0)
        );
        assert_eq!(
            net.memory.values("R1", "level"),
            [(micros(earlier), 1.1), (micros(at), 1.5)]
        );

        // One bad value costs that value only; a time that cannot be costs the message.
        let mixed = json!({ "time": at, "values": { "level": 99, "speed": 3, "rain": "much" } });
        let told = net.push("R1", &token, &mixed).await.unwrap();
        assert_eq!((told.received, told.stored, told.refused), (3, 1, 2));
        insta::allow_duplicates! {
            insta::assert_snapshot!(told.reasons.join("\n"), @r"
            the profile river-station has no property speed; it has level, rain, door
            rain is a number, `much` is none
            ");
        }
        let ahead =
            json!({ "time": at + jiff::SignedDuration::from_hours(1), "values": { "level": 1 } });
        assert_eq!(
            net.push("R1", &token, &ahead).await.unwrap(),
            outcome(1, 0, 0, 1)
        );
        let refused = net.push("R1", &token, &json!("hello")).await.unwrap_err();
        assert_eq!(refused.code(), "sensing.refused");
        net.assert_counted("R1");

        let view = net.service.device(&Actor::system("test"), id, at).unwrap();
        assert_eq!(view.hearing, Hearing::Online);
        assert_eq!(view.counts.late, 1);
        let level = view
            .last
            .iter()
            .find(|last| last.property == "level")
            .unwrap();
        assert_eq!(level.value, Some(99.0));
        assert_eq!(level.quality, yiwang_contracts::Quality::OutOfRange);
        let frames = net.service.frames(&Actor::system("test"), id, at).unwrap();
        assert!(
            frames
                .iter()
                .any(|frame| frame.refused == Some("malformed"))
        );
        refusals_are_kept(&net).await;
    }
}

async fn refusals_are_kept(net: &Net) {
    let everybody = actor(&["sensing.read"], None, 4);
    let writes = crate::service::reconcilers(&net.service);
    (writes[0].run)(net.platform.now()).await.unwrap();
    let page = net
        .service
        .refused_frames(
            &everybody,
            &RefusalQuery::default(),
            &PageRequest::default(),
            net.platform.now(),
        )
        .await
        .unwrap();
    let mut codes: Vec<String> = page.items.into_iter().map(|row| row.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "malformed",
            "not_a_number",
            "time_ahead",
            "unknown_property"
        ]
    );
    // Who owns nothing of it sees nothing of it.
    let other = actor(&["sensing.read"], Some(org(3)), 4);
    let page = net
        .service
        .refused_frames(
            &other,
            &RefusalQuery::default(),
            &PageRequest::default(),
            net.platform.now(),
        )
        .await
        .unwrap();
    assert!(page.items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_makes_devices_wait_and_nothing_is_lost() {
    let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    let (_, token) = net.register(Net::device("R1")).await;
    net.memory.is_full.store(true, Ordering::Release);
    let message = json!({ "time": net.platform.now(), "values": { "level": 1.0 } });
    let pushing = net.push("R1", &token, &message);
    let mut pushing = std::pin::pin!(pushing);
    let early = tokio::time::timeout(Duration::from_millis(300), &mut pushing).await;
    assert!(
        early.is_err(),
        "nothing may be acknowledged that is not durable"
    );
    let (why, _) = net.service.intake.state().blocked().unwrap();
    assert_eq!(why, "no room on the disk");
    net.memory.is_full.store(false, Ordering::Release);
    assert_eq!(pushing.await.unwrap(), outcome(1, 1, 0, 0));
    assert_eq!(net.service.intake.state().blocked(), None);
}

#[tokio::test]
async fn a_restart_knows_what_was_last() {
    for net in nets().await {
        let (id, token) = net.register(Net::device("R1")).await;
        let at = net.platform.now();
        let message = json!({ "time": at, "values": { "level": 2.5, "door": "shut" } });
        net.push("R1", &token, &message).await.unwrap();
        let net = net.restarted().await;
        let view = net.service.device(&Actor::system("test"), id, at).unwrap();
        assert_eq!(view.last.len(), 2);
        assert_eq!(
            net.push("R1", &token, &message).await.unwrap(),
            outcome(2, 0, 2, 0)
        );
    }
}

/// A connection of the device, by its end.
fn connected(slot: &Slot) -> CancellationToken {
    let end = CancellationToken::new();
    let connection = crate::slot::Connection {
        edge: crate::Protocol::Http,
        remote: "10.0.0.1:5000".to_owned(),
        is_secure: false,
        proof: None,
        since: 0,
    };
    slot.connect(1, connection, end.clone());
    end
}

#[tokio::test]
async fn a_device_speaks_for_itself_and_no_longer_than_its_token() {
    for net in nets().await {
        let (id, token) = net.register(Net::device("R1")).await;
        let (_, other) = net.register(Net::device("R2")).await;
        let known =
            |code: &str, token: &str| net.service.authenticate(code, token.as_bytes()).is_ok();
        assert!(known("R1", &token) && !known("R1", &other) && !known("R3", &token));
        let foreign = json!([{ "device": "R2", "values": { "level": 1 } }]);
        let told = net.push("R1", &token, &foreign).await.unwrap();
        assert_eq!((told.stored, told.reasons.len()), (0, 1), "{told:?}");

        let slot = net.service.registry().by_code("R1").unwrap();
        let end = connected(&slot);
        let admin = actor(&["sensing.read", "sensing.edit"], None, 4);
        net.service
            .revoke_credentials(&admin, id, net.platform.now())
            .await
            .unwrap();
        assert!(end.is_cancelled() && !known("R1", &token));
    }
}

#[tokio::test]
async fn rights_decide_what_is_seen_and_changed() {
    for net in nets().await {
        let (river, _) = net.register(Net::device("R1")).await;
        let mut secret = Net::device("S1");
        secret["secrecy"] = json!(3);
        let (secret, _) = net.register(secret).await;
        let now = net.platform.now();
        let list = |actor: &Actor| {
            let page = net.service.devices(
                actor,
                &DeviceFilter::default(),
                &PageRequest::default(),
                now,
            );
            page.map(|page| {
                page.items
                    .into_iter()
                    .map(|view| view.code)
                    .collect::<Vec<_>>()
            })
        };
        let water = actor(&["sensing.read"], Some(org(2)), 1);
        let air = actor(&["sensing.read"], Some(org(3)), 4);
        let nobody = actor(&[], None, 4);
        assert_eq!(list(&water).unwrap(), ["R1"]);
        assert_eq!(list(&air).unwrap(), [] as [&str; 0]);
        assert_eq!(list(&nobody).unwrap_err().code(), "sensing.denied");
        let read = |actor: &Actor, id| net.service.device(actor, id, now).map(|view| view.code);
        assert_eq!(
            read(&water, secret).unwrap_err().code(),
            "sensing.not_found"
        );
        assert_eq!(read(&water, river).unwrap(), "R1");
        let rename = crate::UpdateDevice {
            name: Some("新名".to_owned()),
            ..crate::UpdateDevice::default()
        };
        let denied = net
            .service
            .update_device(&water, river, rename.clone(), None, now)
            .await;
        assert_eq!(denied.unwrap_err().code(), "sensing.denied");
        let owner = actor(&["sensing.read", "sensing.edit"], Some(org(2)), 1);
        let stale = net
            .service
            .update_device(&owner, river, rename.clone(), Some(7), now)
            .await;
        assert_eq!(stale.unwrap_err().code(), "sensing.version_conflict");
        let renamed = net
            .service
            .update_device(&owner, river, rename, Some(2), now)
            .await
            .unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("新名", 3));
        let give_away = crate::UpdateDevice {
            org: Some("sthj".to_owned()),
            ..crate::UpdateDevice::default()
        };
        let denied = net
            .service
            .update_device(&owner, river, give_away, None, now)
            .await;
        assert_eq!(denied.unwrap_err().code(), "sensing.denied");
    }
}

#[tokio::test]
async fn an_import_registers_all_or_none() {
    for net in nets().await {
        let admin = actor(&["sensing.read", "sensing.edit"], None, 4);
        let read = |list: Vec<Value>| {
            list.into_iter()
                .map(|each| serde_json::from_value(each).unwrap())
                .collect::<Vec<_>>()
        };
        let now = net.platform.now();
        let mut wrong = Net::device("B 2");
        wrong["profile"] = json!("nothing");
        let list = read(vec![Net::device("B1"), wrong, Net::device("B1")]);
        let told = net
            .service
            .import_devices(&admin, list, false, now)
            .await
            .unwrap();
        assert_eq!((told.is_done, told.wrong), (false, 2));
        assert_eq!(told.lines[0].faults.len(), 2, "{told:?}");
        assert!(net.service.registry().is_empty());
        let list: Vec<Value> = (0..300).map(|n| Net::device(&format!("B{n}"))).collect();
        let rehearsed = net
            .service
            .import_devices(&admin, read(list.clone()), true, now)
            .await
            .unwrap();
        assert_eq!((rehearsed.is_done, rehearsed.wrong), (false, 0));
        let told = net
            .service
            .import_devices(&admin, read(list), false, now)
            .await
            .unwrap();
        assert!(told.is_done);
        let net = net.restarted().await;
        assert_eq!(net.service.registry().len(), 300);
    }
}

#[tokio::test]
async fn another_node_learns_of_a_device() {
    for net in nets().await {
        let other = crate::testing::beside(&net).await;
        let (id, _) = net.register(Net::device("R1")).await;
        let follows = crate::service::reconcilers(&other);
        let devices = follows.iter().find(|each| each.name == "sensing.devices");
        let follow = &devices.unwrap().run;
        follow(net.platform.now()).await.unwrap();
        let seen = other.registry().by_code("R1").unwrap();
        assert!(seen.binding().device.token.is_some());

        // What is revoked here ends what is connected there.
        let end = connected(&seen);
        let (somebody, now) = (Actor::system("test"), net.platform.now());
        let revoked = net.service.revoke_credentials(&somebody, id, now).await;
        revoked.unwrap();
        assert!(!end.is_cancelled());
        follow(now).await.unwrap();
        assert!(end.is_cancelled());
    }
}
