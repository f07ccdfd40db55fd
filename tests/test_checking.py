"""Every fault of a codebook, at once and each in its place; none where there is none."""

import copy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.checking import codebook_faults, content_faults, fault_line
from stance.resources import SAMPLE_CODEBOOK
from stance.schema import StanceError

BOOK = {
    "actors": {
        "council": {
            "label": "Council",
            "entities": {
                "ruiz": {"name": "Ana Ruiz", "aliases": ["Ruiz", "Mayor Ruiz"], "pronouns": "she"},
                "hall": {"name": "the town hall", "aliases": ["town hall"], "place": ["Velmar"]},
            },
            "not": ["Ruiz Street"],
        },
        "league": {
            "label": "League",
            "entities": {
                "holm": {"name": "Petra Holm", "aliases": ["Holm"], "offices": [{"title": "the Speaker"}]},
            },
        },
    },
    "targets": {
        "bridge": {
            "label": "the bridge",
            "hypotheses": {
                "favor": ["{actor} likes {target}."],
                "against": ["{actor} hates {target}.", "{actor} left."],
            },
        }
    },
    "frames": {"cost": {"label": "cost", "hypotheses": ["{actor} talks about money."]}},
    "publishers": {"velmar.example": {"actor": "council", "entity": "hall"}},
    "groups": {"both sides": ["council", "league.holm"]},
}


def at(book, *place):
    for key in place:
        book = book[key]
    return book


RUIZ = ("actors", "council", "entities", "ruiz")
HALL = ("actors", "council", "entities", "hall")
HOLM = ("actors", "league", "entities", "holm")
FAULTS = {
    "pronoun": (lambda b: at(b, *RUIZ).update(pronouns="him"), (*RUIZ, "pronouns"), "must be 'he', 'she', 'it' or 'they'"),
    "unknown": (lambda b: at(b, *RUIZ).update(role="mayor"), (*RUIZ, "role"), "unknown key; check"),
    "misspelt": (lambda b: at(b, "frames", "cost").update(defintion="x"), ("frames", "cost", "defintion"), "mean 'definition'"),
    "missing": (lambda b: at(b, "frames", "cost").pop("label"), ("frames", "cost", "label"), "is required"),
    "no text": (lambda b: at(b, *RUIZ)["aliases"].append(True), (*RUIZ, "aliases", 2), "quotation marks"),
    "no letter": (lambda b: at(b, *HALL)["aliases"].append("—"), (*HALL, "aliases", 1), "at least one letter"),
    "no pronoun": (lambda b: at(b, *RUIZ).update(pronouns="her"), (*RUIZ, "pronouns"), "'she'"),
    "no list": (lambda b: at(b, "actors", "council").update({"not": "Ruiz Street"}), ("actors", "council", "not"), "a list"),
    "no day": (
        lambda b: at(b, *HOLM)["offices"].append({"title": "the Chair", "from": 2020}), (*HOLM, "offices", 1, "from"), "2021-01-20",
    ),
    "placeholder": (
        lambda b: at(b, "targets", "bridge", "hypotheses")["against"].append("{who} left."),
        ("targets", "bridge", "hypotheses", "against", 2), "only {actor} and {target}",
    ),
    "two actors": (lambda b: at(b, *HOLM)["aliases"].append("Ruiz"), (*HOLM, "aliases", 1), "'Ruiz' stands under both"),
    "excluded": (
        lambda b: at(b, "actors", "league").update({"not": ["Mole", "Velmar"]}), ("actors", "league", "not", 1), "is also an alias",
    ),
    "office": (lambda b: at(b, *RUIZ).update(offices=[{"title": "town hall"}]), (*RUIZ, "offices", 0), "is also an alias"),
    "publisher": (
        lambda b: b["publishers"].update({"x.example": {"actor": "council", "entity": "mayor"}}),
        ("publishers", "x.example", "entity"), "no entity 'mayor'",
    ),
    "group": (lambda b: b["groups"].update({"all": ["council", "tenants"]}), ("groups", "all"), "no actor 'tenants'"),
    "narrator": (
        lambda b: b["actors"].update(narrator={"label": "N", "entities": {"n": {"name": "Nils", "aliases": []}}}),
        ("actors", "narrator"), "is kept for the voice",
    ),
    "empty": (lambda b: b["targets"]["bridge"]["hypotheses"].update(favor=[]), ("targets", "bridge", "hypotheses", "favor"), "is empty"),
}  # fmt: skip
"""What is changed, where the fault is, and what is said."""


