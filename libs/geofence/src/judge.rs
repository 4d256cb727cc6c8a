//! What a fix, or time alone, means for one object and one fence.

use std::sync::Arc;

use yiwang_coords::{LonLat, Plane};

use crate::{
    counts::Counts,
    event::{Cause, Event, EventKind, Figures},
    fence::{Fence, micros},
    fix::{Fix, MINUTE},
    settings::Settings,
    watch::{Due, Over, Pending, Told, Watch},
};

mod crossing;

/// Edges of schedules that are passed at once at most; what is left is still due.
const FIRES_MAX: usize = 1_000;

/// Judges one object at one instant.
pub(crate) struct Judge<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) counts: &'a mut Counts,
    pub(crate) out: &'a mut Vec<Event>,
    pub(crate) object: &'a Arc<str>,
    /// The last fix before this instant.
    pub(crate) last: Option<&'a Fix>,
    pub(crate) decided_at: i64,
}

/// A fix and what is known about it before any fence is asked.
pub(crate) struct Sight<'a> {
    pub(crate) fix: &'a Fix,
    pub(crate) plane: Plane,
    /// As measured, or computed from the fix before.
    pub(crate) speed_kmh: Option<f64>,
}

/// When and where something happened.
#[derive(Clone, Copy)]
struct Moment {
    at: i64,
    place: LonLat,
    is_interpolated: bool,
}

