"""Who says what where two meet, in readouts, addresses and press releases; and what there is courtesy or a topic only."""

import pytest

import stance
from stance.schema import Document

BOOK = stance.read_codebook()
MISREAD = pytest.mark.xfail(strict=True, reason="kept aside until the rules stood, and missed by them")

NO_VIEW = [
    "Putin discussed the harvest with the premier.",
    "Trump met the premier to discuss the price of bread.",
    "Putin and Trump exchanged views on the harvest.",
    "Putin thanked the nurses.",
    "Trump welcomed the delegation to the palace.",
    "Putin congratulated the coach on his birthday.",
    "Putin greeted the guests at the door.",
    "How strongly Trump supports the bridge is unknown.",
    "Putin continued discussing ways of saving the harvest.",
    "Trump focused on the new bridge.",
    "President Putin hosted a secure conference call today with farmers and partners about our unified response.",
    "The work of the nurses is going according to the plan.",
    "This year the council has focused on bread.",
    # kept aside until the rules stood
    "The premier and Putin conversed about the ferry on Sunday.",
    "Putin deliberated on the new road with the mayors.",
    "Trump greeted the audience in the town hall.",
    "Putin welcomed the ambassadors in the garden.",
    "Nobody asked how badly Putin wants the ferry.",
]
"""Topics, courtesies and degrees: nobody's view."""

INFERRED = [
    "That would mean that the dam is lost.",
    "Trump opened the gate online, which means that the dam is safe.",
    "This shows that rain was due.",
    # aside
    "A longer tunnel would mean that the ferry closes.",
    "That proves that the pump worked.",
]
"""What an author concludes: no fact speaks."""

VIEWS = [
    ("Putin thanked the nurses for keeping the hospital open.", "thanked", "the nurses for keeping the hospital open"),
    ("Trump welcomed the decision of the court.", "welcomed", "the decision of the court"),
    (
        "Putin said how strongly he insisted that the dam would hold.",
        "said",
        "how strongly he insisted that the dam would hold",
    ),
    # aside
    ("Trump thanked the pilots for refusing the order.", "thanked", "the pilots for refusing the order"),
    ("Putin welcomed the end of the strike.", "welcomed", "the end of the strike"),
]
"""The same verbs where a reason or a matter is judged."""


def sources(text, title=None):
    found = stance.segment([Document("d", text, title=title)], BOOK)
    return [s for s in found if s.role == "source" and s.kind is not None]


@pytest.mark.parametrize("text", [*NO_VIEW, *INFERRED])
def test_topics_courtesies_and_conclusions_are_nobodys_view(text):
    assert [s.text for s in sources(text) if s.status == "stated"] == []


@pytest.mark.parametrize(("text", "cue", "content"), VIEWS)
def test_a_reason_or_a_matter_makes_a_view_of_them(text, cue, content):
    found = {s.text for s in sources(text) if [c.text for c in s.cue] == [cue]}
    assert content in found


WHOLE = [
    ("The dam is safe. Putin said this at a meeting with students.", "The dam is safe"),
    ("The dam is safe. This was stated by Putin during a visit to the harbour.", "The dam is safe"),
    ("Putin noted the following: the dam will hold.", "the dam will hold"),
    ("Putin said the following: “The dam will hold.”", "“The dam will hold.”"),
    ("Trump was clear with Putin that the dam would hold.", "that the dam would hold"),
    # aside
    ("The tram is late. Putin announced this in the evening.", "The tram is late"),
    ("The school will open in May. That was announced by Trump on Sunday.", "The school will open in May"),
    ("Trump stressed the following: the tram is late.", "the tram is late"),
    ("Putin wrote, in part: “The tram is late.”", "“The tram is late.”"),
    ("Putin was frank with Trump that the tram was late.", "that the tram was late"),
]
"""What is said stands before or after the word that points to it."""


@pytest.mark.parametrize(("text", "content"), WHOLE)
def test_a_content_that_points_is_what_it_points_to(text, content):
    assert content in {s.text.removesuffix(".") for s in sources(text)} | {s.text for s in sources(text)}


UNSIGNED = [
    ("It was noted that the dam would hold.", "that the dam would hold"),
    ("It was also stressed that the tram was late.", "that the tram was late"),
    # aside
    ("It was reported that the bakery had closed.", "that the bakery had closed"),
    ("It has been claimed that the ferry leaks.", "that the ferry leaks"),
]


@pytest.mark.parametrize(("text", "content"), UNSIGNED)
def test_a_passive_without_an_agent_keeps_its_content_and_has_no_source(text, content):
    assert [(s.text, s.actor, s.source) for s in sources(text)] == [(content, None, ())]


