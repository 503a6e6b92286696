"""Miniatures of the traps that real notes hold, in our own words."""

import pytest
from fakes.notes import cut_text, named, opened, pairs, read, sections
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.notes import ChunkKind, CutReason
from bot.ingest import accounted
from bot.ingest.splitting import LIMIT

INTERVIEW = """卷积网络面试题整理
1 卷积
1.1 卷积层有哪些优点?
1.2 为什么用小卷积核?
1.参数更少,计算更快;
2.叠加后感受野相同,非线性更多。
1。3 步长太大会怎样?如何选?
步长太大会丢掉细节。
1.1 先从步长 1 开始;
1.2 显存不够时再加大。
1.444 什么是空洞卷积?
在核的元素之间留空,不加参数就扩大感受野。
空洞卷积会有什么副作用?
采样点变稀,会出现网格状的伪影。
1.5 池化的作用
缩小特征图,降低计算量。
1.6 各种卷积可以统一地看吗?
它们都可以写成下面的形式:
一文看懂各种卷积 - 知乎
1.7 反卷积和上采样的区别?
"""


def test_questions_keep_their_own_answers():
    found = pairs(read(INTERVIEW))
    assert found["为什么用小卷积核?"].startswith("1.参数更少") and found["为什么用小卷积核?"].endswith(
        "更多。"
    )
    assert found["什么是空洞卷积?"] == "在核的元素之间留空,不加参数就扩大感受野。"
    assert found["空洞卷积会有什么副作用?"] == "采样点变稀,会出现网格状的伪影。"


def test_a_question_whose_answer_was_lost_takes_no_neighbours_text():
    parsed = read(INTERVIEW)
    assert opened(parsed) == ["卷积层有哪些优点?", "各种卷积可以统一地看吗?", "反卷积和上采样的区别?"]
    cut = cut_text(parsed)
    assert cut[CutReason.TRUNCATED] == "它们都可以写成下面的形式:"
    assert cut[CutReason.LINK] == "一文看懂各种卷积 - 知乎"


def test_broken_numbering_heads_and_sub_numbering_does_not():
    found = pairs(read(INTERVIEW))
    assert found["步长太大会怎样?如何选?"].endswith("1.2 显存不够时再加大。")


def test_an_item_without_a_question_mark_among_questions_is_one():
    assert pairs(read(INTERVIEW))["池化的作用"] == "缩小特征图,降低计算量。"


def test_headings_carry_neither_numbers_nor_marks():
    assert {chunk.heading_path for chunk in read(INTERVIEW).chunks} == {("卷积网络面试题整理", "卷积")}


def test_a_lost_picture_leaves_no_announcement_behind():
    parsed = read(
        "1 残差\n1.1 什么是残差块?\n输出是输入与变换之和。\n残差块的结构:\n1.2 它为何有效?\n梯度可以直达浅层。\n"
    )
    assert pairs(parsed)["什么是残差块?"] == "输出是输入与变换之和。"
    assert cut_text(parsed) == {CutReason.TRUNCATED: "残差块的结构:"}


def test_a_remark_on_something_lost_is_cut_and_a_definition_is_not():
    lost = "## 如何设学习率？\n\n先大后小，按验证误差调整。\nLogit：对它取指数。\n\n## 尾\n\n结束语在此处，并无其他。\n"
    assert cut_text(read(lost)) == {CutReason.TRUNCATED: "Logit：对它取指数。"}
    kept = "## 什么是 logit？\n\nlogit 是几率的对数。\nlogit：对它取指数即得几率。\n\n## 尾\n\n结束语在此处，并无其他。\n"
    assert cut_text(read(kept)) == {}


def test_an_announcement_before_a_list_or_picture_stays():
    text = "## 池化\n\n常见的方式有：\n\n- 最大池化：取窗口里最大的值。\n\n结构如下图：\n\n![](a.png)\n"
    assert cut_text(read(text)) == {}


OUTLINE = """# 数学
1. **线性代数**
   - 矩阵分解（SVD/特征值）
   - 范数与内积
---
# 模型
## 卷积网络
- 卷积核、步长、填充
- 经典结构（LeNet、VGG 等）
### LSTM 如何缓解梯度消失？
## 生成模型
### 扩散模型
## 正则化
正则化在损失里加上惩罚项，使权重变小，从而减轻过拟合。
"""


