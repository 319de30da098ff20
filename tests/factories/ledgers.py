"""A right row for every ledger. All of it is invented."""

from datetime import date, timedelta

from groundwork.ledgers import LEDGERS


def sample(code: str, number: int, day: date) -> dict:
    """The values of row `number` of a ledger; nothing in it lies after `day`. Numbers give different keys."""
    week = timedelta(days=7)
    dates = {"started_on": day - week, "ended_on": None}
    rows = {
        "groups": {"kind": "guidance", "name": f"示范指导组{number}", "lead_unit": "示范组织部", "leader": "示范甲",
                   "members": "示范乙、示范丙", "scope": "示范片区", "duties": "示范职责",
                   "formed_on": day - week, "ended_on": None},
        "leader_links": {"name": f"示范领导{number}", "post": "示范县委常委", "phone": "", **dates},
        "village_cadres": {"kind": "village", "name": f"示范干部{number}", "post": "示范局科长", "phone": "", **dates},
        "meetings": {"kind": "training", "held_on": day - week, "subject": f"示范培训{number}", "present": 40 + number,
                     "venue": "示范会议室", "host": "示范甲", "minutes": ""},
        "decisions": {"decided_on": day - week, "meeting": "示范调度会", "matter": f"示范事项{number}",
                      "responsible": "示范乡镇", "due_on": day - timedelta(days=1), "done_on": None, "outcome": ""},
        "difficult": {"kind": ("hard", "key", "lagging")[number % 3], "grounds": f"示范理由{number}",
                      "designated_on": day - week, "lifted_on": None},
        "plans": {name: f"示范{name}{number}" for name in LEDGERS["plans"].fields} | {"made_on": day},
        "guidance": {"title": f"示范文件{number}", "number": "示范〔1〕号", "issuer": "示范组织部", "issued_on": day,
                     "summary": "示范要点"},
        "schedules": {"signer": f"示范书记{number}", "signed_on": day - week, "confirmer": "", "confirmed_on": None},
        "disputes": {"category": "land", "found_on": day - week, "summary": f"示范矛盾{number}", "source": "走访",
                     "people": "示范甲、示范乙", "responsible": "示范镇", "due_on": day - timedelta(days=1),
                     "status": "open", "closed_on": None, "measures": "", "file_number": f"示范卷{number}"},
        "adjustments": {"way": "returned", "name": f"示范书记{number}", "origin": "示范公司经理", "replaced": "",
                        "adjusted_on": day, "reason": "示范原因"},
        "rectifications": {"designated_on": day - timedelta(days=10 + number), "signs": "示范表现", "measures": "示范措施",
                           "responsible": "示范甲", "due_on": day - timedelta(days=1), "converted_on": None},
        "audits": {"subject": f"示范书记{number}", "post": "党支部书记", "term_from": date(2021, 1, 1), "term_to": None,
                   "auditor": "示范审计组", "report_number": f"示范审〔1〕{number}号", "reported_on": day,
                   "findings": "示范发现", "amount": 12345, "put_right": "已整改", "published_on": None},
        "publicity": {"kind": "comic", "title": f"示范漫画{number}", "copies": 200, "places": "示范公开栏",
                      "issued_on": day},
    }  # fmt: skip
    return rows[code]


def add(code: str, place, number: int = 0, *, day: date, **changes):
    """A stored row of a ledger at a place, without the service; `place` a village's election or a unit with its
    `campaign` among the changes."""
    ledger = LEDGERS[code]
    where = {"election": place} if ledger.is_of_villages else {"area": place}
    return ledger.model.objects.create(**where | sample(code, number, day) | changes)
