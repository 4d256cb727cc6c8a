//! No list gives a row that a grant denies, and none withholds one that it covers: random people against
//! the rule written down a second time.

use std::collections::{BTreeSet, HashSet};

use futures::future::join_all;
use serde_json::{Value, json};
use yiwang_contracts::{OrgId, Organisations as _};

use crate::app::{Client, OPEN311_KEY, TestApp, query};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const UNITS: [&str; 8] = [
    "cgj",
    "cgj-hw",
    "cgj-zf",
    "zjj",
    "gaj-jj",
    "320281001",
    "320281104",
    "320281001001",
];
const ROOTS: [&str; 7] = [
    "jy",
    "coc",
    "cgj",
    "cgj-hw",
    "zjj",
    "320281001",
    "320281104",
];
const AREAS: [&str; 5] = [
    "320281",
    "320281001",
    "320281001001",
    "320281104",
    "320281107",
];
const ROLES: [&str; 7] = [
    "handler",
    "verifier",
    "duty",
    "analyst",
    "supervisor",
    "leader",
    "grid_worker",
];

/// What is to be known of a case to judge who may see it.
struct Subject {
    id: String,
    orgs: HashSet<String>,
    area: Option<String>,
    secrecy: u64,
    open: bool,
    placed: bool,
    tasks: BTreeSet<String>,
}

struct Grant {
    units: Option<HashSet<String>>,
    area: Option<String>,
    secrecy_max: u64,
}

impl Grant {
    fn covers(&self, subject: &Subject) -> bool {
        subject.secrecy <= self.secrecy_max
            && self
                .units
                .as_ref()
                .is_none_or(|units| !units.is_disjoint(&subject.orgs))
            && self.area.as_ref().is_none_or(|own| {
                subject
                    .area
                    .as_ref()
                    .is_some_and(|area| area.starts_with(own.as_str()))
            })
    }
}

/// Cases of all kinds of place, item, secrecy and units, some of them over.
async fn fill(app: &TestApp, dice: &mut Dice) {
    let leaves = app.city.catalog.leaves(app.now());
    let items: Vec<&str> = leaves.iter().map(|item| item.code.as_str()).collect();
    let secret: Vec<&str> = leaves
        .iter()
        .filter(|item| item.secrecy > 1)
        .map(|item| item.code.as_str())
        .collect();
    let duty = app.client("duty");
    let bodies: Vec<Value> = (0..60)
        .map(|n| {
            let item = if n % 6 == 0 { dice.pick(&secret) } else { dice.pick(&items) };
            let area = (n % 5 != 0).then(|| dice.pick(&AREAS[1..]));
            let place = (n % 2 == 0).then(|| json!({"lon": 120.2 + dice.below(200) as f64 * 0.001, "lat": 31.85}));
            TestApp::report(json!({"title": format!("第 {n} 件"), "item_code": item, "area_code": area, "position": place}))
        })
        .collect();
    let details = join_all(
        bodies
            .into_iter()
            .map(|body| async { duty.post("/api/v1/incidents", body).await.ok() }),
    )
    .await;
    let plans: Vec<(Value, &str, usize)> = details
        .into_iter()
        .map(|detail| (detail, dice.pick(&UNITS), dice.below(10)))
        .collect();
    join_all(plans.into_iter().map(|(detail, unit, fate)| {
        let duty = duty.clone();
        async move {
            let id = detail["id"].as_str().unwrap();
            if fate == 0 {
                duty.command(id, "answer", json!({"text": "已答复"}))
                    .await
                    .ok();
                return;
            }
            let detail = duty.command(id, "accept", json!({})).await.ok();
            let lines = detail["checks"]["register"].as_array().unwrap();
            let checks: Vec<&Value> = lines
                .iter()
                .filter(|line| line["required"] == true)
                .map(|line| &line["code"])
                .collect();
            duty.command(id, "register", json!({"checks": checks}))
                .await
                .ok();
            if fate > 2 {
                duty.command(
                    id,
                    "dispatch",
                    json!({"mode": "single", "lead": app.org_id(unit)}),
                )
                .await
                .ok();
            }
        }
    }))
    .await;
}

