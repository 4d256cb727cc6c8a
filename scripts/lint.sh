#!/usr/bin/env bash
# Everything that is checked without running the product. All steps run; any failure fails the whole.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"

need_rust
failed=()
try() { step "$@" || failed+=("$1"); }

shell_scripts() {
    have shellcheck || apt_install shellcheck
    shellcheck --external-sources --source-path=SCRIPTDIR scripts/*.sh .ci/run
}
documentation() { RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items --quiet; }
lock_file() {
    local refused='^(aws-lc-sys|openssl-sys|native-tls) '
    ! cargo tree --locked --workspace --prefix none --edges normal,build,dev --target all | grep -E "$refused" | sort -u
}
web() { (cd web && pnpm run "$1"); }

# The server embeds the console, so it comes first.
try "build the console" scripts/web.sh
try "formats (cargo fmt)" cargo fmt --all --check
try "house rules (cargo xtask tidy)" cargo xtask tidy
try "shell scripts (shellcheck)" shell_scripts
try "refused packages (cargo tree)" lock_file
try "console: lint" web lint
try "console: types" web typecheck
try "lints (cargo clippy)" cargo clippy --locked --workspace --all-targets --quiet -- -D warnings
try "documentation (cargo doc)" documentation

if [ "${#failed[@]}" -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}"
    exit 1
fi
say "lint: all clean"
