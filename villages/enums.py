"""Codes about places, party organisations and their members."""

from django.db import models


class Level(models.TextChoices):
    NATION = "nation", "全国"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"


class VillageKind(models.TextChoices):
    VILLAGE = "village", "行政村"
    COMMUNITY = "community", "社区"


class OrganisationKind(models.TextChoices):
    BRANCH = "branch", "党支部"
    GENERAL_BRANCH = "general_branch", "党总支"
    COMMITTEE = "committee", "党委"
    JOINT_BRANCH = "joint_branch", "联合党支部"


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class MemberStatus(models.TextChoices):
    """A member's standing on a day. What is stored is one of BASE_STATUSES; the others follow from restrictions."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"
    UNDER_PROBATION = "under_probation", "留党察看"
    SUSPENDED = "suspended", "中止党员权利"


#: What a member is without a restriction.
BASE_STATUSES = (MemberStatus.FULL, MemberStatus.PROBATIONARY)


class RestrictionKind(models.TextChoices):
    """What takes away the right to vote for a time. The codes are those of the standing it gives."""

    UNDER_PROBATION = "under_probation", "留党察看"
    SUSPENDED = "suspended", "中止党员权利"


class Education(models.TextChoices):
    PRIMARY = "primary", "小学及以下"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中（中专）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科及以上"


class Origin(models.TextChoices):
    """Where a secretary comes from: the six origins of the closing report, and none of them."""

    PROSPERITY = "prosperity", "致富带富能手"
    GRADUATE = "graduate", "大学生村官"
    COOPERATIVE = "cooperative", "专业合作组织负责人"
    VETERAN = "veteran", "优秀复转军人"
    RETURNEE = "returnee", "返乡创业人员"
    OFFICIAL = "official", "机关事业单位党员干部"
    OTHER = "other", "其他"


class Post(models.TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    MEMBER = "member", "委员"
