"""What page furniture looks like: families of wording, never whole sentences."""

import re
from dataclasses import dataclass

from bot.domain.notes import CutReason


@dataclass(frozen=True, slots=True)
class Family:
    """Wordings of one kind of furniture."""

    reason: CutReason
    strong: re.Pattern[str]
    """One match is enough."""
    weak: re.Pattern[str] | None = None
    """Different matches count, see `needed`."""
    needed: int = 2

    def holds(self, text: str) -> bool:
        """Whether `text` reads like this kind of furniture."""
        if self.strong.search(text):
            return True
        if self.weak is None:
            return False
        return len({match.group().lower() for match in self.weak.finditer(text)}) >= self.needed


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


SHARE = Family(
    CutReason.SHARE,
    _any(
        r"点(个|波|一?下|击)\s*(关注|赞|收藏|在看)|(可以|请|求|记得|帮忙)[^。，]{0,4}点赞",
        r"(喜欢|觉得|有用|有帮助|感兴趣)[^。]{0,12}(的话|就|请|可以|不妨|记得|麻烦)[^。]{0,8}(点赞|关注|收藏|转发|三连)",
        r"(你们?|大家|您|各位)的(支持|关注|点赞|鼓励|三连)[^。]{0,12}动力",
        r"(欢迎|求|记得|别忘了?|麻烦|请)[^。，,]{0,6}(点赞|收藏|转发|三连|订阅|star\b)",
        r"(欢迎|求|记得|别忘了?|麻烦|请)[^。，,]{0,6}关注(我|本|一下|公众号|专栏)",
        r"(点赞|关注|收藏)[^。]{0,6}不迷路|创作不易[^。]{0,12}(点赞|关注|支持|鼓励)",
        r"一键三连|素质三连|扫描?[^。，]{0,8}二维码|扫码(关注|加|添加|进群|领取)",
        r"关注[^。，,]{0,10}(公众号|博主|专栏|up主)|(公众号|微信号|qq群|交流群)\s*[:：]",
        r"分享(到|至|给)[^。，]{0,4}(微信|微博|朋友圈|好友|qq)",
        r"(目前|正在|已|待)更新(到|至|了)?\s*(章节|第|\d)|未完待续|持续更新中",
        r"\b(please|don'?t forget to|remember to)\b.{0,30}\b(like|share|subscribe|follow|star|upvote)\b",
        r"\b(share|like|follow) (this|us|me)\b.{0,30}\b(on|post|article|page|twitter|facebook|linkedin)\b",
        r"\b(subscribe|sign up) (to|for) (our|my|the) (newsletter|channel|blog)\b",
    ),
)
LEGAL = Family(
    CutReason.LEGAL,
    _any(
        r"(如若?|若|如需|欢迎)?转载[，,]?\s*(请|务必|须|需)(注明|联系|保留|附上|标明)|(禁止|谢绝)转载",
        r"版权声明\s*[:：]|原文链接\s*[:：]|(版权归|著作权归)[^。]{0,12}所有",
        r"本文(来自|来源于?|转自|转载自)[^。]{0,12}(投稿|用户|网络|互联网|公众号|博客)",
        r"(如有|若有|如若|如)[^。，]{0,10}侵(权|犯)[^。]{0,24}(联系|删除|举报|反馈|告知)",
        r"不代表本(站|平台|网站)[^。]{0,4}(立场|观点)|本站仅提供[^。]{0,16}服务",
        r"cc[ -]by(-[a-z]{2})*(\s*4\.0)?[^。]{0,12}(协议|许可|license)",
        r"all rights reserved|©\s*(copyright\s*)?\d{4}|copyright\s*(©|\(c\))",
        r"\b(republish|reprint|reproduc)\w*\b.{0,40}\b(permission|prohibited|credit|attribution)\b",
        r"^\W*(内容)?(贡献者|作者|负责人|编辑|责任编辑|编者|译者|整理|校对|来源|出处|发布时间)"
        r"\s*(（[^）]*）)?\s*[:：][^。；]{0,40}$",
    ),
    _any(
        r"仅供参考",
        r"不承担[^。]{0,10}责任",
        r"侵权",
        r"违法违规",
        r"个人观点",
        r"不代表",
        r"原创文章",
        r"投诉",
    ),
)
ADVERT = Family(
    CutReason.ADVERT,
    _any(
        r"限时(优惠|免费|特价|抢购)|(点击|立即|马上)(购买|领取|报名|抢购|下单)|免费领取?",
        r"优惠(券|码)|(售卖|购买|淘宝|京东)链接",
        r"(加|添加)[^。，]{0,4}(微信|vx|v信|qq)[^。]{0,12}(领取|咨询|进群|获取)|(回复|私信)[^。，]{0,10}(领取|获取)",
        r"\b(buy now|limited offer|discount code|use code|free trial|sponsored by|enroll (now|today))\b",
    ),
    _any(
        r"旨在|真诚|共同参与|(欢迎|邀请)[^。]{0,24}(参与|参加|加入)",
        r"训练营|工作坊|沙龙|meetup|开发者(社区|活动|大会)|课程",
        r"干货|福利|优惠|免费|领取|报名|扫码|购买",
    ),
    needed=3,
)
CHAT = Family(
    CutReason.CHAT,
    _any(
        r"^\W*(以?下面?是|我)(我)?(将|会|已)?(为|帮|替)(你|您)"
        r"(整理|准备|生成|列出|总结|丰富|扩展|展开|撰写|改写|优化|润色)",
        r"(请|可以|欢迎)?随时(告诉我|问我|向我|提问|联系我|提出|跟我说)",
        r"作为(一个|一名|一款)?(ai|人工智能|大?语言模型)(助手|模型|，|,)",
        r"(希望|但愿)(这些|以上|上述|这份?|这个)"
        r"(内容|回答|解答|信息|解释|整理|总结|回复|资料)?[^。]{0,20}(帮助|帮到|有用)",
        r"(需要|要不要|是否需要|还需要)我[^。]{0,30}(吗|么|嘛)?[?？]",
        r"如果(你|您)(愿意|需要|想)[^。]{0,12}我(可以|还可以|能)",
        r"\bi hope this (helps|clarifies)\b|\blet me know if\b|\bfeel free to (ask|reach)\b|\bas an ai\b",
        r"\bhere('s| is| are) (a|an|the|your|some) .{0,40}(you (asked|requested)|version)\b",
    ),
)
CHAT_OPENER = _any(
    r"\W*(好的?|当然可以|没问题|明白了|收到)[，,。!！:：\s]+"
    r"(我|下面|以下|让我|接下来|这里|这是|为你|为您)[^。]{0,30}(将|会|来|为|帮|给|按|是)",
    r"\W*(sure|certainly|of course|absolutely|great question)[,!.:]\s+"
    r"(i('ll| will| can)|here|let me|let's)\b",
)
"""How a chat model starts; may go over the end of a sentence."""
CLOSING = Family(
    CutReason.CLOSING,
    _any(
        r"(希望|愿)(本文|本篇|这篇|文章|我的|能够?)[^。]{0,24}(帮助|帮到|有用|收获|启发|所得)",
        r"祝(你|大家|各位|您|愿|福|读者)[^。]{0,16}(顺利|成功|好运|offer|上岸|进步|愉快|加油)",
        r"(感谢|谢谢)(你|您|大家|各位)?的?(阅读|观看|支持|收看|浏览|耐心)",
        r"thanks? (you )?for reading|\bhappy (learning|coding|reading)\b|good luck (with|on|in)",
        r"(本文|文章|本篇|今天的?(内容|分享)|本次分享)[^。]{0,6}(到此|就到|到这)",
        r"以上就是(本|这|今|全|我)[^。]{0,16}(内容|分享|文章)",
        r"如果?(你|您|大家)?(还)?有(任何|什么|其他|疑问|问题|不懂)[^。]{0,24}"
        r"(留言|评论区?|私信|联系|交流|讨论|指出)",
        r"(欢迎|请|恳请|还请)(大家|各位|您|读者)?(在?评论区?|下方)?[^。，,]{0,4}"
        r"(留言|批评指正|指正|斧正|拍砖|补充指正)",
        r"(我会?|作者)(会|将)?尽力(帮助|回答|解答)",
    ),
)
WELCOME = Family(
    CutReason.CLOSING,
    _any(
        r"(本文|这篇(文章|博客)|本篇)[^。]{0,6}(将|会)?(为|带|给|帮)(你|您|大家|读者)[^。]{0,40}"
        r"(指南|全面|了解|梳理|介绍)",
    ),
    _any(
        r"不知所措",
        r"别担心|不用担心|不要慌",
        r"你(可能|也许|是否)会?",
        r"脱颖而出|一份[^。]{0,8}指南",
        r"助你|帮助你",
    ),
)
"""Welcoming words; looked for only before the first heading."""

FAMILIES = (CHAT, LEGAL, SHARE, CLOSING, ADVERT)
"""Looked for in every sentence, in this order."""
