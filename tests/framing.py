"""What may stand in a frame, and what may hold one: the previews of drafts, and nothing else."""

import re
from dataclasses import dataclass

PREVIEW = re.compile(r"/admin/write/modules/[\w-]+/(pages/[\w-]+/)?preview/(?P<phone>phone/)?")


@dataclass(frozen=True)
class Framing:
    """The headers of an answer that say so."""

    options: str = "DENY"
    ancestors: str = "'none'"
    sources: str | None = None


NO_FRAMES = Framing()


def framing(path: str, status: int) -> Framing:
    """That of an answer: a preview may stand in a frame of ours, its page at the width of a phone holds one."""
    preview = PREVIEW.fullmatch(path.partition("?")[0]) if status == 200 else None
    if preview is None:
        return NO_FRAMES
    return Framing(sources="'self'") if preview["phone"] else Framing("SAMEORIGIN", "'self'")
