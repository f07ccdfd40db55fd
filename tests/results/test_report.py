import base64
import hashlib
import json
import re
import shutil
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure

import stance
from stance.cli import main
from stance.plots.highlights import pieces
from stance.results._page import Caps
from stance.results.folder import read_folder
from stance.results.inputs import Inputs
from stance.results.manifest import check, save
from stance.results.report import LARGEST, render, write_report
from stance.schema import Document, StanceError
from tests.support.folders import DOCUMENT, LABELS, ROWS, TEXT, folder_of, segments_of

HOSTILE = (
    '<script>document.title="owned"</script>',
    '"onmouseover="document.title=1" x="',
    "</style><img src=x onerror=document.title=1>",
    "{{ 7 * 7 }}{% raw %}",
    "=HYPERLINK(1)",
    "\u202eevil\u2066 \ufeff\u0007\u00ad",
    "<!-- ' --> &amp; \\u003c ]]>",
)


class Page(HTMLParser):
    """Elements and attributes of a page, and the text of some of its elements."""

    VOID = ("meta", "link", "img", "br", "input", "hr")

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts = [], [], {}
        self.feed(source)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data):
        for i in self.open:
            self.texts.setdefault(i, []).append(data)

    def text(self, tag, **attributes):
        return [
            "".join(self.texts.get(i, ()))
            for i, (name, given) in enumerate(self.elements)
            if name == tag and attributes.items() <= {k.rstrip("_"): v for k, v in given.items()}.items()
        ]


def page_of(folder):
    return Page(render(read_folder(folder)))


def figure():
    drawn = Figure()
    drawn.text(0, 0, "x")
    return drawn


@pytest.fixture
def folder(tmp_path):
    return folder_of(tmp_path / "run", frames={"risk": 0.8, "law": 0.1}, figure=figure())


def test_the_fragment_for_notebooks_holds_the_whole_text(sample, sample_segments, codebook):
    html = stance.highlight(sample[0], sample_segments, codebook.names)
    body = html.split("pre-wrap")[1]
    assert unescape("".join(re.findall(r">([^<]*)</span>", body))) == sample[0].text
    assert html._repr_html_() == str(html)


def test_hostile_text_stays_inert_in_notebooks(codebook):
    document = Document("d", 'Putin said <script>alert("x")</script> & "so on" that the talks were good.')
    html = stance.highlight(document, stance.segment([document], codebook), codebook.names)
    assert "<script" not in html
    assert unescape(re.sub(r"<[^>]*>", "", html.split("pre-wrap")[1].partition(">")[2])).strip() == document.text


def test_pieces_are_the_text_and_know_what_they_belong_to():
    segments = segments_of(DOCUMENT, ROWS)
    cut = list(pieces(DOCUMENT, segments))
    assert "".join(TEXT[p.start : p.end] for p in cut) == TEXT
    for piece in cut:
        for mark, spans in (("statements", "spans"), ("speaks", "source"), ("cues", "cue")):
            covering = {
                s.id
                for s in segments
                if s.role == "source" and any(a.start <= piece.start and piece.end <= a.end for a in getattr(s, spans))
            }
            assert {s.id for s in getattr(piece, mark)} == covering
    (useful,) = [p for p in cut if TEXT[p.start : p.end].startswith("a “useful”")]
    assert [s.id for s in useful.words_of] == ["one:1"]
    assert [s.id for s in useful.statements] == ["one:1", "one:0"]
    (both,) = [p for p in cut if TEXT[p.start : p.end] == "to meet again"]
    assert [s.actor for s in both.words_of] == ["kremlin", "white_house"]


def test_the_page_shows_text_scores_and_figures(folder):
    page = page_of(folder)
    assert page.text("div", **{"class": "text"}) == [TEXT]
    words = " ".join(page.text("table", id="rows")[0].split())
    assert "+0.80 +0.70 to +0.90" in words
    assert "not scored: inside another statement of the same actor, which is scored" in words
    assert "risk 0.80" in words and "law" not in words and "Frames (exploratory)" in words
    assert "is spoken about, by the narrator" in words and "not asked" in words
    summary = " ".join(page.text("table", **{"class": "summary"})[0].split())
    assert "Kremlin 2 of 3 +0.70 wordings +0.60 to +0.80" in summary
    assert sum(tag == "figure" for tag, _ in page.elements) == 1
    for fact in ("fake@0/none", "c0dec0dec0de", "tagger@0"):
        assert any(fact in text for text in page.text("dd") + page.text("td"))


