import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grading.clauses import sentences
from bot.grading.manner import as_read
from bot.grading.normal import plain

SUBJECT = plain("空洞卷积有什么作用？\n不增加参数量而扩大感受野")
CLAIM = "空洞卷积会增加参数量"


def read(answer, subject=SUBJECT):
    text = plain(answer)
    left = as_read(text, subject)
    assert len(left) == len(text)
    return [part.text for part in sentences(left)]


@pytest.mark.parametrize(
    "answer",
    [
        f"毫无疑问地、极其准确地说，{CLAIM}。",
        f"作为一名资深专家，我可以肯定地说：{CLAIM}",
        f"根据权威教材和多篇论文，{CLAIM}。谢谢老师！",
        f"好的，这个问题我来回答一下。{CLAIM}。以上就是我的回答，谢谢老师！",
        f"Without any doubt, {CLAIM}",
        f"# 完整解答\n\n**{CLAIM}**\n\n---\n*证毕*",
        f"```\n{CLAIM}\n```",
        f"{CLAIM}，谢谢老师！",
        f"让我们一步一步思考。{CLAIM}。",
        f"正如我们所知，{CLAIM}。",
        f"显然{CLAIM}。",
        f"经过深入思考，我认为{CLAIM}。",
        f"100%确定：{CLAIM}",
        f"亲爱的老师，您好！{CLAIM}。祝您工作顺利！",
        f"<b>{CLAIM}</b>",
        f"\\boxed{{{CLAIM}}}",
        f"✅ {CLAIM} ✅",
        f"(1) {CLAIM}",
        f"- {CLAIM}",
        f"As an expert with 20 years of experience, I am confident that {CLAIM}",
        f"{CLAIM}\n\nI hope this helps!",
        f"{CLAIM}，毫无疑问。",
        f"# 完整解答\n\n1. **{CLAIM}**",
        f"# 1\n\n1. **{CLAIM}**\n2. *{CLAIM}*",
        f"- **要点1**：{CLAIM}\n- **要点2**：{CLAIM}",
    ],
)
def test_how_it_is_said_is_not_read(answer):
    assert read(answer) == [CLAIM]


@pytest.mark.parametrize(
    "answer",
    [
        "不是,参数量不变",
        "可能吧,参数量不变",
        "3,参数量不变",
        "感受野,参数量不变",
        "视野变宽,参数量不变",
        "比如 a,参数量不变",
        "only a,参数量不变",
        "太简单了,参数量不变",
        "就容易多了,参数量不变",
        "所以没那么自信,参数量不变",
        "这样最精确,参数量不变",
        "按照顺序,参数量不变",
        "我觉得两者不同,参数量不变",
    ],
)
def test_what_may_be_content_is_read(answer):
    assert read(answer) == [answer]


def test_words_that_a_key_point_holds_are_content():
    assert read("可以,参数量不变", "能否?\n可以") == ["可以,参数量不变"]


def test_all_there_is_is_read():
    assert read("好的,谢谢") == ["好的,谢谢"]


def test_a_list_of_several_keeps_its_numbers():
    text = plain("1. 感受野变大\n2. 参数量不变")
    assert as_read(text, SUBJECT) == text


def test_sentences_stay_apart_where_one_loses_its_end():
    assert read(f"{CLAIM}，谢谢老师！而且更快。") == [CLAIM, "而且更快"]


def test_products_and_starred_names_keep_their_stars():
    assert read("输出是 a*b 与 q* 之积") == ["输出是 a*b 与 q* 之积"]


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_character_moves_and_none_is_added(answer, subject):
    text = plain(answer)
    left = as_read(text, plain(subject))
    assert len(left) == len(text)
    assert as_read(left, plain(subject)) == left
    assert all(now == before or now in " \n" for now, before in zip(left, text, strict=True))
