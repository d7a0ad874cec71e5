export UV_SYSTEM_CERTS := 1
PY ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
.PHONY: setup lock
setup: .venv/.ok
$(UV):
	$(PY) -m venv .tools
	.tools/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
.venv/.ok: requirements.lock pyproject.toml | $(UV)
	test -x .venv/bin/python || $(UV) venv -q --python $$($(PY) -c 'import sys; print(sys.executable)') .venv
	$(UV) pip sync -q --python .venv/bin/python --require-hashes requirements.lock
	$(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@
lock: | $(UV)
	$(COMPILE) --group dev pyproject.toml -o requirements.lock
