"""UTF-8 that was read in another encoding and written anew: mended where it is sure, left alone elsewhere."""

import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stance.corpus._doubled import mended
from stance.corpus._edits import cut_out, places_of, shifts_of
from stance.corpus.documents import read_corpus
from stance.schema import CorpusWarning


def misread(text, codec):
    """A text as a program shows that reads its UTF-8 in another encoding; bytes it has no sign for stay as they are."""
    signs = []
    for byte in text.encode():
        try:
            signs.append(bytes([byte]).decode(codec))
        except UnicodeDecodeError:
            signs.append(chr(byte))
    return "".join(signs)


TEXTS = [
    "“It’s over,” Mirjana Dragić said — “for good…”",
    "Zoë Čapek’s café in Łódź cost £5.",
    "Aleksandar Vučić, Recep Tayyip Erdoğan and Maia Țurcan met.",
    "“Київ” is what the sign said.",
    "The dam is dry 😀, she wrote.",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "mac_roman", "cp437", "cp850"])
def test_what_was_read_wrongly_is_read_as_it_was_meant(text, codec):
    text += " “Yes.”"
    wrong = misread(text, codec)
    found = mended(wrong)
    assert found.text == text and found.example
    places = places_of(found.shifts, len(found.text))
    assert places[0] == 0 and places[-1] == len(wrong)
    for sign, place in zip(found.text, places, strict=False):
        assert misread(sign, codec) == wrong[place : place + len(misread(sign, codec))]


def test_twice_and_with_a_byte_lost():
    assert mended(misread(misread("“It’s Čapek.”", "cp1252"), "cp1252")).text == "“It’s Čapek.”"
    assert mended("She said â€œno.â€ He left.").text == "She said “no.” He left."
    assert mended("вЂњItвЂ™s over.вЂќ").text == "“It’s over.”"


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "“CAFÉ” and ‘PÂTÉ’, É…",
        "L’ÂME — À LA CARTE – SÃO PAULO",
        "TÜRKİYE’S “STRAß”… GROẞ",
        "Від Києва до Рівного: «Ні»",
        "Смрт у Београду — ЂУРЂЕВАК",
        "™ ® © ½ √ ≈ ∆ ƒ ¬",
        "Â is a letter of Romanian, and Ã one of Portuguese.",
        "20 °C, § 5, £5 and €5",
    ],
)
def test_what_may_stand_in_a_text_stays(text):
    assert mended(text) == (text, (), "")


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
@example("â€\x9d Ã")
def test_no_text_is_a_crash_and_no_letter_of_ascii_is_lost(text):
    found = mended(text)
    assert [c for c in found.text if c.isascii()] == [c for c in text if c.isascii()]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.data())
def test_a_map_of_places_leads_there_and_back(steps, data):
    places = np.cumsum([data.draw(st.integers(0, 3)), *steps])
    shifts = shifts_of(places)
    assert places_of(shifts, len(places) - 1).tolist() == places.tolist()
    start = data.draw(st.integers(0, len(places) - 1))
    end = data.draw(st.integers(start, len(places) - 1))
    assert places_of(cut_out(shifts, start, end), end - start)[: end - start].tolist() == places[start:end].tolist()


FILES = [
    ("x.txt", misread("“It’s over,” she said.", "cp1252"), "“It’s over,” she said.", "the file was UTF-8"),
    ("x.md", misread("**Dragić**: “No.”", "cp1252"), "Dragić: “No.”", "the file was UTF-8"),
    ("x.csv", "id,text\n1,“Yes.”\n2,It â€™s\n", "It ’s", "1 text in row 3, was UTF-8"),
]


@pytest.mark.parametrize(("name", "written", "text", "said"), FILES)
def test_files_are_mended_and_it_is_said(tmp_path, name, written, text, said):
    (tmp_path / name).write_text(written, encoding="utf-8")
    with pytest.warns(CorpusWarning, match=said):
        document = read_corpus(tmp_path / name)[-1]
    assert document.text == text
    cell = written.rpartition("2,")[2]
    assert all(cell[document.in_file(i)] == sign for i, sign in enumerate(text) if sign.isascii())


def test_a_page_and_a_title_are_mended(tmp_path):
    words = misread("“It’s over,” she said of the talks that had gone on for nine days in the town.", "cp1252")
    (tmp_path / "x.html").write_text(f"<html><body><article><p>{words}</p></article></body></html>", encoding="utf-8")
    with pytest.warns(CorpusWarning, match="the page was UTF-8"):
        assert read_corpus(tmp_path / "x.html")[0].text.startswith("“It’s over,”")
    (tmp_path / "x.csv").write_text("id,title,text\n1,ItÃ©,No.\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", CorpusWarning)
        assert read_corpus(tmp_path / "x.csv")[0].title == "Ité"
