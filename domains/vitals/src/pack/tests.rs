use serde_json::{Value, json};

use super::check;
use crate::testing;

fn indicator(code: &str, formula: &Value) -> Value {
    json!({
        "code": code, "name": { "zh": "指标", "en": "Indicator" }, "domain": &code[..1], "direction": "info",
        "formula": formula, "grain": { "time": "instant", "space": "town" },
        "source": { "zh": "平台", "en": "Platform" }, "owner": "coc", "refresh": "5m",
    })
}

#[test]
fn a_packs_indicators_stand_beside_those_of_the_packs_below() {
    let open = json!({ "cases": { "state": "open", "measure": "count" } });
    let below = testing::pack(&[indicator("G01", &open)]);
    let twice = json!({ "derived": { "expr": "g01 * 2", "uses": ["G01"] } });
    let lost = json!({ "derived": { "expr": "g77", "uses": ["G77"] } });
    let of = |indicators: &[Value]| {
        let mut pack = testing::pack(indicators);
        pack.id = "more".to_owned();
        pack.sections.remove("domains");
        pack.sections.remove("index");
        let (sections, faults) = check(&pack, &[&below]);
        let codes: Vec<String> = faults.into_iter().map(|fault| fault.code).collect();
        (sections.indicators.len(), codes)
    };
    assert_eq!(
        of(&[indicator("G02", &open), indicator("C01", &twice)]),
        (2, Vec::new())
    );
    assert_eq!(
        of(&[indicator("G01", &open)]),
        (1, vec!["vitals.twice".to_owned()])
    );
    assert_eq!(
        of(&[indicator("K01", &open), indicator("G02", &lost)]),
        (
            2,
            vec![
                "vitals.unknown_domain".to_owned(),
                "vitals.unknown_indicator".to_owned()
            ]
        )
    );
}
