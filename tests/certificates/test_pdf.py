"""What the PDF of a certificate says, to people, to screen readers and to archives."""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import segno
import typst

from apps.certificates import pdf as certificate_pdf
from apps.certificates.codes import pretty
from apps.certificates.facts import CertificateFacts
from apps.certificates.fonts import font_directory
from apps.certificates.pdf import MISSING_NOTE, qr_svg, render_pdf, unprintable

pytestmark = pytest.mark.once

CODE = "7KQM4TZ9WH2CX3BNR8VD5YFG1A"
FACTS = CertificateFacts(
    name="Siân Ŵŷn Ó Dónaill-Łukasz",
    module_title="When posts go wrong: two suspensions",
    edition="1, published 22 November 2026",
    completed_on="22 November 2026",
    started_on="8 November 2026",
    learning_time="30 minutes of e-learning (0.5 hours)",
    learning_outcomes=(
        "Describe the two cases accurately and without naming individuals",
        "Apply a 3-question check before posting",
    ),
    assessed_by="2 branching cases and a quiz of 9 questions, passed",
    kind="E-learning; not statutory or mandatory training; not approved by any college",
    curriculum="Generic Professional Capabilities: professional values; communication",
    code=pretty(CODE),
    check_url=f"https://secondlook.example/verify/{CODE}/",
    check_address=f"secondlook.example/verify/{pretty(CODE)}",
)
MILLIMETRE = 72 / 25.4
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # pdftotext adds them round Arabic


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def made(var_dir, tmp_path):
    """Make the certificate of FACTS with some changes; return where the file is."""

    def make(**changes) -> Path:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(render_pdf(replace(FACTS, **changes), var_dir))
        return path

    return make


def poppler(*args) -> str:
    """Run one of poppler's tools; without poppler skip, or fail where REQUIRE_TOOLS is set."""
    if shutil.which(args[0]) is None:
        if os.environ.get("REQUIRE_TOOLS"):
            pytest.fail(f"{args[0]} is missing, and REQUIRE_TOOLS is set: install poppler-utils")
        pytest.skip(f"{args[0]} is missing: install poppler-utils to run this test")
    # poppler writes letters beyond the basic plane wrongly in the title of its -bbox pages: hence "replace"
    done = subprocess.run([str(arg) for arg in args], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def lines(path) -> list[str]:
    text = unicodedata.normalize("NFC", DIRECTION_MARKS.sub("", poppler("pdftotext", path, "-")))
    return [line.strip() for line in text.splitlines() if line.strip()]


def info(path) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in poppler("pdfinfo", path).splitlines())
    return {key: value.strip() for key, value in pairs}


def words_with_places(path) -> list[tuple[str, tuple[float, ...]]]:
    """Return each printed word with its left, top, right and bottom edge in millimetres."""
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>',
        poppler("pdftotext", "-bbox", path, "-"),
    )
    return [(DIRECTION_MARKS.sub("", word), tuple(float(edge) / MILLIMETRE for edge in box)) for *box, word in found]


def assert_all_on_one_page(path):
    assert info(path)["Pages"] == "1"
    words = words_with_places(path)
    assert words
    for word, (left, top, right, bottom) in words:
        assert 20 < left <= right < 190, f"{word} stays inside the frame"
        assert 15 < top <= bottom < 285, f"{word} stays inside the frame"


def test_it_is_one_tagged_a4_page_with_a_title(made):
    facts = info(made())
    assert facts["Pages"] == "1"
    assert "A4" in facts["Page size"]
    assert facts["Tagged"] == "yes"
    assert facts["PDF version"] == "1.7"
    assert facts["Title"] == f"Certificate of completion: {FACTS.module_title}, {FACTS.name}"
    assert facts["Author"] == "Second Look"
    assert facts["JavaScript"] == "no"


def test_it_declares_pdf_ua_1_and_pdf_a_2a_in_british_english(made):
    metadata = poppler("pdfinfo", "-meta", made())
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>" in metadata


def test_a_screen_reader_meets_headings_pairs_a_list_pictures_and_a_link_in_order(made):
    tree = poppler("pdfinfo", "-struct-text", made())
    order = [
        "Figure",  # the wordmark
        'H1 "Certificate of completion"',
        '"This is to say that"',
        FACTS.name,
        FACTS.module_title,
        "Lbl",
        '"Completed"',
        "LBody",
        "22 November 2026 (begun 8 November 2026)",
        'H2 "Learning outcomes"',
        FACTS.learning_outcomes[-1],
        "Figure",  # the QR code
        'H2 "Check this certificate"',
        FACTS.code,
        "Link",
        FACTS.check_address,
    ]
    position = 0
    for item in order:
        position = tree.index(item, position) + len(item)


def test_it_states_every_fact(made):
    words = lines(made())
    assert FACTS.module_title in words
    for fact in (
        "22 November 2026 (begun 8 November 2026)",
        FACTS.edition,
        FACTS.learning_time,
        FACTS.assessed_by,
        FACTS.kind,
        FACTS.curriculum,
        *FACTS.learning_outcomes,
        FACTS.code,
        FACTS.check_address,
        "Second Look is not an NHS service.",
    ):
        assert fact in " ".join(words)