def test_outlines_are_topics_and_not_knowledge():
    parsed = read(OUTLINE, "notes.md")
    assert list(sections(parsed)) == ["模型 > 正则化"]
    assert named(parsed) == [
        "线性代数",
        "矩阵分解（SVD/特征值）",
        "范数与内积",
        "卷积核、步长、填充",
        "经典结构（LeNet、VGG 等）",
        "扩散模型",
    ]
    assert opened(parsed) == ["LSTM 如何缓解梯度消失？"]
    assert parsed.topics[1].heading_path == ("数学", "线性代数")


def test_a_list_of_questions_without_answers_is_open():
    parsed = read(
        "# 面试题\n\n1. 基础\n   - 为什么需要激活函数？\n   - 手推反向传播\n   - RNN 与 CNN 的区别\n", "a.md"
    )
    assert opened(parsed) == ["为什么需要激活函数？", "RNN 与 CNN 的区别"]
    assert named(parsed) == ["基础", "手推反向传播"]
    assert parsed.chunks == ()


def test_a_list_of_definitions_is_content():
    parsed = read(
        "3.2 预处理\n\n常见的方法有:\n\n  • 归一化:把数据缩放到 0 和 1 之间。\n  • 标准化:使均值为 0。\n"
    )
    (text,) = sections(parsed).values()
    assert "归一化:把数据" in text
    assert parsed.topics == ()


def test_a_short_list_under_a_question_is_its_answer():
    text = "### 怎么减轻过拟合\n1. 早停\n2. 正则\n3. 数据增强\n\n### 小结\n\n三种办法常常一起用，效果更好。\n"
    assert pairs(read(text, "a.md"))["怎么减轻过拟合"].startswith("1. 早停")


def test_a_table_of_contents_is_neither_content_nor_open_questions():
    entries = "\n".join(f"2.{n} 什么是第{n}种网络？  {n + 10}" for n in range(1, 12))
    parsed = read(f"# 目录\n\n{entries}\n\n## 正文\n\n网络由层组成，层由单元组成。\n", "a.md")
    assert parsed.open_questions == ()
    assert "什么是第1种网络？" in named(parsed)


SECTIONS_BELOW = """## 归一化怎么做？

### 批归一化

按批统计均值与方差，再缩放和平移。

### 层归一化

按样本统计，不依赖批的大小。

## 优化器

### 动量

动量累加过去的梯度，方向更稳。
"""


def test_sections_below_a_question_are_its_answer():
    parsed = read(SECTIONS_BELOW, "a.md")
    answer = pairs(parsed)["归一化怎么做？"]
    assert "按批统计" in answer and "按样本统计" in answer
    assert sections(parsed) == {"优化器 > 动量": "动量累加过去的梯度，方向更稳。"}


def test_questions_below_a_question_stay_apart():
    parsed = read(
        "## 如何理解归一化？\n### 为什么有效？\n因为分布更稳定。\n### 何时失效？\n批太小的时候。\n", "a.md"
    )
    assert pairs(parsed) == {"为什么有效？": "因为分布更稳定。", "何时失效？": "批太小的时候。"}
    assert parsed.chunks[0].heading_path == ("如何理解归一化？",)


def test_a_number_one_deeper_nests_among_equal_hashes():
    parsed = read(
        "### 2.1 什么是池化？\n### 2.1.1 定义\n池化对窗口取一个值。\n### 2.2 优点\n计算量小，也更稳健。\n",
        "a.md",
    )
    assert "池化对窗口取一个值。" in pairs(parsed)["什么是池化？"]
    assert list(sections(parsed)) == ["优点"]


