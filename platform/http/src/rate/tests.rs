use yiwang_kernel::from_micros;

use super::*;

fn limiter(per_second: f64, burst: f64) -> RateLimiter {
    let limit = RateLimit { per_second, burst };
    RateLimiter::new(
        RateLimits {
            token: limit,
            address: limit,
            sign_in: limit,
            public: limit,
        },
        &Metrics::new(),
    )
}

#[test]
fn a_burst_is_let_through_and_then_the_rate() {
    let limiter = limiter(2.0, 3.0);
    let key = limiter.key("one");
    let taken = |millis: i64| limiter.take(RateClass::Token, key, from_micros(millis * 1_000));
    assert_eq!([taken(0), taken(0), taken(0)], [Ok(()), Ok(()), Ok(())]);
    assert_eq!(taken(0), Err(1));
    assert_eq!(taken(400), Err(1));
    assert_eq!(taken(500), Ok(()));
    assert_eq!(taken(500), Err(1));
    assert_eq!(
        limiter.take(RateClass::Token, limiter.key("other"), from_micros(500_000)),
        Ok(())
    );
    assert_eq!(
        limiter.take(RateClass::SignIn, key, from_micros(500_000)),
        Ok(()),
        "classes do not share"
    );
}

#[test]
fn a_clock_set_back_gives_nothing_away() {
    let limiter = limiter(1.0, 1.0);
    let key = limiter.key("one");
    assert_eq!(
        limiter.take(RateClass::Token, key, from_micros(10_000_000)),
        Ok(())
    );
    assert_eq!(limiter.take(RateClass::Token, key, from_micros(0)), Err(1));
    assert_eq!(
        limiter.take(RateClass::Token, key, from_micros(10_500_000)),
        Err(1)
    );
    assert_eq!(
        limiter.take(RateClass::Token, key, from_micros(11_000_000)),
        Ok(())
    );
}

#[test]
fn the_map_stays_bounded_and_newcomers_share_when_it_is_full() {
    let mut limiter = limiter(1.0, 2.0);
    limiter.keys_max = 10;
    let at = from_micros(0);
    for who in 0..10 {
        assert_eq!(
            limiter.take(RateClass::Address, limiter.key(who), at),
            Ok(())
        );
    }
    let late: Vec<_> = (10..15)
        .map(|who| limiter.take(RateClass::Address, limiter.key(who), at))
        .collect();
    assert_eq!(late, [Ok(()), Ok(()), Err(1), Err(1), Err(1)]);
    assert!(limiter.buckets.lock().unwrap().len() <= 11);
    // Once the first ones are full again they make room.
    assert_eq!(
        limiter.take(RateClass::Address, limiter.key(99), from_micros(60_000_000)),
        Ok(())
    );
    assert!(limiter.buckets.lock().unwrap().len() <= 2);
}

#[test]
fn a_rate_of_zero_is_no_limit() {
    let limiter = limiter(0.0, 0.0);
    assert!((0..1_000).all(|_| limiter.take(RateClass::Token, 7, from_micros(0)).is_ok()));
}
