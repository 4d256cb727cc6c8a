//! The section `screens` of a pack. Pure.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use yiwang_contracts::{Diagnostic, PackContent, SectionEntry, Severity};

use crate::check::examined;
use crate::screen::Screen;
use crate::widget::WidgetKind;

pub(crate) const SECTION: &str = "screens";
/// Screens of one pack.
const SCREENS_MAX: usize = 100;

/// The entries without a fault of their own, and everything that is wrong with the section.
pub(crate) fn check(pack: &PackContent, under: &[&PackContent]) -> (Vec<Screen>, Vec<Diagnostic>) {
    let (mut screens, mut faults) = (Vec::new(), Vec::new());
    let named = Named::of(pack, under);
    let mut seen: HashSet<String> = under
        .iter()
        .flat_map(|below| codes(below, SECTION))
        .collect();
    let entries = pack.sections.get(SECTION).into_iter().flatten();
    for (n, entry) in entries.enumerate() {
        if n == SCREENS_MAX {
            let message = format!("there are more than {SCREENS_MAX} screens");
            let hint = Some("make two packs of them");
            faults.push(entry.error("", "screens.too_many", message, hint));
        }
        let (screen, findings) = examined(&entry.value);
        faults.extend(findings.into_iter().map(|found| {
            let hint = found.hint.as_deref();
            entry.error(&found.pointer, &found.code, found.message, hint)
        }));
        let Some(screen) = screen else { continue };
        if seen.insert(screen.code.clone()) {
            named.check(&screen, entry, &mut faults);
            screens.push(screen);
        } else {
            let message = format!("the screen {} is there already", screen.code);
            let hint = Some("give it another code");
            faults.push(entry.error("/code", "screens.twice", message, hint));
        }
    }
    (screens, faults)
}

fn entries<'a>(pack: &'a PackContent, section: &str) -> impl Iterator<Item = &'a SectionEntry> {
    pack.sections.get(section).into_iter().flatten()
}

fn code_of(value: &Value) -> Option<String> {
    Some(value.get("code")?.as_str()?.to_owned())
}

fn codes(pack: &PackContent, section: &'static str) -> impl Iterator<Item = String> {
    entries(pack, section).filter_map(|entry| code_of(&entry.value))
}

/// What screens may name: it is there in the pack itself or in those it stands on.
struct Named {
    /// With whether it waits for a source.
    indicators: BTreeMap<String, bool>,
    layers: HashSet<String>,
}

impl Named {
    fn of(pack: &PackContent, under: &[&PackContent]) -> Self {
        let packs = || under.iter().copied().chain(std::iter::once(pack));
        let waits = |value: &Value| {
            value
                .get("waiting_reason")
                .is_some_and(|why| !why.is_null())
        };
        let indicators = packs().flat_map(|pack| entries(pack, "indicators"));
        Self {
            indicators: indicators
                .filter_map(|entry| Some((code_of(&entry.value)?, waits(&entry.value))))
                .collect(),
            layers: packs().flat_map(|pack| codes(pack, "layers")).collect(),
        }
    }

    fn check(&self, screen: &Screen, entry: &SectionEntry, faults: &mut Vec<Diagnostic>) {
        for (at, widget) in screen.widgets.iter().enumerate() {
            let place = |field: &str| format!("/widgets/{at}/options/{field}");
            for (field, code) in indicators(&widget.kind) {
                self.check_indicator(code, &place(&field), entry, faults);
            }
            let WidgetKind::Map(map) = &widget.kind else {
                continue;
            };
            for (n, layer) in map.layers.iter().enumerate() {
                if !self.layers.contains(layer) {
                    let message = format!("there is no layer {layer}");
                    let hint = Some("take a layer of this pack or of a pack that it requires");
                    let pointer = place(&format!("layers/{n}"));
                    faults.push(entry.error(&pointer, "screens.unknown_layer", message, hint));
                }
            }
        }
    }

    fn check_indicator(
        &self,
        code: &str,
        pointer: &str,
        entry: &SectionEntry,
        faults: &mut Vec<Diagnostic>,
    ) {
        match self.indicators.get(code) {
            Some(false) => {}
            Some(true) => {
                let message = format!("the indicator {code} waits for a source and shows nothing");
                let hint = Some("take another one until it has a source");
                faults.push(Diagnostic {
                    severity: Severity::Warning,
                    ..entry.error(pointer, "screens.waiting_indicator", message, hint)
                });
            }
            None => {
                let message = format!("there is no indicator {code}");
                let hint = Some("take an indicator of this pack or of a pack that it requires");
                faults.push(entry.error(pointer, "screens.unknown_indicator", message, hint));
            }
        }
    }
}

/// The indicators that a widget names, each with where within its options.
fn indicators(kind: &WidgetKind) -> Vec<(String, &str)> {
    let one = |code| vec![("indicator".to_owned(), code)];
    match kind {
        WidgetKind::Kpi(options) => {
            let codes = options.indicators.iter().enumerate();
            codes
                .map(|(n, code)| (format!("indicators/{n}"), code.as_str()))
                .collect()
        }
        WidgetKind::Line(options) => one(options.indicator.as_str()),
        WidgetKind::Bar(options) => one(&options.indicator),
        WidgetKind::Rank(options) => one(&options.indicator),
        WidgetKind::Gauge(options) => one(&options.indicator),
        WidgetKind::Calendar(options) => one(&options.indicator),
        WidgetKind::Lamp(options) => one(&options.indicator),
        _ => Vec::new(),
    }
}
