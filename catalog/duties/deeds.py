"""The deeds of a duty's life, each declared once: who does it when, its form and its command.

All else about a deed follows from here: the right to it (`catalog.duties.refusal`), its form on the
duty's page, its command, and its body in the API. The function that does it lies in `tasks/deeds/`
under `@does(name)`; its words lie in `deeds.toml` of each language under its name and its `entry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.duties.declaration import Deed, Field
from catalog.duties.standing import ENDED, LIVE, NOT_OPEN, PAST, REVIEW, RUNNING, SUSPENDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.role_names import Role

INVITED: frozenset[Role] = frozenset({"performer", "lead", "participant", "guest"})
EVERYBODY: frozenset[Role] = INVITED | {"office", "reviewer"}
DOERS: frozenset[Role] = frozenset({"performer", "lead"})
PERFORMER: frozenset[Role] = frozenset({"performer"})
OFFICE: frozenset[Role] = frozenset({"office"})

# Facts about the present performer: another one signs anew, and is asked for progress anew.
OF_PERFORMER = ("acknowledged_on", "refused_on", "asked_on")

DECIDES = "doer-never-decides"  # the office takes no decision in a matter of its own

# The answers to an invitation; `delegated` comes by mail alone.
ANSWERS = ("accepted", "tentative", "declined")

TEXT, REASON = Field("text"), Field("reason")
REMARK = REASON._replace(required=False)
DAY, DOCUMENT = Field("to", "date"), Field("document", "text")

# The names are those of the history's rules and of the page's addresses, in the page's order
# (docs/rules.md, The life of a duty).
DEEDS: Mapping[str, Deed] = {
    "acknowledge": Deed(
        "acknowledged",
        who=PERFORMER,
        on=RUNNING,
        rules=("once-acknowledged", "not-refused"),
        command="acknowledge",
        help="Sign for a duty.",
    ),
    "progress": Deed(
        "progressed",
        who=DOERS,
        on=LIVE,
        fields=(TEXT,),
        drafted=True,
        speaks=True,
        relayed=True,
        command="progress",
        help="Report how far the work on a duty has come.",
    ),
    "plan-meeting": Deed(
        "meeting-planned",
        tells="know",
        who=DOERS,
        on=RUNNING,
        fields=(
            Field("day", "date"),
            Field("time", "time", required=False),
            Field("end", "time", required=False),
            Field("last_day", "date", required=False),
            Field("place", "text", required=False),
            Field("chair", "text", required=False),
            Field("participants", "agencies", required=False),
            Field("tentative", "flag", required=False),
            Field("note", required=False),
        ),
        rules=("only-a-meeting", "not-past", "within-period"),
        command="plan-meeting",
        help="Announce when and where a meeting or an event takes place, also anew.",
    ),
    "call-off-meeting": Deed(
        "meeting-called-off",
        tells="know",
        who=DOERS,
        on=RUNNING,
        fields=(REASON,),
        rules=("a-planned-meeting",),
        command="call-off-meeting",
        help="Call off a meeting or an event that is planned.",
    ),
    "answer-meeting": Deed(
        "meeting-answered",
        who=INVITED,
        on=LIVE,
        fields=(Field("answer", "choice", choices=ANSWERS), TEXT._replace(required=False)),
        rules=("a-planned-meeting",),
        command="answer-meeting",
        help="Say whether you come to a meeting: accepted, tentative or declined.",
    ),
    "deliver-item": Deed(
        "delivered",
        who=PERFORMER,
        on=RUNNING,
        fields=(
            Field("title", "text"),
            Field("held_on", "date", today=True),
            Field("place", "text", required=False),
        ),
        rules=("only-a-quota", "not-ahead", "within-period"),
        takes_files=True,
        drafted=True,
        speaks=True,
        relayed=True,
        command="deliver-item",
        help="Record one item of a quota.",
    ),
    "report-reading": Deed(
        "measured",
        who=PERFORMER,
        on=LIVE | ENDED,
        fields=(Field("value", "figure"), Field("source", "text")),
        drafted=True,
        speaks=True,
    ),
    "file": Deed(
        "filed",
        tells="decide",
        who=PERFORMER,
        on=RUNNING,
        fields=(
            Field("summary"),
            Field("held_on", "date", today=True, of="meeting"),
            Field("done_on", "date", required=False, of="work"),
        ),
        rules=("not-refused", "day-of-a-meeting", "not-ahead", "within-period"),
        takes_files=True,
        drafted=True,
        speaks=True,
        relayed=True,
        command="file",
        help="File that a duty is done, with its evidence.",
    ),
    "urge": Deed(
        "urged",
        tells="act",
        who=OFFICE,
        on=RUNNING,
        fields=(TEXT._replace(required=False),),
        rules=("not-refused", "once-urged", DECIDES),
        command="urge",
        help="Urge those who do a duty, by hand.",
    ),
    "accept": Deed(
        "accepted",
        tells="decide",
        who=frozenset({"lead"}),
        on=REVIEW,
        rules=("lead-of-another", "not-own-work", "once-accepted"),
        command="accept",
        help="Accept a filing, as the lead.",
    ),
    "close": Deed(
        "closed",
        tells="know",
        who=OFFICE,
        on=REVIEW,
        rules=("lead-accepts-first", "doer-never-closes"),
        command="close",
        help="Take a duty off the list, as the office.",
    ),
    "return": Deed(
        "returned",
        tells="act",
        who=frozenset({"lead", "office"}),
        on=REVIEW,
        fields=(REASON,),
        rules=("not-own-work",),
        command="return",
        help="Return a filing.",
    ),
    "grant-extension": Deed(
        "extension-granted",
        tells="act",
        who=OFFICE,
        on=RUNNING | REVIEW,
        fields=(DAY._replace(required=False), DOCUMENT._replace(required=False), REMARK),
        rules=("a-request", "later-date", "past-the-plan", "cited-document", DECIDES),
        command="extend --grant",
    ),
    "refuse-extension": Deed(
        "extension-refused",
        tells="act",
        who=OFFICE,
        on=RUNNING | REVIEW,
        fields=(REASON,),
        rules=("a-request", DECIDES),
        command="extend --refuse",
    ),
    "resume": Deed(
        "resumed",
        tells="act",
        who=OFFICE,
        on=SUSPENDED,
        fields=(DOCUMENT._replace(required=False), REMARK),
        rules=(DECIDES,),
        command="resume",
        help="Let the clock of a duty go on.",
    ),
    "ask-extension": Deed(
        "extension-asked",
        tells="decide",
        who=DOERS,
        on=RUNNING,
        fields=(DAY, REASON),
        rules=("one-request", "later-date"),
        drafted=True,
        command="extend",
        help="Ask for a later due date, grant or refuse it.",
    ),
    "raise-problem": Deed(
        "problem-raised",
        who=frozenset({"performer", "lead", "participant"}),
        on=LIVE,
        fields=(TEXT,),
        drafted=True,
        relayed=True,
        command="problem",
        help="Bring a problem to the office, or answer one.",
    ),
    "answer-problem": Deed(
        "problem-answered",
        tells="know",
        who=OFFICE,
        on=LIVE | ENDED,
        fields=(Field("number", "hidden"), TEXT),
        command="problem --answer",
    ),
    "comment": Deed(
        "commented",
        who=EVERYBODY,
        on=NOT_OPEN | LIVE | ENDED,
        fields=(TEXT,),
        command="comment",
        help="Say something about a duty.",
    ),
    "refuse": Deed(
        "refused",
        tells="decide",
        who=PERFORMER,
        on=RUNNING,
        fields=(REASON,),
        rules=("once-refused",),
        command="refuse",
        help="Send a duty back: it has come to the wrong agency.",
    ),
    "reassign": Deed(
        "reassigned",
        tells="act",
        who=OFFICE,
        on=NOT_OPEN | RUNNING | SUSPENDED,
        fields=(Field("to", "agency"), REASON, DOCUMENT._replace(required=False)),
        rules=(DECIDES,),
        command="reassign",
        help="Give a duty to another performer.",
    ),
    "suspend": Deed(
        "suspended",
        tells="know",
        who=OFFICE,
        on=RUNNING | REVIEW,
        fields=(REASON,),
        rules=(DECIDES,),
        command="suspend",
        help="Stop the clock of a duty.",
    ),
    "waive": Deed(
        "waived",
        tells="know",
        who=OFFICE,
        on=NOT_OPEN | LIVE,
        fields=(DOCUMENT, REASON),
        rules=(DECIDES,),
        command="waive",
        help="Excuse from a duty by a document.",
    ),
    "close-not-done": Deed(
        "closed-not-done",
        tells="know",
        who=OFFICE,
        on=LIVE,
        fields=(REASON,),
        rules=("doer-never-closes",),
        command="close --not-done",
    ),
    "correct-order": Deed(
        "order-corrected",
        tells="know",
        who=OFFICE,
        on=NOT_OPEN | RUNNING | SUSPENDED,
        fields=(
            REASON,
            Field("title", "text", required=False),
            Field("due_on", "date", required=False),
            Field("source", "text", required=False),
            DOCUMENT._replace(required=False),
            Field("dated_on", "date", required=False),
            Field("participants", "agencies", required=False),
        ),
        rules=("beside-the-plan", DECIDES),
        command="correct-order",
        help="Correct what was assigned beside the plan; what is left out stays as it is.",
    ),
    # Of duties that were due before the ledger started; `duban past settle` is their command.
    "settle-done": Deed(
        "settled",
        who=OFFICE,
        on=PAST,
        fields=(Field("done_on", "date"), DOCUMENT),
        rules=("doer-never-closes", "not-ahead", "within-period"),
        takes_files=True,
    ),
    "settle-not-done": Deed(
        "settled-not-done",
        who=OFFICE,
        on=PAST,
        fields=(REASON,),
        rules=("doer-never-closes",),
    ),
    "take-up": Deed("taken-up", tells="act", who=OFFICE, on=PAST, rules=(DECIDES,)),
    "release-slip": Deed("released", who=OFFICE, on=RUNNING, rules=(DECIDES,), page=False),
    "withdraw-slip": Deed(
        "withdrawn",
        who=OFFICE,
        on=LIVE,
        fields=(REASON,),
        rules=(DECIDES,),
        page=False,
    ),
}

# The entries that are a word on the work: those of deeds that speak, and an announced next step.
WORDS: frozenset[str] = frozenset({"planned", *(d.entry for d in DEEDS.values() if d.speaks)})
