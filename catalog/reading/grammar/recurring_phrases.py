"""Phrases of time that name no single date: recurrences, manners, traps; and all in order."""

from __future__ import annotations

from catalog.reading.grammar import meanings
from catalog.reading.grammar.rule import Rule
from catalog.reading.grammar.time_phrases import (
    BARE_DATES,
    BY,
    DATES,
    DAY,
    MONTH,
    PART,
    QUARTER,
    SOME,
    YEAR,
)

# 月調度、季通報: a routine named by how often it comes.
_BARE = r"(?<![\d一二三四五六七八九十个每按逐当本上下次第春夏秋冬旺淡雨])"
_ROUTINE = "调度|通报|小结|例会|汇总|抽查"
_INTO_FORCE = r"(?:正式)?(?:施行|实施|执行|生效|起效)"

# Looks like a date and binds nobody.
TRAPS = (
    Rule(
        "edition",
        "trap",
        rf"\((?:{YEAR}(?:修订|修正|版|本|征求意见稿|第\d+号令?))\)|\[(?:19|20)\d\d\](?:第?\d+号)?|{YEAR}版",
        {"2016年版": "", "(2011年修订)": "", "(2018年版)": "", "[2010]461号": "", "[2019]": ""},
        ("(2013年底前)",),
    ),
    Rule(
        "entitlement",
        "trap",
        r"每(?:人|户|生|名|家|位|亩|吨|台|辆|床|公里|平方米|个(?:企业|项目|班))每(?:年|月|学期|学年)"
        r"[^,。;\n]*"
        r"|(?:每[人户家名位个]|只|仅)?限(?:享受|申领|申报|领取)?[1-9一两二三]次"
        r"|每年(?:只|仅|至多|最多|最高)[^,。;\n]*",
        {"每人每年只享受一次": "", "每户每月补助300元": "", "每年最多申报2次": "", "每人限1次": ""},
        ("每年召开2次会议",),
    ),
    Rule(
        "measured",
        "trap",
        rf"以?上一?年度?(?:\d+-\d+月份?)?(?!半)|去年(?:同期)?|以{YEAR}\d+-\d+月"
        rf"|{YEAR}以来|近{SOME}年来?|{SOME}年来|截[至止]到?{YEAR}(?:{MONTH})?{PART}?(?=[^。;]{{0,20}}已)",
        {"以上年1-12月": "", "上年度": "", "去年同期": "", "2010年以来": "", "近三年": ""},
        ("每年1-2次", "今年底前"),
    ),
    Rule(
        "at-once",
        "trap",
        r"跑[一1零0][次趟]|一次(?:办[成好结]|告知|申报|放行|受理)",
        {"跑一次": "", "一次办成": "", "一次告知": "", "跑零次": ""},
        ("每年一次", "召开一次会议"),
    ),
    Rule(
        "into-force",
        "trap",
        rf"[自从]?{YEAR}{MONTH}{DAY}起{_INTO_FORCE}|自(?:印发|发布|公布)之日起{_INTO_FORCE}",
        {"自2013年9月1日起施行": "", "2013年9月1日起正式实施": "", "自印发之日起施行": ""},
        ("从2013年起", "2013年9月1日前"),
    ),
    Rule(
        "lasting",
        "trap",
        rf"有效期限?(?:至|到|为)?{YEAR}(?:{MONTH})?(?:{DAY})?止?"
        rf"|(?:为期|有效期|试点期|建设期|连续|满|不足){SOME}个?(?:年|月|日|天)(?:以上|以内)?"
        rf"|{SOME}年(?:期|制|以上(?:经验|经历|工作)|行动|计划|规划|任期)",
        {
            "为期三年": "",
            "有效期至2014年12月31日": "",
            "有效期5年": "",
            "三年行动": "",
            "连续2年": "",
            "3年期": "",
        },
        ("三年内",),
    ),
)

# The year a figure is laid beside.
BASES = (
    Rule(
        "base-year",
        "base",
        rf"[比较]{YEAR}(?:底|末)?(?:的|相比)?"
        rf"|[由从]?{YEAR}(?:底|末)?(?:的(?![上下]半年)|相比|水平|基础上|同期)",
        {
            "2012年的": "once ..2012-12-31",
            "比2010年": "once ..2010-12-31",
            "由2012年底的": "once ..2012-12-31",
        },
        ("2012年底前", "到2015年", "从2012年起"),
        meanings.base_year,
    ),
)

