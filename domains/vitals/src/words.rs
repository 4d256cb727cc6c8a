//! Formulas in words, for people who ask what a number means.

use yiwang_kernel::Text;
use yiwang_vital_rules::{
    AlarmState, CaseMeasure, CaseState, Cases, Derived, FeedState, Formula, Hearing,
};

/// How a value is computed.
pub(crate) fn formula(formula: &Formula) -> Text {
    match formula {
        Formula::Last(last) => Text::new(
            format!("{} 的“{}”最新值", last.profiles.join("、"), last.property),
            format!(
                "Last values of {} of {}",
                last.property,
                last.profiles.join(", ")
            ),
        ),
        Formula::Window(window) => Text::new(
            format!(
                "{} 的“{}”在过去 {} 内",
                window.profiles.join("、"),
                window.property,
                window.window
            ),
            format!(
                "{} of {} within the last {}",
                window.property,
                window.profiles.join(", "),
                window.window
            ),
        ),
        Formula::Devices(devices) => {
            let (zh, en) = match devices.state {
                Hearing::Online => ("在线", "heard"),
                Hearing::Offline => ("离线", "gone"),
                Hearing::Silent => ("失联", "silent"),
            };
            Text::new(format!("{zh}的设备"), format!("Devices that are {en}"))
        }
        Formula::Alarms(alarms) => {
            let (zh, en) = match alarms.state {
                AlarmState::Open => ("未解除", "open"),
                AlarmState::Unacknowledged => ("未确认", "not acknowledged"),
                AlarmState::Acknowledged => ("已确认", "acknowledged"),
                AlarmState::Raised => ("新发生", "raised"),
            };
            Text::new(format!("{zh}的告警"), format!("Alarms that are {en}"))
        }
        Formula::Cases(cases) => of_cases(cases),
        Formula::Feed(feed) => Text::new(
            format!("部门报送的 {}", feed.feed),
            format!("What a department sends as {}", feed.feed),
        ),
        Formula::Feeds(feeds) => match feeds.state {
            FeedState::Fresh => Text::new("按时报送的部门数据", "Feeds that come in time"),
            FeedState::Late => Text::new("逾期的部门数据", "Feeds that are late"),
        },
        Formula::Derived(derived) => of_derived(derived),
        Formula::Sql(_) => Text::new("对数据湖的查询（SQL）", "A question to the lake, in SQL"),
    }
}

fn of_cases(cases: &Cases) -> Text {
    let (zh, en) = match cases.state {
        CaseState::Opened => ("受理", "came in"),
        CaseState::Registered => ("立案", "were registered"),
        CaseState::Dispatched => ("派遣", "were dispatched"),
        CaseState::Due => ("处置到期", "were due"),
        CaseState::Closed => ("结案", "were closed"),
        CaseState::Rated => ("评价", "were rated"),
        CaseState::Open => ("在办", "are open"),
        CaseState::Overdue => ("在办超期", "are overdue"),
    };
    let (what_zh, what_en) = match cases.measure {
        CaseMeasure::Count => ("件数", "Cases"),
        CaseMeasure::Callers => ("诉求人数", "Callers of cases"),
        CaseMeasure::Share(_) => ("占比", "Share of cases"),
        CaseMeasure::MeanDuration(_) => ("平均用时", "Mean time of cases"),
        CaseMeasure::Surges(_) => ("突增类目数", "Surging classes of cases"),
        CaseMeasure::Clusters(_) => ("集聚点数", "Gathering places of cases"),
    };
    match cases.over {
        Some(over) => Text::new(
            format!("{over} 内{zh}案件的{what_zh}"),
            format!("{what_en} that {en} within {over}"),
        ),
        None => Text::new(
            format!("{zh}案件的{what_zh}"),
            format!("{what_en} that {en}"),
        ),
    }
}

fn of_derived(derived: &Derived) -> Text {
    let facts = |english: bool| {
        let told = derived.facts.iter().map(|(name, fact)| {
            let words = formula(fact);
            let words = if english {
                words.en.unwrap_or(words.zh)
            } else {
                words.zh
            };
            format!("{name}: {words}")
        });
        told.collect::<Vec<String>>()
    };
    let told = |facts: Vec<String>, part: &str| {
        if facts.is_empty() {
            derived.expr.clone()
        } else {
            format!("{} ({})", derived.expr, facts.join(part))
        }
    };
    Text::new(told(facts(false), "；"), told(facts(true), "; "))
}
