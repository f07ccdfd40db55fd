import json
from collections import Counter

import pytest

from stance.schema import Attribution, Document, Span, StanceError
from stance.validation.statuses import (
    NOT_FOUND,
    STATUSES,
    attributions_in,
    is_statuses,
    read_statuses,
    status_alpha,
    status_confusion,
)

ROW = {"id": "a", "text": "If Ann says so, Bob says no.", "cue": "says so", "source": "Ann", "status": "hypothetical"}


@pytest.fixture
def write(tmp_path):
    def to(*rows):
        path = tmp_path / "status.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return to


@pytest.fixture(scope="module")
def gold(pytestconfig):
    return pytestconfig.rootpath / "gold"


def test_the_sentences_are_as_many_of_each_status(gold):
    assert Counter(m.status for m in read_statuses(gold / "status.jsonl")) == dict.fromkeys(STATUSES, 24)


def test_two_annotators_labelled_the_same_sentences(gold):
    first, second = (read_statuses(gold / name) for name in ("status.jsonl", "status_second.jsonl"))
    key = lambda marked: (marked.document.id, marked.document.text, marked.cue, marked.source)  # noqa: E731
    assert sorted(map(key, first)) == sorted(map(key, second))
    assert status_alpha(first, second) == 1.0  # as gold/status.md and the tagger's card say
    full = [json.loads(line) for line in (gold / "status.jsonl").read_text(encoding="utf-8").splitlines()]
    guideline = (gold / "status.md").read_text(encoding="utf-8")
    assert all(f"`{status}`" in guideline for status in STATUSES)
    assert not any(row["text"] in guideline for row in full)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ROW | {"cue": "says"}], "'says' stands in the text 2 times"),
        ([ROW | {"source": "Cid"}], "'Cid' stands in the text 0 times"),
        ([ROW | {"source": ""}], "'' stands in the text 0 times"),
        ([ROW | {"status": "claimed"}], "line 1: status"),
        ([{k: v for k, v in ROW.items() if k != "cue"}], "cue: this key is required"),
        ([ROW, ROW], "line 2: the id 'a' was given before"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(write, rows, sentence):
    with pytest.raises(StanceError, match=sentence):
        read_statuses(write(*rows))


def attribution(document, source, cue):
    def spans(place):
        return (Span(document, *place),)

    return Attribution("1", spans(source), spans(cue), spans((0, 2)), "indirect", None, (), 1.0)


@pytest.mark.parametrize(
    ("found", "column"),
    [
        ([], NOT_FOUND),
        ([((16, 19), (20, 24))], NOT_FOUND),
        ([((3, 6), (7, 11))], "stated"),
        ([((16, 19), (7, 11))], "stated"),
    ],
)
def test_a_cue_is_found_by_its_place(write, found, column):
    marked = read_statuses(write(ROW))
    table = status_confusion(marked, lambda d: [attribution(d, *places) for places in found])
    assert table.loc["hypothetical", column] == table.to_numpy().sum() == 1


def test_of_several_the_one_with_the_source_counts(write):
    class Given:
        def __init__(self, plain, status):
            self.source, self.cue, self.status = plain.source, plain.cue, status

    marked = read_statuses(write(ROW))

    def find(document):
        places = (((16, 19), "stated"), ((3, 6), "hypothetical"))
        return [Given(attribution(document, source, (7, 11)), status) for source, status in places]

    assert status_confusion(marked, find).loc["hypothetical", "hypothetical"] == 1


def test_sources_need_not_be_in_the_codebook(codebook):
    (found,) = attributions_in(codebook, None)(Document("d", "Ida Moss said that the ferry was late."))
    assert (found.source[0].text, found.actors) == ("Ida Moss", ())


def test_alpha_is_of_the_sentences_that_both_labelled(write):
    first = read_statuses(write(*(ROW | {"id": str(i), "status": s} for i, s in enumerate(STATUSES))))
    second = read_statuses(write(*(ROW | {"id": str(i), "status": s} for i, s in enumerate(STATUSES[:3]))))
    assert status_alpha(first, second) == 1
    with pytest.raises(StanceError, match="no sentence in common"):
        status_alpha(first, [])


def test_the_command_measures_statuses(write, tmp_path, capsys):
    from stance.cli import main

    data, out = write(ROW), tmp_path / "table.csv"
    assert is_statuses(data) and not is_statuses(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--data", str(data), "--out", str(out)])
    assert end.value.code == 0
    assert "1 sentence with a marked cue" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8").startswith("judged,stated,denied,hypothetical,requested,asked,not found\n")
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--data", str(data), "--model", "base", "--out", str(out)])
    assert end.value.code == 2
