"""Right text or a fault that asks for the encoding; never a wrong text."""

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.encodings import clean, decoded, decoded_page, known, natural
from stance.schema import StanceError

RUSSIAN = "Министр сообщил, что переговоры окончены. Следующая встреча пройдёт осенью, её место ещё не выбрано.\n"
UKRAINIAN = "Міністерка повідомила, що перемовини завершено. Її заступник не відповів на жодне запитання.\n"
CURLY = "“It’s over,” the minister said – and left… Nobody’s plan had failed—not yet.\n"
NAMES = "The café’s owner, Mr. Müller, met Jörg Schäfer in Österreich.\n"
POLISH = "Wałęsa met the minister in Łódź. “We agreed on nothing,” he said, and Zięba nodded.\n"
FRENCH = "À la fin, le ministre a dit que l’élève était déjà à Genève.\n"
GREEK = "Ο υπουργός είπε ότι οι συνομιλίες τελείωσαν.\n"
JAPANESE = "大臣は会談が終わったと述べた。次の会合は秋に開かれる。\n"
SERBIAN = "Министар је рекао да су разговори готови и да нема љутње.\n"

SURE = [
    *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    *((UKRAINIAN, encoding) for encoding in ("cp1251", "koi8-u")),
    (CURLY, "cp1252"),
    (NAMES, "cp1252"),
    (POLISH, "cp1250"),
]
DOUBTFUL = [
    *((RUSSIAN.lower(), encoding) for encoding in ("cp1251", "koi8-r", "cp866", "mac-cyrillic")),
    *((RUSSIAN.upper(), encoding) for encoding in ("cp1251", "koi8-r", "iso8859-5")),
    ("Да и нет.\n", "cp1251"),
    ("Да и нет.\n", "koi8-r"),
    ("The paper «Правда» said no.\n", "cp1251"),
    ("García left.\n", "cp1252"),
    ("Erdoğan left.\n", "cp1254"),
    ("Šimonytė left.\n", "cp1257"),
    ("Schröder met señor Núñez.\n", "mac-roman"),
    ("Müller met Jörg in Österreich.\n", "cp850"),
    (CURLY, "mac-roman"),
    (FRENCH, "cp1252"),
    (FRENCH.replace("’", "'"), "cp850"),
    *((GREEK, encoding) for encoding in ("cp1253", "iso8859-7")),
    *((JAPANESE, encoding) for encoding in ("shift_jis", "euc-jp", "gb18030")),
    (SERBIAN, "cp1251"),
]


@pytest.mark.parametrize("times", [1, 50])
@pytest.mark.parametrize(("text", "encoding"), SURE)
def test_never_a_wrong_text(text, encoding, times):
    data = (text * times).encode(encoding)
    try:
        assert decoded(data) == text * times
    except StanceError as error:
        assert times == 1
        assert "Declare it" in str(error)
    assert decoded(data, known(encoding)) == text * times


@pytest.mark.parametrize("times", [1, 50])
@pytest.mark.parametrize(("text", "encoding"), DOUBTFUL)
def test_a_doubtful_encoding_must_be_declared(text, encoding, times):
    data = (text * times).encode(encoding)
    try:
        assert decoded(data) == text * times
    except StanceError as error:
        assert "Declare it" in str(error)
    assert decoded(data, known(encoding)) == text * times


@pytest.mark.parametrize("text", [CURLY, "Nobody’s.", NAMES])
def test_curly_quotes_of_windows_are_read(text):
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN, CURLY, POLISH, JAPANESE, "Plain words."])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_unicode_with_a_mark_is_read_whatever_is_declared(text, mark, encoding):
    assert decoded(mark + text.encode(encoding), "cp1251" if mark else None) == text


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN, CURLY, POLISH])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(text, encoding):
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\x00\x01\x02", b"PK\x03\x04\x14\x00\xff\xfe"],
)
def test_binary_files_are_no_text(data):
    with pytest.raises(StanceError, match="is a binary file"):
        decoded(data)


def test_what_does_not_fit_the_declared_encoding_is_a_fault():
    with pytest.raises(StanceError, match="is not in utf-8: byte 0xd0"):
        decoded("Речь".encode("cp1251"), "utf-8")
    for name in ("klingon", "hex", "rot13", ""):
        with pytest.raises(StanceError, match="No text encoding"):
            known(name)


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ('<html><head><meta charset="windows-1251"></head>Речь', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">Речь', "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-5"?><html>Речь', "iso-8859-5"),
        ('<meta charset="iso-8859-1">García’s “no”', "cp1252"),
        ('<meta charset="windows-1251">Речь', "utf-8"),
        ('<meta charset="windows-1251">Речь', "utf-16"),
        ('<meta charset="no-such">Речь', "utf-8"),
    ],
)
def test_pages_declare_their_encoding(page, encoding):
    assert decoded_page(page.encode(encoding)) == page


@given(st.text(max_size=80))
def test_valid_unicode_is_never_read_as_anything_else(text):
    data = text.encode("utf-8", "replace")
    if b"\x00" not in data:
        assert decoded(data) == data.decode("utf-8").removeprefix("\ufeff")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_text_or_a_fault(data):
    with contextlib.suppress(StanceError):
        assert len(clean(text := decoded(data))) == len(text)


@pytest.mark.parametrize("word", ["Łódź", "d’Estaing", "O’Brien’s", "naïve", "Речь", "25°C", "€5", "well—known"])
def test_natural_words(word):
    cyrillic = " со словами о переговорах и о встрече" if word == "Речь" else ""
    assert natural(f" {word}{cyrillic} ")


@pytest.mark.parametrize(
    "word", ["Wa³êsa", "cafŽ", "Itâ€™s", "Ïåðåãîâîðû", "оЕПЕЦНБНПШ", "MÅller", "pa’i", "Espa–a", "реñ"]
)
def test_unnatural_words(word):
    assert not natural(f" {word} ")