def changed(*names):
    book = copy.deepcopy(BOOK)
    for name in names:
        FAULTS[name][0](book)
    return book


def test_a_codebook_without_faults_has_none():
    assert content_faults(BOOK) == []
    assert codebook_faults(SAMPLE_CODEBOOK) == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_in_its_place(name):
    (fault,) = content_faults(changed(name))
    assert fault.place == FAULTS[name][1]
    assert FAULTS[name][2] in fault.what


@settings(deadline=None, max_examples=30)
@given(st.sets(st.sampled_from(sorted(FAULTS)), min_size=2))
def test_faults_do_not_hide_each_other(names):
    found = {fault.place for fault in content_faults(changed(*sorted(names)))}
    assert found == {FAULTS[name][1] for name in names}


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 60), st.data())
def test_each_name_that_stands_under_two_actors_is_told(n, data):
    names = [f"Name{i}" for i in range(n)]
    wrong = data.draw(st.sets(st.sampled_from(range(n))))
    book = copy.deepcopy(BOOK)
    at(book, *RUIZ)["aliases"] += names
    at(book, *HOLM)["aliases"] += [name if i in wrong else f"Other{i}" for i, name in enumerate(names)]
    assert {fault.place for fault in content_faults(book)} == {(*HOLM, "aliases", i + 1) for i in wrong}


def test_what_only_the_whole_lacks_is_told():
    assert [f.what for f in content_faults({"actors": {}, "targets": {}})] == [
        "a codebook needs at least one actor and one target"
    ]


@settings(deadline=None, max_examples=30)
@given(st.sets(st.sampled_from(sorted(FAULTS)), max_size=3))
def test_a_codebook_has_faults_if_and_only_if_it_is_refused(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("books") / "book.yml"
    path.write_text(yaml.safe_dump(changed(*sorted(names)), sort_keys=False), encoding="utf-8")
    if codebook_faults(path):
        with pytest.raises(StanceError):
            stance.read_codebook(path)
    else:
        stance.read_codebook(path)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("actors: [\n", ["line 2: not valid YAML"]),
        ("actors:\n\ta: 1\n", ["line 2: not valid YAML: found character '\\t' that cannot start any token, at character 1; indent by"]),
        ("just words", ["the file must hold the keys"]),
        ("actors: {}\ntargets: {}\nactors: {}\nframes: {f: 1, f: 2}\n",
         ["line 3, actors: the key 'actors' is given twice (first in line 1)", "line 4, frames.f: the key 'f' is given twice"]),
        ("targets: {}\n", ["line", "actors: this key is required"]),
    ],
)  # fmt: skip
def test_lines_are_named(tmp_path, text, lines):
    path = tmp_path / "book.yml"
    path.write_text(text)
    found = "\n".join(map(fault_line, codebook_faults(path)))
    for line in lines[-1:] if lines[0] == "line" else lines:
        assert line in found
    with pytest.raises(StanceError):
        stance.read_codebook(path)


def test_a_missing_file_is_told_with_a_way_to_make_one(tmp_path):
    with pytest.raises(StanceError, match=r"none\.yml cannot be read .* stance init FOLDER"):
        codebook_faults(tmp_path / "none.yml")


def test_reading_a_codebook_counts_no_other_number_of_faults_than_check(tmp_path):
    path = tmp_path / "codebook.yml"
    path.write_text("actors: {a: {label: A, entities: {x: {name: Ann, alias: [Ms. A]}}}}\ntarget: {}\n")
    with pytest.raises(StanceError) as told:
        stance.read_codebook(path)
    assert "stance check lists all that is wrong" in str(told.value)
    assert "more fault" not in str(told.value)
