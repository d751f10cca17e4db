# Two commands: `make run` starts Takeback, `make test` runs every test. Both set up what they need first.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(VENV)/bin/pip --disable-pip-version-check --quiet
SOURCE := pyproject.toml $(wildcard kernel/*.c kernel/*.h)

.PHONY: run test lint wasm screens contacts words clean
.DEFAULT_GOAL := test

run: $(VENV)/.ready
	@$(VENV)/bin/takeback

# The rows below install what is missing through apt when that is possible, and print the line to run when it is not.
$(VENV)/.made:
	@sh tools/need python3-venv python3-dev gcc
	@python3 -m venv $(VENV)
	@touch $@

$(VENV)/.ready: $(VENV)/.made $(SOURCE)
	@echo "setting up takeback in $(VENV) (about a minute the first time)"
	@sh tools/need libchromaprint1 || echo "going on without: sound then has one hash, not two"
	@$(PIP) install --editable '.[examine,video]'
	@touch $@

$(VENV)/.tested: $(VENV)/.ready
	@sh tools/need g++ age chromium fonts-dejavu openssl xvfb xdotool libchromaprint1
	@echo "setting up the tests (about two minutes the first time)"
	@$(PIP) install --editable '.[dev]'
	@$(VENV)/bin/npm install --silent --no-fund --no-audit --global --prefix $(VENV) typescript@7.0.2
	@touch $@

lint: $(VENV)/.tested
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/node $(VENV)/bin/tsc --project tests

test: lint
	@$(VENV)/bin/pytest -n 2

# The browser's files that are built: the kernel as WebAssembly, and the packs as JSON. The tests check both.
wasm: $(VENV)/.tested
	@$(PYTHON) kernel/build_wasm.py

# The template that a translator starts from, made anew.
words: $(VENV)/.tested
	@$(VENV)/bin/takeback words --pot > takeback/locale/takeback.pot

clean:
	rm -rf $(VENV) build dist *.egg-info takeback/*.so

# The table of all contacts, made anew from takeback/contacts.
contacts: $(VENV)/.tested
	@$(PYTHON) -c "from takeback import contact_table, packs; print(contact_table.markdown(packs.load()), end='')" >docs/contacts.md

# The pictures in docs/screens, taken anew.
screens: $(VENV)/.tested
	@TAKEBACK_SCREENS=1 $(VENV)/bin/pytest tests/test_screens.py tests/test_road_notice.py
