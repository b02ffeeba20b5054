"""The benchmarks run: a figure that can't be measured again is a claim. The figures themselves are no test's business."""

import importlib
from pathlib import Path

import pytest

from benchmarks import append
from benchmarks.measure import Result


@pytest.mark.platform
def test_an_append_is_measured_beside_its_peers(tmp_path: Path) -> None:
    importlib.import_module("benchmarks.__main__")  # and with it every other part
    found: list[Result] = list(append.run(f"sqlite:///{tmp_path}/append.db", 1, 0.05))
    assert [set(one.rates) for one in found] == [{"ours", "same rows unordered", "eventsourcing save"}] * 3
    assert all(rate > 0 for one in found for rate in one.rates.values())
