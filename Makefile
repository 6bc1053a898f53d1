# The commands of the house. `make demo` and `make test` are all a newcomer needs.
#   PORT=8001 DATA=/var/tmp/zhishou make demo
PY := .venv/bin/python
export ZHISHOU_PORT := $(or $(PORT),8000)
export ZHISHOU_DATA := $(or $(DATA),.zhishou)

MINUTES ?=
SEED ?= 1

.PHONY: demo test setup check bench bench-quick lock api pictures screens bundle offline wheels chaos fuzz audit

demo: ## set up and run the fictional city with simulated devices
	@sh deploy/setup.sh run
	@sh deploy/broker.sh
	@exec .venv/bin/zhishou demo

setup: ## install everything, run nothing
	@sh deploy/setup.sh all

test: ## set up and run every test: unit, database, device, browser, console
	@sh deploy/setup.sh all
	@sh deploy/chromium.sh
	@sh deploy/peers.sh
	@sh deploy/helm/helm.sh
	@sh deploy/mosquitto.sh
	@sh deploy/speech.sh
	@sh deploy/video.sh
	@cd web && npm test --silent
	@$(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: ## formatting, types, floors of the house, console types and lint
	@sh deploy/setup.sh all
	@.venv/bin/ruff format --check app tests benchmarks chaos fuzz alembic
	@.venv/bin/ruff check app tests benchmarks chaos fuzz alembic
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@cd web && npm run --silent check

bench: ## measure against a peer or a limit in the same run: a table and JSON lines
	@sh deploy/setup.sh all
	@$(PY) -m benchmarks.run

bench-quick: ## do the real-time benchmarks run? small and once, within three minutes, for CI
	@sh deploy/setup.sh all
	@$(PY) -m benchmarks.run --quick

chaos: ## real processes under load are killed, paused, cut off and filled; then: is anything lost? MINUTES=30 SEED=1
	@sh deploy/setup.sh all
	@sh deploy/mosquitto.sh
	@$(PY) -m chaos.run --minutes $(or $(MINUTES),30) --seed $(SEED)

fuzz: ## the whole API, the WebSocket and every reader of bytes, for an hour: MINUTES=60 SEED=1
	@sh deploy/setup.sh all
	@sh deploy/atheris.sh
	@$(PY) -m fuzz.run --minutes $(or $(MINUTES),60) --seed $(SEED)

audit: ## bandit over our code; known weaknesses of what we use, where the advisories can be reached
	@sh deploy/setup.sh all
	@sh deploy/audit.sh

bundle: ## everything for a machine without internet, in one file below dist/
	@sh deploy/setup.sh all
	@sh deploy/offline/bundle.sh

offline: bundle ## make the bundle and try it where there is no network at all (root; Linux)
	@if unshare -n true 2> /dev/null; then sh deploy/offline/try.sh dist/zhishou-*.tar.gz; \
	else echo "没有权限建立无网络环境,安装包未试装 / no network namespace may be made here: the bundle was not tried"; fi

wheels: ## has every locked package a wheel for aarch64 (Kylin, UOS)? PLATFORM=aarch64-manylinux_2_28
	@sh deploy/setup.sh all
	@sh deploy/wheels.sh $(or $(PLATFORM),aarch64-manylinux_2_28)

lock: ## write the lock files anew (names, versions and hashes only)
	@sh deploy/lock.sh

api: ## write docs/openapi.json, docs/asyncapi.yaml and the console's API types from the code
	@$(PY) -m app.contract
	@cd web && npm run --silent api

pictures: ## take the pictures of the README and docs anew, of the running demo
	@sh deploy/setup.sh all
	@sh deploy/chromium.sh
	@$(PY) -m tests.pictures

screens: ## take every page at both sizes and in both themes, to be looked at (OUT=folder ONLY=desk,wall)
	@sh deploy/setup.sh all
	@sh deploy/chromium.sh
	@$(PY) -m tests.screens
