//! Areas: codes that nest, outlines that close.

use yiwang_coords::Ring;

use super::findings::{Finding, Findings};
use super::parsed::{Parsed, World, names, own};
use crate::model::{AreaEntry, AreaLevel};

pub(super) fn check(world: &World<'_>, findings: &mut Findings) {
    let known = names(&world.areas, |area| area.code.as_str());
    for one in own(&world.areas) {
        let area = &one.value;
        if !(AreaLevel::CITY.0..=AreaLevel::GRID.0).contains(&area.level) {
            let message = format!(
                "level {} is not one of 1 city, 2 town, 3 village, 4 grid",
                area.level
            );
            findings.error(
                one.entry,
                Finding::new("/level", "catalog.area.bad_level", message),
            );
            continue;
        }
        check_code(one, findings);
        match &area.parent {
            Some(parent) if !known.contains(parent.as_str()) => {
                let message = format!("parent {parent} of {} is not known", area.code);
                findings.error(
                    one.entry,
                    Finding::new("/parent", "catalog.area.unknown_parent", message),
                );
            }
            _ => {}
        }
        if let Err(fault) = area.ring.parse::<Ring>()
            && !area.ring.is_empty()
        {
            findings.error(
                one.entry,
                Finding::new("/ring", "catalog.area.bad_ring", fault.to_string()),
            );
        }
        if area.ring.is_empty() && area.level == AreaLevel::GRID.0 {
            let message = format!(
                "grid {} has no outline; nothing will be located in it",
                area.code
            );
            findings.warn(one.entry, Finding::new("", "catalog.area.no_ring", message));
        }
        if !(area.lon.abs() <= 180.0 && area.lat.abs() <= 90.0) {
            findings.error(
                one.entry,
                Finding::new(
                    "/lon",
                    "catalog.area.bad_label",
                    "lon and lat are out of range",
                ),
            );
        }
    }
}

fn check_code(one: &Parsed<'_, AreaEntry>, findings: &mut Findings) {
    let area = &one.value;
    let digits = AreaLevel(area.level).digits();
    if area.code.len() != digits || !area.code.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!(
            "the code of a level {} area has {digits} digits, {} has not",
            area.level, area.code
        );
        findings.error(
            one.entry,
            Finding::new("/code", "catalog.area.bad_code", message),
        );
        return;
    }
    let expected = if area.level == AreaLevel::CITY.0 {
        None
    } else {
        area.code.get(..digits - 3)
    };
    if area.parent.as_deref() != expected {
        let said = area.parent.as_deref().unwrap_or("none");
        let message = format!("the code of {} does not match its parent {said}", area.code);
        let hint = expected.map_or_else(
            || "a city has no parent".to_owned(),
            |code| format!("its parent is {code}"),
        );
        findings.error(
            one.entry,
            Finding::new("/parent", "catalog.area.parent_mismatch", message).hint(hint),
        );
    }
}
