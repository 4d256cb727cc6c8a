//! Contracts kept as files: compared, or written anew when `YIWANG_BLESS` is set.

use std::path::Path;

/// Compares the file (its path from the crate) with what it should hold.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
pub(crate) fn compare(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var("YIWANG_BLESS").is_ok() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == wanted {
        return;
    }
    let first = kept
        .lines()
        .zip(wanted.lines())
        .position(|(kept, wanted)| kept != wanted);
    let at = first.unwrap_or_else(|| kept.lines().count().min(wanted.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    panic!(
        "{file} differs from line {} on:\n  kept: {}\n  now:  {}\nlook at the change; if it is right, run the tests with YIWANG_BLESS=1",
        at + 1,
        line(&kept),
        line(wanted)
    );
}
