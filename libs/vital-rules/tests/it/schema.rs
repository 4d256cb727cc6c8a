//! The form of the sections, as an editor checks it.

use schemars::schema_for;
use yiwang_vital_rules::{DomainEntry, FeedEntry, IndexEntry, IndicatorEntry};

#[test]
fn the_sections_have_their_form() {
    insta::assert_json_snapshot!("indicators", schema_for!(IndicatorEntry));
    insta::assert_json_snapshot!("index", schema_for!(IndexEntry));
    insta::assert_json_snapshot!("domains", schema_for!(DomainEntry));
    insta::assert_json_snapshot!("feeds", schema_for!(FeedEntry));
}
