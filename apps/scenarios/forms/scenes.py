"""One scene as its author writes it in a form: what the learner sees, the decision, the choices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from django import forms
from django.forms import BoundField

from apps.core.words import normalised
from apps.modules.forms import AuthorForm, area
from apps.modules.keys import PROVISIONAL
from apps.modules.limits import RANGES
from apps.modules.outline_lines import KEY
from apps.modules.shelf import drawings
from apps.scenarios import models
from apps.scenarios.document import CaseDocument, Choice, Effect, Part, Scene
from apps.scenarios.forms.fields import OneOf, Options, fit_to_texts, whole_number, words
from apps.scenarios.forms.needs import Names, NeedsForm

NOWHERE, NEW = "", PROVISIONAL  # what a choice can lead to, beside the scenes
NO_NEW_TITLE = "Give the new scene a title."
NO_ALT = "Say what the picture shows, for people who cannot see it."
SAME_SCENE = "Else it leads to the same scene. Choose another one, or nothing."
MOST_MOVED = 40  # gauges of one choice
KINDS = Options(dict(models.ScenePart.Kind.choices))
RATINGS = Options({"": "Not said yet"} | dict(models.Rating.choices))
ENDS = {value: str(label).capitalize() for value, label in models.Scene.Outcome.choices}
OUTCOMES = Options({"": "It goes on"} | ENDS)
NUMBER = {"inputmode": "numeric"}
MOST_SEEN = RANGES["PositiveIntegerField"][1]


class Offers(Names):
    """What the selects of a scene offer."""

    def __init__(self, case: CaseDocument) -> None:
        super().__init__(case)
        new = {NEW: "New scene…"}
        self.targets = Options({NOWHERE: "Nowhere yet"} | new | self.scenes)
        self.others = Options({NOWHERE: "Nothing else"} | new | self.scenes)
        self.pictures = {"": "No picture"} | {drawing.name: drawing.words.capitalize() for drawing in drawings()}

    def pictures_with(self, name: str) -> Options:
        """The drawings, and the one that is stored."""
        return Options(self.pictures if name in self.pictures else self.pictures | {name: name})


@dataclass
class NewScenes:
    """The scenes that are made at a save, since a choice leads to them: each title once."""

    made: dict[str, Scene] = field(default_factory=dict)

    def key_of(self, title: str) -> str:
        if title not in self.made:
            self.made[title] = Scene(f"{PROVISIONAL}new-{len(self.made) + 1}", title)
        return self.made[title].key


class SceneForm(NeedsForm):
    """What a scene says itself."""

    title = words(models.Scene, "title", required=True)
    clock = words(models.Scene, "clock", help_text="04:05, or Day 3")
    place = words(models.Scene, "place", help_text="A few words")
    seen_by = whole_number(0, MOST_SEEN, "9000", help_text="People, so far", widget=forms.TextInput(NUMBER))
    body = words(models.Scene, "body", label="Situation", widget=area(3))
    outcome = OneOf(OUTCOMES, label="How it ends", help_text="Only where it ends: then there are no choices.")
    thought = words(
        models.Scene,
        "thought",
        label="The pull",
        help_text="One line in the learner’s own voice: why the poor choice is tempting.",
    )
    question = words(models.Scene, "question")
    teaching_point = words(
        models.Scene,
        "teaching_point",
        label="What to take along",
        widget=area(4),
        help_text="Shown after the choice. Say what the source says, not more.",
    )

    TEXTS = ("title", "clock", "place", "body", "outcome", "thought", "question", "teaching_point")
    OF_A_DECISION = ("thought", "question", "teaching_point")

    def __init__(self, *args: Any, scene: Scene, **kwargs: Any) -> None:
        initial = {name: getattr(scene, name) for name in (*self.TEXTS, "seen_by")}
        super().__init__(*args, stored=scene.needs, initial=initial, **kwargs)
        self.scene = scene
        self.fields["title"].error_messages["required"] = "Give the scene a title."
        for name in self._unasked():
            del self.fields[name]
        fit_to_texts(self)

    def _unasked(self) -> list[str]:
        """What is not asked of this scene: of an ending what belongs to a decision, of others how it ends."""
        names = (*self.OF_A_DECISION, "outcome")
        if self.is_bound:
            return [name for name in names if name not in self.data]
        if self.scene.outcome and not self.scene.choices:
            return [name for name in self.OF_A_DECISION if not getattr(self.scene, name)]
        return ["outcome"] if self.scene.choices and not self.scene.outcome else []

    def said(self) -> dict[str, Any]:
        """What was written; of what was not asked nothing."""
        asked = {name: self.cleaned_data[name] for name in (*self.TEXTS, "seen_by") if name in self.fields}
        return asked | {"needs": self.needs()}


class RowForm(AuthorForm):
    """One of several rows of a scene; one without a key is new."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)

    first_field: ClassVar[str] = "text"  # that a person fills in

    def __init__(self, *args: Any, taken: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    @property
    def number(self) -> str:
        """What tells it from the others of its kind, in the values of buttons."""
        return str(self.prefix).rpartition("-")[2]

    def row_key(self) -> str:
        """Its key; one that is provisional for a new row, and for one whose key another row has."""
        key: str = self["key"].value() or ""
        return key if KEY.fullmatch(key) and key not in self.taken else f"{PROVISIONAL}{self.prefix}"


class PartForm(RowForm):
    """Something simulated that stands in a scene."""

    first_field = "kind"

    kind = OneOf(KINDS)
    author = words(models.ScenePart, "author", label="From")
    meta = words(models.ScenePart, "meta", label="When and where")
    text = words(models.ScenePart, "text", widget=area(2))
    image = OneOf(label="Picture")
    image_alt = words(models.ScenePart, "image_alt", label="What the picture shows")
    footer = words(models.ScenePart, "footer", label="Last line")

    SAID = ("text", "author", "meta", "image", "image_alt", "footer")

    def __init__(self, *args: Any, offers: Offers, part: Part | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(part, name) for name in ("key", "kind", *self.SAID)} if part else {}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        cast(OneOf, self.fields["image"]).offer(offers.pictures_with(part.image if part else ""))
        if part and not part.kind:
            cast(OneOf, self.fields["kind"]).offer(Options({"": "Not said yet"} | dict(KINDS.names)))
        fit_to_texts(self)

    @property
    def has_more(self) -> bool:
        """Whether it has a picture or a last line, or something is wrong with them."""
        names = ("image", "image_alt", "footer")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("image") and self.cleaned_data.get("image_alt") == "":
            self.add_error("image_alt", NO_ALT)
        return self.cleaned_data

    @property
    def is_blank(self) -> bool:
        return not any(normalised(str(self[name].value() or "")) for name in self.SAID)

    def row(self) -> Part:
        return Part(self.row_key(), **{name: self.cleaned_data[name] for name in ("kind", *self.SAID)})


class ChoiceForm(RowForm, NeedsForm):
    """What a learner may do."""

    text = words(models.Choice, "text", label="What the learner may do")
    target = OneOf(label="Leads to", gone=KEY)
    title = words(models.Scene, "title", label="Title of the new scene")
    rating = OneOf(RATINGS)
    consequence = words(models.Choice, "consequence", label="What follows", widget=area(2))
    otherwise = OneOf(
        label="Else leads to",
        gone=KEY,
        help_text="Where it leads when what the scene above needs is not met after it.",
    )
    else_title = words(models.Scene, "title", label="Title of the other new scene")

    LONG = ("otherwise", "else_title", "need_scene", "need_way")  # what a short form leaves out
    field_order = ("key", "text", "target", "title", "rating", "consequence", "otherwise", "else_title")
    SAID = ("text", "target", "title", "rating", "consequence", "otherwise", "else_title", "need_gauge", "need_scene")

    def __init__(
        self, *args: Any, offers: Offers, choice: Choice | None = None, is_short: bool = False, **kwargs: Any
    ) -> None:
        names = ("key", "text", "target", "rating", "consequence", "otherwise")
        initial = {name: getattr(choice, name) for name in names} if choice else {}
        needs = choice.needs if choice else ()
        super().__init__(*args, names=offers, stored=needs, initial=initial, **kwargs)
        cast(OneOf, self.fields["target"]).offer(offers.targets)
        cast(OneOf, self.fields["otherwise"]).offer(offers.others)
        self._add_gauges(offers, choice)
        if self.is_bound:
            is_short = self.add_prefix("otherwise") not in self.data
        if is_short and not any(self[name].value() for name in ("otherwise", "need_scene")):
            for name in self.LONG:
                del self.fields[name]
        fit_to_texts(self)

    def _add_gauges(self, offers: Offers, choice: Choice | None) -> None:
        """A number for each gauge, also for one that was there when the form was made."""
        moved = {effect.gauge: effect.change for effect in choice.effects} if choice else {}
        begins = self.add_prefix("moves-")
        sent = [name.removeprefix(begins) for name in self.data if name.startswith(begins)]
        gone = [key for key in sent if key not in offers.gauges and KEY.fullmatch(key)]
        self.gauges = list(offers.gauges)
        for gauge in [*self.gauges, *gone[:MOST_MOVED]]:
            number = whole_number(-100, 100, "-5", label=offers.gauges.get(gauge, "a gauge that is gone"))
            number.widget = forms.TextInput({"inputmode": "numeric", "size": 4})
            self.fields[f"moves-{gauge}"] = number
            self.initial[f"moves-{gauge}"] = moved.get(gauge)

    @property
    def moves(self) -> Sequence[BoundField]:
        """The numbers beside the gauges, each described by what is said of all of them and what is wrong with it."""
        found = [self[f"moves-{gauge}"] for gauge in self.gauges]
        for bound in found:
            wrong = f" {bound.auto_id}_error" if bound.errors else ""
            bound.field.widget.attrs["aria-describedby"] = f"moves-help{wrong}"
        return found

    @property
    def has_conditions(self) -> bool:
        """Whether it is not always offered, or leads elsewhere too, or something is wrong with that."""
        names = ("otherwise", "else_title", "need_gauge", "need_scene")
        asked = (self[name] for name in names if name in self.fields)
        return self.has_needs or any(bound.value() or bound.errors for bound in asked)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for select, title in (("target", "title"), ("otherwise", "else_title")):
            if data.get(select) == NEW and data.get(title) == "":
                self.add_error(title, NO_NEW_TITLE)
        target, otherwise = self._link("target", "title"), self._link("otherwise", "else_title")
        if any(target) and target == otherwise:
            self.add_error("otherwise", SAME_SCENE)
        return data

    def _link(self, select: str, title: str) -> tuple[str, str]:
        """The scene that is led to, or the title of a new one; empty for nowhere."""
        chosen, named = self.cleaned_data.get(select, ""), self.cleaned_data.get(title, "")
        if chosen in (NOWHERE, NEW):
            return ("", named)
        return (chosen, "")

    @property
    def is_blank(self) -> bool:
        said = [*self.SAID, *(name for name in self.fields if name.startswith("moves-"))]
        asked = (name for name in said if name in self.fields)
        return not self.more and not any(normalised(str(self[name].value() or "")) for name in asked)

    def row(self, new: NewScenes) -> Choice:
        """The choice. A scene that it leads to and that is not there yet is made."""
        data = self.cleaned_data
        links = (self._target("target", "title", new), self._target("otherwise", "else_title", new))
        moved = ((name.removeprefix("moves-"), data[name]) for name in self.fields if name.startswith("moves-"))
        effects = tuple(Effect(gauge, change) for gauge, change in moved if change)
        return Choice(self.row_key(), data["text"], data["rating"], *links, effects, self.needs(), data["consequence"])

    def _target(self, select: str, title: str, new: NewScenes) -> str:
        chosen, named = self._link(select, title)
        return new.key_of(named) if named else chosen
