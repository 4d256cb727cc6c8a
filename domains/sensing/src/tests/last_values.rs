//! The last values of many devices at once, by the rights of who asks.

use futures::TryStreamExt as _;
use serde_json::json;
use yiwang_contracts::Actor;

use super::nets;
use crate::UpdateDevice;
use crate::service::{LastColumn, LastWanted};
use crate::testing::{Net, actor, org};

/// The lines without their times, as `device,property,value,text,quality`.
async fn lines(net: &Net, actor: &Actor, wanted: &LastWanted) -> Vec<String> {
    let pieces = net
        .service
        .last_values(actor, wanted, net.platform.now())
        .unwrap();
    let bytes: Vec<bytes::Bytes> = pieces.try_collect().await.unwrap();
    let text = String::from_utf8(bytes.concat()).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("device,property,time,received,value,text,quality")
    );
    let short = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [cells[0], cells[1], cells[4], cells[5], cells[6]].join(",")
    };
    lines.map(short).collect()
}

#[tokio::test]
async fn a_map_asks_for_what_it_draws() {
    let net = nets().await.swap_remove(0);
    let all = actor(&["sensing.read"], None, 4);
    let (_, token) = net.register(Net::device("R1")).await;
    let values = json!({ "time": net.platform.now(), "values": { "level": 1.25 } });
    net.push("R1", &token, &values).await.unwrap();
    let wanted = LastWanted {
        columns: vec![LastColumn::Device, LastColumn::Value],
        ..property("level")
    };
    let pieces = net.service.last_values(&all, &wanted, net.platform.now());
    let bytes: Vec<bytes::Bytes> = pieces.unwrap().try_collect().await.unwrap();
    assert_eq!(bytes.concat(), b"device,value\nR1,1.25\n");
}

fn property(code: &str) -> LastWanted {
    LastWanted {
        properties: vec![code.to_owned()],
        ..LastWanted::default()
    }
}

#[tokio::test]
async fn everybody_reads_the_last_values_of_what_he_may_see() {
    for net in nets().await {
        let all = actor(&["sensing.read"], None, 4);
        assert_eq!(lines(&net, &all, &LastWanted::default()).await, [""; 0]);
        let mut secret = Net::device("S1");
        secret["secrecy"] = json!(3);
        let (r1, token) = net.register(Net::device("R1")).await;
        let (_, secret_token) = net.register(secret).await;
        let at = net.platform.now();
        let values = json!({ "time": at, "values": { "level": 1.25, "door": "open" } });
        net.push("R1", &token, &values).await.unwrap();
        let earlier =
            json!({ "time": at - jiff::SignedDuration::from_mins(5), "values": { "level": 9 } });
        net.push("R1", &token, &earlier).await.unwrap();
        let values = json!({ "time": at, "values": { "level": 2.5 } });
        net.push("S1", &secret_token, &values).await.unwrap();

        assert_eq!(
            lines(&net, &all, &LastWanted::default()).await,
            [
                "R1,door,,open,good",
                "R1,level,1.25,,good",
                "S1,level,2.5,,good"
            ]
        );
        let water = actor(&["sensing.read"], Some(org(2)), 1);
        assert_eq!(
            lines(&net, &water, &property("level")).await,
            ["R1,level,1.25,,good"]
        );
        let air = actor(&["sensing.read"], Some(org(3)), 4);
        assert_eq!(lines(&net, &air, &property("level")).await, [""; 0]);
        let nobody = actor(&[], None, 4);
        let asked = net.service.last_values(&nobody, &property("level"), at);
        assert!(asked.is_err());

        // A device that goes to another unit takes its values with it.
        let moved = UpdateDevice {
            org: Some("sthj".to_owned()),
            ..UpdateDevice::default()
        };
        let admin = actor(&["sensing.read", "sensing.edit"], None, 4);
        net.service
            .update_device(&admin, r1, moved, None, at)
            .await
            .unwrap();
        assert_eq!(lines(&net, &water, &property("level")).await, [""; 0]);
        assert_eq!(
            lines(&net, &air, &property("level")).await,
            ["R1,level,1.25,,good"]
        );
        let theirs = LastWanted {
            org: Some(org(2)),
            ..property("level")
        };
        assert_eq!(lines(&net, &all, &theirs).await, ["S1,level,2.5,,good"]);

        let net = net.restarted().await;
        assert_eq!(
            lines(&net, &air, &property("level")).await,
            ["R1,level,1.25,,good"]
        );
    }
}
