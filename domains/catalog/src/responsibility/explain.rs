//! A resolution in words, most decisive first: which rule, on what basis, what it beat.

use yiwang_contracts::Responsibility;
use yiwang_kernel::Text;

use super::{CellState, Match, OrgIndex, Resolution, RuleList};
use crate::model::{OrgRef, ResponsibilityRule};

/// Rules told of as beaten; the rest is only counted.
const BEATEN_MAX: usize = 3;

/// How codes are called.
pub trait Names {
    fn item(&self, code: &str) -> Text;
    fn area(&self, code: &str) -> Text;
}

/// The answer to a question, with its reasons.
pub fn explain(
    resolution: &Resolution,
    list: &RuleList,
    list_version: u32,
    orgs: &OrgIndex,
    (item, area): (&str, Option<&str>),
    names: &impl Names,
) -> Responsibility {
    let words = Wording {
        list,
        orgs,
        item,
        area,
        names,
    };
    let org = |index: usize| orgs.get(index).cloned();
    let mut answer = Responsibility {
        lead: resolution.lead.and_then(org),
        assistants: Vec::new(),
        supervisor: None,
        fallback: resolution.fallback.and_then(org),
        list_version,
        reasons: words.reasons(resolution),
        by_fallback: resolution.by_fallback,
    };
    for rule in resolution
        .winners
        .iter()
        .filter_map(|found| list.rule(found.rule))
    {
        let named =
            |text: &String| OrgRef::parse(text).and_then(|named| orgs.resolve(&named, area));
        for assistant in rule.assistants.iter().filter_map(named) {
            let known = answer
                .assistants
                .iter()
                .chain(&answer.lead)
                .any(|org| orgs.get(assistant) == Some(org));
            if !known {
                answer.assistants.extend(org(assistant));
            }
        }
        if answer.supervisor.is_none() {
            answer.supervisor = rule.supervisor.as_ref().and_then(named).and_then(org);
        }
    }
    answer.reasons.push(Text::new(
        format!("依据权责清单第 {list_version} 版"),
        format!("By version {list_version} of the responsibility list"),
    ));
    answer
}

struct Wording<'a, N> {
    list: &'a RuleList,
    orgs: &'a OrgIndex,
    item: &'a str,
    area: Option<&'a str>,
    names: &'a N,
}

