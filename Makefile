# The one door. `make run` and `make test` do all the set-up on a fresh machine.
.PHONY: run test torture bench check generate fmt web e2e-parts stories guide-images tools-web tools-lint tools-test

RUN_PROFILE := start
BINARY := target/$(RUN_PROFILE)/najimi

run: web ## build everything and start the demo shop
	@if [ -x $(BINARY) ]; then echo "== building najimi where something has changed (seconds)"; \
	  else echo "== building najimi (the first time takes about a quarter of an hour on 2 cores, later seconds)"; fi
	@cargo build --profile $(RUN_PROFILE) -p najimi
	@if [ -e data-demo/records.db ]; then echo "== opening the demo shop in data-demo (seconds; remove the folder to begin anew)"; \
	  else echo "== starting the demo shop (the first start reads 541,909 order lines into data-demo: about a minute)"; fi
	@$(BINARY) demo

web: tools-web ## build the web application
	@if [ ! -d web/admin/node_modules ] || [ web/admin/package-lock.json -nt web/admin/node_modules ]; then \
	  echo "== fetching the parts of the web application (about half a minute)"; cd web/admin && npm install --no-audit --no-fund --no-save && touch node_modules; fi
	@if [ ! -f web/admin/dist/index.html ] || [ -n "$$(find web/admin/src web/admin/index.html web/admin/package.json -newer web/admin/dist/index.html -print -quit)" ]; then \
	  echo "== building the web application (about half a minute)"; cd web/admin && npm run build; fi

test: tools-test web ## run all tests
	@export NAJIMI_TEST_PYTHON="$${NAJIMI_TEST_PYTHON:-$$(sh tools/python_for_tests.sh)}"; [ -n "$$NAJIMI_TEST_PYTHON" ] || unset NAJIMI_TEST_PYTHON; \
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --no-fail-fast --retries 1; else cargo test --workspace; fi
	cd web/admin && npm test
	@$(MAKE) --no-print-directory stories

stories: web e2e-parts ## play the product's stories in a browser (about four minutes)
	@echo "== playing the stories in a browser (about four minutes)"
	cargo build -p najimi
	cd e2e && NAJIMI_BINARY="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/najimi" node run.js

guide-images: ## play them and take the pictures of docs/guide anew
	NAJIMI_GUIDE_IMAGES=1 $(MAKE) --no-print-directory stories

e2e-parts:
	@sh tools/need.sh node chromium
	@if [ ! -d e2e/node_modules ] || [ e2e/package-lock.json -nt e2e/node_modules ]; then \
	  echo "== fetching the parts of the browser stories (a few seconds)"; cd e2e && npm ci --no-audit --no-fund && touch node_modules; fi

check: web tools-lint ## formatting, lints, dependency table, unused and unwanted crates, types
	cargo fmt --all --check
	python3 tools/check_dependencies.py
	python3 tools/check_references.py
	target/tools/bin/cargo-shear
	sh tools/deny.sh
	cargo clippy --workspace --all-targets --locked
	python3 tools/errors.py --check
	@cargo run --quiet -p najimi -- openapi | cmp - web/api/openapi.json || { echo "web/api/openapi.json is stale: run \`make generate\`"; exit 1; }
	cd web/admin && npm run check
	cd e2e && ../web/admin/node_modules/.bin/biome check .

generate: tools-web ## write what is generated: the API's description, its client for TypeScript, the page of problems
	cargo run --quiet -p najimi -- openapi > web/api/openapi.json.new && mv web/api/openapi.json.new web/api/openapi.json
	cd web/admin && npm run generate
	python3 tools/errors.py

torture: tools-test web ## try the promises at length: kills, power cuts, faults; about an hour, figures in torture/results
	cargo build --profile $(RUN_PROFILE) -p najimi -p torture
	target/$(RUN_PROFILE)/torture $(BINARY) $(TORTURE)

bench: tools-test web ## measure beside the peers, an hour (QUICK=1: small, some minutes; ROWS="ingest import": only these)
	cargo build --profile $(RUN_PROFILE) -p najimi -p channels --bin najimi --example large_shop --example render
	cargo build --release -p load
	@[ -x target/bench/venv/bin/python3 ] || python3 -m venv target/bench/venv
	target/bench/venv/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	target/bench/venv/bin/python3 bench/run.py --programs target/$(RUN_PROFILE) --load target/release/load --work target/bench/work $(if $(QUICK),--quick) $(ROWS)

fmt: ## format everything
	cargo fmt --all
	cd web/admin && npx biome check --write .
	cd e2e && ../web/admin/node_modules/.bin/biome check --write .

tools-web:
	@sh tools/need.sh cargo node

tools-lint:
	@sh tools/need.sh lint

tools-test: tools-web
	@sh tools/need.sh postgres torture
