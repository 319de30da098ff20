"""The ledgers of the demonstration: brought in by workbook rows, as a county's office does, in one go per ledger."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from accounts.models import User
from elections.models import Campaign, VillageElection
from groundwork.ledgers import LEDGERS
from groundwork.models import ContingencyPlan
from groundwork.services.ledger_import import import_rows
from villages.models import Jurisdiction
from workbooks.plans import Row

from . import plan

#: One village in so many is of a kind; the red ones of the play are the hard ones.
KEY_EVERY, LAGGING_EVERY, ADJUSTED_EVERY = 37, 53, 41


@dataclass
class Keeper:
    """Fills the ledgers of one campaign as they stand on `today`."""

    campaign: Campaign
    townships: list[Jurisdiction]
    elections: list[VillageElection]
    red: set[int]  # places of the red villages in `elections`
    staff: User
    today: date
    seed: int

    def run(self) -> None:
        for code, rows in (
            ("groups", self.groups()),
            ("leader_links", self.leader_links()),
            ("village_cadres", self.cadres()),
            ("meetings", self.meetings()),
            ("decisions", self.decisions()),
            ("difficult", self.difficult()),
            ("plans", self.plans()),
            ("adjustments", self.adjustments()),
            ("rectifications", self.rectifications()),
            ("publicity", self.publicity()),
            ("guidance", self.guidance()),
            ("schedules", self.schedules()),
        ):
            self.bring_in(code, rows)

    def bring_in(self, code: str, rows: list[dict]) -> None:
        """Rows that have happened by today; a row's first day decides."""
        ledger = LEDGERS[code]
        known = [r for r in rows if all(r[d] <= self.today for d in ledger.past if r.get(d))]
        if known:
            import_rows(
                ledger,
                [Row(n, row) for n, row in enumerate(known, start=2)],
                campaign=self.campaign,
                area=self.campaign.area,
                by=self.staff,
                at=plan.moment(self.today, 9),
            )

    def day(self, number: int) -> date:
        return self.campaign.starts_on + timedelta(days=number)

    @property
    def county(self) -> str:
        return self.campaign.area.name

    def groups(self) -> list[dict]:
        names = (
            ("leading", "领导小组", 1, "县委"),
            ("research", "调研组", 4, "县委组织部"),
            ("guidance", "指导组", 4, "县委组织部"),
            ("supervision", "监督组", 2, "县纪委监委"),
            ("publicity", "宣传组", 1, "县委宣传部"),
        )
        rows = [
            self._group(self.county, kind, f"{label}{n or ''}", unit)
            for kind, label, number, unit in names
            for n in range(1, number + 1)
        ]
        rows += [
            self._group(t.name, "leading", "领导小组", f"{t.name}党委") for t in self.townships
        ]
        return rows

    def _group(self, area: str, kind: str, name: str, unit: str) -> dict:
        return {
            "area": area,
            "kind": kind,
            "name": f"换届工作{name}（示范）",
            "lead_unit": f"{unit}（示范）",
            "leader": "示范组长",
            "members": "示范成员甲、示范成员乙",
            "scope": area,
            "duties": "示范：按分工负责本区域换届工作",
            "formed_on": self.day(0),
        }

    def leader_links(self) -> list[dict]:
        return [
            {
                "area": t.name,
                "name": f"示范县领导{n}",
                "post": "县委、县政府班子成员（示范）",
                "started_on": self.day(0),
            }
            for n, t in enumerate(self.townships, start=1)
        ]

    def cadres(self) -> list[dict]:
        rows = []
        for number, election in enumerate(self.elections):
            place = {"village_code": election.village.code, "started_on": self.day(1)}
            if number % 60 != 59:  # a few villages still have nobody
                rows.append(
                    place
                    | {
                        "kind": "village",
                        "name": f"示范包村干部{number + 1}",
                        "post": "乡镇干部（示范）",
                    }
                )
            if self.kinds(number):
                rows.append(
                    place
                    | {
                        "kind": "stationed",
                        "name": f"示范驻村督导{number + 1}",
                        "post": "县直机关（示范）",
                    }
                )
        return rows  # fmt: skip

    def kinds(self, number: int) -> list[str]:
        found = ["hard"] if number in self.red else []
        if number % KEY_EVERY == 3:
            found.append("key")
        if number % LAGGING_EVERY == 9:
            found.append("lagging")
        return found

    def meetings(self) -> list[dict]:
        def meeting(area: str, kind: str, number: int, subject: str, present: int) -> dict:
            return {
                "area": area,
                "kind": kind,
                "held_on": self.day(number),
                "subject": f"{subject}（示范）",
                "present": present,
                "host": "示范主持人",
                "venue": "示范会议室",
            }

        random = Random(f"{self.seed}-meetings")
        rows = [
            meeting(self.county, "mobilisation", 1, "全县换届工作动员会", 320),
            meeting(self.county, "training", 3, "换届业务培训班", 260),
            meeting(self.county, "study", 4, "换届纪律学习会", 120),
        ]
        rows += [
            meeting(self.county, "dispatch", n, f"第{n // 7}次工作调度会", 60)
            for n in range(7, 61, 7)
        ]
        for t in self.townships:
            rows.append(meeting(t.name, "mobilisation", 3, "乡镇动员会", random.randint(60, 140)))
            rows.append(meeting(t.name, "training", 5, "乡镇业务培训", random.randint(40, 90)))
        return rows

    def decisions(self) -> list[dict]:
        matters = ("复核党员名册", "排查化解隐患矛盾", "印发操作手册", "落实包村干部")
        rows = []
        for number, matter in enumerate(matters):
            done = self.day(10 + number)
            row = {
                "area": self.county,
                "decided_on": self.day(7),
                "meeting": "第1次工作调度会（示范）",
                "matter": f"{matter}（示范）",
                "responsible": "各乡镇党委（示范）",
                "due_on": self.day(12 + number),
            }
            if number < 3 and done <= self.today:
                row |= {"done_on": done, "outcome": "已办结（示范）"}
            rows.append(row)
        return rows

    def difficult(self) -> list[dict]:
        return [
            {
                "village_code": election.village.code,
                "kind": kind,
                "grounds": "示范：历史矛盾较多，需要重点关注",
                "designated_on": self.day(2),
            }
            for number, election in enumerate(self.elections)
            for kind in self.kinds(number)
        ]

    def plans(self) -> list[dict]:
        """Of the villages designated that have none yet; the red ones not yet cleared are still to write theirs."""
        have = set(ContingencyPlan.objects.live().values_list("election_id", flat=True))
        ledger = LEDGERS["plans"]
        return [
            {"village_code": election.village.code}
            | {name: f"示范{ledger.labels[name]}" for name in ledger.fields}
            | {"made_on": self.day(5)}
            for number, election in enumerate(self.elections)
            if self.kinds(number) and number not in self.red and election.pk not in have
        ]

    def adjustments(self) -> list[dict]:
        ways = ("posted", "concurrent", "returned")
        return [
            {
                "village_code": election.village.code,
                "way": ways[number // ADJUSTED_EVERY % len(ways)],
                "name": f"示范新任书记{number + 1}",
                "origin": "示范单位",
                "adjusted_on": self.day(6),
                "reason": "示范：工作需要",
            }
            for number, election in enumerate(self.elections)
            if number % ADJUSTED_EVERY == 17
        ]

    def rectifications(self) -> list[dict]:
        rows = []
        for number, election in enumerate(self.elections):
            if "lagging" in self.kinds(number):
                converted = self.day(14)
                row = {
                    "village_code": election.village.code,
                    "signs": "示范：组织生活不正常",
                    "measures": "示范：派驻指导、补齐制度",
                    "responsible": "示范责任人",
                    "designated_on": self.day(2),
                    "due_on": self.day(20),
                }
                rows.append(row | ({"converted_on": converted} if converted <= self.today else {}))
        return rows

    def publicity(self) -> list[dict]:
        items = (
            ("manual", "换届工作操作手册", 500),
            ("notice", "关于严肃换届纪律的通告", 1200),
            ("comic", "换届纪律漫画", 3000),
            ("film", "换届宣教片", 20),
            ("slogan", "换届纪律标语", 480),
        )
        return [
            {
                "area": self.county,
                "kind": kind,
                "title": f"{title}（示范）",
                "copies": copies,
                "places": "各乡镇、村公开栏和会场",
                "issued_on": self.day(4 + n),
            }
            for n, (kind, title, copies) in enumerate(items)
        ]

    def guidance(self) -> list[dict]:
        titles = ("换届工作实施方案", "换届选举操作规程", "严肃换届纪律的通知")
        return [
            {
                "area": self.county,
                "title": f"{title}（示范）",
                "number": f"示范组〔{self.campaign.starts_on.year}〕{n}号",
                "issuer": "县委组织部（示范）",
                "issued_on": self.day(n),
                "summary": "示范要点",
            }
            for n, title in enumerate(titles, start=1)
        ]

    def schedules(self) -> list[dict]:
        """All but every fourth are confirmed by their township."""
        return [
            {
                "village_code": election.village.code,
                "signer": f"示范书记{number + 1}",
                "signed_on": self.day(5),
            }
            | ({"confirmer": "示范乡镇书记", "confirmed_on": self.day(6)} if number % 4 else {})
            for number, election in enumerate(self.elections)
        ]