impl Judge<'_> {
    /// A watch for a fence that has none, if the fix gives a reason for one. `see` goes on from there.
    pub(crate) fn first_look(&mut self, fence: &Fence, slot: u32, fix: &Fix) -> Option<Watch> {
        let is_inside = fence.contains(fix.place);
        if !is_inside && !fence.is_route() {
            return None;
        }
        let (is_in_force, edge) = fence.in_force(fix.time, self.settings);
        if !is_in_force {
            return None;
        }
        if fence.is_too_rough(fix) {
            self.counts.inaccurate += 1;
            return None;
        }
        let before = self.last.filter(|_| is_inside);
        let since = before.map_or(fix.time, |last| last.time);
        Some(Watch::new(slot, since, edge))
    }

    /// Judges a fix. Says whether the watch is still needed.
    pub(crate) fn see(&mut self, fence: &Fence, watch: &mut Watch, sight: &Sight<'_>) -> bool {
        let fix = sight.fix;
        let heard = self.last.map_or(fix.time, |last| last.time);
        if fence.is_too_rough(fix) {
            self.counts.inaccurate += 1;
            let is_kept = self.advance(fence, watch, fix.time, heard);
            if is_kept {
                self.hear(fence, watch, fix);
            }
            return is_kept;
        }
        let is_in = fence.contains(fix.place);
        let off_m = if !is_in && fence.is_route() {
            fence.outside_m(&sight.plane)
        } else {
            0.0
        };
        let stays = watch.is_inside && !is_in && fence.holds(fix.place, true);
        let says_inside = is_in || stays;
        if says_inside == watch.is_inside {
            watch.pending = None;
        } else if let Some(pending) = &mut watch.pending {
            pending.fixes = pending.fixes.saturating_add(1);
        } else {
            watch.pending = Some(self.crossing(fence, watch, fix));
        }
        let known = watch.pending.map_or(fix.time, |pending| pending.since);
        if !self.advance(fence, watch, known, heard) {
            return false;
        }
        if let Some(pending) = watch.pending.filter(|pending| settled(fence, pending, fix)) {
            self.change_side(fence, watch, pending, sight);
        }
        watch.off_m = off_m;
        watch.off_m_max = watch.off_m_max.max(off_m);
        if !self.advance(fence, watch, fix.time, fix.time) {
            return false;
        }
        // Going out, or being let go, has ended a silence already.
        self.hear(fence, watch, fix);
        if watch.is_inside && says_inside {
            self.watch_speed(fence, watch, sight);
        }
        if !watch.is_inside && !says_inside {
            self.watch_distance(fence, watch, sight);
        }
        watch.matters(fence)
    }

    /// Lets time pass. Says whether the watch is still needed.
    pub(crate) fn advance(
        &mut self,
        fence: &Fence,
        watch: &mut Watch,
        until: i64,
        heard: i64,
    ) -> bool {
        for _ in 0..FIRES_MAX {
            let next = watch.next(fence, heard).filter(|(at, _)| *at <= until);
            let Some((at, due)) = next else { break };
            let minutes = minutes(at - watch.since);
            match due {
                Due::Dwell => {
                    watch.told.add(Told::DWELLED);
                    self.tell_at(fence, EventKind::Dwelled, at, minutes);
                }
                Due::OffRoute => {
                    watch.told.add(Told::OFF_ROUTE);
                    let off_m = Some(watch.off_m);
                    let figures = Figures { off_m, ..minutes };
                    self.tell_at(fence, EventKind::OffRoute, at, figures);
                }
                Due::Forbidden => self.look_at_hours(fence, watch, at),
                Due::Silent => {
                    watch.told.add(Told::SILENT);
                    let minutes = self::minutes(at - heard);
                    self.tell_at(fence, EventKind::Silent, at, minutes);
                }
                Due::OffForce => {
                    let (is_in_force, edge) = fence.in_force(at, self.settings);
                    watch.off_edge = edge;
                    if !is_in_force {
                        self.release(fence, watch, Cause::NotInForce, at);
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Ends whatever was told of a watch that is given up.
    pub(crate) fn release(&mut self, fence: &Fence, watch: &mut Watch, cause: Cause, at: i64) {
        let at = at.max(watch.since);
        self.end_speed(fence, watch, at);
        if watch.is_inside || watch.told.has(Told::OFF_ROUTE) {
            let minutes = minutes(at - watch.since);
            self.tell_at(fence, EventKind::Released(cause), at, minutes);
        }
    }

    /// Brings a watch in line with a fence that was changed. Says whether it is still needed.
    pub(crate) fn adopt(&mut self, fence: &Fence, watch: &mut Watch, at: i64) -> bool {
        let (is_in_force, edge) = fence.in_force(at, self.settings);
        watch.off_edge = edge;
        let cause = match (is_in_force, watch.matters(fence)) {
            (false, _) => Some(Cause::NotInForce),
            (_, false) => Some(Cause::NotConcerned),
            _ => None,
        };
        if let Some(cause) = cause {
            self.release(fence, watch, cause, at);
            return false;
        }
        if fence.rules().overspeed.is_none() {
            self.end_speed(fence, watch, at);
        }
        if fence.rules().off_route.is_none() && watch.told.has(Told::OFF_ROUTE) {
            self.release(fence, watch, Cause::NotConcerned, at);
            watch.told.take(Told::OFF_ROUTE);
        }
        if watch.is_inside {
            self.look_at_hours(fence, watch, at);
        }
        true
    }

    fn change_side(
        &mut self,
        fence: &Fence,
        watch: &mut Watch,
        pending: Pending,
        sight: &Sight<'_>,
    ) {
        let moment = Moment {
            at: pending.since,
            place: pending.place,
            is_interpolated: pending.is_interpolated,
        };
        let lasted = minutes(pending.since - watch.since);
        let figures = of_sight(sight);
        if watch.is_inside {
            self.end_speed(fence, watch, pending.since);
            if fence.rules().leave {
                let minutes = lasted.minutes;
                let figures = Figures { minutes, ..figures };
                self.tell(fence, EventKind::Left, moment, figures);
            }
        } else {
            if watch.told.has(Told::OFF_ROUTE) {
                let off_m = Some(watch.off_m_max);
                let minutes = lasted.minutes;
                let figures = Figures {
                    off_m,
                    minutes,
                    ..figures
                };
                self.tell(fence, EventKind::OnRoute, moment, figures);
            }
            if fence.rules().enter {
                self.tell(fence, EventKind::Entered, moment, figures);
            }
        }
        let mut fresh = Watch::new(watch.fence, pending.since, watch.off_edge);
        fresh.queued = watch.queued;
        fresh.is_inside = !watch.is_inside;
        *watch = fresh;
        if watch.is_inside {
            self.look_at_hours(fence, watch, pending.since);
        }
    }

    fn look_at_hours(&mut self, fence: &Fence, watch: &mut Watch, at: i64) {
        let (is_forbidden, edge) = fence.forbids(at, self.settings);
        watch.forbidden_edge = edge;
        if !is_forbidden {
            watch.told.take(Told::FORBIDDEN);
        } else if watch.told.add(Told::FORBIDDEN) {
            let minutes = minutes(at - watch.since);
            self.tell_at(fence, EventKind::Forbidden, at, minutes);
        }
    }

    fn hear(&mut self, fence: &Fence, watch: &mut Watch, fix: &Fix) {
        if watch.told.take(Told::SILENT) {
            let heard = self.last.map_or(fix.time, |last| last.time);
            let moment = plain(fix);
            self.tell(fence, EventKind::Heard, moment, minutes(fix.time - heard));
        }
    }

    fn watch_speed(&mut self, fence: &Fence, watch: &mut Watch, sight: &Sight<'_>) {
        let (Some(limit), Some(kmh)) = (&fence.rules().overspeed, sight.speed_kmh) else {
            return;
        };
        let time = sight.fix.time;
        if kmh <= limit.kmh {
            self.end_speed(fence, watch, time);
            return;
        }
        let over = watch.over.get_or_insert(Over {
            since: time,
            kmh_max: kmh,
        });
        over.kmh_max = over.kmh_max.max(kmh);
        let full = over.since + micros(Some(limit.seconds)).unwrap_or_default();
        if full <= time && watch.told.add(Told::OVERSPEED) {
            let figures = Figures {
                speed_kmh: Some(over.kmh_max),
                limit_kmh: Some(limit.kmh),
                heading: sight.fix.heading,
                ..minutes(time - over.since)
            };
            let moment = Moment {
                at: full,
                ..plain(sight.fix)
            };
            self.tell(fence, EventKind::Overspeed, moment, figures);
        }
    }

    fn end_speed(&mut self, fence: &Fence, watch: &mut Watch, at: i64) {
        let over = watch.over.take();
        if watch.told.take(Told::OVERSPEED)
            && let Some(over) = over
        {
            let at = at.max(over.since);
            let figures = Figures {
                speed_kmh: Some(over.kmh_max),
                limit_kmh: fence.rules().overspeed.as_ref().map(|limit| limit.kmh),
                ..minutes(at - over.since)
            };
            self.tell_at(fence, EventKind::SpeedKept, at, figures);
        }
    }

    fn watch_distance(&mut self, fence: &Fence, watch: &mut Watch, sight: &Sight<'_>) {
        let off_route = fence.rules().off_route.as_ref();
        let metres = off_route.and_then(|off_route| off_route.metres);
        if metres.is_some_and(|metres| watch.off_m > metres) && watch.told.add(Told::OFF_ROUTE) {
            let figures = Figures {
                off_m: Some(watch.off_m),
                minutes: minutes(sight.fix.time - watch.since).minutes,
                ..of_sight(sight)
            };
            self.tell(fence, EventKind::OffRoute, plain(sight.fix), figures);
        }
    }

    /// Tells something that no fix shows, at the place of the last one.
    fn tell_at(&mut self, fence: &Fence, kind: EventKind, at: i64, figures: Figures) {
        let Some(last) = self.last else { return };
        let figures = Figures {
            speed_kmh: figures.speed_kmh.or(last.speed_kmh),
            heading: last.heading,
            ..figures
        };
        let moment = Moment { at, ..plain(last) };
        self.tell(fence, kind, moment, figures);
    }

    fn tell(&mut self, fence: &Fence, kind: EventKind, moment: Moment, figures: Figures) {
        self.out.push(Event {
            fence: Arc::clone(&fence.id),
            object: Arc::clone(self.object),
            kind,
            at: moment.at,
            decided_at: self.decided_at.max(moment.at),
            place: moment.place,
            is_interpolated: moment.is_interpolated,
            figures,
        });
    }
}

fn settled(fence: &Fence, pending: &Pending, fix: &Fix) -> bool {
    let border = &fence.spec.border;
    let lasted = fix.time - pending.first;
    pending.fixes >= border.fixes_min && lasted >= micros(Some(border.seconds_min)).unwrap_or(0)
}

fn plain(fix: &Fix) -> Moment {
    Moment {
        at: fix.time,
        place: fix.place,
        is_interpolated: false,
    }
}

fn of_sight(sight: &Sight<'_>) -> Figures {
    Figures {
        speed_kmh: sight.speed_kmh,
        heading: sight.fix.heading,
        ..Figures::default()
    }
}

fn minutes(micros: i64) -> Figures {
    Figures {
        minutes: Some(micros as f64 / MINUTE as f64),
        ..Figures::default()
    }
}
