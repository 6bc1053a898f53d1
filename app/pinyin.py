"""How names are spelt: a query by spelling or first letters meets a Chinese name. Pure.

The table (`pinyin.tsv`: syllable, tab, characters of GB/T 2312) is written from the console's own search
(web/model/pinyin.ts), whose test compares the two: what a page finds is found here too.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files


@cache
def _syllables() -> dict[str, str]:
    table = files("app").joinpath("pinyin.tsv").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines())
    return {character: syllable for syllable, characters in pairs for character in characters}


@lru_cache(maxsize=20_000)
def spell(name: str) -> tuple[str, ...]:
    """Return a syllable for each character: 刘海 → liu, hai. What is no known character stands for itself."""
    known = _syllables()
    return tuple(known.get(character, character.lower()) for character in name)


def is_spelling(words: str) -> bool:
    """Whether words can be meant as spelling: Latin letters, perhaps parted by spaces or apostrophes."""
    letters = words.replace(" ", "").replace("'", "")
    return letters.isascii() and letters.isalpha()


def meets(words: str, name: str) -> bool:
    """Whether a spelling is, from some character of the name on, its syllables or their first letters.

    From the start of any character: 樟川市防汛抗旱应急预案 is found by `fangxun` and by `fxkh`.
    """
    asked = words.lower().replace(" ", "").replace("'", "")
    syllables = spell(name)
    if asked in "".join(syllable[:1] for syllable in syllables):
        return True
    return any("".join(syllables[n:]).startswith(asked) for n in range(len(syllables)))
