import json

import pytest

from stance.attribution.segments import Segmenter
from stance.schema import StanceError
from stance.validation.gold import found_in, is_gold, read_gold, score_attributions

TEXT = "Putin said that the talks were good. A farmer said “no”. Trump believes that Zelensky hopes for peace."


def marked(source, content, camps, level="core", **more):
    def spans(text):
        start = TEXT.index(text)
        return {"spans": [{"start": start, "end": start + len(text)}]}

    return {"level": level, "source": spans(source) | {"camps": camps}, "content": spans(content)} | more


ALL = [
    marked("Putin", "that the talks were good", ["Kremlin"]),
    marked("A farmer", "“no”", []),
    marked("Trump", "Zelensky hopes for peace", ["white_house"]),
    marked("Zelensky", "for peace", ["Kyiv"], "nested"),
]


@pytest.fixture
def write(tmp_path):
    def to(row, name="gold.json"):
        path = tmp_path / name
        path.write_text(json.dumps(row), encoding="utf-8")
        return path

    return to


@pytest.fixture
def scored(codebook, write):
    segmenter = Segmenter(codebook, tagger=None)

    def score(*rows):
        gold = [
            g for i, row in enumerate(rows) for g in read_gold(write({"id": f"d{i}", "text": TEXT} | row), codebook)
        ]
        table = score_attributions(gold, lambda d: found_in(segmenter.segment(d).segments))
        return table.set_index("kind").loc["all"]

    return score


def test_what_is_marked_and_found_counts(scored):
    line = scored({"attributions": ALL})
    assert (line["gold"], line["content_f1"], line["source_f1"], line["actor_f1"]) == (3, 1.0, 1.0, 1.0)


def test_a_wrong_actor_is_a_hit_without_its_actor(scored):
    wrong = [marked("Putin", "that the talks were good", ["Kyiv"]), *ALL[1:]]
    line = scored({"attributions": wrong})
    assert line["content_recall"] == 1.0
    assert line["actor_recall"] == pytest.approx(2 / 3, abs=1e-4)


def test_an_unknown_source_must_stay_unresolved(scored):
    named = [ALL[0], marked("A farmer", "“no”", ["Kremlin"]), *ALL[2:]]
    assert scored({"attributions": named})["actor_recall"] == pytest.approx(2 / 3, abs=1e-4)


def test_what_is_missed_and_what_is_too_much_costs(scored):
    line = scored({"attributions": [*ALL[:1], marked("Trump", "peace", ["Kyiv"])]})
    assert (line["content_recall"], line["content_precision"]) == (0.5, pytest.approx(1 / 3, abs=1e-4))


def test_polnear_marks_no_nesting_and_no_actors(scored):
    quotes = [{"source": [[0, 5]], "cue": [[6, 10]], "content": [[11, 35]]}, {"source": None, "content": []}]
    line = scored({"quotes": quotes})
    assert (line["gold"], line["found"]) == (1, 3)
    assert line["actor_f1"] != line["actor_f1"]  # not a number


def test_alpha_stands_beside_f1(scored):
    line = scored({"attributions": ALL})
    assert (line["where_alpha"], line["whose_alpha"]) == (1.0, 1.0)
    line = scored({"attributions": [*ALL[:1], marked("Trump", "peace", ["Kyiv"])]})
    assert line["where_alpha"] < 1
    assert line["whose_alpha"] < 1
    quotes = [{"source": [[0, 5]], "cue": [[6, 10]], "content": [[11, 35]]}]
    line = scored({"quotes": quotes})
    assert 0 < line["where_alpha"] < 1
    assert line["whose_alpha"] != line["whose_alpha"]  # not a number: no actor is marked


def test_twenty_documents_give_an_interval(scored):
    assert scored({"attributions": ALL})["content_low"] != scored({"attributions": ALL})["content_low"]
    line = scored(*[{"attributions": ALL[: 3 - i % 2]} for i in range(20)])
    assert line["content_low"] <= line["content_f1"] <= line["content_high"]
    assert line["where_low"] <= line["where_alpha"] <= line["where_high"]


def test_the_sample_is_known_by_its_hash(write, codebook, sample):
    (gold,) = read_gold(write({"sha256_utf8": sample[0].sha256, "attributions": []}), codebook)
    assert gold.document.text == sample[0].text


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"text": TEXT}, "needs 'attributions'"),
        ({"attributions": []}, "has no 'text'"),
        ({"text": TEXT, "quotes": [{"content": [[0, 9999]]}]}, "does not lie in its text"),
        ({"text": TEXT, "quotes": [{"content": ["x"]}]}, "quotes.0.content.0"),
        ({"text": TEXT, "attributions": ["x"]}, "attributions.0"),
        ({"text": TEXT, "attributions": [{"level": "core", "source": {"spans": []}}]}, "content: this key is required"),
        ({"text": TEXT, "attributions": [ALL[0] | {"content": {"spans": []}}]}, "has no content"),
        ({"text": TEXT, "attributions": [ALL[0] | {"kind": "Direct"}]}, "'direct', 'mixed' or 'indirect'"),
        ({"text": TEXT, "attributions": [ALL[0] | {"level": "main"}]}, "level: .*'core'"),
        ({"text": TEXT, "attributions": [marked("Putin", "that", ["Narnia"])]}, "'Narnia' is no actor"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(write, codebook, row, sentence):
    with pytest.raises(StanceError, match=sentence):
        read_gold(write(row), codebook)


def test_rows_of_text_and_target_are_no_gold(write, tmp_path):
    assert is_gold(write({"id": "d", "attributions": [1]}))
    assert not is_gold(write({"text": "t", "target": "u", "label": "none"}, "rows.jsonl"))
    assert not is_gold(tmp_path)
    assert not is_gold(tmp_path / "absent.json")


def test_the_command_measures_marked_documents(write, tmp_path, capsys):
    from stance.cli import main

    out = tmp_path / "table.csv"
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--data", str(write({"id": "d", "text": TEXT, "attributions": ALL})), "--out", str(out)])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert "1 document with marked attributions" in said
    assert "where statements are" in said
    assert "whose they are, where both have one" in said
    assert out.read_text().startswith("kind,gold,found,content_precision")
    assert "where_alpha,where_low,where_high,whose_alpha" in out.read_text()


def test_the_same_as_the_projects_scorer(shared, tmp_path, codebook):
    import subprocess
    import sys

    from stance.results.records import segments_jsonl

    gold = shared / "gold" / "gold_seed.json"
    segmenter = Segmenter(codebook, tagger=None)
    documents = read_gold(gold, codebook)
    path = tmp_path / "segments.jsonl"
    segments = [s for g in documents for s in segmenter.segment(g.document).segments]
    path.write_text(segments_jsonl(segments), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, shared / "tools" / "score_attributions.py", gold, path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    line = score_attributions(documents, lambda d: found_in(segmenter.segment(d).segments)).iloc[0]
    for name in ("content", "source", "actor"):
        assert f"{name}: F1 {line[f'{name}_f1']:.3f}" in said
