//! Sessions through connections, time and full queues.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::window::InFlight;

const START: Timestamp = Timestamp::UNIX_EPOCH;
const DAY: u32 = 86_400;

fn sessions() -> Sessions {
    Sessions::new(SessionLimits::default())
}

fn message(text: &'static str) -> Arc<Message> {
    Arc::new(Message::new("a", text, Qos::AtLeastOnce))
}

fn once() -> Delivery {
    Delivery {
        qos: Qos::AtLeastOnce,
        ..Delivery::default()
    }
}

fn will(delay_seconds: u32) -> Will {
    Will {
        topic: "w".into(),
        payload: "gone".into(),
        qos: Qos::AtLeastOnce,
        retain: false,
        delay_seconds,
        properties: None,
    }
}

fn close(
    sessions: &mut Sessions,
    attachment: Attachment,
    will: Option<Will>,
    now: Timestamp,
) -> Closed {
    sessions.close(attachment, Unfinished::default(), will, None, now)
}

fn swept(sessions: &mut Sessions, now: Timestamp) -> Vec<Lapsed> {
    let mut lapsed = Vec::new();
    sessions.sweep(now, &mut lapsed);
    lapsed
}

#[test]
fn a_session_of_expiry_0_ends_with_its_connection() {
    // 3.1.2.11.2
    let mut sessions = sessions();
    let opened = sessions.open("d", true, 0).unwrap();
    assert!(!opened.present);
    let closed = close(&mut sessions, opened.attachment, Some(will(60)), START);
    // 3.1.2.5: the will comes with the end of the session, whatever its delay.
    assert_eq!(closed.will, Some(will(60)));
    assert_eq!(closed.ended, Some(opened.attachment.session));
    assert_eq!(sessions.find("d"), None);
    let again = sessions.open("d", false, 0).unwrap();
    assert!(!again.present);
    assert_ne!(again.attachment.session, opened.attachment.session);
}

#[test]
fn a_lasting_session_waits_and_is_found_again() {
    let mut sessions = sessions();
    let first = sessions.open("d", false, DAY).unwrap();
    let id = first.attachment.session;
    let unfinished = Unfinished {
        deliveries: vec![InFlight {
            packet_id: 7.try_into().unwrap(),
            message: message("0"),
            retain: false,
            subscription_ids: Vec::new(),
        }],
        receipts: vec![9.try_into().unwrap()],
    };
    let closed = sessions.close(first.attachment, unfinished.clone(), None, None, START);
    assert_eq!(closed, Closed::default());
    for text in ["1", "2"] {
        sessions.queue(id, message(text), once()).unwrap();
    }
    let second = sessions.open("d", false, DAY).unwrap();
    assert!(second.present);
    assert_eq!(second.attachment.session, id);
    assert_ne!(second.attachment, first.attachment);
    assert_eq!(second.unfinished, unfinished);
    assert!(second.taken_over.is_none());
    let next = sessions.next(id, START).unwrap();
    assert_eq!(next.message.payload, "1");
    sessions.put_back(id, next).unwrap();
    assert_eq!(sessions.next(id, START).unwrap().message.payload, "1");
    assert_eq!(sessions.next(id, START).unwrap().message.payload, "2");
    assert!(sessions.next(id, START).is_none());
    assert!(!sessions.has_waiting(id));
}

#[test]
fn a_session_ends_when_its_time_is_over() {
    let mut sessions = sessions();
    let opened = sessions.open("d", true, 100).unwrap();
    let id = opened.attachment.session;
    close(&mut sessions, opened.attachment, None, START);
    sessions.queue(id, message("1"), once()).unwrap();
    assert_eq!(sessions.next_due(), Some(later(START, 100)));
    assert_eq!(swept(&mut sessions, later(START, 99)), []);
    assert_eq!(swept(&mut sessions, later(START, 100)), [Lapsed::Ended(id)]);
    assert_eq!(sessions.counts().abandoned, 1);
    assert_eq!(sessions.counts().queued, 0);
    assert_eq!(
        sessions.queue(id, message("2"), once()),
        Err(NotQueued::NoSession)
    );
    assert_eq!(sessions.next_due(), None);
}

