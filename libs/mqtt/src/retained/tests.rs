//! What is retained, for how long, and what is refused.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::TopicLimits;
use crate::message::later;
use crate::packet::Qos;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn message(topic: &str, payload: &'static str) -> Message {
    Message::new(topic, payload, Qos::AtLeastOnce)
}

fn found(retained: &Retained, filter: &str, now: Timestamp) -> Vec<String> {
    let filter = Filter::parse(filter, &TopicLimits::default()).unwrap();
    let mut topics = Vec::new();
    retained.matches(&filter, now, |message| {
        topics.push(message.topic.to_string());
        ControlFlow::Continue(())
    });
    topics.sort();
    topics
}

#[test]
fn the_last_of_a_topic_is_kept_until_an_empty_one() {
    // [MQTT-3.3.1-5] to [MQTT-3.3.1-8]
    let mut retained = Retained::new(RetainedLimits::default());
    retained.put(&message("a/b", "1"), NOW).unwrap();
    retained.put(&message("a/b", "2"), NOW).unwrap();
    retained.put(&message("a", "3"), NOW).unwrap();
    assert_eq!(retained.get("a/b", NOW).unwrap().payload, "2");
    assert_eq!(retained.counts().messages, 2);
    assert_eq!(found(&retained, "a/#", NOW), ["a", "a/b"]);
    assert_eq!(found(&retained, "$share/g/a/#", NOW), [""; 0]);
    retained.put(&message("a/b", ""), NOW).unwrap();
    assert_eq!(found(&retained, "#", NOW), ["a"]);
    assert!(retained.clear("a"));
    assert!(!retained.clear("a"));
    assert_eq!(retained.counts(), RetainedCounts::default());
}

#[test]
fn what_expires_is_gone_without_a_sweep_too() {
    let mut retained = Retained::new(RetainedLimits {
        messages_max: 1,
        bytes_max: 10_000,
    });
    let mut short = message("a", "1");
    short.expires_at = Some(later(NOW, 10));
    retained.put(&short, NOW).unwrap();
    assert_eq!(
        retained.put(&message("b", "2"), NOW),
        Err(NotRetained::Messages(1))
    );
    assert!(retained.get("a", later(NOW, 9)).is_some());
    assert!(retained.get("a", later(NOW, 10)).is_none());
    assert_eq!(found(&retained, "#", later(NOW, 10)), [""; 0]);
    // Room is made of what has expired.
    retained.put(&message("b", "2"), later(NOW, 10)).unwrap();
    let counts = retained.counts();
    assert_eq!((counts.messages, counts.refused, counts.expired), (1, 1, 1));
}

#[test]
fn bytes_are_bounded_and_the_earlier_message_stays() {
    let mut retained = Retained::new(RetainedLimits {
        messages_max: 10,
        bytes_max: message("a", "12").weight(),
    });
    retained.put(&message("a", "12"), NOW).unwrap();
    assert!(retained.put(&message("a", "123"), NOW).is_err());
    assert_eq!(retained.get("a", NOW).unwrap().payload, "12");
    retained.put(&message("a", "34"), NOW).unwrap();
    assert_eq!(retained.counts().refused, 1);
}

#[test]
fn a_visitor_may_break_off() {
    let mut retained = Retained::new(RetainedLimits::default());
    for at in 0..100 {
        let topic = format!("a/{at}");
        retained.put(&message(&topic, "x"), NOW).unwrap();
    }
    let filter = Filter::parse("+/+", &TopicLimits::default()).unwrap();
    let mut seen = 0;
    retained.matches(&filter, NOW, |_| {
        seen += 1;
        if seen == 7 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(seen, 7);
}

proptest! {
    #[test]
    fn a_filter_finds_what_it_matches(
        topics in vec("[ab$/]{1,6}", 0..20),
        filters in vec("([ab+]/){0,3}[ab+#]", 1..6),
    ) {
        let mut retained = Retained::new(RetainedLimits::default());
        for topic in &topics {
            retained.put(&message(topic, "x"), NOW).unwrap();
        }
        for text in &filters {
            let filter = Filter::parse(text, &TopicLimits::default()).unwrap();
            let mut expected: Vec<String> =
                topics.iter().filter(|topic| filter.matches(topic)).cloned().collect();
            expected.sort();
            expected.dedup();
            prop_assert_eq!(found(&retained, text, NOW), expected);
        }
    }
}
