"""Which edition of the course is measured, and the best and the worst that can be done in it."""

from apps.modules.models import Edition
from apps.modules.queries import Contents, published_contents
from apps.quizzes.queries import Item
from apps.quizzes.scoring import Given
from apps.scenarios.walks import Script, Walk, walk_of


def find_contents() -> Contents:
    """The first current edition that has readings, two cases and a quiz."""
    for edition in Edition.objects.current().order_by("pk"):
        contents = published_contents(edition.pk)
        kinds = [page.kind for page in contents.pages]
        if "reading" in kinds and kinds.count("scenario") > 1 and "quiz" in kinds:
            return contents
    raise LookupError("no current edition has readings, two cases and a quiz")


def best_walk(script: Script) -> Walk:
    """The walk through a case to its end, always by the best choice."""
    here = walk_of(script, ())
    while not here.is_ended:
        choice = min(here.offered, key=lambda choice: choice.rating != "best")
        here = walk_of(script, [*here.keys, choice.key])
        if len(here.keys) > len(script.scenes):
            raise LookupError(f"the best choices of {script.scenario} go in a circle")
    return here


def right_answer(item: Item) -> Given:
    """What has all marks."""
    return item.key.ranks or dict.fromkeys(option.key for option in item.options if option.is_key)


def wrong_answer(item: Item) -> Given:
    """A complete answer that is not the key."""
    if ranks := item.key.ranks:
        return {key: len(ranks) + 1 - rank for key, rank in ranks.items()}
    keys = [option.key for option in sorted(item.options, key=lambda option: option.is_key)]
    return dict.fromkeys(keys[: item.question.select])
