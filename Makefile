# What a person does with this repository. Each target does all of its set-up.
.PHONY: help run pages check test screenshots bench bench-cluster bench-growth bench-streams bench-pages cluster-up cluster-down containers-up containers-down containers-test machines-test release operator-test clean
.DEFAULT_GOAL := help
export CARGO_TERM_COLOR ?= auto

help: ## shows this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

run: pages ## builds Jari and puts a demo event on sale on http://localhost:8080
	cargo build --release --locked -p jari
	@exec "$$(scripts/target.sh)/release/jari" serve --demo

pages:
	@if ! command -v npm >/dev/null; then echo "Node.js is missing: Jari runs without its pages, with the API alone."; \
	else scripts/pages.sh build || echo "The pages could not be built, see above: Jari runs with the API alone."; fi

tools: scripts/tools.sh
	@scripts/tools.sh

check: tools ## format, lints, docs, unused dependencies, licences and sources
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
	@# cargo-deny looks at what every platform would use, also what this one does not build, and asks no network.
	cargo fetch --locked --quiet
	.tools/bin/cargo-shear
	.tools/bin/cargo-deny --offline --locked check --hide-inclusion-graph bans licenses sources
	@scripts/pages.sh check
	@scripts/deployment.sh

test: tools ## every test
	@scripts/test.sh

screenshots: tools ## pictures of every page, in target/screenshots/index.html, and those of the guides
	cargo build --release --locked -p jari
	@scripts/pages.sh screenshots "$$(scripts/target.sh)/release/jari"

bench: ## measures the program on this machine and prints a table
	cargo build --release --locked -p jari -p loadtest
	@exec "$$(scripts/target.sh)/release/loadtest" bench --jari "$$(scripts/target.sh)/release/jari"

bench-cluster: ## the same on PostgreSQL and Redis, straight and through nginx
	@scripts/servers.sh
	cargo build --release --locked -p jari -p loadtest
	cargo build --release --locked -p jari-store-cluster --example confirms
	@exec "$$(scripts/target.sh)/release/loadtest" bench --jari "$$(scripts/target.sh)/release/jari" --cluster \
	  --writer "$$(scripts/target.sh)/release/examples/confirms" $(BENCH)

bench-growth: ## what a request costs in short and long lines, small and large halls
	cargo build --release --locked -p jari -p loadtest
	@exec "$$(scripts/target.sh)/release/loadtest" growth --jari "$$(scripts/target.sh)/release/jari" $(BENCH)

bench-streams: ## 15,000 open streams: the memory of each, and how soon all have a change; BENCH="--servers 4" needs Redis and PostgreSQL
	cargo build --release --locked -p jari -p loadtest
	@exec "$$(scripts/target.sh)/release/loadtest" streams --jari "$$(scripts/target.sh)/release/jari" $(BENCH)

bench-pages: tools ## how smooth the seat map is in a browser, with 39,616 seats
	cargo build --release --locked -p jari
	@scripts/pages.sh bench "$$(scripts/target.sh)/release/jari"

# The profile with which the cluster is built: dev builds sooner, for trying things.
PROFILE ?= release

cluster-up: pages ## builds the services and starts all of them, with Redis, PostgreSQL and nginx, on http://localhost:8088
	@scripts/servers.sh
	cargo build --profile $(PROFILE) --locked -p ticketing-core -p queue-service -p staff-api -p jari -p local-cluster
	@exec "$$(scripts/target.sh)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/local-cluster" up

cluster-down: ## ends what cluster-up has started
	@if [ -f target/cluster/env ]; then . target/cluster/env && exec "$$JARI_CLUSTER_PROGRAM" down; else echo "No cluster is up."; fi

# Compose 2, or the docker-compose before it.
COMPOSE = $$(docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose) -p jari -f deploy/compose.yaml

containers-up: ## builds the images and starts the system in containers, on http://localhost:8080
	@deploy/secrets.sh
	@deploy/images.sh
	@$(COMPOSE) up --detach --no-build
	@echo "Jari is open at http://localhost:$${JARI_PORT:-8080}; the operator key is in deploy/secrets/operator-key."

containers-down: ## ends them; what was sold stays
	@$(COMPOSE) down

containers-test: ## tries the containers, where a container engine runs
	@deploy/containers-test.sh

machines-test: ## ten machines, as network namespaces, are lost one after another while people buy: some minutes
	@scripts/servers.sh
	cargo build --locked -p ticketing-core -p queue-service -p staff-api -p jari -p machines
	@exec "$$(scripts/target.sh)/debug/machines" $(LOSSES)

release: ## makes what is released in target/dist, and tries it: program, Debian packages, SBOMs, sums; TAG=v1.2.3 must agree with version and changelog
	@scripts/release.sh $(TAG)

operator-test: ## an empty Debian is booted and led to a sale over HTTPS, by the words of docs/OPERATING.md; needs what "make release" made
	@deploy/operator-test.sh "$$(scripts/target.sh)/dist"

clean: cluster-down ## removes what was built
	cargo clean
	rm -rf .tools