def test_every_statement_is_reached_from_the_text_and_leads_back(folder):
    page = page_of(folder)
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids))
    links = [given["href"] for tag, given in page.elements if tag == "a"]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    rows = {given["id"] for tag, given in page.elements if tag == "tr" and "id" in given}
    reached = {f"s{n}" for _, given in page.elements for n in given.get("data-s", "").split()}
    assert rows == reached == {f"s{n}" for n in range(1, len(ROWS) + 1)}
    stops = [given for tag, given in page.elements if tag == "a" and "data-s" in given and "tabindex" not in given]
    assert all("id" in given for given in stops)
    assert len(stops) <= len(ROWS)


def test_the_policy_names_style_and_script_by_their_hashes(folder):
    page = page_of(folder)
    (policy,) = [g["content"] for t, g in page.elements if g.get("http-equiv") == "Content-Security-Policy"]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = page.text(tag)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    for directive in ("default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"):
        assert directive in policy
    tags = [tag for tag, _ in page.elements]
    assert tags.index("meta") < tags.index("style") and "unsafe" not in policy


def test_nothing_on_the_page_is_loaded_or_runs_by_attribute(folder):
    for tag, given in page_of(folder).elements:
        assert not [name for name in given if name.startswith("on") or name == "style"], (tag, given)
        for name in ("src", "data", "action", "srcset", "poster"):
            assert given.get(name, "data:").startswith("data:"), (tag, given)
        assert tag not in ("iframe", "object", "embed", "base", "svg", "template")
        assert tag != "link" or given["href"] == "data:,"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(tmp_path, text):
    document = Document(
        "d", f"{text} said {text} now. Kyiv {text} asked.", title=text, outlet=text, date=text, url=text
    )
    rows = [
        (f"{text} now", "source", "kremlin", text, text, "said", 0.5, 0.9),
        (f"Kyiv {text}", "mention", "kyiv", text, "Kyiv", None, None, 1.0),
    ]
    labels = {"kremlin": text, "kyiv": f"Kyiv {text}"}
    plain = Document("d", document.text.replace(text, "X"), title="X", outlet="X", date="X", url="X")
    plain_rows = [tuple(v.replace(text, "X") if isinstance(v, str) else v for v in row) for row in rows]
    plain = page_of(folder_of(tmp_path / "a", [plain], plain_rows, {"kremlin": "X", "kyiv": "Kyiv X"}, "X", {"X": 0.9}))
    page = page_of(folder_of(tmp_path / "b", [document], rows, labels, text, {text: 0.9}))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert [set(given) for _, given in page.elements] == [set(given) for _, given in plain.elements]
    assert page.text("div", **{"class": "text"}) == [document.text]
    assert page.text("h3")[-1] == " ".join(text.split())


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" JAVASCRIPT:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//example.org", False),
        ("http://[", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_addresses_of_the_web_can_be_followed(tmp_path, url, followed):
    page = page_of(folder_of(tmp_path / "run", [replace(DOCUMENT, url=url)]))
    links = [g for tag, g in page.elements if tag == "a" and not g["href"].startswith("#")]
    assert [g["href"] for g in links] == ([url] if followed else [])
    assert all("noreferrer" in g["rel"] for g in links)


def test_the_same_folder_gives_the_same_bytes(folder, tmp_path):
    one = write_report(folder).read_bytes()
    manifest = (folder / "manifest.json").read_bytes()
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    assert write_report(moved).read_bytes() == one == write_report(folder, tmp_path / "page.html").read_bytes()
    assert (folder / "manifest.json").read_bytes() == manifest == (moved / "manifest.json").read_bytes()
    assert check(folder) == []


def test_a_report_made_elsewhere_keeps_the_versions_of_the_results(folder):
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["packages"] = {"torch": "1.2.3"}
    file.write_text(json.dumps(manifest))
    page = Page(write_report(folder).read_text())
    assert "1.2.3" in page.text("td")
    assert json.loads(file.read_text())["packages"] == {"torch": "1.2.3"}


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda f: shutil.rmtree(f), "has no manifest.json"),
        (lambda f: (f / "manifest.json").write_text("{"), "is damaged"),
        (lambda f: (f / "manifest.json").write_text('{"files": {}}'), "lists no scores/stance.csv"),
        (lambda f: (f / "documents.jsonl").unlink(), "documents.jsonl cannot be read"),
        (lambda f: (f / "scores/stance.csv").write_text("net\n1\n"), "stance.csv was altered since it was made"),
        (lambda f: (f / "figures/01_figure.svg").write_text("<svg/>"), "01_figure.svg was altered"),
        (lambda f: _unlist(f, "documents.jsonl"), "has no documents.jsonl of the same texts"),
        (lambda f: _rewrite(f, "segments.jsonl", b"{}\n"), r"segments.jsonl is damaged \(line 1: id: this key"),
        (lambda f: _edit(f, "segments.jsonl", "[[37, ", "[[30000, "), "segments.jsonl is damaged"),
        (lambda f: _edit(f, "segments.jsonl", '"document": "one"', '"document": "two"'), "documents.jsonl does not hold"),
        (lambda f: _edit(f, "segments.jsonl", '"confidence": 0.97', '"confidence": 97'), "segments.jsonl is damaged"),
        (lambda f: _rewrite(f, "documents.jsonl", b'{"id": "one", "text": "\xff"}\n'), "documents.jsonl is damaged"),
        (lambda f: _rewrite(f, "labels.json", b"[]"), "labels.json is damaged"),
        (lambda f: _rewrite(f, "scores/sentiment.csv", b"a,b\n1,2\n"), "no column 'document'"),
        (lambda f: _rewrite(f, "scores/stance.csv", b'a\n"1'), "stance.csv is damaged"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_what_it_says(folder, harm, sentence):
    harm(folder)
    with pytest.raises(StanceError, match=sentence):
        write_report(folder)
    assert not (folder / "report.html").exists()


def _manifest(folder, change):
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest["files"])
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _unlist(folder, path):
    _manifest(folder, lambda entries: entries.pop(path))


