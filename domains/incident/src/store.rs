//! The tables of this domain: rows to values and back, and the queries that lists and sweeps need.

mod actions;
mod chains;
mod counters;
mod duplicates;
mod flow;
mod incidents;
mod list;
mod media;
mod migration;
mod numbers;
mod refusals;
mod reporters;
mod rules;
mod sql;
mod tasks;

pub(crate) use actions::{actions_since, append, last_actions, timeline};
pub(crate) use chains::{log_heads, logs};
pub use counters::{Counted, CounterKey};
pub(crate) use counters::{count, counters};
pub(crate) use duplicates::{Search, candidates};
pub(crate) use flow::{FlowGroup, flow};
pub(crate) use incidents::{
    Change, IncidentRecord, due_for_recompute, due_for_sweep, flags_of, ids_after, insert, load,
    load_by_number, records, save,
};
pub(crate) use list::{ListFilter, ListPosition, Sort, Visible, list, map_points, visible_reach};
pub(crate) use media::{
    attach, insert_media, is_named, media, media_after, media_of, remove_waiting, used_elsewhere,
    waiting_of,
};
pub use migration::migrations;
pub use numbers::GroupBy;
pub(crate) use numbers::{
    Group, TOTAL_MAX, allocate, groups, stored_total, today_count, visible_count,
};
pub(crate) use refusals::{
    KeptRefusal, note_refusals, prune_refusals, refusal, refusals, settle_refusal,
};
pub use refusals::{RefusalFilter, RefusalRow};
pub(crate) use reporters::{
    ReporterRow, callers, earlier_reports, insert_reporters, phone_key, reporter,
};
pub(crate) use rules::{load_rules, save_rules};
pub(crate) use sql::existing_refs;
pub(crate) use tasks::{TaskFilter, TaskPosition, TaskRecord, task_list};
