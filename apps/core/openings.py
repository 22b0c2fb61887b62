"""The first words of a rendered text, and the rest of it, which a page may keep closed. Imports no models."""

import re

from django.utils.safestring import SafeString, mark_safe

SENTENCES = 2
WORTH_CLOSING = 100  # characters: a rest that is shorter stays where it is
TOKENS = re.compile(r"<[^>]*>|[^<]+")
SENTENCE_END = re.compile(r"[.!?][”’)]*\s+(?=[A-Z“‘])")
PARAGRAPH, PARAGRAPH_END = "<p>", "</p>"
VOID = ("<br", "<img", "<source")  # elements that nothing closes


def opening(html: str) -> tuple[SafeString, SafeString]:
    """The first two sentences of a text that begins with a paragraph, else all of it; and the rest.

    The text is HTML of `core.markdown`: every element in it is closed, so that a cut between elements leaves both
    parts as safe as the whole was.
    """
    if not html.startswith(PARAGRAPH):
        return mark_safe(html), mark_safe("")
    end = html.index(PARAGRAPH_END) + len(PARAGRAPH_END)
    cut = _end_of_sentences(html[:end])
    if cut:
        return mark_safe(html[:cut] + PARAGRAPH_END), mark_safe(PARAGRAPH + html[cut:])
    return mark_safe(html[:end]), mark_safe(html[end:].strip())


def _end_of_sentences(paragraph: str) -> int:
    """Where the second sentence has ended, outside every element in the paragraph; 0 where too little follows."""
    depth, sentences = 0, 0
    for token in TOKENS.finditer(paragraph):
        text = token.group()
        if text.startswith("<"):
            depth += -1 if text.startswith("</") else 0 if text.startswith(VOID) else 1
            continue
        for found in SENTENCE_END.finditer(text) if depth == 1 else ():
            sentences += 1
            cut = token.start() + found.end()
            if sentences == SENTENCES:
                return cut if len(re.sub(r"<[^>]*>", "", paragraph[cut:])) >= WORTH_CLOSING else 0
    return 0
