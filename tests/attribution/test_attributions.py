import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import stance
from stance.attribution.segments import Segmenter
from stance.schema import Document


def sources(segments):
    return [(s.actor, s.text, s.kind) for s in segments if s.role == "source"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin said that the talks were useful.", [("kremlin", "that the talks were useful", "indirect")]),
        ("“We want peace,” Putin said.", [("kremlin", "“We want peace,”", "direct")]),
        ('"We want peace," said Putin.', [("kremlin", '"We want peace,"', "direct")]),
        (
            "“We want peace,” Putin said. “We always did.”",
            [("kremlin", "“We want peace,” … “We always did.”", "direct")],
        ),
        ("The talks were useful, Putin said.", [("kremlin", "The talks were useful", "indirect")]),
        ("According to Trump, the talks were useful.", [("white_house", "the talks were useful", "indirect")]),
        (
            "Zelensky called the summit a “victory” for nobody.",
            [("kyiv", "the summit a “victory” for nobody", "mixed")],
        ),
        ("Trump has voiced frustration over the delay.", [("white_house", "frustration over the delay", "indirect")]),
        ("The plan was criticized by Zelensky.", [("kyiv", "The plan", "indirect")]),
        ("Putin vowed to win.", [("kremlin", "to win", "indirect")]),
        ("Trump warned of “severe consequences”.", [("white_house", "of “severe consequences”", "mixed")]),
        ("‘We want peace,’ Putin said.", [("kremlin", "‘We want peace,’", "direct")]),
        ("Putin called it 'a start'.", [("kremlin", "it 'a start'", "mixed")]),
        ("The players’ union met Putin’s aides.", []),
        (
            "Putin said the talks were good. “We had an open mind.”",
            [("kremlin", "the talks were good. “We had an open mind.”", "mixed")],
        ),
        (
            "“We want peace,” Putin said.\n\n“We always did.”",
            [("kremlin", "“We want peace,” … “We always did.”", "direct")],
        ),
        ("“We want peace.\n\n“We always did,” Putin said.", [("kremlin", "“We always did,”", "direct")]),
        (
            "PUTIN: We want peace. We always did.\n\nTRUMP: So do we.",
            [("kremlin", "We want peace. We always did.", "direct"), ("white_house", "So do we.", "direct")],
        ),
        ("Vladimir Putin (in Russian): We want peace.", [("kremlin", "We want peace.", "direct")]),
        ("REPORTER: Is that so?\n\nIt was quiet.", [(None, "Is that so?", "direct")]),
        (
            "PUTIN: I believe that you know it.",
            [("kremlin", "I believe that you know it.", "direct"), ("kremlin", "that you know it", "direct")],
        ),
        ("BREAKING: Talks end early.\n\nNote: This is a draft.", []),
        (
            "From President Zelensky:\n\n“We were not asked.\n\n“We will not go.”\n\nRain fell.",
            [("kyiv", "“We were not asked. … “We will not go.”", "direct")],
        ),
        ("The talks are “a show”, in the words of Zelensky.", [("kyiv", "The talks are “a show”", "mixed")]),
        (
            "Trump praised what he called “a good talk”.",
            [("white_house", "what he called “a good talk”", "mixed"), ("white_house", "“a good talk”", "direct")],
        ),
        ("Some “experts” left early.", []),
        ("The war has claimed many lives.", []),
        ("The talks lasted three hours.", []),
    ],
)
def test_who_says_what(of_text, text, expected):
    assert sources(of_text(text)) == expected


def test_a_participle_belongs_to_the_subject(of_text):
    found = sources(of_text("Trump praised the idea, warning that it could end quickly."))
    assert ("white_house", "that it could end quickly", "indirect") in found


def test_nested_statements_name_their_parent(of_text):
    by_text = {
        s.text: s for s in of_text("Lavrov said that Trump believes that the talks will help.") if s.role == "source"
    }
    inner, outer = by_text["that the talks will help"], by_text["that Trump believes that the talks will help"]
    assert (inner.actor, inner.parent, outer.actor, outer.parent) == ("white_house", outer.id, "kremlin", None)


def test_two_sources_give_a_segment_each(of_text):
    found = [s for s in of_text("Trump and Putin said that the talks were useful.") if s.role == "source"]
    assert {s.actor for s in found} == {"white_house", "kremlin"}
    assert len({s.id for s in found}) == 2


def test_an_unknown_source_stays_unresolved(of_text):
    (source,) = [s for s in of_text("A farmer said that the talks were useful.") if s.role == "source"]
    assert (source.actor, source.entity, source.voice) == (None, None, None)


