"""Page furniture in our own words, and text that only looks like it."""

import pytest
from fakes.notes import cut_text, read, sections

from bot.domain.notes import CutReason

BODY = "池化层缩小特征图，保留窗口里最显著的响应，并减少后面的计算。"


def cut_after(line: str) -> dict[str, str]:
    """What is cut of a line that stands below real text."""
    parsed = read(f"## 池化\n\n{BODY}\n\n{line}\n", "a.md")
    assert BODY in sections(parsed)["池化"]
    return cut_text(parsed)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("觉得有用的话就点个赞吧，你们的支持是我更新的动力！", CutReason.SHARE),
        ("欢迎关注我的专栏，也请转发给需要的朋友。", CutReason.SHARE),
        ("点赞 12 收藏 30 分享 评论", CutReason.SHARE),
        ("全部评论（3）", CutReason.SHARE),
        ("Please star and share this repository if it helped.", CutReason.SHARE),
        ("本文由作者授权发布，转载请注明出处及本文链接，未经许可请勿用于商业用途。", CutReason.LEGAL),
        ("作者：某某某", CutReason.LEGAL),
        ("© 2024 Some Site. All rights reserved. Do not copy without asking.", CutReason.LEGAL),
        ("限时优惠：原价的课程现在只要一半，名额有限，点击链接立即报名。", CutReason.ADVERT),
        ("好的，我将按照你的要求补充更多例子。", CutReason.CHAT),
        ("希望这些内容对你有所帮助。若想深入，请随时告诉我！", CutReason.CHAT),
        ("Certainly! Here is a longer version of the section.", CutReason.CHAT),
        ("I hope this helps! Let me know if you want more.", CutReason.CHAT),
        ("希望本文能给你一些启发，祝大家面试成功！", CutReason.CLOSING),
        ("Thanks for reading!", CutReason.CLOSING),
        ("参考链接：https://example.org/pooling", CutReason.LINK),
        ("[池化详解](https://example.org/pooling)", CutReason.LINK),
        ("池化层的几种实现方式-CSDN博客", CutReason.LINK),
        (
            "更多推荐\n\n数据库入门\n\n数据库把数据存成表，用语句查询，下面从安装说起，一步一步来…",
            CutReason.RELATED,
        ),
        ("## 参考文献\n\n[1] A. Author. Pooling revisited. 2015.", CutReason.LINK),
    ],
)
def test_furniture_goes_and_says_why(line: str, reason: CutReason):
    cut = cut_after(line)
    assert list(cut) == [reason]
    assert "".join(cut[reason].split()) == "".join(line.split())


@pytest.mark.parametrize(
    "line",
    [
        "推荐系统把用户的点赞、收藏和转发当作正样本。",
        "关注机制的核心是按相关程度给输入加权。",
        "相关文章的向量在空间里彼此接近，这是训练目标决定的。",
        "开源许可证规定了版权归属，训练数据的版权同样要弄清楚。",
        "当然，学习率太大时损失会震荡甚至发散。",
        "Of course, the loss can also diverge when the rate is too high.",
        "希望模型在新数据上也有好的表现，就要控制它的容量。",
        "分享权重可以减少参数量，这就是权值共享。",
        "广告点击率预估是典型的二分类问题，特征高维而稀疏。",
        "如果数据有问题，先检查标签再检查预处理。",
        "祝融号的图像也可以用卷积网络分类。",
        "详见论文 https://example.org/paper 的第三节，其中给出了证明与实验。",
    ],
)
def test_text_that_only_looks_like_furniture_stays(line: str):
    assert cut_after(line) == {}


def test_only_the_sentences_of_furniture_go():
    line = "总之，池化让网络对平移更稳健。希望本文对你有帮助！"
    parsed = read(f"## 池化\n\n{BODY}\n\n{line}\n", "a.md")
    assert sections(parsed)["池化"].endswith("更稳健。")
    assert cut_text(parsed) == {CutReason.CLOSING: "希望本文对你有帮助！"}


def test_welcoming_words_go_only_at_the_top():
    welcome = "准备面试时你可能会不知所措，但别担心，本文将为你提供一份全面的指南。"
    assert cut_text(read(f"面试速览\n\n{welcome}\n\n1. 池化:缩小特征图\n\n{BODY}\n")) == {
        CutReason.CLOSING: welcome
    }


def test_a_chat_models_remark_between_sections_belongs_to_neither():
    text = f"1. 池化\n\n{BODY}\n\n好的，我将继续展开第二部分，使其更加详细。\n\n2. 步长\n\n步长是核每次移动的距离，越大输出越小。\n"
    parsed = read(text)
    assert list(sections(parsed)) == ["池化", "步长"]
    assert list(cut_text(parsed)) == [CutReason.CHAT]


TEASERS = """相关文章

什么是向量库?

一、概念 向量库存放向量，按距离查询。下面先介绍概念，再介绍安装，最后给出一个可以运行的例子，供大家参…

1. 安装数据库

打开官网，下载安装包，双击运行，一路下一步即可。如果中途报错，多半是权限不够，可以换管理员身份再…
"""


def test_foreign_teasers_become_neither_headings_nor_questions():
    parsed = read(f"1. 池化\n\n{BODY}\n\n2. 步长\n\n步长是核每次移动的距离，越大输出越小。\n\n{TEASERS}")
    assert list(sections(parsed)) == ["池化", "步长"]
    assert parsed.open_questions == ()
    assert list(cut_text(parsed)) == [CutReason.RELATED]


def test_a_section_that_is_only_called_so_stays():
    text = f"# 笔记\n\n## 延伸阅读\n\n{BODY * 3}\n\n## 步长\n\n步长是核每次移动的距离，越大输出越小。\n"
    assert "延伸阅读" in " ".join(sections(read(text, "a.md")))


def test_pointers_to_the_authors_other_posts_go():
    text = (
        "网络面试题\n本系列的其他文章如下:\n视觉面试(二)-检测与分割要点\n视觉面试(三)-跟踪要点\n"
        "1 卷积\n1.1 什么是卷积?\n核在输入上滑动,逐点相乘再求和。\n"
    )
    parsed = read(text)
    assert list(cut_text(parsed)) == [CutReason.SHARE]
    assert [chunk.question for chunk in parsed.chunks] == ["什么是卷积?"]


def test_references_in_the_middle_do_not_take_the_text_after_them():
    text = f"# 笔记\n\n{BODY}\n\n参考文献：\n1. 某书，2018\n\n{BODY}继续讲下去，还有更多的内容。\n\n# 尾\n\n{BODY}\n"
    assert "继续讲下去" in " ".join(sections(read(text, "a.md")).values())
