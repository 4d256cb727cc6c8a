#!/usr/bin/env bash
# The benchmarks in short form, against the build that is shipped; `docs/benchmarks.md` says how full runs are made.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"

need_rust
step "build the server and the benchmarks" cargo build --profile dist -p yiwang-server -p yiwang-benches
for figure in lifecycle list responsibility; do
    step "benchmark: $figure" target/dist/bench "$figure" --short
done
