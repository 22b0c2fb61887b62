"""How Django's own apps are set up."""

from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    default_site = "apps.authoring.site.AuthoringSite"
