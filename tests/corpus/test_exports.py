"""Word and RTF as archives export them, and files that are no text: read right, or refused with what to do."""

import contextlib
import io
import sys
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import _exports
from stance.corpus._bundles import bundled
from stance.corpus._exports import docx_paragraphs
from stance.corpus._kinds import FOREIGN
from stance.corpus.documents import read_corpus, stream_corpus
from stance.schema import CorpusWarning, StanceError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read(path, **options):
    """Documents, what was rejected, and what was noticed."""
    faults = []
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", CorpusWarning)
        found = list(stream_corpus(path, rejected=faults.append, **options))
    return found, faults, [str(n.message) for n in notes if n.category is CorpusWarning]


def docx(*paragraphs, head="", part="word/document.xml"):
    """A Word file; a paragraph is text, or XML that begins with a tag."""
    body = "".join(f"<w:p>{p if p.startswith('<') else f'<w:r><w:t>{p}</w:t></w:r>'}</w:p>" for p in paragraphs)
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", part: xml})


def zipped(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("paragraphs", "text"),
    [
        (["One.", "Two &amp; a half."], "One.\n\nTwo & a half."),
        (["", "One.", "  "], "One."),
        ([run("“We ", "<w:b/>") + run("stay,” she said.")], "“We stay,” she said."),
        (["<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>" + run("No tab.")], "No tab."),
        (["<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"], "a\tb\nc"),
        (["<w:del><w:r><w:delText>out</w:delText></w:r></w:del><w:ins>" + run("in") + "</w:ins>"], "in"),
        (["<w:moveFrom>" + run("there") + "</w:moveFrom>" + run("here")], "here"),
        (["<w:r><w:fldChar/><w:instrText>HYPERLINK x</w:instrText></w:r>" + run("a link")], "a link"),
        (
            [
                f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{run('Box.')}</w:p></w:txbxContent></mc:Choice>"
                f"<mc:Fallback><w:p>{run('Box.')}</w:p></mc:Fallback></mc:AlternateContent></w:r>" + run("Around.")
            ],
            "Box.\n\nAround.",
        ),
    ],
)
def test_word_files(tmp_path, paragraphs, text):
    path = tmp_path / "article.docx"
    path.write_bytes(docx(*paragraphs))
    (document,) = read_corpus(path)
    assert (document.id, document.text) == ("article", text)


def test_a_word_file_whose_part_has_a_number_is_read(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(docx("One.", part="word/document2.xml"))
    assert [d.text for d in read_corpus(path)] == ["One."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx("&a;", head='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "declares entities"),
        (docx("x", head='<!DOCTYPE x SYSTEM "file:///etc/hostname">'), "declares entities"),
        (docx("One.")[:-30], "damaged"),
        (zipped({"word/document.xml": "<w:document>"}), "damaged"),
        (zipped({"word/other.xml": "<a/>"}), "no Word text"),
        (docx(""), "holds no words"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (b"plain words", "but is none"),
    ],
)
def test_word_files_that_cannot_be_read(tmp_path, data, reason):
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    found, (fault,), _ = read(path)
    assert (found, fault.whole_file) == ([], True)
    assert reason in fault.reason


def test_a_word_file_that_grows_beyond_measure(tmp_path, monkeypatch):
    monkeypatch.setattr(_exports, "FREE", 2**16)
    path = tmp_path / "x.docx"
    path.write_bytes(docx("word " * 2**16))
    assert len(path.read_bytes()) < 2**13
    with pytest.raises(StanceError, match="Split it"):
        read_corpus(path)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_damage_to_a_word_file_is_a_crash(noise, place):
    data = docx("One.", "Two.")
    with contextlib.suppress(StanceError):
        assert all(isinstance(p, str) for p in docx_paragraphs(data[:place] + noise + data[place + len(noise) :]))


PICTURE = r"{\pict\pngblip\picw10\pich10 89504e470d0a1a0a}"
LINK = r'{\field{\*\fldinst{ HYPERLINK "https://archive.example/1" }}{\fldrslt{\ul the paper}}}'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"One.\par Two.\par", "One.\n\nTwo."),
        (r"\ldblquote We stay,\rdblquote  she said.", "“We stay,” she said."),
        (r"\ldblquote We stay,\rdblquote she said.", "“We stay,” she said."),
        (r"Before.\par " + PICTURE + r"\par After.", "Before.\n\nAfter."),
        (r"caf\'e9 \u8212?\u269?", "café —č"),
        (r"\u-10179?\u-8704?", "😀"),
        (LINK + " and " + LINK + " wrote.", "the paper and the paper wrote."),
        (r"{\header Page 1}{\*\generator X;}{\info{\title T}}Body.", "Body."),
        (r"\trowd\cellx100\cellx200 Left.\cell Right.\cell\row After.", "Left.\n\nRight.\n\nAfter."),
        (r"over\-due", "overdue"),
        ("caf\xe9", "café"),
    ],
)
@pytest.mark.parametrize("name", ["x.rtf", "x.doc", "x.txt"])
def test_rich_text(tmp_path, name, body, text):
    pytest.importorskip("striprtf")
    path = tmp_path / name
    path.write_bytes((r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}\f0 " + body + "}").encode("cp1252"))
    assert [(d.id, d.text) for d in read_corpus(path)] == [("x", text)]


