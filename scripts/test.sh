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
SERVER_PID=""
PASSED=0
FAILED=0
SKIPPED=0

cleanup() {
    local code=$?
    trap - EXIT
    server_stop
    postgres_stop
    rm -rf "$TEMPORARY"
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

wanted() { [[ " ${parts[*]} " == *" $1 "* ]]; }

server_stop() {
    if [ -n "$SERVER_PID" ] && kill -0 "$SERVER_PID" 2>/dev/null; then
        kill -TERM "$SERVER_PID"
        wait "$SERVER_PID" 2>/dev/null || true
    fi
    SERVER_PID=""
}

# server_start: the real program with the demo city on free ports; sets BASE_URL, and MQTT_ADDRESS where its devices speak.
server_start() {
    local log="$TEMPORARY/server.log" tries=0
    : >"$log"
    target/debug/yiwang demo --data "$TEMPORARY/demo" --listen 127.0.0.1:0 >"$log" 2>&1 &
    SERVER_PID=$!
    until BASE_URL="$(sed -nE 's/^yiwang is ready at (http:[^ ]+).*/\1/p' "$log")" && [ -n "$BASE_URL" ]; do
        tries=$((tries + 1))
        if [ "$tries" -ge 600 ] || ! kill -0 "$SERVER_PID" 2>/dev/null; then
            tail -n 20 "$log"
            return 1
        fi
        sleep 0.2
    done
    MQTT_ADDRESS="$(sed -nE 's/^devices speak mqtt to ([^ ]+).*/\1/p' "$log")"
    export BASE_URL MQTT_ADDRESS
}

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
    grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1 >"$last" || true
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

run_browser() { (cd web && node e2e/run.mjs); }

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
    if step "start the demo city" server_start; then
        say "    it answers at $BASE_URL"
        part browser "journeys in a browser (web/e2e)" run_browser
        server_stop
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
