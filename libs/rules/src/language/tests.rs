//! Our evaluation against that of the `cel` crate, which is not used at run time.

use std::collections::BTreeMap;

use cel::{Context, Program, Value};
use proptest::prelude::*;

use crate::{
    diagnostic::Remark,
    language::{Reader, RuleNames},
    operands::{Operands, Source},
    profile::{Profile, Property},
    program::{Emitter, Truth, Values},
    spec::Accepts,
};

const NAMES: [&str; 3] = ["a", "b", "c"];

/// An expression in our language and, where `cel` knows something by another name, in its.
#[derive(Debug, Clone)]
struct Both {
    ours: String,
    cels: String,
}

impl Both {
    fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            ours: text.clone(),
            cels: text,
        }
    }

    fn of(pattern: &str, parts: &[&Self]) -> Self {
        let fill = |text: fn(&Self) -> &str| {
            let filled = parts.iter().enumerate();
            filled.fold(pattern.to_owned(), |filled, (index, part)| {
                filled.replace(&format!("${index}"), text(part))
            })
        };
        Self {
            ours: fill(|both| &both.ours),
            cels: fill(|both| &both.cels),
        }
    }
}

fn number() -> impl Strategy<Value = Both> {
    let literal =
        (-40_i32..40).prop_map(|quarters| Both::same(format!("{:?}", f64::from(quarters) / 4.0)));
    let name = prop::sample::select(NAMES.to_vec()).prop_map(Both::same);
    prop_oneof![literal, name].prop_recursive(3, 12, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two.clone(), prop::sample::select(vec!["+", "-", "*"])).prop_map(
                |((left, right), sign)| Both::of(&format!("($0 {sign} $1)"), &[&left, &right])
            ),
            two.clone().prop_map(|(left, right)| Both {
                ours: format!("({} / {})", left.ours, right.ours),
                // Division by nothing is unknown with us; so is a name that nobody knows with them.
                cels: format!(
                    "(({1}) == 0.0 ? nobody : {0} / ({1}))",
                    left.cels, right.cels
                ),
            }),
            (two.clone(), prop::sample::select(vec!["min", "max"])).prop_map(
                |((left, right), name)| Both::of(&format!("{name}($0, $1)"), &[&left, &right])
            ),
            (
                inner.clone(),
                prop::sample::select(vec!["abs", "floor", "ceil", "-"])
            )
                .prop_map(|(inner, name)| Both::of(&format!("{name}($0)"), &[&inner])),
            (condition_of(inner.clone()), two).prop_map(|(condition, (yes, no))| Both::of(
                "($0 ? $1 : $2)",
                &[&condition, &yes, &no]
            )),
        ]
        .boxed()
    })
}

fn condition_of(
    number: impl Strategy<Value = Both> + Clone + 'static,
) -> impl Strategy<Value = Both> {
    let two = (number.clone(), number);
    let comparison = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    (two, comparison)
        .prop_map(|((left, right), sign)| Both::of(&format!("$0 {sign} $1"), &[&left, &right]))
}

fn condition() -> impl Strategy<Value = Both> {
    let number = number().boxed();
    let list = prop::collection::vec(-4_i32..4, 1..4);
    let within = (number.clone(), list).prop_map(|(item, list)| {
        let list: Vec<String> = list
            .into_iter()
            .map(|one| format!("{:?}", f64::from(one)))
            .collect();
        Both::of(&format!("$0 in [{}]", list.join(", ")), &[&item])
    });
    let truth = any::<bool>().prop_map(|truth| Both::same(truth.to_string()));
    let has = prop::sample::select(NAMES.to_vec()).prop_map(|name| Both {
        ours: format!("has({name})"),
        cels: format!("has_{name}"),
    });
    prop_oneof![6 => condition_of(number), 1 => within, 1 => truth, 1 => has].prop_recursive(
        4,
        24,
        3,
        |inner| {
            let three = (inner.clone(), inner.clone(), inner.clone());
            prop_oneof![
                three
                    .clone()
                    .prop_map(|(left, right, _)| Both::of("($0 && $1)", &[&left, &right])),
                three
                    .clone()
                    .prop_map(|(left, right, _)| Both::of("($0 || $1)", &[&left, &right])),
                three
                    .clone()
                    .prop_map(|(left, right, _)| Both::of("(($0) == ($1))", &[&left, &right])),
                three.clone().prop_map(|(one, two, other)| Both::of(
                    "(($0) ? ($1) : ($2))",
                    &[&one, &two, &other]
                )),
                inner.prop_map(|inner| Both::of("!($0)", &[&inner])),
            ]
        },
    )
}