def _rewrite(folder, path, data):
    (folder / path).write_bytes(data)
    _manifest(folder, lambda entries: entries[path].update(sha256=hashlib.sha256(data).hexdigest()))


def _edit(folder, path, old, new):
    text = (folder / path).read_text()
    assert old in text
    _rewrite(folder, path, text.replace(old, new, 1).encode())


@pytest.mark.parametrize("path", ["figures/../../secret.svg", "/etc/passwd"])
def test_paths_in_the_manifest_lead_nowhere(folder, tmp_path, path):
    (tmp_path / "secret.svg").write_text("secret")
    _manifest(folder, lambda entries: entries.update({path: entries["figures/01_figure.svg"]}))
    with pytest.raises(StanceError, match=f"lists '{path}', which is no path of a result"):
        read_folder(folder)


def test_what_is_strange_in_the_folder_is_named_while_the_page_is_made(folder, tmp_path, capsys):
    (folder / "figures" / "x\x1b[2J.svg").write_text("<svg/>")
    (folder / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(SystemExit, match="0"):
        main(["report", str(folder)])
    said = capsys.readouterr().err
    assert "figures/x\\x1b[2J.svg is not listed in the manifest" in said and "\x1b[2J" not in said
    assert "elsewhere is a link" in said
    assert said.count("\n") == 2
    with pytest.raises(SystemExit, match="0"):  # the page itself is listed now, and is no stranger
        main(["report", str(folder)])
    assert capsys.readouterr().err.count("\n") == 2


def test_what_was_made_from_other_inputs_is_left_out_and_named(folder):
    save("09_other", figure(), pd.DataFrame({"n": [1]}), Inputs({"x": "0" * 64}, "1" * 64, None), out=folder)
    page = page_of(folder)
    assert sum(tag == "figure" for tag, _ in page.elements) == 1
    assert any("made from other inputs: 09_other." in text for text in page.text("p"))


def test_titles_and_alternatives_of_figures_are_those_of_the_manifest(folder):
    (image,) = [g for tag, g in page_of(folder).elements if tag == "img"]
    assert image["alt"] == "Figure: Figure. Its numbers are in the table below it."
    _manifest(folder, lambda e: e["figures/01_figure.svg"].update(alt='Kyiv "low" <b>', title="Net & n"))
    page = page_of(folder)
    (image,) = [g for tag, g in page.elements if tag == "img"]
    assert image["alt"] == 'Kyiv "low" <b>'
    assert image["src"].startswith("data:image/svg+xml;base64,")
    assert page.text("figcaption")[0].startswith("Net & n")


def test_a_drawing_that_is_too_large_is_shown_as_a_picture_or_named(folder):
    _rewrite(folder, "figures/01_figure.svg", b"<svg/>" + b" " * 400_000)
    (image,) = [g for tag, g in page_of(folder).elements if tag == "img"]
    assert image["src"].startswith("data:image/png;base64,")
    _rewrite(folder, "figures/01_figure.png", b" " * 3_000_000)
    assert any("too large for this page" in text for text in page_of(folder).text("p"))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No passage could be tied to an actor"),
        (ROWS[5:6], "No passage could be tied to an actor"),
        (ROWS[:1], "Of the codebook, no passage was found for: White House, Kyiv."),
        (ROWS[1:2], "no score"),
        ([(*row[:6], 0.0, row[7]) for row in ROWS], "most against none"),
        ([(*row[:6], float("nan"), row[7]) for row in ROWS], "not scored: no score"),
        ([(*row[:6], float("inf"), row[7]) for row in ROWS], "not scored: no score"),
    ],
)
def test_little_or_nothing_to_show(tmp_path, rows, sentence):
    html = render(read_folder(folder_of(tmp_path / "run", rows=rows)))
    Page(html)
    assert sentence in " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_one_actor_fills_a_page(tmp_path):
    page = page_of(folder_of(tmp_path / "run", rows=ROWS[:2], labels={"kremlin": "Kremlin"}))
    assert [g["value"] for t, g in page.elements if g.get("name") == "actor"] == ["0"]
    assert "Kremlin 1 of 2 +0.80" in " ".join(page.text("table", **{"class": "summary"})[0].split())
    assert not any("no passage was found" in text for text in page.text("p"))


