# The one door. `make run` and `make test` do all the set-up on a fresh machine.
.PHONY: run test check fmt web build e2e-parts stories guide-images tools-web tools-test clean-demo

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

check: web ## formatting, lints, dependency table, types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked
	python3 tools/check_dependencies.py
	cd web/admin && npm run check
	cd e2e && ../web/admin/node_modules/.bin/biome check .

fmt: ## format everything
	cargo fmt --all
	cd web/admin && npx biome check --write .
	cd e2e && ../web/admin/node_modules/.bin/biome check --write .

tools-web:
	@sh tools/need.sh cargo node

tools-test: tools-web
	@sh tools/need.sh postgres
