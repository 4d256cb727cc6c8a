//! Lays out accounts, posts and grants over the units that are there.

use yiwang_contracts::{OrgId, OrgKind, UserId};
use yiwang_kernel::{AreaCode, Masked, Uuid};

use super::names::{Dice, name, phone};
use super::{Ground, NAMED, Named, Reach, SIMULATOR};
use crate::grant::{GrantId, GrantRow};
use crate::org::OrgUnit;
use crate::user::{Lockout, Post, User, UserKind, UserStatus};

/// Every demo account with its grants.
pub(crate) fn seed(ground: &Ground) -> (Vec<User>, Vec<GrantRow>) {
    let (mut users, mut grants) = (Vec::new(), Vec::new());
    for named in NAMED.iter().chain([&SIMULATOR]) {
        let (user, grant) = named_account(ground, named);
        users.push(user);
        grants.push(grant);
    }
    let mut dice = Dice::new(ground.city.seed);
    for (number, place) in places(ground).into_iter().enumerate() {
        let (user, grant) = officer(ground, &place, number, &mut dice);
        users.push(user);
        grants.extend(grant);
    }
    (users, grants)
}

fn named_account(ground: &Ground, named: &Named) -> (User, GrantRow) {
    let tree = &ground.tree;
    let unit = |code: &str| tree.unit_by_code(code).filter(|unit| unit.is_active);
    let root = tree.root().map(|unit| unit.brief.id);
    let centre = unit("coc").map(|unit| unit.brief.id).or(root);
    let village = tree
        .active()
        .find(|unit| unit.brief.kind == OrgKind::Village);
    let bureau = unit("cgj").map(|unit| unit.brief.id);
    let (home, org, area): (Option<OrgId>, Option<OrgId>, Option<AreaCode>) = match named.reach {
        Reach::City => (centre, None, None),
        Reach::Bureau => (bureau.or(centre), bureau, None),
        Reach::Village => (
            village.map(|unit| unit.brief.id).or(centre),
            None,
            village.and_then(|unit| unit.brief.area.clone()),
        ),
    };
    let mut user = account(ground, named.username.to_owned(), named.name.to_owned());
    if named.role == "integrator" {
        user.kind = UserKind::Service;
    }
    let post = |org_id| Post {
        org_id,
        title: named.title.to_owned(),
        primary: true,
    };
    user.posts = home.map(post).into_iter().collect();
    let grant = grant(ground, user.id, named.role, org, area, named.secrecy_max);
    (user, grant)
}

/// A unit and the how-manieth officer of it.
struct Place<'a> {
    unit: &'a OrgUnit,
    number: usize,
}

/// One officer for each unit that gets tasks, the nearest to the top first; then more for the larger ones.
fn places(ground: &Ground) -> Vec<Place<'_>> {
    let kinds = [
        OrgKind::Department,
        OrgKind::Town,
        OrgKind::Company,
        OrgKind::Village,
    ];
    let rank = |unit: &OrgUnit| {
        let kind = kinds.iter().position(|kind| *kind == unit.brief.kind)?;
        // A section of a bureau comes after the villages.
        let depth = ground.tree.ancestors(unit.brief.id).len();
        Some(
            if matches!(unit.brief.kind, OrgKind::Department | OrgKind::Company) && depth > 2 {
                4 + depth
            } else {
                kind
            },
        )
    };
    let mut ranked: Vec<(usize, usize, &OrgUnit)> = ground
        .tree
        .active()
        .enumerate()
        .filter_map(|(at, unit)| Some((rank(unit)?, at, unit)))
        .collect();
    ranked.sort_by_key(|(rank, at, _)| (*rank, *at));
    let large = ranked.iter().filter(|(rank, _, _)| *rank < 2).count();
    let mut places: Vec<Place<'_>> = ranked
        .iter()
        .map(|(_, _, unit)| Place { unit, number: 1 })
        .take(ground.city.people)
        .collect();
    let mut number = 2;
    while places.len() < ground.city.people && large > 0 {
        let room = ground.city.people - places.len();
        places.extend(
            ranked
                .iter()
                .take(large.min(room))
                .map(|(_, _, unit)| Place { unit, number }),
        );
        number += 1;
    }
    places
}

/// An officer signs in as `cgj.1` and handles what comes to his unit and those under it.
fn officer(
    ground: &Ground,
    place: &Place<'_>,
    number: usize,
    dice: &mut Dice,
) -> (User, Vec<GrantRow>) {
    let brief = &place.unit.brief;
    let username = format!("{}.{}", brief.code, place.number);
    let mut user = account(ground, username, name(dice));
    user.phone = Some(Masked::new(phone(number)));
    let title = match (brief.kind, place.number) {
        (OrgKind::Village, 1) => "社区工作者",
        (_, 1) => "联络员",
        (_, 2) => "科长",
        _ => "科员",
    };
    user.posts = vec![Post {
        org_id: brief.id,
        title: title.to_owned(),
        primary: true,
    }];
    let mut grants = vec![grant(ground, user.id, "handler", Some(brief.id), None, 2)];
    if let Some(second) = second_post(ground, place, dice) {
        user.posts.push(Post {
            org_id: second,
            title: "挂职".to_owned(),
            primary: false,
        });
        grants.push(grant(ground, user.id, "handler", Some(second), None, 1));
    }
    (user, grants)
}

/// One officer in ten is also posted to a town.
fn second_post(ground: &Ground, place: &Place<'_>, dice: &mut Dice) -> Option<OrgId> {
    if dice.below(10) != 0 {
        return None;
    }
    let towns: Vec<OrgId> = ground
        .tree
        .active()
        .filter(|unit| unit.brief.kind == OrgKind::Town && unit.brief.id != place.unit.brief.id)
        .map(|unit| unit.brief.id)
        .collect();
    dice.pick(&towns)
}

fn account(ground: &Ground, username: String, name: String) -> User {
    User {
        id: UserId::at(ground.now),
        username,
        name,
        phone: None,
        kind: UserKind::Person,
        status: UserStatus::Active,
        password: Some(ground.password.clone()),
        password_changed_at: ground.now,
        must_change_password: false,
        lockout: Lockout::default(),
        is_demo: true,
        created_at: ground.now,
        updated_at: ground.now,
        updated_by: "demo".to_owned(),
        version: 1,
        posts: Vec::new(),
    }
}

fn grant(
    ground: &Ground,
    user_id: UserId,
    role: &str,
    org_id: Option<OrgId>,
    area: Option<AreaCode>,
    secrecy_max: u8,
) -> GrantRow {
    GrantRow {
        id: GrantId::at(ground.now),
        user_id,
        role: role.to_owned(),
        org_id,
        area,
        secrecy_max,
        purpose: Some("demo".to_owned()),
        expires_at: None,
        granted_by: UserId(Uuid::nil()),
        granted_at: ground.now,
    }
}
