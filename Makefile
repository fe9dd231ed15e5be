# Two commands: `make run` and `make test`. The rest is for daily work. Every step is in tools/, one file each.
PYTHON ?= python3
TOOLS = $(PYTHON) -m tools
export PORT DEMO SHIFT DB CACHE ODOO_HOME DEBIAN_MIRROR

.DEFAULT_GOAL := help
.PHONY: help run test test-core lint fmt bench bench-load shots translations setup db clean

help: ## this list
	@echo "make TARGET [VARIABLE=value]"
	@sed -n 's/^\([a-z-]*\): *## */  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## Odoo 19 with our addons on http://localhost:8069 (PORT= DEMO=small|full SHIFT=1 DB= ODOO_HOME= PGHOST=)
	@$(TOOLS) run

test: ## lint, the addons' tests, browser tours, and tests/ (ADDON=crm_loyalty K=word for a part)
	@$(TOOLS) test --addon "$(ADDON)" --word "$(K)"

test-core: ## Odoo's own suites of the modules that we extend, with our addons installed
	@$(TOOLS) test-core

lint: ## ruff, pylint-odoo, OCA's checks, eslint, prettier
	@$(TOOLS) lint

fmt: ## mend what the linters can mend by themselves
	@$(TOOLS) fmt

bench: ## benchmarks side by side, as ratios (SIZE=S|M|L ROW=name)
	@$(TOOLS) bench --size "$(or $(SIZE),S)" --row "$(ROW)"

bench-load: ## what our addons add to the start and the memory of a worker of Odoo, on two bases
	@$(TOOLS) bench-load

shots: ## screenshots for docs/, by a real browser
	@$(TOOLS) shots

translations: ## export the .pot files anew and bring id.po up to them
	@$(TOOLS) translations

setup: ## only set up what the other commands need
	@$(TOOLS) setup

db: ## keep the embedded PostgreSQL running, for psql and many short test runs
	@$(TOOLS) db

clean: ## remove all that make has made here (CACHE=1: the kept downloads too)
	@$(TOOLS) clean
