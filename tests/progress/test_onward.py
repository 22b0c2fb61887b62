"""The next step: one function says it, and every page that leads on names the same."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.modules.models import Edition, Module
from apps.modules.queries import catalogue, published_contents
from apps.progress import actions
from apps.progress.models import Enrolment
from apps.progress.onward import Onward, of_learner
from apps.progress.places import Place
from apps.progress.queries import taken_by
from apps.progress.readings import Neighbour, shown_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

PRIMARY = re.compile(r'<(?:a|button) class="sl-button"([^>]*)>')


def module(slug: str, *minutes: int, title: str = "") -> Edition:
    """A module of reading pages that take so long."""
    draft = make.draft(slug, title=title or f"Module {slug}")
    for number, length in enumerate(minutes, 1):
        make.reading(draft, f"{slug}-{number}", minutes=length)
    Module.objects.filter(pk=draft.module_id).update(position=Module.objects.count())
    return make.publish(draft)


def read(learner: User, edition: Edition, *keys: str, hours_ago: int = 0) -> Enrolment:
    at = make.timezone.now() - datetime.timedelta(hours=hours_ago)
    enrolment = actions.enrol(learner, edition, at)
    for key in keys:
        actions.complete_page(enrolment, edition.page_set.get(key=key), None, at)
    return enrolment


def certify(learner: User, edition: Edition) -> None:
    make.certificate(make.completed(learner, edition))


def newer(edition: Edition) -> Edition:
    return make.publish(modules_actions.start_draft(edition))


def place(enrolment: Enrolment, key: str) -> Place:
    contents = published_contents(enrolment.edition_id)
    page = contents.page(key)
    assert page is not None
    return Place(contents, page, Enrolment.objects.get(pk=enrolment.pk))


def primary(client: Client, url: str) -> list[str]:
    """Where the primary buttons of a page lead; one that sends a form leads nowhere."""
    buttons = PRIMARY.findall(client.get(url).content.decode())
    return [(re.findall(r'href="([^"]*)"', button) or [""])[0] for button in buttons]


def said(onward: Onward) -> tuple[str, str]:
    return onward.label, onward.url


# Every step -----------------------------------------------------------------------------------------------------------


def test_each_kind_of_step_in_all_its_words(learner: User) -> None:
    def told() -> tuple[object, ...]:
        step = of_learner(learner)
        slug = step.contents and step.contents.edition.module.slug
        return step.label, step.url, step.title, step.hint, step.after, step.button, slug, step.is_new, step.is_end

    nothing = ("All modules", "/modules/", "Nothing to do just now", "", "", "All modules", None, False, False)
    assert told() == nothing
    edition = module("a", 1, 2)
    first = "3 minutes, 2 pages. It begins with “A 1”: reading, 1 minute."
    begin = ("Start: Module a", "/learn/a/1/reading/a-1/", "Module a", first, "", "Start this one", "a", True, False)
    assert told() == begin
    read(learner, edition)
    hint, rest = "Reading, 1 minute. Page 1 of 2 in “Module a”.", "After it, 2 minutes: a reading."
    go_on = ("Continue: A 1", "/learn/a/1/reading/a-1/", "A 1", hint, rest, "Continue", "a", False, False)
    assert told() == go_on
    enrolment = make.completed(learner, edition)
    done = "Every page of “Module a” that counts is done: 3 minutes to prove."
    finish = ("Finish the module", "/learn/a/1/finish/")
    assert told() == (*finish, "Your certificate", done, "", finish[0], "a", False, False)
    make.certificate(enrolment)
    proofs = ("Your certificates", "/my-learning/#completed")
    over = "1 certificate, 3 minutes that you can prove."
    assert told() == (*proofs, "The module is done", over, "", proofs[0], None, False, True)


# Within a module ------------------------------------------------------------------------------------------------------


def test_it_is_the_next_page_not_done_wherever_it_is_asked(learner: User) -> None:
    enrolment = read(learner, module("a", 1, 2, 3), "a-1")
    for onward in (place(enrolment, "a-1").onward(), place(enrolment, "a-3").onward(), of_learner(learner)):
        assert said(onward) == ("Continue: A 2", "/learn/a/1/reading/a-2/")
        assert onward.hint == "Reading, 2 minutes. Page 2 of 3 in “Module a”."
        assert onward.after == "After it, 3 minutes: a reading."


def test_before_the_last_page_the_certificate_is_what_follows(learner: User) -> None:
    read(learner, module("a", 1, 2), "a-1")
    assert of_learner(learner).after == "After it: the certificate."


def test_a_page_under_way_comes_before_all_others(learner: User) -> None:
    enrolment = make.enrolment(learner, make.edition("posts"))
    make.decision(enrolment)
    onward = place(enrolment, "reading-1").onward()
    assert said(onward) == ("Continue: Case", "/learn/posts/1/scenario/case/")
    assert onward.hint.endswith("You are at decision 2.")
    assert onward.after == "After it, 13 minutes: 2 readings, the quiz."


def test_required_pages_come_before_optional_ones_and_those_before_the_end(learner: User) -> None:
    draft = make.draft("a")
    make.reading(draft, "one")
    make.reading(draft, "extra", is_required=False)
    make.reading(draft, "two")
    edition = make.publish(draft)
    enrolment = read(learner, edition, "one")
    assert place(enrolment, "one").onward().label == "Continue: Two"
    read(learner, edition, "two")
    assert place(enrolment, "two").onward().label == "Continue: Extra"
    read(learner, edition, "extra")
    assert said(place(enrolment, "extra").onward()) == ("Finish the module", "/learn/a/1/finish/")
    assert said(of_learner(learner)) == ("Finish the module", "/learn/a/1/finish/")


def test_a_failed_quiz_that_is_all_that_is_left_is_the_next_step_and_not_the_end(learner: User) -> None:
    enrolment = make.enrolment(learner, make.edition("posts"))
    for key in ("reading-1", "reading-2", "case"):
        actions.complete_page(enrolment, enrolment.edition.page_set.get(key=key), None, make.timezone.now())
    make.attempt(enrolment, right=0)
    assert place(enrolment, "quiz").onward().label == "Continue: Quiz"


def test_a_module_of_one_page(learner: User) -> None:
    edition = module("a", 5)
    assert said(of_learner(learner)) == ("Start: Module a", "/learn/a/1/reading/a-1/")
    assert of_learner(learner).hint == "5 minutes, 1 page. It begins with “A 1”: reading, 5 minutes."
    enrolment = read(learner, edition, "a-1")
    assert place(enrolment, "a-1").onward().label == "Finish the module"
    make.certificate(Enrolment.objects.get(pk=enrolment.pk))
    assert of_learner(learner).title == "The module is done"


def test_who_has_not_begun_is_led_to_the_page_after_this_one() -> None:
    contents = published_contents(module("a", 1, 2).pk)
    first, last = contents.pages
    assert said(Place(contents, first, None).onward()) == ("Continue: A 2", "/learn/a/1/reading/a-2/")
    assert said(Place(contents, last, None).onward()) == ("Continue: A 1", "/learn/a/1/reading/a-1/")
    alone = published_contents(module("b", 1).pk)
    assert said(Place(alone, alone.pages[0], None).onward()) == ("The module", "/modules/b/")


def test_a_reading_says_what_is_done_where_one_is_and_what_stands_before_and_after(learner: User) -> None:
    enrolment = read(learner, module("a", 1, 2, 1), "a-1")
    here = shown_of(place(enrolment, "a-2"))
    page = {key: enrolment.edition.page_set.get(key=key) for key in ("a-1", "a-3")}
    assert here["segments"] == ["done", "here", ""]
    assert here["before"] == Neighbour(page["a-1"], "/learn/a/1/reading/a-1/")
    assert here["next"] == Neighbour(page["a-3"], "/learn/a/1/reading/a-3/")
    assert (here["onward"], here["completed_at"]) == (None, None)
    done = shown_of(place(enrolment, "a-1"))
    assert (done["before"], done["segments"]) == (None, ["here", "", ""])
    assert (done["onward"] is not None, done["completed_at"] is not None) == (True, True)
    assert shown_of(place(enrolment, "a-3"))["next"] is None


# After a certificate --------------------------------------------------------------------------------------------------


def test_after_a_certificate_it_is_never_the_same_module(learner: User, client_of_learner: Client) -> None:
    first, second = module("a", 1), module("b", 1, 1)
    certify(learner, first)
    enrolment = Enrolment.objects.get()
    assert said(place(enrolment, "a-1").onward()) == ("Start: Module b", "/learn/b/1/reading/b-1/")
    read(learner, second, "b-1")
    assert said(place(enrolment, "a-1").onward()) == ("Continue: B 2", "/learn/b/1/reading/b-2/")
    for url in ("/", "/my-learning/", "/modules/a/", "/learn/a/1/reading/a-1/", "/learn/a/1/finish/"):
        page = client_of_learner.get(url).content.decode()
        assert "Finish the module" not in page, url
        assert primary(client_of_learner, url) == ["/learn/b/1/reading/b-2/"], url


def test_what_was_begun_long_ago_comes_before_what_has_not_been_begun(learner: User) -> None:
    read(learner, module("b", 1, 1), "b-1", hours_ago=72)
    module("c", 1)
    certify(learner, module("a", 1))
    assert of_learner(learner).label == "Continue: B 2"


def test_without_the_certificate_a_module_is_not_done_with(learner: User) -> None:
    make.completed(learner, module("a", 1))
    module("b", 1)
    assert said(of_learner(learner)) == ("Finish the module", "/learn/a/1/finish/")


def test_of_those_not_begun_it_is_the_shortest_and_of_two_the_first(learner: User) -> None:
    for slug, minutes in (("long", 30), ("one", 20), ("two", 20)):
        module(slug, minutes)
    assert of_learner(learner).label == "Start: Module one"
    assert of_learner(learner).is_new


def test_of_several_under_way_it_is_the_one_touched_last(learner: User) -> None:
    read(learner, module("a", 1, 1), "a-1", hours_ago=1)
    read(learner, module("b", 1, 1, 1), "b-1", hours_ago=3)
    assert of_learner(learner).label == "Continue: A 2"
    read(learner, Edition.objects.get(module__slug="b"), "b-2")
    assert of_learner(learner).label == "Continue: B 3", "begun before the other, and read in since"
    make.decision(make.enrolment(learner, make.edition("posts")))
    assert of_learner(learner).label == "Continue: Case"


def test_who_reads_in_one_module_is_led_on_in_it_whatever_else_was_touched_since(
    learner: User, client_of_learner: Client
) -> None:
    here = read(learner, module("a", 1, 1), "a-1", hours_ago=2)
    read(learner, module("b", 1, 1), "b-1")
    assert of_learner(learner).label == "Continue: B 2"
    assert place(here, "a-1").onward().label == "Continue: A 2"
    for page in ("/modules/a/", "/learn/a/1/finish/"):
        assert primary(client_of_learner, page)[0] == "/learn/a/1/reading/a-2/"


def test_when_every_module_has_its_certificate_that_is_said(learner: User, client_of_learner: Client) -> None:
    for slug in "abc":
        certify(learner, module(slug, 2))
    onward = of_learner(learner)
    assert onward.is_end
    assert (onward.title, onward.hint) == ("All three are done", "3 certificates, 6 minutes that you can prove.")
    assert primary(client_of_learner, "/") == ["/my-learning/#completed"]
    assert primary(client_of_learner, "/my-learning/") == ["/learn/c/1/certificate/"]


def test_with_no_module_at_all_there_is_still_somewhere_to_go(client_of_learner: Client) -> None:
    for url in ("/", "/my-learning/"):
        assert primary(client_of_learner, url) == ["/modules/"]


# Editions -------------------------------------------------------------------------------------------------------------


def test_a_newer_edition_does_not_undo_the_certificate_of_an_older_one(learner: User) -> None:
    first = module("a", 1, 1)
    certify(learner, first)
    newer(first)
    assert of_learner(learner).is_end


def test_the_newer_edition_that_was_begun_is_the_next_step(learner: User) -> None:
    first = module("a", 1, 1)
    certify(learner, first)
    read(learner, newer(first), "a-1")
    assert said(of_learner(learner)) == ("Continue: A 2", "/learn/a/2/reading/a-2/")


def test_an_older_edition_is_over_once_a_newer_one_has_its_certificate(learner: User) -> None:
    first = module("a", 1, 1)
    read(learner, first, "a-1")
    certify(learner, newer(first))
    assert of_learner(learner).is_end


def test_who_takes_an_older_edition_goes_on_in_it(learner: User) -> None:
    first = module("a", 1, 1)
    read(learner, first, "a-1")
    newer(first)
    assert of_learner(learner).url == "/learn/a/1/reading/a-2/"


def test_what_is_withdrawn_or_archived_goes_on_for_those_who_have_begun_it(learner: User) -> None:
    withdrawn, archived = module("a", 1, 1), module("b", 1, 1)
    read(learner, withdrawn, "a-1")
    make.withdrawal(withdrawn)
    assert of_learner(learner).url == "/learn/a/1/reading/a-2/"
    make.archiving(archived.module)
    certify(learner, withdrawn)
    assert of_learner(learner).is_end, "nobody begins what is archived"


# Whatever there is ----------------------------------------------------------------------------------------------------


def test_forty_modules_ask_no_more_than_two(learner: User) -> None:
    def queries() -> int:
        taken_by(learner), catalogue()  # contents are read once in the life of a process
        of_learner(learner)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            of_learner(learner)
        return len(asked)

    certify(learner, module("a", 1))
    read(learner, module("b", 1, 1), "b-1")
    few = queries()
    for number in range(38):
        edition = module(f"m{number}", 1, 1)
        if number % 2:
            read(learner, edition)
        else:
            certify(learner, edition)
    assert queries() == few


@pytest.mark.parametrize("state", ["nothing", "begun", "done", "certified"])
def test_each_page_has_one_primary_button_and_all_lead_to_the_same(
    learner: User, client_of_learner: Client, state: str
) -> None:
    first, _ = module("a", 1, 1), module("b", 9)
    if state == "begun":
        read(learner, first, "a-1")
    if state in ("done", "certified"):
        make.completed(learner, first)
    if state == "certified":
        certify(learner, first)
    urls = ["/", "/my-learning/", *(["/modules/a/", "/learn/a/1/reading/a-1/"] if state != "nothing" else [])]
    found = {url: primary(client_of_learner, url) for url in urls}
    assert {tuple(buttons) for buttons in found.values()} == {(of_learner(learner).url,)}, found
