use proptest::prelude::*;

use super::*;
use crate::{Lamps, ResponseFloor};

fn policy() -> IndexEntry {
    IndexEntry {
        valid_from: "2026-01-01".parse().unwrap(),
        weights: [("A".to_owned(), 1.0)].into(),
        lamps: Lamps::default(),
        grey_share_max: 0.3,
        veto_margin: 15.0,
        response: Some(ResponseFloor {
            from: ResponseLevel::III,
            lamp: Lamp::Orange,
        }),
        source: None,
        verified: true,
    }
}

fn part(weight: f64, score: impl Into<Option<f64>>, is_veto: bool) -> DomainPart {
    DomainPart {
        weight,
        score: score.into(),
        is_veto,
    }
}

#[test]
fn a_domain_is_the_mean_of_what_is_heard() {
    for (parts, score, grey) in [
        (
            vec![part(1.0, 80.0, false), part(3.0, 100.0, false)],
            Some(95.0),
            0.0,
        ),
        (
            vec![part(7.0, 90.0, false), part(3.0, None, false)],
            Some(90.0),
            0.3,
        ),
        (
            vec![part(6.9, 90.0, false), part(3.1, None, false)],
            None,
            0.31,
        ),
        // One red lifeline alarm is not averaged away.
        (
            vec![part(9.0, 100.0, false), part(1.0, 30.0, true)],
            Some(45.0),
            0.0,
        ),
        (
            vec![part(9.0, 100.0, false), part(1.0, 90.0, true)],
            Some(99.0),
            0.0,
        ),
        (Vec::new(), None, 0.0),
    ] {
        let found = domain_score(&parts, &policy());
        assert!((found.grey_share - grey).abs() < 1e-9, "{parts:?}");
        match (found.score, score) {
            (Some(found), Some(score)) => assert!((found - score).abs() < 1e-9, "{parts:?}"),
            (found, score) => assert_eq!(found, score, "{parts:?}"),
        }
    }
}

#[test]
fn the_city_punishes_what_is_out_of_balance() {
    let domain = |weight, score: f64| CityPart {
        weight,
        score: Some(score),
    };
    let even = city_score(&[domain(0.5, 80.0), domain(0.5, 80.0)], &policy());
    let uneven = city_score(&[domain(0.5, 100.0), domain(0.5, 60.0)], &policy());
    assert!((even.score.unwrap() - 80.0).abs() < 1e-9);
    assert!((uneven.score.unwrap() - 6_000.0_f64.sqrt()).abs() < 1e-9);
    assert_eq!(
        city_score(&[domain(0.5, 0.0), domain(0.5, 100.0)], &policy()).score,
        Some(0.0)
    );
    let grey = CityPart {
        weight: 0.4,
        score: None,
    };
    assert_eq!(
        city_score(&[domain(0.6, 90.0), grey], &policy()).score,
        None
    );
}

#[test]
fn lamps_follow_the_score_and_the_response() {
    use Lamp::{Green, Orange, Red, Yellow};
    use ResponseLevel::{I, III, IV};
    for (score, response, expected) in [
        (Some(85.0), None, Some(Green)),
        (Some(84.99), None, Some(Yellow)),
        (Some(70.0), Some(IV), Some(Yellow)),
        (Some(69.9), None, Some(Orange)),
        (Some(49.9), None, Some(Red)),
        (Some(95.0), Some(III), Some(Orange)),
        (Some(95.0), Some(I), Some(Orange)),
        (Some(30.0), Some(III), Some(Red)),
        (None, None, None),
        (None, Some(I), Some(Orange)),
    ] {
        assert_eq!(
            lamp(score, response, &policy()),
            expected,
            "{score:?} {response:?}"
        );
    }
}

#[test]
fn equal_towns_share_a_place() {
    let places = ranking(&[Some(80.0), None, Some(90.0), Some(80.0), Some(70.0)]);
    assert_eq!(places, [Some(2), None, Some(1), Some(2), Some(4)]);
}

#[test]
fn the_largest_losses_are_the_reasons() {
    let parts = [
        part(2.0, 100.0, false),
        part(1.0, 70.0, false),
        part(1.0, 20.0, true),
        part(1.0, None, false),
    ];
    let domain = domain_score(&parts, &policy());
    assert_eq!(domain.score, Some(35.0));
    let losses = domain_losses(&parts, &domain);
    let reasons = top_reasons(&losses, 3);
    // The mean is 72.5: 7.5 and 20 points by weight, and 37.5 by holding down.
    assert_eq!(
        reasons.iter().map(|reason| reason.part).collect::<Vec<_>>(),
        [2, 1]
    );
    assert!((reasons[0].loss - 57.5).abs() < 1e-9 && (reasons[1].loss - 7.5).abs() < 1e-9);
}

fn parts() -> impl Strategy<Value = Vec<DomainPart>> {
    let one = (
        0.1_f64..5.0,
        prop::option::weighted(0.9, 0.0_f64..=100.0),
        any::<bool>(),
    );
    prop::collection::vec(
        one.prop_map(|(weight, score, veto)| part(weight, score, veto)),
        1..20,
    )
}

proptest! {
    #[test]
    fn a_domain_lies_between_its_worst_and_its_best(parts in parts()) {
        let found = domain_score(&parts, &policy());
        let known: Vec<f64> = parts.iter().filter_map(|part| part.score).collect();
        if let Some(score) = found.score {
            let worst = known.iter().copied().fold(f64::INFINITY, f64::min);
            let best = known.iter().copied().fold(0.0, f64::max);
            prop_assert!(worst <= score && score <= best);
            let mut vetoes = parts.iter().filter(|part| part.is_veto).filter_map(|part| part.score);
            prop_assert!(vetoes.all(|veto| score <= veto + 15.0));
            let lost: f64 = domain_losses(&parts, &found).iter().sum();
            prop_assert!((lost - (100.0 - score)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_better_indicator_makes_no_score_worse(parts in parts(), which in any::<prop::sample::Index>(), more in 0.0_f64..50.0) {
        let before = domain_score(&parts, &policy());
        let mut better = parts.clone();
        let raised = which.index(better.len());
        better[raised].score = better[raised].score.map(|score| (score + more).min(100.0));
        let after = domain_score(&better, &policy());
        prop_assert!(after.score.unwrap_or(0.0) >= before.score.unwrap_or(0.0) - 1e-9);
    }

    #[test]
    fn the_city_lies_between_its_domains_and_losses_add_up(scores in prop::collection::vec((0.01_f64..1.0, 0.0_f64..=100.0), 1..12)) {
        let parts: Vec<CityPart> = scores.iter().map(|(weight, score)| CityPart { weight: *weight, score: Some(*score) }).collect();
        let city = city_score(&parts, &policy()).score.unwrap();
        let worst = scores.iter().map(|(_, score)| *score).fold(f64::INFINITY, f64::min);
        let mean = scores.iter().map(|(weight, score)| weight * score).sum::<f64>() / scores.iter().map(|(weight, _)| weight).sum::<f64>();
        prop_assert!(worst <= city && city <= mean + 1e-9);
        let losses = city_losses(&parts, Some(city));
        prop_assert!((losses.iter().sum::<f64>() - (100.0 - city)).abs() < 1e-6);
        for (part, loss) in losses.iter().enumerate() {
            let shares = indicator_losses(&[1.0, 3.0], *loss);
            prop_assert!((shares.iter().sum::<f64>() - loss).abs() < 1e-6, "{part}");
        }
    }
}
