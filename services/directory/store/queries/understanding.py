"""What the words of a search stand for: phrases of the thesaurus, words that occur, misspelt ones mended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER, TEXT
from sqlalchemy.orm import Session

from services.directory.domain.search import Ranking, words_of
from services.directory.domain.thesaurus import NOISE, cut, nearest, phrases_in
from services.directory.store.thesaurus_reading import STEMS

# Counting further would tell no more of how rare a word is.
_ENOUGH = 3000
_SHORTEST_MENDED = 3
# So many services a phrase of several words is taken to be said by: few.
_LIKELY = 10
# For the rest of the transaction the planner is told what comparing words costs: it believes that to compare
# those of everything is as cheap as to ask the index.
_KNOWN = text(f"""
select set_config('cpu_operator_cost', '0.02', true), one.n,
    stems.key, plainto_tsquery('linkwork', one.phrase)::text as query,
    case when one.size = 1 and stems.key <> '' then (select count(*) from (select from service_search
        where vector @@ plainto_tsquery('linkwork', one.phrase) limit {_ENOUGH}) as counted) end as services,
    t.same, t.also, t.need, t.keys, t.queries
from unnest(cast(:phrases as text[]), cast(:sizes as integer[])) with ordinality as one(phrase, size, n)
cross join lateral (select ({STEMS.format(phrase="one.phrase")}) as key) as stems
left join thesaurus_entry t on stems.key <> '' and t.keys @> array[stems.key]
order by one.n, t.id
""").bindparams(bindparam("phrases", type_=ARRAY(TEXT)), bindparam("sizes", type_=ARRAY(INTEGER)))  # noqa: S608
_NEAR = text("""
select typed, word, word like typed || '%' as begins from unnest(cast(:words as text[])) as typed
cross join lateral (
    (select word from search_word where word like typed || '%' order by word limit 1)
    union (select word from search_word where word % typed order by word <-> typed, word limit 20)
    union (select word from search_word where letters =
        (select string_agg(one, '' order by one) from unnest(string_to_array(typed, null)) as one) limit 5)
) as near
""").bindparams(bindparam("words", type_=ARRAY(TEXT)))


@dataclass(frozen=True)
class Wider:
    """A phrase that is looked for instead of the one typed."""

    phrase: str
    query: str
    # It means the same; else it is only looked for as well.
    same: bool


@dataclass(frozen=True)
class Piece:
    """A phrase of the search: what it looks for, what it looks for as well, and how rare it is (0 to 1)."""

    phrase: str
    query: str
    wider: tuple[Wider, ...] = ()
    needs: tuple[str, ...] = ()
    rarity: float = 1.0

    @property
    def same_query(self) -> str:
        """What means the same, as one tsquery; blank where nothing does."""
        return " | ".join(f"( {one.query} )" for one in self.wider if one.same)

    @property
    def also_query(self) -> str:
        """What is looked for as well, and the need it speaks of; blank where there is none."""
        needs = [f"'xneed{code.replace('_', '')}'" for code in self.needs]
        return " | ".join([*(f"( {one.query} )" for one in self.wider if not one.same), *needs])

    @property
    def whole_query(self) -> str:
        """All of it."""
        return " | ".join(f"( {one} )" for one in (self.query, self.same_query, self.also_query) if one)


@dataclass(frozen=True)
class Understood:
    """What a search means. `mended` is the search as it would have been spelt, None where it was."""

    pieces: tuple[Piece, ...] = ()
    mended: str | None = None
    # Something was typed and none of it is a word.
    nothing: bool = False

    @property
    def all_query(self) -> str:
        """What says every piece, as one tsquery; blank where there is none."""
        return " & ".join(f"( {piece.whole_query} )" for piece in self.pieces)

    @property
    def any_query(self) -> str:
        """What says one piece at least."""
        return " | ".join(f"( {piece.whole_query} )" for piece in self.pieces)

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs its words speak of."""
        return tuple(dict.fromkeys(code for piece in self.pieces for code in piece.needs))


