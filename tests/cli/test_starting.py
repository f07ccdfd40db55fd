"""How a study begins on the command line: its folder, its codebook looked over, and what the command says of itself."""

import json
import os
import re
import shlex
import subprocess
import sys

import pytest
from typer.main import get_command

import stance
from stance import cli
from stance.checking import codebook_faults
from stance.cli.options import BUNDLED
from stance.cli.verbs import VERBS
from stance.resources import bundled_folder
from tests.cli.test_cli import article, run_stance  # noqa: F401 - fixtures

ANSWERS = [
    "the tram",
    "Building it, whatever it costs",
    "City, Drivers",
    "Ida Noor = Mayor Noor = the mayor (she), city hall (it)",
    "Leo Brandt (he), Drivers' Club = the club (it)",
    "Noor Street",
]
TEXT = (
    "Ida Noor said that the tram would be good for all. Brandt said that the tram was a mistake. "
    "The club said no. Eva Lund said that she was glad. Children played on Noor Street."
)


@pytest.fixture
def asked(tmp_path, monkeypatch, run_stance):  # noqa: F811
    """A study made from answers."""

    def make(*answers):
        given = iter(answers)
        monkeypatch.setattr("typer.prompt", lambda question, **more: next(given))
        return run_stance("init", tmp_path / "study", "--ask")

    return make


def test_a_new_study_has_a_codebook_that_is_right_and_says_what_to_do_next(run_stance, tmp_path):  # noqa: F811
    folder = tmp_path / "my study"
    code, out, _ = run_stance("init", folder)
    assert code == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "README.md",
        "codebook.yml",
        "study.ipynb",
        "study.yml",
        "texts",
    ]
    assert codebook_faults(folder / "codebook.yml") == []
    next_two = [line.strip() for line in out.splitlines() if line.startswith("  stance")]
    assert [shlex.split(line)[1:3] for line in next_two] == [
        ["check", "--study"],
        ["run", "--study"],
    ]


def test_the_example_is_that_of_the_sample(run_stance, tmp_path, codebook):  # noqa: F811
    run_stance("init", tmp_path / "study")
    book = stance.read_codebook(tmp_path / "study" / "codebook.yml")
    assert list(book.actors) == list(codebook.actors)[:2]
    assert book.target().hypotheses == codebook.target().hypotheses
    for actor in book.actors.values():
        for entity in actor.entities.values():
            assert entity.name in {e.name for a in codebook.actors.values() for e in a.entities.values()}


@pytest.mark.parametrize("name", ["codebook.yml", "study.ipynb", "README.md"])
def test_nothing_is_written_over(run_stance, tmp_path, name):  # noqa: F811
    (tmp_path / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    code, _, err = run_stance("init", tmp_path)
    assert code == 2 and f"{name} is there already" in err
    assert (tmp_path / name).read_text() == "mine" and sorted(tmp_path.rglob("*")) == before


def test_texts_that_are_there_stay(run_stance, tmp_path):  # noqa: F811
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("Rain fell.")
    assert run_stance("init", tmp_path)[0] == 0
    assert [p.name for p in (tmp_path / "texts").iterdir()] == ["a.txt"]


def test_five_answers_make_a_codebook(asked, tmp_path):
    code, said, _ = asked(*ANSWERS)
    assert code == 0
    assert "Understood as 2 members: Ida Noor, also Mayor Noor, the mayor, Noor (she); city hall (it)." in said
    book = stance.read_codebook(tmp_path / "study" / "codebook.yml")
    assert book.names == {"city": "City", "drivers": "Drivers"}
    assert (book.target().id, book.target().label, book.target().definition) == ("tram", ANSWERS[0], ANSWERS[1])
    assert book.actors["city"].not_ == ("Noor Street",)
    noor, hall = book.actors["city"].entities.values()
    assert (noor.name, noor.aliases, noor.pronouns) == ("Ida Noor", ("Mayor Noor", "the mayor", "Noor"), "she")
    assert (hall.name, hall.pronouns) == ("city hall", "it")


def test_an_answer_that_does_not_fit_is_asked_again(asked, tmp_path):
    code, _, err = asked(*ANSWERS[:4], "Leo Brandt, the mayor", "—", *ANSWERS[4:])
    assert code == 0
    assert "the alias 'the mayor' stands under both" in err and "at least one letter" in err
    assert codebook_faults(tmp_path / "study" / "codebook.yml") == []


ODD = [
    ("no", "yes: [it]", "on, Off", "null (it)", "#1 Fan Club (it), 'Q' = a: b", "{x}, [y]"),
    ('the "new" bridge', "", "Ελλάδα, A\u0301land", "12 (they)", "O’Neil-Ştefan (he)", ""),
    ("{target}", "{actor}", "narrator, ---", "- x", "& y * z", "%, @"),
]


@pytest.mark.parametrize("answers", ODD)
def test_answers_in_any_words_make_yaml(asked, tmp_path, answers):
    assert asked(*answers)[0] == 0
    book = stance.read_codebook(tmp_path / "study" / "codebook.yml")
    assert book.target().label == answers[0]
    assert [a.label for a in book.actors.values()] == answers[2].split(", ")


def test_the_notebook_runs_on_the_study(asked, tmp_path, monkeypatch):
    asked(*ANSWERS)
    study = tmp_path / "study"
    (study / "texts" / "a.txt").write_text(TEXT)
    monkeypatch.chdir(study)
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.read(study / "study.ipynb", as_version=4))
    cells = json.loads((study / "study.ipynb").read_text())["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code").replace("%matplotlib inline", "")
    names = {}
    exec(compile(code, "study.ipynb", "exec"), names)  # noqa: S102 - the notebook that was just written
    assert {"city", "drivers"} <= set(names["scores"]["actor"])


