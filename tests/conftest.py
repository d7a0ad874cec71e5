"""What every test needs: Django's settings where the web floor is there, and plain reasons for skips."""

from __future__ import annotations

import os
import shutil
import tempfile

import django
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
POSTGRES = os.environ.get("SHIGAN_TEST_DATABASE_URL", "")

# Nothing of a test lands in the folder of a real installation; each test process has its own.
DATA = tempfile.mkdtemp(prefix="shigan-test-")
os.environ |= {"SHIGAN_DATA": DATA, "SHIGAN_SECRET_KEY": "only for tests"}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shigan.web.settings")
django.setup()

# A busy machine is no reason to fail: no deadlines. In CI the examples are the same at every run.
hypothesis_settings.register_profile(
    "shigan",
    deadline=None,
    max_examples=50,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("shigan")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, and say what it would need."""
    no_browser = pytest.mark.skip(reason="no Chromium here: `make test-browser` installs it")
    no_postgres = pytest.mark.skip(reason="SHIGAN_TEST_DATABASE_URL names no PostgreSQL server")
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(no_browser)
        if item.get_closest_marker("postgres") and not POSTGRES:
            item.add_marker(no_postgres)


def pytest_unconfigure() -> None:
    """Take the data folder away again."""
    shutil.rmtree(DATA, ignore_errors=True)
