//! Where each rule's tests and words lie.

use crate::{
    compile::{
        Findings,
        draft::{Draft, DraftUntil},
    },
    duration::Duration,
    era::SCHEDULES_MAX,
    operands::{Operand, Operands},
    program::{Emitter, Test, reads},
    rule_set::{CompiledLevel, CompiledRule, NO_SCHEDULE, Plan, Timing},
    spec::{Rule, Schedule},
};

/// What is laid out so far.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) rules: Vec<CompiledRule>,
    pub(super) plans: Vec<Plan>,
    pub(super) timings: Vec<Timing>,
    pub(super) tests: Vec<Test>,
    /// For each rule everything that its conditions read.
    pub(super) reads: Vec<Vec<Operand>>,
    pub(super) schedules: Vec<Schedule>,
    /// Words for instants so far; they follow the heads.
    pub(super) instants: usize,
}

impl Layout {
    pub(super) fn add(
        &mut self,
        rule: &Rule,
        draft: Draft,
        operands: &mut Operands,
        emitter: &mut Emitter,
        found: &mut Findings,
    ) {
        let Some(schedule) = self.schedule(rule, found) else {
            return;
        };
        let Some(tests) = emit(&draft, operands, emitter, found) else {
            return;
        };
        let mut read = Vec::new();
        for node in conditions(&draft) {
            for operand in reads(node) {
                if !read.contains(&operand) {
                    read.push(operand);
                }
            }
        }
        let Some(first) = tests.first().copied() else {
            return;
        };
        let mut plan = Plan {
            first,
            is_plain: tests.len() == 1 && schedule == NO_SCHEDULE,
            tests: self.tests.len() as u32,
            opened: 0,
            levels: draft.levels.len() as u8,
            untils: 0,
            has_clear: draft
                .clear
                .as_ref()
                .is_some_and(|clear| clear.when.is_some()),
            schedule,
            since: [0; 4],
            closing: 0,
            onsets: 0,
            times: rule.count.map_or(0, |count| count.times),
        };
        let timing = time(rule, &draft, &mut plan);
        plan.opened = self.instants as u32;
        self.instants += words(&mut plan, &timing);
        self.tests.extend(tests);
        self.rules.push(card(rule, draft, &timing, &read, operands));
        self.reads.push(read);
        self.plans.push(plan);
        self.timings.push(timing);
        // The heads come first, so instants move on by one with every rule.
        let heads = self.plans.len();
        self.settle(heads);
    }

    /// Gives the instants their places behind so many heads.
    fn settle(&mut self, heads: usize) {
        let mut word = heads;
        for (plan, timing) in self.plans.iter_mut().zip(&self.timings) {
            plan.opened = word as u32;
            word += words(plan, timing);
        }
    }

    fn schedule(&mut self, rule: &Rule, found: &mut Findings) -> Option<u8> {
        let Some(schedule) = &rule.schedule else {
            return Some(NO_SCHEDULE);
        };
        let known = self.schedules.iter().position(|other| other == schedule);
        if let Some(index) = known {
            return Some(index as u8);
        }
        if self.schedules.len() >= SCHEDULES_MAX {
            let message = format!("a set has at most {SCHEDULES_MAX} different schedules");
            found.error("/schedule", "rules.too_many", message);
            return None;
        }
        self.schedules.push(schedule.clone());
        Some(self.schedules.len() as u8 - 1)
    }
}

fn conditions(draft: &Draft) -> impl Iterator<Item = &crate::language::Node> {
    let levels = draft.levels.iter();
    let untils = levels
        .clone()
        .filter_map(|level| level.until.as_ref()?.when.as_ref());
    let clear = draft.clear.iter().filter_map(|clear| clear.when.as_ref());
    levels.map(|level| &level.when).chain(untils).chain(clear)
}

