import copy

import pytest
import yaml

import stance
from stance.resources import SAMPLE_CODEBOOK
from stance.schema import StanceError

MINIMAL = {
    "actors": {"a": {"label": "A", "entities": {"x": {"name": "Xi", "aliases": ["Xi"]}}}},
    "targets": {
        "t": {"label": "T", "hypotheses": {"favor": ["{actor} likes {target}."], "against": ["{actor} hates it."]}}
    },
}


def written(tmp_path, change=lambda book: None):
    book = copy.deepcopy(MINIMAL)
    change(book)
    path = tmp_path / "codebook.yml"
    path.write_text(yaml.safe_dump(book))
    return path


def test_the_minimal_codebook_is_enough(tmp_path):
    book = stance.read_codebook(written(tmp_path))
    assert book.frames == {}
    assert book.names == {"a": "A"}
    assert book.targets["t"].id == "t"


def test_every_optional_key_of_the_contract(tmp_path):
    def change(book):
        book["actors"]["a"]["not"] = ["Xi'an"]
        book["actors"]["a"]["entities"]["x"] |= {"pronouns": "he", "place": ["Beijing"]}
        book["targets"]["t"]["definition"] = "what it is"

        book["frames"] = {"f": frame() | {"set": "case", "definition": "a danger"}, "g": frame(label="G")}

    book = stance.read_codebook(written(tmp_path, change))
    f, g = book.frames["f"], book.frames["g"]
    assert (f.label, f.set, f.definition, f.hypotheses) == ("Risk", "case", "a danger", ("{actor} fears {target}.",))
    assert (g.set, g.definition) == ("frames", None)
    entity = book.actors["a"].entities["x"]
    assert (entity.pronouns, entity.place) == ("he", ("Beijing",))


def test_entities_of_one_actor_may_share_a_name(tmp_path):
    def change(book):
        book["actors"]["a"]["entities"]["y"] = {"name": "Government", "aliases": ["Xi"]}

    assert stance.read_codebook(written(tmp_path, change)).names == {"a": "A"}


def frame(**changes):
    return {"label": "Risk", "hypotheses": ["{actor} fears {target}."]} | changes


