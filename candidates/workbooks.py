"""The workbook in which a department answers about the people of one task: written with their names, read back whole."""

from pathlib import Path

from accounts.problems import Problem
from elections.rules import MANUAL
from workbooks import reading
from workbooks.declarations import Column, Kind, Type
from workbooks.text import plain

from . import selectors
from .enums import ANSWERS, AskState
from .models import NegativeRule, ReviewAsk, ReviewTask
from .services.opinions import Answer

ANSWER_SHEET = Kind(
    code="review_answers",
    title="联审答复",
    sheet="联审答复",
    key=("person",),
    help="每行一人。意见空着的不答复，仍是“待答复”；有异议的填负面清单的编号和理由，需补充的写补充什么。",
    columns=(
        Column("person", "编号", Type.WHOLE, required=True, help="系统给出的编号，请不要改动。"),
        Column("township", "乡镇"),
        Column("village", "村（社区）"),
        Column("name", "姓名", required=True, max_length=50),
        Column("sex", "性别"),
        Column("born", "出生年月"),
        Column("identity", "身份证号（末4位）"),
        Column("answer", "意见", Type.CHOICE, choices=tuple((s.value, s.label) for s in ANSWERS)),
        Column("rule", "条目编号", synonyms=("条目", "负面清单编号")),
        Column("reason", "理由", max_length=500, synonyms=("理由或补充内容",)),
    ),
)


def answer_rows(task: ReviewTask, *, by) -> list[dict]:
    """The people of a task that can still be answered about, with the answers given so far (two queries)."""
    asks = selectors.asks_of(task, by).exclude(state=AskState.VOID)
    last = selectors.last_opinions(list(asks))
    return [_row(ask, last.get(ask.pk)) for ask in asks]


def _row(ask: ReviewAsk, opinion) -> dict:
    person = ask.candidacy
    return {
        "person": person.pk,
        "township": person.election.township.name,
        "village": person.election.village.name,
        "name": person.member.name,
        "sex": person.member.get_sex_display(),
        "born": f"{person.member.born_on:%Y-%m}",
        "identity": person.member.identity_masked,
        "answer": opinion.answer if opinion else None,
        "rule": opinion.rule.code if opinion and opinion.rule else "",
        "reason": opinion.reason if opinion else "",
    }


def read_answers(path: Path, task: ReviewTask, *, by) -> tuple[dict[int, Answer], list[Problem]]:
    """What a filled-in workbook answers: candidacy → answer, without those that stand already; every problem with its
    place. Raises reading.FileRefused."""
    sheet = reading.read(path, ANSWER_SHEET)
    known = {row["person"]: row for row in answer_rows(task, by=by)}
    listed = NegativeRule.objects.filter(campaign=task.batch.campaign_id).current()
    codes = {plain(rule.code): rule.pk for rule in listed}
    answers: dict[int, Answer] = {}
    seen: dict[int, int] = {}

    def wrong(row, name: str, message: str) -> None:
        sheet.problems.append(sheet.problem(row.number, name, message))

    for row in sheet.rows:
        values = row.values
        stored = known.get(values["person"])
        if stored is None:
            wrong(row, "person", "不在本任务中，或已不需要答复：请删去这一行，或重新下载答复表。")
        elif stored["name"] != values["name"]:
            wrong(row, "name", f"编号对应的是{stored['name']}：请不要改动编号和姓名。")
        elif values["person"] in seen:
            wrong(row, "person", f"与第{seen[values['person']]}行是同一个人：请只留一行。")
        elif not values["answer"]:
            continue
        else:
            seen[values["person"]] = row.number
            rule, reason = values["rule"] or "", (values["reason"] or "").strip()
            objects = values["answer"] == AskState.OBJECTION
            if values["answer"] == AskState.CLEAR:
                reason = ""  # not kept with 无异议: the same workbook again must change nothing
            if objects and codes and plain(rule) not in codes:
                wrong(row, "rule", "有异议的，请填负面清单中的编号。")
            elif values["answer"] != AskState.CLEAR and not reason:
                wrong(row, "reason", "有异议、需补充的，请写明理由或补充什么。")
            elif (values["answer"], rule if objects else "", reason) != (
                stored["answer"],
                stored["rule"],
                stored["reason"],
            ):
                state = AskState(values["answer"])
                answers[values["person"]] = Answer(state, codes.get(plain(rule)), reason)
    problems = [Problem("cell", str(p), MANUAL) for p in sheet.problems]
    return ({} if problems else answers), problems
