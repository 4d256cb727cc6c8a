#!/usr/bin/env bash
# Writes what snapshots, generated documents and formatted files should now say. Read the diff before you commit it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"

need_rust
need_node
need_nextest
step "format" cargo fmt --all
step "accept snapshots" env INSTA_UPDATE=always INSTA_FORCE_PASS=1 YIWANG_BLESS=1 \
    cargo nextest run --workspace --exclude yiwang-e2e --no-fail-fast
format_console() { (cd web && pnpm run format); }
step "format the console" format_console
git status --short