fn ours(text: &str, known: &BTreeMap<&str, f64>) -> Option<bool> {
    let profile = Profile {
        properties: NAMES.map(Property::new).into(),
        attributes: Vec::new(),
    };
    let mut operands = Operands::new(profile);
    let mut names = RuleNames {
        accepts: Accepts::Believed,
        properties: NAMES
            .iter()
            .enumerate()
            .map(|(index, name)| ((*name).into(), index))
            .collect(),
        ..RuleNames::default()
    };
    let mut reader = Reader::new(&mut operands, &mut names);
    let node = reader.condition(text);
    let node = node.unwrap_or_else(|| panic!("{text}: {:?}", reader.remarks));
    let mut emitter = Emitter::default();
    let test = emitter.test(&node, &mut operands).unwrap();
    let bank: Vec<f64> = operands
        .bank
        .iter()
        .map(|source| match source {
            Source::Slot(slot) => known
                .get(operands.property_of(*slot))
                .copied()
                .unwrap_or(f64::NAN),
            _ => f64::NAN,
        })
        .collect();
    let table: Vec<f64> = operands
        .table
        .iter()
        .map(|entry| match entry {
            crate::operands::Entry::Constant(value) => *value,
            crate::operands::Entry::Dated(_) => f64::NAN,
        })
        .collect();
    let values = Values {
        bank: &bank,
        table: &table,
    };
    match values.test(test, &emitter.steps) {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}

fn cels(text: &str, known: &BTreeMap<&str, f64>) -> Option<bool> {
    let mut context = Context::default();
    for name in NAMES {
        context.add_variable_from_value(format!("has_{name}"), known.contains_key(name));
        if let Some(value) = known.get(name) {
            context.add_variable_from_value(name, *value);
        }
    }
    assert!(context.add_function("abs", f64::abs).is_ok());
    assert!(context.add_function("floor", f64::floor).is_ok());
    assert!(context.add_function("ceil", f64::ceil).is_ok());
    assert!(context.add_function("min", f64::min).is_ok());
    assert!(context.add_function("max", f64::max).is_ok());
    match Program::compile(text).unwrap().execute(&context) {
        Ok(Value::Bool(truth)) => Some(truth),
        Ok(other) => panic!("{text}: {other:?}"),
        Err(_unknown) => None,
    }
}

fn is_bearable(text: &str) -> bool {
    super::parse::parse(text).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn conditions_are_worth_what_cel_says(
        both in condition().prop_filter("what the parser bears", |both| is_bearable(&both.ours) && is_bearable(&both.cels)),
        values in prop::collection::vec(prop::option::weighted(0.8, (-20_i32..20).prop_map(|quarters| f64::from(quarters) / 4.0)), 3),
    ) {
        let known: BTreeMap<&str, f64> = NAMES.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect();
        prop_assert_eq!(ours(&both.ours, &known), cels(&both.cels, &known), "{}", both.ours);
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[ab()\\[\\]{}?:<>=!&|+*/., 0-9\"'\u{6c34}-]{0,120}") {
        let mut operands = Operands::new(Profile::default());
        let mut names = RuleNames::default();
        let mut reader = Reader::new(&mut operands, &mut names);
        let node = reader.condition(&text);
        prop_assert!(node.is_some() || !reader.remarks.is_empty());
    }
}

#[test]
fn what_would_exhaust_the_parser_is_refused_before_it() {
    for (text, is_refused) in [
        ("(".repeat(16) + "1 < 2" + &")".repeat(16), false),
        (
            "(1 < 2 && true ? ".repeat(16) + "true" + &" : 1 + 2 < 3)".repeat(16),
            false,
        ),
        ("(".repeat(17) + "1 < 2" + &")".repeat(17), true),
        ("[".repeat(500), true),
        ("true ? true : ".repeat(16) + "true", false),
        ("true ? true : ".repeat(17) + "true", true),
        ("!".repeat(1_990) + "true", false),
        ("1 < 2 &&".repeat(240) + "true", false),
        (" 1 <".repeat(600), true),
    ] {
        let said = super::parse::parse(&text);
        let codes = |remarks: Vec<Remark>| remarks.first().map(|remark| remark.code);
        let is_bounds = said
            .err()
            .and_then(codes)
            .is_some_and(|code| code != "rules.syntax");
        assert_eq!(is_bounds, is_refused, "{text}");
    }
}
