//! An area at a glance: its index, its domains, and what takes most away.

use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Text, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Lamp, city_losses, domain_losses, indicator_losses, lamp, top_reasons};

use super::{Standing, standing, text};
use crate::error::VitalsError;
use crate::live::Live;
use crate::service::VitalsService;

/// Reasons that are told.
const REASONS: usize = 3;

/// What takes points away.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ReasonView {
    pub code: String,
    pub name: Text,
    pub domain: String,
    /// Points that it takes away.
    pub loss: f64,
    pub score: Option<f64>,
    pub value: Option<f64>,
    pub unit: String,
}

/// How many indicators stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct StandingCounts {
    pub normal: usize,
    pub attention: usize,
    pub warning: usize,
    pub alarm: usize,
    pub stale: usize,
    pub ungraded: usize,
    pub nothing: usize,
    pub waiting: usize,
}

impl StandingCounts {
    fn add(&mut self, standing: Standing) {
        let counter = match standing {
            Standing::Normal => &mut self.normal,
            Standing::Attention => &mut self.attention,
            Standing::Warning => &mut self.warning,
            Standing::Alarm => &mut self.alarm,
            Standing::Stale => &mut self.stale,
            Standing::Ungraded => &mut self.ungraded,
            Standing::Nothing => &mut self.nothing,
            Standing::Waiting => &mut self.waiting,
        };
        *counter += 1;
    }
}

/// A domain of an area.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DomainView {
    pub code: String,
    pub name: Text,
    /// In the index.
    pub weight: f64,
    pub score: Option<f64>,
    #[schema(value_type = Option<String>)]
    pub lamp: Option<Lamp>,
    /// The part of its weight that is interrupted.
    pub grey_share: f64,
    /// The worst first.
    pub reasons: Vec<ReasonView>,
    pub counts: StandingCounts,
}

/// An area at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct OverviewView {
    pub area: AreaCode,
    pub name: String,
    /// The health index, 0 to 100; nothing while too much is interrupted.
    pub score: Option<f64>,
    #[schema(value_type = Option<String>)]
    pub lamp: Option<Lamp>,
    pub grey_share: f64,
    /// The worst first, of the whole area.
    pub reasons: Vec<ReasonView>,
    pub domains: Vec<DomainView>,
    pub counts: StandingCounts,
    /// The lamp that an active response asks for at least. The platform knows of no responses yet: always nothing.
    #[schema(value_type = Option<String>)]
    pub response_floor: Option<Lamp>,
    /// The first day of the weights.
    pub weights_from: String,
    /// False while nobody has settled the weights.
    pub weights_verified: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub computed_at: Option<Timestamp>,
}

impl VitalsService {
    /// An area at a glance.
    pub(crate) async fn overview(
        &self,
        actor: &Actor,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<OverviewView, VitalsError> {
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, area, now)?;
        overview(&live, area, micros(now)).ok_or(VitalsError::NotFound("area"))
    }
}

fn overview(live: &Live, area: usize, now: i64) -> Option<OverviewView> {
    let (policy, of_area) = (&live.policy, live.policy.areas.get(area)?);
    let city = live.board.city(area);
    let of_domains = city_losses(&policy.engine.city_parts(&live.board, area), city.score);
    let mut counts = StandingCounts::default();
    let mut domains = Vec::new();
    // Every indicator that counts in the index, and what it takes away.
    let (mut members, mut losses) = (Vec::new(), Vec::new());
    for (place, entry) in policy.domains.iter().enumerate() {
        let own: Vec<usize> = policy.engine.members(place, area).collect();
        let score = live.board.domain(place, area);
        let in_domain = domain_losses(&policy.engine.parts(&live.board, place, area), &score);
        let of_domain = of_domains.get(place).copied().unwrap_or_default();
        losses.extend(indicator_losses(&in_domain, of_domain));
        let mut of_counts = StandingCounts::default();
        for (indicator, versioned) in policy.indicators.iter().enumerate() {
            let is_of = versioned.entry.domain == entry.code
                && of_area.level <= versioned.entry.grain.space;
            if is_of {
                let standing = standing(live, indicator, area, now);
                of_counts.add(standing);
                counts.add(standing);
            }
        }
        domains.push(DomainView {
            code: entry.code.clone(),
            name: text(&entry.name),
            weight: policy
                .index
                .weights
                .get(&entry.code)
                .copied()
                .unwrap_or(0.0),
            score: score.score,
            lamp: lamp(score.score, None, &policy.index),
            grey_share: score.grey_share,
            reasons: reasons(live, area, &own, &in_domain),
            counts: of_counts,
        });
        members.extend(own);
    }
    Some(OverviewView {
        area: of_area.code.clone(),
        name: of_area.name.clone(),
        score: city.score,
        lamp: live.lamp(area),
        grey_share: city.grey_share,
        reasons: reasons(live, area, &members, &losses),
        domains,
        counts,
        response_floor: None,
        weights_from: policy.index.valid_from.to_string(),
        weights_verified: policy.index.verified,
        computed_at: live.computed_at.map(from_micros),
    })
}

fn reasons(live: &Live, area: usize, members: &[usize], losses: &[f64]) -> Vec<ReasonView> {
    let view = |reason: yiwang_vital_rules::Reason| {
        let place = *members.get(reason.part)?;
        let entry = live.policy.entry(place)?;
        let value = live.board.cell(place, area).value;
        Some(ReasonView {
            code: entry.code.clone(),
            name: text(&entry.name),
            domain: entry.domain.clone(),
            loss: reason.loss,
            score: super::score(live, place, area),
            value: value.is_finite().then_some(value),
            unit: entry.unit.clone(),
        })
    };
    let top = top_reasons(losses, REASONS);
    top.into_iter().filter_map(view).collect()
}
