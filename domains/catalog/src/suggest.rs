//! Which item does a report's text speak of? Names, aliases and key words found in the text, weighed
//! by how rare and how long they are; negative key words speak against; a name that is there in parts
//! counts by its pairs of characters. What is said of a level counts, weaker, for the leaves under it.

use std::collections::{HashMap, HashSet};

use yiwang_contracts::ItemSuggestion;
use yiwang_kernel::Timestamp;

use crate::items::ItemTree;
use crate::model::{ItemEntry, Timeline, prefixes};

/// More of a text than this is not read.
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;

/// Words told back per suggestion.
const MATCHED_MAX: usize = 8;

/// How much a word counts, before rarity and length.
const NAME_WEIGHT: f64 = 1.6;
const ALIAS_WEIGHT: f64 = 1.5;
const KEYWORD_WEIGHT: f64 = 1.0;
/// What is left of a score for each negative word found.
const NEGATIVE_FACTOR: f64 = 0.25;
/// A name is taken for present in parts from this share of its pairs on.
const NAME_PART_MIN: f64 = 0.5;
/// What a level's words count for a leaf one, two, three levels below.
const LEVEL_FACTORS: [f64; 4] = [1.0, 0.5, 0.2, 0.1];
/// The score at which a suggestion stands half way to certain.
const SCORE_HALF: f64 = 4.0;

type Pair = [char; 2];

/// The words of all items, looked up by their first two characters.
#[derive(Debug, Default)]
pub struct SuggestIndex {
    terms: Vec<Term>,
    by_pair: HashMap<Pair, Vec<usize>>,
    by_char: HashMap<char, Vec<usize>>,
    owners: Vec<Owner>,
    owners_by_name_pair: HashMap<Pair, Vec<usize>>,
}

#[derive(Debug)]
struct Term {
    chars: Vec<char>,
    /// Who uses the word: owner, and weight (negative for a word against).
    uses: Vec<(usize, f64)>,
    rarity: f64,
}

/// One version of one item.
#[derive(Debug)]
struct Owner {
    code: String,
    version: u32,
    name_pairs: usize,
}

/// What speaks for one item.
#[derive(Debug, Default)]
struct Evidence {
    score: f64,
    against: i32,
    /// The terms found, by number.
    terms: Vec<usize>,
}

impl SuggestIndex {
    pub fn build(items: &ItemTree, codes: impl Iterator<Item = String>) -> Self {
        let mut index = Self::default();
        let mut term_ids = HashMap::new();
        for code in codes {
            for segment in items
                .timeline(&code)
                .map(Timeline::segments)
                .unwrap_or_default()
            {
                index.add(&code, segment.version, &segment.value, &mut term_ids);
            }
        }
        index.weigh();
        index
    }

    fn add(
        &mut self,
        code: &str,
        version: u32,
        item: &ItemEntry,
        term_ids: &mut HashMap<Vec<char>, usize>,
    ) {
        let owner = self.owners.len();
        let pairs: HashSet<Pair> = pairs(&normal(&item.name.zh)).collect();
        for pair in &pairs {
            self.owners_by_name_pair
                .entry(*pair)
                .or_default()
                .push(owner);
        }
        self.owners.push(Owner {
            code: code.to_owned(),
            version,
            name_pairs: pairs.len(),
        });
        let names = [(&item.name.zh, NAME_WEIGHT)].into_iter();
        let names = names.chain(item.name.en.iter().map(|name| (name, NAME_WEIGHT)));
        let aliases = item.aliases.iter().map(|word| (word, ALIAS_WEIGHT));
        let keywords = item.keywords.iter().map(|word| (word, KEYWORD_WEIGHT));
        let negative = item.negative_keywords.iter().map(|word| (word, -1.0));
        let mut seen = HashSet::new();
        for (word, weight) in names.chain(aliases).chain(keywords).chain(negative) {
            let chars = normal(word);
            if chars.is_empty() || !seen.insert(chars.clone()) {
                continue;
            }
            let id = *term_ids.entry(chars.clone()).or_insert_with(|| {
                self.terms.push(Term {
                    chars,
                    uses: Vec::new(),
                    rarity: 1.0,
                });
                self.terms.len() - 1
            });
            if let Some(term) = self.terms.get_mut(id) {
                term.uses.push((owner, weight));
            }
        }
    }

    fn weigh(&mut self) {
        let owners = self.owners.len().max(1) as f64;
        for (id, term) in self.terms.iter_mut().enumerate() {
            term.rarity = rarity(owners, term.uses.len()) * length_factor(term.chars.len());
            match *term.chars.as_slice() {
                [only] => self.by_char.entry(only).or_default().push(id),
                [first, second, ..] => self.by_pair.entry([first, second]).or_default().push(id),
                [] => {}
            }
        }
    }

