use std::collections::BTreeMap;

use yiwang_contracts::{OrgBrief, OrgKind, ScopeClause};
use yiwang_kernel::{Text, Uuid};

use super::*;
use crate::org::OrgUnit;
use crate::role::Role;

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn org(number: u128) -> OrgId {
    OrgId(Uuid::from_u128(number))
}

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

/// 1 ─ 2 ─ 4, 1 ─ 3
fn tree() -> OrgTree {
    let unit = |number: u128, parent: Option<u128>| OrgUnit {
        brief: OrgBrief {
            id: org(number),
            code: format!("u{number}"),
            name: Text::zh("单位"),
            kind: OrgKind::Department,
            parent_id: parent.map(org),
            area: None,
        },
        pinyin: None,
        phone: None,
        is_active: true,
    };
    OrgTree::new(vec![
        unit(1, None),
        unit(2, Some(1)),
        unit(3, Some(1)),
        unit(4, Some(2)),
    ])
}

fn roles() -> Roles {
    let role = |code: &str, actions: &[&str]| {
        let actions = Arc::new(actions.iter().map(|action| (*action).to_owned()).collect());
        (
            code.to_owned(),
            Role {
                code: code.to_owned(),
                name: Text::zh(code),
                actions,
            },
        )
    };
    Roles(BTreeMap::from([
        role("handler", &["incident.read", "incident.handle"]),
        role("system_admin", &["user.read", "user.edit"]),
        role("security_admin", &["user.read", "grant.edit", "token.edit"]),
        role("audit_admin", &["audit.read"]),
    ]))
}

fn wish(role: &str) -> CreateGrant {
    CreateGrant {
        user_id: user(7),
        role: role.to_owned(),
        org_id: Some(org(2)),
        area: None,
        secrecy_max: 2,
        purpose: None,
        expires_at: None,
    }
}

fn held(role: &str, expires_at: Option<Timestamp>) -> GrantRow {
    GrantRow {
        id: GrantId(Uuid::nil()),
        user_id: user(7),
        role: role.to_owned(),
        org_id: None,
        area: None,
        secrecy_max: 1,
        purpose: None,
        expires_at,
        granted_by: user(1),
        granted_at: at(0),
    }
}

fn over(org: OrgScope, area: Option<&str>, secrecy_max: u8) -> Scope {
    Scope {
        clauses: vec![ScopeClause {
            org,
            area: area.map(AreaCode::from),
            secrecy_max,
        }],
    }
}

fn code(giver: u128, scope: &Scope, grant: &CreateGrant, held: &[GrantRow]) -> &'static str {
    use yiwang_kernel::Fault as _;
    let granting = Granting {
        giver: user(giver),
        scope,
        grant,
        held,
    };
    check(&granting, &roles(), &tree(), at(0))
        .err()
        .map_or("", |error| error.code())
}

#[test]
fn who_may_grant_what() {
    let all = Scope::all();
    assert_eq!(code(1, &all, &wish("handler"), &[]), "");
    assert_eq!(code(7, &all, &wish("handler"), &[]), "grant.own");
    assert_eq!(
        code(1, &Scope::default(), &wish("handler"), &[]),
        "grant.beyond_own"
    );
    let faulty = CreateGrant {
        org_id: Some(org(9)),
        area: Some("无锡".into()),
        secrecy_max: 5,
        expires_at: Some(at(0)),
        ..wish("nothing")
    };
    let granting = Granting {
        giver: user(1),
        scope: &all,
        grant: &faulty,
        held: &[],
    };
    let Err(IdentityError::Invalid(faults)) = check(&granting, &roles(), &tree(), at(0)) else {
        panic!("must be refused")
    };
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(
        paths,
        ["/role", "/org_id", "/secrecy_max", "/expires_at", "/area"]
    );
}

#[test]
fn duties_stay_apart() {
    let all = Scope::all();
    let table = [
        (
            "system_admin",
            held("security_admin", None),
            "grant.duties_separated",
        ),
        (
            "audit_admin",
            held("security_admin", None),
            "grant.duties_separated",
        ),
        (
            "security_admin",
            held("system_admin", None),
            "grant.duties_separated",
        ),
        ("system_admin", held("system_admin", None), ""),
        ("system_admin", held("handler", None), ""),
        ("handler", held("audit_admin", None), ""),
        ("system_admin", held("audit_admin", Some(at(0))), ""),
        (
            "system_admin",
            held("audit_admin", Some(at(1))),
            "grant.duties_separated",
        ),
    ];
    for (role, row, expected) in table {
        assert_eq!(
            code(1, &all, &wish(role), std::slice::from_ref(&row)),
            expected,
            "{role} beside {}",
            row.role
        );
    }
}

#[test]
fn no_grant_is_wider_than_its_givers() {
    let within = |ids: &[u128]| OrgScope::Within(Arc::new(ids.iter().map(|id| org(*id)).collect()));
    let town = CreateGrant {
        area: Some("320281001".into()),
        ..wish("handler")
    };
    let table = [
        (over(within(&[2, 4]), None, 2), wish("handler"), ""),
        (
            over(within(&[4]), None, 2),
            wish("handler"),
            "grant.beyond_own",
        ),
        (
            over(within(&[2, 4]), None, 1),
            wish("handler"),
            "grant.beyond_own",
        ),
        (
            over(within(&[2, 4]), Some("320281001"), 2),
            wish("handler"),
            "grant.beyond_own",
        ),
        (
            over(within(&[2, 4]), Some("320281001"), 2),
            town.clone(),
            "",
        ),
        (
            over(within(&[2, 4]), Some("320281001003"), 2),
            town,
            "grant.beyond_own",
        ),
        (
            over(within(&[2, 4]), None, 2),
            CreateGrant {
                org_id: None,
                ..wish("handler")
            },
            "grant.beyond_own",
        ),
        (
            over(OrgScope::All, None, 2),
            CreateGrant {
                org_id: None,
                ..wish("handler")
            },
            "",
        ),
        (
            over(within(&[2, 4]), None, 2),
            CreateGrant {
                org_id: Some(org(1)),
                ..wish("handler")
            },
            "grant.beyond_own",
        ),
    ];
    for (at, (scope, grant, expected)) in table.into_iter().enumerate() {
        assert_eq!(code(1, &scope, &grant, &[]), expected, "row {at}");
    }
}

#[test]
fn compiled_grants_follow_the_role_and_the_tree() {
    let grants = compile(
        &[held("handler", None), held("gone", None)],
        &roles(),
        &tree(),
    );
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].org, OrgScope::All);
    let narrowed = narrow(
        grants,
        &HashSet::from(["incident.read".to_owned(), "user.edit".to_owned()]),
    );
    assert_eq!(
        *narrowed[0].actions,
        HashSet::from(["incident.read".to_owned()])
    );
    assert!(narrow(narrowed, &HashSet::new()).is_empty());
}
