"""Annotation sheets: nothing of the model in them, and what comes back is what went out."""

import csv
import json
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance import cli
from stance.corpus.encodings import clean
from stance.corpus.spreadsheets import unix_ends
from stance.schema import Document, Segment, Span, StanceError
from stance.validation.labels import LABEL_COLUMNS, read_sheet
from stance.validation.sheet_formats import COLUMNS, fingerprint, format_of
from stance.validation.sheets import MARGIN, context_of, instructions
from tests.support import folders

FORMATS = {"csv": "sheet.csv", "label-studio": "sheet.json", "prodigy": "sheet.jsonl", "doccano": "sheet.jsonl"}
every_format = pytest.mark.parametrize("name", FORMATS)


def sampled(*texts, measure="stance", target="talks"):
    first, second, third = stance.schema.LABELS[measure]
    rows = [
        {"document": "d", "segment": f"d:{i}", "role": "source", "actor": "kyiv", "entity": "Kyiv", "target": target}
        | {"text": text, "label": first, f"p_{first}": 0.9, f"p_{second}": 0.1, f"p_{third}": 0.0, "net": 0.8}
        | {"inclusion_probability": 1 / (i + 3)}
        for i, text in enumerate(texts)
    ]
    return pd.DataFrame(rows)


BOOK = folders.codebook()
SHEET = stance.validation.sheet(sampled("it would come", "it would not"))


def filled(labels=("favor", ""), annotator="Ada", note="", sheet=SHEET):
    return sheet.assign(label=list(labels), annotator=annotator, note=note)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_sheet_shows_nothing_of_the_model():
    assert tuple(SHEET) == COLUMNS
    assert set(SHEET["label"]) == {""}
    assert not {"0.9", "0.8", "favor"} & {str(cell) for row in SHEET.to_numpy() for cell in row}
    assert SHEET["unit"].tolist() == ["d:0 talks", "d:1 talks"]


@pytest.mark.parametrize(("measure", "target"), [("stance", "talks"), ("sentiment", "kyiv")])
@every_format
def test_what_is_written_shows_nothing_of_the_model(tmp_path, name, measure, target):
    sheet = stance.validation.sheet(sampled("it would come", measure=measure, target=target))
    path, *_ = stance.validation.write_sheet(sheet, tmp_path / FORMATS[name], BOOK, name)
    (row,) = read_sheet(path).to_dict("records")
    assert (row["measure"], row["label"]) == (measure, "")
    written = path.read_text(encoding="utf-8")
    assert not any(f'"{key}"' in written for key in ("p_favor", "p_positive", "net", "predictions"))
    assert '"accept"' not in written and '"annotations"' not in written


# --- what stands around a statement


def segment_of(text, words, source=None):
    document = Document("d", text)
    spans = (Span(document, text.index(words), text.index(words) + len(words)),)
    named = (Span(document, text.index(source), text.index(source) + len(source)),) if source else ()
    return Segment("d:0", spans, "kyiv", "Kyiv", "source", "kyiv", None, "indirect", (), named, None, 1.0, spans[0])


@pytest.mark.parametrize(
    ("text", "source", "context"),
    [
        ("Rain.\n\nKyiv said it would come. Snow.\n\nWind.", None, "Kyiv said it would come. Snow."),
        ("Kyiv said:\n\n“So\nit would come.”", "Kyiv", "Kyiv said: “So it would come.”"),
        ("it would come", None, "it would come"),
        ("A\x00b\ud800 it would come", None, "A b it would come"),
    ],
)
def test_context_is_the_paragraphs(text, source, context):
    assert context_of(segment_of(text, "it would come", source)) == context


def test_a_long_context_is_cut_at_full_sentences():
    text = "Rain fell. " * 200 + "Kyiv said it would come. " + "Snow fell. " * 200
    context = context_of(segment_of(text, "it would come"))
    assert context.startswith("Rain fell. Rain") and context.endswith("Snow fell.")
    assert MARGIN < len(context) < 2 * MARGIN + 40
    endless = context_of(segment_of("rain " * 500 + "it would come" + " snow" * 500, "it would come"))
    assert endless.startswith("… rain") and endless.endswith("snow …")


