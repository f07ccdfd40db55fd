"""What annotators are told is Markdown that a codebook cannot add markup to."""

import re

import pandas as pd
import pytest

from stance.codebook import Codebook
from stance.validation.sheet_formats import COLUMNS
from stance.validation.sheets import instructions, write_sheet

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[free](javascript:alert(1))", "![x](http://x.example)",
    "a\n# A heading\n- an item", "`code` *strong* __so__ ~~no~~", "a | b", "&lt;b&gt;", "<!-- gone", "\x1b[31m\u202e",
]  # fmt: skip


def book(text, key="t"):
    wordings = {"favor": [f"{text} {{target}}".replace("{target}", "x")], "against": ["No."]}
    return Codebook.model_validate(
        {
            "actors": {"a": {"label": "A", "entities": {"e": {"name": "E", "aliases": []}}}},
            "targets": {key: {"label": text, "definition": text, "hypotheses": wordings}},
            "frames": {key: {"label": f"{text} x", "definition": text, "hypotheses": wordings["favor"]}},
        }
    )


def sheet(key, measure="stance"):
    return pd.DataFrame([dict.fromkeys(COLUMNS, "") | {"measure": measure, "target": key}])


@pytest.mark.parametrize("measure", ["stance", "frame"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_codebook_acts(text, measure):
    plain = instructions(sheet("t", measure), book("word"))
    told = instructions(sheet("t", measure), book(text))
    assert told.count("\n") == plain.count("\n")
    headings = [line for line in told.split("\n") if line.startswith("#")]
    assert len(headings) == len([line for line in plain.split("\n") if line.startswith("#")])
    assert "<" not in told and "\x1b" not in told and "\u202e" not in told
    added = told.replace("`text`", "").replace("`t`", "")
    assert not re.search(r"(?<!\\)\[|(?<!\\)`code", added)
    assert not re.search(r"(?<![\\*])\*strong", added)


@pytest.mark.parametrize("key", ["`<b>`", "<script>", "a`b", "*", "x\ny"])
def test_no_key_of_a_codebook_acts(key):
    told = instructions(sheet(key), book("word", key))
    (heading,) = [line for line in told.split("\n") if line.startswith("## Stance")]
    inside = re.sub(r"`[^`]*`", "", heading)
    assert "<" not in inside and "`" not in inside.replace("\\`", "")


def test_the_name_of_the_sheet_does_not_act(tmp_path):
    write_sheet(sheet("t"), tmp_path / "<b>`x.jsonl", book("word"), "doccano")
    assert "<" not in (tmp_path / "<b>`x.instructions.md").read_text()


def test_plain_words_stay_as_they_are():
    told = instructions(sheet("peace_talks"), book("the talks", "peace_talks"))
    assert "## Stance toward the talks (`peace_talks`)" in told and "\\" not in told