def test_rich_text_in_another_code_page(tmp_path):
    pytest.importorskip("striprtf")
    words = "".join(f"\\'{byte:02x}" for byte in "Встреча".encode("cp1251"))
    path = tmp_path / "x.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1251 " + words.encode() + b"}")
    assert read_corpus(path)[0].text == "Встреча"


@settings(deadline=None)
@given(st.text(alphabet="\\{}'*;ab1 u-\n\"", max_size=60))
def test_no_damage_to_rich_text_is_a_crash(noise):
    pytest.importorskip("striprtf")
    with contextlib.suppress(StanceError):
        "".join(_exports.rtf_paragraphs(b"{\\rtf1 " + noise.encode() + b"}")).encode()


def test_rich_text_without_the_extra_is_refused_with_two_ways_out(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "striprtf", None)
    monkeypatch.setitem(sys.modules, "striprtf.striprtf", None)
    path = tmp_path / "x.rtf"
    path.write_bytes(rb"{\rtf1 One.}")
    with pytest.raises(StanceError, match=r"stance-suite\[exports\].*plain text in UTF-8"):
        read_corpus(path)


NEXIS = ["The Paper", "She said no.", "End of Document", "The Post", "He said yes.", "End of Document"]


@pytest.mark.parametrize(
    ("lines", "documents"),
    [
        (NEXIS, ["The Paper\n\nShe said no.", "The Post\n\nHe said yes."]),
        (NEXIS[:3], ["The Paper\n\nShe said no."]),
        (["A.", "Document NYTF000020250815el8f0000a", "B.", "Document WSJO000020250815el8f0002b"], ["A.", "B."]),
        (["1 of 2 DOCUMENTS", "A.", "2 of 2 DOCUMENTS", "B."], ["A.", "B."]),
        (["1 of 200 DOCUMENTS", "A."], ["1 of 200 DOCUMENTS\n\nA."]),
        (["End of Document"], ["End of Document"]),
        (["The end of document one.", "B."], ["The end of document one.\n\nB."]),
    ],
)
@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_bundles(tmp_path, lines, documents, kind):
    path = tmp_path / f"x.{kind}"
    path.write_bytes(docx(*lines) if kind == "docx" else "\n\n".join(lines).encode())
    found, faults, notes = read(path)
    if kind == "txt" and len(documents) == 1:
        documents = ["\n\n".join(lines)]  # what is read is what is scored
    assert [d.text for d in found] == documents
    assert [d.id for d in found] == (["x"] if len(documents) == 1 else ["x-1", "x-2"])
    assert faults == []
    assert len(notes) == (len(documents) > 1)


FIELDS = ["Length: 200 words", "Body", "She said no.", "Load-Date: May 4, 2025"]
FACTIVA = "HD  The dam\nWC  200 words\n\nLP  {}\n\nAN  Document VALPO00020250503el530000{}\n"
RULE = "_" * 60


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Document 1 of 2\n\nOne.\n\nDocument 2 of 2\n\nTwo.", ["One.", "Two."]),
        ("Document 3 of 9\nOne.\nDocument 4 of 9\nTwo.\nDocument 5 of 9\nThree.", ["One.", "Two.", "Three."]),
        ("\n\n".join(["One.", *FIELDS, "LANGUAGE: ENGLISH", "Two.", *FIELDS]), ["One.", "Two."]),
        (FACTIVA.format("One.", "a") + "\n" + FACTIVA.format("Two.", "b"), ["HD", "HD"]),
        (f"{RULE}\nOne.\nFull text: No.\n{RULE}\nTwo.\nFull text: Yes.\n{RULE}\nContact us.", ["One.", "Two.", "Contact us."]),
        ("Document 1 of 2\n\nOne.\n\nDocument 1 of 2\n\nTwo.", ["Document 1"]),
        (f"One.\n{RULE}\nTwo.", ["One."]),
        ("\n".join(["One.", *FIELDS, "Two.", *FIELDS, "A text without a last line."]), ["One."]),
    ],
)  # fmt: skip
def test_where_the_documents_of_an_export_begin(text, opens):
    places = bundled(text)
    assert [text[start:end][: len(begins)] for (start, end), begins in zip(places, opens, strict=True)] == opens


