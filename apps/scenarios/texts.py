"""What is read in cases, for their reading age."""

from collections.abc import Iterable

from apps.core.markdown import plain_text
from apps.modules.models import Edition
from apps.modules.page_kinds import Text
from apps.modules.texts import where_is
from apps.scenarios.models import Scenario, Scene


def texts_of(edition: Edition) -> Iterable[Text]:
    """Each case, and each of its scenes with all that is shown of it sooner or later."""
    for scenario in Scenario.objects.filter(edition=edition).select_related("page"):
        html = scenario.role_html + scenario.guidance_html
        yield Text(scenario.page.key, scenario.key, where_is(scenario), plain_text(html))
    scenes = Scene.objects.filter(edition=edition).select_related("scenario__page")
    for scene in scenes.prefetch_related("parts", "choices"):
        parts = [f"<p>{part.text}</p>" for part in scene.parts.all()]
        choices = [f"{choice.text}<p>{choice.consequence_html}</p>" for choice in scene.choices.all()]
        html = "".join([scene.body_html, *parts, *choices, scene.teaching_point_html])
        yield Text(scene.scenario.page.key, scene.key, where_is(scene), plain_text(html))