def understand(session: Session, q: str, ranking: Ranking, *, as_typed: bool = False) -> Understood:
    """What `q` means. One query, and two more where a word is misspelt."""
    words = words_of(q)
    if not words:
        return Understood(nothing=bool(q.strip()))
    pieces, unknown = _pieces(session, words, ranking)
    if unknown and ranking.mend and not as_typed:
        begun, instead = _mended(session, unknown)
        pieces = [_that_begins(piece) if piece.phrase in begun else piece for piece in pieces]
        if instead:
            words = [instead.get(word, word) for word in words]
            pieces, _ = _pieces(session, words, ranking)
            return Understood(_sounding(pieces), " ".join(words))
    return Understood(_sounding(pieces))


def _pieces(session: Session, words: Sequence[str], ranking: Ranking) -> tuple[list[Piece], list[str]]:
    """The pieces of a search, and the words among them that nothing says."""
    places = phrases_in(words)
    phrases = [" ".join(words[first : first + size]) for first, size in places]
    rows: dict[tuple[int, int], list[Any]] = {}
    for row in session.execute(_KNOWN, {"phrases": phrases, "sizes": [size for _, size in places]}):
        rows.setdefault(places[row.n - 1], []).append(row)
    wider = ranking.wider > 0

    def known(first: int, size: int) -> bool:
        # A phrase neither begins nor ends with a word as small as "in".
        ends = rows[first, 1][0].key and rows[first + size - 1, 1][0].key
        return wider and bool(ends) and rows[first, size][0].same is not None

    pieces, unknown = [], []
    for place in cut(words, known):
        found = rows[place]
        first, size = place
        phrase = " ".join(words[first : first + size])
        if not found[0].key:
            continue
        piece = _piece(phrase, found, wider=wider, rarity=ranking.rarity)
        pieces.append(piece)
        if size == 1 and not found[0].services and not piece.wider and phrase not in NOISE:
            unknown.append(phrase)
    return pieces, unknown


def _piece(phrase: str, rows: Sequence[Any], *, wider: bool, rarity: bool) -> Piece:
    first = rows[0]
    services = first.services if first.services is not None else _LIKELY
    rare = 1 / math.sqrt(1 + services / 10) if rarity else 1.0
    others: dict[str, Wider] = {}
    needs: dict[str, None] = {}
    for row in rows if wider and first.same is not None else ():
        own = row.keys.index(first.key)
        for n, (said, query) in enumerate(zip([*row.same, *row.also], row.queries, strict=True)):
            if n != own and query:
                others.setdefault(said, Wider(said, query, n < len(row.same)))
        if row.need:
            needs[row.need] = None
    return Piece(phrase, first.query, tuple(others.values()), tuple(needs), rare)


def _mended(session: Session, unknown: Sequence[str]) -> tuple[set[str], dict[str, str]]:
    """Words that begin others, and the nearest word of each other one."""
    wanted = [word for word in unknown if len(word) >= _SHORTEST_MENDED and word.isascii() and word.isalpha()]
    if not wanted:
        return set(), {}
    near: dict[str, list[str]] = {}
    begun = set()
    for typed, word, begins in session.execute(_NEAR, {"words": wanted}):
        near.setdefault(typed, []).append(word)
        if begins:
            begun.add(typed)
    instead = {word: nearest(word, near.get(word, ())) for word in wanted if word not in begun}
    return begun, {word: other for word, other in instead.items() if other is not None}


def _that_begins(piece: Piece) -> Piece:
    # What was typed of it is a whole word of letters: nothing in it could be anything but itself.
    return Piece(piece.phrase, f"'{piece.phrase}':*", rarity=piece.rarity)


def _sounding(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without the words that people put round what they look for, unless there are no others."""
    return tuple(one for one in pieces if one.phrase not in NOISE) or tuple(pieces)
