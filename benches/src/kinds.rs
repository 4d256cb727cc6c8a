//! What is asked of lists: kinds of filters with values drawn anew for each request, and combinations of
//! three drawn among all that the console offers.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rand::RngExt as _;
use rand::seq::{IndexedRandom as _, SliceRandom as _};

use crate::client::Client;
use crate::lifecycle::all;

/// One kind of request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// The path after `/api/v1/`, with `{town}` and the like in the places of values.
    Path(&'static str),
    /// The filters of a list.
    List(&'static str),
    /// Three filters, a scope and an order, all drawn.
    Drawn,
}

use Kind::{Drawn, List, Path};

/// Who asks, what for, and how.
pub(crate) const KINDS: &[(&str, &str, Kind)] = &[
    ("dispatcher", "all, newest first", List("")),
    ("dispatcher", "all, next due first", List("sort=due")),
    (
        "dispatcher",
        "open: status, light, grade",
        List("status=handling&light=red&grade=iv"),
    ),
    (
        "dispatcher",
        "open: unit, light, source",
        List("open=true&org={unit}&light=yellow&source=hotline"),
    ),
    (
        "dispatcher",
        "open by due: town, status, grade",
        List("open=true&area={town}&status=dispatched&grade=iv&sort=due"),
    ),
    (
        "dispatcher",
        "open: breaches in 4 h, town, source",
        List("breaches_within=4h&area={town}&source=hotline"),
    ),
    (
        "dispatcher",
        "all by due: town, grade, source",
        List("sort=due&area={town}&grade=ii&source=sensor"),
    ),
    (
        "dispatcher",
        "source, town, class",
        List("source=hotline&area={town}&item={class}"),
    ),
    (
        "dispatcher",
        "rare source, town, class",
        List("source=drone&area={town}&item={class}"),
    ),
    (
        "dispatcher",
        "closed, village, item",
        List("status=closed&area={village}&item={item}"),
    ),
    (
        "dispatcher",
        "closed, grid, grade III",
        List("status=closed&area={grid}&grade=iii"),
    ),
    (
        "dispatcher",
        "closed, unit, item",
        List("status=closed&org={unit}&item={item}"),
    ),
    (
        "dispatcher",
        "closed, unit and below, grade V",
        List("status=closed&org={unit}&org_tree=true&grade=v"),
    ),
    (
        "dispatcher",
        "closed, no unit, source",
        List("status=closed&org=none&source=hotline"),
    ),
    (
        "dispatcher",
        "closed, no item, town",
        List("status=closed&item=none&area={town}"),
    ),
    (
        "dispatcher",
        "grade I, village, item",
        List("grade=i&area={village}&item={item}"),
    ),
    (
        "dispatcher",
        "town, grade II, month",
        List("area={town}&grade=ii&from={from}&until={until}"),
    ),
    (
        "dispatcher",
        "class, source, month long ago",
        List("item={class}&source=sensor&from={from}&until={until}"),
    ),
    (
        "dispatcher",
        "void, rare source, grade I",
        List("status=void&source=police&grade=i"),
    ),
    (
        "dispatcher",
        "merged, source, grade",
        List("status=merged&source=hotline&grade=iii"),
    ),
    (
        "dispatcher",
        "nothing: void, drone, grade I",
        List("status=void&source=drone&grade=i"),
    ),
    (
        "dispatcher",
        "nothing: closed, a source, grade III",
        List("status=closed&source=enforcement&grade=iii"),
    ),
    (
        "dispatcher",
        "number's beginning, status, grade",
        List("q=YW200001&status=closed&grade=ii"),
    ),
    ("dispatcher", "drawn", Drawn),
    (
        "handler",
        "a unit's: status, source, grade",
        List("status=closed&source=hotline&grade=iv"),
    ),
    (
        "handler",
        "a unit's open: light, grade, source",
        List("open=true&light=orange&grade=iv&source=hotline"),
    ),
    (
        "handler",
        "a unit's, rare: void, drone, grade",
        List("status=void&source=drone&grade=ii"),
    ),
    (
        "handler",
        "mine, by due",
        List("mine=true&open=true&sort=due"),
    ),
    ("handler", "drawn", Drawn),
    (
        "grid",
        "a village's: status, source, grade",
        List("status=closed&source=hotline&grade=iii"),
    ),
    ("grid", "drawn", Drawn),
    (
        "dispatcher",
        "numbers by status",
        Path("incidents/numbers?by=status"),
    ),
    (
        "dispatcher",
        "numbers by town",
        Path("incidents/numbers?by=area"),
    ),
    (
        "handler",
        "a unit's numbers by light",
        Path("incidents/numbers?by=light"),
    ),
    (
        "grid",
        "a village's numbers by item",
        Path("incidents/numbers?by=item"),
    ),
    (
        "dispatcher",
        "words: many have them",
        List("q=%E8%B7%AF%E7%81%AF&status=closed&grade=iii"),
    ),
    (
        "dispatcher",
        "words: nobody has them",
        List("q=%E6%B2%A1%E6%9C%89%E8%BF%99%E8%AF%8D"),
    ),
];

/// A filter that can be drawn, and its values.
const DRAWN: &[(&str, &[&str])] = &[
    (
        "status",
        &[
            "handling", "reported", "closed", "closed", "closed", "merged", "void",
        ],
    ),
    ("light", &["green", "yellow", "orange", "red"]),
    ("grade", &["i", "ii", "iii", "iv", "v", "i&grade=ii"]),
    (
        "source",
        &[
            "hotline",
            "citizen",
            "collector",
            "grid",
            "video",
            "sensor",
            "police",
            "drone",
            "superior",
            "video&source=drone",
        ],
    ),
    ("item", &["{class}", "{item}", "{item}"]),
    ("area", &["{town}", "{village}", "{grid}"]),
    ("org", &["{unit}", "{unit}", "{unit}&org_tree=true", "none"]),
    ("from", &["{from}&until={until}", "{from}"]),
    ("breaches_within", &["4h", "24h"]),
];

/// What the queries draw from.
pub(crate) struct Words {
    towns: Vec<String>,
    villages: Vec<String>,
    grids: Vec<String>,
    items: Vec<String>,
    units: Vec<String>,
}

impl Words {
    pub(crate) async fn read(host: &str) -> anyhow::Result<Self> {
        let mut client = Client::sign_in(host, "dispatcher", "yiwang-demo").await?;
        let mut list = async |path: &str, name: &str| {
            let entries = all(&mut client, path).await?;
            let text = entries.iter().filter_map(|entry| entry.get(name)?.as_str());
            anyhow::Ok(text.map(str::to_owned).collect::<Vec<_>>())
        };
        Ok(Self {
            towns: list("/api/v1/areas?level=2&limit=200", "code").await?,
            villages: list("/api/v1/areas?level=3&limit=500", "code").await?,
            grids: list("/api/v1/areas?level=4&limit=500", "code").await?,
            items: list("/api/v1/items?leaf=true&limit=500", "code").await?,
            units: list("/api/v1/orgs?limit=500", "id").await?,
        })
    }

    pub(crate) fn path(&self, kind: Kind) -> String {
        match kind {
            Path(path) => self.put_in(&format!("/api/v1/{path}")),
            List(filters) => self.put_in(&format!("/api/v1/incidents?limit=50&{filters}")),
            Drawn => self.put_in(&drawn()),
        }
    }

    pub(crate) fn put_in(&self, path: &str) -> String {
        let mut random = rand::rng();
        let mut one = |of: &[String]| of.choose(&mut random).cloned().unwrap_or_default();
        let item = one(&self.items);
        let class = item.split('.').next().unwrap_or_default().to_owned();
        let (town, village, grid) = (one(&self.towns), one(&self.villages), one(&self.grids));
        let unit = one(&self.units);
        let (from, until) = month();
        path.replace("{town}", &town)
            .replace("{village}", &village)
            .replace("{grid}", &grid)
            .replace("{class}", &class)
            .replace("{item}", &item)
            .replace("{unit}", &unit)
            .replace("{from}", &from)
            .replace("{until}", &until)
    }
}

fn drawn() -> String {
    let mut random = rand::rng();
    let scope = ["open=true&", "mine=true&open=true&", "", "", ""];
    let scope = scope.choose(&mut random).copied().unwrap_or_default();
    let sort = if random.random_range(0..4) == 0 {
        "sort=due&"
    } else {
        ""
    };
    let mut filters: Vec<_> = DRAWN.iter().collect();
    filters.shuffle(&mut random);
    let mut chosen = Vec::new();
    for (name, values) in filters.into_iter().take(3) {
        let value = values.choose(&mut random).copied().unwrap_or_default();
        chosen.push(format!("{name}={value}"));
    }
    format!(
        "/api/v1/incidents?limit=50&{scope}{sort}{}",
        chosen.join("&")
    )
}

/// Thirty days within the last three years.
fn month() -> (String, String) {
    let ago = rand::rng().random_range(30..1_060);
    (day(ago), day(ago - 30))
}

/// Midnight so many days ago, as RFC 3339.
fn day(ago: i32) -> String {
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    format!("{}T00:00:00Z", today.saturating_sub(ago.days()))
}
