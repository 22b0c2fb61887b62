"""Each of the six modules can be completed, from its own page to its certificate, by the forms that its pages show."""

import pytest
from django.test import Client

from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.quizzes.models import Question
from tests import make
from tests.course import load
from tests.forms import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MODULES = (
    "why-social-media-matters",
    "when-posts-go-wrong",
    "patients-privacy-and-boundaries",
    "learning-online",
    "anonymity-abuse-and-wellbeing",
    "your-professional-presence",
)
MOST_DECISIONS = 12


@pytest.fixture(autouse=True)
def _course() -> None:
    load()


class Trainee(Reader):
    """Decides and answers."""

    def decide(self) -> None:
        """To an ending, by the first choice that is offered."""
        for _ in range(MOST_DECISIONS):
            forms = self.forms("choose")
            if not forms:
                break
            self.send("choose", choice=forms[0].fields["choice"][0])
        assert "Ratings never appear on a certificate." in self.page

    def answer(self, question: Question) -> None:
        """Rightly."""
        options = question.options.all()
        if question.question_kind.name == "rank":
            self.send("answer", **{f"rank-{option.key}": option.rank for option in options})
        else:
            right = [option.key for option in options if option.is_key]
            self.send("answer", option=right[: question.select])


def test_these_are_all_of_them() -> None:
    slugs = Edition.objects.current().order_by("module__position").values_list("module__slug", flat=True)
    assert tuple(slugs) == MODULES


@pytest.mark.parametrize("slug", MODULES)
def test_it_can_be_completed(slug: str) -> None:
    edition = Edition.objects.current().get(module__slug=slug)
    trainee = Trainee(make.client(make.user(full_name="Siân Ŵŷn")))
    trainee.open(edition.module.get_absolute_url())
    trainee.send("start")
    for page in edition.page_set.order_by("position"):
        trainee.open(page.get_absolute_url())
        match page.kind:
            case "reading":
                trainee.send("complete")
            case "scenario":
                trainee.decide()
            case "quiz":
                trainee.send("start")
                for question in Question.objects.filter(quiz__page=page).order_by("position"):
                    trainee.answer(question)
                trainee.send("submit")
                assert "100%. " in trainee.page
    trainee.open(f"/learn/{slug}/{edition.number}/finish/")
    trainee.send("issue")
    assert Certificate.objects.get().enrolment.edition == edition
    assert Client().get(Certificate.objects.get().get_absolute_url()).status_code == 200