WORDS = st.lists(
    st.sampled_from(
        'Putin Trump Zelensky said that , . “ ” " he the talks warned of to and who \n according'.split(" ")
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_any_text_gives_true_offsets_and_the_same_segments_twice(words):
    document = Document("d", " ".join(words))
    segmenter = Segmenter(stance.read_codebook())
    once, twice = (segmenter.segment(document).segments for _ in range(2))
    assert once == twice
    assert len({s.id for s in once}) == len(once)
    for segment in once:
        for span in (*segment.spans, *segment.source, *segment.cue, segment.context):
            assert span.text == document.text[span.start : span.end]
        assert segment.context.start <= segment.spans[0].start
        if segment.parent:
            assert segment.parent in {s.id for s in once}


@pytest.mark.parametrize(
    ("text", "actor", "content"),
    [
        ("Trump said “yes” and Putin said “no”.", "kremlin", "“no”"),
        ("Trump said “yes” and Putin said “no”.", "white_house", "“yes”"),
        ("“Yes,” Trump said, but Zelensky said “no”.", "kyiv", "“no”"),
        ("The talks were “useful”, according to Putin, while Trump left early.", "kremlin", "The talks were “useful”"),
        ("Trump's envoy, Steve Witkoff, said that the talks were useful.", "white_house", "that the talks were useful"),
    ],
)
def test_the_right_quotation_goes_to_the_right_speaker(of_text, text, actor, content):
    assert (actor, content) in {(s.actor, s.text) for s in of_text(text) if s.role == "source"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Asked about Zelensky, Putin said that he was tired.", ("kremlin", "about Zelensky")),
        ("Russia had attacked Odesa.", ("kremlin", "Odesa")),
        ("Trump raised tariffs on India.", ("white_house", "tariffs on India")),
        ("The Kremlin, said Zelensky, was lying.", ("kremlin", "was lying")),
        ("Putin refused to comment.", ("kremlin", "to comment")),
    ],
)
def test_what_nobody_said(codebook, text, wrong):
    """To the rules; the tagger, alone, is less careful with deeds."""
    found = Segmenter(codebook, tagger=None).segment(Document("d", text)).segments
    assert wrong not in {(s.actor, s.text) for s in found if s.role == "source"}


@pytest.mark.parametrize("text", ["Russia had attacked Odesa.", "Putin refused to comment."])
def test_deeds_and_silence_are_no_statements_to_the_tagger_either(of_text, text):
    assert [s for s in of_text(text) if s.role == "source"] == []


LAYOUTS = st.lists(st.sampled_from(["\n\n", "\n", "NAME: ", "From Trump:", "“", "”", "‘", "’", "'", '"']), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), LAYOUTS.map("".join), WORDS.map(" ".join)), max_size=6))
def test_no_text_stops_the_work(parts):
    document = Document("d", "".join(parts))
    for segment in Segmenter(stance.read_codebook()).segment(document).segments:
        for span in (*segment.spans, *segment.source, *segment.cue):
            assert 0 <= span.start < span.end <= len(document.text)


def said(text):
    """Who says what in a text: the cue of each, and all of it as offsets."""
    segments = Segmenter(stance.read_codebook()).segment(Document("d", text)).segments

    def offsets(spans):
        return [(p.start, p.end) for p in spans]

    return [
        (offsets(s.cue), [s.actor, s.kind, s.confidence, *map(offsets, (s.spans, s.source))])
        for s in segments
        if s.role == "source"
    ]


