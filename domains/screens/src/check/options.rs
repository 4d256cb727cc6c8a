//! Ranges of the options of each kind of widget.

use std::fmt::Display;
use std::ops::RangeInclusive;

use yiwang_kernel::AreaCode;

use super::check_text;
use crate::finding::Findings;
use crate::widget::{MapOptions, TableFilter, TableOf, TableOptions, Told, WidgetKind};

/// Five weeks back.
const HOURS: RangeInclusive<u32> = 1..=840;
const LIMIT: RangeInclusive<u32> = 1..=100;
const SEVERITY: RangeInclusive<u8> = 1..=4;
const KPI_INDICATORS: RangeInclusive<usize> = 1..=8;
const COMPARED_MAX: usize = 5;
const LAYERS_MAX: usize = 32;
const NAME_CHARS_MAX: usize = 64;
const BODY_CHARS_MAX: usize = 500;

/// The options of one widget, where they stand.
struct At<'a> {
    pointer: &'a str,
    found: &'a mut Findings,
}

pub(super) fn check(kind: &WidgetKind, pointer: &str, found: &mut Findings) {
    let mut at = At { pointer, found };
    match kind {
        WidgetKind::Index(options) => {
            at.area(options.area.as_ref());
            at.within("reasons", options.reasons, 1..=5);
        }
        WidgetKind::Lamps(options) => at.area(options.area.as_ref()),
        WidgetKind::Kpi(options) => {
            at.area(options.area.as_ref());
            at.indicators(&options.indicators);
        }
        WidgetKind::Line(options) => {
            at.indicator(&options.indicator, options.area.as_ref());
            at.within("hours", options.hours, HOURS);
            at.compared(&options.compare);
        }
        WidgetKind::Bar(options) => {
            at.indicator(&options.indicator, None);
            at.within("limit", options.limit, LIMIT);
        }
        WidgetKind::Rank(options) => {
            at.indicator(&options.indicator, None);
            at.within("limit", options.limit, LIMIT);
        }
        WidgetKind::Pie(options) => at.within("limit", options.limit, LIMIT),
        WidgetKind::Sankey(options) => at.within("hours", options.hours, HOURS),
        WidgetKind::Gauge(options) => at.indicator(&options.indicator, options.area.as_ref()),
        WidgetKind::Lamp(options) => at.indicator(&options.indicator, options.area.as_ref()),
        WidgetKind::Calendar(options) => {
            at.indicator(&options.indicator, options.area.as_ref());
            at.within("weeks", options.weeks, 1..=53);
        }
        WidgetKind::Table(options) => at.table(options),
        WidgetKind::Ticker(options) => {
            at.told(&options.of);
            at.severity("severity_at_least", options.severity_at_least);
            at.within("limit", options.limit, LIMIT);
        }
        WidgetKind::Map(options) => at.map(options),
        WidgetKind::Video(options) => {
            at.name("slot", Some(&options.slot));
            at.name("camera", options.camera.as_deref());
        }
        WidgetKind::Timeline(options) => {
            at.within("hours", options.hours, HOURS);
            at.told(&options.of);
        }
        WidgetKind::Text(options) => {
            let pointer = format!("{pointer}/body");
            check_text(&pointer, &options.body, BODY_CHARS_MAX, at.found);
        }
        WidgetKind::Clock(_) => {}
    }
}

