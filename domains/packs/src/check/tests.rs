use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::Installing;
use yiwang_kernel::Fault;

use super::*;
use crate::load::{Sections, load};
use crate::render::render;
use crate::source::PackFiles;

/// Owns the section `words`: each entry's `after` must be a code of this pack or one below.
struct Words;

impl PackTarget for Words {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        let schema = serde_json::json!({
            "type": "object",
            "properties": {"code": {"type": "string"}, "after": {"type": "string"}},
            "required": ["code"],
            "additionalProperties": false,
        });
        vec![("words", schema)]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        let entries = |pack: &PackContent| pack.sections.get("words").cloned().unwrap_or_default();
        let all = under
            .iter()
            .flat_map(|pack| entries(pack))
            .chain(entries(pack));
        let codes: BTreeSet<String> = all
            .filter_map(|entry| Some(entry.value.get("code")?.as_str()?.to_owned()))
            .collect();
        let unknown = entries(pack).into_iter().filter_map(|entry| {
            let after = entry.value.get("after")?.to_string().replace('"', "");
            let message = format!("`{after}` is not known");
            (!codes.contains(&after)).then(|| entry.error("/after", "words.unknown", message, None))
        });
        unknown.collect()
    }

    fn install<'a>(
        &'a self,
        _pack: &'a PackContent,
        _by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

fn pack(id: &str, requires: &str, words: &str) -> Loaded {
    let manifest =
        format!("id: {id}\nversion: 1.0.0\ntitle: {{ zh: 包 }}\nrequires: [{requires}]\n");
    let files = PackFiles::new(
        id,
        [("pack.yaml", manifest.as_str()), ("words.yaml", words)],
    );
    load(&files, &Sections::of([&Words as &dyn PackTarget]))
}

fn told(packs: Vec<Loaded>, installed: &[LoadedPack]) -> String {
    let targets: [Arc<dyn PackTarget>; 1] = [Arc::new(Words)];
    let checked = check(packs, installed, &targets);
    checked
        .iter()
        .map(|loaded| render(&loaded.pack.manifest.id, &loaded.diagnostics))
        .collect()
}

#[test]
fn packs_are_checked_on_what_they_stand_on() {
    let ground = || pack("ground", "", "- { code: a }\n");
    let middle = || pack("middle", "ground", "- { code: b, after: a }\n");
    let top = || {
        pack(
            "alone",
            "middle",
            "- { code: c, after: a }\n- { code: d, after: x }\n",
        )
    };
    insta::assert_snapshot!(told(vec![top(), middle(), ground()], &[]), @r"
    ground: 0 errors, 0 warnings
    middle: 0 errors, 0 warnings
    error[words.unknown]: `x` is not known
      --> alone/words.yaml:2
    alone: 1 errors, 0 warnings
    ");
    insta::assert_snapshot!(told(vec![middle()], &[ground().pack]), @"middle: 0 errors, 0 warnings");
    insta::assert_snapshot!(told(vec![middle()], &[]), @r"
    error[pack.required_is_missing]: the required pack `ground` is neither installed nor given
      --> middle/pack.yaml
    error[words.unknown]: `a` is not known
      --> middle/words.yaml:1
    middle: 2 errors, 0 warnings
    ");
}

#[test]
fn circles_are_told() {
    let packs = vec![
        pack("left", "right", "- { code: a }\n"),
        pack("right", "left", "- { code: b }\n"),
    ];
    insta::assert_snapshot!(told(packs, &[]), @r"
    error[pack.required_in_a_circle]: `right` and this pack require each other
      --> left/pack.yaml
    left: 1 errors, 0 warnings
    right: 0 errors, 0 warnings
    ");
}

#[test]
fn a_wrong_shape_is_told_once() {
    insta::assert_snapshot!(told(vec![pack("one", "", "- code: a\n  after: 5\n")], &[]), @r#"
    error[pack.wrong_kind]: expected a text, found a number
      --> one/words.yaml:2
      hint: write it in quotes: "5"
    one: 1 errors, 0 warnings
    "#);
}
