use super::*;

#[test]
fn renders_as_prometheus_reads_it() {
    let metrics = Metrics::new();
    metrics.describe("requests_total", "Requests answered.");
    metrics
        .counter("requests_total", &[("route", "/a\"b"), ("status", "200")])
        .add(3);
    metrics
        .counter("requests_total", &[("route", "/a\"b"), ("status", "200")])
        .increment();
    metrics.gauge("depth", &[]).set(2.5);
    let took = metrics.histogram("seconds", &[("route", "/a")]);
    took.observe(Duration::from_millis(3));
    took.observe(Duration::from_mins(1));
    let text = metrics.render();
    assert!(
        text.starts_with(
            "# TYPE depth gauge\ndepth 2.5\n# HELP requests_total Requests answered.\n"
        ),
        "{text}"
    );
    for line in [
        r#"requests_total{route="/a\"b",status="200"} 4"#,
        r#"seconds_bucket{route="/a",le="0.0025"} 0"#,
        r#"seconds_bucket{route="/a",le="0.005"} 1"#,
        r#"seconds_bucket{route="/a",le="30"} 1"#,
        r#"seconds_bucket{route="/a",le="+Inf"} 2"#,
        r#"seconds_sum{route="/a"} 60.003"#,
        r#"seconds_count{route="/a"} 2"#,
    ] {
        assert!(
            text.lines().any(|have| have == line),
            "{line} is missing in\n{text}"
        );
    }
}

#[test]
fn label_sets_are_bounded() {
    let metrics = Metrics::new();
    for n in 0..METRIC_SERIES_MAX + 5 {
        metrics
            .counter("many", &[("n", &n.to_string())])
            .increment();
    }
    assert_eq!(metrics.counter("many", &[("overflow", "true")]).value(), 5);
    assert!(metrics.render().lines().count() <= METRIC_SERIES_MAX + 2);
}

#[test]
fn gauges_add() {
    let gauge = Metrics::new().gauge("open", &[]);
    gauge.add(2.0);
    gauge.add(-0.5);
    assert!((gauge.value() - 1.5).abs() < f64::EPSILON);
}
