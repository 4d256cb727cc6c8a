#!/usr/bin/env bash
# Installs what the console is built from and builds it into web/apps/console/dist.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT/web"

need_node
install() { pnpm install --frozen-lockfile --reporter=append-only --config.confirmModulesPurge=false; }
step "install the console's packages" install
step "build the console" pnpm run build
