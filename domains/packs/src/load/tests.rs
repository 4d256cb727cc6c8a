use schemars::JsonSchema;
use serde_json::Value;

use super::*;
use crate::render::render;

const MANIFEST_TEXT: &str = "id: demo\nversion: 2026.11.0\ntitle: { zh: 示例, en: Demo }\n";

/// An entry as domains write theirs.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Entry {
    code: String,
    name: Words,
    #[serde(default)]
    grade: Option<Grade>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    secrecy: Option<u8>,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Words {
    Plain(String),
    Both(yiwang_kernel::Text),
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Grade {
    Urgent,
    Ordinary,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Line {
    step: String,
    amount: u32,
}

fn sections() -> Sections {
    let schema: Value = schemars::schema_for!(Entry).to_value();
    Sections(BTreeMap::from([
        ("items".to_owned(), schema),
        ("areas".to_owned(), Value::Bool(true)),
    ]))
}

fn told(files: &[(&str, &str)]) -> String {
    let loaded = load(&PackFiles::new("demo", files.iter().copied()), &sections());
    render("demo", &loaded.diagnostics)
}

fn told_of_items(text: &str) -> String {
    told(&[("pack.yaml", MANIFEST_TEXT), ("items.yaml", text)])
}

#[test]
fn a_good_pack_has_nothing_to_be_told() {
    let files = [
        ("pack.yaml", MANIFEST_TEXT),
        ("README.md", "# Notes"),
        (
            "items/a.yaml",
            "- { code: \"01\", name: 甲, grade: urgent }\n",
        ),
        (
            "items/b.yaml",
            "code: \"02\"\nname: { zh: 乙 }\nlines:\n  - { step: sign, amount: 3 }\n",
        ),
        ("areas.csv", "code,name\n01,甲\n"),
    ];
    let loaded = load(&PackFiles::new("demo", files), &sections());
    assert_eq!(loaded.diagnostics, []);
    let codes: Vec<&Value> = loaded
        .pack
        .content
        .sections
        .values()
        .flatten()
        .filter_map(|entry| entry.value.get("code"))
        .collect();
    assert_eq!(codes, ["01", "01", "02"]);
    assert_eq!(loaded.pack.content.version, "2026.11.0");
    let changed = load(
        &PackFiles::new("demo", [files[0], files[2], files[3]]),
        &sections(),
    );
    assert_ne!(loaded.pack.hash, changed.pack.hash);
    let noted = load(
        &PackFiles::new("demo", [files[0], files[2], files[3], files[4]]),
        &sections(),
    );
    assert_eq!(loaded.pack.hash, noted.pack.hash);
}

#[test]
fn every_fault_is_told_at_once_with_its_line() {
    let items = "# items\n\
        - code: 01\n  name: 甲\n  keywrods: [a]\n\
        - code: \"02\"\n  grade: urgnet\n  secrecy: 300\n\
        - name: [乙]\n  code: \"03\"\n  keywords: a\n  lines:\n    - { step: sign, amuont: 3 }\n";
    insta::assert_snapshot!(told_of_items(items), @r#"
    error[pack.wrong_kind]: expected a text, found a number
      --> demo/items.yaml:2
      hint: write it in quotes: "1"
    error[pack.unknown_field]: there is no field `keywrods`
      --> demo/items.yaml:4
      hint: did you mean `keywords`?
    error[pack.missing_field]: field `name` is missing
      --> demo/items.yaml:5
    error[pack.unknown_word]: `urgnet` is not known here
      --> demo/items.yaml:6
      hint: did you mean `urgent`?
    error[pack.out_of_range]: 300 is not within 0 to 255
      --> demo/items.yaml:7
    error[pack.wrong_kind]: expected a text or a group of fields, found a list
      --> demo/items.yaml:8
    error[pack.wrong_kind]: expected a list, found a text
      --> demo/items.yaml:10
    error[pack.missing_field]: field `amount` is missing
      --> demo/items.yaml:12
    error[pack.unknown_field]: there is no field `amuont`
      --> demo/items.yaml:12
      hint: did you mean `amount`?
    demo: 9 errors, 0 warnings
    "#);
}

#[test]
fn a_fault_in_one_file_does_not_hide_another() {
    let files = [
        ("pack.yaml", MANIFEST_TEXT),
        ("items/a.yaml", "- code: [\n"),
        ("items/b.yaml", "- { code: \"01\" }\n"),
        ("items/c.yaml", "# nothing yet\n"),
        ("items/d.txt", "x"),
        ("itmes.yaml", "- x\n"),
        ("areas.csv", "code,name\n01\n02,乙\n"),
        ("weather.yaml", "- x\n"),
    ];
    insta::assert_snapshot!(told(&files), @r"
    error[pack.bad_table]: 1 cells where the heading has 2
      --> demo/areas.csv:2
    error[pack.bad_yaml]: while parsing a node, did not find expected node content
      --> demo/items/a.yaml:2
    error[pack.missing_field]: field `name` is missing
      --> demo/items/b.yaml:1
    error[pack.empty_file]: the file has no entries
      --> demo/items/c.yaml
      hint: write entries in it, or take it away
    error[pack.unknown_kind_of_file]: a section is `.yaml` or `.csv`, not `.txt`
      --> demo/items/d.txt
    error[pack.unknown_section]: there is no section `itmes`
      --> demo/itmes.yaml
      hint: did you mean `items`?
    error[pack.unknown_section]: there is no section `weather`
      --> demo/weather.yaml
      hint: known are areas, items
    demo: 7 errors, 0 warnings
    ");
}

#[test]
fn the_first_page_is_checked_too() {
    insta::assert_snapshot!(told(&[]), @r"
    error[pack.no_manifest]: the folder has no `pack.yaml`
      --> demo/pack.yaml
      hint: write id, version, title and requires in it
    demo: 1 errors, 0 warnings
    ");
    insta::assert_snapshot!(told(&[("pack.yaml", "id: Demo\nversion: 1.0.0\ntitle: { zh: 示例 }\n")]), @r"
    error[pack.bad_id]: `Demo` is no good id
      --> demo/pack.yaml:1
      hint: small letters, digits and hyphens, a letter first
    demo: 1 errors, 0 warnings
    ");
    insta::assert_snapshot!(told(&[("pack.yaml", "id: other\nversion: 1.0.0\ntitle: { zh: 示例 }\nrequires: [other]\n")]), @r"
    error[pack.other_folder]: the pack is called `other` but its folder `demo`
      --> demo/pack.yaml:1
      hint: rename the folder to `other`
    error[pack.requires_itself]: a pack cannot require itself
      --> demo/pack.yaml:4
    demo: 2 errors, 0 warnings
    ");
    insta::assert_snapshot!(told(&[("pack.yaml", "id: demo\nversion: 1.0\ntitel: 示例\n")]), @r#"
    error[pack.missing_field]: field `title` is missing
      --> demo/pack.yaml:1
    error[pack.wrong_kind]: expected a text, found a number
      --> demo/pack.yaml:2
      hint: write it in quotes: "1.0"
    error[pack.unknown_field]: there is no field `titel`
      --> demo/pack.yaml:3
      hint: did you mean `title`?
    demo: 3 errors, 0 warnings
    "#);
    insta::assert_snapshot!(told(&[("pack.yaml", "id: demo\nversion: one\ntitle: { zh: 示例 }\n")]), @r"
    error[pack.bad_value]: a version has three numbers, as in 2026.11.0
      --> demo/pack.yaml:2
    demo: 1 errors, 0 warnings
    ");
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let mut files = PackFiles::new("demo", [("pack.yaml", MANIFEST_TEXT)]);
    files
        .files
        .insert("items.yaml".to_owned(), b"- a\n- \xff\n".to_vec());
    let loaded = load(&files, &sections());
    insta::assert_snapshot!(render("demo", &loaded.diagnostics), @r"
    error[pack.not_utf8]: the file is not UTF-8
      --> demo/items.yaml:2
      hint: save it as UTF-8
    demo: 1 errors, 0 warnings
    ");
}

#[test]
fn the_packs_that_come_with_the_program_are_without_fault() {
    let known = [
        "orgs",
        "areas",
        "roles",
        "calendars",
        "grades",
        "limits",
        "items",
        "responsibility",
        "codesets",
        "profiles",
        "alarm_rules",
        "alarm_escalations",
        "domains",
        "index",
        "indicators",
        "layers",
        "screens",
        "basemaps",
    ];
    assert_eq!(
        PackFiles::shipped_ids(),
        ["core", "sensing", "urban-management", "vitals"]
    );
    for id in PackFiles::shipped_ids() {
        let loaded = load(&PackFiles::shipped(&id).unwrap(), &Sections::named(known));
        assert_eq!(
            render(&id, &loaded.diagnostics),
            format!("{id}: 0 errors, 0 warnings\n")
        );
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../packs")
            .join(&id);
        let read = load(
            &PackFiles::folder(&folder).unwrap(),
            &Sections::named(known),
        );
        assert_eq!(read.pack.hash, loaded.pack.hash);
    }
}
