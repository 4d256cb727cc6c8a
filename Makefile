# What there is to run. Each line calls cargo or one script; `make` alone lists them.
.PHONY: help run check test lint bless web e2e bench docs ci release

help:    ; @awk -F' *:|  *# ' '/^[a-z0-9]+ *: *; @[^a].*# / { printf "make %-8s %s\n", $$1, $$NF }' Makefile
run:     ; @scripts/run.sh                           # build everything and start the demo city
check:   ; @cargo check --workspace --all-targets && cargo xtask tidy # the quick look before a commit
test:    ; @scripts/test.sh                          # every test on both databases and in a browser
lint:    ; @scripts/lint.sh                          # formats, lints, house rules, documentation
bless:   ; @scripts/bless.sh                         # accept what snapshots and generated files now say
web:     ; @scripts/web.sh                           # install and build the console
e2e:     ; @scripts/test.sh e2e browser              # only the tests of the real program
bench:   ; @scripts/bench.sh                         # the figures of docs/benchmarks.md, in short form
docs:    ; @cargo doc --workspace --no-deps --document-private-items # the crates' documentation in target/doc
ci:      ; @scripts/ci.sh                            # exactly what the build machine runs
release: ; @scripts/release.sh                       # one archive to install from
