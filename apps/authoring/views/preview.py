"""A draft as its learners will see it: their own templates, with a bar above them. Nothing is recorded.

Everything is a GET, and all that was done stands in the address. What somebody may not read is not there for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.decorators import only_for
from apps.core.decorators import View
from apps.modules.checks import find_problems_of
from apps.modules.known import read_known
from apps.modules.models import Edition
from apps.modules.page_kinds import Preview
from apps.modules.previews import Fields, Previewed, contents_of_draft
from apps.modules.problems import Problem
from apps.modules.queries import Contents
from apps.modules.rows import Rows, document_of, edition_document, kind_of, read_rows
from apps.progress.previews import progress_of_draft

FRAME = "frame"  # in the query of a page that stands in the frame of a phone
MOST_TOLD = 5  # problems

# A link that leads out of the preview, written as our templates and Markdown write one.
LEAVING = re.compile(r'<a(?=\s[^>]*\bhref="(?!#|/admin/write/modules/[^"?]*/preview/))(?![^>]*\btarget=)')


@dataclass(frozen=True)
class Addresses:
    """Where the pages of a draft are previewed."""

    slug: str
    is_framed: bool = False

    def __call__(self, key: str = "", fields: Fields = ()) -> str:
        """The address of the preview of a page; without a key that of the module's."""
        return self._address("preview" if key else "preview_module", key, self.kept(fields))

    def phone(self, key: str, fields: Fields = ()) -> str:
        """The same in the frame of a phone."""
        return self._address("preview_phone" if key else "preview_module_phone", key, fields)

    def back(self, key: str, block: str = "") -> str:
        """The authors' page on which a page is written, at this block; without a key that of the module."""
        return self._address("page" if key else "module", key, [("at", block)] if block else ())

    def kept(self, fields: Fields) -> Fields:
        """These, and what everything inside a frame carries on."""
        return [*fields, (FRAME, "1")] if self.is_framed else fields

    def _address(self, view: str, key: str, fields: Fields = ()) -> str:
        try:
            path = reverse(f"admin:write:{view}", args=[self.slug, key] if key else [self.slug])
        except NoReverseMatch:  # a key that no form of ours has taken
            return self()
        return f"{path}?{urlencode(fields)}" if fields else path


@dataclass(frozen=True)
class Bar:
    """The bar above a previewed page, and what the page needs to stay in the preview."""

    addresses: Addresses
    key: str  # of the page; empty for the module
    look: Preview
    problems: Sequence[Problem]
    can_write: bool
    is_phone: bool = False

    @property
    def has_bar(self) -> bool:
        """Inside the frame of a phone there is none: it stands above the frame."""
        return not self.addresses.is_framed

    @property
    def fields(self) -> Fields:
        """What every form of the page carries on."""
        return self.addresses.kept(self.look.fields)

    @property
    def module_url(self) -> str:
        return self.addresses()

    @property
    def desktop_url(self) -> str:
        return self.addresses(self.key, self.look.fields)

    @property
    def phone_url(self) -> str:
        return self.addresses.phone(self.key, self.look.fields)

    @property
    def framed_url(self) -> str:
        """What stands in the frame."""
        return replace(self.addresses, is_framed=True)(self.key, self.look.fields)

    @property
    def show_url(self) -> str:
        """Where the controls lead."""
        return self.addresses.phone(self.key) if self.is_phone else self.addresses(self.key)

    @property
    def back_url(self) -> str:
        """Where what is seen is written; who does not write has the module's page only."""
        if not self.can_write:
            return self.addresses.back("")
        return self.addresses.back(self.key, next(iter(self.look.blocks or ()), ""))

    @property
    def back(self) -> str:
        return "Back to the page" if self.key and self.can_write else "Back to the module"

    @property
    def problems_told(self) -> Sequence[Problem]:
        return self.problems[:MOST_TOLD]

    @property
    def more_problems(self) -> int:
        return len(self.problems[MOST_TOLD:])


def may_be_framed(view: View) -> View:
    """A page that may stand in a frame of ours, and nowhere else."""
    framed = xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(view))
    return cast("View", framed)


def may_hold_a_frame(view: View) -> View:
    """A page with a frame of ours in it."""
    return cast("View", csp_update({"frame-src": [SELF]})(view))


@only_for("modules.read_draft")
@require_safe
@may_be_framed
def module(request: HttpRequest, slug: str) -> HttpResponse:
    """The module as somebody will find it who has not begun it."""
    return _show(request, _module(request, slug, is_framed=FRAME in request.GET))


@only_for("modules.read_draft")
@require_safe
@may_be_framed
def page(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A page, at what the query says was done on it."""
    bar = _page(request, slug, key, is_framed=FRAME in request.GET)
    return redirect(bar.module_url) if bar.look.away else _show(request, bar)


@only_for("modules.read_draft")
@require_safe
@may_hold_a_frame
def module_on_phone(request: HttpRequest, slug: str) -> HttpResponse:
    """The module at the width of a phone."""
    return _show_on_phone(request, _module(request, slug))


@only_for("modules.read_draft")
@require_safe
@may_hold_a_frame
def page_on_phone(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A page at the width of a phone."""
    return _show_on_phone(request, _page(request, slug, key))


def _module(request: HttpRequest, slug: str, *, is_framed: bool = False) -> Bar:
    contents, addresses = _find(slug), Addresses(slug, is_framed)
    context = {"progress": progress_of_draft(contents, addresses), "section": "modules"}
    look = Preview("progress/module.html", context, shown="module")
    said = edition_document(contents.edition, [page.key for page in contents.pages])
    problems = [] if is_framed else find_problems_of("", said, read_known())
    return Bar(addresses, "", look, problems, _can_write(request))


def _page(request: HttpRequest, slug: str, key: str, *, is_framed: bool = False) -> Bar:
    contents, addresses = _find(slug), Addresses(slug, is_framed)
    page = contents.page(key)
    if page is None:
        raise Http404
    rows = read_rows(page)
    look = kind_of(page).preview(Previewed(contents, rows, request.GET, addresses))
    return Bar(addresses, key, look, [] if is_framed else _problems(rows, look), _can_write(request))


def _can_write(request: HttpRequest) -> bool:
    return request.user.has_perm("modules.change_edition")


def _problems(rows: Rows, look: Preview) -> list[Problem]:
    """What is to be put right in what is seen of a page."""
    problems = find_problems_of(rows.page.kind, document_of(rows), read_known())
    return [problem for problem in problems if look.blocks is None or problem.block in look.blocks]


def _find(slug: str) -> Contents:
    draft = Edition.objects.drafts().filter(module__slug=slug).select_related("module").first()
    if draft is None:
        raise Http404
    return contents_of_draft(draft)


def _show(request: HttpRequest, bar: Bar) -> HttpResponse:
    response = render(request, bar.look.template_name, {**bar.look.context, "previewing": bar})
    if bar.addresses.is_framed:
        response.content = LEAVING.sub('<a target="_blank"', response.content.decode())
    return response


def _show_on_phone(request: HttpRequest, bar: Bar) -> HttpResponse:
    return render(request, "authoring/phone.html", {**bar.look.context, "previewing": replace(bar, is_phone=True)})
