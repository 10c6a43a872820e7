"""Whoever wants to measure finds out how: each benchmark that can be started is named where people look."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_benchmark_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    started = {
        path.stem
        for path in (ROOT / "tests" / "benchmarks").glob("*.py")
        if path.read_text().endswith("\n\nmain()\n")
    }
    assert {"__main__", "strangers"} <= started
    assert "`make bench`" in readme
    for name in started - {"__main__"}:
        assert f"python -m tests.benchmarks.{name}`" in readme, name