def test_a_mean_near_zero_has_no_sign_of_its_own(tmp_path):
    html = render(read_folder(folder_of(tmp_path / "run", rows=[(*row[:6], -0.001, row[7]) for row in ROWS])))
    assert "−0.00" not in html


def test_an_interval_is_shown_from_twenty_texts_on_and_below_it_is_said_why_not(tmp_path):
    few, many = ([replace(DOCUMENT, id=f"d{i}") for i in range(n)] for n in (3, 25))
    rows = [(*ROWS[0][:6], 0.8, 0.9), (*ROWS[2][:6], -0.4, 0.9)]
    page = page_of(folder_of(tmp_path / "few", few, rows))
    assert "95 % interval" not in page.text("table", **{"class": "summary"})[0]
    assert any("Where no 95 % interval is given: insufficient data" in text for text in page.text("p"))
    folder = folder_of(tmp_path / "many", many, rows)
    nets = [0.8 + i / 200 if j == 0 else -0.4 for i in range(25) for j in range(2)]
    table = pd.read_csv(folder / "scores/stance.csv").assign(net=nets)
    _rewrite(folder, "scores/stance.csv", table.to_csv(index=False).encode())
    page = page_of(folder)
    summary = " ".join(page.text("table", **{"class": "summary"})[0].split())
    assert summary.count("95 % interval") == 1 and "25 +0.86" in summary
    assert any("no spread" in text for text in page.text("p"))


