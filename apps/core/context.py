"""What every page's template may ask for, whether its view says it or not."""

from django.http import HttpRequest


def unsaid(request: HttpRequest) -> dict[str, object]:
    """Nothing is previewed, and the page stands nowhere in the navigation. Looking for what is missing takes longer."""
    return {"previewing": None, "section": ""}
