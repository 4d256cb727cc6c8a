//! Formulas: what they name is there, and what they say fits together.

use super::{EntryFaults, Surroundings, composition::is_name};
use crate::{
    Aggregate, AlarmState, Alarms, Bound, CaseMeasure, CaseState, Cases, Comparison, Derived,
    Formula, Last, Op, Window,
};

const USES_MAX: usize = 32;

pub(super) fn check(
    formula: &Formula,
    pointer: &str,
    around: Option<&Surroundings>,
    of: &mut EntryFaults<'_>,
) {
    let pointer = format!("{pointer}/{}", formula.kind());
    match formula {
        Formula::Last(last) => values(&Observed::of_last(last), &pointer, around, of),
        Formula::Window(window) => {
            values(&Observed::of_window(window), &pointer, around, of);
            if window
                .highest_within
                .is_some_and(|within| within < window.window)
            {
                let message = "shorter than the window whose highest number is looked for";
                of.add(
                    &format!("{pointer}/highest_within"),
                    "vitals.window",
                    message,
                );
            }
        }
        Formula::Devices(devices) => {
            if let Some(around) = around {
                profiles(
                    &devices.profiles,
                    &format!("{pointer}/profiles"),
                    around,
                    of,
                );
            }
        }
        Formula::Alarms(alarms) => of_alarms(alarms, &pointer, around, of),
        Formula::Cases(cases) => of_cases(cases, &pointer, around, of),
        Formula::Feed(feed) => {
            if !is_name(&feed.feed) {
                let message =
                    "a feed is named by small letters, digits, _ and dots: water.supply_day";
                of.add(&format!("{pointer}/feed"), "vitals.feed_name", message);
            }
        }
        Formula::Feeds(_) => {}
        Formula::Derived(derived) => of_derived(derived, &pointer, around, of),
        Formula::Sql(sql) => {
            if sql.sql.trim().is_empty() {
                of.add(
                    &format!("{pointer}/sql"),
                    "vitals.empty",
                    "the question is empty",
                );
            }
        }
    }
}

/// What `last` and `window` have in common.
struct Observed<'a> {
    profiles: &'a [String],
    property: &'a str,
    aggregate: Aggregate,
    condition: Option<&'a Comparison>,
    scale: f64,
}

impl<'a> Observed<'a> {
    fn of_last(last: &'a Last) -> Self {
        Self {
            profiles: &last.profiles,
            property: &last.property,
            aggregate: last.aggregate,
            condition: last.condition.as_ref(),
            scale: last.scale,
        }
    }

    fn of_window(window: &'a Window) -> Self {
        Self {
            profiles: &window.profiles,
            property: &window.property,
            aggregate: window.aggregate,
            condition: window.condition.as_ref(),
            scale: window.scale,
        }
    }
}

fn values(
    observed: &Observed<'_>,
    pointer: &str,
    around: Option<&Surroundings>,
    of: &mut EntryFaults<'_>,
) {
    if observed.profiles.is_empty() {
        let message = "name at least one kind of device";
        of.add(&format!("{pointer}/profiles"), "vitals.empty", message);
    }
    if let Some(around) = around {
        profiles(
            observed.profiles,
            &format!("{pointer}/profiles"),
            around,
            of,
        );
        for profile in observed.profiles {
            let properties = around.profiles.get(profile);
            if properties.is_some_and(|properties| !properties.contains(observed.property)) {
                let message = format!("{profile} does not observe {}", observed.property);
                of.add(
                    &format!("{pointer}/property"),
                    "vitals.unknown_property",
                    message,
                );
            }
        }
    }
    match (observed.aggregate, observed.condition) {
        (Aggregate::Share, None) => {
            let message = "a share needs the condition of its numerator";
            of.add(&format!("{pointer}/where"), "vitals.no_condition", message);
        }
        (Aggregate::Percentile(part), _) if !(1..=99).contains(&part) => {
            let message = "a percentile is from 1 to 99";
            of.add(
                &format!("{pointer}/aggregate/percentile"),
                "vitals.number",
                message,
            );
        }
        _ => {}
    }
    if let Some(condition) = observed.condition {
        comparison(condition, &format!("{pointer}/where"), of);
    }
    if observed.scale == 0.0 || !observed.scale.is_finite() {
        of.add(
            &format!("{pointer}/scale"),
            "vitals.number",
            "nothing comes of this factor",
        );
    }
}

fn comparison(condition: &Comparison, pointer: &str, of: &mut EntryFaults<'_>) {
    if condition.op == Op::Outside {
        let message = "outside is for limits; a condition has > >= < <=";
        of.add(&format!("{pointer}/op"), "vitals.condition", message);
    }
    if let Bound::Attribute(name) = &condition.value {
        let is_attribute = name.strip_prefix("attr.").is_some_and(is_name);
        if !is_attribute {
            let message =
                format!("{name} is neither a number nor a figure of the device: attr.warn");
            of.add(&format!("{pointer}/value"), "vitals.condition", message);
        }
    }
}

