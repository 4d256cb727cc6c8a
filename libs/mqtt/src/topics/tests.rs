//! The tree of subscriptions against a matcher that tries every filter, and its own bookkeeping.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::TopicLimits;

fn filter(text: &str) -> Filter<'_> {
    Filter::parse(text, &TopicLimits::default()).unwrap()
}

fn subscription(subscriber: u64, qos: Qos) -> Subscription {
    Subscription {
        subscriber: Subscriber(subscriber),
        id: None,
        options: SubscriptionOptions::plain(qos),
    }
}

fn topics() -> Topics {
    Topics::new(TopicsLimits::default())
}

fn level() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "b",
        "",
        "+",
        "$s",
        "long-level-of-more-than-23-bytes",
    ])
}

fn filters() -> impl Strategy<Value = String> {
    let share = prop_oneof![
        4 => Just(""),
        1 => Just("$share/g1/"),
        1 => Just("$share/g2/"),
    ];
    (share, vec(level(), 1..4), any::<bool>()).prop_map(|(share, mut levels, open)| {
        if open {
            levels.push("#");
        } else if levels == [""] {
            levels.push("a");
        }
        format!("{share}{}", levels.join("/"))
    })
}

fn names() -> impl Strategy<Value = String> {
    let level = level().prop_map(|level| if level == "+" { "c" } else { level });
    vec(level, 1..5).prop_map(|levels| levels.join("/"))
}

/// What the tree is for, without one.
#[derive(Default)]
struct Plain(BTreeMap<(String, u64), Subscription>);

impl Plain {
    fn matches(&self, topic: &str) -> Vec<(String, u64)> {
        let matching = |(text, _): &&(String, u64)| filter(text).matches(topic);
        self.0.keys().filter(matching).cloned().collect()
    }
}

fn found(topics: &Topics, topic: &str) -> usize {
    let mut count = 0;
    topics.matches(topic, |found| match found {
        Match::One(_) => count += 1,
        Match::Shared { members, .. } => count += members.len(),
    });
    count
}

#[derive(Debug, Clone)]
enum Step {
    Subscribe(String, u64),
    Unsubscribe(String, u64),
    Leave(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (filters(), 0..6_u64).prop_map(|(filter, who)| Step::Subscribe(filter, who)),
        3 => (filters(), 0..6_u64).prop_map(|(filter, who)| Step::Unsubscribe(filter, who)),
        1 => (0..6_u64).prop_map(Step::Leave),
    ]
}

fn apply(step: &Step, topics: &mut Topics, plain: &mut Plain) {
    match step {
        Step::Subscribe(text, who) => {
            let one = subscription(*who, Qos::AtLeastOnce);
            let outcome = topics.subscribe(&filter(text), one).unwrap();
            let earlier = plain.0.insert((text.clone(), *who), one);
            assert_eq!(outcome == Subscribed::Replaced, earlier.is_some());
        }
        Step::Unsubscribe(text, who) => {
            let removed = topics.unsubscribe(&filter(text), Subscriber(*who));
            assert_eq!(removed, plain.0.remove(&(text.clone(), *who)).is_some());
        }
        Step::Leave(who) => {
            let before = plain.0.len();
            plain.0.retain(|(_, other), _| other != who);
            let left = topics.unsubscribe_all(Subscriber(*who));
            assert_eq!(left, before - plain.0.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_tree_finds_what_trying_every_filter_finds(
        steps in vec(step(), 0..60),
        names in vec(names(), 1..12),
    ) {
        let (mut topics, mut plain) = (topics(), Plain::default());
        for step in &steps {
            apply(step, &mut topics, &mut plain);
            prop_assert_eq!(topics.len(), plain.0.len());
        }
        for name in &names {
            let wanted = plain.matches(name);
            let mut hits = Vec::new();
            topics.matches(name, |found| match found {
                Match::One(one) => hits.push((None, one.subscriber.0)),
                Match::Shared { group, members } => {
                    let group = Some(group.to_owned());
                    hits.extend(members.iter().map(|one| (group.clone(), one.subscriber.0)));
                }
            });
            hits.sort();
            let mut expected: Vec<_> = wanted
                .iter()
                .map(|(text, who)| (filter(text).share().map(str::to_owned), *who))
                .collect();
            expected.sort();
            prop_assert_eq!(hits, expected, "{}", name);
        }
        for who in 0..6 {
            let mut own: Vec<String> = topics
                .subscriptions_of(Subscriber(who))
                .into_iter()
                .map(|(filter, _)| filter)
                .collect();
            own.sort();
            let mut expected: Vec<String> =
                plain.0.keys().filter(|(_, other)| *other == who).map(|(text, _)| text.clone()).collect();
            expected.sort();
            prop_assert_eq!(own, expected);
            topics.unsubscribe_all(Subscriber(who));
        }
        prop_assert!(topics.is_empty());
        prop_assert_eq!(topics.nodes(), 0);
    }
}

fn route(topics: &Topics, topic: &str, qos: Qos, turn: u64) -> Vec<(Subscriber, Delivery)> {
    let mut routes = Vec::new();
    let publication = Publication {
        topic,
        qos,
        retain: true,
        publisher: Some(Subscriber(1)),
        turn,
    };
    topics.route(&publication, &mut routes);
    routes
}

#[test]
fn overlapping_filters_are_delivered_once() {
    // 3.3.4: the highest QoS of those that match, and every identifier.
    let mut topics = topics();
    for (text, qos, id) in [
        ("a/#", Qos::AtMostOnce, 1),
        ("a/+", Qos::AtLeastOnce, 2),
        ("a/b", Qos::AtMostOnce, 3),
        ("a/c", Qos::ExactlyOnce, 4),
    ] {
        let mut one = subscription(7, qos);
        one.id = NonZeroU32::new(id);
        topics.subscribe(&filter(text), one).unwrap();
    }
    let routes = route(&topics, "a/b", Qos::ExactlyOnce, 0);
    assert_eq!(routes.len(), 1);
    let delivery = &routes[0].1;
    assert_eq!(delivery.qos, Qos::AtLeastOnce);
    let mut ids: Vec<u32> = delivery
        .subscription_ids
        .iter()
        .map(|id| id.get())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3]);
    assert!(!delivery.retain);

    // Routes of two publications in one list stay apart.
    let mut both = routes.clone();
    let publication = Publication {
        topic: "a/c",
        qos: Qos::AtMostOnce,
        retain: false,
        publisher: None,
        turn: 0,
    };
    topics.route(&publication, &mut both);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0], routes[0]);
    assert_eq!(both[1].1.qos, Qos::AtMostOnce);
}

