# `make` lists the targets. They need Python 3.11 to 3.13 and make; `setup` brings the rest into .venv.
PARAMS ?= params/quarterly/2026-Q3.yml
PYTHON ?=
OLDER_THAN ?=
QUICK ?=
python := .venv/bin/python
report := reports/$(basename $(notdir $(PARAMS)))

.DEFAULT_GOAL := help
.PHONY: help setup demo report test test-extras lint check coverage truth promises bench audit lab clean

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## makes .venv with everything uv.lock names; done again only when that changes
	@PYTHON="$(PYTHON)" .ci/setup

# Remade when the simulator changed, and when somebody wrote another demo over it since.
demo: setup ## the demo provider's extracts in data/raw/demo, unless they are there
	@made=$$(cat src/analysis/extracts/demo/*.py | cksum); \
	if [ ! -d data/raw/demo ] || [ "$$made" != "$$(cat data/raw/.demo 2>/dev/null)" ] \
		|| [ -n "$$(find data/raw/demo -newer data/raw/.demo | head -n 1)" ]; then \
		$(python) -m analysis demo && echo "$$made" >data/raw/.demo; fi

report: demo ## the quarterly report of the demo provider: make report PARAMS=params/quarterly/….yml for another
	@$(python) -m analysis run $(PARAMS)
	@echo "The report: $(report)/report.html and $(report)/report.pdf"

test: setup ## every test that needs only what setup brought
	@$(python) -m pytest -n 2 -m "not yardstick and not browser and not postgres"

# Debian keeps the programs of a PostgreSQL server off the path.
test-extras: setup ## the tests that need R with survival, chromium, poppler-utils and a PostgreSQL server's programs
	@PATH="$$PATH:$$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"; \
	for tool in Rscript chromium pdftotext initdb psql; do command -v $$tool >/dev/null || { \
		echo "test-extras: expected $$tool, found none. On Debian: apt-get install r-base-core r-cran-survival chromium poppler-utils postgresql" >&2; exit 1; }; done
	@$(python) -m pytest -m "yardstick or browser or postgres"

lint: setup ## style, types, floors, notebooks without output
	@failed=0; \
	.venv/bin/ruff check --output-format concise || failed=1; \
	.venv/bin/ruff format --check --output-format concise || failed=1; \
	.venv/bin/mypy || failed=1; \
	.venv/bin/lint-imports --no-logo || failed=1; \
	.venv/bin/nbstripout --verify notebooks/*.ipynb || failed=1; \
	exit $$failed

check: lint test ## the whole gate

coverage: setup ## how much of the code the tests run
	@$(python) -m pytest -n 2 -m "not yardstick and not browser and not postgres" --cov --cov-report=term-missing:skip-covered

truth: setup ## estimates beside the simulated truth, as tables and in data/truth; hours on two cores (one part: python -m tests.truth --only PART); QUICK=1 for a sample
	@$(python) -m tests.truth $(if $(QUICK),--quick)

promises: setup ## every malformed input of the catalogue, made and seen, as a table
	@$(python) -m tests.promises

bench: setup ## what fitting and scoring cost beside lifelines, as ratios; QUICK=1 for fewer rows
	@$(python) -m tests.bench $(if $(QUICK),--quick)

audit: setup ## known vulnerabilities of what uv.lock names (asks osv.dev)
	@.venv/bin/uv audit --locked --preview-features audit-command

lab: setup ## JupyterLab on the notebooks; open the address it prints, token included
	@cd notebooks && ../$(python) -m jupyterlab

clean: ## removes runs, reports and caches; OLDER_THAN=DAYS: only runs and reports untouched for so long
ifeq ($(OLDER_THAN),)
	rm -rf data/runs data/truth reports .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
else
	@case "$(OLDER_THAN)" in *[!0-9]*) echo "clean: OLDER_THAN: expected a number of days, found $(OLDER_THAN)." >&2; exit 1;; esac
	@for folder in data/runs/* reports/*; do \
		if [ -d "$$folder" ] && [ ! -L "$$folder" ] && [ -z "$$(find "$$folder" -mtime -$(OLDER_THAN) | head -n 1)" ]; then \
			echo "clean: $$folder"; rm -rf "$$folder"; fi; done
	@if [ -L reports/latest ] && [ ! -e reports/latest ]; then rm reports/latest; fi
endif