def test_segments_must_be_those_that_were_scored():
    segment = segment_of("Kyiv said it would come.", "it would come")
    assert stance.validation.sheet(sampled("it would come"), [segment])["context"].tolist() == [
        "Kyiv said it would come."
    ]
    with pytest.raises(StanceError, match="hold no 'd:1'"):
        stance.validation.sheet(sampled("it would come", "it would not"), [segment])
    with pytest.raises(StanceError, match="'d:0' has another text"):
        stance.validation.sheet(sampled("it would go"), [segment])


# --- there and back


odd = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["=1+1", "'=1", "''", "@x", "-5", "\tx", "\n=x", "a\r\nb", 'say "so", he', "🕊️ да", "שלום, עולם", "\ufeffx", "a;b\u2028c"]
    ),
)  # fmt: skip
names = st.text("abcé שЖ_-", min_size=1, max_size=8).filter(str.strip).map(str.strip)


@every_format
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rows=st.lists(st.tuples(odd, odd, odd, odd, st.sampled_from(["", "favor", "against", "none"])), min_size=1, max_size=4),
    annotator=names,
)  # fmt: skip
def test_a_sheet_comes_back_as_it_went(tmp_path_factory, name, rows, annotator):
    sheet = filled(
        [row[4] for row in rows], annotator, sheet=stance.validation.sheet(sampled(*(row[0] for row in rows)))
    )
    for column, place in (("context", 1), ("entity", 2), ("note", 3)):
        sheet[column] = [clean(row[place]) for row in rows]
    sheet["sha256"] = [fingerprint(*pair) for pair in zip(sheet["text"], sheet["context"], strict=True)]
    path, *_ = stance.validation.write_sheet(sheet, tmp_path_factory.mktemp("s") / FORMATS[name], BOOK, name)
    expected = sheet.map(lambda cell: unix_ends(cell) if isinstance(cell, str) else cell)
    found = read_sheet(path).map(lambda cell: unix_ends(cell) if isinstance(cell, str) else cell)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert tuple(stance.validation.read_labels(path)) == LABEL_COLUMNS


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text + ",,,,,,,,,,,,,,\n",
        lambda text: text.replace(",favor,", ",Favor ,"),
    ],
)
def test_a_sheet_that_a_spreadsheet_saved(tmp_path, change):
    path, *_ = stance.validation.write_sheet(filled(), tmp_path / "sheet.csv", BOOK)
    before = read_sheet(path)
    path.write_text(change(path.read_text(encoding="utf-8-sig")), encoding="utf-8", newline="")
    pd.testing.assert_frame_equal(read_sheet(path), before)


def test_empty_cells_of_a_table_are_empty_in_the_file(tmp_path):
    path, *_ = stance.validation.write_sheet(SHEET.assign(label=float("nan"), note=None), tmp_path / "sheet.csv", BOOK)
    assert set(read_sheet(path)[["label", "note"]].to_numpy().ravel()) == {""}


def test_decimal_commas_are_read(tmp_path):
    path, *_ = stance.validation.write_sheet(filled(), tmp_path / "sheet.csv", BOOK)
    text = path.read_text(encoding="utf-8-sig").replace(",", ";").replace("0.25", "0,25")
    path.write_text(text, encoding="utf-8")
    assert read_sheet(path)["inclusion_probability"].tolist() == [1 / 3, 0.25]


def test_no_cell_acts_as_a_formula(tmp_path):
    path, *_ = stance.validation.write_sheet(
        stance.validation.sheet(sampled("=HYPERLINK(1)", "＝1")), tmp_path / "sheet.csv", BOOK
    )
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for row in rows for cell in row)


# --- what the tools give back


def test_prodigy_says_who_answered_and_what_was_skipped(tmp_path):
    path, *_ = stance.validation.write_sheet(SHEET, tmp_path / "sheet.jsonl", BOOK, "prodigy")
    one, two = lines(path)
    assert [option["id"] for option in one["options"]] == ["favor", "against", "none"]
    back = {"_input_hash": 1, "_task_hash": 2, "_view_id": "choice"}
    exported = [
        one | back | {"accept": ["against"], "answer": "accept", "_annotator_id": "talks-ada"},
        one | back | {"accept": ["none"], "answer": "accept", "_annotator_id": "talks-bob"},
        two | back | {"accept": ["favor"], "answer": "reject", "_annotator_id": "talks-ada"},
        two | back | {"accept": [], "answer": "ignore", "_session_id": "talks-bob"},
    ]
    write_lines(tmp_path / "out.jsonl", exported)
    labels = stance.validation.read_labels(tmp_path / "out.jsonl")
    assert labels[["unit", "annotator", "label"]].to_numpy().tolist() == [
        ["d:0 talks", "talks-ada", "against"],
        ["d:0 talks", "talks-bob", "none"],
        ["d:1 talks", "talks-ada", ""],
        ["d:1 talks", "talks-bob", ""],
    ]