# Comes round.
RECURRENCES = (
    Rule(
        "since",
        "since",
        rf"[从自由]?{YEAR}(?:{MONTH}(?:{DAY})?)?(?:起|开始)",
        {
            "从2013年起": "yearly 2013-01-01..",
            "2014年起": "yearly 2014-01-01..",
            "自2014年7月起": "yearly 2014-07-01..",
        },
        ("2013年底前", "自2013年9月1日起施行"),
        meanings.since,
    ),
    Rule(
        "since-split-year",
        "since",
        r"[从自由]?((?:19|20)\d\d)[-/]\d\d(?:财政年度|学年度?|年度)起",
        {
            "由2013-14年度起": "yearly 2013-04-01.. | yearly 2013-01-01..",
            "从2013/14学年起": "yearly 2013-09-01.. | yearly 2013-08-01..",
            "自2014-15财政年度起": "yearly 2014-04-01.. | yearly 2014-01-01..",
        },
        ("2013年起", "2013-14年度"),
        meanings.since_split_year,
    ),
    Rule(
        "yearly-on",
        "recurs",
        rf"每年度?的?{MONTH}(?:{DAY}|份?{PART}|份)?({BY})?",
        {
            "每年6月底前": "yearly ..2014-06-30",
            "每年12月15日前": "yearly ..2013-12-15",
            "每年十月": "yearly ..2013-10-31",
            "每年3月前": "yearly ..2014-02-28 | yearly ..2014-03-31",
        },
        ("每年3-5场", "每月15日前"),
        meanings.yearly_on,
    ),
    Rule(
        "yearly-in",
        "recurs",
        rf"每年的?(?:(上|下)半年|{QUARTER}(末|底|内)?)({BY})?",
        {
            "每年上半年": "yearly ..2014-06-30",
            "每年第四季度": "yearly ..2013-12-31",
            "每年一季度末前": "yearly ..2014-03-31",
        },
        ("每半年", "每季度", "2014年上半年"),
        meanings.yearly_in,
    ),
    Rule(
        "yearly-end",
        "recurs",
        rf"每年(?:年)?(?:底|末|终){BY}?",
        {"每年底前": "yearly ..", "每年年底": "yearly ..", "每年末": "yearly .."},
        ("2013年底前", "每年"),
        meanings.always("yearly"),
    ),
    Rule(
        "half-yearly",
        "recurs",
        rf"每半年(?:底|末)?{BY}?|半年(?:召开|开展|组织|报送|通报|调度|评估)?一次|按半年"
        r"|(?<=[、,])半年(?=督查|评估|小结|通报|督办|总结)",
        {"每半年": "half-yearly ..", "半年一次": "half-yearly ..", "每半年末": "half-yearly .."},
        ("上半年", "每年上半年"),
        meanings.always("half-yearly"),
    ),
    Rule(
        "quarterly-by",
        "recurs",
        rf"每个?季度?的?(首月|第一个月|第1个月|结束后|末月|最后一个月|末|最后1个月)的?{DAY}(?:内|{BY})?",
        {
            "每季度末月25日前": "quarterly ..2013-09-25",
            "每季度首月10日前": "quarterly ..2013-10-10",
            "每季度最后一个月20日前": "quarterly ..2013-09-20",
            "每季结束后10日内": "quarterly ..2013-10-10",
        },
        ("每季度末前", "每月10日前"),
        meanings.quarterly_by,
    ),
    Rule(
        "quarterly",
        "recurs",
        rf"每个?季度?(?:末|底)?{BY}?|按季度?|逐季|季度一次|{_BARE}季(?={_ROUTINE})",
        {"每季度": "quarterly ..", "每季度末": "quarterly ..", "按季度": "quarterly .."},
        ("第一季度", "每季度首月10日前"),
        meanings.always("quarterly"),
    ),
    Rule(
        "next-month",
        "recurs",
        rf"[次下]月{DAY}{BY}?",
        {
            "次月5日前": "monthly ..2013-08-05 | quarterly .. | yearly ..",
            "下月10日前": "monthly ..2013-08-10 | quarterly .. | yearly ..",
            "次月十五日前": "monthly ..2013-08-15 | quarterly .. | yearly ..",
        },
        ("每月5日前", "5日前"),
        meanings.next_month,
    ),
    Rule(
        "monthly-by",
        "recurs",
        rf"每个?月的?{DAY}{BY}?",
        {
            "每月28日前": "monthly ..2013-08-28",
            "每月5日": "monthly ..2013-08-05",
            "每月二十五日前": "monthly ..2013-08-25",
        },
        ("次月5日前", "每月底前"),
        meanings.monthly_by,
    ),
    Rule(
        "monthly",
        "recurs",
        rf"每个?月(?:月?(?:底|末))?{BY}?|按月|逐月|每月一次|{_BARE}月(?={_ROUTINE})",
        {"每月": "monthly ..", "每月底前": "monthly ..", "按月": "monthly .."},
        ("每年6月底前", "次月5日前"),
        meanings.always("monthly"),
    ),
    Rule(
        "every-some-years",
        "recurs",
        r"每([两二三四五]|[2-5])年",
        {
            "每两年": "once ..2014-12-31 | yearly ..",
            "每三年": "once ..2015-12-31 | yearly ..",
            "每2年": "once ..2014-12-31 | yearly ..",
        },
        ("每年", "每半年"),
        meanings.every_second,
    ),
    Rule(
        "weekly",
        "recurs",
        rf"每[周日天旬]|每(?:两|半个?)[周月]|每个?工作日|{_BARE}周(?={_ROUTINE})",
        {
            "每周": "monthly .. | half-yearly ..",
            "每日": "monthly .. | half-yearly ..",
            "每两周": "monthly .. | half-yearly ..",
        },
        ("每月", "每年"),
        meanings.always("monthly", "half-yearly"),
    ),
    Rule(
        "school-term",
        "recurs",
        r"每个?学[期年]",
        {
            "每学期": "half-yearly .. | yearly ..",
            "每学年": "half-yearly .. | yearly ..",
            "每个学期": "half-yearly .. | yearly ..",
        },
        ("每年", "学期"),
        meanings.always("half-yearly", "yearly"),
    ),
    Rule(
        "yearly",
        "recurs",
        r"每一?年度?|分年度|按年度?(?!龄)|一年(?:召开|开展|组织|报送|评估)?一次|(?<!\d年)(?<!本)(?<![上下]一)年度(?!内)",
        {"每年": "yearly ..", "分年度": "yearly ..", "按年度": "yearly ..", "年度": "yearly .."},
        ("2013年度", "每两年", "每人每年"),
        meanings.always("yearly"),
    ),
)

