# The verbs of the house. Each sets itself up: a fresh clone needs Python 3.11+ (with venv) and nothing else.
PYTHON ?= python3
# Tests wait for servers in a third of their time: one more than two cores.
WORKERS ?= 3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q

# Images of Python like to set it; each of the hundreds of processes that tests start would compile the house anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-api test-pages lint format bench contracts images test-containers test-kubernetes test-sso lock clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## the four services and their worker on SQLite, with a demo, at http://localhost:8000/ (PKP_PORT changes it)
	@exec $(BIN)/pkp up --demo

test: .venv/dev.stamp ## all tests, with a real Kafka and a real PostgreSQL
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# Their databases lie in memory where a gigabyte of it is free: none of these tests learns anything from waiting for a disk.
test-fast: export PYTEST_DEBUG_TEMPROOT = $(shell df -Pk /dev/shm 2>/dev/null | awk '$$6 == "/dev/shm" && $$4 > 1000000 {print $$6}')
test-fast: .venv/dev.stamp ## the tests that need no server, no whole platform and no races
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not server and not platform and not races" $(ARGS)

test-api: .venv/dev.stamp ## 2,000 generated requests, sound and unsound, for each service's API
	$(BIN)/pytest tests/api --api-cases 2000 $(ARGS)

test-pages: .venv/dev.stamp ## each role's pages of every kind in a browser, wide and on a phone: barriers, what sticks out, foreign requests
	$(BIN)/pytest -n $(WORKERS) --dist load -o faulthandler_timeout=3600 tests/browser/test_every_page.py --all-pages $(ARGS)

lint: .venv/dev.stamp ## style, types and walls
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp ## put the code into the house's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/dev.stamp ## the project and its peers in one run; ratios
	$(BIN)/python -m benchmarks $(ARGS)

contracts: .venv/run.stamp ## write every service's contract folder anew from its code
	$(BIN)/pkp contracts

images: ## the container image of each service
	@deploy/images

test-containers: .venv/dev.stamp ## docker-compose.yml at work; where no engine answers, with stand-in images (root, Go, Maven); Chromium
	deploy/offline/run $(BIN)/pytest $(addprefix tests/containers/,journey.py hardening.py broker.py tls.py observability.py sso.py faults.py upgrade.py) $(ARGS)

test-sso: .venv/dev.stamp ## sign-in with a real Keycloak, in a real browser
	$(BIN)/pytest tests/sso/keycloak.py $(ARGS)

test-kubernetes: .venv/dev.stamp ## the manifests before a real API server, which is built once (Go 1.26, minutes to an hour)
	$(BIN)/pytest -o faulthandler_timeout=3600 tests/kubernetes/api_server.py $(ARGS)

lock: .venv/dev.stamp ## renew the lock files from pyproject.toml
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment, caches and fetched parts; var/ (your data) stays
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info

.venv/run.stamp: requirements.lock pyproject.toml
	@$(call install,requirements.lock)

.venv/dev.stamp: requirements-dev.lock pyproject.toml
	@$(call install,requirements-dev.lock)
	@touch .venv/run.stamp

define install
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
test -x $(BIN)/python || { echo "Making .venv ..."; $(PYTHON) -m venv .venv; }
echo "Installing $(1) ..."
$(BIN)/pip install -q --disable-pip-version-check -r $(1)
$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
touch $@
endef
