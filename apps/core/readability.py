"""How easy a text is to read: the Flesch-Kincaid grade. Imports no Django.

Source: Kincaid JP and others, 1975. The age at which most people read a text with ease is about the grade plus 5.
"""

import re
from functools import lru_cache

ABBREVIATIONS = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|e\.g|i\.e|etc|vs|p|pp|No)\.")
SENTENCE = re.compile(r"[.!?:]+(?=\s|$)|\n+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
VOWELS = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=10_000)
def syllables(word: str) -> int:
    """The syllables of an English word, by its vowels; right for most words, never less than 1."""
    word = re.sub(r"['’]s?$", "", word.lower())
    count = len(VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee", "ie", "ye")):
        count -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of plain text; 0 for a text without words."""
    sentences = [part for part in SENTENCE.split(ABBREVIATIONS.sub("", text)) if WORD.search(part)]
    words = WORD.findall(text)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def reading_age(text: str) -> int:
    """The age, in years, at which most people read the text with ease."""
    return max(5, round(grade(text) + 5))
