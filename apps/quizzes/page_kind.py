"""The kind of page that asks questions."""

from collections.abc import Collection, Iterable
from typing import cast

from django.db.models import Case, Count, Q, When

from apps.core.words import counted
from apps.modules.content import EditionContent
from apps.modules.document import Document, Head
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import Begun, BlockRows, PageKind, Preview, Spots, Text, WrongDocumentError
from apps.modules.previews import Fields, Previewed
from apps.modules.problems import Problem
from apps.modules.rows import Rows
from apps.modules.said import Said
from apps.quizzes import checks, rehearsals
from apps.quizzes import document as documents
from apps.quizzes.document import QuizDocument
from apps.quizzes.models import Question, QuestionCitation, Quiz
from apps.quizzes.outline import QuizOutline
from apps.quizzes.queries import open_attempts
from apps.quizzes.question_kinds import all_kinds
from apps.quizzes.rows import document_of, rows_of
from apps.quizzes.workbench import QuizBench


class QuizPage(PageKind):
    """Questions with a pass mark; done with the first attempt that reaches it."""

    name = "quiz"
    label = "Quiz"
    plural = "Quizzes"
    view_name = "quizzes:quiz"
    needs_account = "the quiz"
    again = "Another attempt"
    outline = QuizOutline()
    document_class = QuizDocument
    workbench = QuizBench
    content = (Quiz,)
    blocks = BlockRows(documents.Question, ("title", "theme"), (documents.Option,))

    def document(self, head: Head, rows: Rows) -> QuizDocument:
        return document_of(head, rows)

    def rows(self, page: Page, document: Document) -> Iterable[EditionContent]:
        if not isinstance(document, QuizDocument):
            raise WrongDocumentError(page.key, document)
        return rows_of(page, document)

    def begun(self, enrolment_ids: Collection[int]) -> Begun:
        """By questions: how many are answered, and how many are asked."""
        return open_attempts(enrolment_ids)

    def where(self, done: int, of: int) -> str:
        return f"{done} of {of} answered"

    def said(self, document: Document) -> Iterable[Said]:
        return checks.said_in(cast("QuizDocument", document))

    def errors(self, document: Document) -> Iterable[Problem]:
        return checks.find_errors(cast("QuizDocument", document))

    def warnings(self, document: Document) -> Iterable[Problem]:
        return checks.find_warnings(cast("QuizDocument", document))

    def problems_of_course(self, edition_ids: Collection[int]) -> Iterable[Problem]:
        return checks.keys_in_one_place(edition_ids)

    def texts(self, document: Document) -> Iterable[Text]:
        return checks.texts_of(cast("QuizDocument", document))

    def spots(self, page_ids: Collection[int]) -> Spots:
        """Its questions."""
        questions = Question.objects.filter(quiz__page__in=page_ids).order_by()
        name = Case(When(title="", then="theme"), default="title")
        return questions.values_list("quiz__page", "key", "position", name)

    def spot_title(self, position: int, name: str) -> str:
        return f"question {position}, “{name}”" if name else f"question {position}"

    def facts(self, edition_ids: Collection[int]) -> Iterable[str]:
        return Question.objects.filter(edition__in=edition_ids).values_list("facts", flat=True)

    def empty(self, edition_id: int) -> Collection[int]:
        """Those whose quiz has no question with something to choose."""
        known = [kind.name for kind in all_kinds()]
        asking = Question.objects.filter(edition=edition_id, kind__in=known, options__isnull=False)
        pages = Page.objects.filter(edition=edition_id, kind="quiz").exclude(pk__in=asking.values("quiz__page"))
        return pages.values_list("pk", flat=True)

    def assessment(self, edition: Edition) -> str:
        """`a quiz of 9 questions, passed`, for a certificate: those that count towards the pass mark."""
        required = Quiz.objects.filter(page__edition=edition, page__is_required=True)
        counting = Q(questions__kind__in=[kind.name for kind in all_kinds() if kind.chance is None])
        counts = list(
            required.annotate(counting=Count("questions", filter=counting)).values_list("counting", flat=True)
        )
        if not counts:
            return ""
        quizzes = "a quiz" if len(counts) == 1 else counted(len(counts), "quiz", "quizzes")
        return f"{quizzes} of {counted(sum(counts), 'question', 'questions')}, passed"

    def citations(self, edition_ids: Collection[int]) -> Iterable[tuple[int, int]]:
        citations = QuestionCitation.objects.filter(edition__in=edition_ids)
        return citations.values_list("source", "question__quiz__page")

    def preview(self, previewed: Previewed) -> Preview:
        return rehearsals.preview(previewed) or super().preview(previewed)

    def preview_fields(self, key: str, position: int) -> Fields:
        return [("question", str(position))]
