//! Slots and windows of a set, and which rules read them.

use crate::{
    compile::is_hourly,
    duration::Duration,
    operands::{Entry, Operand, Operands, Source},
    rule_set::{Settings, SlotPlan},
    spec::Accepts,
    state::{Mask, NEVER},
    window::WindowPlan,
};

/// Which rules read what.
pub(super) struct Readers {
    slots: Vec<Mask>,
    windows: Vec<Mask>,
    pub(super) attributes: Mask,
    pub(super) dated: Mask,
}

impl Readers {
    /// By a window's place among all windows.
    pub(super) fn window(&self, index: usize, rules: usize) -> Mask {
        self.windows
            .get(index)
            .cloned()
            .unwrap_or_else(|| Mask::new(rules))
    }
}

pub(super) fn readers(reads: &[Vec<Operand>], operands: &Operands, rules: usize) -> Readers {
    let mut readers = Readers {
        slots: vec![Mask::new(rules); operands.slots.len()],
        windows: vec![Mask::new(rules); operands.windows.len()],
        attributes: Mask::new(rules),
        dated: Mask::new(rules),
    };
    for (rule, operand) in reads
        .iter()
        .enumerate()
        .flat_map(|(rule, read)| read.iter().map(move |one| (rule, *one)))
    {
        if operand.is_table() {
            if matches!(operands.table.get(operand.index()), Some(Entry::Dated(_))) {
                readers.dated.insert(rule);
            }
            continue;
        }
        let slot = match operands.bank.get(operand.index()) {
            Some(Source::Attribute(_)) => {
                readers.attributes.insert(rule);
                continue;
            }
            Some(Source::Window(window, _)) => {
                if let Some(mask) = readers.windows.get_mut(*window) {
                    mask.insert(rule);
                }
                operands.windows.get(*window).map(|window| window.slot)
            }
            Some(Source::Slot(slot) | Source::Silence(slot, _) | Source::Age(slot)) => Some(*slot),
            None => None,
        };
        if let Some(mask) = slot.and_then(|slot| readers.slots.get_mut(slot)) {
            mask.insert(rule);
        }
    }
    readers
}

/// How long back an operand looks, in microseconds.
pub(super) fn lapse(operand: Operand, operands: &Operands) -> i64 {
    if operand.is_table() {
        return 0;
    }
    match operands.bank.get(operand.index()) {
        Some(Source::Window(window, _)) => {
            let window = operands.windows.get(*window);
            window.map_or(0, |window| window.lapse.as_micros())
        }
        Some(Source::Silence(_, lapse)) => lapse.as_micros(),
        _ => 0,
    }
}

/// A window's place among all windows, and its plan.
pub(super) type Placed = Vec<(usize, WindowPlan)>;

/// Windows of samples, and windows of whole hours.
pub(super) fn windows(operands: &Operands) -> (Placed, Placed) {
    let plans = operands.windows.iter().enumerate().map(|(index, key)| {
        let mut plan = WindowPlan::new(key.slot, key.lapse.as_micros(), key.anchor);
        for (place, source) in operands.bank.iter().enumerate() {
            if let Source::Window(window, function) = source
                && *window == index
            {
                plan.ask(*function, place);
            }
        }
        (index, plan)
    });
    plans.partition(|(_, plan)| !is_hourly(plan.anchor))
}

pub(super) fn plans(
    operands: &Operands,
    readers: &Readers,
    windows: &Placed,
    hours: &Placed,
    settings: &Settings,
) -> Box<[SlotPlan]> {
    let of_slot = |placed: &Placed, slot: usize| -> Box<[u16]> {
        let indexes = placed.iter().enumerate();
        let indexes = indexes.filter(|(_, (_, plan))| plan.slot == slot);
        indexes.map(|(index, _)| index as u16).collect()
    };
    let plans = operands
        .slots
        .iter()
        .zip(&readers.slots)
        .enumerate()
        .map(|(slot, (key, mask))| {
            let place = |wanted: Source| {
                let place = operands.bank.iter().position(|source| *source == wanted);
                place.map(|place| place as u16)
            };
            let property = operands.profile.properties.get(key.property);
            let stale = property.and_then(|property| property.stale_after);
            let stale = stale.map_or(i64::MAX, Duration::as_micros);
            let silences: Box<[(i64, u16)]> = operands
                .bank
                .iter()
                .enumerate()
                .filter_map(|(place, source)| match source {
                    Source::Silence(of, lapse) if *of == slot => {
                        Some((lapse.as_micros(), place as u16))
                    }
                    _ => None,
                })
                .collect();
            let lapses = windows
                .iter()
                .filter(|(_, plan)| plan.slot == slot)
                .map(|(_, plan)| plan.lapse);
            let longest = lapses.clone().max().unwrap_or_default();
            let age = place(Source::Age(slot));
            // An age's limit may be a parameter, so it is looked at anew after every sample.
            let soonest = match age {
                Some(_) => NEVER,
                None => lapses
                    .chain(silences.iter().map(|(lapse, _)| *lapse))
                    .fold(stale, i64::min),
            };
            SlotPlan {
                property: operands.property_of(slot).into(),
                accepts: key.accepts,
                value: place(Source::Slot(slot)),
                stale,
                keep: longest.saturating_add(settings.lateness.as_micros()),
                windows: of_slot(windows, slot),
                hours: of_slot(hours, slot),
                silences,
                age,
                soonest,
                readers: mask.clone(),
            }
        });
    plans.collect()
}

/// For each property the slots of believed and of any samples.
pub(super) fn views(operands: &Operands) -> Box<[[Option<u16>; 2]]> {
    let properties = 0..operands.profile.properties.len();
    let views = properties.map(|property| {
        [Accepts::Believed, Accepts::Any].map(|accepts| {
            let slots = operands.slots.iter();
            let mut slots = slots
                .enumerate()
                .filter(|(_, slot)| slot.property == property);
            let found = slots.find(|(_, slot)| slot.accepts == accepts);
            found.map(|(index, _)| index as u16)
        })
    });
    views.collect()
}

/// For each attribute its place in the bank.
pub(super) fn attributes(operands: &Operands) -> Box<[Option<u16>]> {
    let attributes = 0..operands.profile.attributes.len();
    let places = attributes.map(|attribute| {
        let place = operands
            .bank
            .iter()
            .position(|source| *source == Source::Attribute(attribute));
        place.map(|place| place as u16)
    });
    places.collect()
}
