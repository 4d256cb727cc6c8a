//! From the report to the registered case: 受理 不予受理 直接答复 转办 立案 退回补充, and corrections.

use std::sync::Arc;

use yiwang_contracts::{CheckLine, ClockKind, Grade, ItemPolicy};
use yiwang_kernel::{AreaCode, Position};

use super::apply::{Effect, needed};
use super::ending::end;
use super::{
    Accept, AnswerDirectly, Context, Reason, Reclassify, Refusal, Refuse, Register, ToOther,
};
use crate::clocks;
use crate::model::{Flag, Incident, Outcome, Status, Transfer};

pub(super) fn accept(
    incident: &mut Incident,
    body: &Accept,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    classify(incident, body.item_code.as_deref(), body.grade, ctx)?;
    place(
        incident,
        body.address.as_deref(),
        body.position,
        body.area_code.as_ref(),
        ctx,
    )?;
    if incident.item_code.is_none() {
        return Err(Refusal::Missing { field: "item_code" });
    }
    let placed =
        incident.position.is_some() || incident.area.is_some() || !incident.address.is_empty();
    if ctx.rules.place_required && !placed && !body.without_place {
        return Err(Refusal::Missing { field: "position" });
    }
    clocks::stop_kind(incident, ClockKind::Accept, ctx.now, true);
    incident.status = Status::Accepted;
    incident.doc.accepted_at.get_or_insert(ctx.now);
    clocks::start_case(incident, ClockKind::Register, ctx);
    if !clocks::runs(incident, ClockKind::Total) {
        clocks::start_case(incident, ClockKind::Total, ctx);
    }
    Ok(Effect::new("incident.accepted", body.note.as_str()))
}

pub(super) fn refuse(
    incident: &mut Incident,
    body: &Refuse,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    let lines = policy(incident, ctx)
        .map(|policy| policy.refuse_checks.clone())
        .unwrap_or_default();
    known(&lines, &body.checks)?;
    if !lines.is_empty() && body.checks.is_empty() {
        return Err(Refusal::Missing { field: "checks" });
    }
    incident.doc.refuse_checks.clone_from(&body.checks);
    reason.clone_into(&mut incident.doc.answer);
    clocks::stop_kind(incident, ClockKind::Accept, ctx.now, true);
    end(incident, Outcome::Refused, ctx.now);
    Ok(Effect::new("incident.closed", reason))
}

pub(super) fn answer(
    incident: &mut Incident,
    body: &AnswerDirectly,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    text.clone_into(&mut incident.doc.answer);
    clocks::stop_kind(incident, ClockKind::Accept, ctx.now, true);
    end(incident, Outcome::Answered, ctx.now);
    Ok(Effect::new("incident.closed", text))
}

pub(super) fn transfer(
    incident: &mut Incident,
    body: &ToOther,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let to = needed("to", &body.to)?;
    let transfer = Transfer {
        to: to.to_owned(),
        reference: body.reference.clone(),
    };
    let text = format!("{to} {} {}", body.reference, body.note);
    incident.doc.transfer = Some(transfer);
    incident.mark(Flag::Shadow, true);
    clocks::stop_kind(incident, ClockKind::Accept, ctx.now, true);
    end(incident, Outcome::Transferred, ctx.now);
    Ok(Effect::new("incident.closed", text.trim()))
}

pub(super) fn register(
    incident: &mut Incident,
    body: &Register,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let lines = policy(incident, ctx)
        .map(|policy| policy.register_checks.clone())
        .unwrap_or_default();
    known(&lines, &body.checks)?;
    ticked(&lines, &body.checks)?;
    incident.doc.register_checks.clone_from(&body.checks);
    clocks::stop_kind(incident, ClockKind::Register, ctx.now, true);
    incident.status = Status::Registered;
    incident.doc.registered_at.get_or_insert(ctx.now);
    clocks::start_case(incident, ClockKind::Dispatch, ctx);
    Ok(Effect::new("incident.registered", body.note.as_str()))
}

/// 退回补充 before registration, 退回核查 before closing.
pub(super) fn send_back(
    incident: &mut Incident,
    body: &Reason,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    if incident.status == Status::Accepted {
        clocks::stop_kind(incident, ClockKind::Register, ctx.now, false);
        incident.status = Status::Received;
        clocks::start_case(incident, ClockKind::Accept, ctx);
    } else {
        clocks::stop_kind(incident, ClockKind::Close, ctx.now, false);
        incident.status = Status::Reported;
        clocks::start_case(incident, ClockKind::Verify, ctx);
    }
    Ok(Effect::updated(reason))
}