#[test]
fn the_disconnect_may_change_the_expiry_and_the_server_cuts_it() {
    // 3.14.2.2.2
    let mut sessions = Sessions::new(SessionLimits {
        expiry_seconds_max: 50,
        ..SessionLimits::default()
    });
    let opened = sessions.open("d", true, u32::MAX).unwrap();
    let unfinished = Unfinished::default();
    sessions.close(opened.attachment, unfinished, None, Some(u32::MAX), START);
    assert_eq!(sessions.next_due(), Some(later(START, 50)));
    let opened = sessions.open("e", true, 10).unwrap();
    let closed = sessions.close(
        opened.attachment,
        Unfinished::default(),
        None,
        Some(0),
        START,
    );
    assert!(closed.ended.is_some());
}

#[test]
fn a_delayed_will_is_published_unless_the_client_is_back() {
    // 3.1.3.2.2
    let mut sessions = sessions();
    let opened = sessions.open("d", true, DAY).unwrap();
    let closed = close(&mut sessions, opened.attachment, Some(will(60)), START);
    assert_eq!(closed.will, None);
    let opened = sessions.open("d", false, DAY).unwrap();
    assert_eq!(swept(&mut sessions, later(START, 60)), []);
    let closed = close(&mut sessions, opened.attachment, Some(will(60)), START);
    assert_eq!(closed.will, None);
    assert_eq!(
        swept(&mut sessions, later(START, 60)),
        [Lapsed::Will(will(60))]
    );
    assert_eq!(swept(&mut sessions, later(START, 61)), []);
    // Without delay it is not kept at all.
    let opened = sessions.open("d", false, DAY).unwrap();
    let closed = close(&mut sessions, opened.attachment, Some(will(0)), START);
    assert_eq!(closed.will, Some(will(0)));
}

#[test]
fn a_will_delayed_beyond_the_session_comes_with_its_end() {
    let mut sessions = sessions();
    let opened = sessions.open("d", true, 30).unwrap();
    let id = opened.attachment.session;
    close(&mut sessions, opened.attachment, Some(will(60)), START);
    let lapsed = swept(&mut sessions, later(START, 30));
    assert_eq!(lapsed, [Lapsed::Will(will(60)), Lapsed::Ended(id)]);
    // A clean start ends the session too.
    let opened = sessions.open("d", true, 90).unwrap();
    close(&mut sessions, opened.attachment, Some(will(60)), START);
    let again = sessions.open("d", true, 90).unwrap();
    assert_eq!(again.will, Some(will(60)));
    assert_eq!(again.ended, Some(opened.attachment.session));
    assert!(!again.present);
}

#[test]
fn another_connection_takes_the_session_over() {
    // [MQTT-3.1.4-3]
    let mut sessions = sessions();
    let first = sessions.open("d", false, DAY).unwrap();
    let second = sessions.open("d", false, DAY).unwrap();
    let id = second.attachment.session;
    assert_eq!(second.taken_over, Some(first.attachment));
    assert!(second.present);
    assert_eq!(sessions.counts().attached, 1);
    // The first connection ends afterwards: what it left waits, and its end ends nothing.
    let unfinished = Unfinished {
        deliveries: ["1", "2"]
            .map(|text| InFlight {
                packet_id: 1.try_into().unwrap(),
                message: message(text),
                retain: false,
                subscription_ids: Vec::new(),
            })
            .to_vec(),
        receipts: Vec::new(),
    };
    let closed = sessions.close(first.attachment, unfinished, Some(will(0)), None, START);
    assert_eq!(closed.will, Some(will(0)));
    assert_eq!(closed.ended, None);
    assert_eq!(sessions.attached(id), Some(second.attachment));
    assert_eq!(sessions.next(id, START).unwrap().message.payload, "1");
    assert_eq!(sessions.next(id, START).unwrap().message.payload, "2");
    // A delayed will of a session that goes on is not published.
    let third = sessions.open("d", false, DAY).unwrap();
    let closed = close(&mut sessions, second.attachment, Some(will(5)), START);
    assert_eq!(closed, Closed::default());
    close(&mut sessions, third.attachment, None, START);
    assert_eq!(sessions.counts().attached, 0);
}

#[test]
fn a_session_without_expiry_is_not_taken_over() {
    // 3.1.2.11.2; 3.1.1: [MQTT-3.1.2-6]
    let mut sessions = sessions();
    let first = sessions.open("d", true, 0).unwrap();
    let second = sessions.open("d", false, DAY).unwrap();
    assert!(!second.present);
    assert_eq!(second.taken_over, Some(first.attachment));
    assert_eq!(second.ended, Some(first.attachment.session));
    let counts = sessions.counts();
    assert_eq!((counts.sessions, counts.attached), (1, 1));
    // Its will has nothing left to wait for.
    let closed = close(&mut sessions, first.attachment, Some(will(60)), START);
    assert_eq!(closed.will, Some(will(60)));
    assert_eq!(sessions.counts(), counts);
}

