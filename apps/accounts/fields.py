"""An e-mail address has one spelling."""

import unicodedata
from typing import Any

from django.db import models


def one_spelling(address: str) -> str:
    """The address as it is kept and looked for: without spaces around it, in lower case, composed (NFC)."""
    return unicodedata.normalize("NFC", address.strip().lower())


class AddressField(models.EmailField):
    """An e-mail address that every writer stores in one spelling, and every exact look-up finds in any."""

    def to_python(self, value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            return value
        value = super().to_python(value)
        return one_spelling(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The row in memory says what the stored one says."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