PARAGRAPHS = st.one_of(
    WORDS.map(" ".join),
    st.sampled_from(
        [
            "PUTIN: We want peace. You know it.", "Donald Tusk: So do we.", "From President Zelensky:", "“We were not asked.",
            "“We will not go.”", "Der Präsident sagte am Montag, dass die Gespräche nützlich gewesen seien.",
            "The prime minister said that rain fell.", "Prime Minister Keir Starmer left.", "He said no. “That is a plain lie.”",
        ]
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@example(["PUTIN: We want peace."], "Der Präsident sagte am Montag, dass die Gespräche nützlich gewesen seien.")
@given(st.lists(PARAGRAPHS, min_size=1, max_size=4), PARAGRAPHS)
def test_a_last_paragraph_changes_nothing_before_it(before, last):
    text = "\n\n".join(before)
    whole, without = said(f"{text}\n\n{last}"), said(text)
    reaching = [cue for cue, (*_, spans, source) in whole if max(end for _, end in (*cue, *spans, *source)) > len(text)]
    assert [found for found in whole if found[0] not in reaching] == [f for f in without if f[0] not in reaching]


@pytest.mark.parametrize(
    "text", ["The deal was what Trump described as", "The deal was what Putin called", "PUTİN said no."]
)
def test_odd_texts_do_not_stop_the_work(of_text, text):
    assert isinstance(of_text(text), list)


def test_parents_do_not_go_in_circles(of_text):
    for text in ("Putin warned “ : said Zelensky", "“Putin said “Trump said” that” Zelensky said"):
        parent = {s.id: s.parent for s in of_text(text)}
        for start in parent:
            seen, at = set(), start
            while at is not None:
                assert at not in seen
                seen.add(at)
                at = parent.get(at)


def test_a_negated_cue_keeps_its_negation(of_text):
    (source,) = [s for s in of_text("Putin did not say that the talks were good.") if s.role == "source"]
    assert source.cue[0].text == "did not say"


NOTHING_SAID = [
    "Putin had nothing to say on the matter of the border.",
    "Trump admitted twelve patients on Friday.",
    "The Kremlin denied him a room.",
    "Putin refused the miners a hearing.",
    "Trump dismissed his driver on Friday.",
    "Putin called his sister on Sunday.",
    "Zelensky has shown no interest in a deal.",
    "Putin displayed little appetite for talks.",
    "Trump raised tariffs on Russian oil.",
    "Zelensky signed a decree on the border.",
    "Putin attacked Odesa with drones.",
    "The Kremlin did not respond to requests for comment.",
    "Putin declined to comment on the report.",
    "Trump refused to take questions.",
    "Putin offered no comment on the attack.",
    "Trump asked not to be named.",
    "Putin spoke on condition of anonymity.",
    "Kremlin officials requested anonymity.",
    "Trump is wrong about the law and right about the danger.",
    "Putin was mistaken about the war.",
    "“Swan Lake” delighted Putin.",
    "“The Dam,” published by Trump in May, sold well.",
    "In “Hamlet,” Trump played the king.",
    "Putin supports the port with two cranes.",
    "Zelensky supported the theatre with a loan.",
    "Trump voted for the ceasefire.",
    "Putin called President Zelensky on Sunday.",
    "Putin wrote an inspiring novel.",
    "Zelensky has learned to repel such attacks.",
    "Putin had to destroy these forests.",
    "Trump voted against the tram on Monday.",
    "It is gratifying to know that Putin came.",
]


@pytest.mark.parametrize("text", NOTHING_SAID)
@pytest.mark.parametrize("reader", ["tagger", "rules"])
def test_deeds_silence_terms_and_verdicts_are_no_statements(codebook, of_text, text, reader):
    found = (
        of_text(text) if reader == "tagger" else Segmenter(codebook, tagger=None).segment(Document("d", text)).segments
    )
    assert [(s.actor, s.text) for s in found if s.role == "source" and s.actor] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump said: “We will not sign.” Putin disagreed.", [("white_house", "“We will not sign.”")]),
        ("Trump was defiant. “We will not sign it.” Putin disagreed.", []),
        (
            "“The families will pay,” said Trump. “We will not sign.” Putin agreed.",
            [("white_house", "“The families will pay,” … “We will not sign.”")],
        ),
        ("Trump asked: “Will it hold?” Putin shrugged.", [("white_house", "“Will it hold?”")]),
        ("Putin disagreed. “We will not sign,” Trump said.", [("white_house", "“We will not sign,”")]),
        (
            "“We will keep it,” Trump told reporters. “Putin wants a war,” he added.",
            [("white_house", "“We will keep it,”"), ("white_house", "“Putin wants a war,”")],
        ),
        ("“The deal is dead,” grumbled Putin. “Nonsense,” snapped Trump.",
         [("kremlin", "“The deal is dead,”"), ("white_house", "“Nonsense,”")]),
        ("Putin shrugged: “It is only money.”", [("kremlin", "“It is only money.”")]),
        ("“Out!” thundered Putin.", [("kremlin", "“Out!”")]),
    ],
)  # fmt: skip
def test_a_closed_quotation_belongs_to_one_who_stands_beside_it(of_text, text, expected):
    assert [(s.actor, s.text) for s in of_text(text) if s.role == "source" and s.actor] == expected


@pytest.mark.parametrize(
    ("text", "actor", "content"),
    [
        ("Reporters were told by Putin that the deal was alive.", "kremlin", "that the deal was alive"),
        ("Putin was quoted as saying that the deal was dead.", "kremlin", "that the deal was dead"),
        ("Trump is reported to have said that the talks were a trap.", "white_house", "that the talks were a trap"),
        ("In Putin's view, the deal was a mistake.", "kremlin", "the deal was a mistake"),
        ("In the words of Trump, the war was a crime.", "white_house", "the war was a crime"),
        ("As Putin put it, the deal was a gift.", "kremlin", "the deal was a gift"),
        ("Trump cast the talks as useful and said they would go on.", "white_house", "the talks as useful"),
        ("Putin regards the border as closed.", "kremlin", "the border as closed"),
        (
            "The day ended with Putin describing the talks as held in a “spirit of respect”.",
            "kremlin",
            "the talks as held in a “spirit of respect”",
        ),
    ],
)
def test_contents_are_whole_and_belong_to_their_source(of_text, text, actor, content):
    assert (actor, content) in {(s.actor, s.text) for s in of_text(text) if s.role == "source"}


def test_no_quotation_has_two_speakers_side_by_side(of_text):
    for text in ("Putin said: “No.” Trump said: “Yes.”", "“No,” Putin said. “Yes.” Trump said: “Why?” Putin left."):
        found = [span for s in of_text(text) if s.role == "source" for span in s.spans]
        assert len(found) == len(set(found))