#[test]
fn queues_are_bounded_and_drops_are_counted() {
    let weight = message("1").weight();
    let mut sessions = Sessions::new(SessionLimits {
        sessions_max: 2,
        queued_each_max: 2,
        queued_bytes_each_max: 10 * weight,
        queued_max: 3,
        queued_bytes_max: 10 * weight,
        expiry_seconds_max: DAY,
    });
    let a = sessions.open("a", true, DAY).unwrap().attachment.session;
    let b = sessions.open("b", true, DAY).unwrap().attachment.session;
    assert_eq!(
        sessions.open("c", true, DAY).unwrap_err(),
        TooManySessions(2)
    );
    assert_eq!(
        sessions.queue(a, message("0"), Delivery::default()),
        Err(NotQueued::AtMostOnce)
    );
    sessions.queue(a, message("1"), once()).unwrap();
    sessions.queue(a, message("2"), once()).unwrap();
    assert_eq!(
        sessions.queue(a, message("3"), once()),
        Err(NotQueued::Full)
    );
    sessions.queue(b, message("4"), once()).unwrap();
    assert_eq!(
        sessions.queue(b, message("5"), once()),
        Err(NotQueued::AllFull)
    );
    let counts = sessions.counts();
    assert_eq!((counts.queued, counts.dropped), (3, 2));
    assert_eq!(counts.queued_bytes, 3 * weight);
}

#[test]
fn expired_messages_are_not_handed_out() {
    let mut sessions = sessions();
    let id = sessions.open("d", true, DAY).unwrap().attachment.session;
    let mut short = Message::new("a", "1", Qos::AtLeastOnce);
    short.expires_at = Some(later(START, 5));
    sessions.queue(id, Arc::new(short), once()).unwrap();
    sessions.queue(id, message("2"), once()).unwrap();
    let next = sessions.next(id, later(START, 5)).unwrap();
    assert_eq!(next.message.payload, "2");
    assert_eq!(sessions.counts().expired, 1);
}

#[derive(Debug, Clone)]
enum Step {
    Open(u8, bool, u32),
    Close(prop::sample::Index, bool),
    Queue(u8),
    Next(u8),
    Wait(u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4_u8, any::<bool>(), 0..20_u32)
            .prop_map(|(who, clean, expiry)| Step::Open(who, clean, expiry)),
        (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(at, will)| Step::Close(at, will)),
        (0..4_u8).prop_map(Step::Queue),
        (0..4_u8).prop_map(Step::Next),
        (0..15_u32).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn counts_are_what_there_is(steps in vec(step(), 0..80)) {
        let mut sessions = Sessions::new(SessionLimits { queued_each_max: 3, queued_max: 7, ..SessionLimits::default() });
        let mut now = START;
        let mut attachments: Vec<Attachment> = Vec::new();
        let (mut put, mut taken) = (0_u64, 0_u64);
        for step in steps {
            match step {
                Step::Open(who, clean, expiry) => {
                    let opened = sessions.open(&format!("c{who}"), clean, expiry).unwrap();
                    attachments.push(opened.attachment);
                }
                Step::Close(at, wills) if !attachments.is_empty() => {
                    let attachment = attachments.swap_remove(at.index(attachments.len()));
                    close(&mut sessions, attachment, wills.then(|| will(4)), now);
                }
                Step::Close(..) => {}
                Step::Queue(who) => if let Some(id) = sessions.find(&format!("c{who}")) {
                    put += u64::from(sessions.queue(id, message("m"), once()).is_ok());
                },
                Step::Next(who) => if let Some(id) = sessions.find(&format!("c{who}")) {
                    taken += u64::from(sessions.next(id, now).is_some());
                },
                Step::Wait(seconds) => {
                    now = later(now, seconds);
                    swept(&mut sessions, now);
                }
            }
            let counts = sessions.counts();
            prop_assert_eq!(counts.queued as u64, put - taken - counts.abandoned);
            prop_assert_eq!(counts.queued_bytes, counts.queued * message("m").weight());
            prop_assert!(counts.attached <= counts.sessions);
            let living = (0..4).filter(|who| sessions.find(&format!("c{who}")).is_some()).count();
            prop_assert_eq!(counts.sessions, living);
        }
        swept(&mut sessions, later(now, 1_000));
        prop_assert_eq!(sessions.counts().sessions, sessions.counts().attached);
    }
}
