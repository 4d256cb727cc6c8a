//! What the simulator learned of the city through the API: items and places.

use std::collections::BTreeMap;

use serde_json::Value;
use yiwang_coords::{LonLat, Ring};

use crate::dice::Dice;
use crate::source::{Source, Taste};

/// Nobody should read invented cases of this kind.
const NOT_INVENTED: [&str; 22] = [
    "举报",
    "家庭暴力",
    "性骚扰",
    "自杀",
    "涉毒",
    "涉黄",
    "涉赌",
    "涉黑",
    "未成年",
    "贪污",
    "爆炸",
    "聚集",
    "群体",
    "限制人身",
    "精神障碍",
    "民族",
    "宗教",
    "欺凌",
    "踩踏",
    "暴力",
    "作风",
    "谣言",
];

/// Groups of things rather than of troubles: what is reported is that they are broken.
const THINGS: [&str; 9] = [
    "01.04", "02.02", "02.03", "02.04", "02.06", "02.07", "05.02", "06.08", "11.10",
];
/// How the name of a trouble ends.
const TROUBLES: [&str; 8] = [
    "损坏", "缺失", "破损", "咨询", "不良", "不洁", "维护", "养护",
];

const TRIES_WITHIN_RING: usize = 24;

/// A leaf of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) grade: String,
}

impl Item {
    pub(crate) fn domain(&self) -> &str {
        self.code.split('.').next().unwrap_or_default()
    }

    /// What is the matter, in a few words.
    pub(crate) fn matter(&self) -> String {
        let thing = THINGS.iter().any(|group| self.code.starts_with(group));
        if thing && !TROUBLES.iter().any(|end| self.name.ends_with(end)) {
            format!("{}损坏", self.name)
        } else {
            self.name.clone()
        }
    }

    pub(crate) fn is_enquiry(&self) -> bool {
        self.name.ends_with("咨询")
    }
}

/// A grid, or whatever small area the server tells of.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) code: String,
    /// Town and village, as people say it.
    pub(crate) name: String,
    label: LonLat,
    ring: Option<Ring>,
}

impl Place {
    /// A point within.
    pub(crate) fn point(&self, dice: &mut Dice) -> LonLat {
        let Some(ring) = &self.ring else {
            return self.label;
        };
        let bounds = ring.bounds();
        for _ in 0..TRIES_WITHIN_RING {
            let point = LonLat {
                lon: dice.between(bounds.west, bounds.east),
                lat: dice.between(bounds.south, bounds.north),
            };
            if ring.contains(point) {
                return point;
            }
        }
        self.label
    }
}

/// Items and places, and which items each source sees.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) items: Vec<Item>,
    pub(crate) places: Vec<Place>,
    /// Those that the grid worker walks.
    pub(crate) beat: Vec<Place>,
    weights: BTreeMap<Source, Vec<(usize, f64)>>,
}

impl City {
    pub(crate) fn new(items: Vec<Item>, places: Vec<Place>) -> Self {
        let weights = Source::ALL
            .iter()
            .map(|source| (*source, weigh(&items, &source.taste())))
            .collect();
        Self {
            items,
            places,
            beat: Vec::new(),
            weights,
        }
    }

    /// The same city with the beat of a grid worker who works in that area.
    pub(crate) fn with_beat(mut self, area: Option<&str>) -> Self {
        let within = |place: &&Place| area.is_some_and(|area| place.code.starts_with(area));
        self.beat = self.places.iter().filter(within).cloned().collect();
        self
    }

    pub(crate) fn item_for(&self, source: Source, dice: &mut Dice) -> Option<&Item> {
        let weights = self.weights.get(&source)?;
        let at = dice.weighted(weights)?;
        self.items.get(*at)
    }

    /// An item whose name contains one of the fragments.
    pub(crate) fn item_like(&self, fragments: &[&str], dice: &mut Dice) -> Option<&Item> {
        let found: Vec<&Item> = self
            .items
            .iter()
            .filter(|item| fragments.iter().any(|part| item.name.contains(part)))
            .collect();
        dice.pick(&found).copied()
    }
}

