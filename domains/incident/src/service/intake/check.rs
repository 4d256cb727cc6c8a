//! What a report must be like to be taken in. Pure.

use jiff::SignedDuration;
use yiwang_contracts::AreaBrief;
use yiwang_kernel::Timestamp;

use super::{Row, World, reference};
use crate::model::{Attachment, NewIncident, Refused};

const TITLE_CHARS_MAX: usize = 200;
const DESCRIPTION_CHARS_MAX: usize = 20_000;
const ADDRESS_CHARS_MAX: usize = 300;
pub(super) const REF_CHARS_MAX: usize = 128;
pub(super) const ATTACHMENTS_MAX: usize = 20;

/// The area of each row: as given, or found by its position.
pub(super) fn areas(world: &World, rows: &[Row<'_>]) -> Vec<Option<AreaBrief>> {
    let positions: Vec<_> = rows.iter().filter_map(|row| row.new.position).collect();
    let mut found = world.catalog.locate(&positions).into_iter();
    rows.iter()
        .map(|row| {
            let located = row.new.position.and_then(|_| found.next().flatten());
            match &row.new.area {
                Some(code) => world.catalog.area(code),
                None => located,
            }
        })
        .collect()
}

pub(super) fn refused(
    code: &'static str,
    field: &'static str,
    message: impl Into<String>,
) -> Refused {
    Refused {
        code,
        field,
        message: message.into(),
    }
}

/// What a report must be like to be taken in.
pub(super) fn check(
    new: &NewIncident,
    area: Option<&AreaBrief>,
    world: &World,
    now: Timestamp,
) -> Result<(), Refused> {
    if new.title.trim().is_empty() && new.description.trim().is_empty() {
        return Err(refused(
            "incident.intake.text_missing",
            "title",
            "neither title nor description",
        ));
    }
    let lengths = [
        ("title", &new.title, TITLE_CHARS_MAX),
        ("description", &new.description, DESCRIPTION_CHARS_MAX),
        ("address", &new.address, ADDRESS_CHARS_MAX),
    ];
    for (field, text, max) in lengths {
        if text.chars().count() > max {
            let message = format!("{field} has more than {max} characters");
            return Err(refused("incident.intake.too_long", field, message));
        }
    }
    if reference(new).is_some_and(|text| text.chars().count() > REF_CHARS_MAX) {
        return Err(refused(
            "incident.intake.too_long",
            "source_ref",
            "the reference is too long",
        ));
    }
    if new.attachments.len() > ATTACHMENTS_MAX {
        let message = format!("more than {ATTACHMENTS_MAX} attachments");
        return Err(refused("incident.intake.too_many", "attachments", message));
    }
    if new.attachments.iter().any(Attachment::is_empty) {
        let message = "an attachment names neither a file nor a link";
        return Err(refused(
            "incident.intake.attachment_empty",
            "attachments",
            message,
        ));
    }
    let created_at = new.past.as_ref().map_or(now, |past| past.created_at);
    if let Some(code) = &new.item_code
        && world.catalog.item(code, created_at).is_none()
    {
        let message = format!("the catalogue has no item {code}");
        return Err(refused(
            "incident.intake.unknown_item",
            "item_code",
            message,
        ));
    }
    if let (Some(code), None) = (&new.area, area) {
        let message = format!("there is no area {code}");
        return Err(refused(
            "incident.intake.unknown_area",
            "area_code",
            message,
        ));
    }
    times(new, now)
}

fn times(new: &NewIncident, now: Timestamp) -> Result<(), Refused> {
    let tomorrow = now
        .checked_add(SignedDuration::from_hours(24))
        .unwrap_or(now);
    if new.occurred_at.is_some_and(|at| at > tomorrow) {
        return Err(refused(
            "incident.intake.ahead",
            "occurred_at",
            "the instant lies ahead",
        ));
    }
    let Some(past) = &new.past else { return Ok(()) };
    if past.created_at > tomorrow {
        return Err(refused(
            "incident.intake.ahead",
            "created_at",
            "the instant lies ahead",
        ));
    }
    if past
        .closed_at
        .is_some_and(|closed| closed < past.created_at)
    {
        let message = "closed before it was created";
        return Err(refused("incident.intake.order", "closed_at", message));
    }
    Ok(())
}
