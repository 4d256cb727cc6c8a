//! What was known of an hour, and the numbers that follow. Pure.

use yiwang_contracts::{AlarmFacts, CaseFacts, DeviceHeard};
use yiwang_kernel::micros;
use yiwang_vital_rules::{Alarms, Cases, Cell, IndicatorEntry, Last, NoHistory, Window};

use super::super::gather;
use super::Point;
use super::readings::{OfDevice, at_hour};
use crate::facts::{self, Cells, Shape};
use crate::policy::{Area, Policy};

/// What a row is counted from.
pub(super) enum Known {
    Cases(Cases),
    Alarms(Alarms),
    Last(Last, Vec<OfDevice>),
    Window(Window, Vec<OfDevice>),
    /// What was sent or kept, of each area by time.
    Cells(Vec<(usize, Vec<Cell>)>),
}

/// What was known of all hours.
#[derive(Default)]
pub(super) struct Then {
    pub rows: Vec<(usize, Known)>,
    pub cases: Vec<CaseFacts>,
    pub alarms: Vec<AlarmFacts>,
    pub devices: Vec<DeviceHeard>,
}

/// The numbers of the city and its towns as of an hour.
pub(super) fn as_of(alone: &Policy, then: &Then, place: usize, at: i64) -> Vec<Point> {
    let mut board = alone.engine.board();
    let mut changed = Vec::new();
    for (row, known) in &then.rows {
        let Some(of_row) = alone.engine.graph().rows().get(*row) else {
            continue;
        };
        let shape = Shape {
            space: of_row.space,
            rolls: of_row.rollup.is_some(),
        };
        for (area, cell) in known.cells(then, alone, shape, (place, at)) {
            board.set(*row, area, cell);
            changed.push((*row, area));
        }
    }
    let plan = alone.engine.plan(&changed);
    alone.engine.run(&plan, &mut board, at, &NoHistory);
    let lag = alone.entry(0).map_or(0, IndicatorEntry::lag);
    let point = |(area, of_area): (usize, &Area)| {
        let cell = board.cell(0, area);
        let is_there = cell.value.is_finite() && cell.is_timely(at, lag);
        is_there.then(|| (of_area.code.0.clone(), cell.at, cell.value, cell.weight))
    };
    alone.kept().filter_map(point).collect()
}

impl Known {
    fn cells(
        &self,
        then: &Then,
        policy: &Policy,
        shape: Shape,
        (place, at): (usize, i64),
    ) -> Cells {
        match self {
            Self::Cases(formula) if formula.state.is_now() => {
                let open: Vec<CaseFacts> = then
                    .cases
                    .iter()
                    .filter_map(|case| open_at(case, at))
                    .collect();
                facts::cases(formula, &open.iter().collect::<Vec<_>>(), policy, shape, at)
            }
            Self::Cases(formula) => {
                let book: Vec<&CaseFacts> = then.cases.iter().collect();
                facts::cases(formula, &book, policy, shape, at)
            }
            Self::Alarms(formula) => {
                facts::alarms(formula, &then.alarms, &then.devices, policy, shape, at)
            }
            Self::Last(last, devices) => {
                let numbers = at_hour(devices, place);
                facts::spread(gather::of_last(last, at), &numbers, policy, shape, at)
            }
            Self::Window(window, devices) => {
                let numbers = at_hour(devices, place);
                facts::spread(gather::of_window(window), &numbers, policy, shape, at)
            }
            Self::Cells(areas) => {
                let newest = |(area, cells): &(usize, Vec<Cell>)| {
                    let until = cells.partition_point(|cell| cell.at <= at);
                    Some((*area, *cells.get(until.checked_sub(1)?)?))
                };
                areas.iter().filter_map(newest).collect()
            }
        }
    }
}

/// A case as it was at an instant, so far as that is known; nothing where it was not open then.
fn open_at(case: &CaseFacts, at: i64) -> Option<CaseFacts> {
    let was_over = case.closed_at.is_some_and(|closed| micros(closed) <= at);
    let is_gone = !case.is_open && case.closed_at.is_none();
    if micros(case.opened_at) > at || was_over || is_gone {
        return None;
    }
    Some(CaseFacts {
        is_open: true,
        ..case.clone()
    })
}
