//! The rules of one kind of object, compiled, and what the outside does with them.

use std::sync::Arc;

use crate::{
    compile,
    diagnostic::Diagnostic,
    duration::{Duration, MINUTE},
    era::{Eras, WorkedDays},
    operands::{AgeTest, Operand, Predicate},
    profile::Profile,
    program::{Step, Test},
    series::Series,
    spec::{Accepts, Agreement, Rule, Severity, Title},
    state::{Counts, Mask, NEVER, ObjectState, within},
    transition::{Alarm, Transition},
    window::{Hours, Window, WindowPlan},
};

/// What the rules of a set share beside their profile.
#[derive(Clone)]
pub struct Settings {
    /// Minutes east of UTC of local time: dates of parameters, schedules, hours of the day.
    pub utc_offset_minutes: i16,
    /// A sample that is older than the newest one by less than this is still put at its time.
    pub lateness: Duration,
    /// A sample further in the future than this is refused.
    pub ahead_max: Duration,
    /// A change decided so long after its instant is marked late.
    pub late_after: Duration,
    /// Samples kept of one property of one object. What is more is dropped, oldest first, and counted.
    pub samples_max: usize,
    /// Changes of rules of one object that can be undone.
    pub changes_max: usize,
    /// Tells which days are worked; without it Monday to Friday are.
    pub worked_days: Option<WorkedDays>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            utc_offset_minutes: 480,
            lateness: Duration::hours(1),
            ahead_max: Duration::minutes(5),
            late_after: Duration::minutes(10),
            samples_max: 4_096,
            changes_max: 4_096,
            worked_days: None,
        }
    }
}

/// One observed value of one property, as it comes from a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Its place in the profile's properties.
    pub property: u16,
    /// When it was observed, microseconds since 1970 UTC.
    pub time: i64,
    /// Not a number where nothing numeric was observed.
    pub value: f64,
    /// Whether its quality is believed.
    pub is_believed: bool,
}

impl Sample {
    /// A believed value.
    pub const fn new(property: u16, time: i64, value: f64) -> Self {
        Self {
            property,
            time,
            value,
            is_believed: true,
        }
    }
}

/// The rules of one kind of object, ready to judge. Never changes; a new version is a new value.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub(crate) rules: Box<[CompiledRule]>,
    pub(crate) plans: Box<[Plan]>,
    pub(crate) timings: Box<[Timing]>,
    pub(crate) tests: Box<[Test]>,
    pub(crate) steps: Box<[Step]>,
    pub(crate) predicates: Box<[(Predicate, Test)]>,
    pub(crate) slots: Box<[SlotPlan]>,
    /// For each property the slots that its samples go to: of believed ones, of any.
    pub(crate) views: Box<[[Option<u16>; 2]]>,
    pub(crate) windows: Box<[WindowPlan]>,
    /// For each window the rules that read it.
    pub(crate) window_readers: Box<[Mask]>,
    pub(crate) hours: Box<[WindowPlan]>,
    pub(crate) age_tests: Box<[AgeTest]>,
    pub(crate) attribute_names: Box<[String]>,
    /// For each attribute its place in the bank, if any rule reads it.
    pub(crate) attributes: Box<[Option<u16>]>,
    pub(crate) attribute_readers: Mask,
    pub(crate) dated_readers: Mask,
    pub(crate) schedule_readers: Box<[Mask]>,
    pub(crate) eras: Eras,
    pub(crate) bank_names: Box<[Arc<str>]>,
    pub(crate) table_names: Box<[Arc<str>]>,
    pub(crate) words: usize,
    pub(crate) settings: Settings,
}

/// One rule of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledRule {
    /// As written.
    pub id: Arc<str>,
    /// For people.
    pub name: Title,
    /// As written.
    pub version: u32,
    /// Its levels, the least severe first.
    pub levels: Vec<CompiledLevel>,
    /// What ends it, as written; nothing when it is the negation of what began it.
    pub clear: Option<Arc<str>>,
    /// When one object's word is not enough: its transitions are votes for `Agreements`.
    pub agreement: Option<Agreement>,
    /// How much history decides whether it holds now.
    pub horizon: Duration,
    pub(crate) clear_reads: Vec<Operand>,
    /// What was compiled, to tell a changed rule from an unchanged one.
    pub(crate) source: Rule,
}

/// One level of a compiled rule.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledLevel {
    /// How severe.
    pub severity: Severity,
    /// Its condition as written.
    pub when: Arc<str>,
    /// How long it must hold.
    pub lasting: Option<Duration>,
    pub(crate) reads: Vec<Operand>,
}

/// Where a rule's tests and words are: what is read for every message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// The first level's test, which is all that matters where the rule is plain.
    pub(crate) first: Test,
    /// One level, always on, that ends when its condition does.
    pub(crate) is_plain: bool,
    /// The first of its tests: levels, then those levels' ends that have a condition, then the end of the alarm.
    pub(crate) tests: u32,
    /// The word of the instant at which the alarm was opened or, when none is open, closed; others follow it.
    pub(crate) opened: u32,
    pub(crate) levels: u8,
    /// Bit n is set when level n ends by a condition of its own.
    pub(crate) untils: u8,
    pub(crate) has_clear: bool,
    pub(crate) schedule: u8,
    /// For each level how far after `opened` the word is that says since when; 0 for none.
    pub(crate) since: [u8; 4],
    pub(crate) closing: u8,
    pub(crate) onsets: u8,
    pub(crate) times: u8,
}

pub(crate) const NO_SCHEDULE: u8 = u8::MAX;