#[test]
fn options_are_held() {
    // 3.8.3.1: no local, retain as published.
    let mut topics = topics();
    let mut own = subscription(1, Qos::AtLeastOnce);
    own.options.no_local = true;
    topics.subscribe(&filter("x"), own).unwrap();
    let mut other = subscription(2, Qos::AtLeastOnce);
    other.options.no_local = true;
    other.options.retain_as_published = true;
    topics.subscribe(&filter("x"), other).unwrap();
    let routes = route(&topics, "x", Qos::AtMostOnce, 0);
    assert_eq!(routes.len(), 1);
    assert_eq!(routes[0].0, Subscriber(2));
    assert!(routes[0].1.retain);
}

#[test]
fn members_of_a_group_take_turns() {
    // 4.8.2: each message goes to one member of each group, and to every subscription of its own.
    let mut topics = topics();
    for who in 10..13 {
        let one = subscription(who, Qos::AtLeastOnce);
        topics.subscribe(&filter("$share/g/a/#"), one).unwrap();
    }
    let alone = subscription(20, Qos::AtLeastOnce);
    topics.subscribe(&filter("a/#"), alone).unwrap();
    let mut seen = Vec::new();
    for turn in 0..6 {
        let routes = route(&topics, "a/b", Qos::AtLeastOnce, turn);
        assert_eq!(routes.len(), 2);
        seen.push(routes[0].0.0);
    }
    assert_eq!(seen, [10, 11, 12, 10, 11, 12]);
    topics.unsubscribe_all(Subscriber(11));
    assert_eq!(found(&topics, "a"), 3);
}

#[test]
fn limits_refuse_and_replacing_is_no_addition() {
    let mut topics = Topics::new(TopicsLimits {
        subscriptions_each_max: 2,
        subscriptions_max: 3,
    });
    let one = subscription(1, Qos::AtMostOnce);
    for text in ["a", "b", "a"] {
        topics.subscribe(&filter(text), one).unwrap();
    }
    let refused = topics.subscribe(&filter("c"), one);
    assert_eq!(refused, Err(TooManySubscriptions::Each(2)));
    let two = subscription(2, Qos::AtMostOnce);
    topics.subscribe(&filter("c/d/e"), two).unwrap();
    let refused = topics.subscribe(&filter("c"), two);
    assert_eq!(refused, Err(TooManySubscriptions::All(3)));
    assert_eq!(topics.len(), 3);
    assert_eq!(topics.nodes(), 5);
}
