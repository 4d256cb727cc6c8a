//! Pressure and help from above and from the side: 督办 升级 吹哨 报到 备注.

use yiwang_contracts::Grade;
use yiwang_kernel::new_uuid;

use super::apply::{Effect, needed};
use super::dispatch::inform;
use super::{AnswerWhistle, BlowWhistle, Context, Escalate, Note, Refusal, Supervise};
use crate::clocks;
use crate::model::wire::whole_millis;
use crate::model::{Card, Incident, Whistle, WhistleCall, WhistleKind};

pub(super) fn supervise(
    incident: &mut Incident,
    body: &Supervise,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    let new_due = body.new_due.map(whole_millis);
    if new_due.is_some_and(|due| due <= ctx.now) {
        return Err(Refusal::NotAhead { field: "new_due" });
    }
    if let Some(due) = new_due {
        clocks::fix_due(incident, due, ctx);
    }
    incident.doc.cards.push(Card {
        kind: body.card,
        at: ctx.now,
        by_name: ctx.actor.name.clone(),
        text: text.to_owned(),
        new_due,
    });
    Ok(Effect::new(
        "incident.supervised",
        format!("{}: {text}", body.card),
    ))
}

pub(super) fn escalate(
    incident: &mut Incident,
    body: &Escalate,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    let grade = body.grade.unwrap_or_else(|| next_higher(incident.grade));
    if grade >= incident.grade {
        return Err(Refusal::GradeNotHigher);
    }
    incident.grade = grade;
    clocks::relimit(incident, ctx);
    let level = body.to_level.as_deref().unwrap_or_default();
    Ok(Effect::new(
        "incident.escalated",
        format!("{level} {reason}").trim_start(),
    ))
}

pub(super) const fn next_higher(grade: Grade) -> Grade {
    match grade {
        Grade::I | Grade::II => Grade::I,
        Grade::III => Grade::II,
        Grade::IV => Grade::III,
        Grade::V => Grade::IV,
    }
}

pub(super) fn whistle(
    incident: &mut Incident,
    body: &BlowWhistle,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    let place = needed("place", &body.place)?;
    if body.orgs.is_empty() {
        return Err(Refusal::Missing { field: "orgs" });
    }
    for (brief, org_id) in ctx.orgs.by_id(&body.orgs).into_iter().zip(&body.orgs) {
        if brief.is_none() {
            return Err(Refusal::UnknownOrg { org_id: *org_id });
        }
    }
    let within = match body.kind {
        WhistleKind::Emergency => ctx.rules.whistle_emergency,
        WhistleKind::Enforcement | WhistleKind::KeyArea => ctx.rules.whistle_general,
    };
    let arrive_by = body
        .arrive_by
        .map_or_else(|| ctx.after(ctx.now, within), whole_millis);
    if arrive_by <= ctx.now {
        return Err(Refusal::NotAhead { field: "arrive_by" });
    }
    let call = |org_id: &yiwang_contracts::OrgId| WhistleCall {
        org_id: *org_id,
        arrived_at: None,
        by_name: String::new(),
        position: None,
    };
    incident.doc.whistles.push(Whistle {
        id: new_uuid(ctx.now),
        kind: body.kind,
        at: ctx.now,
        by_name: ctx.actor.name.clone(),
        place: place.to_owned(),
        text: text.to_owned(),
        arrive_by,
        calls: body.orgs.iter().map(call).collect(),
    });
    // Who is called must be able to see what for.
    for org_id in &body.orgs {
        if !incident.orgs().contains(org_id) {
            inform(incident, *org_id, text, ctx);
        }
    }
    Ok(Effect::new(
        "incident.whistled",
        format!("{}: {place} {text}", body.kind),
    ))
}

/// 报到: every called unit of the actor's that has not arrived yet has arrived now.
pub(super) fn answer_whistle(
    incident: &mut Incident,
    body: &AnswerWhistle,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let mine: Vec<_> = incident
        .doc
        .whistles
        .iter()
        .filter(|whistle| whistle.id == body.whistle_id)
        .flat_map(|whistle| &whistle.calls)
        .filter(|call| call.arrived_at.is_none())
        .map(|call| call.org_id)
        .filter(|org| ctx.may_as("incident.handle", incident, &[*org]))
        .collect();
    if mine.is_empty() {
        return Err(Refusal::NotCalled);
    }
    for whistle in incident
        .doc
        .whistles
        .iter_mut()
        .filter(|whistle| whistle.id == body.whistle_id)
    {
        for call in whistle
            .calls
            .iter_mut()
            .filter(|call| mine.contains(&call.org_id))
        {
            call.arrived_at = Some(ctx.now);
            call.by_name.clone_from(&ctx.actor.name);
            call.position = body.position;
        }
    }
    Ok(Effect::new("incident.whistle_answered", ""))
}

pub(super) fn note(incident: &mut Incident, body: &Note) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    incident
        .doc
        .attachments
        .extend(body.attachments.iter().cloned());
    Ok(Effect::updated(text))
}
