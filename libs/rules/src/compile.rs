//! From rules as written to a set.
//!
//! Each rule is read twice: by itself, to find everything that is wrong with it, and again, if nothing is, into the
//! places that the set shares. So a rule that is left out leaves nothing behind.

use crate::{
    diagnostic::{Diagnostic, Weight},
    era::Eras,
    operands::{Anchor, Operands, PLACES_MAX},
    profile::Profile,
    program::Emitter,
    rule_set::{RuleSet, Settings, weekdays},
    spec::Rule,
    state::Mask,
};

mod draft;
mod fields;
mod layout;
mod slots;

use draft::Draft;
use layout::Layout;

/// Rules of one set.
const RULES_MAX: usize = 4_096;

pub(crate) fn compile(
    rules: &[Rule],
    profile: &Profile,
    settings: Settings,
) -> (RuleSet, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut shared = Operands::new(profile.clone());
    let mut emitter = Emitter::default();
    let mut layout = Layout::default();
    for (position, rule) in rules.iter().enumerate() {
        let mut alone = Operands::new(profile.clone());
        let mut found = Findings::new(position, rule);
        if rules
            .iter()
            .take(position)
            .any(|earlier| earlier.id == rule.id)
        {
            found
                .error("/id", "rules.twice", "another rule has this id")
                .hint("choose another id");
        }
        if layout.rules.len() >= RULES_MAX || shared.is_full() {
            let message = format!("a set has at most {RULES_MAX} rules and {PLACES_MAX} places");
            found.error("", "rules.too_many", message);
        }
        Draft::read(rule, &mut alone, &settings, &mut found);
        if !found.has_error() {
            let mut again = Findings::new(position, rule);
            if let Some(draft) = Draft::read(rule, &mut shared, &settings, &mut again) {
                layout.add(rule, draft, &mut shared, &mut emitter, &mut found);
            }
        }
        diagnostics.extend(found.diagnostics);
    }
    (finish(layout, shared, emitter, settings), diagnostics)
}

fn finish(
    layout: Layout,
    mut operands: Operands,
    mut emitter: Emitter,
    settings: Settings,
) -> RuleSet {
    let count = layout.rules.len();
    let predicates = operands
        .predicates
        .clone()
        .into_iter()
        .filter_map(|predicate| {
            let test = emitter.test(&predicate.test, &mut operands)?;
            Some((predicate, test))
        });
    let predicates = predicates.collect();
    let readers = slots::readers(&layout.reads, &operands, count);
    let (windows, hours) = slots::windows(&operands);
    let window_readers = windows
        .iter()
        .map(|(index, _)| readers.window(*index, count));
    let schedules = layout.schedules.clone();
    let schedule_readers = schedules.iter().enumerate().map(|(index, _)| {
        let mut mask = Mask::new(count);
        for (rule, plan) in layout.plans.iter().enumerate() {
            if usize::from(plan.schedule) == index {
                mask.insert(rule);
            }
        }
        mask
    });
    let worked = settings.worked_days.clone().unwrap_or_else(weekdays);
    RuleSet {
        window_readers: window_readers.collect(),
        slots: slots::plans(&operands, &readers, &windows, &hours, &settings),
        views: slots::views(&operands),
        attributes: slots::attributes(&operands),
        attribute_names: operands.profile.attributes.clone().into(),
        attribute_readers: readers.attributes,
        dated_readers: readers.dated,
        schedule_readers: schedule_readers.collect(),
        eras: Eras::new(
            &operands.table,
            schedules,
            settings.utc_offset_minutes,
            worked,
        ),
        windows: windows.into_iter().map(|(_, plan)| plan).collect(),
        hours: hours.into_iter().map(|(_, plan)| plan).collect(),
        rules: layout.rules.into(),
        plans: layout.plans.into(),
        timings: layout.timings.into(),
        tests: layout.tests.into(),
        steps: emitter.steps.into(),
        predicates,
        age_tests: operands.age_tests.into(),
        bank_names: operands.bank_names.into(),
        table_names: operands.table_names.into(),
        words: count + layout.instants,
        settings,
    }
}

/// Collects what is found about one rule.
pub(crate) struct Findings {
    position: usize,
    rule: String,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    fn new(position: usize, rule: &Rule) -> Self {
        Self {
            position,
            rule: rule.id.clone(),
            diagnostics: Vec::new(),
        }
    }

    fn has_error(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.weight == Weight::Error)
    }

    pub(crate) fn error(
        &mut self,
        pointer: &str,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let remark = crate::diagnostic::Remark::error(code, message);
        self.remark(pointer, remark)
    }

    pub(crate) fn remark(
        &mut self,
        pointer: &str,
        remark: crate::diagnostic::Remark,
    ) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic {
            weight: remark.weight,
            position: self.position,
            rule: self.rule.clone(),
            pointer: pointer.into(),
            place: remark.place,
            code: remark.code,
            message: remark.message,
            hint: remark.hint,
        });
        self.diagnostics.last_mut().expect("one was just pushed")
    }
}

/// Whether a window is one of whole hours.
fn is_hourly(anchor: Anchor) -> bool {
    anchor == Anchor::Hours
}
