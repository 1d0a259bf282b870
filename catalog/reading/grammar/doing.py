"""Verbs that ask somebody to act: a table of rules with their examples.

Only Chinese has a table. In a text of another language nothing is an action, and nothing is
claimed about it (docs/rules.md, From phrase to date).
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from catalog.reading.grammar.folding import fold


class Doing(NamedTuple):
    """A kind of verb: `examples` are clauses that ask for it, in any script.

    `near` are clauses that have its signs and ask for nothing at all.
    """

    name: str
    pattern: str
    examples: tuple[str, ...]
    near: tuple[str, ...]


# Patterns are written in the form for comparing (`folding.fold`): simplified, narrow.
DOING = (
    Doing(
        "set-up",
        "建立|健全|建设(?!性|部|用地|单位)|建成|构建|搭建|设立|新设|成立|组建|创建|打造|培育|培养|营造",
        (
            "建立境外生產加工基地",
            "并建立“轉型升級支援服務中心”",
            "健全重點企業聯系制度",
            "搭建公共服务平台",
            "於各地培育品牌推廣公共服務平臺",
        ),
        ("產業園建設", "培育、孵化的步驟", "對新設研發機構的企業"),
    ),
    Doing(
        "drive",
        "推动|推进|推行|推广|促进(?!机构|中心|会)|加快|实施|实行|逐步实现|落实(?!不)|贯彻|执行(?![委力])"
        "|组织(?![部机委架])|开展|举办|举行|召开|发展(?![改方能格空步水]|情况)|发挥|承接|承办|参与|参加"
        "|先行(?=试)|适用于|做好|进行",
        (
            "推動東莞市相關產業梯度有序轉移",
            "組織加工貿易企業參與“廣貨網上行”等電子商務推介活動",
            "在海關特殊監管區域內開展“內銷產品召回”維修業務試點",
            "大力推广应用管理系统",
            "在東莞市先行試點",
        ),
        ("按照試點、總結、推廣的步驟", "省發展改革委", "結合落實考核指標情況"),
    ),
    Doing(
        "improve",
        "完善|优化|深化|改进|(?<!技术)改造|规范(?!性)|加强|强化|加大|扩大|扩展|拓展|开拓|开发(?!区)|探索"
        "|创新(?!能力)|简化|细化|整合|压实|提升",
        (
            "完善外發加工集中審批模式",
            "加強口岸監管設施建設",
            "擴大深加工結轉通關無紙化等試點",
            "逐步擴展到檢驗檢疫、稅務等部門",
            "細化招商引資目錄",
        ),
        ("完善、優化的程度", "企業技術改造", "經濟技術開發區"),
    ),
    Doing(
        "guide",
        "指导(?!意见|办法|目录)|督促|督导|督查|检查(?!站)|抽查|排查|引导|鼓励|支持|扶持|帮助|协助|协调|配合"
        "|统筹|允许|(?<!技术)监督|宣传|予以|给予|提供",
        (
            "督促東西北地區加大招商引資力度",
            "指導東莞市進一步完善試點工作方案",
            "鼓勵和支持加工貿易企業申報“省引進領軍人才”",
            "對向社會募集資金的給予補助",
            "对符合条件的企业予以资金支持",
        ),
        ("國家部門的支持", "監督、檢查和協調的機制", "服務指導辦法"),
    ),
    Doing(
        "draw-up",
        "制订|制定|出台|起草|拟订|拟定|(?<!年)修订|编制(?!部门)|研究(?![中院所机生])|明确|明晰|梳理|汇总|总结"
        "|提出|了解|报送|上报|通报|公布|公开|考核|评估",
        (
            "研究提出需國家有關部門進一步支持協調的工作事項",
            "并於年底前出臺配套措施",
            "总结排名靠前的成功经验",
            "提出排名靠后的整改意见",
            "明確任務要求",
        ),
        ("(2011年修訂)", "工程技術研究中心", "通報、公布的內容"),
    ),
    Doing(
        "arrange",
        "引进|吸引|吸纳|选择|选取|选定|取消|清理|减轻|下放|暂停|续签|分解|安排|稳定|办理|移交|收回|完成|畅通"
        r"|争取(?!到?(?:20)?\d\d年|于|在)",
        (
            "吸引研發、設計、創意等生產性服務企業進駐",
            "取消不合理收費",
            "及時與上述部門續簽合作協議",
            "爭取海關總署支持",
            "分解落实各地年度目标任务",
        ),
        ("爭取2014年前見效", "選擇、安排的項目", "已下放的事項"),
    ),
)


# Words by which a clause only says on what ground something else is done, and what ends them.
_GROUND = re.compile("结合|按照|根据|参照|借鉴|依据|依照|围绕|针对|鉴于|随着")
_GROUND_ENDS = re.compile(
    "(?:要求|原则|规定|精神|步骤|部署|情况|经验|方向|实际|特点|标准|程序|方式|任务)(?:.*要求)?"
)
_ABOUT_WHOM = re.compile("对.*的(?:企业|单位|项目|地区)?")
_QUOTED = re.compile("“[^“”]*”|《[^《》]*》|\\([^()]*\\)|\\[[^\\[\\]]*\\]")
_LIST = "(?:[、和与及][^、和与及的]{2,4}){0,4}"
# A verb asks for nothing in a list that describes (試點、總結、推廣的步驟).
_DESCRIBES = f"(?!{_LIST}的)"
# Behind the first words it may be a noun besides: 國家部門的支持, 產業園建設.
_NOUN_BEFORE, _NOUN_BEHIND = "(?:(?<![的、和与及等])|(?=予以|给予))", f"(?!{_LIST}(?:$|的)|等)"
_ADVERBS = (
    "(?:并|且|还|也|再|要|应当?|须|需|必须|将|可|以|进一步|不断|逐步|积极|大力|认真|切实|全面|着力|着重|重点|充分"
    "|及时|适时|定期|尽快|抓紧|率先|共同|继续|深入|严格|有序|稳步|加紧|妥善|坚决|原则上|按时|分别|有针对性地"
    "| )*"
)


def verb_of(clause: str) -> re.Match[str] | None:
    """Return the first verb of a clause that asks for something, in folded words."""
    words = _QUOTED.sub(lambda quoted: "□" * len(quoted[0]), fold(clause))
    if _ABOUT_WHOM.fullmatch(words.strip()):
        return None
    start = 0
    if _GROUND.match(words.strip()):
        start = max((ends.end() for ends in _GROUND_ENDS.finditer(words)), default=len(words))
    return _leading().match(words, start) or _anywhere().search(words, start)


@functools.cache
def _leading() -> re.Pattern[str]:
    return re.compile(f"{_ADVERBS}(?P<verb>{_verbs()}){_DESCRIBES}(?!$)")


@functools.cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(f"{_NOUN_BEFORE}(?P<verb>{_verbs()}){_NOUN_BEHIND}")


def _verbs() -> str:
    return "|".join(row.pattern for row in DOING)
