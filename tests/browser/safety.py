"""Whether a page came with the strict policy and has nothing in it that the policy forbids."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Response

from tests.framing import framing

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
}
INLINE = {
    "a style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]+\son\w+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}


def policy_of(document: Response) -> set[str]:
    """The parts of the answer's Content-Security-Policy."""
    return {part.strip() for part in document.headers.get("content-security-policy", "").split(";")}


def dangers(document: Response) -> list[str]:
    """What is inline, and a policy that is not the strict one."""
    html = document.text()
    found = [f"{what}: {match[0][:120]}" for what, pattern in INLINE.items() for match in pattern.finditer(html)]
    frames = framing(urlsplit(document.url).path, document.status)
    expected = POLICY | {f"frame-ancestors {frames.ancestors}"}
    expected |= {f"frame-src {frames.sources}"} if frames.sources else set()
    if (policy := policy_of(document)) != expected:
        found.append(f"policy: {'; '.join(sorted(policy))}")
    return found