def test_a_document_of_a_bundle_leads_to_its_place_in_the_file(tmp_path):
    text = "\n\n".join(["It â€™s **no**.", "End of Document", "Itâ€™s *yes*, she said.", "End of Document"])
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    (first, second), faults, notes = read(tmp_path / "x.md")
    assert (first.text, second.text, faults, len(notes)) == ("It ’s no.", "It’s yes, she said.", [], 2)
    for document in (first, second):
        assert all(text[document.in_file(i)] == sign for i, sign in enumerate(document.text) if sign.isalpha())


def test_a_page_that_is_an_export_is_several_documents(tmp_path):
    one = "<div><p>{}</p><p>She <b>said</b> no.</p><p>End of Document</p></div>"
    page = f"<html><head><title>Export</title></head><body>{one.format('One')}<hr/>{one.format('Two')}</body></html>"
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    found, faults, (notice,) = read(tmp_path / "x.html")
    assert [d.text for d in found] == ["One\n\nShe said no.", "Two\n\nShe said no."]
    assert faults == [] and "export of 2 documents" in notice


def test_several_documents_without_sure_borders_are_noticed(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("Full text: She said no.\n\n* * *\n\nFull text: He said yes.\n")
    (_,), _, (notice,) = read(path)
    assert "seems to hold several documents" in notice


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_bundle_keeps_every_other_word(text):
    assert "".join("".join(text[slice(*place)] for place in bundled(text)).split()) == "".join(text.split())


MAIL = "From: Desk <desk@paper.example>\nTo: All\nSubject: Talks\nMIME-Version: 1.0\n\nShe said no.\n"


@pytest.mark.parametrize("suffix", sorted(FOREIGN))
def test_a_file_that_is_no_text_by_its_name_is_refused_with_advice(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_text("She said no.")
    for given_path in (path, tmp_path):
        found, (fault,), _ = read(given_path)
        assert found == []
        assert fault.reason.startswith("the file is ") and fault.reason.count(". ") >= 1


@pytest.mark.parametrize("suffix", [".txt", ".md", "", ".csv", ".jsonl", ".html"])
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an old Office file"),
        (zipped({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}), "a spreadsheet"),
        (zipped({"a.txt": "She said no."}), "an archive"),
        (zipped({"mimetype": "application/epub+zip"}), "an electronic book"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "an OpenDocument text"),
        (b"\x1f\x8b\x08\x00", "compressed by gzip"),
    ],
)
def test_a_renamed_file_is_told_by_its_bytes(tmp_path, suffix, data, what):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    found, (fault,), _ = read(path)
    assert found == []
    assert what in fault.reason


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<?xml version="1.0"?><doc><p>She said no.</p></doc>', "XML"),
        ("\ufeff<nitf><body><p>She said no.</p></body></nitf>", "XML"),
        (MAIL, "a mail"),
        (f"From desk@paper.example Mon May  5 10:00:00 2025\n{MAIL}", "a mail"),
        ('[{"id": "1", "text": "She said no."}]', "JSON"),
        ('{\n "text": "She said no."}', "JSON"),
        ('{"text": "She said no."}\n{"text": "He said yes."}\n', "JSON"),
    ],
)
def test_a_renamed_text_of_another_kind(tmp_path, text, what):
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    found, (fault,), _ = read(path)
    assert found == []
    assert what in fault.reason


@pytest.mark.parametrize(
    "text",
    [
        "[Applause] She said no.",
        "{sic} she said.",
        "FROM: The Press Office\nSUBJECT: Talks\n\nShe said no.",
        "From: the river, a report\nShe said no.",
        "< 5 per cent, she said.",
        "PK is a state, she said.",
        "1 of 3: She said no.",
    ],
)
def test_texts_that_only_look_like_another_kind_are_read_unchanged(tmp_path, text):
    path = tmp_path / "x.txt"
    path.write_text(text)
    assert [d.text for d in read_corpus(path)] == [text]


def test_json_that_is_an_array_of_objects_is_read_as_rows(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"body": "One.", "n": 1}, {"body": "Two.", "n": 2}, {"n": 3}]')
    found, (fault,), _ = read(path, columns={"text": "body"})
    assert [(d.id, d.text, d.metadata["n"]) for d in found] == [("x-1", "One.", 1), ("x-2", "Two.", 2)]
    assert (fault.line, "no 'body'" in fault.reason) == (3, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"articles": [{"text": "One."}]}', "no array of objects"),
        ('["One."]', "no array of objects"),
        ('{"text": "One."}\n{"text": "Two."}', "end its name in .jsonl"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "holds no rows"),
    ],
)
def test_other_json_is_refused(tmp_path, text, reason):
    path = tmp_path / "x.json"
    path.write_text(text)
    found, (fault,), _ = read(path)
    assert found == []
    assert reason in fault.reason
