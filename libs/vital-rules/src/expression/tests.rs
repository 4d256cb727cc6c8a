use super::*;

struct Fixed(Vec<f64>);

impl Inputs for Fixed {
    fn value(&self, slot: usize) -> f64 {
        self.0[slot]
    }

    fn prior(&self, slot: usize, micros: i64) -> f64 {
        self.0[slot] - micros as f64 / crate::HOUR as f64
    }
}

const UNKNOWN: f64 = f64::NAN;

fn names() -> Vec<String> {
    ["a01", "a02", "due"].map(str::to_owned).into()
}

fn worth(text: &str, values: [f64; 3]) -> Option<f64> {
    let expression = Expression::read(text, &names(), 2).unwrap();
    expression.compute(&Fixed(values.into()))
}

#[test]
fn arithmetic_is_that_of_doubles() {
    for (text, values, expected) in [
        ("a01 - prior(a01, \"1h\")", [5.0, 0.0, 0.0], Some(1.0)),
        ("100 * a01 / due", [3.0, 0.0, 4.0], Some(75.0)),
        ("a01 / due", [3.0, 0.0, 0.0], None),
        (
            "max(a01, a02) - min(a01, a02) - abs(-due)",
            [3.0, 7.0, 4.0],
            Some(0.0),
        ),
        ("a01 > a02 ? a01 : a02", [3.0, 7.0, 0.0], Some(7.0)),
        (
            "due > 0.0 && a01 > 1.0 ? 1.0 : 2.0",
            [2.0, 0.0, 1.0],
            Some(1.0),
        ),
        (
            "floor(a01) + ceil(a02) + sqrt(due)",
            [1.5, 1.5, 9.0],
            Some(6.0),
        ),
        (
            "!(a01 >= a02) || a01 == a02 ? 1 : 0",
            [2.0, 2.0, 0.0],
            Some(1.0),
        ),
    ] {
        assert_eq!(worth(text, values), expected, "{text}");
    }
}

#[test]
fn what_is_not_known_makes_unknown_what_needs_it() {
    for (text, expected) in [
        ("a01 + a02", None),
        ("min(a01, a02)", None),
        ("a01 > a02 ? 1 : 0", None),
        ("has(a01) ? a01 : a02", Some(2.0)),
        ("a01 > 1.0 && a02 > 5.0 ? 1 : 0", Some(0.0)),
        ("a01 > 1.0 || a02 < 5.0 ? 1 : 0", Some(1.0)),
        ("a01 > 1.0 || a02 > 5.0 ? 1 : 0", None),
    ] {
        assert_eq!(worth(text, [UNKNOWN, 2.0, 3.0]), expected, "{text}");
    }
}

#[test]
fn faults_are_told_together() {
    for (text, kinds) in [
        ("", vec!["empty"]),
        ("a01 +", vec!["syntax"]),
        ("a03 + a04", vec!["unknown_name", "unknown_name"]),
        ("a01 > 1.0", vec!["kind"]),
        ("a01 ? 1 : 0", vec!["kind"]),
        ("prior(due, \"1h\")", vec!["prior"]),
        ("prior(a01, \"1w\")", vec!["prior"]),
        ("prior(a01, 1)", vec!["prior"]),
        ("has(a01 + a02) ? 1 : 0", vec!["has"]),
        ("median(a01)", vec!["unknown_function"]),
        ("a01.size()", vec!["unsupported"]),
        ("\"x\" + a01", vec!["unsupported"]),
        ("a01 % a02", vec!["unknown_function"]),
    ] {
        let faults = Expression::read(text, &names(), 2).unwrap_err();
        let found: Vec<&str> = faults
            .iter()
            .map(|fault| fault.kind.trim_start_matches("vitals.expression."))
            .collect();
        assert_eq!(found, kinds, "{text}: {faults:?}");
    }
    let deep = format!("{}a01{}", "(".repeat(40), ")".repeat(40));
    let faults = Expression::read(&deep, &names(), 2).unwrap_err();
    assert_eq!(faults[0].kind, "vitals.expression.too_large");
}

#[test]
fn what_is_read_is_known() {
    let expression = Expression::read("a02 / due", &names(), 2).unwrap();
    assert!(!expression.uses(0) && expression.uses(1) && expression.uses(2));
    assert!(!expression.reads_prior());
    assert_eq!(expression.names(), names());
}
