//! The examples of 4.7 and 4.8, and the rules beside them.

use super::*;

fn parse(text: &str) -> Result<Filter<'_>, TopicFault> {
    Filter::parse(text, &TopicLimits::default())
}

#[test]
fn names_and_filters_match_as_the_standard_says() {
    // Section, filter, topic, whether it matches.
    let table = [
        (
            "4.7.1.2",
            "sport/tennis/player1/#",
            "sport/tennis/player1",
            true,
        ),
        (
            "4.7.1.2",
            "sport/tennis/player1/#",
            "sport/tennis/player1/ranking",
            true,
        ),
        (
            "4.7.1.2",
            "sport/tennis/player1/#",
            "sport/tennis/player1/score/wimbledon",
            true,
        ),
        (
            "4.7.1.2",
            "sport/tennis/player1/#",
            "sport/tennis/player10",
            false,
        ),
        ("4.7.1.2", "sport/#", "sport", true),
        ("4.7.1.2", "#", "a/b/c", true),
        ("4.7.1.2", "#", "/", true),
        ("4.7.1.3", "sport/tennis/+", "sport/tennis/player1", true),
        (
            "4.7.1.3",
            "sport/tennis/+",
            "sport/tennis/player1/ranking",
            false,
        ),
        ("4.7.1.3", "sport/+", "sport", false),
        ("4.7.1.3", "sport/+", "sport/", true),
        ("4.7.1.3", "+/tennis/#", "sport/tennis/x/y", true),
        ("4.7.1.3", "sport/+/player1", "sport/tennis/player1", true),
        ("4.7.1.3", "+/+", "/finance", true),
        ("4.7.1.3", "/+", "/finance", true),
        ("4.7.1.3", "+", "/finance", false),
        ("4.7.2", "#", "$SYS/x", false),
        ("4.7.2", "+/monitor/Clients", "$SYS/monitor/Clients", false),
        ("4.7.2", "$SYS/#", "$SYS/monitor", true),
        ("4.7.2", "$SYS/monitor/+", "$SYS/monitor/Clients", true),
        ("4.7.2", "a/#", "a/$b", true),
        ("4.7.3", "ACCOUNTS", "Accounts", false),
        ("4.7.3", "/finance", "finance", false),
        ("4.7.3", "a//c", "a//c", true),
        ("4.7.3", "a/+/c", "a//c", true),
        ("4.8.2", "$share/group/sport/#", "sport/tennis", true),
        ("4.8.2", "$share/group/sport/#", "$share/group/sport", false),
    ];
    for (section, filter, topic, wanted) in table {
        let filter = parse(filter).unwrap();
        assert_eq!(filter.matches(topic), wanted, "{section}: {filter} {topic}");
    }
}

#[test]
fn what_is_no_filter_is_said_why() {
    use TopicFault as F;
    let table = [
        ("4.7.3", "", F::Empty),
        ("4.7.1.2", "sport/tennis#", F::WildcardInLevel { level: 2 }),
        ("4.7.1.2", "sport/tennis/#/ranking", F::HashNotLast),
        ("4.7.1.2", "#/#", F::HashNotLast),
        ("4.7.1.3", "sport+", F::WildcardInLevel { level: 1 }),
        ("4.7.1.3", "a/++", F::WildcardInLevel { level: 2 }),
        ("4.7.3", "a/\0", F::Nul),
        ("4.8.2", "$share/", F::ShareName),
        ("4.8.2", "$share/g", F::ShareName),
        ("4.8.2", "$share/g/", F::ShareName),
        ("4.8.2", "$share//a", F::ShareName),
        ("4.8.2", "$share/g+/a", F::ShareName),
    ];
    for (section, text, fault) in table {
        assert_eq!(parse(text), Err(fault), "{section}: {text}");
    }
    assert_eq!(parse("+").map(|filter| filter.is_wild()), Ok(true));
    let shared = parse("$share/screens/yw/v1/#").unwrap();
    assert_eq!(shared.share(), Some("screens"));
    assert_eq!(shared.pattern(), "yw/v1/#");
}

#[test]
fn limits_are_said_with_what_was_found() {
    let limits = TopicLimits {
        bytes_max: 8,
        levels_max: 3,
    };
    assert_eq!(
        check_topic("123456789", &limits),
        Err(TopicFault::TooLong { length: 9, max: 8 })
    );
    assert_eq!(
        check_topic("a/b/c/d", &limits),
        Err(TopicFault::TooDeep { levels: 4, max: 3 })
    );
    assert_eq!(check_topic("a/b/c", &limits), Ok(()));
    assert_eq!(check_topic("a/+", &limits), Err(TopicFault::Wildcard));
    assert_eq!(
        Filter::parse("a/b/c/#", &limits),
        Err(TopicFault::TooDeep { levels: 4, max: 3 })
    );
}
