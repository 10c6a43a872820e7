"""`python -m tests.benchmarks.search_quality`: what each idea of the ranking is worth, on labelled queries"""

from __future__ import annotations

import argparse

from tests import engines
from tests.benchmarks.report import say, title

engines.settle("main")


def main() -> None:
    """Load the corpus, judge idea by idea, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search_quality", description=__doc__)
    parser.add_argument("--each", action="store_true", help="every query's own figure as well")
    wanted = parser.parse_args()
    servers = engines.Servers("main")
    try:
        servers.fresh("directory")
        _judge(each=wanted.each)
    finally:
        engines.close_pools()
        engines.finish()


def _judge(*, each: bool) -> None:
    from services.directory.store.database import database
    from tests.search_quality.corpus import load_corpus, rows
    from tests.search_quality.judging import AT, idea_by_idea, queries

    database.nudge = None
    load_corpus(AT)
    title(f"nDCG@10 over {len(queries())} queries; {len(rows())} invented listings beside the demo place")
    before = None
    judged = None
    for judged in idea_by_idea():
        gain = "" if before is None else f"{judged.mean - before:+.3f}"
        say(f"  {judged.name:45} {judged.mean:.3f} {gain}")
        before = judged.mean
    if each and judged is not None:
        title("Each query, the weakest first")
        for name, value in sorted(judged.each.items(), key=lambda pair: pair[1]):
            say(f"  {value:.3f}  {name}")


main()
