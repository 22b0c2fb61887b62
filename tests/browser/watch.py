"""What the browser complains about while a test walks through pages."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

FAILED_RESOURCE = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


class Watch:
    """Console messages, script errors and requests to other hosts, of every page of the contexts it is set over."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.complaints: list[str] = []
        self.documents: dict[str, Response] = {}

    def over(self, context: BrowserContext) -> None:
        """Watch this context from now on."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.documents[without_fragment(response.url)] = response

    def document_of(self, page: Page) -> Response:
        """The last answer that the server gave for the page's address."""
        return self.documents[without_fragment(page.url)]

    def new_complaints(self) -> list[str]:
        """What has been complained about since this was asked last; it is not complained about again."""
        complaints = list(self.complaints)
        self.complaints.clear()
        return complaints

    def _request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.base_url}/"):
            self.complaints.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        failed = FAILED_RESOURCE.match(message.text)
        # A page that is an error page says so; nothing that a page loads may fail.
        document = self.documents.get(without_fragment(address))
        if failed and document and document.status == int(failed[1]):
            return
        where = message.page.url if message.page else address
        self.complaints.append(f"{message.type} on {where}: {message.text} ({address})")
