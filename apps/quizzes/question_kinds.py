"""The registry of question kinds: a subclass of `QuestionKind` in a folder of `kinds/`, registered in its `apps.py`."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from apps.quizzes.key_editors import KeyEditor
from apps.quizzes.scoring import Given, Key, Scoring

if TYPE_CHECKING:
    from apps.quizzes.forms.answering import AnswerForm
    from apps.quizzes.models import Option


@dataclass(frozen=True)
class Line:
    """A line of a question that is told in short on results: what stands out in it, and the rest."""

    label: str
    text: str = ""


class QuestionKind(Scoring):
    """A kind of question: how it is asked, marked and shown beside its key."""

    name: ClassVar[str]
    label: ClassVar[str]
    form_class: ClassVar[type["AnswerForm"]]
    answer_template: ClassVar[str]  # shows `form`, whose rows are the options in the order of the attempt
    result_template: ClassVar[str]  # shows `result`, and as `review` what the method gives
    key_editor: ClassVar[KeyEditor] = KeyEditor()  # how its authors say what is right
    script: ClassVar[str] = ""  # a static file that makes answering easier; nothing needs it
    has_one_key: ClassVar[bool] = False  # one option is the key and one is given: its place could give it away
    blind_guess: ClassVar[str] = ""  # its chance in a sentence: `12 of 20 where you rank five`
    short: ClassVar[str] = ""  # its label above a question, where that has no theme: `rank five`

    @abstractmethod
    def instruction(self, select: int) -> str:
        """What the learner is asked to do: `Select 3`."""

    @abstractmethod
    def review(self, options: Sequence["Option"], key: Key, given: Given) -> object:
        """What the result template shows of the options, which come in the order of the attempt."""

    def others(self, options: Sequence["Option"], key: Key, given: Given) -> Sequence["Option"]:
        """The options that the result template does not show: they are folded, below why the key is the key."""
        return ()

    def in_short(self, options: Sequence["Option"], key: Key, given: Given) -> Sequence[Line]:
        """What a folded result says of an answer that is not all right, first what is right."""
        return ()


_kinds: dict[str, QuestionKind] = {}


def register(kind: QuestionKind) -> None:
    """Make a kind of question known."""
    if kind.name in _kinds:
        raise ValueError(f"Question kind {kind.name!r} is registered twice.")
    _kinds[kind.name] = kind


def unregister(kind: QuestionKind) -> None:
    """Forget a kind that a test brought."""
    del _kinds[kind.name]


def get(name: str) -> QuestionKind:
    """The kind called `name`; KeyError when no app has registered it."""
    return _kinds[name]


def is_known(name: str) -> bool:
    """Whether an app has registered a kind called `name`."""
    return name in _kinds


def editor_of(name: str) -> KeyEditor:
    """How authors say what is right in a question of this kind, be it known or not."""
    return _kinds[name].key_editor if name in _kinds else KeyEditor()


def all_kinds() -> list[QuestionKind]:
    """Every registered kind, in the order of installation."""
    return list(_kinds.values())


def choices() -> list[tuple[str, str]]:
    """The names and labels from which authors choose."""
    return [(kind.name, kind.label) for kind in all_kinds()]


def answer_fields() -> tuple[str, ...]:
    """How the names of the fields begin that hold an answer to a question of any kind."""
    return tuple(name for kind in all_kinds() for name in kind.form_class.answer_fields)


def blind_guesses(names: Collection[str]) -> str:
    """What a blind guess has of each of these kinds that is measured from it, in the middle of a sentence."""
    return ", and ".join(kind.blind_guess for kind in all_kinds() if kind.blind_guess and kind.name in names)