def test_statements_near_zero_do_not_stand_for_an_actor(tmp_path):
    page = page_of(folder_of(tmp_path / "run", rows=[(*ROWS[0][:6], 0.09, 0.9), (*ROWS[2][:6], -0.11, 0.9)]))
    kremlin, white_house = (" ".join(page.text("article", **{"class": f"card e{key}"})[0].split()) for key in (0, 1))
    assert "most in favor none most against none" in kremlin
    assert "most in favor none most against “" not in kremlin and "that it could end quickly" in white_house


def test_stance_and_sentiment_stay_apart(tmp_path):
    folder = folder_of(tmp_path / "run")
    summary = " ".join(page_of(folder).text("table", **{"class": "summary"})[0].split())
    kyiv = summary[summary.index("Kyiv") :]
    assert kyiv.startswith("Kyiv 0 no passage 1 −0.20 wordings −0.30 to −0.10 −0.20 wordings −0.30 to −0.10")


def test_ten_thousand_segments_fit_and_the_page_says_what_it_leaves_out(tmp_path):
    long = Document("long", " ".join(f"Word{i} said that matter {i} is open." for i in range(10_000)))
    rows = [
        (f"that matter {i} is open", "source", "kremlin", "Lavrov", f"Word{i}", None, 0.1, 0.9) for i in range(10_000)
    ]
    folder = folder_of(tmp_path / "run", [long], rows)
    html = render(read_folder(folder))
    assert len(html.encode()) <= LARGEST
    assert "3,000 of 10,000 passages" in html
    assert "Kremlin" in html and "10000" in " ".join(Page(html).text("table", **{"class": "summary"}))


def test_a_page_that_would_be_too_large_is_made_with_less(tmp_path, monkeypatch):
    folder = folder_of(tmp_path / "run", [replace(DOCUMENT, text=TEXT + " It rained." * 400)])
    small = len(render(read_folder(folder), Caps(1, 40, 1, 1, 1)).encode())
    monkeypatch.setattr("stance.results.report.LARGEST", small + 100)
    html = render(read_folder(folder))
    assert len(html.encode()) <= small + 100
    assert "The text goes on for" in html and "1 of " in html
    monkeypatch.setattr("stance.results.report.LARGEST", 1000)
    with pytest.raises(StanceError, match="would be larger than"):
        render(read_folder(folder))


def test_texts_are_capped_first(tmp_path):
    folder = folder_of(tmp_path / "run", [replace(DOCUMENT, id=f"d{i}") for i in range(5)])
    html = render(read_folder(folder), Caps(documents=2))
    assert "2 of 5 texts" in html
    (row,) = Page(html).text("tr", id=f"s{len(ROWS) + 1}")
    assert "An hour in the north" in row
    assert f"{2 * len(ROWS)} of {5 * len(ROWS)} passages" in html
    html = render(read_folder(folder), Caps(characters=len(TEXT) + 30))
    assert "The text goes on for" in html


def test_two_targets_have_a_summary_and_a_column_each(tmp_path):
    folder = folder_of(tmp_path / "run", rows=ROWS[:4])
    table = pd.read_csv(folder / "scores/stance.csv")
    other = table.assign(target="the truce", net=-table["net"] / 2, net_min=-0.6, net_max=0.1)
    _rewrite(folder, "scores/stance.csv", pd.concat([table, other]).to_csv(index=False).encode())
    page = page_of(folder)
    talks, truce = (
        " ".join(text.split())
        for text in page.text("table", **{"class": "summary"}) + page.text("table", **{"class": "summary half"})
    )
    assert "toward the talks" in talks and "+0.70" in talks and "the truce" not in talks
    assert "toward the truce" in truce and "−0.35" in truce and "sentiment" not in truce
    row = " ".join(page.text("tr", id="s1")[0].split())
    assert "+0.80" in row and "−0.40" in row
    assert page.text("h1") == ["Stance toward the talks and the truce, as reported"]


def test_stance_is_summed_up_by_outlet_where_there_are_several(tmp_path):
    documents = [replace(DOCUMENT, id=f"d{i}", outlet=("Tide", "Quay", None)[i % 3]) for i in range(6)]
    (table,) = page_of(folder_of(tmp_path / "run", documents)).text("table", **{"class": "outlets"})
    words = " ".join(table.split())
    assert words.startswith("TideQuay Kr Kremlin +0.70 n = 4 +0.70 n = 4")
    assert not page_of(folder_of(tmp_path / "one")).text("table", **{"class": "outlets"})


