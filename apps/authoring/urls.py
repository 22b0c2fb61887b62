"""Authors' pages, below `/admin/write/`."""

from django.urls import path

from apps.authoring.views import desk, module

app_name = "write"
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
]