/// How long things last, in microseconds; 0 where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timing {
    pub(crate) lasting: [i64; 4],
    pub(crate) until: [i64; 4],
    pub(crate) ranks: [u8; 4],
    pub(crate) clear: i64,
    pub(crate) within: i64,
    pub(crate) suppress: i64,
}

/// How the samples of one slot are kept, and who reads them.
#[derive(Debug, Clone)]
pub(crate) struct SlotPlan {
    /// The property's code.
    pub(crate) property: Box<str>,
    pub(crate) accepts: Accepts,
    pub(crate) value: Option<u16>,
    /// The age at which the value is absent.
    pub(crate) stale: i64,
    /// How long samples are kept behind the newest.
    pub(crate) keep: i64,
    pub(crate) windows: Box<[u16]>,
    pub(crate) hours: Box<[u16]>,
    /// Lengths of silence that rules ask for, and their places.
    pub(crate) silences: Box<[(i64, u16)]>,
    pub(crate) age: Option<u16>,
    /// The shortest time after a sample in which time alone can change something because of it.
    pub(crate) soonest: i64,
    pub(crate) readers: Mask,
}

impl RuleSet {
    /// Compiles rules for one kind of object. Rules with an error are left out; every finding is given.
    pub fn compile(
        rules: &[Rule],
        profile: &Profile,
        settings: Settings,
    ) -> (Self, Vec<Diagnostic>) {
        compile::compile(rules, profile, settings)
    }

    /// The rules, in the order in which they were given.
    pub fn rules(&self) -> &[CompiledRule] {
        &self.rules
    }

    /// How much history a fresh state needs to stand where one stands that saw everything, alarms apart that began
    /// before it.
    pub fn horizon(&self) -> Duration {
        let horizons = self.rules.iter().map(|rule| rule.horizon);
        horizons.max().unwrap_or(Duration::seconds(1))
    }

    /// A fresh state of an object that may be expected to report from an instant on.
    pub fn object(&self, since: i64) -> ObjectState {
        let since = within(since);
        let mut words = vec![NEVER; self.words];
        for head in words.iter_mut().take(self.rules.len()) {
            *head = 0;
        }
        let mut state = ObjectState {
            since,
            words: words.into(),
            bank: vec![f64::NAN; self.bank_names.len()].into(),
            series: vec![Series::default(); self.slots.len()].into(),
            last: vec![NEVER; self.slots.len()].into(),
            windows: self.windows.iter().map(Window::new).collect(),
            hours: vec![Hours::default(); self.hours.len()].into(),
            dirty: Mask::new(self.rules.len()),
            waiting: Mask::new(self.rules.len()),
            undo: std::collections::VecDeque::new(),
            era: self.eras.at(since),
            at: NEVER,
            reached: NEVER,
            next: NEVER,
            newest: NEVER,
            floor: NEVER,
            alarms: 0,
            counts: Counts::default(),
        };
        self.begin(&mut state);
        state
    }

    /// Says what is known about an object: a value for each of the profile's attributes, not a number where nothing
    /// is. Judged at `now` and from then on; a replay after a late sample judges the past by it too.
    pub fn set_attributes(
        &self,
        state: &mut ObjectState,
        values: &[f64],
        now: i64,
        out: &mut Vec<Transition>,
    ) {
        let mut sink = self.sink(now, out);
        let at = within(now).max(state.at);
        self.run(state, at - 1, &mut sink);
        for (place, value) in self.attributes.iter().zip(values) {
            let place = place.and_then(|place| state.bank.get_mut(usize::from(place)));
            if let Some(place) = place.filter(|place| place.to_bits() != value.to_bits()) {
                *place = *value;
                state.dirty.add(&self.attribute_readers);
            }
        }
        if !state.dirty.is_empty() {
            state.at = at;
            state.reached = state.reached.max(at);
            self.settle(state, &mut sink);
        }
    }

    /// The alarms that are open.
    pub fn open<'a>(&'a self, state: &'a ObjectState) -> impl Iterator<Item = Alarm> + 'a {
        let plans = self.plans.iter().enumerate();
        plans.filter_map(|(rule, plan)| {
            let head = state.head(rule);
            Some(Alarm {
                rule,
                number: head.alarm(),
                opened: state.word(plan.opened as usize),
                severity: Severity::of_rank(head.rank())?,
            })
        })
    }

    /// Everything that the rules read of an object, with its value at the last instant that was looked at; nothing
    /// where it is not known.
    pub fn values<'a>(
        &'a self,
        state: &'a ObjectState,
    ) -> impl Iterator<Item = (&'a str, Option<f64>)> {
        let known = |value: &f64| Some(*value).filter(|value| !value.is_nan());
        let names = self.bank_names.iter().map(AsRef::as_ref);
        names.zip(state.bank.iter().map(known))
    }

    /// Bytes that the words of the rules take for each object, without the samples.
    pub fn bytes_of_words(&self) -> usize {
        self.words * size_of::<i64>()
    }

    pub(crate) fn local(&self, at: i64) -> i64 {
        at + i64::from(self.settings.utc_offset_minutes) * MINUTE
    }

    pub(crate) const fn lateness(&self) -> i64 {
        self.settings.lateness.as_micros()
    }
}

/// Monday to Friday.
pub(crate) fn weekdays() -> WorkedDays {
    Arc::new(yiwang_worktime::is_weekday)
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Settings")
            .field("utc_offset_minutes", &self.utc_offset_minutes)
            .field("lateness", &self.lateness)
            .field("ahead_max", &self.ahead_max)
            .field("late_after", &self.late_after)
            .field("samples_max", &self.samples_max)
            .field("changes_max", &self.changes_max)
            .field("worked_days", &self.worked_days.is_some())
            .finish()
    }
}
