#!/usr/bin/env bash
# One archive with the program, its licence and its first page, in target/release-archive.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$ROOT"

need_rust
need_node
step "build the console" scripts/web.sh
step "build the server" cargo build --profile dist --locked -p yiwang-server

version="$(cargo metadata --no-deps --format-version 1 | grep -o '"name":"yiwang-server","version":"[^"]*"' | cut -d'"' -f8)"
name="yiwang-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)"
folder="target/release-archive/$name"
rm -rf "$folder"
mkdir -p "$folder"
cp target/dist/yiwang LICENSE NOTICE README.md README.zh-CN.md "$folder/"
tar -C target/release-archive -czf "target/release-archive/$name.tar.gz" "$name"
(cd target/release-archive && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
say "target/release-archive/$name.tar.gz"