impl<N: Names> Wording<'_, N> {
    fn reasons(&self, resolution: &Resolution) -> Vec<Text> {
        let mut reasons = Vec::new();
        match resolution.state() {
            CellState::Hole => reasons.push(self.hole()),
            CellState::Overlap => reasons.push(self.overlap(resolution)),
            CellState::Fallback => reasons.push(Text::new(
                "没有其他规则匹配, 由兜底规则确定主办单位",
                "No other rule matches; the fallback rule names the lead",
            )),
            CellState::Covered => {}
        }
        reasons.extend(
            resolution
                .winners
                .iter()
                .filter_map(|found| self.winner(*found)),
        );
        reasons.extend(
            resolution
                .unresolved
                .iter()
                .filter_map(|found| self.unresolved(*found)),
        );
        let winner = resolution.winners.first();
        for beaten in resolution.beaten.iter().take(BEATEN_MAX) {
            reasons.extend(winner.and_then(|winner| self.beaten(*winner, *beaten)));
        }
        let left = resolution.beaten.len().saturating_sub(BEATEN_MAX);
        if left > 0 {
            reasons.push(Text::new(
                format!("另有 {left} 条更宽泛的规则未采用"),
                format!("{left} more general rules were not used"),
            ));
        }
        reasons
    }

    fn winner(&self, found: Match) -> Option<Text> {
        let rule = self.list.rule(found.rule)?;
        let lead = self.lead(rule)?;
        let (items, areas) = (self.item_words(found), self.area_words(found));
        let via = match OrgRef::parse(&rule.lead)? {
            OrgRef::Code(_) => Text::new("", ""),
            OrgRef::Town => Text::new("(属地镇街)", " (the town that governs the place)"),
            OrgRef::Village => Text::new("(属地村社区)", " (the village that governs the place)"),
            OrgRef::Grid => Text::new("(属地网格)", " (the grid that governs the place)"),
        };
        Some(Text::new(
            format!(
                "规则 {}: {} × {}, 主办 {}{}; 依据: {}",
                rule.id, items.zh, areas.zh, lead.zh, via.zh, rule.basis.zh
            ),
            format!(
                "Rule {}: {} x {}, lead {}{}; basis: {}",
                rule.id,
                en(&items),
                en(&areas),
                en(&lead),
                en(&via),
                en(&rule.basis)
            ),
        ))
    }

    fn beaten(&self, winner: Match, beaten: Match) -> Option<Text> {
        let rule = self.list.rule(beaten.rule)?;
        let lead = self
            .lead(rule)
            .unwrap_or_else(|| Text::zh(rule.lead.clone()));
        let (items, areas) = (self.item_words(beaten), self.area_words(beaten));
        let by_item = winner.item_depth > beaten.item_depth;
        let why = if by_item {
            Text::new("事项更具体", "a closer item")
        } else {
            Text::new("区域更具体", "a closer area")
        };
        Some(Text::new(
            format!(
                "优先于规则 {} ({} × {}, 主办 {}): {}",
                rule.id, items.zh, areas.zh, lead.zh, why.zh
            ),
            format!(
                "Goes before rule {} ({} x {}, lead {}): {}",
                rule.id,
                en(&items),
                en(&areas),
                en(&lead),
                en(&why)
            ),
        ))
    }

    fn unresolved(&self, found: Match) -> Option<Text> {
        let rule = self.list.rule(found.rule)?;
        Some(Text::new(
            format!(
                "规则 {} 的主办单位 {} 在此处无法确定, 未采用",
                rule.id, rule.lead
            ),
            format!(
                "Rule {} was not used: its lead {} cannot be told here",
                rule.id, rule.lead
            ),
        ))
    }

    fn overlap(&self, resolution: &Resolution) -> Text {
        let leads: Vec<Text> = resolution
            .leads
            .iter()
            .filter_map(|lead| self.orgs.get(*lead))
            .map(|org| org.name.clone())
            .collect();
        let zh: Vec<&str> = leads.iter().map(|lead| lead.zh.as_str()).collect();
        let names: Vec<&str> = leads.iter().map(en).collect();
        Text::new(
            format!(
                "权责交叉: {} 条同样具体的规则指定了不同的主办单位 ({}); 暂由生效较晚的规则确定",
                resolution.winners.len(),
                zh.join(", ")
            ),
            format!(
                "Overlap: {} equally specific rules name different leads ({}); the rule in force since later decides for now",
                resolution.winners.len(),
                names.join(", ")
            ),
        )
    }

    fn hole(&self) -> Text {
        let item = self.names.item(self.item);
        let area = self.area.map_or_else(
            || Text::new("地点不明", "no known place"),
            |area| self.names.area(area),
        );
        Text::new(
            format!(
                "权责空白: 没有规则能确定 {} × {} 的主办单位",
                item.zh, area.zh
            ),
            format!(
                "Hole: no rule names a lead for {} x {}",
                en(&item),
                en(&area)
            ),
        )
    }

    fn lead(&self, rule: &ResponsibilityRule) -> Option<Text> {
        let lead = self.orgs.resolve(&OrgRef::parse(&rule.lead)?, self.area)?;
        self.orgs.get(lead).map(|org| org.name.clone())
    }

    fn item_words(&self, found: Match) -> Text {
        let code = crate::model::prefixes(self.item)
            .find(|code| code.split('.').count() == found.item_depth);
        match code {
            None => Text::new("全部事项", "every item"),
            Some(code) => named("事项", "item", code, &self.names.item(code)),
        }
    }

    fn area_words(&self, found: Match) -> Text {
        match self
            .area
            .and_then(|area| area.get(..found.area_digits))
            .filter(|code| !code.is_empty())
        {
            None => Text::new("全域", "everywhere"),
            Some(code) => named("区域", "area", code, &self.names.area(code)),
        }
    }
}

fn named(zh: &str, english: &str, code: &str, name: &Text) -> Text {
    Text::new(
        format!("{zh} {code} {}", name.zh),
        format!("{english} {code} {}", en(name)),
    )
}

/// English where there is any.
fn en(text: &Text) -> &str {
    text.en.as_deref().unwrap_or(&text.zh)
}
