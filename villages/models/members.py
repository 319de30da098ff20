"""Party members: facts about people, not about their part in an election."""

from django.db import models
from django.db.models import F, Q

from .. import enums
from ..querysets import PartyMemberQuerySet
from .places import Village


class PartyMember(models.Model):
    """党员: facts about a person. What the person does in an election lives in `candidates`."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="members")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=6, choices=enums.Sex.choices)
    born_on = models.DateField("出生日期")
    joined_on = models.DateField("入党日期")
    status = models.CharField(
        "党员类别",
        max_length=20,
        choices=enums.MemberStatus.choices,
        default=enums.MemberStatus.FULL,
    )
    education = models.CharField("学历", max_length=10, choices=enums.Education.choices)
    origin = models.CharField("主要来源", max_length=20, choices=enums.Origin.choices, blank=True)
    is_women_director = models.BooleanField("妇代会主任", default=False)
    heads_village_committee = models.BooleanField("村（居）委会主任", default=False)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    left_on = models.DateField("转出日期", null=True)

    objects = PartyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "党员"
        constraints = [
            models.CheckConstraint(
                condition=Q(joined_on__gt=F("born_on")), name="member_joined_after_birth"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="member_left_after_joining",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "name"],
                condition=Q(left_on__isnull=True),
                name="member_current_by_village",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PostHeld(models.Model):
    """A post a member holds or held in the village's party organisation."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="posts")
    post = models.CharField("职务", max_length=10, choices=enums.Post.choices)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("离任日期", null=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="post_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["member", "post"],
                condition=Q(ended_on__isnull=True),
                name="post_held_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_post_display()}"
