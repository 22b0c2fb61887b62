"""Authors' pages, below `/admin/write/`."""

from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.urls import URLPattern, path

from apps.authoring.views import desk, history, module, resolving

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
    path("modules/<slug:slug>/edition/", module.edition, name="edition"),
    path("modules/<slug:slug>/text/", module.module, name="module_text"),
    path("modules/<slug:slug>/pages/<slug:key>/", module.remove, name="page"),
    path("modules/<slug:slug>/pages/<slug:key>/remove/", module.remove, name="remove"),
    path("modules/<slug:slug>/pages/<slug:key>/text/", module.remove, name="text"),
    *_of_both("history/", history.show, "history"),
    *_of_both("history/<int:number>/", history.revision, "revision"),
    *_of_both("history/<int:number>/restore/", history.restore, "restore"),
    *_of_both("undo/", history.undo, "undo"),
    *_of_both("redo/", history.redo, "redo"),
    *_of_both("conflict/", resolving.resolve, "conflict"),
]
