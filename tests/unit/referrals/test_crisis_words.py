"""Danger is heard in the words people use for it, and ordinary sayings wake nobody."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.crisis_words import dangers_in, has_crisis_words, plain_words

DANGER_NAMES = ("suicide", "self-harm", "violence", "fear", "life")
DANGER = [
    "I can't go on tonight, I want company",
    "can’t go on",
    "I cant carry on like this",
    "She said she cannot carry on any more.",
    "He can no longer go on living",
    "can't take it anymore",
    "I can't see a way out",
    "I want to die",
    "he wants to be dead",
    "wanting to die every night",
    "I wish I was dead",
    "Wishes she had never been born",
    "hopes he doesn't wake up in the morning",
    "I don’t want to wake up",
    "doesn't want to be here any more",
    "I don't want to be here",
    "do not want to live",
    "no longer wants to live",
    "there's no point in living",
    "sees no reason to go on",
    "nothing left to live for",
    "life is not worth living",
    "tired of living",
    "She's had enough of life",
    "has given up on life",
    "lost the will to live since her husband died",
    "they'd be better off without me",
    "the kids would be better off if I wasn't here",
    "better off dead",
    "SUICIDAL",
    "talks of suicide",
    "feeling sucidal again",
    "attempted suicide in March",
    "thinking of killing myself",
    "said he'd kill him-self",
    "She has tried to end her life",
    "wants to end it all",
    "he just wants to end it",
    "tried taking her own life",
    "going to top himself",
    "threatened to hang himself",
    "wants to do himself in",
    "thought about jumping off the bridge",
    "was going to throw herself in front of a train",
    "took an overdose on Sunday",
    "overdosing on painkillers",
    "has been stockpiling tablets",
    "she took all her tablets",
    "swallowed a bottle of pills",
    "has written goodbye letters",
    "I won't be here much longer",
    "I'm afraid I'll do something stupid",
    "hears voices telling him to jump",
    "self-harm",
    "self harming again",
    "selfharms when low",
    "she's been cutting herself",
    "cuts her arms",
    "has started cutting again",
    "hurting myself to cope",
    "harmed himself last week",
    "starving herself",
    "her husband says he'll kill her",
    "He is going to kill me",
    "threatening to stab his mum",
    "threatens to hurt the children",
    "thoughts of harming the baby",
    "I might hurt my baby",
    "wants to kill someone",
    "he has a knife",
    "her ex tried to strangle her",
    "he strangled her in May",
    "put his hands round her throat",
    "he beats me up",
    "her son hits her",
    "he punched her again",
    "She is being abused at home",
    "was raped",
    "sexually assaulted by a neighbour",
    "has had death threats",
    "scared of her husband",
    "afraid to go home",
    "in fear of her life, fears for her safety",
    "not safe tonight",
    "doesn't feel safe at home",
    "unsafe with him",
    "he won't let her leave",
    "locks her in",
    "her life is in danger",
    "he's not breathing",
    "I can't breathe",
    "No plans, suicidal thoughts daily",
    "no support and suicidal",
    "No one to talk to. Suicidal.",
    "not only low but suicidal",
    "can't promise not to hurt myself tonight",
    "cannot promise not to self-harm",
    "she had never self-harmed before last night",
    "denies nothing: suicidal for weeks",
]

ORDINARY = [
    "",
    "Somebody to have a cup of tea with.",
    "I could murder a cup of tea",
    "killing time until the bus comes",
    "kill two birds with one stone",
    "my knees are killing me",
    "these stairs are killing her",
    "an overdose of sunshine",
    "overdosed on chocolate at Easter",
    "She would like to kill the weeds in her garden",
    "killed myself laughing",
    "nearly killed himself laughing at bingo",
    "dressed to kill",
    "a killer quiz",
    "he is dying to meet people",
    "dying for a natter",
    "her phone died",
    "bored to death",
    "worked to death at the mill",
    "scared to death of spiders",
    "afraid of heights",
    "frightened of dogs",
    "scared of the dark stairs",
    "can't go on the bus alone",
    "can't go on holiday without help",
    "cannot go on Tuesdays",
    "can't carry on the allotment on his own",
    "can't carry heavy shopping",
    "can't cope with the stairs",
    "can't take sugar",
    "can't see the board without glasses",
    "not safe on the stairs",
    "not safe to drive",
    "does not feel safe on the ice",
    "in danger of losing her flat",
    "in danger of eviction",
    "cut himself shaving",
    "cut herself on a tin",
    "has cut herself off from friends",
    "hurt herself when she fell",
    "hurt himself playing football",
    "burnt herself on the oven",
    "burned himself out at work",
    "hurt his back",
    "self-help group",
    "self-employed",
    "low self esteem",
    "No suicidal thoughts.",
    "Denies any suicidal ideation or self-harm",
    "not suicidal",
    "no thoughts of self-harm",
    "No current plans or intent to harm herself",
    "bereaved by suicide",
    "lost her brother to suicide",
    "would like to train in suicide prevention",
    "she beat him at dominoes",
    "beats me why",
    "beat her personal best",
    "kicked him out of the flat",
    "the loss hit him hard",
    "it hit me that I am lonely",
    "knife and fork, adapted cutlery",
    "wants to learn knife skills at cookery class",
    "oilseed rape sets off her hay fever",
    "takes her tablets at breakfast",
    "needs a box for her tablets",
    "would like to jump in at the deep end",
    "walks in front of the bus station",
    "ended it with her boyfriend",
    "wants to end the tenancy",
    "at the end of her tether with the council",
    "says goodbye to the dog each morning",
    "wants to live near her daughter",
    "a reason to get up in the morning",
    "the point in going is the company",
    "take life as it comes",
    "takes his life in hand",
    "hang herself up a new coat",
    "shooting with the camera club",
    "hanging baskets",
    "drowning in paperwork",
    "choked up when he talks of her",
    "wants to be here for the grandchildren",
    "bleeding radiators",
    "can't breathe well on the stairs (COPD)",
    "was abused as a child",
    "the council is unresponsive",
    "won't be here next week, on holiday",
]


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard(text: str) -> None:
    assert has_crisis_words(text), plain_words(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sayings_wake_nobody(text: str) -> None:
    assert dangers_in(text) == ()


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard_however_it_is_typed(text: str) -> None:
    for other in (
        text.upper(),
        text.replace("'", "’"),
        text.replace("’", "'"),
        text.replace("'", "").replace("’", ""),
        text.replace(" ", "  \t"),
        text.replace("-", "–"),
        f"“{text}”",
        f"({text})",
    ):
        assert has_crisis_words(other), other


@given(st.sampled_from(DANGER), st.sampled_from(ORDINARY), st.sampled_from([". ", "\n", "! ", "; "]))
def test_danger_is_heard_beside_whatever_else_is_said(danger: str, ordinary: str, stop: str) -> None:
    assert has_crisis_words(f"{ordinary}{stop}{danger}")
    assert has_crisis_words(f"{danger}{stop}{ordinary}")


@given(st.lists(st.sampled_from(ORDINARY), max_size=6))
def test_many_ordinary_sentences_together_are_ordinary(sentences: list[str]) -> None:
    assert not has_crisis_words(". ".join(sentences))


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert set(dangers_in(text)) <= set(DANGER_NAMES)


def test_a_very_long_text_is_searched_in_a_moment() -> None:
    for word in ("no ", "my own ", "he will ", "took all of ", "threatened to ", "not at risk of "):
        started = perf_counter()
        assert not has_crisis_words(word * (20_000 // len(word)))
        assert perf_counter() - started < 2


def test_it_says_which_danger() -> None:
    assert dangers_in("suicidal, and her son hits her") == ("suicide", "violence")
    assert not has_crisis_words(None, "", "a cup of tea")
