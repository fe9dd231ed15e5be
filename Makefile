PYTHON ?= python3
TOOLS = $(PYTHON) -m tools

.PHONY: setup test db
setup: ; @$(TOOLS) setup
db: ; @$(TOOLS) db
test: ; @$(TOOLS) test --addon "$(ADDON)" --word "$(K)"
