#!/usr/bin/env bash
# Lint, test, and nothing left changed: generated files and snapshots in the repository are the current ones.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"
export CI=true
# Nothing is built twice here, and the caches of incremental builds would take more room than the build.
export CARGO_INCREMENTAL=0

# Tests run also when lints fail, so that one run tells everything.
code=0
step "lint" scripts/lint.sh || code=1
step "test" scripts/test.sh || code=1
step "the tree is as it was" git diff --exit-code || code=1
exit "$code"