def test_a_certificate_that_was_revoked_says_so_first(made):
    path = made(revoked_on="3 December 2026")
    words = " ".join(lines(path))
    assert "Revoked 3 December 2026. Do not rely on this certificate. Completed" in words
    assert info(path)["Title"].startswith("Revoked certificate of completion: ")
    assert_all_on_one_page(path)
    assert "Revoked" not in " ".join(lines(made()))


def test_a_fact_that_is_not_there_has_no_row(made):
    words = lines(made(curriculum="", learning_outcomes=(), started_on=FACTS.completed_on))
    assert "Contributes to" not in words
    assert "Learning outcomes" not in words
    assert FACTS.completed_on in words


@pytest.mark.parametrize(
    "name",
    [
        "Siân Ŵŷn Ó Dónaill-Łukasz",
        "Zoë Łukasiewicz-Nuñez",
        "Ẹ̀bùn Ọláṣùpọ̀ Ƙwari",
        "Nguyễn Thị Hường",
        "Ελένη Παπαδοπούλου",
        "Олена Ґудзь",
        "عائشة بنت محمد الفاسي",
        "ژاله پورگیو",
        "רחל לוי",
        "नीता शर्मा",
    ],
)
def test_a_name_can_be_copied_out_exactly(made, name):
    path = made(name=name)
    assert unicodedata.normalize("NFC", name) in lines(path)
    assert_all_on_one_page(path)


def test_decomposed_letters_are_composed(made):
    assert FACTS.name in lines(made(name=unicodedata.normalize("NFD", FACTS.name)))


def test_a_name_in_arabic_letters_runs_from_right_to_left(made):
    # pdftotext -bbox gives the letters of such a word in the order of the page: from the left
    left = {word[::-1]: edges[0] for word, edges in words_with_places(made(name="عائشة الفاسي"))}
    assert left["عائشة"] > left["الفاسي"]


def test_the_letters_that_come_first_decide_where_a_mixed_name_begins(made):
    left = {word: edges[0] for word, edges in words_with_places(made(name="عائشة Aisha"))}
    assert left["Aisha"] < left["عائشة"[::-1]]
    left = {word: edges[0] for word, edges in words_with_places(made(name="Aisha عائشة"))}
    assert left["Aisha"] < left["عائشة"[::-1]]


@pytest.mark.parametrize("name", ["مُحَمَّدٌ", "أَمْ", "רָחֵל", "(عائشة) Aïsha", "Dr مُحَمَّدٌ"])
def test_names_with_vowel_signs_print(made, name):
    path = made(name=name, learning_outcomes=(name,))
    assert_all_on_one_page(path)
    assert MISSING_NOTE not in lines(path)


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Aisha عائشة", "ltr"), ("(عائشة) Aisha", "rtl"), ("1. רחל", "rtl"), ("123", "ltr"), ("", "ltr")],
)
def test_the_first_strong_letter_sets_the_direction(text, direction):
    assert certificate_pdf._direction(text) == direction


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        "*_$",
        "*a* _b_ $c$ `d`",
        "#import <e> @f // g",
        "a -- b --- c ... \"d\" 'e' ~ \\",
        "= H [i](j) {k}",
    ],
)
def test_markup_in_a_text_prints_as_it_is(made, text):
    words = lines(made(name=text, module_title=text, learning_outcomes=(text,), kind=text))
    assert words.count(text) >= 2, "name and title"
    assert sum(text in line for line in words) >= 4


def test_only_firago_is_embedded(made):
    rows = poppler("pdffonts", made()).splitlines()[2:]
    assert {row.split()[0].split("+")[1] for row in rows} == {"FiraGO-Regular", "FiraGO-Bold"}
    assert all(re.search(r"Identity-H +yes yes yes", row) for row in rows), "embedded, subset, with Unicode map"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "W" * 200},
        {"module_title": "m" * 200},
        {"name": "Dr " + "W" * 100 + " Smith"},
        {"name": "عائشةبنتمحمدالفاسي" * 11},
        {"name": "Maria Fernandez " * 12},
        {"learning_outcomes": ("An outcome of one hundred and fifty letters " * 4,) * 6},
        {"learning_outcomes": ("W" * 150,) * 6},
        {"check_address": "sub." * 20 + FACTS.check_address},
        {"curriculum": "Professional values. " * 17},
        {
            "name": "W" * 200,
            "module_title": "W" * 200,
            "learning_outcomes": ("An outcome of one hundred and fifty letters " * 4,) * 6,
            "curriculum": "W" * 300,
            "assessed_by": "W" * 200,
        },
    ],
)
def test_long_texts_stay_whole_on_one_page(made, changes):
    path = made(**changes)
    assert_all_on_one_page(path)
    printed = "".join("".join(lines(path)).split())
    for text in changes.values():
        for part in [text] if isinstance(text, str) else text:
            if part.isascii():  # lines of Arabic come back in an order of their own
                assert "".join(part.split()) in printed