# No date at all.
UNDATED = (
    Rule(
        "standing",
        "standing",
        r"持续(?:推进|推动|开展|实施|跟进|抓好)|长期(?:坚持|推进|任务|开展)|常年坚持"
        r"|常态化(?:开展|推进|实施|运行)|(?:经常|常年|日常)性?(?:办理|开展)|经常性工作",
        {"持续推进": "", "长期坚持": "", "常态化开展": "", "长期任务": ""},
        ("持续健康发展",),
    ),
    Rule(
        "manner",
        "manner",
        r"定期|适时|及时|按时|按期|如期|限时",
        {"定期": "", "适时": "", "及时": "", "按时": "", "限时": ""},
        ("时限", "近期"),
    ),
    Rule(
        "vague",
        "vague",
        r"近期|尽快|尽早|早日|限期|短期内|择机|届时|立行立改|即日起|节前|本周内?|下周内?"
        r"|(?<![\d〇零一二三四五六七八九十百千两几数多今明去本每全近])年前",
        {"近期": "", "尽快": "", "限期": "", "立行立改": "", "年前": ""},
        ("定期", "近年", "期限", "2014年前", "三年前"),
    ),
)

TIMES = (*TRAPS, *RECURRENCES, *BASES, *DATES, *BARE_DATES, *UNDATED)
