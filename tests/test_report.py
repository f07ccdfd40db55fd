import re
from html import unescape

import stance
from stance.schema import Document


def test_the_page_holds_the_whole_text(sample, sample_segments, codebook):
    html = stance.highlight(sample[0], sample_segments, codebook.labels)
    body = html.split("pre-wrap")[1]
    assert unescape("".join(re.findall(r">([^<]*)</span>", body))) == sample[0].text
    assert html._repr_html_() == str(html)


def test_hostile_text_stays_inert(codebook):
    document = Document("d", 'Putin said <script>alert("x")</script> & "so on" that the talks were good.')
    html = stance.highlight(document, stance.segment([document], codebook), codebook.labels)
    assert "<script" not in html
    assert unescape(re.sub(r"<[^>]*>", "", html.split("pre-wrap")[1].partition(">")[2])).strip() == document.text
