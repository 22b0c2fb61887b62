"""What somebody sends once more after their session has ended is taken at the first press.

Signing in changes the safety token, so the page that holds the words (`signed_out.html`) has that of before. Beside it
stands a proof: that we were sent these very fields, for this address, by their owner, with a token that was right. With
it the form is given the token of now. Whoever is signed in must still be the owner (`form_owner.py`), and where the
form comes from is still looked at.
"""

import datetime
import hashlib

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from apps.core import form_owner, kept_answer

LASTS = datetime.timedelta(hours=1)  # after that it is sent twice, as any form that is too old


def proof_for(request: HttpRequest) -> str:
    """The proof for the form that was posted; what was proven before keeps its proof, and the hour of that."""
    if hasattr(request, "is_sent_again"):
        return request.POST[form_owner.AGAIN]
    return _signer().sign(_digest(request))


def is_proven(request: HttpRequest) -> bool:
    """Whether the form that was posted has a proof, and is the one for which it was made."""
    try:
        digest = _signer().unsign(request.POST.get(form_owner.AGAIN, ""), max_age=LASTS)
    except BadSignature:
        return False
    is_whole = not request.FILES and not kept_answer.has_password(request)
    return is_whole and constant_time_compare(digest, _digest(request))


def _digest(request: HttpRequest) -> str:
    """Of what was posted, where and by whom; a browser writes the ends of lines anew."""
    posted = kept_answer.fields_of(request)
    fields = [(name, value.replace("\r\n", "\n").replace("\r", "\n")) for name, value in posted]
    said = repr((request.path, form_owner.sent_by(request), sorted(fields)))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="apps.core.sent_again")
