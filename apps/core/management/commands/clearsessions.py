"""`manage.py clearsessions`: Django's command, in steps that keep nobody waiting however many sessions there are."""

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

STEP = 5_000  # sessions deleted in one statement


class Command(BaseCommand):
    """Delete sessions that have expired, the oldest first. Stopped half way, it goes on the next time."""

    help = "Delete expired sessions; run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        expired = Session.objects.filter(expire_date__lt=timezone.now())
        oldest = expired.order_by("expire_date").values("pk")[:STEP]
        while expired.filter(pk__in=oldest).delete()[0]:
            pass