pub(super) fn reclassify(
    incident: &mut Incident,
    body: &Reclassify,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    let judged_by = (incident.item_code.clone(), incident.grade);
    classify(incident, body.item_code.as_deref(), body.grade, ctx)?;
    place(
        incident,
        body.address.as_deref(),
        body.position,
        body.area_code.as_ref(),
        ctx,
    )?;
    if let Some(title) = &body.title {
        needed("title", title)?.clone_into(&mut incident.title);
    }
    if let Some(description) = &body.description {
        incident.doc.description.clone_from(description);
    }
    if let Some(secrecy) = body.secrecy {
        if !(1..=4).contains(&secrecy) {
            return Err(Refusal::Bad {
                field: "secrecy",
                why: "levels are 1 to 4",
            });
        }
        incident.secrecy = secrecy;
    }
    if judged_by != (incident.item_code.clone(), incident.grade) {
        clocks::relimit(incident, ctx);
    }
    Ok(Effect::updated(reason))
}

/// Sets item and grade; the item brings its grade and secrecy unless a grade is given.
fn classify(
    incident: &mut Incident,
    item: Option<&str>,
    grade: Option<Grade>,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if let Some(code) = item {
        let policy = policy_of(code, incident, ctx).ok_or_else(|| Refusal::UnknownItem {
            code: code.to_owned(),
        })?;
        adopt(incident, &policy);
        incident.grade = policy.grade;
    }
    if let Some(grade) = grade {
        incident.grade = grade;
    }
    Ok(())
}

/// Takes over what the item says of every case of its kind.
pub(crate) fn adopt(incident: &mut Incident, policy: &ItemPolicy) {
    incident.item_code = Some(policy.code.clone());
    incident.secrecy = incident.secrecy.max(policy.secrecy);
    incident.doc.judged.item = policy.version;
    incident.doc.judged.verified = policy.verified;
}

fn place(
    incident: &mut Incident,
    address: Option<&str>,
    position: Option<Position>,
    area: Option<&AreaCode>,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if let Some(address) = address {
        address.trim().clone_into(&mut incident.address);
    }
    if let Some(area) = area {
        if ctx.catalog.area(area).is_none() {
            return Err(Refusal::UnknownArea {
                code: area.as_str().to_owned(),
            });
        }
        incident.area = Some(area.clone());
    }
    if let Some(given) = position {
        let Ok(position) = Position::new(given.lon, given.lat) else {
            return Err(Refusal::Bad {
                field: "position",
                why: "not a place on the ground",
            });
        };
        incident.position = Some(position);
        if area.is_none()
            && let Some(found) = ctx.catalog.locate(&[position]).into_iter().flatten().next()
        {
            incident.area = Some(found.code);
        }
    }
    let nowhere = incident.position.is_none() && incident.area.is_none();
    incident.mark(Flag::NoPlace, nowhere);
    Ok(())
}

/// The item's policy as it was in force when the case came in.
pub(super) fn policy(incident: &Incident, ctx: &Context<'_>) -> Option<Arc<ItemPolicy>> {
    policy_of(incident.item_code.as_deref()?, incident, ctx)
}

fn policy_of(code: &str, incident: &Incident, ctx: &Context<'_>) -> Option<Arc<ItemPolicy>> {
    ctx.catalog
        .item(code, incident.created_at)
        .or_else(|| ctx.catalog.item(code, ctx.now))
}

pub(super) fn known(lines: &[CheckLine], checks: &[String]) -> Result<(), Refusal> {
    let unknown = checks
        .iter()
        .any(|code| lines.iter().all(|line| line.code != *code));
    if unknown {
        return Err(Refusal::Bad {
            field: "checks",
            why: "a check that the item does not have",
        });
    }
    Ok(())
}

pub(super) fn ticked(lines: &[CheckLine], checks: &[String]) -> Result<(), Refusal> {
    let codes: Vec<String> = lines
        .iter()
        .filter(|line| line.required && !checks.contains(&line.code))
        .map(|line| line.code.clone())
        .collect();
    if codes.is_empty() {
        Ok(())
    } else {
        Err(Refusal::ChecksMissing { codes })
    }
}