fn weigh(items: &[Item], taste: &Taste) -> Vec<(usize, f64)> {
    let mut out = Vec::new();
    for (domain, weight) in taste.domains {
        let within: Vec<(usize, f64)> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.domain() == *domain)
            .map(|(at, item)| {
                (
                    at,
                    if item.is_enquiry() {
                        taste.enquiries
                    } else {
                        1.0
                    },
                )
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let total: f64 = within.iter().map(|(_, weight)| weight).sum();
        out.extend(
            within
                .into_iter()
                .map(|(at, part)| (at, weight * part / total)),
        );
    }
    for part in taste.fragments {
        let within = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.name.contains(part) && !item.is_enquiry());
        out.extend(within.map(|(at, _)| (at, 1.0)));
    }
    out
}

/// The leaves that may be invented about.
pub(crate) fn read_items(rows: &[Value]) -> Vec<Item> {
    let mut items: Vec<Item> = rows
        .iter()
        .filter(|row| row.get("leaf").and_then(Value::as_bool) != Some(false))
        .filter_map(|row| {
            Some(Item {
                code: row.get("code")?.as_str()?.to_owned(),
                name: text_of(row.get("name")?).to_owned(),
                grade: row
                    .get("grade")
                    .and_then(Value::as_str)
                    .unwrap_or("iv")
                    .to_owned(),
            })
        })
        .filter(|item| !NOT_INVENTED.iter().any(|part| item.name.contains(part)))
        .collect();
    items.sort_by(|a, b| a.code.cmp(&b.code));
    items
}

/// Places from the outlines (GeoJSON) with the names of the areas above them.
pub(crate) fn read_places(outlines: &Value, above: &[Value]) -> Vec<Place> {
    let names: BTreeMap<&str, (&str, Option<&str>)> = above
        .iter()
        .filter_map(|area| {
            let name = text_of(area.get("name")?);
            let parent = area.get("parent").and_then(Value::as_str);
            Some((area.get("code")?.as_str()?, (name, parent)))
        })
        .collect();
    let features = outlines.get("features").and_then(Value::as_array);
    let mut places: Vec<Place> = features
        .into_iter()
        .flatten()
        .filter_map(|feature| place(feature, &names))
        .collect();
    places.sort_by(|a, b| a.code.cmp(&b.code));
    places
}

fn place(feature: &Value, names: &BTreeMap<&str, (&str, Option<&str>)>) -> Option<Place> {
    let properties = feature.get("properties")?;
    let code = properties.get("code")?.as_str()?;
    let label = point(properties.get("label")?)?;
    let ring = feature
        .pointer("/geometry/coordinates/0")
        .and_then(Value::as_array)
        .and_then(|points| Ring::new(points.iter().filter_map(point).collect()).ok());
    let mut name = String::new();
    let mut at = properties.get("parent").and_then(Value::as_str);
    while let Some((above, parent)) = at.and_then(|code| names.get(code)) {
        // The city itself goes without saying.
        if parent.is_some() {
            name.insert_str(0, above);
        }
        at = *parent;
    }
    if name.is_empty() {
        text_of(properties.get("name")?).clone_into(&mut name);
    }
    Some(Place {
        code: code.to_owned(),
        name,
        label,
        ring,
    })
}

fn point(value: &Value) -> Option<LonLat> {
    let lon = value.get(0).or_else(|| value.get("lon"))?.as_f64()?;
    let lat = value.get(1).or_else(|| value.get("lat"))?.as_f64()?;
    Some(LonLat { lon, lat })
}

/// The Chinese of a name, be it plain or in two languages.
pub(crate) fn text_of(value: &Value) -> &str {
    value
        .as_str()
        .or_else(|| value.get("zh").and_then(Value::as_str))
        .unwrap_or_default()
}

