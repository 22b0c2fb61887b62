"""The one way in which a page shows a drawing that an author named."""

from django import template

from apps.core import left_out
from apps.core.pictures import NAME, dark_twin, picture_url

register = template.Library()


@register.inclusion_tag("components/picture.html")
def picture(name: str, alt: str = "", instead: str = "", css: str = "", loading: str = "") -> dict[str, str | None]:
    """The drawing of this name; where there is none it is left out, or another stands `instead`."""
    url = picture_url(name or "")
    if name and url is None:
        left_out.note("picture", name if NAME.fullmatch(name) else "a name that no picture can have")
    shown = name if url else instead
    urls = {"url": url or picture_url(instead), "dark_url": picture_url(dark_twin(shown))}
    return {**urls, "alt": alt, "css": css, "loading": loading}
