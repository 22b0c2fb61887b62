"""What stands open on the workbench of a case: one of its scenes, or what it says of itself."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from django.http import QueryDict

from apps.core.words import counted
from apps.modules.document import letter
from apps.modules.forms import AuthorForm, Picker, fact_picker, picked, source_picker
from apps.modules.keys import PROVISIONAL
from apps.modules.outline_lines import KEY
from apps.modules.workbench import Done, Opened, Wrong
from apps.scenarios import steps
from apps.scenarios.document import CaseDocument, Choice, Gauge, Part, Scene
from apps.scenarios.forms.about import CaseForm, GaugeForm
from apps.scenarios.forms.scenes import ChoiceForm, NewScenes, Offers, PartForm, RowForm, SceneForm

NOT_WHOLE = Wrong("The form did not arrive as a whole, so nothing was saved. Press the button once more.")
NO_SCENE = Wrong("There is no such scene. Open one from the list.")
PARTS = ("message", "post", "part")  # what can be added: two kinds, and another one
MANY_SCENES = 30  # from then on only those selects of scenes stand there that are wanted
NOUNS = {row.noun: row.nouns for row in (Part, Choice, Gauge)}
BLANK_CHOICES, GAUGES = 3, 4  # that stand ready
MOST_ROWS = 60
WORDS_A_MINUTE = 170


@dataclass(frozen=True)
class Row:
    """One of several rows of a form: where it stands, and where the focus goes."""

    form: Any
    kind: str
    place: int  # from 0
    count: int  # of those that are stored, or will be
    focus: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.place + 1}"

    @property
    def name(self) -> str:
        """`choice (b)`, in the middle of a sentence."""
        return f"choice ({letter(self.place)})" if self.kind == "choice" else f"{self.kind} {self.place + 1}"

    @property
    def value(self) -> str:
        """What its buttons say after their verb."""
        return f"{self.kind}:{self.form.number}"

    @property
    def deletes(self) -> str:
        """What the button says that takes it away: at once, or after a question where others rest on it."""
        return f"delete:gauge:{self.form.row_key()}" if self.kind == "gauge" else f"drop:{self.value}"

    @property
    def delete_words(self) -> str:
        return "Delete…" if self.kind == "gauge" else "Delete"

    @property
    def is_stored(self) -> bool:
        """Whether it has a key of its own."""
        return not str(self.form.row_key()).startswith(PROVISIONAL)

    @property
    def is_first(self) -> bool:
        return self.place == 0 or self.place >= self.count

    @property
    def is_last(self) -> bool:
        return self.place + 1 >= self.count


class Tray(ABC):
    """A block of a case that stands open."""

    template_name: ClassVar[str]
    kinds: ClassVar[dict[str, type[RowForm]]]  # of rows, with their forms
    form: AuthorForm

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.case: CaseDocument = opened.document  # type: ignore[assignment]
        self.sent = QueryDict() if opened.sent is None else opened.sent
        verb, _, what = self.sent.get("do", "").partition(":")
        self.dropped = what if verb == "drop" else ""
        self._numbers = {kind: self._sent_numbers(kind) for kind in self.kinds}
        self.forms = {kind: list(self._forms(kind)) for kind in self.kinds}

    def _sent_numbers(self, kind: str) -> list[int]:
        pattern = re.compile(rf"{kind}-([0-9]{{1,3}})-key")
        found = (pattern.fullmatch(name) for name in self.sent)
        return sorted({int(match[1]) for match in found if match})[:MOST_ROWS]

    def _forms(self, kind: str) -> Iterator[RowForm]:
        """The rows that were sent but for one that is to go, or those that are stored and some blank ones."""
        if self.opened.sent is None:
            yield from self.ready(kind)
            return
        taken = self.taken(kind)
        for number in self._numbers[kind]:
            if self.dropped != f"{kind}:{number}":
                form = self.made(kind, f"{kind}-{number}", taken)
                taken.add(form.row_key())
                yield form

    @abstractmethod
    def ready(self, kind: str) -> Iterator[RowForm]:
        """The rows of a form that nobody has filled in yet."""

    @abstractmethod
    def made(self, kind: str, prefix: str, taken: set[str]) -> RowForm:
        """A row that was sent."""

    @abstractmethod
    def taken(self, kind: str) -> set[str]:
        """The keys of rows elsewhere."""

    @property
    def whole(self) -> str:
        """How many rows the form has; it stands at its end, so that one that was cut off is known."""
        return "-".join(str(len(forms)) for forms in self.forms.values())

    @property
    def is_whole(self) -> bool:
        return self.sent.get("rows") == "-".join(str(len(numbers)) for numbers in self._numbers.values())

    def said(self, kind: str) -> list[Any]:
        """The rows in which something was written."""
        return [form for form in self.forms[kind] if not form.is_blank]  # type: ignore[attr-defined]

    def rows(self, kind: str) -> list[Row]:
        """The rows as they are shown."""
        forms, count = self.forms[kind], len(self.said(kind))
        rows = [Row(form, kind, place, count, self._focus(kind, place, count)) for place, form in enumerate(forms)]
        for row in rows:
            if row.focus == "field":
                first = "author" if self.opened.asked.get("add") in ("message", "post") else row.form.first_field
                row.form.fields[first].widget.attrs["autofocus"] = True
        return rows

    def _focus(self, kind: str, place: int, count: int) -> str:
        """Where the focus goes in a row: the button by which it was moved, or the first field of a new one."""
        way, _, moved = self.opened.asked.get("moved", "").partition(":")
        if moved == f"{kind}:{place}" and place < count:
            return {("up", 0): "down", ("down", count - 1): "up"}.get((way, place), way)
        asked = "part" if self.opened.asked.get("add") in PARTS else self.opened.asked.get("add")
        return "field" if asked == kind and place == count else ""

    def moved(self, verb: str, what: str) -> tuple[str, int, Done] | None:
        """A row that a button moves: its key, by how much, and where the page comes back; None for none.

        One in which nothing is written any more is left out of what is stored, so there is nothing to move.
        """
        kind, _, number = what.partition(":")
        keys = {form.number: form.row_key() for form in self.said(kind)} if kind in self.kinds else {}
        if verb not in ("up", "down") or not self.has_row(what):
            return None
        if number not in keys:
            return "", 0, Done(anchor=NOUNS[kind])
        by = -1 if verb == "up" else 1
        place = min(max(list(keys).index(number) + by, 0), len(keys) - 1)
        asked = {"moved": f"{verb}:{kind}:{place}"}
        return keys[number], by, Done(asked=asked, anchor=f"{kind}-{place + 1}", told="Moved.")

    def has_row(self, what: str) -> bool:
        """Whether such a row was sent, written in or not: `choice:2`."""
        kind, _, number = what.partition(":")
        return number in map(str, self._numbers.get(kind, ()))

    def wrongs(self) -> list[Wrong]:
        """What is wrong with what was sent, in the order of its fields."""
        if not self.is_whole:
            return [NOT_WHOLE]
        return [wrong for form, names, where in self.in_order() for wrong in _wrongs_of(form, names, where)]

    @abstractmethod
    def in_order(self) -> Iterator[tuple[AuthorForm, Sequence[str], str]]:
        """The forms in their order on the page: the fields of each (all without), and what it is called."""

    def rows_in_order(self, kind: str) -> Iterator[tuple[AuthorForm, Sequence[str], str]]:
        for place, form in enumerate(self.said(kind)):
            yield form, (), f"{Row(form, kind, place, 0).name}, "

    def keys(self, name: str, stored: Sequence[str], *, are_facts: bool = False) -> Sequence[str]:
        """What is ticked in a picker."""
        return stored if self.opened.sent is None else picked(self.opened.sent, name, are_facts=are_facts)


def _wrongs_of(form: AuthorForm, names: Sequence[str], where: str) -> Iterator[Wrong]:
    for name in names or form.fields:
        if name not in form.fields:
            continue
        bound = form[name]
        called = f"{where}{bound.label[:1].lower()}{bound.label[1:]}"
        for error in bound.errors:
            yield Wrong(f"{called[:1].upper()}{called[1:]}: {error}", bound.id_for_label)


class SceneTray(Tray):
    """One scene."""

    template_name = "scenarios/_bench_scene.html"
    kinds: ClassVar[dict[str, type[RowForm]]] = {"part": PartForm, "choice": ChoiceForm}
    FIRST = ("title", "clock", "place", "seen_by", "body", "outcome", "need_gauge", "need_scene", "need_way")
    DECISION, AFTER = ("thought", "question"), ("teaching_point",)

    def __init__(self, opened: Opened) -> None:
        stored: Any = opened.document.blocks.get(opened.block)
        self.scene = stored if isinstance(stored, Scene) else Scene(opened.block, "")
        self.offers = Offers(opened.document)  # type: ignore[arg-type]
        super().__init__(opened)
        self.form = SceneForm(opened.sent, scene=self.scene, names=self.offers)
        self.form.fields["body"].help_text = f"Two or three short sentences. {self.reading_time}".strip()
        if opened.asked.get("new") == "scene" and opened.sent is None:
            self.form.fields["title"].widget.attrs["autofocus"] = True

    @property
    def number(self) -> int:
        return [*(scene.key for scene in self.case.scenes), self.scene.key].index(self.scene.key) + 1

    @property
    def name(self) -> str:
        return f"{self.where}: {self.scene.title}"

    @property
    def where(self) -> str:
        """`Scene 5 of 13`."""
        return f"Scene {self.number} of {len(self.case.scenes)}"

    @property
    def is_ending(self) -> bool:
        return bool(self.scene.outcome) and not self.scene.choices

    @property
    def is_fresh(self) -> bool:
        """Whether nothing is decided in it yet, and it is no ending."""
        return not self.scene.choices and not self.scene.outcome

    @property
    def focus(self) -> str:
        """The button by which the scene was moved."""
        way, _, what = self.opened.asked.get("moved", "").partition(":")
        if what != "scene":
            return ""
        return {("up", 1): "down", ("down", len(self.case.scenes)): "up"}.get((way, self.number), way)

    @property
    def is_last(self) -> bool:
        return self.number >= len(self.case.scenes)

    @property
    def onward(self) -> str:
        """What the button says that saves and goes on; empty where nothing can follow."""
        if self.is_last:
            return "" if self.is_ending else "next:"
        return f"open:{self.case.scenes[self.number].key}"

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def reading_time(self) -> str:
        """`23 words: 8 seconds to read.`, as it was saved last."""
        count = len(self.scene.body.split())
        if not count:
            return ""
        seconds = counted(round(count * 60 / WORDS_A_MINUTE) or 1, "second", "seconds")
        return f"{counted(count, 'word', 'words')}: {seconds} to read."

    @cached_property
    def parts(self) -> list[Row]:
        return self.rows("part")

    @cached_property
    def choices(self) -> list[Row]:
        return self.rows("choice")

    @cached_property
    def facts(self) -> Picker:
        return fact_picker(self.opened.shelf, "facts", self.keys("facts", self.scene.facts, are_facts=True))

    @cached_property
    def sources(self) -> Picker:
        return source_picker(self.opened.shelf, "sources", self.keys("sources", self.scene.sources))

    def ready(self, kind: str) -> Iterator[RowForm]:
        asked = self.opened.asked.get("add", "")
        if kind == "part":
            stored: list[Any] = [{"part": part} for part in self.scene.parts]
            wants = asked in PARTS or (self.is_fresh and not self.scene.parts)
            stored += [{"initial": {"kind": asked if asked == "post" else "message"}}] * wants
        else:
            is_short, more = len(self.case.scenes) > MANY_SCENES, self.opened.asked.get("more")
            stored = [{"choice": choice} for choice in self.scene.choices]
            stored += [{}] * (BLANK_CHOICES * self.is_fresh + (asked == "choice"))
            stored = [row | {"is_short": is_short and more != str(place)} for place, row in enumerate(stored)]
        for number, given in enumerate(stored):
            yield self.kinds[kind](prefix=f"{kind}-{number}", offers=self.offers, **given)

    def made(self, kind: str, prefix: str, taken: set[str]) -> RowForm:
        sent = self.sent
        rows: Any = self.scene.parts if kind == "part" else self.scene.choices
        stored = next((row for row in rows if row.key == sent.get(f"{prefix}-key")), None)
        given: dict[str, Any] = {kind: stored, "offers": self.offers, "taken": frozenset(taken)}
        return self.kinds[kind](sent, prefix=prefix, **given)

    def taken(self, kind: str) -> set[str]:
        others = (scene for scene in self.case.scenes if scene.key != self.scene.key)
        return {row.key for scene in others for row in (scene.parts if kind == "part" else scene.choices)}

    def in_order(self) -> Iterator[tuple[AuthorForm, Sequence[str], str]]:
        yield self.form, self.FIRST, ""
        yield from self.rows_in_order("part")
        yield self.form, self.DECISION, ""
        yield from self.rows_in_order("choice")
        yield self.form, self.AFTER, ""

    def wrongs(self) -> list[Wrong]:
        return super().wrongs() if KEY.fullmatch(self.opened.block) else [NO_SCENE]

    def written(self) -> CaseDocument:
        """The case with the scene as it was written, and those that it leads to and that were not there."""
        form: Any = self.form
        new = NewScenes()
        scene = replace(
            self.scene,
            facts=tuple(self.keys("facts", (), are_facts=True)),
            sources=tuple(self.keys("sources", ())),
            parts=tuple(form.row() for form in self.said("part")),
            choices=tuple(form.row(new) for form in self.said("choice")),
            **form.said(),
        )
        made = [scene, *new.made.values()]
        case = self.case
        for one in made:
            case = case.with_block(one.key, one)
        return case

    def done(self, verb: str, what: str) -> Done | None:
        """What a button of this scene does, once everything is stored."""
        key = self.scene.key
        simple = {
            ("next", ""): Done(opens=steps.after(key)),
            ("add", "scene"): Done(steps.add_scene, steps.last, {"new": "scene"}),
            ("duplicate", "scene"): Done(steps.copy_scene(key), steps.after(key), {"new": "scene"}),
            ("up", "scene"): _moves_scene(key, "up", -1),
            ("down", "scene"): _moves_scene(key, "down", 1),
        }
        if (verb, what) in simple:
            return simple[verb, what]
        ways = {"add": self._added, "up": self._moved, "down": self._moved, "drop": self._dropped, "more": self._more}
        return ways[verb](verb, what) if verb in ways else None

    def _added(self, verb: str, what: str) -> Done | None:
        if what not in (*PARTS, "choice"):
            return None
        kind = "choice" if what == "choice" else "part"
        return Done(asked={"add": what}, anchor=f"{kind}-{len(self.said(kind)) + 1}")

    def _moved(self, verb: str, what: str) -> Done | None:
        if (found := self.moved(verb, what)) is None:
            return None
        key, by, done = found
        move = steps.move_part if what.startswith("part:") else steps.move_choice
        return replace(done, then=move(self.scene.key, key, by))

    def _more(self, verb: str, what: str) -> Done | None:
        """All that can be said of when a choice is offered; in a case with few scenes that stands there anyway."""
        numbers = [f"choice:{form.number}" for form in self.said("choice")]
        if not (what.startswith("choice:") and self.has_row(what)):
            return None
        place = numbers.index(what) if what in numbers else len(numbers)  # an empty one stands ready behind the others
        is_new = what not in numbers and numbers
        return Done(asked={"more": str(place)} | ({"add": "choice"} if is_new else {}), anchor=f"choice-{place + 1}")

    def _dropped(self, verb: str, what: str) -> Done | None:
        """It is left out of what was written already."""
        kind = what.partition(":")[0]
        if not self.has_row(what):
            return None
        return Done(told=f"The {kind} is deleted. Undo brings it back.", anchor=NOUNS[kind])


def _moves_scene(key: str, verb: str, by: int) -> Done:
    return Done(steps.move_scene(key, by), asked={"moved": f"{verb}:scene"}, told="Moved.", moves=key)


class CaseTray(Tray):
    """What the case says of itself, and its gauges."""

    template_name = "scenarios/_bench_case.html"
    kinds: ClassVar[dict[str, type[RowForm]]] = {"gauge": GaugeForm}
    name = "About the case"

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened)
        self.form = CaseForm(opened.sent, case=self.case)

    @cached_property
    def gauges(self) -> list[Row]:
        return self.rows("gauge")

    @cached_property
    def facts(self) -> Picker:
        return fact_picker(self.opened.shelf, "facts", self.keys("facts", self.case.head.facts, are_facts=True))

    @cached_property
    def sources(self) -> Picker:
        keys = self.keys("sources", self.case.head.sources)
        return source_picker(self.opened.shelf, "sources", keys, "Sources of the page")

    @cached_property
    def guidance_sources(self) -> Picker:
        keys = self.keys("guidance-sources", self.case.guidance_sources)
        return source_picker(self.opened.shelf, "guidance-sources", keys, "Sources of the guidance")

    def ready(self, kind: str) -> Iterator[RowForm]:
        stored: list[Any] = [{"gauge": gauge} for gauge in self.case.gauges]
        stored += [{}] * max(0, GAUGES - len(stored))
        for number, given in enumerate(stored):
            yield GaugeForm(prefix=f"gauge-{number}", **given)

    def made(self, kind: str, prefix: str, taken: set[str]) -> RowForm:
        return GaugeForm(self.opened.sent, prefix=prefix, taken=frozenset(taken))

    def taken(self, kind: str) -> set[str]:
        return set()

    def in_order(self) -> Iterator[tuple[AuthorForm, Sequence[str], str]]:
        yield self.form, (), ""
        yield from self.rows_in_order("gauge")

    def written(self) -> CaseDocument:
        form: Any = self.form
        facts = self.keys("facts", (), are_facts=True)
        return replace(
            self.case,
            head=form.head(self.case.head.key, facts, self.keys("sources", ())),
            guidance_sources=tuple(self.keys("guidance-sources", ())),
            gauges=tuple(gauge.row() for gauge in self.said("gauge")),
            **form.said(),
        )

    def done(self, verb: str, what: str) -> Done | None:
        if (verb, what) == ("add", "scene"):
            return Done(steps.add_scene, steps.last, {"new": "scene"})
        if (found := self.moved(verb, what)) is None:
            return None
        key, by, done = found
        return replace(done, then=steps.move_gauge(key, by))
