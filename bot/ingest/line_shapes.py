"""Lines that are furniture, pointers or placeholders as a whole, told by their shape."""

import re


def _shape(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


URL = r"(?:https?://|www\.)[^\s，。）)\]>]+"

SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?]+[”’」』）)\"]*|\.(?=\s|$)|$)")
"""One sentence with its end; '.' ends one only before white space."""

RELATED = _shape(
    r"(更多|相关|推荐|热门|最新|精选|延伸|往期|精彩|你?可能(感兴趣|也喜欢)的?)\s*"
    r"(文章|推荐|阅读|内容|博文|资讯|博客|帖子|回顾|话题|专栏|问答)(列表)?\s*[>»:：]*$",
    r"(猜你喜欢|大家都在看|看了又看|为你推荐|你可能感兴趣)[^。]{0,8}$",
    r"(related|recommended|more|popular|similar|recent|further)\s+"
    r"(posts?|articles?|reading|stories|from .{1,30}|content)\s*:?$",
    r"(you (may|might) (also )?(like|enjoy)|read (more|next)|more like this|recommended for you)\b.{0,20}$",
)
"""Heading over teasers of other articles."""
TEASER_END = re.compile(r"(…|\.{3}|。。。)\s*$")

REFERENCES = _shape(
    r"(主要)?(参考(文献|资料|链接|文章|来源)|引用)\s*[:：]?$",
    r"(references?|bibliography|further reading|works cited)\s*[:：]?$",
)
"""Heading over a list of references."""
REFERENCE = _shape(
    r"[\[【（(]\s*\d", r"\d+\s*[.、)）\]]", r"[-*•]\s", rf".*{URL}", r".*\b(19|20)\d\d\b", r".*[\[《]"
)
"""How an entry of a list of references begins, or what it holds."""

SERIES = _shape(
    r"(系列|专栏|往期|其[他它余]|更多|历史|上一篇|下一篇|前文|合集)[^。]{0,16}"
    r"(如下|文章|部分|内容|回顾|链接|推荐|目录|传送门)[^。]{0,10}[:：]$",
)
"""Line that announces the author's other posts."""

_BUTTON = (
    r"点赞|收藏|分享|转发|评论|举报|关注|打赏|赞赏|在看|赞|踩|阅读全文|阅读原文|展开(全文)?|收起|返回顶部"
    r"|回到顶部|上一篇|下一篇|复制链接|登录|注册|发布|回复|微信|微博|朋友圈|qq空间|qq|twitter|facebook|linkedin"
    r"|share|like|tweet|follow|subscribe|reply|copy link|back to top"
)
BUTTONS = _shape(rf"(?:(?:{_BUTTON})[\s\d|·•,，、/()（）+:：.\-wk万千]*)+$")
COUNTER = _shape(
    r"(所有|全部|最新|热门|网友)?\s*(评论|留言|comments?)\s*[（(\[]?\s*\d*\s*[）)\]]?$",
    r"\d+\s*(条|个)?\s*(评论|留言|人?点赞|人?收藏|comments?|likes?|views?|阅读)$",
    r"(阅读|浏览|点赞|收藏|访问)(数|量|次数)?\s*[:：]?\s*\d+(\.\d+)?[wk万千]?(次|人)?$",
)
_SITES = (
    r"知乎|CSDN(博客|技术社区)?|简书|博客园|掘金|腾讯云(开发者社区)?|阿里云开发者社区|SegmentFault( 思否)?"
    r"|Stack ?Overflow|Medium|哔哩哔哩|bilibili|百度百科|维基百科|Wikipedia|GitHub|Towards Data Science"
    r"|机器之心|51CTO博客|InfoQ|开源中国|牛客网|豆瓣"
)
POINTER = _shape(
    rf".{{0,120}}[-_—|–]\s*(?:{_SITES})\s*$",
    rf"[^。；]{{0,40}}?[:：]?\s*<?{URL}>?[/。.]?$",
    rf"(?:[^\[\]。；]{{0,20}}[:：\s])?\[[^\]]+\]\({URL}[^)]*\)[。.]?$",
)
"""A line that only points to a page elsewhere."""
NAVIGATION = _shape(r"(?:[-*+•\d.]+\s*)?(?:\[[^\]]+\]\((?!https?:)[^)]*\)\s*)+$")
"""A line that only links to another place of the same site or page."""

PLACEHOLDER = _shape(
    r"\W*(略|暂无|暂缺|待(补充|完善|更新|续|整理|写)|未完成|todo|tbd|tba|n/?a|同上|coming soon)\W*$",
    r"\W*(见(上|下)?(图|文|链接|评论|附件)|如(上|下)?图(所示)?|点击查看(答案|详情|更多)?|答案(见|在).{0,12})\W*$",
)
"""What stands where an answer should."""
CONTENTS_ENTRY = re.compile(r"(.*?\S)(?:[.…·]{3,}\s*|\s+|(?<=[?？]))\d{1,3}$")
"""A line of a table of contents, with the page it points to."""
