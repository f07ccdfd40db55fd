"""YAML and JSON read strictly: whatever a file holds, it is read, or refused in one plain line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.schema import StanceError
from stance.strict import dotted, parse_json, parse_yaml
from stance.training.recipe import read_recipe

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 10)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = [
    # merges, however they are written
    ("k: &k {a: 1}\nl:\n  <<: *k\n", "line 3, column 3: '<<' merges"),
    ("<<: {a: 1}\n", "'<<' merges"),
    ("l:\n- <<: {a: 1}\n  b: 2\n", "'<<' merges"),
    ("k: &k {a: 1}\nm: &m {b: 1}\nl: {<<: [*k, *m]}\n", "'<<' merges"),
    ("l: {!!merge x: {a: 1}}\n", "'<<' merges"),
    ("deep: {deeper: {<<: &k {a: 1}}}\n", "'<<' merges"),
    # keys
    ("a: 1\na: 2\n", "the key 'a' is given twice"),
    ("1: a\n1: b\n", "the key 1 is given twice"),
    ("yes: a\ntrue: b\n", "the key True is given twice"),
    ("l: [{b: 1, b: 2}]\n", "the key 'b' is given twice"),
    ("? [a, b]\n: c\n", "a key must be a word"),
    ("{a: b}: c\n", "a key must be a word"),
    ("2021-01-20: c\n", "a key must be a word"),
    # values that are not what their form says
    ("day: 2021-13-45\n", "'2021-13-45' cannot be read as a day"),
    ("day: 2021-02-30 10:00:00\n", "cannot be read as a day"),
    ("day: !!timestamp soon\n", "'soon' cannot be read as a day"),
    ("n: " + "9" * 5000 + "\n", r"9…' cannot be read as a whole number"),
    ("n: -" + "7" * 9000 + "\n", r"7…' cannot be read as a whole number"),
    ("n: !!int ''\n", "'' cannot be read as a whole number"),
    ("n: !!int many\n", "'many' cannot be read as a whole number"),
    ("n: !!float much\n", "'much' cannot be read as a number"),
    ("n: !!bool perhaps\n", "'perhaps' cannot be read as yes or no"),
    # tags
    ("n: !!python/object/apply:os.system [ls]\n", "has the tag 'python/object"),
    ("n: !!binary aGk=\n", "has the tag 'binary'"),
    ("n: !!set {a, b}\n", "has the tag 'set'"),
    ("n: !own {a: b}\n", "has the tag '!own'"),
    ("n: !!omap [a: 1]\n", "has the tag 'omap'"),
    # depth and repetition
    ("a: &a [*a]\n", "repeats itself without end"),
    ("a: &a {b: {c: [*a]}}\n", "repeats itself without end"),
    (LAUGHS, "more than 200,000 values"),
    ("[" * 5000, "too deep"),
    ("".join(" " * i + "a:\n" for i in range(1500)), "too deep"),
    ("{a: " * 4000, "too deep"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_yaml_that_is_refused_says_why_in_one_line(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        parse_yaml(text.encode())
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250
    for riddle in ("constructor", "NoneType", "set_int_max", "byte string"):
        assert riddle not in str(caught.value)


def test_a_list_may_be_repeated_by_its_name():
    assert parse_yaml(b"a: &a [x, y]\nb: *a\nc: [*a, *a]\n") == {
        "a": ["x", "y"],
        "b": ["x", "y"],
        "c": [["x", "y"], ["x", "y"]],
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' is given twice"),
        ('[{"b": {"c": 1, "d": 2, "c": 1}}]', "the key 'c' is given twice"),
        ('{"": 1, "": 1}', "the key '' is given twice"),
        ('{"\\u0061": 1, "a": 1}', "the key 'a' is given twice"),
        ("[" * 100_000, "too deep"),
        ('{"a":' * 100_000, "too deep"),
        ("9" * 5000, "thousands of digits"),
        ('{"n": [-' + "1" * 20_000 + "]}", "thousands of digits"),
        ("{", "character 2"),
        ("", "character 1"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": "\x80"}', "UTF-8"),
    ],
)
def test_json_that_is_refused_says_why_in_one_line(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        parse_json(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=5), below, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_json_that_python_wrote_is_read_as_it_was(value):
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60) | st.text(alphabet="ab:&*<>-[]{}!|?'\" \n\t1.", max_size=60).map(str.encode))
def test_whatever_stands_in_a_file_is_read_or_refused(data):
    for parse in (parse_yaml, parse_json):
        try:
            parse(data)
        except ValueError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("base: x\nstages: 3\n", "this key is required; add it"),
        ("name: [x]\n", "name: "),
        ("task: attribution\nname: {a: b}\n", r"name: "),
        ("- a\n", "must hold keys and values"),
        ("seed: " + "9" * 5000, "cannot be read as a whole number"),
        ("<<: {name: x}\n", "'<<' merges"),
        ("base: {model: [[[[x]]]]}\n", "base"),
    ],
)
def test_a_recipe_is_refused_by_its_key(tmp_path, text, why):
    path = tmp_path / "recipe.yml"
    path.write_text(text)
    with pytest.raises(StanceError, match=why) as caught:
        read_recipe(path)
    assert "recipe.yml" in str(caught.value)
    assert "pydantic" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (parse_json, '{"a": "\\ud800"}'),
        (parse_json, b'{"\\uDFFF": 1}'),
        (parse_yaml, b'a: "\\ud800"'),
        (parse_yaml, b'"\\udc00": 1'),
    ],
)
def test_half_of_a_character_is_refused_where_an_escape_brings_it_in(read, data):
    with pytest.raises(ValueError, match="is half of a character. Write the character itself"):
        read(data)


def test_a_character_in_two_escapes_is_one():
    assert parse_json('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


def test_a_key_with_a_line_end_stays_in_its_line():
    assert "\n" not in dotted(("frames", "a\nb\x1b[31m"))
