"""Ten trackers as offices keep them, each of another form, and the register they are read with."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from catalog.plans.contents import Agency, Group
from catalog.reading.who.register import Register

FILES = Path(__file__).parent / "tasks" / "spreadsheets" / "files"
_NAMES = (
    ("edu", "市教育局", ("教育局", "教育局（教育科）", "Education Bureau", "EDB")),
    ("finance", "市财政局", ("财政局",)),
    ("reform", "市发展和改革委员会", ("市发展改革委", "市发改委")),
    ("housing", "市住房和城乡建设局", ("市住建局", "县住建局")),
    ("transport", "市交通运输局", ("Transport Department", "TD", "運輸署")),
    ("health", "市卫生健康委员会", ("市卫健委", "Department of Health", "DH", "衞生署")),
    ("office", "市政府办公室", ("市府办",)),
    ("east", "东区", ()),
    ("west", "西区", ()),
)
REGISTER = Register(
    agencies=tuple(
        Agency(id=i, name=name, kind="office" if i == "office" else "department", aliases=aliases)
        for i, name, aliases in _NAMES
    ),
    groups=(Group(id="districts", name="各区", members=("east", "west")),),
)


def supervision() -> bytes:
    """督查台账 .xlsx: a title, two rows of heads, sections, percentages, a hidden row, a total."""
    book = Workbook()
    sheet = book.active
    sheet.title = "督查台账"
    rows = [
        ["2026年市政府重点工作督查台账（截至2025年12月31日）"],
        [
            "序号",
            "重点任务",
            "具体举措",
            "责任单位",
            None,
            "完成时限",
            "进展情况",
            "完成率",
            "备注",
        ],
        [None, None, None, "牵头单位", "配合单位"],
        ["一、教育类"],
        [1, "新建学校", "完成选址", "市教育局", "市财政局、市发改委", "6月底前", "已选址", 1],
        [2, None, "开工建设", "市教育局\n市水务局", None, "2026年12月", "推进中", 0.355],
        ["二、财政类"],
        [3, "拨付资金", None, "市财政局", None, "每季度", None, None, "重点"],
        ["合计", None, None, None, None, None, None, "=AVERAGE(H5:H8)"],
        ["注：本表每月更新一次。"],
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A1:I1", "D2:E2", "A4:I4", "B5:B6", "A7:I7", *(f"{c}2:{c}3" for c in "ABCFGHI")):
        sheet.merge_cells(area)
    sheet["H5"].number_format, sheet["H6"].number_format = "0%", "0.0%"
    sheet.row_dimensions[8].hidden = True
    return _saved(book)


def breakdown() -> bytes:
    """任务分解表 .xls, written by an old program: merged tasks, typed days, a serial number."""
    return (FILES / "task-table.xls").read_bytes()


def projects() -> bytes:
    """折子工程 .ods: repeated cells, percentages and days as shown, a hidden column, a comment."""
    body = "".join(
        (
            _ods_row(_ods("2026年折子工程", across=6)),
            _ods_row(*map(_ods, ("编号", "项目", "主办单位", "会办单位", "截止日期", "目前进度"))),
            _ods_row(
                _ods("001"),
                _ods("建设慢行系统", note="不要忘记"),
                _ods("市交通运输局", down=2),
                _ods("市住建局"),
                _ods("2026年6月30日", 'office:value-type="date" office:date-value="2026-06-30"'),
                _ods("85%", 'office:value-type="percentage" office:value="0.85"'),
            ),
            _ods_row(
                _ods("002"),
                _ods("改造路口"),
                "<table:covered-table-cell/>",
                '<table:table-cell table:number-columns-repeated="1"/>',
                _ods("6月30日前"),
                _ods("未开工"),
            ),
            (
                '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
                'table:number-columns-repeated="1024"/></table:table-row>'
            ),
        )
    )
    columns = (
        '<table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
    )
    return ods(f'<table:table table:name="折子">{columns}{body}</table:table>')


def meeting() -> bytes:
    """会议议定事项 .csv in GBK: persons with telephone numbers, labels within a cell."""
    rows = (
        "市政府第12次常务会议议定事项跟踪表（2026年）,,,,,",
        "项次,议定事项,责任单位及联系人,办理时限,落实情况,下一步打算",
        '1,制定停车管理办法,"牵头单位：市交通运输局；配合单位：市住建局、市财政局",2026.5.20前,正在起草,',
        "2,研究校车补贴,市教育局 张三 020-83123456,3月前,,",
        "3,督办欠薪问题,市人社局（李四 13800138000）,持续推进,已清欠,加强巡查",
        "4,分解任务,各区、各有关部门,尽快,,",
        "填表人：王五,,,,,",
    )
    return "\r\n".join(rows).encode("gbk")


def hong_kong() -> bytes:
    """跟進事項 .csv in Big5 with signs of Hong Kong: bilingual heads, day before month."""
    rows = (
        (
            "項目 Item,跟進事項 Action Required,負責部門 Lead Department,協辦 Supporting,"
            "目標完成日期 Target Date,現況 Status,備註 Remarks"
        ),
        "1,擴闊行人路,運輸署,,30/6/2026,進行中,",
        "2,加裝健康資訊屏幕,衞生署,運輸署/教育局,3/4/2026,已完成,見附件",
        "3,檢討嘅安排,教育局,,2026年第3季,,",
    )
    return "\n".join(rows).encode("big5hkscs")


def actions() -> bytes:
    """An English action tracker: semicolons, a byte order mark, lines that end with CR."""
    rows = (
        "Action tracker;;;;;;",
        "Ref;Action;Owner;Support;Due date;RAG;Latest update",
        'A1;Publish the guide;"Education Bureau";"TD, DH";30 Jun 2026;Green;"Draft; circulated"',
        "A2;Review the fees;EDB and Department of Health;;Quarterly;Amber;",
        "A3;Open the clinic;Ms Chan;;Ongoing;;",
        "A4;Close the gap;TD;;TBC;;",
    )
    return b"\xef\xbb\xbf" + "\r".join(rows).encode()


def web_page() -> bytes:
    """An OA system's export: a web page under the name of an .xls, with spans and breaks."""
    return """<html><head><meta charset="gb2312"><style>td{border:1}</style></head><body>
<table><tr><td><table border=1>
<tr><td colspan=5>2026年度督办事项</td></tr>
<tr><th>序号</th><th>督办事项</th><th>承办单位</th><th>办结时限</th><th>办理情况</th></tr>
<tr><td rowspan=2>1</td><td rowspan=2>完善<br>应急预案</td><td>市卫健委</td><td>6月底前</td>
<td rowspan=2>已报送</td></tr>
<tr><td>市教育局</td><td>9月底前</td></tr>
<tr style="display:none"><td>2</td><td>旧事项</td><td>市财政局</td><td>2026-03-01</td><td></td></tr>
<tr><td>3</td><td>开展演练</td><td>同上</td><td>每半年</td><td>&nbsp;</td></tr>
</table></td></tr></table></body></html>""".encode("gbk")


