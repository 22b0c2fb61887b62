"""The parts of the course as fixtures bring them, and which of them a database does not take."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.core import serializers
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db.models import Max

from apps.modules.content import EditionContent
from apps.modules.models import Edition, Module, Seeding
from apps.modules.yaml_fixtures import FixtureRows

NUMBER = re.compile(r"[1-9][0-9]*")


@dataclass
class Part:
    """A folder with an edition, named `slug-number`; or, without a slug, the files that all editions share."""

    name: str
    files: list[Path]
    slug: str = ""
    number: int = 0
    is_newest: bool = True  # of the fixtures' editions of its module

    @classmethod
    def of_edition(cls, folder: Path) -> Part:
        slug, _, number = folder.name.rpartition("-")
        if not slug or not NUMBER.fullmatch(number):
            raise DeserializationError(f"fixtures/{folder.name}: the folder of an edition is named slug-number.")
        return cls(folder.name, sorted(folder.glob("*.yaml")), slug, int(number))

    @cached_property
    def contents(self) -> list[bytes]:
        return [file.read_bytes() for file in self.files]

    @property
    def digest(self) -> str:
        return hashlib.sha256(b"".join(self.contents)).hexdigest()

    @property
    def is_loaded(self) -> bool:
        """Whether these very files have been loaded before."""
        return Seeding.objects.filter(name=self.name, digest=self.digest).exists()

    def read(self) -> list[DeserializedObject]:
        """The rows, rendered; DeserializationError when some belong to another edition than the folder's."""
        fixtures = [rows for content in self.contents for rows in serializers.deserialize("yaml", content)]
        for rows in fixtures:
            if isinstance(rows, FixtureRows):
                rows.is_ours = True
                if self.slug:
                    self._refuse_others(rows)
        return fixtures

    def _refuse_others(self, rows: FixtureRows) -> None:
        own: tuple[object, ...] = (self.slug,)
        if issubclass(rows.model, Edition | EditionContent):
            own = (self.slug, self.number)
        elif not issubclass(rows.model, Module):
            return
        for row in rows.rows:
            if row.key[: len(own)] != own:
                raise DeserializationError(f"fixtures/{self.name} has a row of another edition: {row.key}.")

    def why_left_alone(self) -> str:
        """Why the database keeps what it has, in a sentence; empty when the part may come.

        The editions that were seeded are those that `Seeding` names. Where the edition in force is another, its author
        has the word; and nothing comes below an edition that learners have already.
        """
        published = Edition.objects.published().filter(module__slug=self.slug)
        in_force = published.aggregate(highest=Max("number"))["highest"]
        if in_force is None:
            return ""
        seeded = set(Seeding.objects.filter(name__startswith=f"{self.slug}-").values_list("name", flat=True))
        if f"{self.slug}-{in_force}" not in seeded:
            return f"Edition {in_force}, which is in force, was published by an author."
        if self.number < in_force and (self.is_newest or self.name not in seeded):
            return f"Edition {in_force} is in force."
        return ""
