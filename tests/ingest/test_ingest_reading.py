import codecs

import pytest

from bot.domain.errors import UnreadableFile
from bot.domain.notes import Collection, Format
from bot.ingest import read_document
from bot.ingest.reading import MAX_BYTES
from bot.texts import speaking

TEXT = "# 池化\n\n池化层缩小特征图，保留主要信息。\n"


def document(data: bytes, source: str = "note.txt"):
    return read_document(data, source, Collection.OWN)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "utf-16 big-endian"],
)
def test_the_encodings_of_chinese_notes_are_read(data: bytes):
    assert document(data).raw.lstrip("\ufeff") == TEXT
    assert document(data).title == "池化"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "ingest.empty"),
        (" \n\u3000\n".encode(), "ingest.empty"),
        (b"%PDF-1.7\x00\x01\x02\xff\xfe\x00stream", "ingest.not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ingest.not_text"),
        (b"a" * (MAX_BYTES + 1), "ingest.too_large"),
    ],
    ids=["empty", "blank", "pdf", "png", "too large"],
)
def test_what_is_no_note_is_refused_with_a_way_out(data: bytes, key: str):
    with pytest.raises(UnreadableFile) as caught:
        document(data, "lecture.bin")
    assert caught.value.key == key
    for language in ("zh", "en"):
        with speaking(language):
            assert "lecture.bin" in str(caught.value)


def test_front_matter_gives_title_and_tags():
    read = document("---\ntitle: 梯度下降\ntags:\n- 优化\n- SGD\n---\n正文从这里开始。\n".encode())
    assert read.title == "梯度下降"
    assert read.front_matter["tags"] == ["优化", "SGD"]
    assert read.format is Format.MARKDOWN


def test_broken_front_matter_still_gives_what_can_be_read():
    read = document('---\ntitle: "笔记: 卷积\nbad: [1, 2\n---\n卷积共享权重。\n'.encode())
    assert read.title == "笔记: 卷积"


def test_a_rule_at_the_top_is_no_front_matter():
    assert document("---\n卷积核在图像上滑动，逐点相乘再求和。\n---\n".encode()).front_matter == {}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("注意力机制笔记\n\n注意力让模型按相关程度取用输入。\n", "注意力机制笔记"),
        ("注意力让模型按相关程度取用输入的不同部分，" * 4 + "。\n", "my-notes"),
        ("前言一句话。\n\n# **自注意力**\n\n正文。\n", "自注意力"),
    ],
)
def test_the_title_is_heading_first_line_or_file_name(text: str, title: str):
    assert document(text.encode(), "notes/my-notes.txt").title == title


def test_plain_text_with_markdown_headings_is_markdown():
    assert document(b"# A\n\ntext\n\n## B\n\nmore\n").format is Format.MARKDOWN
    assert document("一、概念\n\n正文。\n".encode()).format is Format.TEXT


def test_the_id_belongs_to_the_place_and_the_checksum_to_the_bytes():
    one, two = document(b"first version"), document(b"second version")
    assert one.id == two.id
    assert one.sha256 != two.sha256
    assert document(b"first version", "elsewhere.txt").id != one.id
