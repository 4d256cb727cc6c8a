//! A case that the simulator looks after.

use crate::decide::{Choice, Memo, Seat};
use crate::dice::Dice;
use crate::report::Report;
use crate::view::CaseView;

/// How far the cases of the backlog have come when the first page is looked at, in steps.
const BACKLOG_STEPS: [(u8, f64); 9] = [
    (0, 12.0),
    (1, 14.0),
    (2, 10.0),
    (4, 14.0),
    (5, 12.0),
    (7, 12.0),
    (9, 8.0),
    (10, 8.0),
    (13, 10.0),
];

/// What happens next with a case.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Planned {
    Report(Box<Report>),
    /// It came in by another way than the officers' API: find it by its number.
    Find {
        number: String,
    },
    Look {
        seat: Seat,
    },
    Do(Choice),
}

#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) dice: Dice,
    pub(super) memo: Memo,
    pub(super) view: CaseView,
    pub(super) planned: Option<Planned>,
    /// Steps that are done without waiting.
    pub(super) at_once: u8,
    pub(super) failures: u8,
    pub(super) rests: u8,
    pub(super) repeats: Option<u64>,
    /// Of an earlier run: to be left alone unless the simulator made it.
    pub(super) adopted: bool,
}

impl Case {
    pub(super) fn new(dice: Dice) -> Self {
        Self {
            id: String::new(),
            dice,
            memo: Memo::default(),
            view: CaseView::default(),
            planned: None,
            at_once: 0,
            failures: 0,
            rests: 0,
            repeats: None,
            adopted: false,
        }
    }

    pub(super) fn adopt(&mut self, id: &str) {
        id.clone_into(&mut self.id);
        self.adopted = true;
        self.planned = Some(Planned::Look {
            seat: Seat::Dispatcher,
        });
    }

    pub(super) fn set_out(&mut self, report: Report, in_backlog: bool) {
        self.repeats = report.repeats;
        self.planned = Some(Planned::Report(Box::new(report)));
        if in_backlog {
            self.at_once = self.dice.weighted(&BACKLOG_STEPS).copied().unwrap_or(0);
        }
    }
}
