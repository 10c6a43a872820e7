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
    from tests.search_quality.judging import AT, HELD_OUT, TUNED, idea_by_idea, queries

    database.nudge = None
    load_corpus(AT)
    title(f"nDCG@10, idea by idea; {len(rows())} invented listings beside the demo place")
    tuned, held_out = list(idea_by_idea(TUNED)), list(idea_by_idea(HELD_OUT))
    say(f"  {'':45} {f'{len(queries(TUNED))} tuned on':>15} {f'{len(queries(HELD_OUT))} held out':>15}")
    for n, pair in enumerate(zip(tuned, held_out, strict=True)):
        before = (tuned[n - 1], held_out[n - 1]) if n else pair
        figures = [
            f"{one.mean:.3f} " + (f"{one.mean - last.mean:+.3f}" if n else "      ")
            for one, last in zip(pair, before, strict=True)
        ]
        say(f"  {pair[0].name:45} {figures[0]:>15} {figures[1]:>15}")
    for name, judged in (("tuned on", tuned[-1]), ("held out", held_out[-1])) if each else ():
        title(f"Each query {name}, the weakest first")
        for query, value in sorted(judged.each.items(), key=lambda pair: pair[1]):
            say(f"  {value:.3f}  {query}")


main()