def entity(book):
    return book["actors"]["a"]["entities"]["x"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda b: entity(b).update(alias=["Q"]), r"actors\.a\.entities\.x\.alias: unknown key"),
        (lambda b: entity(b).update(alias=entity(b).pop("aliases")), r"actors\.a\.entities\.x\.alias: unknown key"),
        (lambda b: entity(b).update(aliases="Xi"), r"aliases: must be a list, such as"),
        (lambda b: entity(b).pop("name"), r"actors\.a\.entities\.x\.name: this key is required"),
        (lambda b: b.update(extra=1), r"extra: unknown key"),
        (lambda b: b.update(fingerprint="f"), r"fingerprint: unknown key"),
        (lambda b: b["targets"]["t"].update(id="u"), r"targets\.t\.id: unknown key"),
        (lambda b: b["targets"]["t"].pop("hypotheses"), r"targets\.t\.hypotheses: this key is required"),
        (lambda b: b["targets"]["t"]["hypotheses"].update(favor=["{who} likes it."]), r"only {actor} and {target}"),
        (lambda b: b["targets"]["t"]["hypotheses"].update(favor=["{actor likes it."]), r"brace that does not close"),
        (lambda b: b["targets"]["t"]["hypotheses"].update(favor=["{actor!x} likes it."]), r"only {actor} and {target}"),
        (
            lambda b: b["targets"]["t"]["hypotheses"].update(favor=["{target:>5} is liked."]),
            r"only {actor} and {target}",
        ),
        (lambda b: b["actors"]["a"].update(entities={}), r"actors\.a\.entities"),
        (lambda b: b["actors"]["a"].update({"not": ["xi"]}), r"actors\.a\.not: 'xi' is also an alias"),
        (lambda b: b["actors"]["a"].update(not_=["Xi'an"]), r"actors\.a\.not_: unknown key"),
        (
            lambda b: b["actors"].update(b={"label": "B", "entities": {"y": {"name": "Y", "aliases": ["XI"]}}}),
            r"'XI' stands under both",
        ),
        (lambda b: b.update(groups={"both sides": ["a", "b"]}), r"groups\.both sides: there is no actor 'b'"),
        (lambda b: b.update(groups={"both sides": ["a.y"]}), r"groups\.both sides: a has no entity 'y'; .*: x\b"),
        (lambda b: b.update(groups={"both sides": []}), r"groups\.both sides: the group is empty"),
        (lambda b: b["targets"]["t"]["hypotheses"].update(favor=[]), r"targets\.t\.hypotheses\.favor"),
        (lambda b: entity(b).update(aliases=["Xi", "—"]), r"must hold at least one letter"),
        (
            lambda b: b.update(publishers={"x.org": {"actor": "b", "entity": "x"}}),
            r"publishers\.x\.org\.actor: there is no actor 'b'; .*: a\b",
        ),
        (
            lambda b: b.update(publishers={"x.org": {"actor": "a", "entity": "y"}}),
            r"publishers\.x\.org\.entity: a has no entity 'y'; .*: x\b",
        ),
        (lambda b: b.update(publishers={"x.org": {"actor": "a"}}), r"publishers\.x\.org\.entity: this key is required"),
        (
            lambda b: b.update(publishers={"x.org/en": {"actor": "a", "entity": "x"}}),
            r"publishers\.x\.org/en: write .* a bare host",
        ),
        (
            lambda b: b.update(
                publishers={"x.org": {"actor": "a", "entity": "x"}, "X.org": {"actor": "a", "entity": "x"}}
            ),
            r"publishers\.[xX]\.org is publishers\.[xX]\.org once more",
        ),
        (lambda b: b.update(frames={"f": frame(hypotheses=[])}), r"frames\.f\.hypotheses: .* at least 1 item"),
        (lambda b: b.update(frames={"f": frame(hypotheses="A risk.")}), r"frames\.f\.hypotheses: must be a list"),
        (lambda b: b.update(frames={"f": frame(hypotheses=["{}?"])}), r"frames\.f\.hypotheses: .* only {actor} and"),
        (
            lambda b: b.update(frames={"f": frame(hypotheses=["It is {actor.label}."])}),
            r"frames\.f\.hypotheses: .* uses {actor\.label}; only {actor} and {target}",
        ),
        (lambda b: b.update(frames={"f": frame(hypotheses=["{target"])}), r"frames\.f\.hypotheses: .* does not close"),
        (lambda b: b.update(frames={"f": frame(hypotheses=[" "])}), r"frames\.f\.hypotheses: .* must hold words"),
        (lambda b: b.update(frames={"f": {"label": "F"}}), r"frames\.f\.hypotheses: this key is required"),
        (lambda b: b.update(frames={"f": frame(family="x")}), r"frames\.f\.family: unknown key"),
        (lambda b: b.update(frames={"f": frame(label="—")}), r"frames\.f\.label"),
        (lambda b: b.update(frames={"f": frame(set="")}), r"frames\.f\.set"),
        (lambda b: b.update(frames=[frame()]), r"frames: must hold keys and values"),
        (lambda b: b.update(frames={1: frame()}), r"frames\.1"),
        (lambda b: entity(b).update(pronouns="him"), r"actors\.a\.entities\.x\.pronouns"),
        (
            lambda b: b["actors"].update(b={"label": "B", "entities": {"y": {"name": "Y", "aliases": ["Xi"]}}}),
            r"'Xi' stands under both actors\.a\.entities\.x and actors\.b\.entities\.y",
        ),
    ],
)
def test_faults_are_named_by_file_and_key(tmp_path, change, sentence):
    with pytest.raises(StanceError, match=sentence) as caught:
        stance.read_codebook(written(tmp_path, change))
    assert "codebook.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


BOMB = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n" + "".join(
    f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 10)}]\n" for i in range(1, 9)
)
"""A thousand million names in nine lines."""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("actors: [", "not valid YAML"),
        ("just words", "must hold the keys"),
        ("actors: {}\nactors: {}\n", "'actors' is given twice"),
        ("frames: {f: {label: F}, f: {label: G}}\n", "'f' is given twice"),
        ("a: !!python/object/apply:os.system ['true']", "not valid YAML"),
        (BOMB + "actors: {k: {label: K, entities: {e: {name: E, aliases: *x8}}}}\ntargets: {}\n", "comes to more than"),
        ("actors: &r {k: *r}\ntargets: {}\n", "repeats itself without end"),
        ("actors: " + "[" * 3000, "not valid YAML"),
    ],
)
def test_other_files_are_refused(tmp_path, content, sentence):
    path = tmp_path / "codebook.yml"
    path.write_text(content)
    with pytest.raises(StanceError, match=sentence):
        stance.read_codebook(path)