/// The tests in the order that a plan expects.
fn emit(
    draft: &Draft,
    operands: &mut Operands,
    emitter: &mut Emitter,
    found: &mut Findings,
) -> Option<Vec<Test>> {
    let tests: Option<Vec<Test>> = conditions(draft)
        .map(|node| emitter.test(node, operands))
        .collect();
    if tests.is_none() {
        let message = "a condition of this rule holds too many values at once";
        found
            .error("/levels", "rules.deep_condition", message)
            .hint("make several rules of it");
    }
    tests
}

fn micros(duration: Option<Duration>) -> i64 {
    duration.map_or(0, Duration::as_micros)
}

fn time(rule: &Rule, draft: &Draft, plan: &mut Plan) -> Timing {
    let lasting =
        |until: &Option<DraftUntil>| micros(until.as_ref().and_then(|until| until.lasting));
    let mut timing = Timing {
        clear: lasting(&draft.clear),
        within: micros(rule.count.map(|count| count.within)),
        suppress: micros(rule.suppress_after),
        ..Timing::default()
    };
    let places = timing
        .lasting
        .iter_mut()
        .zip(&mut timing.until)
        .zip(&mut timing.ranks);
    for (index, (level, ((for_place, until_place), rank))) in
        draft.levels.iter().zip(places).enumerate()
    {
        *for_place = micros(level.lasting);
        *until_place = lasting(&level.until);
        *rank = level.severity.rank();
        if level
            .until
            .as_ref()
            .is_some_and(|until| until.when.is_some())
        {
            plan.untils |= 1 << index;
        }
    }
    timing
}

/// Hands out words for the instants that a rule needs; tells how many.
fn words(plan: &mut Plan, timing: &Timing) -> usize {
    let mut next: u8 = 1;
    let mut take = |count: u8| {
        let place = next;
        next += count;
        place
    };
    let lastings = timing.lasting.iter().zip(&timing.until);
    for (place, (lasting, until)) in plan.since.iter_mut().zip(lastings) {
        if *lasting > 0 || *until > 0 {
            *place = take(1);
        }
    }
    if timing.clear > 0 {
        plan.closing = take(1);
    }
    if plan.times > 0 {
        plan.onsets = take(plan.times);
    }
    usize::from(next)
}

/// What is told about the rule.
fn card(
    rule: &Rule,
    draft: Draft,
    timing: &Timing,
    read: &[Operand],
    operands: &Operands,
) -> CompiledRule {
    let named = |node: &crate::language::Node| {
        let mut read = reads(node);
        read.retain(|operand| !operand.is_table() || is_named(*operand, operands));
        read
    };
    let clear = draft.clear.as_ref();
    let clear_reads = clear.and_then(|clear| clear.when.as_ref()).map(named);
    let levels = draft.levels.iter().map(|level| CompiledLevel {
        severity: level.severity,
        when: level.written.as_str().into(),
        lasting: level.lasting,
        reads: named(&level.when),
    });
    let longest = |lapses: &[i64]| lapses.iter().copied().max().unwrap_or_default();
    let windows = read
        .iter()
        .map(|operand| super::slots::lapse(*operand, operands))
        .max();
    let horizon = windows.unwrap_or_default()
        + longest(&timing.lasting)
            .max(longest(&timing.until))
            .max(timing.clear)
        + timing.within
        + timing.suppress;
    CompiledRule {
        id: rule.id.as_str().into(),
        name: rule.name.clone(),
        version: rule.version,
        levels: levels.collect(),
        clear: clear
            .and_then(|clear| clear.written.as_deref())
            .map(Into::into),
        agreement: rule.agreement,
        horizon: Duration::of_micros(horizon),
        clear_reads: clear_reads.unwrap_or_default(),
        source: rule.clone(),
    }
}

/// Whether a place of the table is a parameter; numbers have no name worth telling.
fn is_named(operand: Operand, operands: &Operands) -> bool {
    let name = operands.table_names.get(operand.index());
    name.is_some_and(|name| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
    })
}
