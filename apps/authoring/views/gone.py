"""What an author reads, and keeps, when there is nothing any more to which their text belongs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from apps.authoring.broken import lines_of
from apps.authoring.queries import id_in
from apps.modules.models import Edition, Module


@dataclass(frozen=True)
class Field:
    """Where words stood that are no page's text, and the button that sends them once more."""

    name: str
    label: str
    view: str
    button: str = "do"
    value: str = ""
    is_line: bool = False


@dataclass(frozen=True)
class Kept:
    """A text for which there is no place: of a page of a module, or with an empty key of the whole module.

    Other words say in which field they stood.
    """

    slug: str
    key: str
    text: str
    draft_id: str = ""  # as the form says it
    field: Field | None = None


def show(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The page that says what has become of the draft, and holds the text. 404 where there is no such module."""
    module = get_object_or_404(Module, slug=kept.slug)
    draft = Edition.objects.drafts().filter(module=module).first()
    name = "text" if kept.key else "module_text"
    text = Field("text", "Your text", name, value="check")
    field = kept.field or text
    context = {
        "title": "Nothing was stored, and your text is here",
        "module": module,
        "why": _page_gone() if draft and kept.key else _draft_gone(module, kept.draft_id),
        "field": field,
        "is_text": field is text,
        "has_draft": draft is not None,
        "is_published": Edition.objects.published().filter(module=module).exists(),
        "text": kept.text,
        "rows": min(max(len(lines_of(kept.text)) + 1, 12 if field is text else 4), 40),
        "send_to": reverse(f"admin:write:{field.view}", args=[kept.slug, kept.key] if kept.key else [kept.slug]),
    }
    return render(request, "authoring/gone.html", context, status=409)


def _page_gone() -> str:
    return "The page was removed from the draft in the meantime."


def _draft_gone(module: Module, draft_id: str) -> str:
    published = (
        Edition.objects.published().filter(pk=id_in(draft_id), module=module).select_related("published_by").first()
    )
    if published is None or published.published_at is None:
        return "The draft was published or discarded in the meantime."
    at = timezone.localtime(published.published_at)
    who = f"{published.published_by} published" if published.published_by else "Somebody published"
    return f"{who} this draft as {published.label} on {at:%-d %B} at {at:%H:%M}."
