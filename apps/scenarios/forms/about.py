"""What a case says of itself as a whole, as its author writes it in a form."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.words import lines_of
from apps.modules.forms import HeadForm, area
from apps.modules.outline_lines import KEY
from apps.scenarios import models
from apps.scenarios.document import CaseDocument, Gauge
from apps.scenarios.forms.fields import fit_to_texts, whole_number, words
from apps.scenarios.forms.scenes import RowForm

NO_NAME = "Give the gauge a name. To be rid of it, press “Delete…” beside it."
NO_START = "Say where the gauge starts, such as 60."


class CaseForm(HeadForm):
    """What a case says itself; what is ticked (facts, sources) and its gauges come beside."""

    role = words(models.Scenario, "role", widget=area(3), help_text="Who the learner is in this case, in short.")
    guidance = words(
        models.Scenario,
        "guidance",
        widget=area(5),
        help_text="For the debrief: what the guidance says now. [words](#source-key) leads to a source ticked below.",
    )
    reflection = words(models.Scenario, "reflection", help_text="For the debrief: one question to think about.")
    plan = words(
        models.Scenario,
        "plan_lines",
        label="Plan",
        widget=area(3),
        help_text="For the learner’s own plan, one a line: If …, then I will …",
    )
    is_taster = forms.BooleanField(label="Open to all: it may be walked without an account", required=False)

    SAID = ("role", "guidance", "reflection", "is_taster")

    def __init__(self, *args: Any, case: CaseDocument, **kwargs: Any) -> None:
        own = {name: getattr(case, name) for name in self.SAID} | {"plan": "\n".join(case.plan_lines)}
        super().__init__(*args, initial=self.data_of_head(case.head) | own, **kwargs)
        fit_to_texts(self)

    def said(self) -> dict[str, Any]:
        """What was written, but for the head."""
        said = {name: self.cleaned_data[name] for name in self.SAID}
        return said | {"plan_lines": tuple(lines_of(self.cleaned_data["plan"]))}


class GaugeForm(RowForm):
    """Something that choices move; a new one without a name is none."""

    first_field = "name"

    name = words(models.Gauge, "name")
    start = whole_number(0, 100, "60", label="Starts at", widget=forms.TextInput({"inputmode": "numeric", "size": 4}))

    def __init__(self, *args: Any, gauge: Gauge | None = None, **kwargs: Any) -> None:
        initial = {"key": gauge.key, "name": gauge.title, "start": gauge.start} if gauge else {}
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def is_blank(self) -> bool:
        has_key = KEY.fullmatch(str(self["key"].value() or "")) is not None
        return not has_key and not any(str(self[name].value() or "").strip() for name in ("name", "start"))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.is_blank and data.get("name") == "":
            self.add_error("name", NO_NAME)
        if not self.is_blank and "start" in data and data["start"] is None:
            self.add_error("start", NO_START)
        return data

    def row(self) -> Gauge:
        return Gauge(self.row_key(), self.cleaned_data["name"], self.cleaned_data["start"])