fn of_alarms(
    alarms: &Alarms,
    pointer: &str,
    around: Option<&Surroundings>,
    of: &mut EntryFaults<'_>,
) {
    if let Some(around) = around {
        rules(&alarms.rules, &format!("{pointer}/rules"), around, of);
        profiles(&alarms.profiles, &format!("{pointer}/profiles"), around, of);
    }
    let is_raised = alarms.state == AlarmState::Raised;
    if is_raised != alarms.within.is_some() {
        let message = "raised is within a length of time, every other state is of now";
        of.add(&format!("{pointer}/within"), "vitals.alarm_time", message);
    }
    if is_raised && alarms.age_over.is_some() {
        let message = "how old an alarm is counts while it is open";
        of.add(&format!("{pointer}/age_over"), "vitals.alarm_time", message);
    }
    if alarms.per == crate::AlarmCount::Rate && alarms.profiles.is_empty() {
        let message = "a rate for each hundred devices needs the kinds of devices";
        of.add(&format!("{pointer}/profiles"), "vitals.empty", message);
    }
}

fn of_cases(cases: &Cases, pointer: &str, around: Option<&Surroundings>, of: &mut EntryFaults<'_>) {
    if let Some(around) = around {
        items(&cases.items, &format!("{pointer}/items"), around, of);
    }
    if cases.state.is_now() == cases.over.is_some() {
        let message = "open and overdue are about now; every other state needs a stretch of time";
        of.add(&format!("{pointer}/over"), "vitals.case_time", message);
    }
    let at = format!("{pointer}/measure");
    match &cases.measure {
        CaseMeasure::Count | CaseMeasure::Callers => {}
        CaseMeasure::Share(share) => {
            if share.numerator.is_empty() {
                let message = "a share needs what is counted";
                of.add(&format!("{at}/share/numerator"), "vitals.empty", message);
            }
        }
        CaseMeasure::MeanDuration(length) => {
            if length.from >= length.to {
                let message = "a duration ends at a later step than it begins";
                of.add(
                    &format!("{at}/mean_duration/to"),
                    "vitals.case_steps",
                    message,
                );
            }
        }
        CaseMeasure::Surges(surges) => {
            of.number(&format!("{at}/surges/z"), surges.z, 0.5, 20.0);
            of.number(
                &format!("{at}/surges/weeks"),
                f64::from(surges.weeks),
                3.0,
                26.0,
            );
            opened(cases, &at, of);
        }
        CaseMeasure::Clusters(clusters) => {
            of.number(
                &format!("{at}/clusters/members"),
                f64::from(clusters.members),
                2.0,
                1_000.0,
            );
            let radius = f64::from(clusters.radius_m);
            of.number(&format!("{at}/clusters/radius_m"), radius, 10.0, 5_000.0);
            opened(cases, &at, of);
        }
    }
}

fn opened(cases: &Cases, pointer: &str, of: &mut EntryFaults<'_>) {
    if cases.state != CaseState::Opened {
        of.add(
            pointer,
            "vitals.case_state",
            "this is found among the cases opened within the time",
        );
    }
}

fn of_derived(
    derived: &Derived,
    pointer: &str,
    around: Option<&Surroundings>,
    of: &mut EntryFaults<'_>,
) {
    if derived.uses.len() + derived.facts.len() > USES_MAX {
        let message = format!("an expression reads at most {USES_MAX} names");
        of.add(pointer, "vitals.too_many", message);
    }
    for (place, code) in derived.uses.iter().enumerate() {
        if derived.uses.iter().take(place).any(|other| other == code) {
            let message = format!("{code} is named already");
            of.add(&format!("{pointer}/uses/{place}"), "vitals.twice", message);
        }
    }
    for (name, fact) in &derived.facts {
        let at = format!("{pointer}/facts/{name}");
        let clashes = derived.uses.iter().any(|code| code.to_lowercase() == *name);
        if !is_name(name) || name.contains('.') || clashes {
            let message = "a fact is named by small letters, digits and _, and not as an indicator";
            of.add(&at, "vitals.fact_name", message);
        }
        if matches!(fact, Formula::Derived(_) | Formula::Sql(_)) {
            let message = "a fact is measured; what is derived is an indicator of its own";
            of.add(&at, "vitals.nested", message);
        } else {
            check(fact, &at, around, of);
        }
    }
}

pub(super) fn profiles(
    names: &[String],
    pointer: &str,
    around: &Surroundings,
    of: &mut EntryFaults<'_>,
) {
    let known = |name: &str| around.profiles.contains_key(name);
    unknown(
        names,
        pointer,
        known,
        ("vitals.unknown_profile", "kind of device"),
        of,
    );
}

pub(super) fn rules(
    names: &[String],
    pointer: &str,
    around: &Surroundings,
    of: &mut EntryFaults<'_>,
) {
    let known = |name: &str| around.rules.contains(name);
    unknown(
        names,
        pointer,
        known,
        ("vitals.unknown_rule", "alarm rule"),
        of,
    );
}

pub(super) fn items(
    names: &[String],
    pointer: &str,
    around: &Surroundings,
    of: &mut EntryFaults<'_>,
) {
    let known = |name: &str| {
        around.items.iter().any(|code| {
            code.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    unknown(names, pointer, known, ("vitals.unknown_item", "item"), of);
}

fn unknown(
    names: &[String],
    pointer: &str,
    known: impl Fn(&str) -> bool,
    (kind, noun): (&'static str, &str),
    of: &mut EntryFaults<'_>,
) {
    for (place, name) in names.iter().enumerate().filter(|(_, name)| !known(name)) {
        of.add(
            &format!("{pointer}/{place}"),
            kind,
            format!("there is no {noun} {name}"),
        );
    }
}
