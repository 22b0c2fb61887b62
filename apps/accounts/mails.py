"""Mails that tell of something that is done already: where one cannot be sent, what was done stands."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter

from apps.accounts.models import User


def send(template: str, person: User, context: dict[str, object] | None = None) -> None:
    """Send a person the mail whose templates begin so."""
    message: Any = get_adapter().render_mail(template, person.email, {"user": person} | (context or {}))
    try_to_send(message.send)


def try_to_send(send_it: Callable[[], object]) -> None:
    """A server of mails that is away takes nothing back; the log says so, and names nobody."""
    try:
        send_it()
    except OSError as error:  # as all that smtplib raises
        logging.getLogger(__name__).error("A mail could not be sent: %s", type(error).__name__)
