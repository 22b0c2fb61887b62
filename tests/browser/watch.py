"""What the browser complains about while a test walks through pages."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

FAILED_RESOURCE = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Watch:
    """Console messages, script errors and requests to other hosts, of every page of the contexts it is set over."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.complaints: list[str] = []
        self.document_statuses: dict[str, int] = {}

    def over(self, context: BrowserContext) -> None:
        """Watch this context from now on."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.document_statuses[response.url.partition("#")[0]] = response.status

    def _request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.base_url}/"):
            self.complaints.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        failed = FAILED_RESOURCE.match(message.text)
        # A page that is an error page says so; nothing that a page loads may fail.
        if failed and self.document_statuses.get(address.partition("#")[0]) == int(failed[1]):
            return
        where = message.page.url if message.page else address
        self.complaints.append(f"{message.type} on {where}: {message.text} ({address})")
