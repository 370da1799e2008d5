# The one door. `make run` and `make test` do all the set-up on a fresh machine.
.PHONY: run test torture check fmt web tools-web tools-lint tools-test

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

check: web tools-lint ## formatting, lints, dependency table, unused and unwanted crates, types
	cargo fmt --all --check
	python3 tools/check_dependencies.py
	target/tools/bin/cargo-shear
	sh tools/deny.sh
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cd web/admin && npm run check

torture: tools-test web ## try the promises at length: kills, power cuts, faults; about an hour, figures in torture/results
	cargo build --profile $(RUN_PROFILE) -p najimi -p torture
	target/$(RUN_PROFILE)/torture $(BINARY) $(TORTURE)

fmt: ## format everything
	cargo fmt --all
	cd web/admin && npx biome check --write .

tools-web:
	@sh tools/need.sh cargo node

tools-lint:
	@sh tools/need.sh lint

tools-test: tools-web
	@sh tools/need.sh postgres torture