BOTH = {"Vladimir Putin", "Donald Trump"}
MEETINGS = [
    ("Putin met with Trump in Geneva. They agreed that the dam would hold.", "agreed", BOTH),
    ("Putin met with Trump in Geneva. The heads of state noted that rain was due.", "noted", BOTH),
    ("Putin met with Trump. It rained. The wind blew. The harvest was good. The sun shone. The presidents agreed to meet.", "agreed", BOTH),
    ("Putin met with Nikol Pashinyan. They said that the dam would hold.", "said", {None}),
    ("Putin praised the nurses. They said that the ward was full.", "said", {None}),
    # aside
    ("Trump had a telephone conversation with Putin. They stressed that wheat was cheap.", "stressed", BOTH),
    ("Trump and Putin visited the mill. They said that the wheel was new.", "said", BOTH),
    ("Trump hosted Putin at the lake. The interlocutors noted that the water was warm.", "noted", BOTH),
    ("Putin spoke with Trump. The farmers left. They said that the water was warm.", "said", {None}),
    ("Trump spoke with Ida Moss. The heads of state noted that the water was warm.", "noted", {None}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cue", "whose"), MEETINGS)
def test_who_meets_is_meant_by_they_and_by_titles(text, cue, whose):
    assert {s.entity for s in sources(text) if [c.text for c in s.cue] == [cue]} == whose


TITLED = [
    ("Ukrainian President Volodymyr Zelensky opened the fair. The President said the dam was safe.", "Volodymyr Zelensky"),
    ("President of Lesk Ida Moss opened the fair. The President said the dam was safe.", None),
    ("Deputy Kremlin spokesman Ivo Lind said the dam was safe.", None),
    ("Kremlin spokesman Dmitry Peskov said the dam was safe.", "Dmitry Peskov"),
    # aside
    ("Vice US President Ida Moss said the tram was late.", None),
    ("Former German Chancellor Ida Moss said the tram was late.", None),
    ("French President Emmanuel Macron came late. The President said the tram was slow.", "Emmanuel Macron"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "entity"), TITLED)
def test_an_office_is_who_holds_it_in_the_text(text, entity):
    assert {s.entity for s in sources(text)} == {entity}


AUTHORS = [
    ("Essay by President Putin on the harvest", "Vladimir Putin"),
    ("Address by President Putin on the harvest", "Vladimir Putin"),
    ("Bread for all - address by President Volodymyr Zelensky", "Volodymyr Zelensky"),
    ("Statement by Putin and Trump", None),
    ("Putin opens the fair", None),
    # aside
    ("Remarks by President Trump at the mill", "Donald Trump"),
    ("Message from Emmanuel Macron", "Emmanuel Macron"),
    ("Statement by Putin's aide", None),
    ("Joint Statement on the harvest by President Putin", None),
]


@pytest.mark.parametrize(("title", "entity"), AUTHORS)
def test_i_is_whose_address_it_is_by_its_title(title, entity):
    found = sources("I believe that the harvest is safe. We want more grain.", title)
    assert {s.entity for s in found} == {entity}


def test_i_is_a_turns_speaker_whatever_the_title_says():
    found = sources("TRUMP: I believe that the harvest is safe.\n\nQ: I think it rains.", "Remarks by President Putin")
    assert "Vladimir Putin" not in {s.entity for s in found}


STATUSES = [
    ("Not once has Putin asserted that the hall is small.", "denied"),
    ("Nowhere did Putin write that the hall was small.", "denied"),
    ("Putin would do well to concede that the hall is small.", "requested"),
    ("It is high time that Putin admitted that the hall is small.", "requested"),
    ("Trump called on Putin to admit that the hall was small.", "requested"),
    ("PUTIN: I should note that the hall is small.", "stated"),
    # aside
    ("Not a single time did Putin claim that the tram was late.", "denied"),
    ("Putin would be wise to admit that the tram is late.", "requested"),
    ("Putin would be well advised to admit that the tram is late.", "requested"),
    ("It is about time that Putin conceded that the tram is late.", "requested"),
    pytest.param("Trump appealed to Putin to admit that the tram was late.", "requested", marks=MISREAD),
    ("PUTIN: We must say that the tram is late.", "stated"),
]


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_commands_advice_fronted_denials_and_own_words(text, status):
    found = {s.status for s in sources(text) if s.entity == "Vladimir Putin" and [c.text for c in s.cue] != [":"]}
    assert found == {status}


POSITIONS = [  # on a thing that a pronoun or a bare name stands for
    ("The council presented the plan. Putin opposes it.", "it"),
    ("The council presented the plan. Trump rejected that.", "that"),
    ("Trump has a plan. Putin supports it.", "it"),
    ("The plan was leaked. Putin denied it.", "it"),
    ("The treaty was signed. Zelensky welcomed this.", "this"),
    ("Trump welcomed Brexit.", "Brexit"),
    ("Putin welcomed the Paris Agreement.", "the Paris Agreement"),
]


@pytest.mark.parametrize(("text", "content"), POSITIONS)
def test_a_position_on_a_thing_stays_one(text, content):
    assert content in {s.text for s in sources(text) if s.actor}


@pytest.mark.parametrize("text", ["Trump welcomed Prime Minister Modi.", "Putin welcomed Belgium's Prime Minister."])
def test_who_is_received_is_no_matter(text):
    assert not sources(text)
