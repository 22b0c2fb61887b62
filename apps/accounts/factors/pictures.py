"""The secret of an app as a picture for its camera."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from allauth.mfa.adapter import get_adapter
from django.contrib.auth.base_user import AbstractBaseUser

EDGE = 4  # modules of white around it: cameras need them


@dataclass(frozen=True)
class Picture:
    """A square of `size` units, white, with dark squares of one unit along an SVG path."""

    size: int
    path: str


def of_app(person: AbstractBaseUser, secret: str) -> Picture:
    """A QR code with the address that authenticator apps read."""
    code = segno.make_qr(get_adapter().build_totp_url(person, secret), error="m")
    rows = list(code.matrix_iter(border=EDGE))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Picture(len(rows), "".join(dark))
