//! Working time: calendars, limits and deadlines.
