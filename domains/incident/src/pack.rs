//! The section `lifecycle` of a pack: the figures of the life cycle, as one entry.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::Fault;

use crate::lifecycle::LifecycleRules;
use crate::service::IncidentService;

const SECTION: &str = "lifecycle";

impl PackTarget for IncidentService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        let schema = schemars::schema_for!(LifecycleRules);
        vec![(SECTION, schema.to_value())]
    }

    fn check(&self, pack: &PackContent, _under: &[&PackContent]) -> Vec<Diagnostic> {
        let Some(entries) = pack.sections.get(SECTION) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if at > 0 {
                let hint = Some("put all figures into the first entry");
                found.push(entry.error(
                    "",
                    "incident.lifecycle.twice",
                    "one entry is enough",
                    hint,
                ));
            }
            match entry.read::<LifecycleRules>("incident.lifecycle.bad_entry") {
                Ok(rules) => found.extend(faults(&rules).into_iter().map(|(pointer, message)| {
                    entry.error(pointer, "incident.lifecycle.bad_figure", message, None)
                })),
                Err(fault) => found.push(fault),
            }
        }
        found
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        _by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let Some(entry) = pack
                .sections
                .get(SECTION)
                .and_then(|entries| entries.first())
            else {
                return Ok(());
            };
            let rules: LifecycleRules = serde_json::from_value(entry.value.clone())
                .map_err(|error| crate::IncidentError::Store(error.into()))?;
            if *self.rules() != rules {
                self.install_rules(rules).await?;
            }
            Ok(())
        })
    }
}

/// Figures that no life cycle can run by.
fn faults(rules: &LifecycleRules) -> Vec<(&'static str, &'static str)> {
    let part = |value: f64| value > 0.0 && value <= 1.0;
    let checks = [
        (
            part(rules.rework_part),
            "/rework_part",
            "a part lies above 0 and at most at 1",
        ),
        (
            rules.extension_part > 0.0,
            "/extension_part",
            "a part lies above 0",
        ),
        (rules.depth_max >= 1, "/depth_max", "at least one level"),
        (
            rules.duplicates.space_m > 0.0,
            "/duplicates/space_m",
            "a distance lies above 0",
        ),
        (
            rules.duplicates.time_hours > 0.0,
            "/duplicates/time_hours",
            "a time lies above 0",
        ),
        (
            rules.duplicates.side <= rules.duplicates.top,
            "/duplicates/side",
            "at most the bound for the top",
        ),
        (
            rules.repeat.count >= 2,
            "/repeat/count",
            "a repeat is the second report at least",
        ),
        (
            rules.mass.callers >= 2,
            "/mass/callers",
            "two callers at least",
        ),
        (
            (0.0..=1.0).contains(&rules.self_handling.sample_part),
            "/self_handling/sample_part",
            "a part lies between 0 and 1",
        ),
    ];
    checks
        .into_iter()
        .filter(|(good, _, _)| !good)
        .map(|(_, at, why)| (at, why))
        .collect()
}
