"""What programs read of a site at addresses of their own: search engines, phones, those who look for holes."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

NOT_FOR_ROBOTS = ("/account/", "/admin/", "/my-learning/", "/search/", "/something-wrong/", "/try/", "/verify/")
VALID_FOR = datetime.timedelta(days=180)  # RFC 9116 advises less than a year
ICONS = (("images/icon-192.png", "192x192"), ("images/icon-512.png", "512x512"))


@require_safe
@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone: pages of one person, and what changes with every visit."""
    closed = "".join(f"Disallow: {path}\n" for path in NOT_FOR_ROBOTS)
    text = f"User-agent: *\n{closed}\nSitemap: {settings.BASE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain")


@require_safe
@login_not_required
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116)."""
    expires = timezone.now().astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0) + VALID_FOR
    lines = (
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.BASE_URL}{reverse('core:security')}",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """How a phone shows Second Look among its own programs."""
    shown = {
        "name": "Second Look",
        "short_name": "Second Look",
        "description": "Short modules and branching cases on using social media well, for doctors in training.",
        "lang": "en-GB",
        "id": "/",
        "start_url": "/",
        "display": "minimal-ui",  # with a way back
        "background_color": "#fbf6ee",
        "theme_color": "#fbf6ee",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": "any maskable"}
            for name, sizes in ICONS
        ],
    }
    return JsonResponse(shown, content_type="application/manifest+json")