def test_label_studio_says_who_answered_and_what_was_skipped(tmp_path):
    path, _, config = stance.validation.write_sheet(SHEET, tmp_path / "sheet.json", BOOK)
    one, two = json.loads(path.read_text(encoding="utf-8"))
    choices = ElementTree.parse(config).find("Choices")  # noqa: S314 - our own file

    def annotation(label, by, **more):
        result = {"id": "x", "from_name": choices.get("name"), "to_name": choices.get("toName"), "type": "choices"}
        return {"result": [result | {"value": {"choices": [label]}}], "completed_by": by, "was_cancelled": False} | more

    noted = {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["odd"]}}
    one["annotations"] = [annotation("favor", 1), annotation("none", {"id": 2, "email": "bob@example.org"})]
    one["annotations"][1]["result"].append(noted)
    two["annotations"] = [annotation("none", 1, was_cancelled=True), annotation("against", 2)]
    (tmp_path / "out.json").write_text(json.dumps([one | {"id": 7, "predictions": []}, two | {"id": 8}]))
    sheet = read_sheet(tmp_path / "out.json")
    assert sheet[["unit", "annotator", "label", "note"]].to_numpy().tolist() == [
        ["d:0 talks", "1", "favor", ""],
        ["d:0 talks", "bob@example.org", "none", "odd"],
        ["d:1 talks", "2", "against", ""],
    ]


def test_label_studio_is_asked_for_the_labels_and_shown_the_fields(tmp_path):
    path, _, config = stance.validation.write_sheet(SHEET, tmp_path / "sheet.json", BOOK)
    view = ElementTree.parse(config)  # noqa: S314 - our own file
    assert [c.get("value") for c in view.iter("Choice")] == ["favor", "against", "none"]
    shown = {t.get("value")[1:] for t in view.iter("Text")}
    assert shown <= set(json.loads(path.read_text(encoding="utf-8"))[0]["data"])
    assert {"text", "context", "entity"} <= shown
    assert all(t.get("valueType") == "text" for t in view.iter("Text"))


def test_doccano_gives_a_file_for_each_annotator(tmp_path):
    path, *_ = stance.validation.write_sheet(SHEET, tmp_path / "sheet.jsonl", BOOK, "doccano")
    for name, labels in (("ada", ["favor"]), ("bob", [])):
        one, _ = lines(path)
        write_lines(tmp_path / f"{name}.jsonl", [one | {"id": 3, "label": labels, "Comments": ["why", "so"]}])
    sheet = read_sheet(tmp_path / "ada.jsonl", tmp_path / "bob.jsonl")
    assert sheet[["annotator", "label", "note"]].to_numpy().tolist() == [
        ["ada", "favor", "why\nso"],
        ["bob", "", "why\nso"],
    ]


def test_copies_of_a_sheet_are_told_apart_by_their_names(tmp_path):
    for name in ("ada", "bob"):
        stance.validation.write_sheet(filled(("favor", "none"), ""), tmp_path / f"{name}.csv", BOOK)
    assert stance.validation.read_labels(tmp_path / "ada.csv", tmp_path / "bob.csv")["annotator"].tolist() == [
        "ada", "ada", "bob", "bob",
    ]  # fmt: skip


def test_an_empty_row_gives_way_to_a_label_of_the_same_person(tmp_path):
    for number, labels in enumerate([("", "none"), ("favor", "")]):
        stance.validation.write_sheet(filled(labels), tmp_path / f"{number}.csv", BOOK)
    labels = stance.validation.read_labels(tmp_path / "0.csv", tmp_path / "1.csv")
    assert labels["label"].tolist() == ["favor", "none"]


# --- faults


