# The one door. `make run` and `make test` do all the set-up on a fresh machine.
.PHONY: run test check bench fmt web build tools-web tools-test clean-demo

RUN_PROFILE := start
BINARY := target/$(RUN_PROFILE)/najimi

run: web ## build everything and start the demo shop
	@echo "== building najimi (the first time takes a quarter of an hour on 2 cores, later seconds)"
	cargo build --profile $(RUN_PROFILE) -p najimi
	@echo "== starting the demo shop (the first start reads 541,909 order lines: about a minute)"
	$(BINARY) demo

web: tools-web ## build the web application
	@if [ ! -d web/admin/node_modules ] || [ web/admin/package-lock.json -nt web/admin/node_modules ]; then \
	  echo "== fetching the parts of the web application (about half a minute)"; cd web/admin && npm install --no-audit --no-fund --no-save && touch node_modules; fi
	@if [ ! -f web/admin/dist/index.html ] || [ -n "$$(find web/admin/src web/admin/index.html web/admin/package.json -newer web/admin/dist/index.html -print -quit)" ]; then \
	  echo "== building the web application (about half a minute)"; cd web/admin && npm run build; fi

test: tools-test web ## run all tests
	@if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --no-fail-fast --retries 1; else cargo test --workspace; fi
	cd web/admin && npm test

check: web ## formatting, lints, dependency table, types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked
	python3 tools/check_dependencies.py
	cd web/admin && npm run check

bench: tools-test web ## measure beside the peers, an hour (QUICK=1: small, some minutes; ROWS="ingest import": only these)
	cargo build --profile $(RUN_PROFILE) -p najimi -p channels --bin najimi --example large_shop --example render
	cargo build --release -p load
	@[ -x target/bench/venv/bin/python3 ] || python3 -m venv target/bench/venv
	target/bench/venv/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	target/bench/venv/bin/python3 bench/run.py --programs target/$(RUN_PROFILE) --load target/release/load --work target/bench/work $(if $(QUICK),--quick) $(ROWS)

fmt: ## format everything
	cargo fmt --all
	cd web/admin && npx biome check --write .

tools-web:
	@sh tools/need.sh cargo node

tools-test: tools-web
	@sh tools/need.sh postgres
