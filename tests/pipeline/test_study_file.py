"""One file that says what a study consists of."""

import pytest

from stance.pipeline.study_file import Study, read_study
from stance.schema import StanceError


@pytest.fixture
def file(tmp_path):
    for name in ("mine.txt", "ann.csv"):
        (tmp_path / name).write_text("Rain fell.")

    def write(text):
        (tmp_path / "study.yml").write_text(text)
        return tmp_path / "study.yml"

    return write


def test_paths_are_read_from_its_folder(file, tmp_path, monkeypatch):
    path = file("{texts: [mine.txt], annotations: ann.csv, out: made, target: talks, model: small, dates: day-first}")
    monkeypatch.chdir(tmp_path.parent)
    found = read_study(path)
    assert (found.texts, found.out, found.sheets()) == (
        (tmp_path / "mine.txt",),
        tmp_path / "made",
        (tmp_path / "ann.csv",),
    )
    assert (found.target, found.model, found.dates) == ("talks", "small", "day-first")
    assert [d.text for d in found.documents()] == ["Rain fell."]


def test_a_folder_that_has_a_bundled_models_name_is_not_taken_for_it(file, tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "own").mkdir()
    assert read_study(file("{texts: [mine.txt], model: small, out: small}")).model == "small"
    assert read_study(file("{texts: [mine.txt], model: own}")).model == str(tmp_path / "own")


def test_the_variable_names_it_and_nothing_means_the_sample(file, monkeypatch):
    monkeypatch.delenv("STANCE_STUDY", raising=False)
    assert read_study() == Study()
    monkeypatch.setenv("STANCE_STUDY", str(file("texts: mine.txt")))
    assert not read_study().is_sample


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("texts: other.txt", "texts: 'other.txt' is not there.*correct this one"),
        ("{texts: mine.txt, codebook: c.yml}", "codebook: 'c.yml' is not there"),
        ("{texts: mine.txt, annotations: [ann.csv, bob.csv]}", "annotations: 'bob.csv' is not there"),
        ("{texts: mine.txt, corrections: r.csv}", "corrections: 'r.csv' is not there"),
        ("{text: mine.txt}", "text: unknown key"),
        ("texts: 7", "texts"),
        ("- texts", "study.yml"),
        ("texts: [", "not valid YAML: line 1, column 9: .*; look at this line"),
        ("dates: dmy", "dates: must be 'day-first' or 'month-first'"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(file, text, what):
    with pytest.raises(StanceError, match=what):
        read_study(file(text))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(StanceError, match="cannot be read"):
        read_study(tmp_path / "study.yml")


def test_texts_of_ones_own_without_sheets_say_what_to_do(file):
    with pytest.raises(StanceError, match="stance sample"):
        read_study(file("texts: mine.txt")).sheets()
    assert Study().sheets()


@pytest.mark.parametrize("text", ["model: small", "texts: []", ""])
def test_a_file_without_texts_does_not_mean_the_sample(file, tmp_path, text):
    found = read_study(file(text))
    assert not found.is_sample
    with pytest.raises(StanceError, match="names no texts.*under 'texts'"):
        found.documents()
    with pytest.raises(StanceError, match="no sheets"):
        found.sheets()
    assert found.but(texts=(tmp_path / "mine.txt",)).documents()[0].text == "Rain fell."