def test_a_missing_codebook_is_named(tmp_path):
    with pytest.raises(StanceError, match=r"nowhere\.yml cannot be read"):
        stance.read_codebook(tmp_path / "nowhere.yml")


def test_an_unknown_target_lists_those_there_are(codebook):
    with pytest.raises(StanceError, match="no target 'peace'. It has: peace_talks"):
        codebook.target("peace")


def test_the_sample_codebook_has_the_camps_of_the_study(codebook):
    assert list(codebook.actors) == ["kremlin", "white_house", "kyiv", "western_europe", "biden", "other"]
    assert SAMPLE_CODEBOOK.is_file()


def test_the_sample_codebook_has_frames_of_this_case_and_generic_ones(codebook):
    sets = {}
    for key, entry in codebook.frames.items():
        sets.setdefault(entry.set, []).append(key)
        assert entry.definition and len(entry.hypotheses) == 2, key
    assert {name: len(keys) for name, keys in sets.items()} == {"case": 7, "generic": 5}
    wordings = [wording for entry in codebook.frames.values() for wording in entry.hypotheses]
    assert len(set(wordings)) == len(wordings)


OFFICES = """
actors:
  left: {label: Left, entities: {roe: {name: Jane Roe, aliases: [Roe], pronouns: she, offices: [
    {title: the Mayor, from: 2010-01-01, to: 2014-12-31}]}}}
  right: {label: Right, entities: {doe: {name: John Doe, aliases: [Doe], pronouns: he, offices: [
    {title: the Mayor, from: 2015-01-01}, {title: the Sheriff}]}}}
targets: {t: {label: T, hypotheses: {favor: ['{actor} likes it.'], against: ['{actor} hates it.']}}}
"""


@pytest.mark.parametrize(
    ("title", "date", "actor"),
    [
        ("Mayor", "2012-05-01", "left"),
        ("Mayor", "2014-12-31", "left"),
        ("Mayor", "2020-01-01T10:00:00", "right"),
        ("Mayor", "2001-01-01", None),
        ("Mayor", None, None),
        ("Mayor", "last spring", None),
        ("Sheriff", None, "right"),
    ],
)
def test_an_office_means_who_held_it_at_the_date(tmp_path, title, date, actor):
    path = tmp_path / "codebook.yml"
    path.write_text(OFFICES)
    document = stance.Document("d", f"On Monday the {title} said that rain would fall.", date=date)
    (source,) = [s for s in stance.segment([document], stance.read_codebook(path)) if s.role == "source"]
    assert source.actor == actor


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("to: 2014-12-31", "to: 2004-12-31", "ends on 2004-12-31, before it begins"),
        ("aliases: [Roe]", "aliases: [Roe, the Mayor]", "is also an alias under"),
        ("from: 2015-01-01", "from: 2015", "write a day, such as 2021-01-20. Got 2015"),
        ("name: Jane Roe", "name: '-'", "at least one letter"),
        ("name: Jane Roe", "name: 'Roe; Doe'", "cannot hold a semicolon"),
        ("to: 2014-12-31", "until: 2014-12-31", "unknown key"),
    ],
)
def test_an_office_that_cannot_be_is_an_error(tmp_path, old, new, sentence):
    path = tmp_path / "codebook.yml"
    path.write_text(OFFICES.replace(old, new))
    with pytest.raises(StanceError, match=sentence):
        stance.read_codebook(path)


def test_a_codebook_is_known_by_its_file_and_one_made_in_code_by_its_content(tmp_path):
    read = stance.read_codebook(written(tmp_path))
    made = type(read).model_validate(MINIMAL)
    frames = {"risk": {"label": "risk", "hypotheses": ["{target} is a risk."]}}
    other = type(read).model_validate(MINIMAL | {"frames": frames})
    changed = read.model_copy(update={"frames": other.frames})
    assert made.fingerprint == type(read).model_validate(MINIMAL).fingerprint
    assert len({read.fingerprint, made.fingerprint, other.fingerprint}) == 3
    assert changed.fingerprint == other.fingerprint and changed.written == b"" != read.written
