//! All faults of the section `profiles`.

use std::collections::HashSet;

use yiwang_contracts::{Diagnostic, PackContent, SectionEntry};

use super::entry::{ProfileEntry, PropertyEntry};

pub(crate) const SECTION: &str = "profiles";
/// Properties of one profile.
const PROPERTIES_MAX: usize = 256;

/// The entries that can be read, and everything that is wrong with the section.
pub(crate) fn check(
    pack: &PackContent,
    under: &[&PackContent],
) -> (Vec<ProfileEntry>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashSet<String> = under
        .iter()
        .flat_map(|below| below.texts(SECTION, "/code"))
        .map(str::to_owned)
        .collect();
    for entry in pack.sections.get(SECTION).into_iter().flatten() {
        match entry.read::<ProfileEntry>("sensing.profiles.malformed") {
            Ok(profile) => {
                if !seen.insert(profile.code.clone()) {
                    let message = format!("the profile {} is there already", profile.code);
                    let hint = Some("give it another code");
                    faults.push(entry.error("/code", "sensing.profiles.twice", message, hint));
                }
                check_profile(&profile, entry, &mut faults);
                entries.push(profile);
            }
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

fn check_profile(profile: &ProfileEntry, at: &SectionEntry, faults: &mut Vec<Diagnostic>) {
    let mut fault = |pointer: &str, code: &str, message: String, hint: Option<&str>| {
        faults.push(at.error(pointer, &format!("sensing.profiles.{code}"), message, hint));
    };
    if !is_code(&profile.code, true) {
        let hint = Some("lower case letters, digits and hyphens, as in rain-gauge");
        fault(
            "/code",
            "bad_code",
            format!("`{}` is no code", profile.code),
            hint,
        );
    }
    if profile.interval_seconds == 0 {
        let message = "a device reports every so many seconds, at least 1".to_owned();
        fault("/interval_seconds", "bad_interval", message, None);
    }
    if profile.properties.is_empty() || profile.properties.len() > PROPERTIES_MAX {
        let message = format!("a profile has 1 to {PROPERTIES_MAX} properties");
        fault("/properties", "bad_number", message, None);
    }
    let mut seen = HashSet::new();
    for (n, property) in profile.properties.iter().enumerate() {
        let pointer = format!("/properties/{n}");
        if !is_code(&property.code, false) {
            let hint = Some("a letter, then letters, digits and underscores, as in pm10");
            let message = format!("`{}` is no code", property.code);
            fault(&format!("{pointer}/code"), "bad_code", message, hint);
        }
        if !seen.insert(&property.code) {
            let message = format!("the property {} is there twice", property.code);
            fault(&format!("{pointer}/code"), "twice", message, None);
        }
        if let Some((field, message)) = bad_range(property) {
            fault(&format!("{pointer}/{field}"), "bad_range", message, None);
        }
    }
    for (n, foreign) in profile.foreign.iter().enumerate() {
        for (code, json_pointer) in &foreign.values {
            let pointer = format!("/foreign/{n}/values");
            if !seen.contains(code) {
                let message = format!("there is no property {code}");
                fault(&pointer, "unknown_property", message, None);
            }
            if !json_pointer.starts_with('/') {
                let message = format!("`{json_pointer}` is no JSON pointer");
                fault(&pointer, "bad_pointer", message, Some("as in /data/level"));
            }
        }
    }
}

fn bad_range(property: &PropertyEntry) -> Option<(&'static str, String)> {
    if let (Some(min), Some(max)) = (property.min, property.max)
        && min >= max
    {
        return Some((
            "max",
            format!("the range ends at {max}, before it begins at {min}"),
        ));
    }
    match property.resolution {
        Some(step) if step <= 0.0 => Some(("resolution", "a step is more than 0".to_owned())),
        _ => None,
    }
}

fn is_code(code: &str, is_profile: bool) -> bool {
    let mut letters = code.chars();
    let good = |c: char| {
        c.is_ascii_lowercase() || c.is_ascii_digit() || if is_profile { c == '-' } else { c == '_' }
    };
    letters.next().is_some_and(|c| c.is_ascii_lowercase()) && letters.all(good) && code.len() <= 64
}
