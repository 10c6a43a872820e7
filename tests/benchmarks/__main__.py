"""`make bench`: how fast the referrals are with much history, beside yardsticks taken in the same run.

Nothing here fails for being slow: figures differ from machine to machine, so compare ratios and medians.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from tests import engines
from tests.benchmarks.report import say

# Before any service reads its settings. What counts as stored has to be on the disk.
os.environ[engines.DURABLE] = "1"
engines.settle("main")


def main() -> None:
    """Make the data, measure at three sizes, print one table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--small", type=int, default=10_000, help="referrals at first (10000)")
    parser.add_argument("--middle", type=int, default=100_000, help="then (100000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="and at last (1000000)")
    parser.add_argument("--services", type=int, default=20_000, help="services of the directory (20000)")
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds for each measurement (6)")
    wanted = parser.parse_args()
    begun = time.monotonic()
    try:
        from tests.benchmarks.referrals import run

        run(
            (wanted.small, wanted.middle, wanted.large),
            services=wanted.services,
            seconds=wanted.seconds,
            log=Path(os.environ[engines.FOLDER]) / "web.log",
        )
    finally:
        engines.close_pools()
        engines.finish()
    load = os.getloadavg()
    say(
        f"\n{os.cpu_count()} processors; load {load[0]:.1f} (1 min), {load[2]:.1f} (15 min); "
        f"{time.monotonic() - begun:.0f} s altogether."
    )


main()
