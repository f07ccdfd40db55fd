"""Texts whose publisher the codebook knows."""

import pytest

import stance
from stance.attribution.corrections import review_csv
from stance.attribution.publishers import publisher_of
from stance.plots.highlights import highlight
from stance.results.records import segment_record
from stance.schema import Document, Referent
from stance.scoring.measures import score_sentiment, score_stance

CODEBOOK = """
actors:
  hill: {label: Hill, entities: {hill: {name: the Hill, aliases: [Hill], pronouns: it},
    moss: {name: Ada Moss, aliases: [Moss], pronouns: she}}}
  vale: {label: Vale, entities: {rook: {name: Ben Rook, aliases: [Rook], pronouns: he}}}
targets: {talks: {label: the talks, hypotheses: {favor: ['{actor} supports {target}.'], against: ['{actor} opposes {target}.']}}}
publishers: {hill.example: {actor: hill, entity: hill}, news.hill.example: {actor: hill, entity: moss},
  Vale Herald: {actor: vale, entity: rook}}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "codebook.yml"
    path.write_text(CODEBOOK)
    return stance.read_codebook(path)


@pytest.fixture
def read(book):
    return lambda text, outlet="hill.example": stance.segment([Document("d", text, outlet=outlet)], book)


@pytest.mark.parametrize(
    ("source", "url", "entity"),
    [
        ("hill.example", None, "the Hill"),
        ("Hill.Example", None, "the Hill"),
        ("vale  herald", None, "Ben Rook"),
        (None, "https://hill.example/a", "the Hill"),
        (None, "http://en.hill.example:80/a?b=vale", "the Hill"),
        (None, "https://www.news.hill.example/", "Ada Moss"),
        ("vale herald", "https://hill.example/a", "Ben Rook"),
        ("another", "https://hill.example/a", "the Hill"),
        (None, "https://uphill.example/", None),
        (None, "https://hill.example.org/", None),
        (None, "https://else.org/hill.example", None),
        (None, "http://[broken", None),
        ("another", None, None),
        (None, None, None),
    ],
)
def test_who_publishes(book, source, url, entity):
    found = publisher_of(Document("d", "Rain.", outlet=source, url=url), book)
    assert (found.entity if found else None) == entity


def test_a_codebook_without_publishers_knows_none(codebook):
    assert codebook.publishers == {}
    assert publisher_of(Document("d", "Rain.", outlet="hill.example"), codebook) is None


def statements(segments):
    return [(s.actor, s.text) for s in segments if s.role == "source" and s.actor]


TURNS = "MOSS: We want peace.\n\nROOK: We do not want it."
CASES = [
    ("The talks will go on.", [("hill", "The talks will go on.")]),
    ("Rook said that the talks were bad.", [("vale", "that the talks were bad")]),
    (
        "The talks will go on. Rook said that rain fell. We are ready.",
        [("vale", "that rain fell"), ("hill", "The talks will go on."), ("hill", "We are ready.")],
    ),
    ("“The talks are bad,” Rook said. Rain fell.", [("vale", "“The talks are bad,”"), ("hill", "Rain fell.")]),
    ("A farmer said that rain fell.", []),
    (TURNS, [("hill", "We want peace."), ("vale", "We do not want it.")]),
    ("Rain fell.\n\n* * *", [("hill", "Rain fell.")]),
    ("Zorn: The talks are bad.", []),
    ("Zorn: The talks are bad.\n\nThey must end.\n\nLind: They must go on.\n\nI like them.", []),
    ("Lind: The talks are bad.\n\nThe talks go on.", [("hill", "The talks go on.")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_nobody_is_quoted_with_is_the_publishers(read, text, expected):
    assert statements(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "entity", "voice"),
    [
        ("Yesterday Rook left the room.", "Ben Rook", ("hill", "the Hill")),
        ("Yesterday Moss left the room.", "Ada Moss", ("hill", "the Hill")),
        ("A farmer said that Rook left the room.", "Ben Rook", (None, None)),
        ("Rook said that Moss left the room.", "Ada Moss", ("vale", "Ben Rook")),
        ("Zorn: Yesterday Rook left the room.", "Ben Rook", (None, None)),
    ],
)
def test_the_publisher_takes_the_narrators_place(read, text, entity, voice):
    voices = {s.entity: (s.voice, s.voice_entity) for s in read(text) if s.role == "mention"}
    assert voices[entity] == voice


def test_other_documents_are_read_as_before(read):
    text = "The talks will go on. Yesterday Rook left the room."
    assert [(s.role, s.voice) for s in read(text, outlet="else")] == [("mention", "narrator")]


def test_a_paragraph_in_another_language_is_nobodys(read):
    german = "Ben Rook sagte am Freitag, dass die Gespräche nützlich gewesen seien und bald weitergehen würden."
    with pytest.warns(UserWarning, match="1 paragraph of d"):
        assert statements(read(f"The talks will go on.\n\n{german}")) == [("hill", "The talks will go on.")]


def test_everything_that_reads_segments_takes_these(read, book, fake_model):
    segments = read("The talks will go on. Yesterday Rook left the room.\n\nRook said that rain fell.")
    own = [s for s in segments if s.kind is None and s.role == "source"]
    assert [s.id for s in own] == ["d:p1", "d:p2"]
    row = segment_record(own[0])
    assert (row["kind"], row["cue"], row["source"], row["voice"]) == (None, [], [], "hill")
    assert review_csv(segments).decode("utf-8-sig").count("\n") == 2  # the heading and what Rook said
    assert "the publisher’s own words" in highlight(segments[0].document, segments, book.names)
    stance_table = stance.to_frame(score_stance(segments, book.target(), fake_model))
    assert stance_table.set_index("segment").loc["d:p1", "reason"] is None
    assert stance_table["net"].notna().all()
    (sentiment,) = score_sentiment(segments, fake_model)
    assert (sentiment.segment.voice, sentiment.target) == ("hill", "vale")
    assert "the Hill is positive about Ben Rook." in [h for pairs in fake_model.asked for _, h in pairs]
    frame = stance.segments_frame(segments)
    shown = stance.analysis.framing_table(stance_table, frame, ["hill"])
    assert stance.plot_framings(shown, book.names).axes
    assert stance.analysis.count_roles(frame).set_index("actor").loc["vale", "by_others"] == 1


def test_who_publishes_is_a_referent(book):
    assert publisher_of(Document("d", "x", outlet="hill.example"), book) == Referent("hill", "the Hill")


NARRATED = "narrator: {label: The press, by: outlet}"
BY_AUTHOR = "narrator: {label: The press, by: author}"


def with_narrator(folder, key=NARRATED):
    path = folder / "codebook.yml"
    path.write_text(f"{CODEBOOK}{key}\n")
    return stance.read_codebook(path)


@pytest.mark.parametrize(
    ("key", "outlet", "metadata", "who"),
    [
        (NARRATED, "The Post", {}, Referent("narrator", "The Post")),
        (NARRATED, "  The \n Post ", {}, Referent("narrator", "The Post")),
        (NARRATED, None, {}, Referent("narrator", "The press")),
        (NARRATED, "hill.example", {}, Referent("hill", "the Hill")),  # a listed publisher comes first
        (BY_AUTHOR, "The Post", {"author": "Ann Field"}, Referent("narrator", "Ann Field")),
        (BY_AUTHOR, "The Post", {"author": float("nan")}, Referent("narrator", "The press")),
        (BY_AUTHOR, "The Post", {"author": 7}, Referent("narrator", "7")),
        (BY_AUTHOR, "The Post", {}, Referent("narrator", "The press")),
    ],
)
def test_narration_is_a_voice_that_the_document_names(tmp_path, key, outlet, metadata, who):
    document = Document("d", "Rain fell.", outlet=outlet, metadata=metadata)
    assert publisher_of(document, with_narrator(tmp_path, key)) == who


def test_outlets_are_scored_and_compared_without_a_list_of_them(tmp_path, fake_model):
    book = with_narrator(tmp_path)
    text = "The talks will go on. Yesterday Rook left the room.\n\nRook said that rain fell."
    documents = [Document(outlet, text, outlet=outlet) for outlet in ("The Post", "The Herald")]
    segments = stance.segment(documents, book)
    own = [(s.actor, s.entity, s.voice) for s in segments if s.role == "source" and s.kind is None]
    assert own == [("narrator", o, "narrator") for o in ("The Post", "The Post", "The Herald", "The Herald")]
    table = stance.to_frame(score_stance(segments, book.target(), fake_model))
    assert "The Post supports the talks." in [h for pairs in fake_model.asked for _, h in pairs]
    compared = stance.contrast(table[table["actor"] == "narrator"], by=["actor", "outlet"])
    assert len(compared) == 1
    assert book.names["narrator"] == "The press"
    shown = highlight(documents[0], segments, book.names)
    assert "The Post (The press), narration" in shown
    sentiment = stance.to_frame(score_sentiment(segments, fake_model), measure="sentiment")
    labels = [label.get_text() for label in stance.plot_matrix(sentiment, book.names).axes[0].get_yticklabels()]
    assert labels == ["The press"]
    assert stance.plot_stance(table, book.names).axes


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("narrator: {labels: The press}", "did you mean 'label'"),
        ("narrator: {by: ''}", "narrator.by"),
        ("narrator: The press", "narrator"),
    ],
)
def test_a_fault_of_the_narrator_is_told_with_its_key(tmp_path, key, what):
    from stance.checking import codebook_faults, fault_line

    path = tmp_path / "codebook.yml"
    path.write_text(f"{CODEBOOK}{key}\n")
    assert what in " ".join(map(fault_line, codebook_faults(path)))


PRESIDENTS = [
    ("The President said that the bridge was safe.", "Vladimir Putin"),
    ("Putin met President Trump at the bridge. The President said that it was safe.", "Vladimir Putin"),
    ("The premier met a president. The president said that the bridge was safe.", None),
    ("The President of Lesk said that the bridge was safe.", None),
    ("The Vice President said that the bridge was safe.", None),
]


@pytest.mark.parametrize(("text", "entity"), PRESIDENTS)
def test_the_president_is_whose_office_publishes_the_text(text, entity):
    sample = stance.read_codebook()
    office = stance.codebook.Publisher(actor="kremlin", entity="putin")
    book = sample.model_copy(update={"publishers": {"kremlin.ru": office}})
    found = stance.segment(Document("d", text, url="https://en.kremlin.ru/1"), book)
    assert [s.entity for s in found if s.role == "source" and s.cue] == [entity]
    elsewhere = stance.segment(Document("d", text.partition(". ")[2] or text), book)
    assert {s.entity for s in elsewhere if s.role == "source" and s.cue} == {None}