def test_check_says_how_texts_use_the_names(asked, run_stance, tmp_path):  # noqa: F811
    asked(*ANSWERS)
    (tmp_path / "a.txt").write_text(TEXT)
    code, out, _ = run_stance("check", tmp_path / "study" / "codebook.yml", tmp_path / "a.txt")
    assert code == 0
    assert "has no faults: 2 actors with 9 names, 1 target, 5 frames." in out
    assert re.search(r"City +│ Ida Noor +│ +1", out)
    assert re.search(r"City: Mayor Noor, the mayor, Noor \(elsewhere 2\), city hall", out)
    assert "Eva Lund (1)" in out


def test_check_says_all_faults_and_exits_with_1(run_stance, tmp_path):  # noqa: F811
    path = tmp_path / "book.yml"
    path.write_text(
        "actors:\n  a:\n    label: A\n    entities:\n      x: {name: Ann, alias: [Ms. A]}\n"
        "targets:\n  t: {label: it, hypotheses: {favor: ['{who} does'], against: [no]}}\n"
    )
    code, out, err = run_stance("check", path, tmp_path)
    assert code == 1
    lines = out.splitlines()
    assert [line.partition(", ")[2].partition(": ")[0] for line in lines] == [
        "line 5, actors.a.entities.x.alias",
        "line 7, targets.t.hypotheses.favor.0",
        "line 7, targets.t.hypotheses.against.0",
    ]
    assert "3 faults; texts are looked at once there are none" in err


def test_version(run_stance):  # noqa: F811
    assert run_stance("--version")[:2] == (0, f"stance {stance.__version__}\n")


def test_verbs_stand_in_the_order_of_use_with_an_example_each(run_stance, monkeypatch):  # noqa: F811
    out = run_stance("--help")[1]
    places = [out.index(f"│ {verb.__name__} ") for verb, *_ in VERBS]
    assert places == sorted(places)
    command = get_command(cli.app)
    assert len(VERBS) == len(command.commands)
    for verb, _, example in VERBS:
        first, name, *arguments = shlex.split(example)
        assert (first, name) == ("stance", verb.__name__)
        command.commands[name].make_context(name, arguments)  # refuses an option that is not there
        shown = " ".join(re.sub(r"[│\s]+", " ", run_stance(name, "--help")[1]).split())
        assert f"Example: {example}" in shown, name


@pytest.mark.parametrize("verb", ["run", "batch", "score", "evaluate"])
def test_help_names_the_models_that_are_bundled(run_stance, verb):  # noqa: F811
    words = re.sub(r"[│\s]+", " ", run_stance(verb, "--help")[1])
    for name in BUNDLED:
        assert bundled_folder(name) is not None
        assert f"{name} (" in words


@pytest.mark.parametrize(
    ("words", "expected"),
    [("stance se", "segment"), ("stance run --model ", "small"), ("stance score --measure se", "sentiment")],
)
def test_the_shell_completes(words, expected):
    given = {"_STANCE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['stance']; from stance.cli import app; app(prog_name='stance')"],
        capture_output=True, text=True, env=os.environ | given,
    )  # fmt: skip
    assert expected in done.stdout.split()
