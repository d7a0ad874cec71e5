"""A small demo county and its admitted year, made once."""

from __future__ import annotations

import pytest

from shigan.demo.county import County, replay
from shigan.work.admit import Admitted

SMALL = 0.02


@pytest.fixture(scope="session")
def county() -> County:
    return County(scale=SMALL)


@pytest.fixture(scope="session")
def admitted(county: County) -> list[Admitted]:
    """Every entry of the small county's year; that it can be made shows that no story breaks a rule."""
    return replay(county)