impl At<'_> {
    fn add(&mut self, field: &str, code: &str, message: impl Into<String>, hint: &str) {
        let pointer = format!("{}/{field}", self.pointer);
        self.found.add(pointer, code, message, hint);
    }

    fn within<T: PartialOrd + Display>(&mut self, field: &str, value: T, range: RangeInclusive<T>) {
        if !range.contains(&value) {
            let (least, most) = range.into_inner();
            let message = format!("{value} is not within {least} to {most}");
            self.add(field, "out_of_range", message, "take a number between");
        }
    }

    fn severity(&mut self, field: &str, severity: Option<u8>) {
        if let Some(severity) = severity {
            self.within(field, severity, SEVERITY);
        }
    }

    fn code(&mut self, field: &str, code: &str) {
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if code.is_empty() || code.len() > NAME_CHARS_MAX || !code.bytes().all(good) {
            let message = format!("`{code}` is no code");
            let hint = "letters, digits, hyphens, points and underscores, as in A01";
            self.add(field, "bad_code", message, hint);
        }
    }

    fn area_at(&mut self, field: &str, area: Option<&AreaCode>) {
        let is_code = |area: &AreaCode| {
            let code = area.as_str();
            (2..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if let Some(area) = area.filter(|area| !is_code(area)) {
            let message = format!("`{area}` is no code of an area");
            let hint = "as in 320281, written in quotes; left out for all that the viewer may see";
            self.add(field, "bad_code", message, hint);
        }
    }

    fn area(&mut self, area: Option<&AreaCode>) {
        self.area_at("area", area);
    }

    fn indicator(&mut self, code: &str, area: Option<&AreaCode>) {
        self.code("indicator", code);
        self.area(area);
    }

    fn indicators(&mut self, codes: &[String]) {
        if !KPI_INDICATORS.contains(&codes.len()) {
            let message = format!("there are {} indicators", codes.len());
            self.add("indicators", "count", message, "1 to 8 of them");
        }
        for (n, code) in codes.iter().enumerate() {
            self.code(&format!("indicators/{n}"), code);
            self.once(&format!("indicators/{n}"), code, codes.get(..n));
        }
    }

    fn once<T: PartialEq>(&mut self, field: &str, one: &T, before: Option<&[T]>) {
        if before.is_some_and(|before| before.contains(one)) {
            self.add(field, "twice", "it is there twice", "take one of them away");
        }
    }

    fn compared(&mut self, areas: &[AreaCode]) {
        if areas.len() > COMPARED_MAX {
            let message = format!("there are {} areas to compare", areas.len());
            self.add("compare", "count", message, "at most 5");
        }
        for (n, area) in areas.iter().enumerate() {
            self.area_at(&format!("compare/{n}"), Some(area));
            self.once(&format!("compare/{n}"), area, areas.get(..n));
        }
    }

    fn told(&mut self, of: &[Told]) {
        if of.is_empty() {
            let hint = "name alarms, cases or notices";
            self.add("of", "empty", "it would tell nothing", hint);
        }
        for (n, one) in of.iter().enumerate() {
            self.once(&format!("of/{n}"), one, of.get(..n));
        }
    }

    fn name(&mut self, field: &str, name: Option<&str>) {
        let length = name.map_or(1, |name| name.trim().chars().count());
        if !(1..=NAME_CHARS_MAX).contains(&length) {
            let message = format!("the name has {length} characters");
            self.add(field, "bad_name", message, "1 to 64 of them");
        }
    }

    fn map(&mut self, options: &MapOptions) {
        if options.layers.len() > LAYERS_MAX {
            let message = format!("there are {} layers", options.layers.len());
            self.add("layers", "count", message, "at most 32");
        }
        for (n, layer) in options.layers.iter().enumerate() {
            self.code(&format!("layers/{n}"), layer);
            self.once(&format!("layers/{n}"), layer, options.layers.get(..n));
        }
        if let Some(center) = &options.center {
            self.within("center/lon", center.lon, -180.0..=180.0);
            self.within("center/lat", center.lat, -90.0..=90.0);
        }
        if let Some(zoom) = options.zoom {
            self.within("zoom", zoom, 0.0..=22.0);
        }
    }

    fn table(&mut self, options: &TableOptions) {
        self.within("limit", options.limit, LIMIT);
        let Some(filter) = &options.filter else {
            return;
        };
        for (field, is_given, of) in fields_of(filter) {
            if is_given && !of.contains(&options.of) {
                let message = format!("{field} is no filter of these rows");
                let hint = "indicators have domain, at_least, area; cases state, grade, item, area; alarms severity_at_least, open; \
                            notices open";
                self.add(&format!("filter/{field}"), "no_such_filter", message, hint);
            }
        }
        let codes = [
            ("domain", &filter.domain),
            ("state", &filter.state),
            ("grade", &filter.grade),
            ("item", &filter.item),
        ];
        for (field, code) in codes {
            if let Some(code) = code {
                self.code(&format!("filter/{field}"), code);
            }
        }
        self.area_at("filter/area", filter.area.as_ref());
        self.severity("filter/severity_at_least", filter.severity_at_least);
    }
}

/// Each field of a filter: is it given, and which rows have it.
fn fields_of(filter: &TableFilter) -> [(&'static str, bool, &'static [TableOf]); 8] {
    let cases: &[TableOf] = &[TableOf::Cases];
    let indicators: &[TableOf] = &[TableOf::Indicators];
    [
        ("domain", filter.domain.is_some(), indicators),
        ("at_least", filter.at_least.is_some(), indicators),
        ("state", filter.state.is_some(), cases),
        ("grade", filter.grade.is_some(), cases),
        ("item", filter.item.is_some(), cases),
        (
            "area",
            filter.area.is_some(),
            &[TableOf::Cases, TableOf::Indicators],
        ),
        (
            "severity_at_least",
            filter.severity_at_least.is_some(),
            &[TableOf::Alarms],
        ),
        (
            "open",
            filter.open.is_some(),
            &[TableOf::Alarms, TableOf::Notices],
        ),
    ]
}