def test_text_beyond_all_limits_goes_on_rather_than_be_cut(made):
    path = made(learning_outcomes=("word " * 400,) * 6)
    assert " ".join(lines(path)).count("word") >= 2400


def test_letters_without_type_are_marked_and_explained(made, var_dir):
    path = made(name="李小龙 Lee 🦉")
    words = lines(path)
    assert "▯▯▯ Lee ▯" in words
    assert MISSING_NOTE in words
    assert info(path)["Title"].endswith("李小龙 Lee 🦉"), "the title in the file's properties is complete"
    assert unprintable("李小龙 Lee 李 🦉 Łukasz", var_dir) == "李小龙🦉"


def test_the_note_stands_only_where_it_is_needed(made):
    assert MISSING_NOTE not in lines(made())


@pytest.mark.parametrize(
    "name", ["\x00", "a\x00b", "\ud800", "\ue000", "\U0010ffff", "\u202eevil", "தமிழ்", "👩‍⚕️", "\u0301", "", " "]
)
def test_no_name_breaks_it(made, name):
    assert_all_on_one_page(made(name=name))


@pytest.mark.parametrize(
    "name",
    ["p\u1dfd", "\u03eb\u05d2\u0687\u036a\xad\u06af\u021d", "\u0295\u042b#\u0618", "\u0613\u0327\u06fc\u025d"],
)
def test_letters_and_marks_that_only_fail_together_do_not_break_it(made, name):
    assert_all_on_one_page(made(name=name))


def test_a_panic_inside_typst_ends_no_thread(monkeypatch, var_dir):
    class PanicException(BaseException):
        """Like the one that compiled Rust code raises."""

    class Compiler:
        calls = 0

        def compile(self, **options):
            self.calls += 1
            if self.calls == 1:
                raise PanicException("end byte index 6 is out of bounds")
            return compiler.compile(**options)

    compiler = certificate_pdf._compiler(var_dir)
    monkeypatch.setattr(certificate_pdf, "_compiler", lambda var_dir: Compiler())
    with pytest.raises(typst.TypstError, match="panicked"):
        certificate_pdf._pdf(Compiler(), b"", {})
    assert render_pdf(FACTS, var_dir).startswith(b"%PDF")


def test_a_name_cannot_reorder_the_line(made):
    assert "Dr evil" in lines(made(name="Dr \u202eevil\u202c"))


def test_latin_letters_all_have_type(var_dir):
    letters = "".join(chr(point) for point in range(0xA1, 0x180))
    assert unprintable(letters, var_dir) == ""


def test_the_check_page_is_a_link(made):
    assert FACTS.check_url in poppler("pdfinfo", "-url", made())


def test_the_qr_code_is_made_from_the_check_address(monkeypatch, var_dir):
    urls = []
    make_qr = segno.make_qr
    monkeypatch.setattr(segno, "make_qr", lambda url, **options: urls.append(url) or make_qr(url, **options))
    render_pdf(FACTS, var_dir)
    assert urls == [FACTS.check_url]


def test_the_qr_code_is_drawn_as_svg():
    svg = qr_svg(FACTS.check_url)
    modules = segno.make_qr(FACTS.check_url, error="m").symbol_size(border=0)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in svg
    assert svg != qr_svg(FACTS.check_url[:-2])


def test_eight_threads_make_their_own_certificates(var_dir, tmp_path):
    def make(number):
        return [render_pdf(replace(FACTS, name=f"Trainee {number} {turn}"), var_dir) for turn in range(5)]

    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(make, range(8)))
    for number, batch in enumerate(batches):
        assert len(batch) == 5
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(batch[-1])
        assert f"Trainee {number} 4" in lines(path)


def test_the_first_certificate_of_a_process_takes_less_than_a_second(tmp_path):
    program = (
        "import sys, time; from pathlib import Path\n"
        "from tests.certificates.test_pdf import FACTS, render_pdf\n"
        "start = time.process_time()\n"
        "render_pdf(FACTS, Path(sys.argv[1]))\n"
        "print(time.process_time() - start)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 1, "seconds of processor time, with writing the fonts"


def test_fonts_are_written_once(tmp_path):
    directory = font_directory(tmp_path)
    assert directory == tmp_path / "fonts"
    files = {path.name: path.stat().st_mtime_ns for path in directory.iterdir()}
    assert set(files) == {"FiraGO-Regular.ttf", "FiraGO-Bold.ttf"}
    font_directory(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in directory.iterdir()} == files


def test_a_font_file_that_was_cut_short_is_written_again(tmp_path):
    path = font_directory(tmp_path) / "FiraGO-Bold.ttf"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    font_directory(tmp_path)
    assert path.read_bytes() == whole
    assert len(list(path.parent.iterdir())) == 2


def test_processes_that_start_together_share_the_fonts(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: font_directory(tmp_path), range(8)))) == 1
    assert {path.name for path in (tmp_path / "fonts").iterdir()} == {"FiraGO-Regular.ttf", "FiraGO-Bold.ttf"}