/// Every case as somebody who sees everything sees it.
async fn subjects(app: &TestApp) -> Vec<Subject> {
    let duty = app.client("duty");
    let centre = app.org_id("coc").as_str().unwrap().to_owned();
    let mut subjects = Vec::new();
    for row in duty.all("/api/v1/incidents").await {
        let id = row["id"].as_str().unwrap().to_owned();
        let detail = duty.get(&format!("/api/v1/incidents/{id}")).await.ok();
        let tasks = detail["tasks"].as_array().unwrap();
        let mut orgs: HashSet<String> = tasks
            .iter()
            .map(|task| task["org"]["id"].as_str().unwrap().to_owned())
            .collect();
        orgs.insert(centre.clone());
        let open_task = |task: &&Value| {
            ["pending", "to_sign", "handling", "reported"]
                .iter()
                .any(|status| task["status"] == *status)
        };
        subjects.push(Subject {
            orgs,
            area: row["area"]["code"].as_str().map(str::to_owned),
            secrecy: row["secrecy"].as_u64().unwrap(),
            open: row["status"] != "closed",
            placed: !row["position"].is_null(),
            tasks: tasks
                .iter()
                .filter(open_task)
                .map(|task| task["id"].as_str().unwrap().to_owned())
                .collect(),
            id,
        });
    }
    assert_eq!(subjects.len(), 60);
    subjects
}

/// A new person with one or two random grants, signed in.
async fn person(app: &TestApp, n: usize, dice: &mut Dice) -> (Client, Vec<Grant>) {
    let (name, password) = (format!("random.{n}"), "Some-Password-1");
    let post = json!([{"org_id": app.org_id(dice.pick(&UNITS)), "title": "", "primary": true}]);
    let user = json!({"username": name, "name": "某人", "password": password, "must_change_password": false, "posts": post});
    let user = app
        .client("admin.system")
        .post("/api/v1/users", user)
        .await
        .ok();
    let mut grants = Vec::new();
    for _ in 0..=dice.below(2) {
        let root = (dice.below(4) != 0).then(|| dice.pick(&ROOTS));
        let area = (dice.below(3) == 0).then(|| dice.pick(&AREAS).to_owned());
        let secrecy_max = 1 + dice.below(4) as u64;
        let body = json!({
            "user_id": user["id"], "role": dice.pick(&ROLES), "org_id": root.map(|root| app.org_id(root)), "area": area,
            "secrecy_max": secrecy_max,
        });
        app.client("admin.security")
            .post("/api/v1/grants", body)
            .await
            .ok();
        let units = root.map(|root| app.city.identity.subtree(app.org(root).id));
        let units =
            units.map(|units: Vec<OrgId>| units.into_iter().map(|unit| unit.to_string()).collect());
        grants.push(Grant {
            units,
            area,
            secrecy_max,
        });
    }
    (app.sign_in(&name, password).await, grants)
}

fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn sees_exactly(client: &Client, wanted: &[&Subject]) {
    let all: BTreeSet<String> = wanted.iter().map(|subject| subject.id.clone()).collect();
    assert_eq!(ids(&client.all("/api/v1/incidents").await), all, "the list");
    assert_eq!(
        ids(&client.all("/api/v1/incidents?sort=due&item=01").await)
            .difference(&all)
            .count(),
        0,
        "a filtered list"
    );
    let tasks: BTreeSet<String> = wanted
        .iter()
        .flat_map(|subject| subject.tasks.clone())
        .collect();
    assert_eq!(ids(&client.all("/api/v1/tasks").await), tasks, "the inbox");
    let map = client.get("/api/v1/incidents/map").await.ok();
    let placed: BTreeSet<String> = wanted
        .iter()
        .filter(|subject| subject.open && subject.placed)
        .map(|subject| subject.id.clone())
        .collect();
    assert_eq!(ids(map["items"].as_array().unwrap()), placed, "the map");
    let open = wanted.iter().filter(|subject| subject.open).count() as u64;
    for by in ["status", "org", "item", "area"] {
        let numbers = client
            .get(&format!("/api/v1/incidents/numbers?by={by}"))
            .await
            .ok();
        assert_eq!(
            (numbers["total"].as_u64(), numbers["open"].as_u64()),
            (Some(all.len() as u64), Some(open)),
            "numbers {by}"
        );
    }
    let dry = client
        .get("/api/v1/incidents/escalations/dry-run?until=2027-01-01T00:00:00Z")
        .await
        .ok();
    for row in dry["items"].as_array().unwrap() {
        assert!(
            all.contains(row["incident"]["id"].as_str().unwrap()),
            "the dry run"
        );
    }
    for subject in wanted.iter().take(3) {
        client
            .get(&format!("/api/v1/incidents/{}", subject.id))
            .await
            .ok();
    }
}

#[tokio::test]
async fn random_people_see_exactly_what_their_grants_cover() {
    let app = TestApp::start().await;
    let mut dice = Dice(20_281);
    fill(&app, &mut dice).await;
    let subjects = subjects(&app).await;
    let (mut seen, mut hidden) = (0, 0);
    for n in 0..12 {
        let (client, grants) = person(&app, n, &mut dice).await;
        let (wanted, denied): (Vec<&Subject>, Vec<&Subject>) = subjects
            .iter()
            .partition(|subject| grants.iter().any(|grant| grant.covers(subject)));
        sees_exactly(&client, &wanted).await;
        for subject in denied.iter().take(3) {
            client
                .get(&format!("/api/v1/incidents/{}", subject.id))
                .await
                .refused(404, "incident.not_found");
        }
        seen += wanted.len();
        hidden += denied.len();
    }
    assert!(
        seen > 60 && hidden > 60,
        "{seen} seen, {hidden} hidden: the dice try too little"
    );

    // Whoever holds a key of Open311 sees what is not secret, and of it no more than the rule.
    let ordinary = subjects
        .iter()
        .filter(|subject| subject.secrecy == 1)
        .count();
    let path = query(
        "/open311/v2/requests.json",
        &[("api_key", OPEN311_KEY), ("page_size", "200")],
    );
    let requests = app.anybody().get(&path).await.ok();
    assert_eq!(requests.as_array().unwrap().len(), ordinary, "Open311");
    app.settle().await;
}

#[tokio::test]
async fn people_are_listed_within_the_grant_too() {
    let app = TestApp::start().await;
    let all = app.client("admin.system").all("/api/v1/users").await;
    let handler = app.client("handler").all("/api/v1/users").await;
    let bureau: HashSet<String> = app
        .city
        .identity
        .subtree(app.org("cgj").id)
        .into_iter()
        .map(|unit| unit.to_string())
        .collect();
    let posted = |user: &Value| {
        let posts = user["posts"].as_array().unwrap();
        posts.iter().any(|post| {
            bureau.contains(
                post["org"]["id"]
                    .as_str()
                    .or(post["org_id"].as_str())
                    .unwrap(),
            )
        })
    };
    let wanted: BTreeSet<&str> = all
        .iter()
        .filter(|user| posted(user))
        .map(|user| user["username"].as_str().unwrap())
        .collect();
    let got: BTreeSet<&str> = handler
        .iter()
        .map(|user| user["username"].as_str().unwrap())
        .collect();
    assert_eq!(got, wanted);
    assert!(
        !got.is_empty() && got.len() < all.len(),
        "{} of {}",
        got.len(),
        all.len()
    );
    app.client("dispatcher")
        .get("/api/v1/users")
        .await
        .refused(403, "auth.denied");
}
