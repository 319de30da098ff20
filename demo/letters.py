"""Invented complaints in every state, some about a township's own leader, one matter of two letters."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from complaints.enums import Accused, Step
from complaints.models import Complaint
from complaints.services import handling
from complaints.services.complaints import settle_complaint
from complaints.services.intake import About, Reporter, receive_complaint
from elections.models import Campaign, VillageElection

from .plan import moment

#: A campaign that has run for fewer days shows none.
DAYS = 20


@dataclass
class Letters:
    campaign: Campaign
    users: dict[str, User]
    today: date

    def run(self) -> None:
        if (self.today - self.campaign.starts_on).days < DAYS:
            return
        self.elections = list(
            VillageElection.objects.filter(campaign=self.campaign)
            .select_related("village__township", "campaign__area")
            .order_by("village__code")
        )
        self.settled()
        self.in_hand()
        self.about_a_leader()
        self.receive(7, 3, "letter", "history", "示范：反映多年前的宅基地纠纷。")

    def receive(self, number: int, ago: int, channel: str, cause: str, words: str, **more):
        at = moment(self.today - timedelta(days=ago), 9)
        by = self.users["jijian"]
        more.setdefault("about", About(election=self.elections[number % len(self.elections)]))
        return receive_complaint(
            campaign=self.campaign,
            channel=channel,
            cause=cause,
            summary=words,
            received_at=at,
            by=by,
            at=at,
            **more,
        )

    def acting(
        self, complaint: Complaint, *, ago: int, hour: int = 10, who: str = "jijian"
    ) -> dict:
        at = moment(self.today - timedelta(days=ago), hour)
        return {"complaint": complaint, "by": self.users[who], "at": at}

    def firsts(self, complaint: Complaint, *, ago: int) -> None:
        for hour, step in enumerate((Step.REPORTED, Step.INVESTIGATED, Step.INFORMED), start=11):
            acting = self.acting(complaint, ago=ago, hour=hour)
            handling.mark_first(step=step, note="", done_at=acting["at"], **acting)

    def settled(self) -> None:
        """A letter and its repetition, both answered."""
        first = self.receive(1, 18, "letter", "clan", "示范：反映推荐会上宗族拉票。")
        again = self.receive(
            1, 16, "call", "clan", "示范：再次反映宗族拉票。", joins=first.matter, people=6
        )
        for complaint in (first, again):
            handler = self.users["jijian"]
            handling.accept_complaint(handler=handler, **self.acting(complaint, ago=16))
            self.firsts(complaint, ago=16)
            settle_complaint(
                conclusion="false",
                handling="示范：走访核实，未发现拉票。",
                reply="经核实，未发现您反映的情况。",
                **self.acting(complaint, ago=8),
            )

    def in_hand(self) -> None:
        """Accepted, passed on, with an extension that waits for a second person."""
        complaint = self.receive(
            4,
            12,
            "visit",
            "finance",
            "示范：反映集体账目不公开。",
            is_named=True,
            reporter=Reporter("示范来访人", "00000000000"),
        )
        handler = self.users["jijian"]
        handling.accept_complaint(handler=handler, **self.acting(complaint, ago=12))
        self.firsts(complaint, ago=11)
        handling.transfer_complaint(
            unit="县农业农村局（示范）",
            request="示范：请核查该村近三年账目公开情况。",
            answer_by=self.today + timedelta(days=5),
            **self.acting(complaint, ago=10),
        )
        handling.ask_extension(days=10, reason="示范：账目较多", **self.acting(complaint, ago=1))

    def about_a_leader(self) -> None:
        """About a township's leader: the county handles it, the township's discipline staff see nothing."""
        election = self.elections[0]
        about = About(
            election=election, accused=Accused.LEADER, accused_unit=election.village.township
        )
        self.receive(0, 5, "call", "pressure", "示范：反映乡镇干部打招呼。", about=about)
