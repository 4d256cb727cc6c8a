//! The areas of a policy, as a tree in which every one has a place.

use std::collections::HashMap;

use yiwang_contracts::AreaOutline;
use yiwang_kernel::AreaCode;
use yiwang_vital_rules::SpaceGrain;

/// An area with a place of its own in every row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Area {
    pub code: AreaCode,
    pub name: String,
    pub level: SpaceGrain,
    /// Is it shown, kept and graded: the city or a town?
    pub is_kept: bool,
}

/// All areas, by place and by code.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub areas: Vec<Area>,
    /// The city itself.
    pub top: Option<usize>,
    /// Stands for what is in the city and in no area that is small enough.
    pub elsewhere: Option<usize>,
    pub by_code: HashMap<String, usize>,
}

/// Of each area its level and the place of the one that it lies in.
pub(super) type Tree = Vec<(SpaceGrain, Option<usize>)>;

pub(super) fn tree(outlines: &[AreaOutline]) -> (Places, Tree) {
    let codes = outlines.iter().map(|outline| outline.brief.code.as_str());
    let places = numbered(codes);
    let mut areas = Vec::with_capacity(outlines.len() + 1);
    let mut tree: Tree = Vec::with_capacity(outlines.len() + 1);
    for outline in outlines {
        let level = grain(outline.brief.level);
        let parent = outline.brief.parent.as_ref();
        let parent = parent.and_then(|code| places.get(code.as_str()).copied());
        let is_larger = |place: &usize| {
            outlines
                .get(*place)
                .is_some_and(|above| grain(above.brief.level) < level)
        };
        tree.push((level, parent.filter(is_larger)));
        areas.push(Area {
            code: outline.brief.code.clone(),
            name: outline.brief.name.clone(),
            level,
            is_kept: level <= SpaceGrain::Town,
        });
    }
    let top = areas
        .iter()
        .position(|area| area.level == SpaceGrain::County);
    let mut elsewhere = None;
    if let Some(city) = top.and_then(|top| areas.get(top)) {
        // No area's code ends so; nobody can ask for it.
        let code = AreaCode::new(format!("{}*", city.code));
        elsewhere = Some(areas.len());
        areas.push(Area {
            code,
            name: String::new(),
            level: SpaceGrain::Town,
            is_kept: false,
        });
        tree.push((SpaceGrain::Town, top));
    }
    let by_code = numbered(areas.iter().map(|area| area.code.as_str()));
    let places = Places {
        areas,
        top,
        elsewhere,
        by_code,
    };
    (places, tree)
}

/// The place of each code in a list of them.
pub(super) fn numbered<'a>(codes: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    codes
        .enumerate()
        .map(|(place, code)| (code.to_owned(), place))
        .collect()
}

fn grain(level: u8) -> SpaceGrain {
    match level {
        0 | 1 => SpaceGrain::County,
        2 => SpaceGrain::Town,
        3 => SpaceGrain::Community,
        _ => SpaceGrain::Grid,
    }
}
