//! Which facts count for which area.

use yiwang_kernel::AreaCode;

use super::Shape;
use crate::policy::Policy;

/// For each area of a row the facts that count there, also where there are none.
pub(super) fn by_area<'a, T: Copy>(
    policy: &Policy,
    shape: Shape,
    facts: impl Iterator<Item = (Option<&'a AreaCode>, T)>,
) -> Vec<(usize, Vec<T>)> {
    let mut lists: Vec<Option<Vec<T>>> = vec![None; policy.areas.len()];
    for target in policy.targets(shape.space, shape.rolls) {
        if let Some(list) = lists.get_mut(target) {
            *list = Some(Vec::new());
        }
    }
    let mut add = |area: usize, fact: T| {
        if let Some(Some(list)) = lists.get_mut(area) {
            list.push(fact);
        }
    };
    for (code, fact) in facts {
        if shape.rolls {
            if let Some(area) = policy.leaf(code, shape.space) {
                add(area, fact);
            }
        } else {
            for area in policy.around(code, shape.space) {
                add(area, fact);
            }
        }
    }
    let lists = lists.into_iter().enumerate();
    lists
        .filter_map(|(area, list)| Some((area, list?)))
        .collect()
}
