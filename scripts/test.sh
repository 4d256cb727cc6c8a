#!/usr/bin/env bash
# Every test, on both databases and in a browser; installs what is missing, leaves nothing behind.
# Ends with one plain line, `N passed, N failed`, and fails if a test failed or could not run.
# Parts may be named: rust docs web e2e browser (all by default).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
source "$ROOT/scripts/postgres.sh"
cd "$ROOT"

if [ "$#" -gt 0 ]; then parts=("$@"); else parts=(rust docs web e2e browser); fi
TEMPORARY="$(mktemp -d)"
SERVER_PIDS=()
PASSED=0
FAILED=0
SKIPPED=0

cleanup() {
    local code=$?
    trap - EXIT
    servers_stop
    postgres_stop
    rm -rf "$TEMPORARY"
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

wanted() { [[ " ${parts[*]} " == *" $1 "* ]]; }

servers_stop() {
    for pid in "${SERVER_PIDS[@]}"; do
        kill -TERM "$pid" 2>/dev/null || continue
        wait "$pid" 2>/dev/null || true
    done
    SERVER_PIDS=()
}

# server_start NAME: the real program with a demo city of its own on free ports; its log is NAME.log.
server_start() {
    local log="$TEMPORARY/$1.log" tries=0
    : >"$log"
    target/debug/yiwang demo --data "$TEMPORARY/$1" --listen 127.0.0.1:0 >"$log" 2>&1 &
    SERVER_PIDS+=("$!")
    until grep -q '^yiwang is ready at http' "$log"; do
        tries=$((tries + 1))
        if [ "$tries" -ge 600 ] || ! kill -0 "${SERVER_PIDS[-1]}" 2>/dev/null; then
            tail -n 20 "$log"
            return 1
        fi
        sleep 0.2
    done
}

servers_start() { server_start city1 && server_start city2; }

# said NAME WORDS: the address that the server of that name said after these words.
said() { sed -nE "s/^$2 ([^ ]+).*/\1/p" "$TEMPORARY/$1.log"; }

# add PASSED FAILED SKIPPED CODE: a part that failed without a failed test counts as one failure.
add() {
    local failed="$2"
    if [ "$4" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
    PASSED=$((PASSED + $1))
    FAILED=$((FAILED + failed))
    SKIPPED=$((SKIPPED + $3))
}

# sum WORDS LOG: adds up the numbers that stand before WORDS (an expression) in the lines read.
sum() { grep -oE "[0-9]+ ($1)" "$2" | awk '{ total += $1 } END { print total + 0 }'; }

# part NAME WHAT COMMAND...: runs COMMAND with its output on the screen and in a log, and counts with count_NAME.
part() {
    local name="$1" what="$2" log="$TEMPORARY/$1.log" code=0
    shift 2
    step "$what" logged "$log" "$@" || code=$?
    "count_${name}" "$log" "$code"
}

logged() {
    local log="$1"
    shift
    "$@" 2>&1 | tee "$log"
}

count_rust() {
    local summary="$TEMPORARY/summary"
    grep -E '^ *Summary \[' "$1" | tail -n 1 >"$summary" || true
    add "$(sum 'passed' "$summary")" "$(sum 'failed|timed out|exec failed' "$summary")" "$(sum 'skipped' "$summary")" "$2"
}

count_docs() {
    local results="$TEMPORARY/results"
    grep -E '^test result:' "$1" >"$results" || true
    add "$(sum 'passed' "$results")" "$(sum 'failed' "$results")" "$(sum 'ignored' "$results")" "$2"
}

count_web() {
    local report="$TEMPORARY/vitest.json" counts="0 0 0"
    if [ -s "$report" ]; then
        counts="$(node -e '
            const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
            console.log(r.numPassedTests, r.numFailedTests, (r.numPendingTests ?? 0) + (r.numTodoTests ?? 0));
        ' "$report")"
    fi
    # shellcheck disable=SC2086 # three numbers
    add $counts "$2"
}

count_browser() {
    local last="$TEMPORARY/last"
    # One line of each half.
    grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" >"$last" || true
    add "$(sum 'passed' "$last")" "$(sum 'failed' "$last")" "$(sum 'skipped' "$last")" "$2"
}

find_chromium() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$candidate" ] && have "$candidate"; then
            CHROMIUM="$(command -v "$candidate")"
            export CHROMIUM
            return 0
        fi
    done
    return 1
}

need_browser() {
    find_chromium || step "install Chromium" apt_install chromium
    find_chromium || die "no Chromium; name one in CHROMIUM"
    have openssl || step "install openssl" apt_install openssl
    if have apt-get && [ ! -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]; then
        step "install a Chinese font" apt_install fonts-noto-cjk
    fi
}

# Programs of third parties, in a Python of their own under target/: clients of Open311 and of SensorThings, and DuckDB.
need_three() {
    local folder="$ROOT/target/three" list="$ROOT/tests/e2e/clients/requirements.txt"
    export YIWANG_THREE_PYTHON="$folder/bin/python" YIWANG_DUCKDB_PYTHON="$folder/bin/python"
    if cmp -s "$list" "$folder/installed.txt"; then return 0; fi
    rm -rf "$folder"
    have python3 || apt_install python3
    # Debian's Python makes environments only with this package.
    python3 -m venv "$folder" >/dev/null 2>&1 || { rm -rf "$folder" && apt_install python3-venv && python3 -m venv "$folder"; }
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$list" && cp "$list" "$folder/installed.txt"
}

run_web() {
    (cd web && NO_COLOR=1 pnpm run test --reporter=default --reporter=json --outputFile.json="$TEMPORARY/vitest.json")
}

# journeys HALF: a half of the journeys against the city of its number.
journeys() {
    local base mqtt
    base="$(said "city$1" 'yiwang is ready at')"
    mqtt="$(said "city$1" 'devices speak mqtt to')"
    (cd web && HALF="$1" BASE_URL="$base" MQTT_ADDRESS="$mqtt" node e2e/run.mjs)
}

# Much of a journey is waiting: two at a time take little more than half as long.
run_browser() {
    local code=0 other
    journeys 2 >"$TEMPORARY/half2.log" 2>&1 &
    other=$!
    journeys 1 || code=1
    say "    the other half:"
    wait "$other" || code=1
    cat "$TEMPORARY/half2.log"
    return "$code"
}

need_rust
need_node
need_nextest
if wanted browser; then need_browser; fi

# The server embeds the console, so it comes first.
if [ -n "${CI:-}" ] || [ ! -d web/node_modules ] || wanted web || wanted browser; then
    step "build the console" scripts/web.sh
fi
if wanted rust || wanted e2e; then
    step "start a PostgreSQL for the tests" postgres_start "$TEMPORARY/postgres"
    export YIWANG_TEST_POSTGRES="$POSTGRES_URL"
    say "    $YIWANG_TEST_POSTGRES"
fi
# One build serves all parts: a package built alone has other features, and would be built again.
if wanted rust || wanted e2e || wanted browser; then
    step "build the server and the tests" cargo nextest run --locked --workspace --no-run --cargo-quiet || add 0 1 0 1
    export YIWANG_BIN="$ROOT/target/debug/yiwang"
fi

if wanted rust || wanted e2e; then
    step "get programs of third parties" need_three || add 0 1 0 1
fi
if wanted e2e && ! { have mosquitto_pub && have openssl; }; then
    step "install an MQTT client and openssl" apt_install mosquitto-clients openssl || add 0 1 0 1
fi

run_crates() { cargo nextest run --locked "$@" --no-fail-fast --status-level fail; }
if wanted rust && wanted e2e; then
    part rust "tests of the crates and of the real program (cargo nextest)" run_crates --workspace
elif wanted rust; then
    part rust "tests of the crates (cargo nextest)" run_crates --workspace --exclude yiwang-e2e
elif wanted e2e; then
    part rust "tests of the real program (tests/e2e)" run_crates -p yiwang-e2e
fi
if wanted docs; then
    part docs "examples in the documentation (cargo test --doc)" cargo test --locked --workspace --doc --no-fail-fast --quiet
fi
if wanted web; then part web "tests of the console (vitest)" run_web; fi
if wanted browser; then
    if step "start a demo city for each half of the journeys" servers_start; then
        part browser "journeys in a browser (web/e2e)" run_browser
        servers_stop
    else
        add 0 1 0 1
    fi
fi

say ""
if [ "$SKIPPED" -gt 0 ]; then
    say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
else
    say "$PASSED passed, $FAILED failed"
fi
[ "$FAILED" -eq 0 ]