@pytest.mark.parametrize(
    "text",
    [
        "Q1: 什么是批大小？\nA: 一次迭代用的样本数。\nQ2: 它影响什么？\nA: 速度与泛化。\n",
        "问：什么是批大小？\n答：一次迭代用的样本数。\n\n问：它影响什么？\n答：速度与泛化。\n",
        "1. 什么是批大小？\n一次迭代用的样本数。\n2. 它影响什么？\n速度与泛化。\n",
        "1、什么是批大小？一次迭代用的样本数。\n2、它影响什么？影响速度与泛化。\n",
        "**什么是批大小？**\n\n一次迭代用的样本数。\n\n**它影响什么？**\n\n速度与泛化。\n",
        "**1.1 什么是批大小？**\n\n一次迭代用的样本数。\n\n**1.2 它影响什么？**\n\n速度与泛化。\n",
        "# 题\n\n## 一\n\n1. 什么是批大小？\n\n   一次迭代用的样本数。\n\n2. 它影响什么？\n\n   速度与泛化。\n",
        "一、什么是批大小？\n一次迭代用的样本数。\n二、它影响什么？\n速度与泛化。\n",
        "什么是批大小？\n一次迭代用的样本数。\n\n它影响什么？\n速度与泛化。\n",
        "- 什么是批大小？\n  - 一次迭代用的样本数。\n- 它影响什么？\n  - 速度与泛化。\n",
        "【面试题 1】什么是批大小？\n一次迭代用的样本数。\n\n【面试题 2】它影响什么？\n速度与泛化。\n",
        "<summary>什么是批大小？</summary>\n\n一次迭代用的样本数。\n\n<summary>它影响什么？</summary>\n\n速度与泛化。\n",
        "Q1：什么是批大小？\n一次迭代用的样本数。\n\n2.它影响什么？\n速度与泛化。\n",
        "<h3>什么是批大小？</h3>\n\n一次迭代用的样本数。\n\n<h3>它影响什么？</h3>\n\n速度与泛化。\n",
    ],
)
def test_many_ways_to_write_questions_and_answers(text: str):
    found = pairs(read(text))
    assert list(found) == ["什么是批大小？", "它影响什么？"]
    assert "样本数" in found["什么是批大小？"] and "泛化" in found["它影响什么？"]
    assert "泛化" not in found["什么是批大小？"]


def test_english_questions_without_answers_in_between():
    text = "## What is pooling?\n\nIt shrinks maps.\n\n## Why does it help?\n\n## How large is the window?\n\nTwo.\n"
    parsed = read(text, "a.md")
    assert list(pairs(parsed)) == ["What is pooling?", "How large is the window?"]
    assert opened(parsed) == ["Why does it help?"]


def test_text_after_a_list_of_questions_belongs_to_none_of_them():
    text = "# 题\n\n## 一\n\n- 什么是批大小？\n  - 样本数。\n- 它影响什么？\n\n后面的话另起一段，与上面的列表无关。\n"
    parsed = read(text, "a.md")
    assert pairs(parsed) == {"什么是批大小？": "- 样本数。"}
    assert opened(parsed) == ["它影响什么？"]
    assert list(sections(parsed).values()) == ["后面的话另起一段，与上面的列表无关。"]


def test_a_task_is_a_question():
    text = "Explain pooling.\n\nIt shrinks maps.\n\nUse it sparingly.\n\nCompare two optimizers\n\nAdam adapts.\n"
    found = pairs(read(text))
    assert found["Explain pooling."].endswith("Use it sparingly.")
    assert list(found) == ["Explain pooling.", "Compare two optimizers"]


def test_a_paragraph_after_a_list_of_questions_is_not_the_last_ones_answer():
    parsed = read(
        "# 复习\n\n## 思考\n\n1. 为什么要归一化？\n2. 为什么要打乱数据？\n\n想清楚这些再往下读，会轻松很多。\n",
        "a.md",
    )
    assert pairs(parsed) == {}


def test_rhetorical_questions_stay_in_their_paragraph():
    text = "## 训练\n\n损失不降怎么办？先看学习率，再看数据。\n\n那么原因是什么呢？\n\n多半是学习率太大。\n"
    parsed = read(text + "\n## 评估\n\n用验证集来评估，不看训练误差。\n", "a.md")
    assert pairs(parsed) == {}
    assert "多半是学习率太大。" in sections(parsed)["训练"]


def test_a_question_with_only_a_picture_is_open():
    parsed = read(
        "## 网络有哪些结构？\n\n下图列出了常见的结构：\n\n![](a.png)\n\n## 深度\n\n层数越多，表达力越强。\n",
        "a.md",
    )
    assert opened(parsed) == ["网络有哪些结构？"]
    assert "下图" in cut_text(parsed)[CutReason.TRUNCATED]


@pytest.mark.parametrize("filler", ["待补充", "略", "（TODO）", "见下图", "点击查看答案"])
def test_a_placeholder_is_no_answer(filler: str):
    assert opened(read(f"## 什么是蒸馏？\n\n{filler}\n\n## 剪枝\n\n剪枝去掉不重要的权重。\n", "a.md")) == [
        "什么是蒸馏？"
    ]