    /// The likeliest leaves first.
    pub fn suggest(
        &self,
        items: &ItemTree,
        text: &str,
        at: Timestamp,
        limit: usize,
    ) -> Vec<ItemSuggestion> {
        let mut chars = normal(text);
        chars.truncate(TEXT_CHARS_MAX);
        let evidence = self.evidence(items, &chars, at);
        let mut leaves: HashSet<&str> = HashSet::new();
        for code in evidence.keys() {
            leaves_under(items, code, at, &mut leaves);
        }
        let scored = leaves
            .into_iter()
            .map(|leaf| (score(leaf, &evidence), leaf));
        let mut ranked: Vec<(f64, &str)> = scored.filter(|(score, _)| *score > 0.0).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        ranked.truncate(limit);
        ranked
            .into_iter()
            .filter_map(|(score, leaf)| self.suggestion(items, leaf, score, &evidence, at))
            .collect()
    }

    fn suggestion(
        &self,
        items: &ItemTree,
        leaf: &str,
        score: f64,
        evidence: &HashMap<&str, Evidence>,
        at: Timestamp,
    ) -> Option<ItemSuggestion> {
        let mut matched: Vec<String> = Vec::new();
        for level in prefixes(leaf).filter_map(|code| evidence.get(code)) {
            let mut terms: Vec<&Term> = level
                .terms
                .iter()
                .filter_map(|id| self.terms.get(*id))
                .collect();
            terms.sort_by_key(|term| std::cmp::Reverse(term.chars.len()));
            for word in terms.into_iter().map(|term| term.chars.iter().collect()) {
                if matched.len() < MATCHED_MAX && !matched.contains(&word) {
                    matched.push(word);
                }
            }
        }
        Some(ItemSuggestion {
            code: leaf.to_owned(),
            name: items.entry(leaf, at)?.value.name.clone(),
            path: items.path(leaf, at),
            score: score / (score + SCORE_HALF),
            matched,
        })
    }

    fn evidence(&self, items: &ItemTree, chars: &[char], at: Timestamp) -> HashMap<&str, Evidence> {
        let mut by_owner: HashMap<usize, Evidence> = HashMap::new();
        for id in self.found(chars) {
            let Some(term) = self.terms.get(id) else {
                continue;
            };
            for (owner, weight) in &term.uses {
                let evidence = by_owner.entry(*owner).or_default();
                if *weight < 0.0 {
                    evidence.against += 1;
                } else {
                    evidence.score += weight * term.rarity;
                    evidence.terms.push(id);
                }
            }
        }
        self.add_name_parts(chars, &mut by_owner);
        let in_force = |(owner, evidence): (usize, Evidence)| {
            let owner = self.owners.get(owner)?;
            let segment = items.entry(&owner.code, at)?;
            (segment.version == owner.version).then_some((owner.code.as_str(), evidence))
        };
        by_owner.into_iter().filter_map(in_force).collect()
    }

    /// The terms that stand in the text, each once.
    fn found(&self, chars: &[char]) -> HashSet<usize> {
        let mut found = HashSet::new();
        for (at, first) in chars.iter().enumerate() {
            found.extend(self.by_char.get(first).into_iter().flatten());
            let rest = chars.get(at..).unwrap_or_default();
            let [first, second, ..] = rest else { continue };
            for id in self.by_pair.get(&[*first, *second]).into_iter().flatten() {
                if self
                    .terms
                    .get(*id)
                    .is_some_and(|term| rest.starts_with(&term.chars))
                {
                    found.insert(*id);
                }
            }
        }
        found
    }

    fn add_name_parts(&self, chars: &[char], by_owner: &mut HashMap<usize, Evidence>) {
        let owners = self.owners.len().max(1) as f64;
        let mut shared: HashMap<usize, (usize, f64)> = HashMap::new();
        for pair in pairs(chars).collect::<HashSet<Pair>>() {
            let Some(named) = self.owners_by_name_pair.get(&pair) else {
                continue;
            };
            let rarity = rarity(owners, named.len());
            for owner in named {
                let (count, sum) = shared.entry(*owner).or_default();
                *count += 1;
                *sum += rarity;
            }
        }
        for (owner, (count, sum)) in shared {
            let of = self
                .owners
                .get(owner)
                .map_or(1, |owner| owner.name_pairs.max(1));
            let share = count as f64 / of as f64;
            if share >= NAME_PART_MIN {
                by_owner.entry(owner).or_default().score += share * sum / of as f64;
            }
        }
    }
}

