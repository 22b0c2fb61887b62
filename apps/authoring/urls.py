"""Authors' pages, below `/admin/write/`."""

from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.urls import URLPattern, path

from apps.authoring.views import (
    copying,
    desk,
    history,
    log,
    module,
    preview,
    publish,
    reading,
    reports,
    resolving,
    search,
    text,
    withdrawal,
    workbench,
)

app_name = "write"
PAGE = "modules/<slug:slug>/pages/<slug:key>/"
EDITION = "modules/<slug:slug>/edition/"


def _of_both(end: str, view: Callable[..., HttpResponse], name: str) -> Iterator[URLPattern]:
    """An address below that of each page, and below that of the edition itself."""
    yield from (path(f"{begin}{end}", view, name=name) for begin in (PAGE, EDITION))


urlpatterns = [
    path("new/", desk.new_module, name="new_module"),
    path("modules/", desk.modules, name="modules"),
    path("modules/<slug:slug>/", module.module, name="module"),
    path("modules/<slug:slug>/start/", module.start_draft, name="start_draft"),
    path("modules/<slug:slug>/discard/", module.discard, name="discard"),
    path("modules/<slug:slug>/add/", module.add_page, name="add_page"),
    path("modules/<slug:slug>/order/", module.move_page, name="move_page"),
    path("modules/<slug:slug>/publish/", publish.publish, name="publish"),
    path("modules/<slug:slug>/edition/", module.edition, name="edition"),
    path("how/", text.how, name="how"),
    path("modules/<slug:slug>/text/", text.module_text, name="module_text"),
    path("modules/<slug:slug>/text/download/", text.module_download, name="module_download"),
    path("modules/<slug:slug>/pages/<slug:key>/", reading.page, name="page"),
    path("modules/<slug:slug>/pages/<slug:key>/text/", text.text, name="text"),
    path("modules/<slug:slug>/pages/<slug:key>/text/download/", text.download, name="download"),
    path("modules/<slug:slug>/pages/<slug:key>/overview/", workbench.overview, name="overview"),
    path("modules/<slug:slug>/pages/<slug:key>/remove/", module.remove, name="remove"),
    path("modules/<slug:slug>/pages/<slug:key>/copy/", copying.copy, name="copy"),
    path("modules/<slug:slug>/pages/<slug:key>/delete/<slug:row>/<slug:its_key>/", workbench.delete, name="delete"),
    path("modules/<slug:slug>/preview/", preview.module, name="preview_module"),
    path("modules/<slug:slug>/preview/phone/", preview.module_on_phone, name="preview_module_phone"),
    path("modules/<slug:slug>/pages/<slug:key>/preview/", preview.page, name="preview"),
    path("modules/<slug:slug>/pages/<slug:key>/preview/phone/", preview.page_on_phone, name="preview_phone"),
    path("log/", log.log, name="log"),
    path("search/", search.find, name="search"),
    path("modules/<slug:slug>/withdraw/", withdrawal.withdraw, name="withdraw"),
    path("modules/<slug:slug>/withdraw/end/", withdrawal.end_withdrawal, name="end_withdrawal"),
    path("modules/<slug:slug>/archive/", withdrawal.archive, name="archive"),
    path("modules/<slug:slug>/archive/end/", withdrawal.end_archiving, name="end_archiving"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
    *_of_both("history/", history.show, "history"),
    *_of_both("history/<int:number>/", history.revision, "revision"),
    *_of_both("history/<int:number>/restore/", history.restore, "restore"),
    *_of_both("undo/", history.undo, "undo"),
    *_of_both("redo/", history.redo, "redo"),
    *_of_both("conflict/", resolving.resolve, "conflict"),
]