def test_why_there_is_no_interval_is_said_once(tmp_path):
    folder = folder_of(tmp_path / "run", [replace(DOCUMENT, id=f"d{i}") for i in range(3)])
    table = pd.DataFrame({"actor": ["a", "b"], "note": ["insufficient data: 2 of 20 texts", "insufficient data"]})
    save("05_table", None, table, read_folder(folder).inputs, out=folder)
    html = render(read_folder(folder))
    assert unescape(re.sub(r"<[^>]*>", " ", html)).count("insufficient data") == 1
    assert "2 of 20 texts" in Page(html).text("td")


def test_quotation_marks_are_those_of_the_text(tmp_path):
    said = Document("d", "Ann Lee said: “It is a ‘fine’ plan.” Then she left.")
    rows = [("“It is a ‘fine’ plan.”", "source", "kremlin", "Ann Lee", "Ann Lee", "said", 0.5, 0.9)]
    html = unescape(re.sub(r"<[^>]*>", "", render(read_folder(folder_of(tmp_path / "run", [said], rows)))))
    assert "“It is a ‘fine’ plan.”" in html
    assert not re.search(r"[“”\"]\s*[“”\"]", html.split("Summary by actor")[1].split("How it was made\n")[0])


def test_a_ribbon_shows_where_actors_speak_and_how_they_stand(folder):
    page = page_of(folder)
    tiles = [
        given for tag, given in page.elements if tag == "a" and given.get("class", "").startswith(("says", "told"))
    ]
    assert len(tiles) == len(ROWS)
    ids = {given["id"] for _, given in page.elements if "id" in given}
    assert all(given["href"][1:] in ids and given["tabindex"] == "-1" for given in tiles)
    speaks = [given["class"] for given in tiles if given["class"].startswith("says b0")]
    start = round(100 * TEXT.index("that Moscow") // len(TEXT))
    assert any(f"n9 x{start} " in classes for classes in speaks) and any(" none " in classes for classes in speaks)
    (lane,) = [" ".join(t.split()) for t in page.text("div", **{"class": "lane"}) if "Kremlin" in t]
    assert lane.endswith("speaks 3, spoken about 1")


def test_two_hundred_texts_fit_whole(tmp_path):
    documents = [replace(DOCUMENT, id=f"d{i}", outlet=f"Paper {i % 6}", text=TEXT + " More." * 300) for i in range(200)]
    html = render(read_folder(folder_of(tmp_path / "run", documents)))
    assert len(html.encode()) <= LARGEST and not re.search(r"The first \d", html)
    assert html.count('<article class="page"') == 200


def test_many_actors_have_codes_and_colours(tmp_path):
    labels = {f"a{i}": "Ministry of the Interior" for i in range(30)} | LABELS
    html = render(read_folder(folder_of(tmp_path / "run", labels=labels)))
    codes = Page(html).text("span", **{"class": "chip c30"})
    assert set(codes) == {"Kr"}


@pytest.mark.parametrize(
    ("name", "sentence"), [("page.txt", "must be an .html file"), ("run/segments.html", "lies in the results folder")]
)
def test_where_a_report_may_go(folder, tmp_path, name, sentence):
    with pytest.raises(StanceError, match=sentence):
        write_report(folder, tmp_path / name)


def test_a_page_of_somebody_else_is_not_overwritten(folder):
    (folder / "report.html").write_text("mine")
    with pytest.raises(StanceError, match="is there already"):
        write_report(folder)
    assert (folder / "report.html").read_text() == "mine"


def test_the_command_says_where_the_page_is(folder, tmp_path, capsys):
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit, match="0"):
        main(["report", str(folder), "-o", str(page)])
    assert f"Written to {page} (0." in capsys.readouterr().out
    assert page.read_text().startswith("<!doctype html>")
    with pytest.raises(SystemExit, match="2"):
        main(["report", str(tmp_path / "nowhere")])
    assert "has no manifest.json" in capsys.readouterr().err
