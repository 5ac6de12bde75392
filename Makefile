# One word a task. `make serve` and `make test` are all a fresh machine needs: Python 3.11 or later and make.
.PHONY: serve test check contract fix schema clients docs bench bench-storage evaluate lock audit sbom fuzz
PYTHON3 ?= python3
PYTHON := .venv/bin/python
# For the audit alone: manage.py refuses HIPCARE_ variables that are no settings.
unexport HIPCARE_AUDIT_REQUIRED
# A production environment for the checks that only mean something there; nothing is connected to and nothing signed.
PRODUCTION := HIPCARE_MODE=production DATABASE_URL=postgresql://check@127.0.0.1:1/check \
	HIPCARE_ALLOWED_HOSTS=hip.example.org HIPCARE_SECRET_KEY=0123456789-for-make-check-alone-it-signs-nothing-at-all \
	HIPCARE_ENCRYPTION_KEYS=check:aXQgZW5jcnlwdHMgbm90aGluZyBpbiBtYWtlIGNoZWM=

serve: .venv/runtime
	@$(PYTHON) manage.py serve

test: .venv/development
	$(PYTHON) -m pytest -n auto

check: .venv/development
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	HIPCARE_MODE=test .venv/bin/mypy .
	.venv/bin/lint-imports
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check_plain_language
	$(PYTHON) -m supply.sbom --check
	AUDIT_REQUIRED=$(HIPCARE_AUDIT_REQUIRED) $(PYTHON) -m supply.audit
	$(PYTHON) manage.py spectacular --validate --fail-on-warn | diff docs/openapi.yaml - || { echo "docs/openapi.yaml is not current: run make schema"; exit 1; }

contract: .venv/development
	CONTRACT=full $(PYTHON) -m pytest -s tests/contract/test_running_server.py

fix: .venv/development
	.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

schema: .venv/development
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

clients: .venv/development
	$(PYTHON) -m clients

docs: .venv/development
	$(PYTHON) -m docs.generated
	$(PYTHON) manage.py write_review_tables

audit: .venv/development
	AUDIT_REQUIRED=$(HIPCARE_AUDIT_REQUIRED) $(PYTHON) -m supply.audit

sbom: .venv/development
	$(PYTHON) -m supply.sbom

fuzz: .venv/development
	FUZZ_INPUTS=$(or $(FUZZ_INPUTS),100000) $(PYTHON) -m pytest -n auto tests/api/fuzz

bench: .venv/development
	$(PYTHON) -m bench

bench-storage: .venv/development
	$(PYTHON) -m bench --storage

evaluate: .venv/development
	$(PYTHON) manage.py migrate --verbosity 0
	$(PYTHON) manage.py load_knowledge --publish
	$(PYTHON) manage.py evaluate --write
	$(PYTHON) manage.py simulate_interviews --write docs/clinical/interviews.md

lock: .venv/development
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/runtime.in -o requirements/runtime.txt
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/development.in -o requirements/development.txt

# Stamps: packages are installed again only when their lock file changes. The development lock contains the runtime lock.
.venv/bin/python:
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one: make PYTHON3=python3.12")'
	@$(PYTHON3) -m venv .venv

.venv/runtime: requirements/runtime.txt | .venv/bin/python
	@echo "Installing packages into .venv …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/development: requirements/development.txt .venv/runtime
	@echo "Installing development packages into .venv …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