FORMULAS = """## 交叉熵

二分类的损失是 \\( -y\\log p \\)，多分类时：

$$
L = -\\sum_i y_i \\log p_i
$$

| 任务 | 激活 |
|---|---|
| 二分类 | sigmoid |

```python
# 不是标题
loss = -(y * p.log()).sum()
```

其中 $p$ 由 softmax 给出。

## 尾声

这里讲另一件事情，与上文无关。
"""


def test_code_formulas_and_tables_survive_in_one_piece():
    parsed = read(FORMULAS, "a.md")
    text = sections(parsed)["交叉熵"]
    for part in (
        "\\log p_i\n$$",
        "| 二分类 | sigmoid |",
        "# 不是标题",
        "$p$ 由 softmax",
        "\\( -y\\log p \\)",
    ):
        assert part in text


def test_long_sections_are_split_at_their_joints_and_blocks_stay_whole():
    paragraph = "卷积核在输入上滑动，逐点相乘再求和，得到一个数。" * 12
    code = "```\n" + "x = conv(x)\n" * 40 + "```"
    parsed = read(
        f"# 题\n\n## 卷积\n\n{paragraph}\n\n{paragraph}\n\n{code}\n\n{paragraph}\n\n{paragraph}\n", "a.md"
    )
    assert len(parsed.chunks) > 1
    assert all(len(chunk.text) <= LIMIT for chunk in parsed.chunks)
    assert sum(chunk.text.count("```") == 2 for chunk in parsed.chunks) == 1


def test_a_sentence_is_not_torn_apart_in_a_long_paragraph():
    parsed = read("# 题\n\n## 卷积\n\n" + "卷积核在输入上滑动，逐点相乘再求和。" * 120, "a.md")
    assert len(parsed.chunks) > 1
    assert all(chunk.text.endswith("。") for chunk in parsed.chunks)


def test_an_answer_is_never_split():
    parsed = read("# 题\n\n## 什么是卷积？\n\n" + "卷积核在输入上滑动，逐点相乘再求和。\n\n" * 120, "a.md")
    assert [chunk.kind for chunk in parsed.chunks] == [ChunkKind.QA]


def test_the_same_text_twice_in_a_file_has_two_ids():
    parsed = read(
        "# 题\n\n## 卷积\n\n卷积核在输入上滑动，逐点相乘。\n\n## 卷积\n\n卷积核在输入上滑动，逐点相乘。\n",
        "a.md",
    )
    assert len({chunk.id for chunk in parsed.chunks}) == 2


def test_a_chunk_keeps_its_id_when_only_its_place_changes():
    before = read("## 卷积\n\n卷积核在输入上滑动，逐点相乘。\n\n## 池化\n\n池化取窗口里的最大值。\n", "a.md")
    after = read("## 卷积\n\n先说一句新的话，放在前面。\n\n## 池化\n\n池化取窗口里的最大值。\n", "a.md")
    assert before.chunks[1].id == after.chunks[1].id
    assert before.chunks[0].id != after.chunks[0].id


PIECES = st.sampled_from(
    [
        "# 标题",
        "## 1.1 什么是卷积？",
        "**重点**",
        "1.2 池化",
        "2. 为什么要归一化？",
        "一、概念",
        "Q: 什么是步长?",
        "  • 列表项",
        "- 卷积核滑动，逐点相乘。",
        "正文一句话，说明了一件事情。希望本文对你有帮助，祝你面试顺利！",
        "相关文章",
        "转载请注明出处：http://a.b/c",
        "结构如下:",
        "```",
        "$$",
        "x = 1",
        "| a | b |",
        "|---|---|",
        "---",
        "",
        "",
        "![](a.png)",
        "\u200b",
        "好的，我将继续展开。",
        "那么，如何选择呢？",
        "待补充",
        "What is a kernel?",
        "A kernel slides over the input. ",
        "长" * 700 + "。",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("\n".join))
def test_no_character_is_lost_or_used_twice(text: str):
    if not text.strip("\u200b \n"):
        return
    parsed = read(text)
    assert accounted(parsed).balanced


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="一二。？?#*-|$`\n 1.:：ab\r\t（）", max_size=200))
def test_any_text_is_read_into_verbatim_chunks(text: str):
    if not text.strip():
        return
    parsed = read(text)
    assert accounted(parsed).balanced
    for chunk in parsed.chunks:
        assert chunk.stands_in(parsed.document.raw)
        assert chunk.kind is ChunkKind.QA or len(chunk.text) <= LIMIT
        assert all(a.end <= b.start for a, b in zip(chunk.spans, chunk.spans[1:], strict=False))