/// The rows of a list, be it plain or a page.
pub(crate) fn rows_of(value: &Value) -> &[Value] {
    value
        .as_array()
        .or_else(|| value.get("items").and_then(Value::as_array))
        .map(Vec::as_slice)
        .unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    pub(crate) fn small_city() -> City {
        let items = read_items(&[
            json!({"code": "01.05.02", "name": {"zh": "垃圾桶满溢"}, "grade": "iv", "leaf": true}),
            json!({"code": "01.01.01", "name": {"zh": "暴露垃圾"}, "grade": "iii", "leaf": true}),
            json!({"code": "02.02.01", "name": {"zh": "污水井盖"}, "grade": "ii", "leaf": true}),
            json!({"code": "06.01.01", "name": {"zh": "占道违停"}, "grade": "iii", "leaf": true}),
            json!({"code": "07.02.01", "name": {"zh": "道路积水"}, "grade": "i", "leaf": true}),
            json!({"code": "10.02.01", "name": {"zh": "退货退款难"}, "grade": "iv", "leaf": true}),
            json!({"code": "15.90", "name": {"zh": "民政社保咨询"}, "grade": "iv", "leaf": true}),
            json!({"code": "16.02.01", "name": {"zh": "家庭暴力"}, "grade": "i", "leaf": true}),
            json!({"code": "16.01.04", "name": {"zh": "邻里口角"}, "grade": "iv", "leaf": true}),
            json!({"code": "01.05", "name": {"zh": "垃圾分类与清运"}, "leaf": false}),
        ]);
        let outlines = json!({"features": [
            {"geometry": {"coordinates": [[[120.0, 31.0], [120.02, 31.0], [120.0, 31.02], [120.0, 31.0]]]},
             "properties": {"code": "320281001001001", "name": "文定社区01网格", "parent": "320281001001", "label": [120.005, 31.005]}},
            {"geometry": null,
             "properties": {"code": "320281001003001", "name": "环城01网格", "parent": "320281001003", "label": [120.3, 31.9]}},
        ]});
        let above = [
            json!({"code": "320281", "name": "江阴市"}),
            json!({"code": "320281001", "name": "澄江街道", "parent": "320281"}),
            json!({"code": "320281001001", "name": "文定社区", "parent": "320281001"}),
        ];
        City::new(items, read_places(&outlines, &above))
    }

    #[test]
    fn sensitive_matters_are_not_invented() {
        let city = small_city();
        assert_eq!(city.items.len(), 8);
        assert!(city.items.iter().all(|item| item.name != "家庭暴力"));
    }

    #[test]
    fn places_have_names_and_points_within() {
        let city = small_city();
        assert_eq!(city.places[0].name, "澄江街道文定社区");
        assert_eq!(city.places[1].name, "环城01网格");
        let mut dice = Dice::of(&[2]);
        for _ in 0..200 {
            let point = city.places[0].point(&mut dice);
            assert!(
                city.places[0].ring.as_ref().unwrap().contains(point)
                    || point == city.places[0].label
            );
        }
        assert!((city.places[1].point(&mut dice).lon - 120.3).abs() < 1e-9);
    }

    #[test]
    fn a_thing_is_reported_as_broken() {
        let matter = |code: &str, name: &str| {
            let item = Item {
                code: code.to_owned(),
                name: name.to_owned(),
                grade: String::new(),
            };
            item.matter()
        };
        assert_eq!(matter("02.03.05", "地灯"), "地灯损坏");
        assert_eq!(matter("02.03.01", "架空线缆损坏"), "架空线缆损坏");
        assert_eq!(matter("08.02.01", "生活噪声扰民"), "生活噪声扰民");
    }

    #[test]
    fn sources_see_what_is_theirs() {
        let city = small_city();
        let mut dice = Dice::of(&[3]);
        for _ in 0..50 {
            let item = city.item_for(Source::Sensor, &mut dice).unwrap();
            assert!(
                ["道路积水", "污水井盖"].contains(&item.name.as_str()),
                "{}",
                item.name
            );
            assert!(
                !city
                    .item_for(Source::Collector, &mut dice)
                    .unwrap()
                    .is_enquiry()
            );
        }
        assert_eq!(
            city.item_like(&["积水"], &mut dice).unwrap().code,
            "07.02.01"
        );
    }
}
