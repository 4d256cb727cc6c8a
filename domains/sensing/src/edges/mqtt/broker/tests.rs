//! What happens to messages while one connection goes and another comes.

use futures::FutureExt as _;
use yiwang_mqtt::packet::SubscriptionOptions;
use yiwang_mqtt::{InFlight, PacketId};

use super::*;

const CLIENT: &str = "d R1 R1";
const TOPIC: &str = "yw/v1/river-station/R1/down/cmd";

struct Held {
    outbox: Arc<Outbox>,
    end: CancellationToken,
    attachment: Attachment,
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn connect(broker: &Broker) -> Held {
    let (outbox, end) = (Arc::<Outbox>::default(), CancellationToken::new());
    let opened = broker.open(CLIENT, false, 3_600, &outbox, &end, now());
    Held {
        attachment: opened.unwrap().attachment,
        outbox,
        end,
    }
}

fn subscribed() -> (Broker, Held) {
    let broker = Broker::new(&Metrics::default());
    let held = connect(&broker);
    let request = FilterRequest {
        filter: TOPIC.into(),
        options: SubscriptionOptions {
            qos: Qos::AtLeastOnce,
            ..SubscriptionOptions::default()
        },
    };
    let granted = broker.subscribe(held.attachment.session, &request, None, now());
    assert_eq!(granted, Reason::GrantedQos1);
    (broker, held)
}

fn publish(broker: &Broker, text: &'static str) {
    let message = Message::new(TOPIC, text, Qos::AtLeastOnce);
    assert_eq!(broker.publish(message, None, now()), 1);
}

fn close(broker: &Broker, held: &Held, unfinished: Unfinished) {
    broker.close(held.attachment, unfinished, None, None, now());
}

/// What waits in the session, in its order.
fn waiting(broker: &Broker, held: &Held) -> Vec<String> {
    let next = || broker.next(held.attachment.session, now());
    let text = |waiting: Waiting| String::from_utf8(waiting.message.payload.to_vec()).unwrap();
    std::iter::from_fn(next).map(text).collect()
}

#[test]
fn what_comes_until_the_last_moment_of_a_connection_waits_for_the_next() {
    let (broker, held) = subscribed();
    publish(&broker, "while it was there");
    publish(&broker, "while it was going");
    close(&broker, &held, Unfinished::default());
    publish(&broker, "while nobody was there");
    let next = connect(&broker);
    assert_eq!(
        waiting(&broker, &next),
        [
            "while it was there",
            "while it was going",
            "while nobody was there"
        ]
    );
}

#[test]
fn who_takes_a_session_over_gets_what_the_other_had_not_sent() {
    let (broker, held) = subscribed();
    publish(&broker, "before");
    let next = connect(&broker);
    assert!(held.end.is_cancelled() && !broker.is_attached(held.attachment));
    assert!(next.outbox.came.notified().now_or_never().is_some());
    publish(&broker, "after");
    assert!(held.outbox.take().is_none(), "nothing is sent twice");
    assert_eq!(waiting(&broker, &next), ["before", "after"]);
}

#[test]
fn what_the_other_leaves_unanswered_wakes_who_took_over() {
    let (broker, held) = subscribed();
    publish(&broker, "sent and not answered");
    let (message, delivery) = held.outbox.take().unwrap();
    let next = connect(&broker);
    assert!(next.outbox.came.notified().now_or_never().is_none());
    let unfinished = Unfinished {
        deliveries: vec![InFlight {
            packet_id: PacketId::MIN,
            message,
            retain: delivery.retain,
            subscription_ids: Vec::new(),
        }],
        receipts: Vec::new(),
    };
    close(&broker, &held, unfinished);
    assert!(next.outbox.came.notified().now_or_never().is_some());
    assert_eq!(waiting(&broker, &next), ["sent and not answered"]);
}
