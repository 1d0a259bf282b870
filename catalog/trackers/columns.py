"""Roles of a tracker's columns, and the heads that name them in Chinese and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal[
    "number",
    "chapter",
    "title",
    "source",
    "lead",
    "participants",
    "person",
    "opens",
    "due",
    "done",
    "status",
    "progress",
    "percent",
    "problem",
    "next_step",
    "document",
    "note",
]
ROLES: tuple[Role, ...] = get_args(Role)
SEVERAL: frozenset[Role] = frozenset(
    ("title", "chapter", "participants", "person", "source", "progress", "problem", "note")
)  # several columns may have these roles: their texts stand one under the other
_NOISE = re.compile(r"[\s:()\[\]“”\"'*、,.。/_-]+")
# The first role whose pattern a head's text has, Chinese or English; heads are folded, in small
# letters.
_PATTERNS: tuple[tuple[Role, str, str], ...] = (
    (
        "number",
        (
            "^(?:序号?|编号|任务编号|事项编号|项次|次序|项目编号|号|段落|段|条目"
            "|.{0,4}(?:登记|提案|建议|议案|收文|督办|督查)号"
            "|(?!文件|来文|发文|批文|合同).{1,4}(?:编号|序号))(?:no)?$"
        ),
        "^(?:nos?|s ?n|#|ref|serial|id|para|item|(?:item|ref|serial|action|rec|task) (?:no|id))$",
    ),
    (
        "next_step",
        "下一?步|下一?(?:周|月|季度|阶段)|后续|工作打算|打算|拟采取|(?:解决|改进|应对)(?:措施|办法)",
        "next step|way forward|follow ?up|planned action",
    ),
    (
        "problem",
        "问题|困难|堵点|难点|卡点|风险|原因|需要?.{0,3}协调",
        "issue|problem|difficult|obstacle|risk|blocker|challenge",
    ),
    ("percent", "完成率|完成比例|百分比|完成百分|进度%|完成度", "percent|%"),
    (
        "person",
        (
            "责任人|负责人|提案人|联系人|联络人|联络员|经办人|承办人"
            "|督办(?:单位|部门|科室|人)|电话|手机|领导(?!.*[批指]示)|^(?:领衔|人大)?代表(?:委员)?$"
        ),
        "contact|person|officer|telephone|phone|^tel|e ?mail",
    ),
    (
        "done",
        (
            "^(?!.*(?:要求|计划|规定|预计|预定|预期|目标|拟|应|限))"
            ".*(?:实际(?:完成|办结|答复|时间)|(?:办结|销号|结案|答复|回[复覆])(?:时间|日)"
            "|完成日)"
        ),
        (
            "actual|completed on|completed date|date completed|date of completion|closed on"
            "|date closed|clos(?:ed|ure) date|done on|^(?:closed|completed)$"
        ),
    ),
    (
        "opens",
        "开始|起始|启动|开工|动工|交办时间|交办日|下达时间|立项时间",
        (
            "start|commence|date raised|date assigned|assigned on|issued on"
            "|^(?:raised|opened)(?: on)?$"
        ),
    ),
    (
        "status",
        "状态|状况|是否(?!.*[按如及][时期]).*(?:完成|办结|销号|结案|落实|解决|到位|答复|整改)|^是否$|办结情况|完成与否|亮灯|灯号|红绿灯|销号情况|现况|列管(?:情|与)",
        r"status|^rag|traffic light|^(?:closed|completed?|done)(?:\?|.*\by n\b|.*\byes no\b)",
    ),
    ("source", "(?:来文|收文|发文|登记|受理|提出|印发)(?:时间|日期)", "date received|^received"),
    ("due", "时间进度|进度(?:安排|要求|计划)|时间(?:安排|要求)", "^schedule$"),
    (
        "progress",
        "进展|进度|(?:落实|办理|完成|工作|推进|实施|跟进|执行|反馈|最新)情[况形]|办理结果|(?:回[复覆]|答复|反馈)内容",
        "progress|update|achievement|action taken|position",
    ),
    (
        "document",
        "佐证|印证|(?:证明|支撑|印证)材料|附件|(?:完成|办结|销号)依据|成果",
        "evidence|document|attachment",
    ),
    (
        "source",
        "来源|出处|文号|会议|会次|批示|来文|交办(?:人|单位|部门|依据)",
        r"source|reference|paper|meeting|\borigin\b",
    ),
    (
        "due",
        (
            "^(?!.*(?:更新|填报|填表|统计|通报|督办|督查|验收|检查)).*"
            "(?:时限|期限|限期|截止|截至|时间|日期|节点|限办|何时|预计完成|目标日"
            "|起止|年限|工期)"
        ),
        (
            "(?<!over)due|deadline"
            "|(?:target|implementation|agreed|planned|expected) date|by when|timeframe"
            "|time ?limit|timeline|complet|^by$|^date$|^when$"
        ),
    ),
    (
        "participants",
        "配合|参与|参加|协办|协同|协助|会办|会同|支持单位",
        (
            "support|participat|assist|consult|co ?operat|contribut|partner"
            "|other (?:parties|department|bureau|agenc)"
        ),
    ),
    (
        "lead",
        (
            "^(?!.*(?:考核|验收|督导|监督|审核|评估)).*"
            "(?:牵头|主办|责任|承办|主责|负责|(?:落实|执行)(?:单位|部门)|实施主体|主管|单位|部门"
            "|科室|处室|局办|委办)"
        ),
        (
            "lead|responsib|owner|action by|action party|accountab|bureau|department|agency"
            "|assignee|^who$|assigned to|^by whom$"
        ),
    ),
    ("source", "依据", "^basis$"),
    ("note", "备注|说明|附注|备考", "remark|note|comment"),
    (
        "chapter",
        "^(?!办理).*(?:类别|类型)|领域|板块|方面|分类|专项|章节",
        "category|area|theme|chapter|section|workstream",
    ),
    (
        "title",
        "事项|任务|内容|工作|措施|项目|举措|目标|要求|指标|议题|决定|标题|名称|主题|案由|行动|跟进",
        (
            "task|action|measure|item|description|initiative|recommendation|decision|activity|subject"
            "|matter|objective|commitment|work package|deliverable|milestone|project"
        ),
    ),
)
# Of several columns that may have one role, the heads that name it best.
_STRONG: Mapping[Role, re.Pattern[str]] = {
    "due": re.compile(
        "时限|期限|限期|截止|限办|(?:要求|应|计划|预计|拟|预定).*(?:时间|日)"
        "|due|deadline|target date"
    ),
    "lead": re.compile("牵头|主办|主责|第一责任|lead"),
    "done": re.compile("实际|actual"),
    "status": re.compile("状态|status"),
}
_DOING = re.compile("(?:完成|办结|办理)时间|完成日")  # due, or done beside a better head
_ANEW = re.compile("延期后|调整后|变更后|revised|extended")  # the due date that counts now
_CARRIES = re.compile("责任|承办|负责|实施|落实|执行|responsib|owner|action|assign")
_HELPS = re.compile("责任|承办|负责|实施|落实|执行|成员|责任主体")  # beside a column that leads
_SURELY_DONE = re.compile("实际|办结|销号|结案|actual|closed|completed|done")
_TASK = re.compile("名称|标题|事项|内容|要求|action|item|matter")
_BODY = re.compile("单位|部门|科室|department|bureau|agency")
_COMPILED = tuple((role, re.compile(f"{zh}|{en}")) for role, zh, en in _PATTERNS)


def head_words(text: str) -> str:
    """Return a head in the form for comparing: simplified, small letters, single blanks."""
    folded = _NOISE.sub(" ", fold(text)).strip().lower()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", folded)


def role_of(head: str) -> Role | None:
    """Return the role of a column by its head, None where no head is known."""
    words = head_words(head)
    return next((role for role, pattern in _COMPILED if pattern.search(words)), None)


def strength(role: Role, head: str) -> int:
    """Return how well a head names its role among other heads of that role: 0 to 3."""
    pattern, words = _STRONG.get(role), head_words(head)
    if role == "due" and _ANEW.search(words):
        return 3
    if pattern and pattern.search(words):
        return 2
    fair = {"due": _DOING, "lead": _CARRIES}.get(role)
    return int(bool(fair and fair.search(words)))


def replaces(head: str) -> bool:
    """Tell whether a due date under a head replaces the one that was set first."""
    return strength("due", head) > 2  # noqa: PLR2004  延期后时限


def is_day_of_doing(head: str) -> bool:
    """Tell whether a head beside a better one for the due date names the day of doing."""
    return strength("due", head) == 1


def helps(head: str) -> bool:
    """Tell whether a column of bodies takes part where another column names the lead."""
    return bool(_HELPS.search(head_words(head)))


def may_be_due(head: str) -> bool:
    """Tell whether a day of doing by its head is the due date where no other column is."""
    return not _SURELY_DONE.search(head_words(head))


def may_be_title(head: str) -> bool:
    """Tell whether a column of another role names the tasks where no other column does."""
    return bool(_TASK.search(head_words(head)))


def names_bodies(head: str) -> bool:
    """Tell whether a column of persons by its head also names their bodies."""
    return bool(_BODY.search(head_words(head)))