def broken(tmp_path, **cells):
    path, *_ = stance.validation.write_sheet(filled(("favor", "none")), tmp_path / "sheet.csv", BOOK)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    rows[1].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [c for c in rows[0] if rows[1][c] is not None], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"label": "for"}, "line 3: the label must be one of favor, against, none, or empty. Got 'for'"),
        ({"label": "positive"}, "line 3: the label must be one of favor"),
        ({"measure": "mood"}, "line 3: the measure must be one of stance, sentiment, frame. Got 'mood'"),
        ({"text": "it would come"}, "line 3: text or context of d:1 talks were changed.*Restore both"),
        ({"context": "Else."}, "line 3: text or context of d:1 talks were changed"),
        ({"sha256": ""}, "line 3: text or context of d:1 talks were changed"),
        ({"target": "war"}, "line 3: the unit 'd:1 talks' is not made of the row's segment and target"),
        ({"unit": "d:0 talks"}, "line 3: the unit 'd:0 talks' is not made"),
        ({"inclusion_probability": ""}, "line 3: inclusion_probability must be above 0 and at most 1. Got ''"),
        ({"inclusion_probability": "0"}, "line 3: inclusion_probability.*Got '0'"),
        ({"inclusion_probability": "1.2"}, "line 3: inclusion_probability.*Got '1.2'"),
        ({"inclusion_probability": "nan"}, "line 3: inclusion_probability.*Got 'nan'"),
        ({"unit": "d:0 talks", "segment": "d:0"}, "line 3: the sha256 of d:0 talks is not that in .*line 2"),
        ({"label": None}, "no column 'label'. Start from the table that stance sample writes"),
        ({"sha256": None}, "no column 'sha256'"),
        ({"inclusion_probability": None}, "no column 'inclusion_probability'"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used(tmp_path, cells, sentence):
    if cells.get("segment"):
        cells = cells | {"text": "it would not"}  # its own fingerprint still fits
    with pytest.raises(StanceError, match=sentence):
        stance.validation.read_labels(broken(tmp_path, **cells))


def test_two_labels_of_one_annotator(tmp_path):
    paths = [stance.validation.write_sheet(filled(), tmp_path / f"{n}.csv", BOOK)[0] for n in range(2)]
    with pytest.raises(StanceError, match=r"1\.csv, line 2: Ada labelled d:0 talks already in .*0\.csv, line 2"):
        stance.validation.read_labels(*paths)


def test_sheets_of_two_samples(tmp_path):
    one = stance.validation.write_sheet(filled(), tmp_path / "one.csv", BOOK)[0]
    other = filled(annotator="Bob").assign(inclusion_probability=1.0)
    two = stance.validation.write_sheet(other, tmp_path / "two.csv", BOOK)[0]
    with pytest.raises(StanceError, match=r"two\.csv, line 2: the inclusion_probability of d:0 talks is not that in"):
        stance.validation.read_labels(one, two)


@pytest.mark.parametrize("name", ["prodigy", "doccano"])
def test_a_text_that_was_edited_where_the_tool_shows_it(tmp_path, name):
    path, *_ = stance.validation.write_sheet(SHEET, tmp_path / "sheet.jsonl", BOOK, name)
    one, two = lines(path)
    write_lines(path, [one, two | {"text": two["text"].replace("not", "")}])
    with pytest.raises(StanceError, match="line 2: the text shown is not that of d:1 talks"):
        stance.validation.read_labels(path)
    write_lines(path, [one, {k: v for k, v in two.items() if k != "sheet"}])
    with pytest.raises(StanceError, match="line 2: no 'sheet'"):
        stance.validation.read_labels(path)
    write_lines(path, [{**one, "sheet": {k: v for k, v in one["sheet"].items() if k != "role"}}])
    with pytest.raises(StanceError, match="line 1: no column 'role'"):
        stance.validation.read_labels(path)
    both = {"accept": ["favor", "none"], "answer": "accept"} if name == "prodigy" else {"label": ["favor", "none"]}
    write_lines(path, [one | both])
    with pytest.raises(StanceError, match=r"line 1: 2 labels at once \(favor, none\). Choose one"):
        stance.validation.read_labels(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("[", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("{}", "must hold a list of tasks"),
        ("[]", "holds no rows"),
        ('[{"unit": "u"}]', "task 1: no 'data'. Export from Label Studio as JSON, not as JSON-MIN"),
        ("[7]", "task 1: no 'data'"),
        ('[{"data": {"unit": "u"}}]', "task 1: no column 'document'"),
    ],
)
def test_files_that_are_no_export(tmp_path, content, sentence):
    path = tmp_path / "out.json"
    path.write_text(content)
    with pytest.raises(StanceError, match=sentence):
        stance.validation.read_labels(path)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", ",".join(COLUMNS) + "\n", "holds no rows"),
        ("a.jsonl", "[]\n", "line 1: not an object"),
        ("a.xlsx", "x", "must be a .csv, .json or .jsonl file. Got '.xlsx'"),
    ],
)
def test_files_that_are_no_sheet(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)
    with pytest.raises(StanceError, match=sentence):
        stance.validation.read_labels(tmp_path / name)
    with pytest.raises(StanceError, match="no sheets"):
        stance.validation.read_labels()