/// What a leaf's own words and those of the levels above it are worth together.
fn score(leaf: &str, evidence: &HashMap<&str, Evidence>) -> f64 {
    let (mut score, mut against) = (0.0, 0);
    for (code, factor) in prefixes(leaf).zip(LEVEL_FACTORS) {
        if let Some(level) = evidence.get(code) {
            score += level.score * factor;
            against += level.against;
        }
    }
    score * NEGATIVE_FACTOR.powi(against)
}

fn leaves_under<'a>(
    items: &'a ItemTree,
    code: &'a str,
    at: Timestamp,
    leaves: &mut HashSet<&'a str>,
) {
    let mut has_children = false;
    for child in items.children(code, at) {
        has_children = true;
        leaves_under(items, child, at, leaves);
    }
    if !has_children {
        leaves.insert(code);
    }
}

fn rarity(owners: f64, uses: usize) -> f64 {
    (1.0 + owners / uses.max(1) as f64).ln() / (1.0 + owners).ln()
}

fn length_factor(chars: usize) -> f64 {
    match chars {
        0 | 1 => 0.5,
        2 => 1.0,
        3 => 1.4,
        _ => 1.8,
    }
}

fn pairs(chars: &[char]) -> impl Iterator<Item = Pair> {
    chars
        .windows(2)
        .filter_map(|pair| <Pair>::try_from(pair).ok())
}

/// Small letters, half-width forms, no white space or punctuation.
fn normal(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::{ALWAYS, Segment};

    fn index(entries: &[serde_json::Value]) -> (ItemTree, SuggestIndex) {
        let mut tree = ItemTree::default();
        let mut codes = Vec::new();
        for value in entries {
            let entry: ItemEntry = serde_json::from_value(value.clone()).unwrap();
            let (from, to) = crate::model::validity(entry.valid_from, entry.valid_to);
            codes.push(entry.code.clone());
            tree.insert(
                &entry.code.clone(),
                Segment {
                    version: 1,
                    from,
                    to,
                    value: Arc::new(entry),
                },
            );
        }
        let index = SuggestIndex::build(&tree, codes.into_iter());
        (tree, index)
    }

    fn first(tree: &ItemTree, index: &SuggestIndex, text: &str) -> Option<ItemSuggestion> {
        index
            .suggest(tree, text, "2026-11-23T00:00:00Z".parse().unwrap(), 5)
            .into_iter()
            .next()
    }

    #[test]
    fn words_for_and_against_decide() {
        let (tree, index) = index(&[
            json!({"code": "02", "name": "市政设施", "keywords": ["市政"]}),
            json!({"code": "02.01", "name": "井盖", "keywords": ["井盖", "窨井"]}),
            json!({"code": "02.01.01", "name": "井盖缺失", "aliases": ["井盖不见了", "没有井盖"], "keywords": ["缺失"]}),
            json!({"code": "02.01.02", "name": "井盖松动异响", "keywords": ["响声", "松动"]}),
            json!({"code": "08", "name": "生态环境"}),
            json!({"code": "08.01", "name": "噪声扰民", "keywords": ["噪音", "太吵", "响声"], "negative_keywords": ["井盖"]}),
            json!({"code": "08.02", "name": "旧噪声", "keywords": ["噪音"], "valid_to": "2026-01-01"}),
        ]);
        for (text, code) in [
            ("人民路口没有井盖,很危险", "02.01.01"),
            ("汽车经过井盖有很大响声", "02.01.02"),
            ("楼下广场舞噪音太吵", "08.01"),
            ("窨井的问题", "02.01.01"),
            ("噪 声 扰 民", "08.01"),
        ] {
            let best = first(&tree, &index, text).unwrap();
            assert_eq!(best.code, code, "{text}: {best:?}");
            assert!(best.score > 0.0 && best.score < 1.0);
        }
        let missing = first(&tree, &index, "没有井盖").unwrap();
        assert_eq!(missing.matched, ["没有井盖", "井盖"]);
        assert_eq!(missing.path.len(), 2);
        assert!(first(&tree, &index, "你好").is_none());
        assert!(first(&tree, &index, "").is_none());
    }

    #[test]
    fn old_items_are_suggested_in_their_time_only() {
        let (tree, index) = index(&[
            json!({"code": "08", "name": "噪声", "keywords": ["噪音"], "valid_to": "2026-01-01"}),
            json!({"code": "09", "name": "声环境", "keywords": ["噪音"], "valid_from": "2026-01-01"}),
        ]);
        let codes = |at: Timestamp| -> Vec<String> {
            index
                .suggest(&tree, "噪音", at, 5)
                .into_iter()
                .map(|suggestion| suggestion.code)
                .collect()
        };
        assert_eq!(codes(ALWAYS), ["08"]);
        assert_eq!(codes("2026-11-23T00:00:00Z".parse().unwrap()), ["09"]);
    }
}