def xml_of_2003() -> bytes:
    """Excel's XML of 2003 under the name of an .xls: typed days, percentages, skipped cells."""
    heads = ("序号", "工作内容", "责任部门", "要求完成时间", "实际完成时间", "进度%")
    rows = (
        _xml_row(*(_xml(head) for head in heads)),
        _xml_row(
            *(_xml("1", "Number"), _xml("修订制度"), _xml("市府办")),
            *(_xml("2026-06-30T00:00:00.000", "DateTime"), _xml("0.5", "Number", 'ss:Index="6"')),
            at=3,
        ),
        _xml_row(
            *(_xml("2", "Number"), _xml("编制预算"), _xml("市财政局"), _xml("1926/3/31")),
            _xml("2026年3月20日"),
        ),
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Styles><Style ss:ID="p">'
        '<NumberFormat ss:Format="0%"/></Style></Styles><Worksheet ss:Name="台账">'
        f"<Table>{''.join(rows)}</Table></Worksheet></Workbook>"
    ).encode()


def _xml_row(*cells: str, at: int = 0) -> str:
    index = f' ss:Index="{at}"' if at else ""
    return f"<Row{index}>{''.join(cells)}</Row>"


def _xml(text: str, kind: str = "String", more: str = "") -> str:
    style = ' ss:StyleID="p"' if more else ""
    return f'<Cell {more}{style}><Data ss:Type="{kind}">{text}</Data></Cell>'


def pages_of_heads() -> bytes:
    """A tab-separated text in UTF-16, as Excel saves it: heads on each page, a second table."""
    rows = (
        "2026年民生实事\t\t\t\t",
        "序号\t实事项目\t责任单位\t完成时限\t进展",
        "1\t2\t3\t4\t5",
        "1\t建设口袋公园\t市住建局\t10月底前\t",
        "2\t增加学位\t市教育局\t8月31日\t",
        "2026年民生实事\t\t\t\t",
        "序号\t实事项目\t责任单位\t完成时限\t进展",
        "3\t改造厕所\t市卫健委\t\t",
        "\t\t\t\t",
        "序号\t联络员\t电话\t单位\t备注",
        "1\t赵六\t83120000\t市教育局\t",
    )
    return "\r\n".join(rows).encode("utf-16")


def several_sheets() -> bytes:
    """An .xlsx of 1904 with several sheets: formulas without results, an error, progress merged."""
    book = Workbook()
    book.epoch = MAC_EPOCH
    sheet = book.active
    sheet.title = "2026年上半年"
    for row in (
        ["序号", "任务", "牵头单位", "完成时间", "完成日期", "进展", "问题"],
        [1, "起草规划", "市发改委", date(2026, 6, 30), "2026-06-01", "已完成", None],
        [2, "征求意见", "=C2", 44741, None, None, "#REF!"],
        [3, None, "市发改委", "2026年12月31日", None, "无", "无"],
    ):
        sheet.append(row)
    sheet["G3"].data_type = "e"
    sheet.merge_cells("F2:F3")
    hidden = book.create_sheet("旧")
    hidden.append(["序号", "任务", "牵头单位"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空")
    return _saved(book)


def ods(tables: str) -> bytes:
    """Return an OpenDocument spreadsheet with these tables."""
    names = ("office", "table", "text", "style")
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def _ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods(text: str, value: str = "", *, across: int = 1, down: int = 1, note: str = "") -> str:
    spans = f'table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
    comment = f"<office:annotation><text:p>{note}</text:p></office:annotation>" if note else ""
    return f"<table:table-cell {spans} {value}>{comment}<text:p>{text}</text:p></table:table-cell>"


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


TRACKERS = {
    "supervision.xlsx": supervision,
    "task-table.xls": breakdown,
    "projects.ods": projects,
    "meeting.csv": meeting,
    "hong-kong.csv": hong_kong,
    "actions.csv": actions,
    "oa-export.xls": web_page,
    "oa-2003.xls": xml_of_2003,
    "livelihood.tsv": pages_of_heads,
    "half-year.xlsx": several_sheets,
}