@pytest.mark.parametrize(
    ("path", "name", "sentence"),
    [
        ("a.jsonl", None, "may be for prodigy or doccano. Say which"),
        ("a.csv", "prodigy", r"must end in .jsonl \(prodigy\)"),
        ("a.xlsx", None, r"must end in .csv \(csv\), .json \(label-studio\)"),
        ("a.csv", "excel", "must be one of csv, label-studio, prodigy, doccano. Got 'excel'"),
    ],
)
def test_formats_that_cannot_be_told(tmp_path, path, name, sentence):
    with pytest.raises(StanceError, match=sentence):
        format_of(tmp_path / path, name)


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (SHEET.assign(target="war"), "no target 'war'"),
        (SHEET.drop(columns="note"), "no column 'note'. Make it with stance.validation.sheet"),
        (
            SHEET.assign(measure=["stance", "sentiment"]),
            "one measure of stance, sentiment, frame. Got sentiment, stance",
        ),
        (SHEET.head(0), "Got no row"),
    ],
)
def test_sheets_that_cannot_be_written(tmp_path, sheet, sentence):
    with pytest.raises(StanceError, match=sentence):
        stance.validation.write_sheet(sheet, tmp_path / "sheet.csv", BOOK)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.instructions.md"])
def test_labels_are_never_written_over(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(StanceError, match=f"{name} is there already, and may hold labels"):
        stance.validation.write_sheet(SHEET, tmp_path / "sheet.csv", BOOK)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("column", ["text", "inclusion_probability", "p_favor"])
def test_a_sheet_of_something_else(column):
    with pytest.raises(StanceError, match=column):
        stance.validation.sheet(sampled("it would come").drop(columns=column))


def test_people_are_told_what_the_codebook_says():
    told = instructions(SHEET, BOOK)
    assert "Stance toward the talks" in told and "The actor supports the talks." in told
    assert all(f"**{label}**" in told for label in stance.schema.LABELS["stance"])
    told = instructions(stance.validation.sheet(sampled("x", measure="sentiment", target="kyiv")), BOOK)
    assert all(f"**{label}**" in told for label in stance.schema.LABELS["sentiment"]) and "favor" not in told


# --- the commands


@pytest.fixture
def scores(tmp_path):
    documents = [Document(f"d{i}", folders.TEXT) for i in range(6)]
    root = folders.folder_of(tmp_path / "run", documents)
    table = pd.read_csv(root / "scores" / "stance.csv")
    table["label"] = table["net"].map(lambda net: None if net != net else "favor" if net > 0 else "against")
    table.to_csv(root / "scores" / "stance.csv", index=False)
    return root / "scores" / "stance.csv"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        cli.main([str(a) for a in arguments])
    return stop.value.code or 0, *capsys.readouterr()


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "codebook.yml"
    path.write_text(
        "actors: {kyiv: {label: Kyiv, entities: {k: {name: Kyiv, aliases: [Kyiv]}}}}\n"
        "targets: {talks: {label: the talks, hypotheses: {favor: ['{actor} is for {target}.'], against: ['No.']}}}\n"
    )
    return path


def test_from_scores_to_agreement(tmp_path, capsys, scores, book):
    out = tmp_path / "sheet.csv"
    code, said, noted = run(capsys, "sample", scores, "-n", 24, "-o", out, "--codebook", book)
    assert code == 0 and "24 statements of 6 texts" in said
    assert "12 of 48 rows are left out" in noted.replace("\n", " ")
    sheet = read_sheet(out)
    assert sheet["context"].str.startswith("Lavrov said that").all()
    for name, third in (("ada", "none"), ("bob", "favor")):
        labels = ["favor", "against", third] * 8
        stance.validation.write_sheet(
            sheet.assign(label=labels, annotator=name), tmp_path / f"{name}.csv", stance.read_codebook(book)
        )
    table = tmp_path / "agreement.csv"
    code, said, _ = run(capsys, "agreement", tmp_path / "ada.csv", tmp_path / "bob.csv", "-o", table)
    assert code == 0 and "48 labels on 24 units; by ada (24), bob (24)." in said
    row = pd.read_csv(table).iloc[0]
    assert row["units"] == 24 and row["agreement"] == pytest.approx(2 / 3)
    assert row["low"] < row["alpha"] < row["high"]
    held = tmp_path / "validation"
    code, said, _ = run(capsys, "validate", scores, "--labels", tmp_path / "ada.csv", "-o", held)
    assert code == 0 and "Net score minus that of the label" in said
    accuracy, estimates = (pd.read_csv(held / f"{name}.csv") for name in ("accuracy", "corrected"))
    assert accuracy["n"].max() == 24 and (held / "differential_error.csv").is_file()
    assert set(estimates["estimator"]) == {"naive", "DSL"}
    code, _, noted = run(capsys, "validate", scores, "--labels", tmp_path / "ada.csv", "--annotator", "eve")
    assert code == 2 and "eve" in noted


def test_the_same_sheet_in_every_format(tmp_path, capsys, scores, book):
    read = []
    for name, file in FORMATS.items():
        out = tmp_path / name / file
        assert run(capsys, "sample", scores, "-n", 9, "-o", out, "--codebook", book, "--format", name)[0] == 0
        read.append(read_sheet(out).drop(columns="annotator"))
    for other in read[1:]:
        pd.testing.assert_frame_equal(other, read[0])


def test_without_segments_there_is_no_context_and_that_is_said(tmp_path, capsys, scores, book):
    alone = tmp_path / "alone.csv"
    scores.rename(alone)
    _, _, noted = run(capsys, "sample", alone, "-n", 9, "-o", tmp_path / "a.csv", "--codebook", book, "--by", "")
    assert "without context" in noted
    assert set(read_sheet(tmp_path / "a.csv")["inclusion_probability"]) == {0.25}
    segments = tmp_path / "run" / "segments.jsonl"
    run(capsys, "sample", alone, "-n", 9, "-o", tmp_path / "b.csv", "--codebook", book, "--segments", segments)
    assert read_sheet(tmp_path / "b.csv")["context"].str.len().min() > 0


def test_faults_of_the_commands(tmp_path, capsys, scores, book):
    out = tmp_path / "sheet.csv"
    for arguments, sentence in [
        (("sample", scores, "-n", 9, "-o", tmp_path / "a.jsonl"), "prodigy or doccano"),
        (("sample", scores, "-n", 1, "-o", out, "--codebook", book), "fewer than the"),
        (("sample", scores, "-n", 9, "-o", out), "run keeps no codebook"),
        (("sample", tmp_path, "-n", 9, "-o", out, "--codebook", book), "is no results folder"),
        (
            ("sample", scores, "-n", 9, "-o", out, "--codebook", book, "--segments", tmp_path / "segments.jsonl"),
            "cannot be read",
        ),
        (("sample", book, "-n", 9, "-o", out, "--codebook", book), "must be a .jsonl, .csv or .parquet file"),
        (("agreement", tmp_path / "none.csv"), "cannot be read"),
    ]:
        code, _, err = run(capsys, *arguments)
        assert code == 2 and sentence in err, arguments
    run(capsys, "sample", scores, "-n", 9, "-o", out, "--codebook", book)
    assert "hold no label yet" in run(capsys, "agreement", out)[2]
    assert "is a sheet, which would be lost" in run(capsys, "agreement", out, "-o", out)[2]


def test_frames_are_labelled_by_their_definition(tmp_path):
    book = stance.read_codebook()
    sheet = SHEET.head(1).assign(measure="frame", target="risk", role="source")
    text = instructions(sheet, book)
    assert book.frame("risk").definition in text and "**denied**" in text
    with pytest.raises(StanceError, match="no frame 'fear'. It has: opportunity"):
        instructions(sheet.assign(target="fear"), book)
